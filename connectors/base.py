"""What a connector promises: it lists tables, measures columns, and runs a checked query inside limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from threading import Event
from typing import Protocol

import pyarrow as pa

Cell = str | int | float | bool | None
"""One value as JSON can hold it; dates are ISO text, decimals are floats."""


@dataclass(frozen=True, slots=True)
class ColumnListing:
    """A column as the database declares it."""

    name: str
    type: str
    """The database's own type name, such as DECIMAL(12,2)."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A declared reference from columns of one table to columns of another."""

    columns: tuple[str, ...]
    referred_table: str
    referred_columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableListing:
    """A table as the database declares it."""

    name: str
    columns: tuple[ColumnListing, ...]
    comment: str = ""
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """What one pass over a column's cells shows."""

    name: str
    rows: int
    missing: int
    """Cells that are NULL."""
    distinct: int
    """Different values; approximate (HyperLogLog) above a million rows."""
    minimum: Cell
    maximum: Cell
    mean: float | None
    frequent: tuple[tuple[Cell, int], ...]
    """The most frequent values with their counts, most frequent first, at most 20."""


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT that was parsed and checked: every name is known. Only analyst.validation makes one."""

    sql: str
    dialect: str
    tables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use."""

    seconds: float = 30.0
    memory_mb: int = 1024
    rows: int = 10_000
    """Rows handed back at most; one more is asked for, to know whether rows were cut."""
    wait_seconds: float = 60.0
    """How long it may wait for its turn; none of that is taken from `seconds`."""
    result_mb: int = 64
    """Megabytes handed back at most: ten thousand rows of long texts would fill the page's process and the browser."""


@dataclass(frozen=True, slots=True)
class ResultSet:
    """The rows a query gave."""

    table: pa.Table
    truncated: bool
    """True if the query had more rows than the limit, or larger ones than may be handed back."""
    seconds: float
    """Time the database took."""
    cut_by_size: bool = False
    """True if rows were left out because of their bytes, not their number."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self.table.column_names)

    def rows(self) -> list[list[Cell]]:
        """The rows in order, as JSON can hold them: dates as ISO text, decimals as floats."""
        columns = [[as_cell(value) for value in column.to_pylist()] for column in self.table.columns]
        return [list(row) for row in zip(*columns, strict=True)]


def as_cell(value: object) -> Cell:
    """A database value as JSON can hold it: dates as ISO text, decimals as floats, all else as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "as_tuple"):
        return float(value)  # type: ignore[arg-type]
    return str(value)


class Connector(Protocol):
    """A place where rows are kept. Every method may raise QueryFailed, ConnectionFailed or Busy."""

    dialect: str
    """The sqlglot name of the SQL it speaks."""

    def tables(self) -> tuple[TableListing, ...]:
        """Every table and view a question may use."""

    def statistics(self, table: str) -> tuple[ColumnStatistics, ...]:
        """One entry a column, in the table's order."""

    def values(self, table: str, column: str, limit: int) -> tuple[Cell, ...]:
        """Distinct non-null values, most frequent first, at most `limit`."""

    def containment(self, table: str, column: str, parent_table: str, parent_column: str) -> float:
        """Share (0 to 1) of the distinct non-null values of a column found in another column."""

    def execute(self, query: Query, limits: Limits, cancelled: Event) -> ResultSet:
        """Run a checked query; end it when `cancelled` is set or a limit is passed."""

    def close(self) -> None:
        """Give back processes and connections."""
