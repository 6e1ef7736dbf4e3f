"""A query plan: what to show, of which rows, grouped, ordered and cut how; typed, and independent of SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlglot import expressions as exp

from analyst.terms import Cell, Join

Aggregate = Literal[
    "count", "count_distinct", "sum", "avg", "min", "max", "median", "stddev", "variance", "quantile", "corr", "last", "first"
]
GrainUnit = Literal["day", "week", "month", "quarter", "year", "decade", "hour", "weekday", "monthofyear", "weekend"]

Sign = Literal["=", "!=", "<", "<=", ">", ">=", "in", "not in", "between", "like", "not like", "is null", "not null", "true"]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Grain:
    """A date or time cut to a unit."""

    field: Field
    unit: GrainUnit


@dataclass(frozen=True, slots=True)
class Bin:
    """A number cut to steps of a width."""

    field: Field
    width: float


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a number's range as it is said; both ends belong to it unless it lies `above` the low or `below` the high one."""

    name: str
    low: float | None
    high: float | None
    above: bool = False
    below: bool = False


@dataclass(frozen=True, slots=True)
class Bands:
    """A number as the name of the band it lies in; nothing outside all of them."""

    field: Field
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two columns combined, such as price * quantity."""

    left: Field
    sign: Literal["*", "-", "/", "+"]
    right: Field


@dataclass(frozen=True, slots=True)
class Years:
    """Whole years from a date to a day, such as ages from dates of birth."""

    field: Field
    until: str


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression read from SQL that the plan has no word for; its columns carry table names."""

    sql: str
    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Referenced:
    """A cell of the row that a key points to, such as the name of an employee's manager; none where it points nowhere."""

    key: Field
    parent_key: Field
    target: Field


@dataclass(frozen=True, slots=True)
class Peers:
    """An aggregate of a column over the rows of its table that are alike in another column, such as the average salary of a department."""

    aggregate: Aggregate
    of: Field
    within: Field


@dataclass(frozen=True, slots=True)
class Elapsed:
    """The time from one date of a row to another, in whole days or in years; between moments in hours too."""

    start: Field
    end: Field
    unit: Literal["hour", "day", "year"] = "day"


Expression = Field | Grain | Bin | Bands | Arithmetic | Years | Referenced | Peers | Elapsed | Opaque


@dataclass(frozen=True, slots=True)
class Measure:
    """An aggregate; count without an expression counts rows."""

    aggregate: Aggregate
    of: Expression | None = None
    where: tuple[Condition | Either, ...] = ()
    at: float = 0.5
    """The quantile."""
    by: Field | None = None
    """The second column of a correlation, or what first and last are ordered by."""


@dataclass(frozen=True, slots=True)
class Combined:
    """Two measures combined: a ratio, a difference, or a percentage."""

    left: Measure
    kind: Literal["/", "-", "moved", "%", "change"]
    right: Measure


@dataclass(frozen=True, slots=True)
class Window:
    """A measure seen across the rows of the result."""

    kind: Literal["share", "growth", "cumulative", "moving", "change", "rank"]
    of: Measure | Field | Combined
    along: Expression | None = None
    """What the rows are ordered by; none for a share."""
    within: tuple[Expression, ...] = ()
    steps: int = 1


RowFigure = Field | Arithmetic | Elapsed
"""A number that each row has."""
Output = Expression | Measure | Combined | Window


@dataclass(frozen=True, slots=True)
class Condition:
    """A test on rows, or on groups where its left side is a measure."""

    left: Expression | Measure | Combined | Window
    sign: Sign
    right: tuple[Cell | Plan | Expression | Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """Conditions of which one must hold."""

    options: tuple[Condition, ...]


Test = Condition | Either


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by."""

    by: Output
    descending: bool = False


@dataclass(frozen=True, slots=True)
class TopEach:
    """The first rows of each group."""

    within: tuple[Expression, ...]
    order: Order
    limit: int = 1
    skip: int = 0
    """Of a single rank, the ranks before it: 1 for 'the second highest'."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole query."""

    select: tuple[Output, ...] = ()
    where: tuple[Test, ...] = ()
    group: tuple[Expression, ...] = ()
    having: tuple[Test, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int | None = None
    skip: int = 0
    """Rows left out before the first: 1 for 'the second highest'."""
    distinct: bool = False
    tables: tuple[str, ...] = ()
    """Tables that must take part even where no column of theirs is named; the first is the one rows are counted of."""
    top_each: TopEach | None = None
    after: tuple[Test, ...] = ()
    """Tests on the finished rows, for windows that must see all rows."""
    combine: tuple[Literal["intersect", "except", "union"], Plan] | None = None
    everything: str = ""
    """The table whose columns are all shown."""
    via: tuple[Join, ...] = ()
    """Joins to prefer where there are several ways."""


def fields(part: object) -> Iterator[Field]:
    """All columns that a part of a plan reads in its own FROM; subqueries have theirs."""
    match part:
        case Field():
            yield part
        case Grain(field=field) | Bin(field=field) | Bands(field=field) | Years(field=field):
            yield field
        case Arithmetic(left=left, right=right):
            yield left
            yield right
        case Referenced(key=key):
            yield key
        case Peers(of=of, within=within):
            yield of
            yield within
        case Elapsed(start=start, end=end):
            yield start
            yield end
        case Measure(of=of, where=where, by=by):
            yield from fields(of)
            yield from fields(where)
            yield from fields(by)
        case Combined(left=left, right=right):
            yield from fields(left)
            yield from fields(right)
        case Window(of=of, along=along, within=within):
            yield from fields(of)
            yield from fields(along)
            yield from fields(within)
        case Condition(left=left, right=right):
            yield from fields(left)
            yield from fields(tuple(value for value in right if not isinstance(value, Plan)))
        case Either(options=options):
            yield from fields(options)
        case Order(by=by):
            yield from fields(by)
        case TopEach(within=within, order=order):
            yield from fields(within)
            yield from fields(order)
        case tuple():
            for piece in part:
                yield from fields(piece)
        case _:
            return


def tables_of(plan: Plan) -> list[str]:
    """The tables a plan needs, in the order in which it names them."""
    found = list(plan.tables)
    parts = (plan.select, plan.where, plan.group, plan.having, plan.order, plan.top_each)
    found += [field.table for field in fields(parts)]
    found += [table for opaque in opaques(parts) for table in opaque.tables]
    if plan.everything:
        found.append(plan.everything)
    return list(dict.fromkeys(found))


def opaques(part: object) -> Iterator[Opaque]:
    """Expressions a plan could only take over as they are."""
    if isinstance(part, Opaque):
        yield part
    elif isinstance(part, tuple):
        for piece in part:
            yield from opaques(piece)
    elif isinstance(part, Measure | Condition | Order | Window | Either | Combined):
        for name in type(part).__slots__:
            yield from opaques(getattr(part, name))


def aggregated(output: Output) -> bool:
    """Whether an output is computed over groups of rows."""
    if isinstance(output, Window):
        return not isinstance(output.of, Field)
    return isinstance(output, Measure | Combined) or (isinstance(output, Opaque) and is_aggregate(output.sql))


def is_aggregate(sql: str) -> bool:
    """Whether SQL text taken over holds an aggregate."""
    from sqlglot import parse_one  # noqa: PLC0415 - only for the rare opaque part

    return parse_one(sql, dialect="duckdb").find(exp.AggFunc) is not None
