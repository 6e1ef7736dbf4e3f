"""The values that a plan can point at: numbers, cells, texts and periods that the question says, and cells of columns that have few."""

from __future__ import annotations

from calendar import day_name
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from analyst.columns.roles import kind_of
from analyst.mentions import CellMention, Mention, Mentions, NumberMention, PeriodMention, TextMention
from analyst.models.reader.marks import CELL_ITEM_MARKS, ItemMark, bits
from analyst.plan.algebra import ColumnName, Days, Literal
from analyst.temporal.period import Period, resolve
from analyst.terms import Column, Schema

FEW = 8  # different values that a column may have for its cells to be offered unasked
LONGEST_SHOWN = 40  # characters of a cell that is offered unasked
FIRST_YEAR, LAST_YEAR = 1500, 2200
SURE, LIKELY = 0.9, 0.7  # of a mention's score

Value = Literal | Days
Span = tuple[int, int]
"""Characters [start, end) of the question."""


@dataclass(slots=True)
class Offer:
    """A value with where it was said and the columns that hold it."""

    value: Value
    marks: int
    score: float
    spans: list[Span] = field(default_factory=list)
    columns: list[ColumnName] = field(default_factory=list)


def offers(mentions: Mentions, schema: Schema, earlier: Sequence[Value] = ()) -> list[Offer]:
    """Every value once, those that the question says first, in the order in which it does."""
    found: dict[tuple[str, object], Offer] = {}
    for offer in (*said(mentions, schema), *before(earlier), *unasked(schema)):
        known = found.setdefault(identity(offer.value), offer)
        if known is not offer:
            known.marks |= offer.marks & ~bits(ItemMark.SHOWN)
            known.score = max(known.score, offer.score)
            known.spans += [span for span in offer.spans if span not in known.spans]
            known.columns += [column for column in offer.columns if column not in known.columns]
    return list(found.values())


def identity(value: Value) -> tuple[str, object]:
    """What two values share that are the same to a query: kind and content."""
    if isinstance(value, Days):
        return "days", (value.start, value.end)
    kind = "truth" if isinstance(value.value, bool) else "text" if isinstance(value.value, str) else "number"
    return kind, value.value


def said(mentions: Mentions, schema: Schema) -> Iterator[Offer]:
    """What mentions speak of, as values."""
    spoken: tuple[Mention, ...] = (*mentions.cells, *mentions.numbers, *mentions.texts, *mentions.periods)
    for mention in sorted(spoken, key=lambda one: one.start):
        span = (mention.start, mention.end)
        if isinstance(mention, CellMention):
            column = ColumnName(mention.table, mention.column)
            yield Offer(Literal(mention.value), cell_marks(mention, mentions.cells), mention.score, [span], [column])
        elif isinstance(mention, NumberMention):
            year = FIRST_YEAR < mention.value < LAST_YEAR and float(mention.value).is_integer()
            yield Offer(Literal(mention.value), bits(ItemMark.VALUE, ItemMark.NUMBER, *([ItemMark.YEAR] if year else [])), 1.0, [span])
        elif isinstance(mention, TextMention):
            yield Offer(Literal(mention.text), bits(ItemMark.VALUE, ItemMark.TEXT), 0.95, [span])
        elif isinstance(mention, PeriodMention):
            yield from period_offers(mention, schema)


def cell_marks(mention: CellMention, cells: Iterable[CellMention]) -> int:
    """How a cell was found and how sure that is."""
    best = max(other.score for other in cells if other.start < mention.end and mention.start < other.end)
    marks = [ItemMark.VALUE, ItemMark.CELL, CELL_ITEM_MARKS.get(mention.how, ItemMark.OTHERWISE)]
    marks += [ItemMark.SURE] if mention.score >= SURE else [ItemMark.LIKELY] if mention.score >= LIKELY else []
    return bits(*marks, *([ItemMark.BEST] if mention.score >= best else []))


def period_offers(mention: PeriodMention, schema: Schema) -> Iterator[Offer]:
    """A period as days, counted back from the last day of each table where it depends on that; what recurs also by number or name."""
    period, span = mention.period, (mention.start, mention.end)
    marks = bits(ItemMark.VALUE, PERIOD_MARKS[period.kind])
    anchors = last_days(schema)
    if period.kind == "absolute":
        anchors = {date.max: [name for columns in anchors.values() for name in columns]}
    for anchor, columns in anchors.items():
        days = resolved(period, anchor)
        if days:
            yield Offer(days, marks, 1.0, [span], columns)
    for value in recurring(period):
        yield Offer(Literal(value), marks, 1.0, [span])


PERIOD_MARKS = {
    "absolute": ItemMark.PERIOD_FIXED,
    "recurring": ItemMark.PERIOD_RECURRING,
    "relative": ItemMark.PERIOD_RELATIVE,
}


def resolved(period: Period, anchor: date) -> Days | None:
    """A period's days; nothing where they lie outside the calendar, as an anchor of the year 9999 can make them."""
    try:
        return Days(*resolve(period, anchor))
    except (ValueError, OverflowError):
        return None


def recurring(period: Period) -> list[int | str]:
    """A period that comes round again as a part of dates is compared: month 3, quarter 1, Monday."""
    if period.kind != "recurring":
        return []
    if period.unit == "weekday":
        return [day_name[number - 1] for number in period.numbers]
    if period.unit == "quarter":
        return [(period.numbers[0] + 2) // 3]
    return list(period.numbers) if period.unit in ("month", "season", "half") else []


def last_days(schema: Schema) -> dict[date, list[ColumnName]]:
    """The last day of each table's moments, with the columns of moments of the tables that end on it."""
    found: dict[date, list[ColumnName]] = {}
    for table in schema.tables:
        moments = [column for column in table.columns if kind_of(column.type) == "date"]
        days = [day for column in moments if (day := day_of(column))]
        if days:
            found.setdefault(max(days), []).extend(ColumnName(table.name, column.name) for column in moments)
    return found


def day_of(column: Column) -> date | None:
    """The last day among a column's moments."""
    try:
        return date.fromisoformat(str(column.maximum)[:10])
    except ValueError:
        return None


def before(values: Sequence[Value]) -> Iterator[Offer]:
    """The values of the turn before."""
    for value in values:
        yield Offer(value, bits(ItemMark.VALUE, ItemMark.EARLIER), 0.9)


def unasked(schema: Schema) -> Iterator[Offer]:
    """The cells of columns of text that have few different ones."""
    for table in schema.tables:
        for column in table.columns:
            for cell in few_cells(column):
                yield Offer(Literal(cell), bits(ItemMark.VALUE, ItemMark.SHOWN), 0.3, [], [ColumnName(table.name, column.name)])


def few_cells(column: Column) -> list[str]:
    """A column's different texts where these are few."""
    if column.distinct > FEW or kind_of(column.type) != "text":
        return []
    return [cell for cell, _ in column.frequent if isinstance(cell, str) and 0 < len(cell) <= LONGEST_SHOWN]
