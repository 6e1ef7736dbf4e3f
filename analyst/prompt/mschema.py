"""A Schema as text for a model, in the style of M-Schema: one line a column, with type, role, range and samples.

M-Schema: XGenerationLab, https://github.com/XGenerationLab/M-Schema; what it gains over DDL is in docs/prompts.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

from analyst.prompt.fence import gives_orders, one_line, shortened
from analyst.terms import Cell, Column, Join, Schema, Table

Detail = Literal["full", "brief", "bare"]
"""full: ranges and samples; brief: what the person said of the columns; bare: names and types."""

SAMPLES = 6  # shown of a column with many values
ALL_SHOWN = 12  # a column with at most this many values shows them all: then the model knows that there is no other
PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CASE_KEPT = (NormalizationStrategy.CASE_INSENSITIVE, NormalizationStrategy.CASE_INSENSITIVE_UPPERCASE)
RESERVED = frozenset(Dialect.get_or_raise("duckdb").generator_class.RESERVED_KEYWORDS)  # of SQL as most engines reserve it


def render_schema(schema: Schema, detail: Detail = "full", only: Collection[str] | None = None) -> str:
    """Every table with its columns, then the joins; `only` names the tables to keep."""
    tables = [table for table in schema.tables if only is None or table.name in only]
    kept = {table.name for table in tables}
    joins = [join for join in schema.joins if {join.table, join.parent_table} <= kept]
    lines = [render_table(table, schema.dialect, detail) for table in tables]
    if joins:
        lines += ["Joins (many rows on the left, at most one on the right):", *(render_join(join, schema.dialect) for join in joins)]
    return "\n".join(lines)


def render_table(table: Table, dialect: str, detail: Detail) -> str:
    """A line for the table and a line for each column."""
    keys = ", ".join("+".join(spell(name, dialect) for name in key) for key in table.keys[:2])
    about = [f"{table.rows:,} rows", f"key {keys}" if keys else "no key"]
    head = f"Table {spell(table.name, dialect)}" if detail == "bare" else f"Table {spell(table.name, dialect)} ({'; '.join(about)})"
    if table.description and detail != "bare":
        head += f": {one_line(table.description)}"
    return "\n".join((head, *(render_column(column, dialect, detail) for column in table.columns)))


def render_column(column: Column, dialect: str, detail: Detail) -> str:
    """Such as `- Region VARCHAR, dimension, 4 values: 'West', 'East', 'North', 'South'`."""
    line = f"- {spell(column.name, dialect)} {column.type}"
    if detail == "bare":
        return line
    words = [column.role, f"in {one_line(column.unit)}" if column.unit else "", one_line(column.description)]
    if column.synonyms:
        words.append("also called " + ", ".join(one_line(word) for word in column.synonyms))
    if detail == "full":
        words += [missing_share(column), cells_shown(column)]
    return ", ".join((line, *filter(None, words)))


def missing_share(column: Column) -> str:
    """How much of it is NULL; empty where nothing is."""
    if not column.missing or not column.rows:
        return ""
    share = 100 * column.missing / column.rows
    return f"{share:.0f}% NULL" if share >= 1 else "few NULL"


def cells_shown(column: Column) -> str:
    """A range for what is measured or dated, values for what is named; empty where there is nothing to show."""
    if column.role in ("measure", "time") and column.minimum is not None:
        return f"{literal(column.minimum)} to {literal(column.maximum)}"
    values = [literal(value) for value, _ in column.frequent if value is not None and not gives_orders(str(value))]
    if not values:
        return ""
    if column.distinct <= ALL_SHOWN and len(values) == column.distinct:
        return f"{column.distinct} values: {', '.join(values)}"
    return f"{column.distinct:,} values, such as {', '.join(values[:SAMPLES])}"


def render_join(join: Join, dialect: str) -> str:
    """Such as `- orders."Customer ID" = customers."Customer ID"`."""
    return f"- {spell_column(join.table, join.column, dialect)} = {spell_column(join.parent_table, join.parent_column, dialect)}"


def spell(name: str, dialect: str) -> str:
    """A name as a query in this dialect spells it: with quotes where it needs them."""
    quoted = not PLAIN_NAME.fullmatch(name) or name.lower() in RESERVED
    identifier = exp.to_identifier(name, quoted=quoted)
    rules = Dialect.get_or_raise(dialect)
    if not quoted and rules.normalization_strategy not in CASE_KEPT:
        identifier.set("quoted", rules.normalize_identifier(identifier.copy()).name != name)
    return one_line(identifier.sql(dialect))


def spell_column(table: str, column: str, dialect: str) -> str:
    """A column with its table."""
    return f"{spell(table, dialect)}.{spell(column, dialect)}"


def literal(value: Cell) -> str:
    """A value as SQL writes it; a long text shows its head."""
    if isinstance(value, bool) or value is None:
        return str(value).upper()
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    return "'" + one_line(shortened(value)).replace("'", "''") + "'"
