"""The rows of a gold query, and where it orders them, which may swap: those that tie on what it orders by."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import sqlglot
from sqlglot import expressions as exp

from benchmarks.judging import Item


def gold_of(connection: duckdb.DuckDBPyConnection, sql: str) -> Item:
    """A gold entry: the query, its rows and columns, and the rank of each row where the query orders. Raises duckdb.Error."""
    cursor = connection.execute(sql)
    columns = [column[0] for column in cursor.description or ()]
    rows = [[written(cell) for cell in row] for row in cursor.fetchall()]
    found: Item = {"sql": sql, "rows": rows, "columns": columns, "ordered": orders(sql)}
    ranks = ranks_of(connection, sql) if orders(sql) else None
    if ranks is not None and len(set(ranks)) < len(rows):
        found["order_rank"] = ranks
    return found


def orders(sql: str) -> bool:
    """Whether the query as a whole orders its rows."""
    return sqlglot.parse_one(sql, read="duckdb").args.get("order") is not None


def ranks_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[int] | None:
    """The rank of each row by what the query orders by; None where that cannot be shown beside the rows."""
    keyed = with_keys(sql)
    if keyed is None:
        return None
    shown, count = keyed
    ranks: list[int] = []
    before: tuple[Any, ...] | None = None
    for row in connection.execute(shown).fetchall():
        key = row[-count:]
        ranks.append(0 if before is None else ranks[-1] + (key != before))
        before = key
    return ranks


def with_keys(sql: str) -> tuple[str, int] | None:
    """The query with what it orders by as further columns, and how many these are."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(tree, exp.Select) or tree.args.get("distinct"):
        return None
    outputs, keys = list(tree.expressions), []
    for ordered in tree.args["order"].expressions:
        key = ordered.this
        keys.append(outputs[int(key.name) - 1].unalias().copy() if isinstance(key, exp.Literal) else key.copy())
    for place, key in enumerate(keys):
        tree.append("expressions", exp.alias_(key, f"order key {place}", quoted=True))
    return tree.sql(dialect="duckdb"), len(keys)


def cut_at_a_tie(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Whether a LIMIT leaves out a row that is as good as the last one it keeps: then another answer may be as right."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    limit = tree.args.get("limit")
    if limit is None or not orders(sql):
        return False
    kept = int(limit.expression.name)
    limit.set("expression", exp.Literal.number(kept + 1))
    ranks = ranks_of(connection, tree.sql(dialect="duckdb"))
    return ranks is not None and len(ranks) > kept and ranks[kept] == ranks[kept - 1]


def written(cell: object) -> object:
    """A cell as JSON holds it."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else cell
