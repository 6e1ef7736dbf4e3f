"""Word vectors: how near in meaning two English words are that share no letter (see vectors.NOTICE.txt and train/wordvectors.py)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np
import numpy.typing as npt

from analyst.words.tokens import stem

Vector = npt.NDArray[np.float32]
SHORTEST = 3  # letters; shorter words are mostly abbreviations, which have lists of their own

ALSO, MOSTLY = 1, 2
"""Of a word: whether it can name a thing or a quality, or does so mostly."""
BEFORE_THINGS = frozenset(
    ("a", "an", "the", "any", "each", "every", "all", "some", "no", "many", "of", "without", "which", "what", "their", "his", "her", "its",
     "our", "per", "by")
)  # fmt: skip


class WordVectors:
    """Vectors of length 1 of the commonest English words and of some phrases of two."""

    def __init__(self, entries: Sequence[str], rows: npt.NDArray[np.int8], kinds: npt.NDArray[np.uint8]) -> None:
        self._rows = rows
        self._kinds = kinds
        self._places = {entry: at for at, entry in enumerate(entries)}

    def __contains__(self, entry: str) -> bool:
        return self._place(entry) is not None

    def of(self, entry: str) -> Vector | None:
        """The vector of a word, its singular, or a phrase; None where it is not known."""
        at = self._place(entry)
        return None if at is None else normed(self._rows[at].astype(np.float32))

    def names_thing(self, entry: str, after: str) -> bool:
        """Whether a word names a thing or a quality rather than something done; after 'the' or 'many' a word such as 'report' does."""
        at = self._place(entry)
        return at is not None and (self._kinds[at] == MOSTLY or (self._kinds[at] == ALSO and after in BEFORE_THINGS))

    def of_words(self, words: Sequence[str]) -> Vector | None:
        """The vector of several words: that of the phrase, else the mean of its known words."""
        whole = self.of(" ".join(words))
        if whole is not None or len(words) == 1:
            return whole
        known = [vector for word in words if (vector := self.of(word)) is not None]
        return normed(np.sum(known, axis=0)) if known else None

    def _place(self, entry: str) -> int | None:
        low = entry.lower()
        if len(low) < SHORTEST or not low.isascii():
            return None
        at = self._places.get(low)
        return self._places.get(stem(low)) if at is None else at


def normed(vector: Vector) -> Vector:
    """The vector at length 1."""
    return vector / np.float32(np.linalg.norm(vector) or 1.0)


@lru_cache(maxsize=1)
def word_vectors() -> WordVectors:
    """The vectors of this folder, read when first asked for."""
    with as_file(files("analyst.words") / "vectors.npz") as path, np.load(path) as stored:
        return WordVectors(bytes(stored["entries"]).decode("ascii").split("\n"), stored["rows"], stored["kinds"])
