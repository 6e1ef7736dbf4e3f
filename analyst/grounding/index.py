"""The cells of all tables, made ready to be looked up by what a question says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from analyst.grounding.aliases import aliases_within
from analyst.grounding.dates import date_keys, looks_dated
from analyst.grounding.headers import HeaderIndex
from analyst.grounding.postings import Numbers, Postings, coded, numbered, postings
from analyst.grounding.slips import Slips
from analyst.grounding.tokens import END, LEFT_OUT, counted, function_words, is_chinese, joined, key_of, words_of, words_of_cells
from analyst.terms import Column, Schema
from analyst.words.homophones import sounds
from connectors.base import Cell, Connector

Cells = Callable[[str, str, int], Sequence[Cell]]
"""Different values of a column of a table, most frequent first, at most so many."""

MOST_CELLS = 500_000  # of all columns together; columns share alike, the most frequent cells stay
FEWEST_CELLS = 2_000  # of one column, however many columns there are
LONGEST = 200  # characters; a longer cell is a text that nobody says whole
LOOKED_INTO = 200_000  # cells, shared alike, whose words, or pairs of Chinese characters, are found as parts of them
SHORTENED = 20_000  # cells, shared alike, that are found by initials, sound and ends, as numbers and as dates


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
        texts = [str(value) for value in self.values]
        words = words_of_cells(texts)
        codes = numbered([END, *words])
        coded_words = np.fromiter(map(codes.__getitem__, words), dtype=np.int32, count=len(words))
        keys = {word: key_of(word) for word in codes}
        self._index_wholes(texts, words, keys)
        self.places = np.arange(len(texts), dtype=np.int32) - np.repeat(np.cumsum(self.sizes) - self.sizes, self.sizes)
        self.parts = self._parts(codes, coded_words, keys)
        self.vocabulary = sorted(key for key in self.parts.codes if key.isascii() and not key[0].isdigit())
        self.slips = Slips(self.vocabulary)
        self.aliases = aliases_within(lambda key: key in self.whole or key in self.parts)
        ends = [-1, *np.flatnonzero(coded_words == codes[END]).tolist(), len(words)]
        chosen = np.flatnonzero(self.places < self._share(SHORTENED)).tolist()
        self._index_short([(at, words[ends[at] + 1 : ends[at + 1]]) for at in chosen], texts)

    def _index_wholes(self, texts: list[str], words: list[str], keys: dict[str, str]) -> None:
        bare = keys | dict.fromkeys(LEFT_OUT, "") | {END: END}
        wholes = "".join(map(bare.__getitem__, words)).split(END) if texts else []
        for at in [at for at, key in enumerate(wholes) if not key]:
            wholes[at] = joined([key_of(word) for word in words_of(texts[at])])
        self.whole = coded(wholes, np.arange(len(wholes), dtype=np.int32))
        self.lengths: Numbers = np.fromiter(map(len, wholes), dtype=np.int32, count=len(wholes))
        self.longest = int(self.lengths.max(initial=0))

    def _parts(self, codes: dict[str, int], coded_words: Numbers, keys: dict[str, str]) -> Postings:
        """Words, and pairs of neighbouring Chinese characters (a character that stands alone for itself)."""
        owners = np.cumsum(coded_words == codes[END], dtype=np.int32)
        taken = coded_words != codes[END]
        taken[taken] = self.places[owners[taken]] < self._share(LOOKED_INTO)
        chinese = (
            np.fromiter((not word.isascii() and is_chinese(word) for word in codes), dtype=bool, count=len(codes))[coded_words] & taken
        )
        spelt = list(codes)
        pairs = [(pair, at) for code, at in zip(coded_words[chinese], owners[chinese], strict=True) for pair in _pairs(spelt[code])]
        key_codes = numbered([*keys.values(), *(pair for pair, _ in pairs)])
        by_word = np.fromiter((key_codes[keys[word]] for word in codes), dtype=np.int32, count=len(codes))
        plain = taken & ~chinese
        both = np.concatenate((by_word[coded_words[plain]], np.array([key_codes[pair] for pair, _ in pairs], dtype=np.int32)))
        held = np.concatenate((owners[plain], np.array([at for _, at in pairs], dtype=np.int32)))
        order = np.argsort(held, kind="stable")
        return Postings(key_codes, both[order], held[order])

    def _index_short(self, short: list[tuple[int, list[str]]], texts: list[str]) -> None:
        """What only the more frequent cells are found by."""
        self.counted = postings((counted("".join(words)), at) for at, words in short)
        self.stubs = postings((stub(words), at) for at, words in short)
        self.initials = postings((_initials(words), at) for at, words in short if 2 <= len(words) <= 7)
        self.sounds = postings((sounds(words[0]), at) for at, words in short if _short_chinese(words, 2, 8))
        self.ends = postings((words[0][0] + words[0][-1], at) for at, words in short if _short_chinese(words, 3, 8))
        self.numbers = postings((key, at) for at, _ in short for key in _number_keys(texts[at]))
        dated = [self._is_dated(home, texts) for home in range(len(self.columns))]
        self.dates = postings((key, at) for at, _ in short if dated[self.homes[at]] for key in date_keys(texts[at]))

    def _share(self, most: int) -> int:
        """How many cells of each column are among so many of all."""
        return max(most // max(1, len(self.columns)), 500)

    def _is_dated(self, home: int, texts: list[str]) -> bool:
        """Whether the cells of a column are texts of dates."""
        first = int(self.sizes[:home].sum())
        seen = texts[first : first + min(20, int(self.sizes[home]))]
        return sum(map(looks_dated, seen)) * 2 > len(seen)


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


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)] or [word]


def _initials(words: list[str]) -> str:
    """The first letters of a name's words, those of the closed classes left out: USA of United States of America."""
    telling = [word for word in words if word not in function_words()]
    return "".join(word[0] for word in telling) if len(telling) > 1 and all(word.isascii() for word in telling) else ""


STUB = 3  # letters


def stub(words: Sequence[str]) -> str:
    """The beginnings of the words of a name, which those of its short forms share: Comp. Sci. and Computer Science."""
    telling = [word for word in words if word not in function_words()]
    long_enough = 2 <= len(telling) <= 6 and all(word.isascii() and len(word) >= STUB for word in telling)
    return " ".join(word[:STUB] for word in telling) if long_enough else ""


def _short_chinese(line: list[str], least: int, most: int) -> bool:
    return len(line) == 1 and least <= len(line[0]) <= most and is_chinese(line[0])


def _number_keys(text: str) -> Iterator[str]:
    """The number that a text is, so that 5, 05, 5.0 and $5 are one."""
    if len(text) <= 20 and text[-1:].isdigit():
        try:
            yield f"{float(text.replace(',', '').lstrip('$€£¥#')):g}"
        except ValueError:
            return
