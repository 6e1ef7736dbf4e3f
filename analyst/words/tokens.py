"""From text to tokens: English words with their stems, single Chinese characters, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

PIECE = re.compile(r"[A-Za-zÀ-ɏ][A-Za-z0-9À-ɏ]*(?:['’](?:s|t|re|ve|d|ll|m)\b)?|\d+(?:,\d{3})*(?:\.\d+)?|\S")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""Full-width forms; each becomes one character, so places in the text stay."""
IRREGULAR = {
    "ids": "id",
    "people": "person",
    "women": "woman",
    "men": "man",
    "children": "child",
    "mice": "mouse",
    "feet": "foot",
    "teeth": "tooth",
    "criteria": "criterion",
    "analyses": "analysis",
    "movies": "movie",
    "cookies": "cookie",
    "series": "series",
    "species": "species",
    "news": "news",
    "status": "status",
    "bus": "bus",
    "buses": "bus",
    "lens": "lens",
    "days": "day",
    "heroes": "hero",
    "potatoes": "potato",
    "wives": "wife",
    "lives": "life",
    "knives": "knife",
    "leaves": "leaf",
    "halves": "half",
    "this": "this",
    "has": "has",
    "was": "was",
    "is": "is",
    "as": "as",
    "its": "its",
    "his": "his",
    "us": "us",
    "does": "does",
    "less": "less",
    "gas": "gas",
    "yes": "yes",
    "plus": "plus",
    "versus": "versus",
    "vs": "vs",
    "always": "always",
    "across": "across",
    "address": "address",
    "addresses": "address",
    "data": "data",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A token of a text with its place."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def chinese(self) -> bool:
        """Whether it is a Chinese character."""
        return is_chinese(self.text)


def is_chinese(text: str) -> bool:
    """Whether the first character is Chinese."""
    return bool(text) and "㐀" <= text[0] <= "鿿"


def fold(text: str) -> str:
    """Full-width letters and digits as plain ones; every character keeps its place."""
    return text.translate(WIDE)


def words(text: str) -> tuple[Word, ...]:
    """The tokens of a question or a cell, in order."""
    return tuple(Word(m[0], stem(m[0]), m.start(), m.end()) for m in PIECE.finditer(fold(text)))


def stems(text: str) -> tuple[str, ...]:
    """The stems of a text, without punctuation."""
    return tuple(word.stem for word in words(text.replace("_", " ")) if word.stem[0].isalnum())


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word in lower case without possessive and plural endings."""
    low = word.lower().replace("’", "'")
    if "'" in low:
        low = low.removesuffix("'s") if low.endswith("'s") else low
    if low in IRREGULAR:
        return IRREGULAR[low]
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 4 and low.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return low[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    return low


@lru_cache(maxsize=65536)
def header_stems(name: str, known: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The stems of a header or table name; words run together are split where `known` holds the parts."""
    spaced = CAMEL.sub(" ", fold(name).replace("_", " ").replace("-", " "))
    return tuple(part for piece in stems(spaced) for part in split_compound(piece, known))


def split_compound(word: str, known: frozenset[str]) -> tuple[str, ...]:
    """A word run together from known ones, such as 'opendate', in its parts; a short first part may be unknown."""
    if word in known or len(word) < 6 or not word.isascii():
        return (word,)
    for cut in range(len(word) - 2, 1, -1):
        head, tail = word[:cut], stem(word[cut:])
        if tail in known and (head in known or (cut <= 3 and len(tail) > 3)):
            return (head, tail)
    return (word,)
