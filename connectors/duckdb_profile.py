"""The statements with which a DuckDB file is described: its tables, and what the cells of a column show."""

from __future__ import annotations

EXACT_ROWS = 1_000_000  # up to here different values are counted, above they are estimated (HyperLogLog)
FREQUENT = 20
SMALL_TABLE = 100_000  # rows for which the most frequent values are worth finding whatever their number
FEW_VALUES = 20_000  # beyond so many different values the most frequent ones say little
FEW_VALUES_OF_MANY_ROWS = 1_000

TABLES = """
    SELECT table_name AS name, coalesce(comment, '') AS comment FROM duckdb_tables()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
    UNION ALL
    SELECT view_name, coalesce(comment, '') FROM duckdb_views()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
    ORDER BY 1
"""
COLUMNS = """
    SELECT table_name AS "table", column_name AS name, data_type AS type, coalesce(comment, '') AS comment FROM duckdb_columns()
    WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
    ORDER BY table_name, column_index
"""
KEYS = """
    SELECT table_name AS "table", constraint_type AS kind, constraint_column_names AS columns,
        referenced_table AS referred_table, referenced_column_names AS referred_columns
    FROM duckdb_constraints()
    WHERE database_name = current_database() AND schema_name = 'main' AND constraint_type IN ('PRIMARY KEY', 'FOREIGN KEY')
"""

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
           "FLOAT", "DOUBLE", "DECIMAL")  # fmt: skip
ORDERED = (*NUMBERS, "VARCHAR", "DATE", "TIME", "TIMESTAMP", "BOOLEAN", "UUID", "ENUM")


def quoted(name: str) -> str:
    """A name as an identifier of DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def is_number(kind: str) -> bool:
    """Whether a type, as DuckDB writes it, holds numbers."""
    return kind.startswith(NUMBERS) and not kind.endswith("]")


def is_ordered(kind: str) -> bool:
    """Whether a type is simple enough to have a least, a greatest and a most frequent value."""
    return kind.startswith(ORDERED) and not kind.endswith("]")


def row_count(table: str) -> str:
    """The number of rows as `rows`."""
    return f"SELECT count(*) AS rows FROM {quoted(table)}"


def overview(table: str, columns: list[tuple[str, str]], estimate: bool) -> str:
    """One pass over a table: for the column at place i how many cells hold a value, n{i}, their range low{i} to high{i} and mean{i},
    and, if wanted, about how many different values there are, d{i}."""
    wanted = []
    for i, (name, kind) in enumerate(columns):
        column, ordered = quoted(name), is_ordered(kind)
        wanted.append(f"count({column}) AS n{i}")
        wanted.append(f"{f'approx_count_distinct({column})' if estimate else 'NULL'} AS d{i}")
        wanted.append(f"{f'min({column})' if ordered else 'NULL'} AS low{i}")
        wanted.append(f"{f'max({column})' if ordered else 'NULL'} AS high{i}")
        wanted.append(f"{_mean(column, kind)} AS mean{i}")
    return f"SELECT {', '.join(wanted)} FROM {quoted(table)}"


def _mean(column: str, kind: str) -> str:
    if kind in ("FLOAT", "DOUBLE"):
        return f"avg({column}) FILTER (isfinite({column}))"
    return f"avg({column})::DOUBLE" if is_number(kind) else "NULL"


def frequent_pay(rows: int, distinct: int) -> bool:
    """Whether the most frequent values are worth a pass over the column."""
    return rows <= SMALL_TABLE or distinct <= (FEW_VALUES if rows <= EXACT_ROWS else FEW_VALUES_OF_MANY_ROWS)


def frequent(table: str, column: str, limit: int) -> str:
    """The most frequent values as `value`, with their `count` and, in each row, how many different values there are."""
    name = quoted(column)
    return (
        f"SELECT {name} AS value, count(*) AS count, count(*) OVER () AS different FROM {quoted(table)} "
        f"WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY 2 DESC, 1 LIMIT {int(limit)}"
    )


def distinct(table: str, column: str) -> str:
    """How many different values a column has, exactly, as `different`."""
    return f"SELECT count(DISTINCT {quoted(column)}) AS different FROM {quoted(table)}"


def containment(child: tuple[str, str], parent: tuple[str, str], as_text: bool) -> str:
    """How many `different` values the child's column has, and how many of them are `found` in the parent's."""
    child_table, child_column = map(quoted, child)
    parent_table, parent_column = map(quoted, parent)
    cast = "::VARCHAR" if as_text else ""
    return (
        f"SELECT count(*) AS different, count(*) FILTER (v IN (SELECT {parent_column}{cast} FROM {parent_table} "
        f"WHERE {parent_column} IS NOT NULL)) AS found "
        f"FROM (SELECT DISTINCT {child_column}{cast} AS v FROM {child_table} WHERE {child_column} IS NOT NULL)"
    )
