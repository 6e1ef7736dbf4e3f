"""Known words that a misspelt one is a slip or two away from, found by the letters that they share."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from analyst.words.spelling import distance

SHORTEST = 5  # letters, one less in a name; shorter words have too many neighbours
TWO_SLIPS = 8  # letters from which on two slips are forgiven
MOST_WORDS = 200_000  # of the vocabulary that are compared


class Slips:
    """A vocabulary of ASCII words, each with the letters it has and those it has twice as bits."""

    __slots__ = ("_bits", "_lengths", "_words")

    def __init__(self, words: Iterable[str]) -> None:
        kept = [word for word in words if len(word) >= SHORTEST - 1 and word.isascii() and word.isalpha()][:MOST_WORDS]
        self._words = kept
        self._lengths = np.fromiter(map(len, kept), dtype=np.int8, count=len(kept))
        self._bits = letters(kept)

    def near(self, word: str, named: bool = False, most: int = 4) -> list[tuple[str, int]]:
        """Words within one slip (two in long words) with their slips, nearest first; the first letter is right or the only slip.

        Words of less than five letters have none, but that a name has at four.
        """
        if len(word) < SHORTEST - named or not word.isascii() or not word.isalpha() or not self._words:
            return []
        allowed = 2 if len(word) >= TWO_SLIPS else 1
        apart = np.bitwise_count(self._bits ^ letters([word])[0])
        close = np.flatnonzero((apart <= 2 * allowed) & (np.abs(self._lengths - len(word)) <= allowed))
        found = [(self._words[at], distance(word, self._words[at])) for at in close[:400]]
        kept = [(known, slips) for known, slips in found if slips <= allowed and (known[0] == word[0] or slips == 1)]
        return sorted(kept, key=lambda pair: (pair[1], pair[0][0] != word[0]))[:most]


def letters(words: list[str]) -> NDArray[np.uint64]:
    """For each word 64 bits: which letters it has, and which more than once."""
    out = np.zeros(len(words), dtype=np.uint64)
    if not words:
        return out
    text = np.frombuffer("".join(words).encode("ascii"), dtype=np.uint8)
    owner = np.repeat(np.arange(len(words)), np.fromiter(map(len, words), dtype=np.int64, count=len(words)))
    counts = np.bincount(owner * 26 + (text - 97), minlength=len(words) * 26).reshape(len(words), 26)
    places = np.uint64(1) << np.arange(26, dtype=np.uint64)
    once: NDArray[np.uint64] = (counts > 0) @ places
    twice: NDArray[np.uint64] = (counts > 1) @ places
    return once | (twice << np.uint64(26))
