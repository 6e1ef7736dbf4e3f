"""Text to the pieces of words that the encoder knows: lower case, no accents, longest known piece first (BERT's uncased scheme)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

LONGEST = 60  # characters of a word; longer ones are unknown
UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"


class Piece(NamedTuple):
    """A piece of a word and where it begins in the text."""

    id: int
    start: int


def words(text: str) -> Iterator[tuple[str, int]]:
    """Words and signs, each with where it begins."""
    start = None
    for at, sign in enumerate(text):
        if sign.isalnum():
            start = at if start is None else start
            continue
        if start is not None:
            yield text[start:at], start
            start = None
        if not sign.isspace():
            yield sign, at
    if start is not None:
        yield text[start:], start


def bare(word: str) -> str:
    """A word in lower case, without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(sign) != "Mn")


def pieces(text: str, vocabulary: Mapping[str, int]) -> list[Piece]:
    """The pieces of a text; a word of which a part is unknown becomes one unknown piece."""
    return [Piece(number, start) for word, start in words(text) for number in of_word(bare(word), vocabulary)]


def of_word(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """The pieces of one word."""
    found: list[int] = []
    here = 0
    while here < len(word):
        for end in range(min(len(word), here + LONGEST), here, -1):
            number = vocabulary.get(("##" if here else "") + word[here:end])
            if number is not None:
                found.append(number)
                here = end
                break
        else:
            return [vocabulary[UNKNOWN]]
    return found
