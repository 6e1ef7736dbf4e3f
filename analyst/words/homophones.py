"""Whether two Chinese words sound alike, from the order of GB2312, whose common characters are sorted by their sound."""

from __future__ import annotations

from bisect import bisect

STARTS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
LETTERS = "ABCDEFGHJKLMNOPQRSTWXYZ"
BOUNDS = [start.encode("gb2312") for start in STARTS]
LAST = "座".encode("gb2312")
"""The first character of each initial letter, and the last that is sorted by sound."""


def initial(character: str) -> str:
    """The first letter of a common character's sound; empty for rare ones."""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    return LETTERS[bisect(BOUNDS, code) - 1] if BOUNDS[0] <= code <= LAST else ""


def sounds(text: str) -> str:
    """The initials of a word; empty where one is unknown."""
    letters = [initial(character) for character in text]
    return "".join(letters) if all(letters) else ""


def sounds_alike(left: str, right: str) -> bool:
    """Whether words of the same length share a third of their characters and the initials of the others."""
    if left == right or len(left) != len(right):
        return False
    same = sum(a == b for a, b in zip(left, right, strict=True))
    return same * 3 >= len(left) and all(a == b or (initial(a) and initial(a) == initial(b)) for a, b in zip(left, right, strict=True))
