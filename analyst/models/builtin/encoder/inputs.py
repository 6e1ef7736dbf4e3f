"""A question over a schema as the encoder reads it: the question's pieces, then every table with its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.encoder.wordpiece import END, START, Piece, pieces
from analyst.models.builtin.plan import Field
from analyst.terms import Links, Table
from analyst.words.tokens import CAMEL, fold

MOST = 320  # pieces in all
OF_QUESTION = 96  # pieces of a question
QUESTION, CELL, NUMBER_SAID, TABLE, TEXT, NUMBER, TIME, KEY = range(8)
"""Kinds of pieces."""
KINDS = 8
MARKS = 9
"""How the question speaks of a name: not, partly or wholly, and whether it names one of its cells so: 3 x 3 cases."""
WHOLLY, PARTLY = 0.85, 0.5


@dataclass(frozen=True, slots=True)
class Name:
    """A table, or a column of it."""

    table: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What goes into the encoder: of each piece its number, kind and mark; of each name where its pieces are."""

    pieces: tuple[int, ...]
    kinds: tuple[int, ...]
    marks: tuple[int, ...]
    names: tuple[Name, ...]
    spans: tuple[tuple[int, int], ...]


def inputs_of(text: str, links: Links, catalog: Catalog, vocabulary: Mapping[str, int]) -> Inputs:
    """A question over a schema; of schemas too large for it, the columns that the question does not speak of are left out."""
    marks = marks_of(links)
    end = vocabulary[END]
    said = pieces(text, vocabulary)[:OF_QUESTION]
    cells = [(match.start, match.start + len(match.words)) for match in links.values if match.score >= WHOLLY]
    numbers = [vocabulary[START], *(piece.id for piece in said), end]
    kinds = [QUESTION, *(kind_said(piece, text, cells) for piece in said), QUESTION]
    marked = [0] * len(numbers)
    names: list[Name] = []
    spans: list[tuple[int, int]] = []
    for name, kind, written in written_names(catalog, marks, vocabulary, MOST - len(numbers)):
        spans.append((len(numbers), len(numbers) + len(written)))
        names.append(name)
        numbers += written
        kinds += [kind] * len(written)
        marked += [marks.get(name, 0)] * len(written)
    return Inputs(tuple(numbers), tuple(kinds), tuple(marked), tuple(names), tuple(spans))


def kind_said(piece: Piece, text: str, cells: list[tuple[int, int]]) -> int:
    """Whether a piece of the question belongs to a cell or to a number."""
    if any(start <= piece.start < end for start, end in cells):
        return CELL
    return NUMBER_SAID if text[piece.start].isdigit() else QUESTION


def marks_of(links: Links) -> dict[Name, int]:
    """How the question speaks of each name."""
    named: dict[Name, int] = {}
    held: dict[Name, int] = {}
    for match in links.columns:
        here = Name(match.table, match.column)
        named[here] = max(named.get(here, 0), 2 if match.score >= WHOLLY else 1 if match.score >= PARTLY else 0)
    for cell in links.values:
        here = Name(cell.table, cell.column)
        held[here] = max(held.get(here, 0), 2 if cell.score >= WHOLLY else 1 if cell.score >= PARTLY else 0)
    return {name: named.get(name, 0) + 3 * held.get(name, 0) for name in {*named, *held}}


def written_names(
    catalog: Catalog, marks: Mapping[Name, int], vocabulary: Mapping[str, int], room: int
) -> Iterator[tuple[Name, int, list[int]]]:
    """Every table and its columns with their kinds and pieces, as many as there is room for."""
    found: list[tuple[Name, int, list[int]]] = []
    comma, end = vocabulary[","], vocabulary[END]
    for table in catalog.schema.tables:
        found.append((Name(table.name), TABLE, [end, *spelled(table.name, vocabulary)]))
        for column in table.columns:
            field = Field(table.name, column.name)
            found.append(
                (
                    Name(table.name, column.name),
                    kind_of(catalog, table, field),
                    [comma, *spelled(" ".join(catalog.words(field)), vocabulary)],
                )
            )
    while sum(len(written) for _, _, written in found) > room:
        least = min(reversed(range(len(found))), key=lambda at: (found[at][1] in (TABLE, KEY), marks.get(found[at][0], 0)))
        found.pop(least)
    yield from found


def spelled(name: str, vocabulary: Mapping[str, int]) -> list[int]:
    """The pieces of a name, its words apart."""
    return [piece.id for piece in pieces(CAMEL.sub(" ", fold(name).replace("_", " ").replace("-", " ")), vocabulary)]


def kind_of(catalog: Catalog, table: Table, field: Field) -> int:
    """What a column holds."""
    if catalog.column(field).role == "identifier" or catalog.is_key(field):
        return KEY
    return TIME if catalog.is_time(field) else NUMBER if catalog.is_number(field) else TEXT
