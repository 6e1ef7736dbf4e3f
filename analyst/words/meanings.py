"""Which columns and tables an English word is near in meaning to, where no header, synonym or cell holds it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analyst.terms import Schema
from analyst.words.lexicon import header_vocabulary
from analyst.words.names import WEAK_ALONE, Name, expanded
from analyst.words.tokens import header_stems
from analyst.words.vectors import Vector, word_vectors

NEAREST = 0.53  # cosine from which on two words can mean the same thing
BESIDE = 0.1  # how much less near than the nearest another name may be and still be meant
HEAD, MODIFIER = 0.95, 0.85  # what the last word of a header says of the whole, and what another one does
APART = 0.04  # of the score of a table over that of another, which a word for rows of the first has
SURE, LEAST, SPAN = 0.8, 0.44, 0.46
"""A score from a cosine: least + span x cosine, never as sure as a header or a synonym."""


@dataclass(frozen=True, slots=True)
class Sense:
    """One way to take a name: the words compared, and what they say of the whole."""

    table: str
    column: str
    words: tuple[str, ...]
    share: float


class NameMeanings:
    """The vectors of all names of one schema."""

    def __init__(self, schema: Schema) -> None:
        known = [(sense, vector) for sense in senses(schema) if (vector := word_vectors().of_words(sense.words)) is not None]
        self._senses = [sense for sense, _ in known]
        self._shares = np.array([sense.share for sense, _ in known], np.float32)
        self._vectors = np.array([vector for _, vector in known], np.float32)

    def near(self, vector: Vector) -> list[Name]:
        """The names that are near in meaning, likeliest first."""
        if not self._senses:
            return []
        likeness = self._vectors @ vector * self._shares
        best = float(likeness.max())
        if best < NEAREST:
            return []
        found: dict[tuple[str, str], float] = {}
        for at in np.flatnonzero(likeness >= max(NEAREST, best - BESIDE)):
            key = (self._senses[at].table, self._senses[at].column)
            found[key] = max(found.get(key, 0.0), score(float(likeness[at])))
        things = sorted((value for (_, column), value in found.items() if not column), reverse=True)
        if len(things) > 1 and things[0] - things[1] < APART and things[0] == max(found.values()):
            return []  # a nurse is as near to patients as to doctors, and neither
        return sorted((Name(table, column, value) for (table, column), value in found.items()), key=lambda name: -name.score)


def score(cosine: float) -> float:
    """What a likeness is worth beside matches of words themselves."""
    return min(SURE, LEAST + SPAN * cosine)


def senses(schema: Schema) -> Iterator[Sense]:
    """Every name as a whole, by its last word and by its others."""
    for table in schema.tables:
        own = telling(table.name)
        yield from ways(table.name, "", own)
        for column in table.columns:
            header = telling(column.name)
            if header[: len(own)] == own and len(header) > len(own):
                header = header[len(own) :]
            if header[-1:] != ("id",) and column.role != "identifier":
                yield from ways(table.name, column.name, header)


def telling(name: str) -> tuple[str, ...]:
    """The words of a name, abbreviations written out."""
    return tuple(word for word in expanded(header_stems(name, header_vocabulary())) if word.isalpha())


def ways(table: str, column: str, words: tuple[str, ...]) -> Iterator[Sense]:
    """The whole of a name and its parts."""
    if not words:
        return
    yield Sense(table, column, words, 1.0)
    if len(words) == 1:
        return
    for at, word in enumerate(words):
        if word not in WEAK_ALONE:
            yield Sense(table, column, (word,), HEAD if at == len(words) - 1 else MODIFIER)
