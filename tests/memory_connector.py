"""A connector over tables in memory, for tests that need rows and no files."""

from __future__ import annotations

import time
from threading import Event
from typing import Any

import duckdb

from connectors.base import Cell, ColumnListing, ColumnStatistics, Limits, Query, ResultSet, TableListing, as_cell


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class MemoryConnector:
    """Holds the tables that the given statements make; counts the queries it is asked."""

    dialect = "duckdb"

    def __init__(self, *statements: str) -> None:
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("SET ieee_floating_point_ops=false")
        self.asked = 0
        for statement in statements:
            self.connection.execute(statement).fetchall()

    def tables(self) -> tuple[TableListing, ...]:
        names = [row[0] for row in self._rows("SELECT table_name FROM duckdb_tables() ORDER BY table_oid")]
        return tuple(
            TableListing(name, tuple(ColumnListing(row[0], row[1]) for row in self._rows(f"DESCRIBE {quoted(name)}"))) for name in names
        )

    def statistics(self, table: str) -> tuple[ColumnStatistics, ...]:
        listing = next(listing for listing in self.tables() if listing.name == table)
        return tuple(self._statistics(table, column) for column in listing.columns)

    def values(self, table: str, column: str, limit: int) -> tuple[Cell, ...]:
        name = quoted(column)
        rows = self._rows(
            f"SELECT {name} FROM {quoted(table)} WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT {int(limit)}"
        )
        return tuple(as_cell(row[0]) for row in rows)

    def containment(self, table: str, column: str, parent_table: str, parent_column: str) -> float:
        self.asked += 1
        child, parent = quoted(column), quoted(parent_column)
        [[share]] = self._rows(
            f"SELECT coalesce(avg((v IN (SELECT {parent} FROM {quoted(parent_table)} WHERE {parent} IS NOT NULL))::INT), 0) "
            f"FROM (SELECT DISTINCT {child} AS v FROM {quoted(table)} WHERE {child} IS NOT NULL)"
        )
        return float(share)

    def execute(self, query: Query, limits: Limits, cancelled: Event) -> ResultSet:
        self.asked += 1
        started = time.perf_counter()
        table = self.connection.sql(query.sql).to_arrow_table()
        return ResultSet(table.slice(0, limits.rows), table.num_rows > limits.rows, time.perf_counter() - started)

    def close(self) -> None:
        self.connection.close()

    def _statistics(self, table: str, column: ColumnListing) -> ColumnStatistics:
        name, numeric = quoted(column.name), column.type.startswith(("BIG", "INT", "DOU", "DEC", "FLOAT", "HUGE", "SMALL", "TINY"))
        mean = f"avg({name})" if numeric else "NULL"
        [[rows, missing, distinct, low, high, average]] = self._rows(
            f"SELECT count(*), count(*) - count({name}), count(DISTINCT {name}), min({name}), max({name}), {mean} FROM {quoted(table)}"
        )
        frequent = self._rows(
            f"SELECT {name}, count(*) FROM {quoted(table)} WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20"
        )
        mean_cell = None if average is None else float(average)
        samples = tuple((as_cell(value), count) for value, count in frequent)
        return ColumnStatistics(column.name, rows, missing, distinct, as_cell(low), as_cell(high), mean_cell, samples)

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()
