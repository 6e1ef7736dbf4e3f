"""Warnings that the SQL, the schema and the rows prove: the query runs, but may not mean what it seems to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from sqlglot import expressions as exp

from analyst.columns.headers import header_words
from analyst.columns.roles import kind_of
from analyst.meaning.cautionwords import caution
from analyst.sql.sources import (
    aggregates,
    column_of,
    conjuncts,
    group_keys,
    joins_of,
    outer_select,
    own_aggregates,
    parse,
    places,
    table_of,
    tables_of,
)  # fmt: skip
from analyst.terms import Caution, Column, Join, Query, ResultSet, Schema, Table
from analyst.writing.periodends import begins_late, is_unfinished

RATIO_WORDS = {"rate", "ratio", "percent", "percentage", "pct", "margin", "share", "率", "占比", "比例", "百分比"}
"""Header words of columns whose values are parts of different wholes."""
CURRENCY_WORDS = {"currency", "curr", "币种", "货币"}
CURRENCIES = {"USD", "EUR", "CNY", "RMB", "GBP", "JPY", "HKD", "INR", "CAD", "AUD", "CHF", "KRW", "TWD", "SGD", "BRL", "MXN", "RUB"}
ONE_CURRENCY = {"$", "€", "£", "¥", "元", "美元", "欧元", "万元", "亿元", "%"}
"""Units that say that a column holds one currency, or none."""
ORPHANS = 0.999  # a share of matching values below this loses rows that somebody may miss


def cautions(query: Query, schema: Schema, result: ResultSet) -> tuple[Caution, ...]:
    """What the person should know before trusting the numbers, each once, most serious first."""
    tree = parse(query)
    selects = list(tree.find_all(exp.Select))
    found: list[Caution] = []
    for rule in RULES:
        for select in selects:
            found += rule(select, schema)
    found += [*_cut(result), *_unordered(tree)]
    return tuple({(one.kind, one.message): one for one in found}.values())


# ------------------------------------------------------------------------------------------------ joins
def fan_out(select: exp.Select, schema: Schema) -> Iterator[Caution]:
    """A parent's measure summed after each parent row was repeated by its children."""
    tables = tables_of(select, schema)
    if len(tables) < 2:
        return
    repeated = _repeated(select, schema, tables)
    for aggregate in _aggregates_of(select):
        if not isinstance(aggregate, (exp.Sum, exp.Avg)) or isinstance(aggregate.this, exp.Distinct):
            continue
        owners = {found[0].name for column in aggregate.find_all(exp.Column) if (found := column_of(column, schema))}
        owner = next(iter(owners)) if len(owners) == 1 else ""
        if owner in repeated:
            column = next(aggregate.find_all(exp.Column)).name
            kind = "fan_out" if isinstance(aggregate, exp.Sum) else "fan_out_average"
            yield caution(kind, table=owner, other=repeated[owner], column=column)


def _repeated(select: exp.Select, schema: Schema, tables: dict[str, Table]) -> dict[str, str]:
    """Table -> the table that repeats its rows, where an equality joins a key of the first to a column of the second that is no key."""
    found: dict[str, str] = {}
    for left, right in _equalities(select):
        ends = column_of(left, schema), column_of(right, schema)
        if not ends[0] or not ends[1] or ends[0][0].name == ends[1][0].name:
            continue
        for (parent, key), (child, column) in (ends, ends[::-1]):  # type: ignore[misc]
            if _is_key(parent, key) and not _is_key(child, column) and not _narrowed(select, schema, child, column):
                found.setdefault(parent.name, child.name)
    return {parent: child for parent, child in found.items() if sum(table.name == parent for table in tables.values()) == 1}


def _equalities(select: exp.Select) -> Iterator[tuple[exp.Column, exp.Column]]:
    """Pairs of columns that must agree, from ON, USING and WHERE."""
    where = select.args.get("where")
    conditions = [part for join in joins_of(select) for part in conjuncts(join.args.get("on"))]
    for part in [*conditions, *conjuncts(where.this if where else None)]:
        if isinstance(part, exp.EQ) and isinstance(part.this, exp.Column) and isinstance(part.expression, exp.Column):
            yield part.this, part.expression
    sources = list(places(select))
    for place, join in zip(sources[1:], joins_of(select), strict=False):
        for name in join.args.get("using") or ():
            first, second = (exp.column(name.name, source.alias_or_name) for source in (sources[0], place))
            for side in (first, second):
                side.set("parent", None)
                side.parent = select
            yield first, second


def _is_key(table: Table, column: Column) -> bool:
    return (column.name,) in table.keys


def _narrowed(select: exp.Select, schema: Schema, child: Table, column: Column) -> bool:
    """Whether conditions fix the rest of a key of the child, so that at most one of its rows meets a parent."""
    where = select.args.get("where")
    fixed = {column.name} | {
        found[1].name
        for part in conjuncts(where.this if where else None)
        if isinstance(part, exp.EQ) and (found := column_of(part.this, schema)) and found[0].name == child.name
    }
    return any(set(key) <= fixed for key in child.keys)


def lost_rows(select: exp.Select, schema: Schema) -> Iterator[Caution]:
    """An inner join that drops rows without a partner."""
    for place, join in zip(list(places(select))[1:], joins_of(select), strict=False):
        if (join.args.get("side") or "").upper() in ("LEFT", "FULL") or table_of(place, schema) is None:
            continue
        for known in _known_joins(join, schema):
            if known.containment < ORPHANS:
                share = f"{(1 - known.containment) * 100:.1f}".rstrip("0").rstrip(".")
                yield caution("lost_rows", table=known.table, column=known.column, other=known.parent_table, share=share)


def _known_joins(join: exp.Join, schema: Schema) -> Iterator[Join]:
    for part in conjuncts(join.args.get("on")):
        ends = [column_of(side, schema) for side in (part.this, part.args.get("expression")) if isinstance(side, exp.Column)]
        names = {(found[0].name, found[1].name) for found in ends if found}
        yield from (known for known in schema.joins if names == {(known.table, known.column), (known.parent_table, known.parent_column)})


# ------------------------------------------------------------------------------------------------ measures
def summed_ratios(select: exp.Select, schema: Schema) -> Iterator[Caution]:
    """A sum or a plain average of rates and percentages."""
    for aggregate in _aggregates_of(select):
        found = column_of(aggregate.this, schema) if isinstance(aggregate, (exp.Sum, exp.Avg)) else None
        if not found or not _is_ratio(found[1]):
            continue
        name = found[1].name
        if isinstance(aggregate, exp.Sum):
            yield caution("summed_ratio", column=name)
        elif found[0].rows > 1:
            yield caution("averaged_ratio", column=name)


def _is_ratio(column: Column) -> bool:
    words = header_words(column.name)
    named = bool(words) and (words[-1] in RATIO_WORDS or any(words[-1].endswith(word) for word in RATIO_WORDS if not word.isascii()))
    numeric = (
        kind_of(column.type) in ("number", "integer")
        and isinstance(column.maximum, (int, float))
        and isinstance(column.minimum, (int, float))
    )
    return numeric and (column.unit == "%" or (named and abs(float(column.maximum or 0)) <= 100 and abs(float(column.minimum or 0)) <= 100))


def mixed_currencies(select: exp.Select, schema: Schema) -> Iterator[Caution]:
    """Amounts of several currencies in one sum."""
    for aggregate in _aggregates_of(select):
        found = column_of(aggregate.this, schema) if isinstance(aggregate, (exp.Sum, exp.Avg, exp.Min, exp.Max)) else None
        currency = next((column for column in found[0].columns if _is_currency(column)), None) if found else None
        if not found or not currency or _mentions(select, schema, currency) or found[1].role != "measure" or not _is_money(found[1]):
            continue
        values = ", ".join(str(value) for value, _ in currency.frequent[:3])
        yield caution("mixed_units", column=found[1].name, values=values, other=currency.name)


def _is_currency(column: Column) -> bool:
    values = [str(value).upper() for value, _ in column.frequent]
    named = any(word in CURRENCY_WORDS for word in header_words(column.name))
    return (
        column.distinct > 1 and bool(values) and (named or all(value in CURRENCIES for value in values)) and kind_of(column.type) == "text"
    )


def _is_money(column: Column) -> bool:
    words = set(header_words(column.name))
    return (
        column.unit not in ONE_CURRENCY
        and not _is_ratio(column)
        and not words & {"quantity", "qty", "count", "units", "rank", "age", "year", "number", "数量", "件数"}
    )


def _mentions(select: exp.Select, schema: Schema, column: Column) -> bool:
    """Whether a condition or a group speaks of the column."""
    parts = [*group_keys(select), *(select.args[name] for name in ("where", "having") if select.args.get(name))]
    return any((found := column_of(reference, schema)) and found[1] is column for part in parts for reference in part.find_all(exp.Column))


# ------------------------------------------------------------------------------------------------ time
def partial_period(select: exp.Select, schema: Schema) -> Iterator[Caution]:
    """Groups by month, quarter or year whose last one is not over in the data."""
    for key in _period_keys(select):
        found = column_of(key.this, schema)
        if not found or kind_of(found[1].type) != "date":
            continue
        grain, first, last = _grain(key), _day(found[1].minimum), _day(found[1].maximum)
        if last and is_unfinished(last, grain) and not _bounded(select, schema, found[1], (exp.LT, exp.LTE)):
            yield caution(f"partial_{grain}", day=last.isoformat())
        if first and begins_late(first, grain) and not _bounded(select, schema, found[1], (exp.GT, exp.GTE)):
            yield caution(f"partial_first_{grain}", day=first.isoformat())


def _period_keys(select: exp.Select) -> Iterator[exp.Expr]:
    if not aggregates(select):
        return
    for projection in select.expressions:
        inner = projection.unalias()
        inner = inner.this if isinstance(inner, exp.Cast) else inner
        if isinstance(inner, (exp.TimestampTrunc, exp.DateTrunc, exp.Year)) or (isinstance(inner, exp.TimeToStr) and _grain(inner)):
            yield inner


def _grain(key: exp.Expr) -> str:
    if isinstance(key, exp.Year):
        return "year"
    if isinstance(key, exp.TimeToStr):
        return {"%Y": "year", "%Y-%m": "month"}.get(key.args["format"].name, "")
    unit = str(key.args["unit"].name).casefold()
    return unit if unit in ("year", "quarter", "month", "week") else ""


def _bounded(select: exp.Select, schema: Schema, column: Column, kinds: tuple[type[exp.Expr], ...]) -> bool:
    """Whether a condition bounds the column on that side, so that the end of the data may not matter."""
    where = select.args.get("where")
    for part in conjuncts(where.this if where else None):
        if isinstance(part, (*kinds, exp.Between, exp.EQ)) and any(
            (found := column_of(reference, schema)) and found[1] is column for reference in part.find_all(exp.Column)
        ):
            return True
    return False


def _day(cell: object) -> date | None:
    try:
        return date.fromisoformat(str(cell)[:10])
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------ conditions
def text_against_number(select: exp.Select, schema: Schema) -> Iterator[Caution]:
    """A text column compared with a number, or sorted as if it were one: '10' comes before '9'."""
    for comparison in select.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ):
        found = column_of(comparison.this, schema)
        other = comparison.expression
        if found and found[1].distinct and kind_of(found[1].type) == "text" and isinstance(other, exp.Literal) and not other.is_string:
            yield caution("text_as_number", column=found[1].name, number=other.name)


def missing_in_not_in(select: exp.Select, schema: Schema) -> Iterator[Caution]:
    """NOT IN over values of which one is missing never holds."""
    where = select.args.get("where")
    for part in conjuncts(where.this if where else None):
        inner = part.this if isinstance(part, exp.Not) else None
        subquery = inner.args.get("query") if isinstance(inner, exp.In) else None
        chosen = outer_select(subquery) if subquery is not None else None
        found = column_of(chosen.expressions[0].unalias(), schema) if chosen is not None and len(chosen.expressions) == 1 else None
        if chosen is not None and found and found[1].missing and not _excludes_missing(chosen, schema, found[1]):
            yield caution("not_in_missing", table=found[0].name, column=found[1].name)


def _excludes_missing(select: exp.Select, schema: Schema, column: Column) -> bool:
    where = select.args.get("where")
    return any(
        (found := column_of(reference, schema)) and found[1] is column
        for part in conjuncts(where.this if where else None)
        for reference in part.find_all(exp.Column)
    )


def _unordered(tree: exp.Expr) -> Iterator[Caution]:
    """LIMIT without ORDER BY: which rows come first is chance."""
    select = outer_select(tree)
    limit = tree.args.get("limit")
    if select is None or limit is None or tree.args.get("order") is not None or _one_row(select):
        return
    if any(inner.args.get("order") for inner in tree.find_all(exp.Select, exp.SetOperation)):
        return
    yield caution("unordered_limit")


def _one_row(select: exp.Select) -> bool:
    return (
        not select.args.get("group") and bool(select.expressions) and all(own_aggregates(projection) for projection in select.expressions)
    )


def _cut(result: ResultSet) -> Iterator[Caution]:
    if result.truncated:
        yield caution("truncated_size" if result.cut_by_size else "truncated", rows=f"{result.table.num_rows:,}")


def _aggregates_of(select: exp.Select) -> list[exp.AggFunc]:
    parts = [*select.expressions, *(select.args[name] for name in ("having", "order") if select.args.get(name))]
    return [aggregate for part in parts for aggregate in own_aggregates(part)]


RULES: tuple[Callable[[exp.Select, Schema], Iterator[Caution]], ...] = (
    fan_out,
    missing_in_not_in,
    summed_ratios,
    mixed_currencies,
    text_against_number,
    lost_rows,
    partial_period,
)
"""Most serious first."""
