"""The cells of all tables, made ready to be looked up by what a question says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from analyst.grounding.aliases import aliases_within
from analyst.grounding.dates import date_keys, looks_dated
from analyst.grounding.headers import HeaderIndex
from analyst.grounding.postings import Numbers, Postings
from analyst.grounding.slips import Slips
from analyst.grounding.tokens import function_words, is_chinese, joined, key_of, words_of
from analyst.terms import Column, Schema
from analyst.words.homophones import sounds
from connectors.base import Cell, Connector

Cells = Callable[[str, str, int], Sequence[Cell]]
"""Different values of a column of a table, most frequent first, at most so many."""

MOST_CELLS = 500_000  # of all columns together; columns share alike, the most frequent cells stay
FEWEST_CELLS = 2_000  # of one column, however many columns there are
LONGEST = 200  # characters; a longer cell is a text that nobody says whole
LOOKED_INTO = 200_000  # cells whose words, or pairs of Chinese characters, are found as parts of them
SHORTENED = 50_000  # cells that are found by initials, sound and ends, as numbers and as dates


class CellIndex:
    """Cells by what they are compared by: the whole of them, their words, their initials, their sound. Can be pickled."""

    def __init__(self, schema: Schema, cells: Cells | Connector) -> None:
        """Asks `cells` for the different values of every column that holds texts."""
        self.headers = HeaderIndex(schema)
        self.columns: list[tuple[str, str]] = []
        self.values: list[Cell] = []
        values = cells if callable(cells) else cells.values
        homes: list[int] = []
        for table, column, found in _text_cells(schema, values):
            homes += [len(self.columns)] * len(found)
            self.columns.append((table, column.name))
            self.values += found
        self.homes: Numbers = np.array(homes, dtype=np.int32)
        self.sizes: Numbers = np.bincount(self.homes, minlength=len(self.columns)).astype(np.int32)
        self._index()

    def _index(self) -> None:
        words = words_of([str(value) for value in self.values])
        key_by_word = {word: key_of(word) for word in dict.fromkeys(word for line in words for word in line)}
        wholes = [joined([key_by_word[word] for word in line]) for line in words]
        owners = np.arange(len(words), dtype=np.int32)
        self.lengths: Numbers = np.fromiter(map(len, wholes), dtype=np.int32, count=len(wholes))
        self.whole = Postings(wholes, owners)
        self.longest = int(self.lengths.max(initial=0))
        self.parts = _parts(words[:LOOKED_INTO], key_by_word)
        self.vocabulary = sorted(key for key in self.parts.codes if key.isascii() and not key[0].isdigit())
        self.slips = Slips(self.vocabulary)
        self.aliases = aliases_within(lambda key: key in self.whole or key in self.parts)
        short = list(zip(range(len(words)), words[:SHORTENED], strict=False))
        self.initials = _postings((_initials(line), at) for at, line in short if 2 <= len(line) <= 7)
        self.sounds = _postings((sounds(line[0]), at) for at, line in short if _short_chinese(line, 2, 8))
        self.ends = _postings((line[0][0] + line[0][-1], at) for at, line in short if _short_chinese(line, 3, 8))
        self.numbers = _postings((key, at) for at, _ in short for key in _number_keys(self.values[at]))
        self.dates = _postings((key, at) for at in self._dated() for key in date_keys(str(self.values[at])))

    def _dated(self) -> Iterator[int]:
        """The cells of columns of texts that are dates."""
        bounds = np.concatenate(([0], np.cumsum(self.sizes)))
        for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            seen = self.values[first : first + 20]
            if sum(looks_dated(str(value)) for value in seen) * 2 > len(seen):
                yield from range(first, min(end, first + SHORTENED // 5))


def holds_words(column: Column) -> bool:
    """Whether the cells of a column are texts."""
    kind = column.type.upper()
    return not kind.startswith(OTHER_TYPES) or kind.endswith("]")


OTHER_TYPES = ("TINYINT", "SMALLINT", "INT", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
               "FLOAT", "DOUBLE", "DECIMAL", "NUMERIC", "REAL", "DATE", "TIMESTAMP", "DATETIME", "BOOL", "BIT", "BLOB",
               "BYTEA", "MONEY")  # fmt: skip
"""Types whose cells are found as numbers and periods."""


def _text_cells(schema: Schema, values: Cells) -> Iterator[tuple[str, Column, list[Cell]]]:
    columns = [(table.name, column) for table in schema.tables for column in table.columns if holds_words(column) and column.distinct]
    most = max(FEWEST_CELLS, MOST_CELLS // max(1, len(columns)))
    for table, column in columns:
        known = column.distinct <= len(column.frequent)
        found = [value for value, _ in column.frequent] if known else values(table, column.name, most)
        yield table, column, [value for value in found if value is not None and 0 < len(str(value)) <= LONGEST]


def _parts(words: list[list[str]], key_by_word: dict[str, str]) -> Postings:
    """Words, and pairs of neighbouring Chinese characters (a character that stands alone for itself)."""
    keys: list[str] = []
    counts: list[int] = []
    for line in words:
        before = len(keys)
        for word in line:
            if word.isascii() or not is_chinese(word):
                keys.append(key_by_word[word])
            else:
                keys += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        counts.append(len(keys) - before)
    return Postings(keys, np.repeat(np.arange(len(words), dtype=np.int32), counts))


def _postings(pairs: Iterator[tuple[str, int]]) -> Postings:
    kept = [(key, at) for key, at in pairs if key]
    return Postings([key for key, _ in kept], np.array([at for _, at in kept], dtype=np.int32))


def _initials(words: list[str]) -> str:
    """The first letters of a name's words, those of the closed classes left out: USA of United States of America."""
    telling = [word for word in words if word not in function_words()]
    return "".join(word[0] for word in telling) if len(telling) > 1 and all(word.isascii() for word in telling) else ""


def _short_chinese(line: list[str], least: int, most: int) -> bool:
    return len(line) == 1 and least <= len(line[0]) <= most and is_chinese(line[0])


def _number_keys(value: Cell) -> Iterator[str]:
    """The number that a text is, so that 5, 05, 5.0 and $5 are one."""
    text = str(value)
    if len(text) <= 20 and text[-1:].isdigit():
        try:
            yield f"{float(text.replace(',', '').lstrip('$€£¥#')):g}"
        except ValueError:
            return
