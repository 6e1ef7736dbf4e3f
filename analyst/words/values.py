"""Which cells a phrase can mean: whole values, parts of them, other words for them, and misspelt ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analyst.terms import Column, Schema
from analyst.words.homophones import sounds
from analyst.words.lexicon import Phrase, value_groups
from analyst.words.tokens import is_chinese, stems
from connectors.base import Cell, Connector

MOST_VALUES = 5_000  # of one column; the most frequent ones
MOST_IN_ALL = 150_000  # of all columns together; bounds memory to about 100 MB
LONGEST_VALUE = 120  # characters; longer cells are texts
CROWD = 60  # cells that share a word; a word in more of them tells too little


@dataclass(frozen=True, slots=True)
class Value:
    """A cell value and where it stands."""

    table: str
    column: str
    value: Cell
    size: int
    """Tokens in it."""


class CellIndex:
    """The text values of all tables by their words."""

    def __init__(self, connector: Connector, schema: Schema) -> None:
        self.values: list[Value] = []
        self._whole: dict[Phrase, list[int]] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_sound: dict[str, list[int]] = {}
        self._by_ends: dict[str, list[int]] = {}
        self.sizes: Counter[tuple[str, str]] = Counter()
        texts = [(table.name, column) for table in schema.tables for column in table.columns if holds_words(column)]
        each = max(200, min(MOST_VALUES, MOST_IN_ALL // max(1, len(texts))))
        for table, column in texts:
            for cell in cells(connector, table, column, each):
                self._add(table, column.name, cell)
        self.longest = max((len(phrase) for phrase in self._whole), default=0)
        self.vocabulary = frozenset(self._by_word)
        self.sound_sizes = sorted({len(sound) for sound in self._by_sound})

    def whole(self, phrase: Phrase) -> list[Value]:
        """Values that are exactly this phrase, but for case and plural."""
        return [self.values[at] for at in self._whole.get(phrase, ())]

    def knows(self, phrase: Phrase) -> bool:
        """Whether the phrase is a value, or can be other words for one."""
        return phrase in self._whole or phrase in value_groups()

    def alike(self, phrase: Phrase) -> list[Value]:
        """Values that the phrase names in other words, such as PA for Pennsylvania."""
        groups = value_groups().get(phrase, ())
        return [value for other in groups if other != phrase for value in self.whole(other)]

    def containing(self, phrase: Phrase) -> list[Value]:
        """Values in which all words of the phrase occur in this order, at most CROWD."""
        posts = [self._by_word.get(word, []) for word in phrase]
        if not posts or not all(posts):
            return []
        rarest = min(posts, key=len)
        if len(rarest) > CROWD * 20:
            return []
        found = [self.values[at] for at in rarest if all(at in post or len(post) > 400 for post in posts)]
        return [value for value in found if holds(stems(str(value.value)), phrase)][:CROWD]

    def sounding(self, sound: str) -> list[Value]:
        """Short Chinese values with these initials."""
        return [self.values[at] for at in self._by_sound.get(sound, ())]

    def contracted(self, said: str) -> list[Value]:
        """Chinese values of which a word is the short form: it begins and ends as they do, as 科二 does for 科目二."""
        found = [self.values[at] for at in self._by_ends.get(said[0] + said[-1], ())]
        return [value for value in found if len(said) < len(str(value.value)) and is_within(said, str(value.value))]

    def has_word(self, word: str) -> bool:
        """Whether the word occurs in any value."""
        return word in self._by_word

    def _add(self, table: str, column: str, cell: Cell) -> None:
        text = str(cell)
        phrase = stems(text) if len(text) <= LONGEST_VALUE else ()
        if not phrase:
            return
        at = len(self.values)
        self.values.append(Value(table, column, cell, len(phrase)))
        self._whole.setdefault(phrase, []).append(at)
        self.sizes[table, column] += 1
        if 3 <= len(text) <= 6 and is_chinese(text) and (sound := sounds(text)):
            self._by_sound.setdefault(sound, []).append(at)
        if SHORTENED[0] <= len(text) <= SHORTENED[1] and all(is_chinese(character) for character in text):
            self._by_ends.setdefault(text[0] + text[-1], []).append(at)
        for word in set(phrase):
            self._by_word.setdefault(word, []).append(at)


SHORTENED = (3, 6)  # characters of a Chinese value that has a short form


def is_within(said: str, whole: str) -> bool:
    """Whether the characters of a word come in this order in a longer one."""
    rest = iter(whole)
    return all(character in rest for character in said)


def holds_words(column: Column) -> bool:
    """Whether a column's cells are words that a question may use."""
    return column.type.upper().startswith(("VARCHAR", "CHAR", "TEXT", "ENUM", "STRING", "NVARCHAR")) and column.role != "time"


def cells(connector: Connector, table: str, column: Column, limit: int) -> Sequence[Cell]:
    """The column's values; those the profile already holds need no query."""
    if column.distinct and column.distinct <= len(column.frequent):
        return [value for value, _ in column.frequent]
    return connector.values(table, column.name, limit)


def holds(whole: Phrase, part: Phrase) -> bool:
    """Whether the part's words follow one another in the whole."""
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))
