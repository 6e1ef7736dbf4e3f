"""Which tables and columns the reader is shown where a schema has more than it can look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analyst.mentions import CellMention, HeaderMention, Mentions
from analyst.models.reader.offers import few_cells
from analyst.models.reader.pieces import Pieces
from analyst.plan.algebra import ColumnName
from analyst.terms import Column, Schema, Table

NAME_PIECES, CELL_PIECES = 12, 6  # at most, of a header and of a cell
CELLS_SAID = 3  # cells of a column that the question speaks of, at most
SAMPLES = 1  # cells shown of a column with many
SAMPLE_LENGTH = 24  # characters; longer cells say little for what they cost
HEADER_WEIGHT, CELL_WEIGHT, EARLIER_WEIGHT = 3.0, 2.0, 4.0
KEY_WEIGHT, TABLE_WEIGHT, USED_OFTEN = 0.6, 1.0, 0.3  # for columns that nothing speaks of: keys join, tables named lend weight


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell under its column."""

    text: str
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column as the reader sees it."""

    column: Column
    pieces: tuple[int, ...]
    cells: tuple[ShownCell, ...]

    @property
    def length(self) -> int:
        """In pieces."""
        return len(self.pieces) + sum(len(cell.pieces) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table as the reader sees it."""

    table: Table
    pieces: tuple[int, ...]
    columns: tuple[ShownColumn, ...]


def retrieve(schema: Schema, mentions: Mentions, earlier: Collection[ColumnName], pieces: Pieces, room: int) -> list[ShownTable]:
    """The schema cut to so many pieces: cells go first that nothing speaks for, then the least likely columns and tables."""
    said = cells_said(mentions)
    full = [show_table(table, said, pieces, samples=True) for table in schema.tables]
    if length(full) <= room:
        return full
    told = said | cells_of_named(schema, mentions, said)
    bare = [show_table(table, told, pieces, samples=False) for table in schema.tables]
    if length(bare) <= room:
        return bare
    return likeliest(bare, weights(schema, mentions, earlier), room)


def length(tables: Sequence[ShownTable]) -> int:
    """In pieces."""
    return sum(len(table.pieces) + sum(column.length for column in table.columns) for table in tables)


def cells_said(mentions: Mentions) -> dict[ColumnName, list[str]]:
    """Column -> the cells that the question speaks of, surest first."""
    found: dict[ColumnName, list[str]] = {}
    for mention in mentions.cells:
        cells = found.setdefault(ColumnName(mention.table, mention.column), [])
        if isinstance(mention.value, str) and mention.value not in cells and len(cells) < CELLS_SAID:
            cells.append(mention.value)
    return found


def cells_of_named(schema: Schema, mentions: Mentions, said: Mapping[ColumnName, Sequence[str]]) -> dict[ColumnName, list[str]]:
    """The cells of columns that have few and whose header the question says, those that it says itself first."""
    whole = {ColumnName(mention.table, mention.column) for mention in mentions.headers if mention.how in ("whole", "stem")}
    columns = {
        name: column for table in schema.tables for column in table.columns if (name := ColumnName(table.name, column.name)) in whole
    }
    return {name: list(dict.fromkeys((*said.get(name, ()), *few_cells(column)))) for name, column in columns.items()}


def show_table(table: Table, said: dict[ColumnName, list[str]], pieces: Pieces, samples: bool) -> ShownTable:
    """A table with all its columns."""
    columns = tuple(show_column(column, said.get(ColumnName(table.name, column.name), []), pieces, samples) for column in table.columns)
    return ShownTable(table, pieces.name(table.name)[:NAME_PIECES], columns)


def show_column(column: Column, said: Sequence[str], pieces: Pieces, samples: bool) -> ShownColumn:
    """A column with the cells that the question speaks of, all its cells where these are few, and else a sample."""
    few = few_cells(column)
    cells = list(dict.fromkeys((*said, *few)))
    if samples and not cells:
        cells = [cell for cell, _ in column.frequent[:SAMPLES] if isinstance(cell, str) and len(cell) <= SAMPLE_LENGTH]
    elif not samples:
        cells = list(said)
    shown = tuple(ShownCell(cell, tuple(piece.row for piece in pieces.cut(cell)[:CELL_PIECES])) for cell in cells)
    return ShownColumn(column, pieces.name(column.name)[:NAME_PIECES], shown)


def weights(schema: Schema, mentions: Mentions, earlier: Collection[ColumnName]) -> dict[ColumnName, float]:
    """How much speaks for each column."""
    headers: dict[ColumnName, float] = {}
    spoken: tuple[HeaderMention | CellMention, ...] = (*mentions.headers, *mentions.cells)
    for mention in spoken:
        name = ColumnName(mention.table, mention.column)
        weight = mention.score * (HEADER_WEIGHT if isinstance(mention, HeaderMention) else CELL_WEIGHT)
        headers[name] = max(headers.get(name, 0.0), weight)
    joining = {name for join in schema.joins for name in (ColumnName(*join.ends[:2]), ColumnName(*join.ends[2:]))}
    found: dict[ColumnName, float] = {}
    for table in schema.tables:
        whole = headers.get(ColumnName(table.name, ""), 0.0)
        for column in table.columns:
            name = ColumnName(table.name, column.name)
            often = USED_OFTEN * (column.role in ("measure", "time"))
            named = headers.get(name, 0.0) + EARLIER_WEIGHT * (name in earlier)
            found[name] = named + TABLE_WEIGHT * (whole > 0) + KEY_WEIGHT * (name in joining) + often
    return found


def likeliest(tables: Sequence[ShownTable], weights: dict[ColumnName, float], room: int) -> list[ShownTable]:
    """The columns that most speaks for, in their old order, with their tables."""
    ranked = sorted(
        ((table, column) for table in tables for column in table.columns),
        key=lambda one: -weights[ColumnName(one[0].table.name, one[1].column.name)],
    )
    kept: set[ColumnName] = set()
    opened: set[str] = set()
    for table, column in ranked:
        name = table.table.name
        cost = column.length + (0 if name in opened else len(table.pieces))
        if cost <= room:
            room -= cost
            opened.add(name)
            kept.add(ColumnName(name, column.column.name))
    return [
        ShownTable(table.table, table.pieces, tuple(c for c in table.columns if ColumnName(table.table.name, c.column.name) in kept))
        for table in tables
        if table.table.name in opened
    ]
