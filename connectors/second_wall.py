"""A second opinion by DuckDB's own parser, inside the child process, on SQL that the first wall has let through.

It shares no code and no parser with the first wall, so that what one misreads the other need not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb

QUERIES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
"""Kinds of query that only read; a DELETE ... RETURNING inside WITH is none of them."""
TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}

FORBIDDEN = {
    "query", "query_table", "json_execute_serialized_sql", "json_serialize_plan", "json_deserialize_sql",  # text that becomes code
    "sleep_ms", "nextval", "currval", "setval", "setseed", "write_log", "checkpoint", "force_checkpoint", "error",  # effects
    "current_setting", "getvariable", "getenv", "which_secret", "current_query", "current_database", "current_schema", "current_schemas",
    "current_catalog", "current_role", "current_user", "session_user", "version", "stats", "txid_current", "glob", "sniff_csv",
    "in_search_path", "current_connection_id", "current_query_id", "current_transaction_id", "create_external_resource",
}  # fmt: skip
FORBIDDEN_BEGINNINGS = ("duckdb_", "pragma_", "pg_", "read_", "parquet_", "inet_", "has_", "__internal", "enable_", "disable_")


def own_views() -> frozenset[str]:
    """The views that DuckDB brings along, which tell of the database rather than of the person's data."""
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute("SELECT view_name FROM duckdb_views() WHERE internal").fetchall()
    return frozenset(str(name).casefold() for (name,) in rows)


class SecondWall:
    """Looks through a query before it runs on a connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, forbidden_tables: frozenset[str]) -> None:
        self._connection = connection
        self._forbidden_tables = forbidden_tables

    def objection_to(self, sql: str) -> str:
        """Why this may not run; empty if it may: one SELECT over tables of the file, without functions that look elsewhere."""
        statements = self._connection.extract_statements(sql)
        if len(statements) != 1:
            return f"{len(statements)} statements instead of one"
        if statements[0].type != duckdb.StatementType.SELECT:
            return f"{statements[0].type.name} instead of SELECT"
        ((text,),) = self._connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
        tree = json.loads(text)
        if tree["error"]:
            return str(tree["error_message"])
        return next(filter(None, map(self._objection, _nodes(tree))), "")

    def _objection(self, node: dict[str, Any]) -> str:
        kind = node.get("type")
        if "cte_map" in node and kind not in QUERIES:
            return f"{str(kind).partition('_')[0]} instead of SELECT"
        if kind == "SHOW_REF":
            return f"{node.get('show_type')} instead of SELECT"
        if kind == "BASE_TABLE":
            return self._objection_to_table(node)
        if kind == "TABLE_FUNCTION" and node["function"]["function_name"].casefold() not in TABLE_FUNCTIONS:
            return f"the function {node['function']['function_name']}"
        if kind == "FUNCTION":
            name = str(node["function_name"]).casefold()
            return f"the function {name}" if name in FORBIDDEN or name.startswith(FORBIDDEN_BEGINNINGS) else ""
        return ""

    def _objection_to_table(self, node: dict[str, Any]) -> str:
        place, name = (str(node["catalog_name"]), str(node["schema_name"])), str(node["table_name"])
        if place not in (("", ""), ("", "main")) or name.casefold() in self._forbidden_tables:
            return f"the table {'.'.join(filter(None, (*place, name)))}"
        return ""


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Every object of a JSON tree; a stack, because SQL can be nested deeper than Python may call."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
