"""Words with which a question leans on the one before, from words/followups.tsv."""

from __future__ import annotations

import re
from functools import lru_cache

from analyst.language import language_of
from analyst.models.builtin.exchange import PLEASANTRY, meant
from analyst.words.lexicon import Phrase, rows
from analyst.words.requests import request_phrase
from analyst.words.tokens import Word, words


@lru_cache(maxsize=1)
def phrases() -> dict[Phrase, tuple[str, ...]]:
    """Phrase -> the kinds of leaning it can mean."""
    found: dict[Phrase, tuple[str, ...]] = {}
    for kind, text in rows("followups.tsv"):
        for phrase in text.split("|"):
            key = request_phrase(phrase)
            found[key] = (*found.get(key, ()), kind)
    return found


@lru_cache(maxsize=1)
def leaning_words() -> frozenset[str]:
    """English stems in these phrases; they name nothing in any data."""
    return frozenset(word for phrase in phrases() for word in phrase if word.isascii())


def to_the_point(text: str) -> str:
    """A question without the thanks and greetings before it."""
    return PLEASANTRY.sub("", meant(text).strip())


PIECE = re.compile(
    r"^(?:and\s+)?(?:now\s+|then\s+|please\s+)*(?:split|break|drill|add|include|exclude|without|only|just|same (?:for|with|but))\b|"
    r"\bonly\W*$|^(?:那|那么)?(?:再|只看|只要|仅看|换成|改成|改为|加上|去掉|除了|不要|排除|拆)",
    re.I,
)
"""How a piece begins or ends, which means nothing without the question before it."""
WHOLE = re.compile(
    r"\b(?:which|what is|what are|what's|who|how many|how much|list|find|show|give|tell|when|where|does|did|is there|are there|return)\b|"
    r"哪|多少|几|什么|谁|列出|显示|告诉|请|给出|查|找|统计|有没有",
    re.I,
)
PIECE_WORDS, PIECE_SIGNS = 6, 14


def is_piece(text: str) -> bool:
    """Whether the words are but a piece that changes the question before: 'split by store type', '只看上海'."""
    said = to_the_point(text)
    short = len(said) <= PIECE_SIGNS if language_of(said) == "zh" else len(said.split()) <= PIECE_WORDS
    return short and bool(PIECE.search(said)) and not WHOLE.search(said)


def cues(text: str) -> set[str]:
    """The kinds of leaning in a question; `whatabout` counts at its beginning, `ending` at its end."""
    spoken = [word for word in words(to_the_point(text)) if word.text[0].isalnum()]
    found: set[str] = set()
    for first in range(len(spoken)):
        for last in range(first + 1, min(len(spoken), first + 5) + 1):
            kinds = phrases().get(tuple(word.stem for word in spoken[first:last]), ())
            found.update(kind for kind in kinds if stands(kind, first, last, spoken))
    return found


def leaning_places(text: str) -> set[int]:
    """Places of the characters of words that stand for what was said before, such as 'its' and '其中'."""
    spoken = [word for word in words(text) if word.text[0].isalnum()]
    places: set[int] = set()
    for first in range(len(spoken)):
        for last in range(first + 1, min(len(spoken), first + 5) + 1):
            if "pronoun" in phrases().get(tuple(word.stem for word in spoken[first:last]), ()):
                places.update(range(spoken[first].start, spoken[last - 1].end))
    return places


def stands(kind: str, first: int, last: int, spoken: list[Word]) -> bool:
    """Whether a phrase stands where it leans on what was said before."""
    if kind == "whatabout":
        return first == 0
    return kind != "ending" or last == len(spoken)
