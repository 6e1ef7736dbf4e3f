"""The columns and tables that words of a question can mean: by the header's words, some of them, or what is short for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from math import log
from typing import NamedTuple

from analyst.grounding.slips import Slips
from analyst.grounding.tokens import Piece, function_words, is_chinese, key_of, words_of
from analyst.mentions import HeaderHow, HeaderMention
from analyst.terms import Schema, Table

Phrase = tuple[str, ...]

MOST = 80  # mentions of a question
MOST_A_SPAN = 16
LONGEST = 16  # pieces of a span
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
BRACKETS = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]\s*$")
FRAGMENT = 4  # letters of a word that are told apart from chance
SHORT = 5  # letters of what can be short for a word
VOWELS = re.compile(r"[aeiou]")


class Name(NamedTuple):
    """A column, or a table where `column` is empty."""

    table: str
    column: str


class Entry(NamedTuple):
    """A name and how well some words say it."""

    name: Name
    how: HeaderHow
    score: float


class HeaderIndex:
    """The names of a schema by their words, by runs of these, by pieces of words and by what is short for them."""

    def __init__(self, schema: Schema) -> None:
        self.names = names_of(schema)
        phrases = {name: header_words(name.column or name.table) for name in self.names}
        counts = Counter(word for phrase in phrases.values() for word in set(phrase))
        self._weights = {word: 1 / (1 + log(count)) * (0.5 if word in function_words() else 1) for word, count in counts.items()}
        self._runs: dict[str, list[Entry]] = {}
        self._fragments: dict[str, list[Entry]] = {}
        self._initials: dict[str, list[Entry]] = {}
        self._short: dict[str, list[tuple[str, Entry]]] = {}
        for name, phrase in phrases.items():
            self._add(name, phrase, "whole", 1.0)
            self._add_table_left_out(name, phrase, phrases)
            self._add_words(name, phrase)
        for name, words, how in _said_otherwise(schema):
            self._add(name, header_words(words), how, 0.9)
        self.slips = Slips(word for word in counts)
        self.words = frozenset(counts)

    def find(self, pieces: Sequence[Piece]) -> tuple[HeaderMention, ...]:
        """Every name that a run of pieces can mean, likeliest first; of runs in one another only the longest for each name."""
        best: dict[tuple[int, int, Name], Entry] = {}
        for first, end, entry in [*self._by_runs(pieces), *self._by_words(pieces), *self._by_initials(pieces)]:
            place = (first, end, entry.name)
            if place not in best or best[place].score < entry.score:
                best[place] = entry
        kept = _longest_only(best, pieces)
        mentions = [
            HeaderMention(pieces[first].start, pieces[end - 1].end, *entry.name, entry.how, round(entry.score, 3))
            for (first, end, _), entry in kept.items()
        ]
        return tuple(_within_bounds(sorted(mentions, key=lambda mention: (-mention.score, mention.start))))

    # ---------------------------------------------------------------------------------------- made once
    def _add(self, name: Name, phrase: Phrase, how: HeaderHow, score: float) -> None:
        """The phrase and every run of its words; a run says the name as far as its words are its own."""
        total = sum(self._weights.get(word, 1.0) for word in phrase)
        for first in range(len(phrase)):
            for end in range(first + 1, min(len(phrase), first + LONGEST) + 1):
                run = phrase[first:end]
                if len(run) == len(phrase):
                    self._put(self._runs, run, Entry(name, how, score))
                elif not set(run) <= function_words() or is_chinese(run[0]):
                    share = sum(self._weights.get(word, 1.0) for word in run) / total
                    self._put(self._runs, run, Entry(name, "part" if how == "whole" else how, score * (0.25 + 0.6 * share)))

    def _add_table_left_out(self, name: Name, phrase: Phrase, phrases: dict[Name, Phrase]) -> None:
        """Names without the table's own: the name of customers for customer_name."""
        own = phrases.get(Name(name.table, ""), ())
        for size in range(1, len(own) + 1):
            if name.column and len(phrase) > size and phrase[:size] == own[-size:]:
                self._put(self._runs, phrase[size:], Entry(name, "whole", 0.95))

    def _add_words(self, name: Name, phrase: Phrase) -> None:
        """Single words: their beginnings and ends, and those that are short for others."""
        total = sum(self._weights[word] for word in phrase)
        for at, word in enumerate(phrase):
            share = self._weights[word] / total
            if len(word) > FRAGMENT and word.isascii() and word.isalpha():
                for cut in range(FRAGMENT, len(word)):
                    self._put(self._fragments, (word[:cut],), Entry(name, "part", 0.6 * share * cut / len(word)))
                    self._put(self._fragments, (word[-cut:],), Entry(name, "part", 0.6 * share * cut / len(word)))
            if 1 < len(word) <= SHORT and word.isascii() and word.isalpha():
                self._short.setdefault(word[0], []).append((word, Entry(name, "abbreviation", 0.7 * share)))
            for other in abbreviations().get(word, ()):
                self._add(name, (*phrase[:at], *other, *phrase[at + 1 :]), "abbreviation", 0.95)
        telling = [word for word in phrase if word not in function_words()]
        if len(telling) > 1 and all(word.isascii() for word in telling):
            self._put(self._initials, ("".join(word[0] for word in telling),), Entry(name, "abbreviation", 0.7))
        if len(phrase) == 1 and len(phrase[0]) <= SHORT:
            self._put(self._initials, (f"={phrase[0]}",), Entry(name, "abbreviation", 0.7))

    def _put(self, where: dict[str, list[Entry]], phrase: Phrase, entry: Entry) -> None:
        entries = where.setdefault("".join(phrase), [])
        if not any(other.name == entry.name and other.score >= entry.score for other in entries):
            entries.append(entry)

    # ---------------------------------------------------------------------------------------- asked of a question
    def _by_runs(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, int, Entry]]:
        for first in range(len(pieces)):
            key = ""
            for end in range(first + 1, min(len(pieces), first + LONGEST) + 1):
                key += pieces[end - 1].key
                for entry in self._runs.get(key, ()):
                    alone = end == first + 1 and pieces[first].chinese
                    if not alone or entry.how == "whole" or pieces[first].key not in function_words():
                        yield first, end, entry

    def _by_words(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, int, Entry]]:
        """Single words that are no whole word of a header: pieces of one, longer forms of one, what one is short for, slips."""
        for at, piece in enumerate(pieces):
            word = piece.key
            if piece.chinese or len(word) < FRAGMENT or word in function_words() or not word.isascii() or not word.isalpha():
                continue
            yield from ((at, at + 1, entry) for entry in self._fragments.get(word, ()))
            for short, entry in self._short.get(word[0], ()):
                if shortens(short, word):
                    yield at, at + 1, entry
            if word in self.words:
                continue
            for cut in range(len(word) - 1, max(FRAGMENT, len(word) - 4), -1):
                for entry in self._fragments.get(word[:cut], ()):
                    yield at, at + 1, Entry(entry.name, "stem", entry.score)
            for known, slips in self.slips.near(word):
                for entry in self._runs.get(known, ()):
                    yield at, at + 1, Entry(entry.name, "stem", entry.score * (0.85 if slips == 1 else 0.7))

    def _by_initials(self, pieces: Sequence[Piece]) -> Iterator[tuple[int, int, Entry]]:
        """GDP for gross domestic product, and the other way round."""
        for at, piece in enumerate(pieces):
            if 3 <= len(piece.key) <= SHORT and not piece.chinese and piece.key not in function_words():
                yield from ((at, at + 1, entry) for entry in self._initials.get(piece.key, ()))
            initials = ""
            for end in range(at, min(len(pieces), at + SHORT)):
                if pieces[end].chinese:
                    break
                initials += pieces[end].key[0] if pieces[end].key not in function_words() else ""
                if len(initials) > 1 and pieces[end].key not in function_words() and piece.key not in function_words():
                    yield from ((at, end + 1, entry) for entry in self._initials.get(f"={initials}", ()))


def shortens(short: str, word: str) -> bool:
    """Whether a word of a header is short for a longer one: its beginning, or some of its consonants, the first among them."""
    if len(word) < len(short) + 2 or short[0] != word[0]:
        return False
    if word.startswith(short):
        return len(short) > 2
    rest = iter(word)
    return not VOWELS.search(short[1:]) and all(letter in rest for letter in short)


@lru_cache(maxsize=65536)
def header_words(name: str) -> Phrase:
    """The words of a header or a table's name, without a unit in brackets at its end; Chinese characters each for itself."""
    bare = BRACKETS.sub("", name).strip() or name
    words = words_of(CAMEL.sub(" ", bare))
    return tuple(part for word in words for part in (word if is_chinese(word) else (key_of(word),)))


def names_of(schema: Schema) -> tuple[Name, ...]:
    """Every table and column of a schema."""
    return tuple(name for table in schema.tables for name in (Name(table.name, ""), *_columns(table)))


def _columns(table: Table) -> Iterator[Name]:
    return (Name(table.name, column.name) for column in table.columns)


def _said_otherwise(schema: Schema) -> Iterator[tuple[Name, str, HeaderHow]]:
    """What the person, or the database, calls columns and tables besides."""
    for table in schema.tables:
        if 0 < len(table.description) <= 40:
            yield Name(table.name, ""), table.description, "synonym"
        for column in table.columns:
            for words in (*column.synonyms, column.description):
                if 0 < len(words) <= 40:
                    yield Name(table.name, column.name), words, "synonym"
    columns = {
        f"{table.name}.{column.name}".casefold(): Name(table.name, column.name) for table in schema.tables for column in table.columns
    }
    for term in schema.glossary:
        if name := columns.get(term.meaning.casefold()):
            yield name, term.words, "synonym"


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, list[Phrase]]:
    """Short form -> the phrases that it stands for."""
    found: dict[str, list[Phrase]] = {}
    for line in (files("analyst.grounding") / "abbreviations.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            short, words = line.split("\t")
            found.setdefault(short, []).append(tuple(key_of(word) for word in words.split()))
    return found


def _longest_only(best: dict[tuple[int, int, Name], Entry], pieces: Sequence[Piece]) -> dict[tuple[int, int, Name], Entry]:
    """For each name only places that lie in no longer place of the same name; a Chinese character alone only where nothing else fits."""
    by_name: dict[Name, list[tuple[int, int]]] = {}
    taken = {at for first, end, _ in best if end - first > 1 for at in range(first, end)}
    for first, end, name in sorted(best, key=lambda place: place[0] - place[1]):
        places = by_name.setdefault(name, [])
        stray = end - first == 1 and pieces[first].chinese and first in taken and best[first, end, name].how == "part"
        if not stray and not any(left <= first and end <= right for left, right in places):
            places.append((first, end))
    return {place: entry for place, entry in best.items() if place[:2] in by_name[place[2]]}


def _within_bounds(mentions: list[HeaderMention]) -> Iterator[HeaderMention]:
    spans: Counter[tuple[int, int]] = Counter()
    shown = 0
    for mention in mentions:
        spans[mention.start, mention.end] += 1
        if spans[mention.start, mention.end] <= MOST_A_SPAN and shown < MOST:
            shown += 1
            yield mention
