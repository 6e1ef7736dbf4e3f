"""What a model is told about SQL that did not work: the words said against it, the tables it speaks of, and the nearest values."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

import sqlglot
from sqlglot import exp

from analyst.errors import UnsafeSQL
from analyst.prompt.fence import one_line, several_lines
from analyst.prompt.mschema import literal, render_table, spell_column
from analyst.sql.bounds import UNREADABLE, Allowance, tokens_of, tree_of
from analyst.terms import Attempt, Column, Links, Query, Schema, Table

NEAREST_SHOWN = 5
NEAR_ENOUGH = 0.4  # difflib's ratio; below it two values share little but length
COMPARISONS = (exp.EQ, exp.NEQ, exp.In, exp.Like, exp.ILike)


def render_attempt(attempt: Attempt, schema: Schema, links: Links) -> str:
    """The query, its error, the columns of the tables it names, and for each value it compares with that is not there the nearest."""
    tree = parsed(attempt.sql, schema.dialect)
    lines = [f"Query: {one_line(attempt.sql)}", f"Error: {several_lines(attempt.error)}"]
    if tree:
        lines += [render_table(table, schema.dialect, "bare") for table in tables_named(tree, schema)]
        lines += nearest_values(tree, schema, links)
    return "\n".join(lines)


def absent_values(query: Query, schema: Schema, links: Links) -> list[str]:
    """A line for each text that a query compares a column with although the column is not known to hold it."""
    tree = parsed(query.sql, schema.dialect)
    return nearest_values(tree, schema, links) if tree else []


def parsed(sql: str, dialect: str) -> exp.Query | None:
    """The SQL as a tree; None where it is none."""
    try:
        tree = tree_of(sql, tokens_of(sql), Allowance()) if dialect == "duckdb" else sqlglot.parse_one(sql, read=dialect)
    except (*UNREADABLE, UnsafeSQL):
        return None
    return tree if isinstance(tree, exp.Query) else None


def tables_named(tree: exp.Query, schema: Schema) -> list[Table]:
    """The tables of the schema that a query speaks of."""
    found = (schema.table(node.name) for node in tree.find_all(exp.Table))
    return list({table.name: table for table in found if table}.values())


def nearest_values(tree: exp.Query, schema: Schema, links: Links) -> list[str]:
    """A line for each text the query compares a column with that the column is not known to hold."""
    lines = []
    for table, column, text in values_compared(tree, schema):
        known = [str(match.value) for match in links.values if (match.table, match.column) == (table.name, column.name)]
        known += [str(value) for value, _ in column.frequent if value is not None]
        if known and text not in known:
            near = get_close_matches(text, dict.fromkeys(known), NEAREST_SHOWN, NEAR_ENOUGH) or known[:NEAREST_SHOWN]
            spelled = ", ".join(literal(value) for value in near)
            lines.append(f"Values of {spell_column(table.name, column.name, schema.dialect)}: {spelled}")
    return list(dict.fromkeys(lines))


def values_compared(tree: exp.Query, schema: Schema) -> Iterator[tuple[Table, Column, str]]:
    """Each text in the query together with the column it is compared with."""
    tables = tables_named(tree, schema)
    for comparison in tree.find_all(*COMPARISONS):
        column = comparison.find(exp.Column)
        owner = next((table for table in tables if column and table.column(column.name)), None)
        known = owner.column(column.name) if owner and column else None
        for text in comparison.find_all(exp.Literal):
            if owner and known and text.is_string:
                yield owner, known, text.name.strip("%")
