"""How many rows the filters of a query leave, and how many are left out because a cell is missing: at most one small query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from threading import Event

from sqlglot import expressions as exp

from analyst.reading.clauses import chain
from analyst.sql.sources import column_of, conjuncts, own_aggregates, parse, places, step_of, table_of
from analyst.terms import Column, Query, Schema
from connectors.base import Connector, Limits
from connectors.errors import AnalystError, QueryCancelled

LARGEST = 20_000_000  # rows; counting more would take as long as the question itself
PATIENCE = 5.0  # seconds; the count is an extra, and the answer does not wait for it
COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Like, exp.ILike)
KEEPS_MISSING = (exp.Case, exp.Coalesce, exp.If, exp.Filter)
"""Inside these a missing cell may count after all."""


@dataclass(frozen=True, slots=True)
class RowCount:
    """What was counted."""

    scanned: int
    matched: int | None = None
    missing: Mapping[str, int] = field(default_factory=dict)


def count_rows(query: Query, schema: Schema, connector: Connector, limits: Limits, cancelled: Event) -> RowCount:
    """Rows scanned, left after the filters, and left out for a missing cell.

    Raises QueryCancelled; any other failure leaves the count out, since the answer stands without it.
    """
    tree = parse(query)
    scanned = sum(table.rows for table in map(schema.table, dict.fromkeys(query.tables)) if table)
    core = chain(tree)[-1] if chain(tree) and not isinstance(tree, exp.SetOperation) else None
    if core is None or not _countable(core, schema):
        return RowCount(scanned)
    measured = {column.name: (reference, column) for reference, column in _measured(tree, core, schema)}
    compared = {column.name: (reference, column) for reference, column in _compared(core, schema)}
    if not core.args.get("where") and not core.args.get("joins"):
        return RowCount(scanned, scanned, {name: column.missing for name, (_, column) in measured.items() if column.missing})
    if scanned > LARGEST:
        return RowCount(scanned)
    counting = _counting(core, measured, compared)
    try:
        result = connector.execute(
            replace(query, sql=counting.sql(query.dialect)),
            replace(limits, seconds=min(limits.seconds, PATIENCE), wait_seconds=min(limits.wait_seconds, PATIENCE), rows=1),
            cancelled,
        )
    except QueryCancelled:
        raise
    except AnalystError:
        return RowCount(scanned)
    counts = [int(cell or 0) for cell in result.rows()[0]]
    left_out: dict[str, int] = {}
    for name, count in zip((*measured, *compared), counts[1:], strict=True):
        left_out[name] = left_out.get(name, 0) + count
    return RowCount(scanned, counts[0], {name: count for name, count in left_out.items() if count})


def _countable(core: exp.Select, schema: Schema) -> bool:
    """Whether it reads tables of the schema alone, so that its rows can be counted without the rest of the query."""
    sources = list(places(core))
    inside = [table for name in ("where", "joins") for part in _parts(core, name) for table in part.find_all(exp.Table)]
    return (
        bool(sources)
        and all(table_of(place, schema) is not None for place in sources)
        and not any(step_of(table) is not None for table in inside)
        and not core.args.get("laterals")
    )


def _parts(select: exp.Select, name: str) -> list[exp.Expr]:
    part = select.args.get(name)
    return part if isinstance(part, list) else [part] if part is not None else []


def _measured(tree: exp.Expr, core: exp.Select, schema: Schema) -> Iterator[tuple[exp.Column, Column]]:
    """Columns with missing cells that aggregates read directly."""
    for select in chain(tree):
        for projection in select.expressions:
            for aggregate in own_aggregates(projection):
                if aggregate.find(*KEEPS_MISSING) or isinstance(aggregate.parent, exp.Filter):
                    continue
                yield from _with_gaps(aggregate.find_all(exp.Column), core, schema)


def _compared(core: exp.Select, schema: Schema) -> Iterator[tuple[exp.Column, Column]]:
    """Columns with missing cells that a condition compares, which a missing cell never meets."""
    where = core.args.get("where")
    for part in conjuncts(where.this if where else None):
        inner = part.this if isinstance(part, exp.Not) else part
        if isinstance(inner, COMPARED) and not inner.find(*KEEPS_MISSING, exp.Query):
            yield from _with_gaps(inner.find_all(exp.Column), core, schema)


def _with_gaps(references: Iterator[exp.Column], core: exp.Select, schema: Schema) -> Iterator[tuple[exp.Column, Column]]:
    for reference in references:
        found = column_of(reference, schema)
        if found and found[1].missing and reference.parent_select is core:
            yield reference, found[1]


def _counting(
    core: exp.Select, measured: Mapping[str, tuple[exp.Column, Column]], compared: Mapping[str, tuple[exp.Column, Column]]
) -> exp.Select:
    """SELECT the counts over the same tables; filters move into the counts only where a column they compare has gaps."""
    where = core.args.get("where")
    kept = [part.copy() for part in conjuncts(where.this if where else None)]
    counting = exp.Select()
    for name in ("from_", "joins"):
        part = core.args.get(name)
        counting.set(name, [one.copy() for one in part] if isinstance(part, list) else part.copy() if part is not None else None)
    counts = [_count_where(kept if compared else [])]
    for reference, _ in measured.values():
        counts.append(_count_where([*(kept if compared else []), _is_missing(reference)]))
    for name, (reference, _) in compared.items():
        others = [part for part in kept if not any(column.name.casefold() == name.casefold() for column in part.find_all(exp.Column))]
        counts.append(_count_where([*others, _is_missing(reference)]))
    counting = counting.select(*counts)
    return counting if compared or not kept else counting.where(exp.and_(*kept))


def _is_missing(reference: exp.Column) -> exp.Expr:
    return exp.Is(this=reference.copy(), expression=exp.Null())


def _count_where(conditions: list[exp.Expr]) -> exp.Expr:
    """The number of rows that meet all conditions, in words that every database knows."""
    if not conditions:
        return exp.Count(this=exp.Star())
    case = exp.Case(ifs=[exp.If(this=exp.and_(*(part.copy() for part in conditions)), true=exp.Literal.number(1))])
    return exp.Count(this=case)
