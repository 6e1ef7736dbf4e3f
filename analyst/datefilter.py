"""A period laid over SQL that already stands: the rows outside it leave before anything is counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlglot import exp, parse_one
from sqlglot.optimizer.scope import traverse_scope

from analyst.terms import Column, Schema, Table

YEAR_TYPES = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "USMALLINT", "UINTEGER", "UBIGINT")
DAY_TYPES = ("DATE", "TIMESTAMP", "DATETIME")


class Period(NamedTuple):
    """From the first day to the last, both included; an open end is None."""

    first: date | None
    last: date | None


class FilteredSQL(NamedTuple):
    """SQL over the rows of a period, and the columns (table, column) that were compared; none where no table has a date."""

    sql: str
    columns: tuple[tuple[str, str], ...]


def within_period(sql: str, period: Period, schema: Schema) -> FilteredSQL:
    """Put each dated table inside a subquery that holds the period's rows only, so that sums and shares are those of the period.

    `sql` is a checked SELECT; what comes out is to be checked again before it runs.
    """
    tree = parse_one(sql, dialect=schema.dialect)
    uses = base_tables(tree)
    dated = {table.name: column for table in facts_of(schema, uses) if (column := date_column(table, tree))}
    for use in uses:
        table = schema.table(use.name)
        column = dated.get(table.name) if table else None
        if table and column:
            use.replace(rows_of_period(use, column, period))
    return FilteredSQL(tree.sql(dialect=schema.dialect), tuple((name, column.name) for name, column in dated.items()))


def base_tables(tree: exp.Expr) -> list[exp.Table]:
    """Every place where the SQL reads a table itself; a CTE of the same name is none."""
    sources = [source for scope in traverse_scope(tree) for source in scope.sources.values()]
    found = {id(source): source for source in sources if isinstance(source, exp.Table)}
    return list(found.values())


def facts_of(schema: Schema, uses: list[exp.Table]) -> list[Table]:
    """The dated tables whose rows are counted. A looked-up table's date (a customer's first day) is not the date of what happened."""
    used = {table.name: table for use in uses if (table := schema.table(use.name))}
    dated = [table for table in used.values() if any(is_dated(column) for column in table.columns)]
    looked_up = {join.parent_table for join in schema.joins if join.table in used and join.parent_table in used}
    return [table for table in dated if table.name not in looked_up] or dated


def date_column(table: Table, tree: exp.Expr) -> Column | None:
    """The date the SQL itself speaks of, else the table's first."""
    named = {column.name.casefold() for column in tree.find_all(exp.Column)}
    dates = [column for column in table.columns if is_dated(column)]
    return next((column for column in dates if column.name.casefold() in named), dates[0] if dates else None)


def is_dated(column: Column) -> bool:
    """Whether a column says when its row happened, as a day or as a year."""
    kind = column.type.upper()
    return kind.startswith(DAY_TYPES) or (column.role == "time" and kind in YEAR_TYPES)


def rows_of_period(use: exp.Table, column: Column, period: Period) -> exp.Subquery:
    """The table's rows of the period, under the name by which the SQL calls the table."""
    bare = exp.Table(this=use.this.copy(), db=use.args.get("db"), catalog=use.args.get("catalog"))
    rows = exp.select("*").from_(bare).where(*bounds(column, period))
    subquery = rows.subquery(exp.to_identifier(use.alias_or_name, quoted=True))
    for key in ("joins", "laterals", "pivots", "sample"):
        if use.args.get(key):
            subquery.set(key, use.args[key])
    return subquery


def bounds(column: Column, period: Period) -> list[exp.Expr]:
    """The comparisons that hold a column to the period."""
    name = exp.column(exp.to_identifier(column.name, quoted=True))
    # The day after the last, left out, also takes in the last day's hours.
    after = period.last + timedelta(days=1) if period.last else None
    low: exp.Expr | None
    high: exp.Expr | None
    if column.type.upper() in YEAR_TYPES:
        low = exp.Literal.number(period.first.year) if period.first else None
        high = exp.Literal.number(period.last.year + 1) if period.last else None
    else:
        low, high = (exp.cast(exp.Literal.string(day.isoformat()), "DATE") if day else None for day in (period.first, after))
    lowest = [exp.GTE(this=name, expression=low)] if low else []
    return [*lowest, *([exp.LT(this=name.copy(), expression=high)] if high else [])]
