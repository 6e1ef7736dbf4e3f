"""Words that stand for themselves: quoted ones, titles in brackets, single letters, names that no cell holds, moments."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from analyst.grounding.tokens import Piece, function_words
from analyst.mentions import TextHow, TextMention

QUOTED: tuple[tuple[TextHow, re.Pattern[str]], ...] = (
    ("quoted", re.compile(r"(?<![A-Za-z0-9])(?:\"([^\"]{1,120})\"|'([^']{1,120}?)'(?![A-Za-z])|`([^`]{1,120})[`'])")),
    (
        "quoted",
        re.compile(r"[“”]([^“”]{1,120})[“”]|[‘’]([^‘’]{1,120})[‘’](?![A-Za-z])|「([^」]{1,120})」|『([^』]{1,120})』|``([^`']{1,120})''"),
    ),
    ("title", re.compile(r"《([^》]{1,120})》|〈([^〉]{1,120})〉|【([^】]{1,120})】")),
    ("moment", re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?|(?<![\d:])\d{1,2}:\d\d(?::\d\d)?(?![\d:]))")),
)
MOST_WORDS = 6  # of a name


def texts(text: str, pieces: Sequence[Piece], told: Collection[int]) -> tuple[TextMention, ...]:
    """The texts of a question by place; `told` has the places of characters that whole cells account for."""
    found = [*_quoted(text), *_letters(pieces), *_names(text, pieces, told)]
    unique = {(mention.start, mention.end): mention for mention in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda mention: (mention.start, mention.end)))


def _quoted(text: str) -> Iterator[TextMention]:
    for how, pattern in QUOTED:
        for found in pattern.finditer(text):
            group = next(at for at, part in enumerate(found.groups(), 1) if part is not None)
            if found[group].strip():
                start = found.start(group) + len(found[group]) - len(found[group].lstrip())
                yield TextMention(start, start + len(found[group].strip()), found[group].strip(), how)


def _letters(pieces: Sequence[Piece]) -> Iterator[TextMention]:
    """Single letters, but for those that are words among English ones: the article and the person who asks."""
    for at, piece in enumerate(pieces):
        if len(piece.text) == 1 and piece.text.isascii() and piece.text.isalpha():
            beside = [other.chinese for other in (*pieces[max(0, at - 1) : at], *pieces[at + 1 : at + 2])]
            if any(beside) or (piece.text not in "aiIst" and (at or piece.text != "A")):
                yield TextMention(piece.start, piece.end, piece.text, "letter")


def _names(text: str, pieces: Sequence[Piece], told: Collection[int]) -> Iterator[TextMention]:
    """Runs of words with capitals that whole cells do not account for; the first word of a question has one anyway."""
    at = 1
    while at < len(pieces):
        end = at
        while end < len(pieces) and end - at < MOST_WORDS and _is_named(pieces[end], text, pieces[end - 1] if end > at else None):
            end += 1
        run = pieces[at:end]
        if run and not all(place in told for place in range(run[0].start, run[-1].end)):
            yield TextMention(run[0].start, run[-1].end, text[run[0].start : run[-1].end], "name")
        at = max(end, at + 1)


def _is_named(piece: Piece, text: str, before: Piece | None) -> bool:
    """Whether a word is written as names are, right behind the one before it."""
    joined = before is None or not text[before.end : piece.start].strip(" -'’.&")
    return joined and piece.capital and not piece.chinese and piece.key not in function_words() and len(piece.text) > 1
