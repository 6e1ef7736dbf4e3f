"""What a question can ask for, as a value: terms over columns, conditions, and queries made of them; independent of SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from analyst.terms import Cell


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A column of a table."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, or a date as ISO text, that a term is compared or calculated with."""

    value: Cell


@dataclass(frozen=True, slots=True)
class Days:
    """A half-open range of days, as ISO dates: from `start` until before `end`."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One of the grammar's operators over its arguments, such as sum(column) or and(condition, condition)."""

    name: str
    arguments: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What rows are sorted by."""

    term: Term
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """One query. Outputs without an aggregate, and `groups` besides, are what an aggregating query groups by."""

    outputs: tuple[Term, ...]
    distinct: bool = False
    where: Term | None = None
    groups: tuple[Term, ...] = ()
    """Groups that are not shown."""
    having: Term | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    per: tuple[Term, ...] = ()
    """With these the limit holds for each of their values: the top three of each region."""
    tables: tuple[str, ...] = field(default=())
    """Tables that take part though none of their columns is named."""


@dataclass(frozen=True, slots=True)
class Combined:
    """The rows of two queries put together: union, union_all, intersect or except."""

    kind: str
    left: Plan
    right: Plan


Plan = Select | Combined
Term = ColumnName | Literal | Days | Operation | Select | Combined


class Inexpressible(Exception):
    """A query that the algebra cannot say, or a token list that is no plan; its text names the part."""


AGGREGATES = frozenset(
    ("rows", "count", "distinct", "sum", "avg", "min", "max", "median", "stddev", "quantile", "corr", "only", "share", "share_within",
     "change", "growth", "growth_year", "running", "moving", "portion", "at_max", "at_min")
)  # fmt: skip
"""Operators that make one value of many rows."""


def aggregates(term: Term) -> bool:
    """Whether a term makes one value of many rows; a query inside it is a value of its own."""
    if not isinstance(term, Operation):
        return False
    return term.name in AGGREGATES or any(aggregates(argument) for argument in term.arguments)


def parts(plan: Term) -> Iterator[Term]:
    """The direct parts of a term or query, in the order in which a plan is written."""
    if isinstance(plan, Operation):
        yield from plan.arguments
    elif isinstance(plan, Combined):
        yield from (plan.left, plan.right)
    elif isinstance(plan, Select):
        yield from plan.outputs
        yield from filter(None, (plan.where,))
        yield from plan.groups
        yield from filter(None, (plan.having,))
        yield from (order.term for order in plan.order)
        yield from plan.per


def walk(plan: Term) -> Iterator[Term]:
    """A term or query and all that it is made of, queries inside it included."""
    yield plan
    for part in parts(plan):
        yield from walk(part)


def own_terms(select: Select) -> Iterator[Term]:
    """All terms of one query, without those of queries inside it."""
    waiting = list(parts(select))
    while waiting:
        term = waiting.pop(0)
        yield term
        if not isinstance(term, Select | Combined):
            waiting.extend(parts(term))


def tables_of(select: Select) -> tuple[str, ...]:
    """The tables of one query in the order of their first mention, without those of queries inside it."""
    named = [term.table for term in own_terms(select) if isinstance(term, ColumnName)]
    return tuple(dict.fromkeys((*named, *select.tables)))
