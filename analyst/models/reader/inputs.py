"""Question, tables and what was found between them -> the arrays that the network reads, and the items that a plan can point at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from analyst.columns.roles import kind_of as kind_of_type
from analyst.mentions import CellMention, HeaderMention, Mentions
from analyst.models.reader.marks import CELL_MARKS, HEADER_MARKS, PERIOD_MARKS, ROLE_MARKS, TYPE_MARKS, ItemMark, Link, Mark, bits
from analyst.models.reader.offers import FEW, FIRST_YEAR, LAST_YEAR, Offer, identity, offers
from analyst.models.reader.pieces import END, START, UNKNOWN, Piece, Pieces
from analyst.models.reader.retrieval import ShownColumn, ShownTable, retrieve
from analyst.plan.algebra import ColumnName, Days, Literal
from analyst.plan.grammar import KEYWORDS, TABLE, VALUE
from analyst.plan.tokens import Token
from analyst.terms import Column, Schema, Table

ROOM = 320  # pieces in all; time grows a little faster than with their number
QUESTION_PIECES, EARLIER_PIECES, EARLIER_TOKENS = 90, 48, 48
LEAST_SCHEMA = 120  # pieces that long questions leave to the schema
VALUES = 48  # that can be pointed at, at most; the surest stay
SOME = 50  # different values up to which a column has some rather than many
KEYWORD_NUMBERS = {keyword: number for number, keyword in enumerate(KEYWORDS, start=1)}
"""A keyword's row among those of the plan before; 0 stands for none."""

Range = tuple[int, int]
"""Pieces [start, end) of the sequence."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a plan can point at: its token, the pieces that speak of it, and what holds of it."""

    token: Token
    places: tuple[Range, ...]
    marks: int


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the network reads, one entry a piece; marks are numbers with a bit for each of `Mark`."""

    pieces: tuple[int, ...]
    marks: tuple[int, ...]
    keywords: tuple[int, ...]
    """For pieces that stand for a keyword of the plan before: its row; else 0."""
    links: tuple[tuple[int, int, int, int, int], ...]
    """Rectangles of pairs of pieces: kind of `Link`, rows [start, end), columns [start, end)."""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The turn before: its question and its plan's tokens."""

    question: str
    tokens: tuple[Token, ...]


@dataclass(slots=True)
class Sheet:
    """A sequence on its way: pieces with their marks, and links between ranges of them."""

    pieces: list[int] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    keywords: list[int] = field(default_factory=list)
    links: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def add(self, rows: Iterable[int], marks: int, keyword: int = 0) -> Range:
        """Pieces at the end; returns where they stand."""
        start = len(self.pieces)
        self.pieces += rows
        self.marks += [marks] * (len(self.pieces) - start)
        self.keywords += [keyword] * (len(self.pieces) - start)
        return start, len(self.pieces)

    def mark(self, places: Range, marks: int) -> None:
        """Lay marks beside pieces that stand there already."""
        for at in range(*places):
            self.marks[at] |= marks

    def link(self, kind: Link, source: Range, target: Range) -> None:
        """All pairs of two ranges."""
        if source[0] < source[1] and target[0] < target[1]:
            self.links.append((kind, *source, *target))


@dataclass(slots=True)
class Places:
    """Where things stand in the sequence."""

    words: list[Piece] = field(default_factory=list)
    """The question's pieces; the first stands at 1."""
    tables: dict[str, Range] = field(default_factory=dict)
    columns: dict[ColumnName, Range] = field(default_factory=dict)
    """Header and cells."""
    headers: dict[ColumnName, Range] = field(default_factory=dict)
    cells: dict[tuple[ColumnName, str], Range] = field(default_factory=dict)
    earlier: list[tuple[Token, Range]] = field(default_factory=list)

    def of_words(self, start: int, end: int) -> Range:
        """The pieces that overlap with characters [start, end) of the question."""
        inside = [at for at, piece in enumerate(self.words, start=1) if piece.start < end and start < piece.end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)


def inputs_of(text: str, schema: Schema, mentions: Mentions, pieces: Pieces, before: Before | None = None) -> Inputs:
    """Lay out one question."""
    sheet, places = Sheet(), Places()
    write_question(sheet, places, text, pieces)
    if before:
        write_before(sheet, places, before, pieces)
    pointed = [token for token in before.tokens if isinstance(token, ColumnName)] if before else []
    room = max(LEAST_SCHEMA, ROOM - len(sheet.pieces) - 1)
    shown = retrieve(schema, mentions, pointed, pieces, room)
    for table in shown:
        write_table(sheet, places, table, schema)
    sheet.add([END], 0)
    link_keys(sheet, places, schema)
    mark_headers(sheet, places, mentions.headers)
    mark_cells(sheet, places, mentions.cells)
    mark_said(sheet, places, mentions)
    link_before(sheet, places)
    values = [token[1] for token in before.tokens if isinstance(token, tuple) and isinstance(token[1], Literal | Days)] if before else []
    items = (*schema_items(places), *value_items(offers(mentions, seen_of(schema, shown), values), places))
    return Inputs(tuple(sheet.pieces), tuple(sheet.marks), tuple(sheet.keywords), tuple(sheet.links), items)


def seen_of(schema: Schema, shown: Sequence[ShownTable]) -> Schema:
    """The schema without what is not shown."""
    tables = tuple(replace(table.table, columns=tuple(column.column for column in table.columns)) for table in shown)
    return replace(schema, tables=tables)


# ------------------------------------------------------------------------------------------------ what is written
def write_question(sheet: Sheet, places: Places, text: str, pieces: Pieces) -> None:
    """The question between its signs."""
    sheet.add([START], 0)
    places.words = pieces.cut(text)[:QUESTION_PIECES]
    sheet.add([piece.row for piece in places.words], bits(Mark.QUESTION))
    sheet.add([END], 0)


def write_before(sheet: Sheet, places: Places, before: Before, pieces: Pieces) -> None:
    """The question before, then its plan: a piece a token, the first of its name."""
    sheet.add([piece.row for piece in pieces.cut(before.question)[:EARLIER_PIECES]], bits(Mark.EARLIER_QUESTION))
    sheet.add([END], 0)
    for token in before.tokens[:EARLIER_TOKENS]:
        row, keyword = (UNKNOWN, KEYWORD_NUMBERS.get(token, 0)) if isinstance(token, str) else (first_piece(token, pieces), 0)
        places.earlier.append((token, sheet.add([row], bits(Mark.EARLIER_PLAN), keyword)))
    sheet.add([END], 0)


def first_piece(token: Token, pieces: Pieces) -> int:
    """A piece by which a pointer of the plan before is known."""
    if isinstance(token, ColumnName):
        return pieces.name(token.column)[0]
    content = token[1]
    text = content.start if isinstance(content, Days) else str(content.value) if isinstance(content, Literal) else str(content)
    return next((piece.row for piece in pieces.cut(text)), UNKNOWN)


def write_table(sheet: Sheet, places: Places, shown: ShownTable, schema: Schema) -> None:
    """A table's name, then its columns with their cells."""
    name = shown.table.name
    header = sheet.add(shown.pieces, bits(Mark.TABLE))
    places.tables[name] = header
    for column in shown.columns:
        write_column(sheet, places, shown.table, column, column_marks(shown.table, column.column, schema))
    whole = (header[0], len(sheet.pieces))
    sheet.link(Link.SAME_TABLE, whole, whole)


def write_column(sheet: Sheet, places: Places, table: Table, shown: ShownColumn, marks: int) -> None:
    """A header and cells under it."""
    name = ColumnName(table.name, shown.column.name)
    start, _ = sheet.add(shown.pieces[:1], marks | bits(Mark.COLUMN))
    _, end = sheet.add(shown.pieces[1:], marks | bits(Mark.COLUMN_GOES_ON))
    places.headers[name] = (start, end)
    for cell in shown.cells:
        places.cells[name, cell.text] = sheet.add(cell.pieces, marks | bits(Mark.CELL))
    whole = (start, len(sheet.pieces))
    places.columns[name] = whole
    sheet.link(Link.SAME_COLUMN, whole, whole)
    sheet.link(Link.COLUMN_TABLE, whole, places.tables[table.name])
    sheet.link(Link.COLUMN_TABLE, places.tables[table.name], whole)


def column_marks(table: Table, column: Column, schema: Schema) -> int:
    """Type, role, key, number of values of a column."""
    marks: list[Mark] = [TYPE_MARKS[kind_of_type(column.type)], ROLE_MARKS[column.role]]
    marks += [Mark.KEY] if (column.name,) in table.keys else []
    marks += [Mark.CHILD] if any((join.table, join.column) == (table.name, column.name) for join in schema.joins) else []
    marks += [Mark.PARENT] if any((join.parent_table, join.parent_column) == (table.name, column.name) for join in schema.joins) else []
    sizes = ((2, Mark.TWO_VALUES), (FEW, Mark.FEW_VALUES), (SOME, Mark.SOME_VALUES))
    marks += [mark for size, mark in sizes if column.distinct <= size][:1]
    marks += [Mark.SOME_MISSING] if column.missing else []
    bounds = (column.minimum, column.maximum)
    if all(isinstance(bound, int) and FIRST_YEAR < bound < LAST_YEAR for bound in bounds):
        marks.append(Mark.YEARS)
    return bits(*marks)


# ------------------------------------------------------------------------------------------------ what is marked and linked
def link_keys(sheet: Sheet, places: Places, schema: Schema) -> None:
    """Columns that join, and their tables."""
    for join in schema.joins:
        ends = (ColumnName(join.table, join.column), ColumnName(join.parent_table, join.parent_column))
        columns = [places.columns[end] for end in ends if end in places.columns]
        tables = [places.tables[end.table] for end in ends if end.table in places.tables]
        for kind, ranges in ((Link.KEY, columns), (Link.JOINED, tables)):
            if len(ranges) == 2:
                sheet.link(kind, ranges[0], ranges[1])
                sheet.link(kind, ranges[1], ranges[0])


def mark_headers(sheet: Sheet, places: Places, headers: Sequence[HeaderMention]) -> None:
    """Words that speak of a column or table, and what they speak of."""
    for mention in headers:
        words = places.of_words(mention.start, mention.end)
        name = ColumnName(mention.table, mention.column)
        target = places.headers.get(name) if mention.column else places.tables.get(mention.table)
        if not target:
            continue
        whole = mention.how in ("whole", "stem")
        if mention.column:
            rivals = [one for one in headers if one.column and one.start < mention.end and mention.start < one.end]
            marks = bits(
                HEADER_MARKS[mention.how], *standing(mention.score, [one.score for one in rivals], Mark.HEADER_BEST, Mark.HEADER_ONLY)
            )
            there, back = (Link.WORD_HEADER, Link.HEADER_WORD) if whole else (Link.WORD_HEADER_PART, Link.HEADER_PART_WORD)
        else:
            marks, there, back = bits(Mark.TABLE_WHOLE if whole else Mark.TABLE_PART), Link.WORD_TABLE, Link.TABLE_WORD
        for place in (words, target):
            sheet.mark(place, marks)
        sheet.link(there, words, target)
        sheet.link(back, target, words)


def standing(score: float, rivals: Sequence[float], best: Mark, only: Mark) -> list[Mark]:
    """Whether nothing said at the same place scores higher, and whether nothing else scores as high; rivals include itself."""
    if score < max(rivals):
        return []
    return [best, only] if sum(rival >= score for rival in rivals) == 1 else [best]


def mark_cells(sheet: Sheet, places: Places, cells: Sequence[CellMention]) -> None:
    """Words that speak of a cell, its column, and the cell where it is shown."""
    for mention in cells:
        name = ColumnName(mention.table, mention.column)
        if name not in places.columns:
            continue
        words = places.of_words(mention.start, mention.end)
        rivals = [one.score for one in cells if one.start < mention.end and mention.start < one.end]
        marks = bits(CELL_MARKS[mention.how], *standing(mention.score, rivals, Mark.CELL_BEST, Mark.CELL_ONLY))
        cell = places.cells.get((name, str(mention.value)), (0, 0))
        for place in (words, places.headers[name], cell):
            sheet.mark(place, marks)
        sheet.link(Link.WORD_CELL_COLUMN, words, places.columns[name])
        sheet.link(Link.CELL_COLUMN_WORD, places.columns[name], words)
        sheet.link(Link.WORD_CELL, words, cell)
        sheet.link(Link.CELL_WORD, cell, words)


def mark_said(sheet: Sheet, places: Places, mentions: Mentions) -> None:
    """Words that are numbers, texts and periods."""
    for number in mentions.numbers:
        unit = [] if not number.unit else [Mark.SAID_SHARE] if number.unit == "%" else [Mark.SAID_UNIT]
        sheet.mark(places.of_words(number.start, number.end), bits(Mark.SAID_NUMBER, *unit))
    for text in mentions.texts:
        sheet.mark(places.of_words(text.start, text.end), bits(Mark.SAID_TEXT))
    for said in mentions.periods:
        sheet.mark(places.of_words(said.start, said.end), bits(PERIOD_MARKS[said.period.kind]))


def link_before(sheet: Sheet, places: Places) -> None:
    """Pointers of the plan before, and what they point at."""
    for token, place in places.earlier:
        if isinstance(token, str):
            continue
        if isinstance(token, ColumnName):
            target = places.headers.get(token, (0, 0))
        else:
            target = places.tables.get(str(token[1]), (0, 0)) if token[0] == TABLE else (0, 0)
        sheet.mark(target, bits(Mark.EARLIER))
        sheet.link(Link.EARLIER_ITEM, place, target)
        sheet.link(Link.EARLIER_ITEM, target, place)


# ------------------------------------------------------------------------------------------------ what can be pointed at
def schema_items(places: Places) -> list[Item]:
    """Tables, then columns."""
    tables = [Item((TABLE, name), (place,), bits(ItemMark.TABLE)) for name, place in places.tables.items()]
    return tables + [Item(name, (place,), bits(ItemMark.COLUMN)) for name, place in places.columns.items()]


def value_items(offered: Sequence[Offer], places: Places) -> list[Item]:
    """The surest values that have a place: where they were said, where they are shown, or where the plan before held them."""
    placed = [(offer, spots) for offer in offered if (spots := spots_of(offer, places))]
    surest = sorted(range(len(placed)), key=lambda at: -placed[at][0].score)[:VALUES]
    return [Item((VALUE, placed[at][0].value), placed[at][1], placed[at][0].marks) for at in sorted(surest)]


def spots_of(offer: Offer, places: Places) -> tuple[Range, ...]:
    """Where a value stands in the sequence."""
    spots = [places.of_words(*span) for span in offer.spans]
    if isinstance(offer.value, Literal):
        spots += [places.cells.get((column, str(offer.value.value)), (0, 0)) for column in offer.columns]
    spots += [place for token, place in places.earlier if is_value(token, offer)]
    return tuple(dict.fromkeys(spot for spot in spots if spot[0] < spot[1]))


def is_value(token: Token, offer: Offer) -> bool:
    """Whether a token of the plan before is that value."""
    if not isinstance(token, tuple) or isinstance(token, ColumnName) or not isinstance(token[1], Literal | Days):
        return False
    return identity(token[1]) == identity(offer.value)
