"""From text to pieces that are compared: English words without endings, numbers, single Chinese characters; cells many at a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from analyst.words.tokens import stem

LATIN = range(0xC0, 0x250)
POINT, COMMA = "\x01", "\x02"
"""Stand for what is inside a number while all other punctuation goes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a number or a Chinese character of a question, and where it stands."""

    key: str
    """What it is compared by: in lower case, without accents and plural."""
    text: str
    start: int
    end: int
    chinese: bool

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


def _base(character: str) -> str:
    """A letter without its accent."""
    plain = unicodedata.normalize("NFD", character)[0]
    return plain if plain.isascii() else character


def _table() -> dict[int, str]:
    """What each character counts as; punctuation is white space, and everything stays one character."""
    table = {code: " " for code in range(0x80) if not chr(code).isalnum() and chr(code) not in f"+#\n{POINT}{COMMA}"}
    table |= {code: _base(chr(code)) for code in LATIN} | {0xDF: "s", 0xD7: "x", 0xF7: " "}
    table |= {code: chr(code - 0xFEE0) if chr(code - 0xFEE0).isalnum() else " " for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys([*range(128, 192), *range(8192, 8304), *range(12288, 12352), 65072, 65103], " ")
    return table | {0xB5: "u", 0xBA: "o", 0xAA: "a", ord(POINT): "."}


TABLE = _table()
IN_NUMBER = re.compile(r"(?<=\d)\.(?=\d)")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
OWNER = re.compile(r"['’]s(?![A-Za-z])")
LOOSE_SIGN = re.compile(r"(?<![A-Za-z+])[#+]+(?!\+)|(?<![A-Za-z])[#+]+")


def normal(text: str) -> str:
    """The text in lower case, with plain letters, and white space for punctuation; every character keeps its place."""
    text = OWNER.sub("  ", THOUSANDS.sub(COMMA, IN_NUMBER.sub(POINT, text)))
    if "#" in text or "+" in text:
        text = LOOSE_SIGN.sub(lambda found: " " * len(found[0]), text)
    text = text.translate(TABLE)
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


CJK = "㐀-鿿豈-﫿"
PIECE = re.compile(rf"[{CJK}]|[^\s{CJK}]+")
BORDER = re.compile(rf"(?<=[{CJK}])(?=[^\s{CJK}])|(?<=[^\s{CJK}])(?=[{CJK}])")


def pieces(text: str) -> list[Piece]:
    """The pieces of a question, in order."""
    return [_piece(found, text) for found in PIECE.finditer(normal(text))]


def _piece(found: re.Match[str], text: str) -> Piece:
    written = found[0].replace(COMMA, "")
    return Piece(key_of(written), text[found.start() : found.end()], found.start(), found.end(), is_chinese(written))


def is_chinese(text: str) -> bool:
    """Whether a text begins with a Chinese character."""
    return "㐀" <= text[0] <= "鿿" or "豈" <= text[0] <= "\ufaff"


@lru_cache(maxsize=200_000)
def key_of(word: str) -> str:
    """What a word in lower case is compared by."""
    if not word.isascii() or word[-1].isdigit():
        return word
    key = stem(word)
    return f"{key[:-2]}y" if len(key) > 4 and key.endswith("ie") else key  # goalie, as goalies have it


def words_of(text: str) -> list[str]:
    """The words of a name, each in lower case; Chinese characters that follow one another are one word."""
    return words_of_cells([text])


END = "\x03"
"""Stands between the words of one cell and those of the next."""


def words_of_cells(texts: Sequence[str]) -> list[str]:
    """The words of many cells in a row, with END between one cell and the next."""
    blob = normal("\n".join([text.replace("\n", " ") if "\n" in text else text for text in texts])).replace(COMMA, "")
    if not blob.isascii():
        blob = BORDER.sub(" ", blob)
    return blob.replace("\n", f" {END} ").split()


LEFT_OUT = frozenset(("the", "and"))
"""Words that a name has or has not: The Beatles, Johnson & Johnson."""


def joined(keys: Sequence[str]) -> str:
    """What a whole cell, or a run of pieces, is compared by."""
    return "".join(key for key in keys if key not in LEFT_OUT) or "".join(keys)


DIGITS = {ord(digit): str(at) for at, digit in enumerate("〇一二三四五六七八九")} | {ord("零"): "0", ord("两"): "2"}


def counted(key: str) -> str:
    """A Chinese key with its numerals as digits, so that 科目二 and 科目2 are one; empty where it has none, or nothing else."""
    if key.isascii():
        return ""
    folded = key.translate(DIGITS)
    return folded if any(c.isdigit() and c.isascii() for c in folded) and not folded.isascii() else ""


@lru_cache(maxsize=1)
def function_words() -> frozenset[str]:
    """Words of the closed classes, which alone name no thing."""
    lines = (files("analyst.grounding") / "function_words.tsv").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
