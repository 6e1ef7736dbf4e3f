"""A second opinion by DuckDB's own parser, inside the child process, on SQL that the first wall has let through."""

from __future__ import annotations

import duckdb


def objection_to(sql: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Why this may not run; empty if it may. It must be one SELECT."""
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        return f"{len(statements)} statements instead of one"
    if statements[0].type != duckdb.StatementType.SELECT:
        return f"a {statements[0].type.name} statement instead of SELECT"
    return ""
