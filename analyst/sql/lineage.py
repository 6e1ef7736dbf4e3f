"""Where each output column of a SELECT comes from: the schema's column, the function around it, and whether rows are grouped by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from analyst.sql.room import Room
from analyst.terms import Column, Query, Schema, Table

INWARD = Room(steps=5)
ADDITIVE = (exp.Sum, exp.Count, exp.CountIf)
"""Functions whose results for parts add up to the result for the whole."""

KEEPS_UNIT = (exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Median, exp.Quantile, exp.PercentileCont, exp.Round, exp.Abs, exp.Cast, exp.Coalesce,
              exp.Paren, exp.Neg, exp.Window, exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Filter, exp.Lag, exp.Lead, exp.AnyValue,
              exp.Nullif, exp.TryCast, exp.WithinGroup, exp.Ceil, exp.Floor, exp.Case, exp.If)  # fmt: skip


PARTS: dict[type[exp.Expr], str] = {
    exp.Year: "year", exp.Quarter: "quarter", exp.Month: "month", exp.Day: "day", exp.Hour: "hour", exp.DayOfWeek: "weekday",
    exp.DayOfMonth: "day",
}  # fmt: skip
"""Functions that take a part of a date, and the word that says what their numbers are."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What one output column was made from."""

    column: Column | None = None
    """The schema's column that it shows or measures, where there is exactly one."""
    name: str = ""
    """That column's name as the query writes it; empty where there is none or several."""
    function: str = ""
    """The aggregate around it, such as sum, avg, count; empty for a plain column."""
    part: str = ""
    """The part of a date that it holds, such as year or hour."""
    unit: str = ""
    grouped: bool = False
    """True if the rows are grouped by it."""
    additive: bool = False
    """True if its values for parts add up to the value for the whole."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a query says of its output."""

    origins: tuple[Origin, ...] = ()
    """One for each output column; empty where they could not be told."""
    ordered: bool = False
    descending: bool = False
    limit: int | None = None
    aggregated: bool = False
    """True if rows are grouped or summed up, False for a listing of single rows."""


def lineage(query: Query | None, schema: Schema, width: int) -> Lineage:
    """What the query says of its `width` output columns; an empty answer where it cannot be told (a star, a set operation)."""
    if query is None:
        return Lineage()
    try:
        tree = sqlglot.parse_one(query.sql, read=query.dialect)
    except SqlglotError:
        return Lineage()
    select = tree if isinstance(tree, exp.Select) else tree.find(exp.Select)
    if select is None:
        return Lineage()
    order, limit = tree.args.get("order"), tree.args.get("limit")
    origins = tuple(_output(projection, select, schema) for projection in select.expressions)
    known = len(origins) == width and not any(projection.is_star for projection in select.expressions)
    return Lineage(
        origins=origins if known else (),
        ordered=order is not None,
        descending=bool(order is not None and order.expressions and order.expressions[0].args.get("desc")),
        limit=int(limit.expression.name) if limit is not None and limit.expression is not None and limit.expression.is_int else None,
        aggregated=_aggregates(select),
    )


def _aggregates(select: exp.Select) -> bool:
    """True if the select, or the subquery it reads, sums rows up."""
    waiting, seen = [select], set()
    while waiting:
        one = waiting.pop()
        if one.args.get("group") or any(projection.find(exp.AggFunc) for projection in one.expressions):
            return True
        seen.add(id(one))
        waiting.extend(inner for inner in _inner_selects(one) if id(inner) not in seen)
    return False


def _inner_selects(select: exp.Select) -> Iterator[exp.Select]:
    source = select.args.get("from_") or select.args.get("from")
    joins = select.args.get("joins") or ()
    for place in (source, *joins):
        inner = place.this if place is not None else None
        if isinstance(inner, exp.Subquery) and isinstance(inner.this, exp.Select):
            yield inner.this
        elif isinstance(inner, exp.Table):
            yield from (cte.this for cte in select.find_all(exp.CTE) if cte.alias == inner.name and isinstance(cte.this, exp.Select))


def _output(projection: exp.Expr, select: exp.Select, schema: Schema, room: Room = INWARD) -> Origin:
    expression = projection.unalias()
    column = _through(expression, select, schema, room)
    grouped = _is_grouped(projection, select)
    return replace(column, grouped=column.grouped or grouped)


def _is_grouped(projection: exp.Expr, select: exp.Select) -> bool:
    group = select.args.get("group")
    if group is None:
        return False
    expression, name = projection.unalias(), projection.alias_or_name.casefold()
    if group.args.get("all"):
        return expression.find(exp.AggFunc) is None
    position = select.expressions.index(projection) + 1
    for key in group.expressions:
        by_place = isinstance(key, exp.Literal) and key.name == str(position)
        if by_place or key == expression or (isinstance(key, exp.Column) and name and key.name.casefold() == name):
            return True
    return False


def _through(expression: exp.Expr, select: exp.Select, schema: Schema, room: Room) -> Origin:
    """The origin of an expression, read from the outside in."""
    if isinstance(expression, exp.Column):
        return _column(expression, select, schema, room)
    if isinstance(expression, exp.Count | exp.CountIf):
        counted = expression.find(exp.Column) if expression.find(exp.Distinct) else None
        return Origin(function="count", name=counted.name if counted else "", additive=counted is None)
    inner = [_through(child, select, schema, room) for child in _operands(expression)]
    found = [origin for origin in inner if origin != Origin()]
    function = expression.key if isinstance(expression, exp.AggFunc) else next((origin.function for origin in found if origin.function), "")
    additive = isinstance(expression, ADDITIVE) or (
        isinstance(expression, (exp.Round, exp.Cast, exp.Coalesce, exp.Paren, exp.Mul)) and any(origin.additive for origin in found)
    )
    columns = {id(origin.column): origin.column for origin in found if origin.column is not None}
    column = next(iter(columns.values())) if len(columns) == 1 else None
    names = list(dict.fromkeys(origin.name for origin in found if origin.name))
    part = _part(expression) or next((origin.part for origin in found if origin.part), "")
    return Origin(column, names[0] if len(names) == 1 else "", function, part, _unit(expression, found), additive=additive)


def _part(expression: exp.Expr) -> str:
    """The part of a date that a function takes, in the words that tell its numbers' grain."""
    if isinstance(expression, exp.Extract):
        name = str(expression.this.name).casefold()
        return {"dow": "weekday", "isodow": "weekday", "dayofweek": "weekday"}.get(name, name)
    return PARTS.get(type(expression), "")


def _operands(expression: exp.Expr) -> list[exp.Expr]:
    if isinstance(expression, exp.Subquery) and isinstance(expression.this, exp.Select) and expression.this.expressions:
        return []
    if isinstance(expression, exp.Window):
        return [expression.this]
    return [child for child in expression.iter_expressions() if not isinstance(child, exp.DataType | exp.Literal | exp.Order | exp.Where)]


def _unit(expression: exp.Expr, operands: list[Origin]) -> str:
    units = [origin.unit for origin in operands]
    distinct = set(filter(None, units))
    if isinstance(expression, (*KEEPS_UNIT, exp.Add, exp.Sub, exp.Mul)):
        return next(iter(distinct)) if len(distinct) == 1 else ""
    if isinstance(expression, exp.Div | exp.SafeDivide) and len(units) == 2:
        return units[0] if not units[1] else ""
    return units[0] if isinstance(expression, exp.Div) and len(units) == 1 else ""


def _column(reference: exp.Column, select: exp.Select, schema: Schema, room: Room) -> Origin:
    name = reference.name.casefold()
    for inner in _inner_selects(select) if room.steps else ():
        for projection in inner.expressions:
            if projection.alias_or_name.casefold() == name:
                left = room.within(projection)
                return _output(projection, inner, schema, left) if left else Origin()
    columns = [column for table in _tables(reference, select, schema) if (column := table.column(name))]
    column = columns[0] if columns else None
    return Origin(column, reference.name, unit=column.unit if column else "")


def _tables(reference: exp.Column, select: exp.Select, schema: Schema) -> list[Table]:
    """The schema's tables that the reference may mean: the one it names, else all the select reads."""
    named = [table for table in select.find_all(exp.Table) if not reference.table or table.alias_or_name == reference.table]
    return [table for place in named if (table := schema.table(place.name)) is not None]
