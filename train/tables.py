"""Tables for training and measuring, opened in this process: CSV files or rows in memory, profiled as the product does, kept on disk.

Training questions are trusted, so nothing here runs behind the product's second wall.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Event
from time import monotonic
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import duckdb
import pyarrow as pa

import analyst
import connectors
from analyst.grounding.index import CellIndex
from analyst.profile import profile
from analyst.terms import Schema
from connectors import duckdb_profile as statements
from connectors.base import Cell, ColumnListing, ColumnStatistics, Limits, Query, ResultSet, TableListing, as_cell

READ_WAYS = ("", ", sample_size=-1", ", all_varchar=true, ignore_errors=true")
"""Options of read_csv, each tried where the one before fails on a file."""
SCHEMA_CODE = ("profile", "columns", "terms.py")
INDEX_CODE = ("grounding", "temporal", "words")
"""Parts of the package whose change makes what was kept stale."""


Made = TypeVar("Made")


class Opened(NamedTuple):
    """Tables with all that is known of them, and a connection on which SQL about them runs."""

    schema: Schema
    cells: CellIndex
    connection: duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Renamed:
    """Other names for a table and its columns."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)


class InProcess:
    """A connector (see connectors.base) over a DuckDB connection of this process."""

    dialect = "duckdb"

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        columns = self._rows(statements.COLUMNS)
        self._tables = tuple(
            TableListing(
                row["name"], tuple(ColumnListing(c["name"], c["type"], c["comment"]) for c in columns if c["table"] == row["name"])
            )
            for row in self._rows(statements.TABLES)
        )

    def tables(self) -> tuple[TableListing, ...]:
        """Every table, by name."""
        return self._tables

    def statistics(self, table: str) -> tuple[ColumnStatistics, ...]:
        """One entry a column."""
        listed = next(listing for listing in self._tables if listing.name == table).columns
        rows = int(self._rows(statements.row_count(table))[0]["rows"])
        seen = self._rows(statements.overview(table, [(c.name, c.type) for c in listed], estimate=rows > statements.EXACT_ROWS))[0]
        return tuple(self._column(table, column, rows, seen, at) for at, column in enumerate(listed))

    def values(self, table: str, column: str, limit: int) -> tuple[Cell, ...]:
        """Distinct non-null values, most frequent first, at most `limit`."""
        found = self.connection.execute(statements.frequent(table, column, limit)).fetchall()
        return tuple(as_cell(row[0]) for row in found)

    def containment(self, table: str, column: str, parent_table: str, parent_column: str) -> float:
        """Share of the distinct non-null values of a column found in another; 0 where it has none."""
        kinds = [self._type(table, column), self._type(parent_table, parent_column)]
        alike = kinds[0] == kinds[1] or all(map(statements.is_number, kinds))
        counts = self._rows(statements.containment((table, column), (parent_table, parent_column), as_text=not alike))[0]
        return counts["found"] / counts["different"] if counts["different"] else 0.0

    def execute(self, query: Query, limits: Limits, cancelled: Event) -> ResultSet:
        """The first rows of a query; memory and time are not limited here."""
        started = monotonic()
        found = self.connection.execute(query.sql).to_arrow_table()
        return ResultSet(found.slice(0, limits.rows), found.num_rows > limits.rows, monotonic() - started)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _column(self, table: str, column: ColumnListing, rows: int, seen: Mapping[str, Any], at: int) -> ColumnStatistics:
        present, different, frequent = int(seen[f"n{at}"]), seen[f"d{at}"], []
        if different is None:
            different = self._rows(statements.distinct(table, column.name))[0]["different"]
        if statements.is_ordered(column.type) and statements.frequent_pay(rows, different):
            frequent = self._rows(statements.frequent(table, column.name, statements.FREQUENT))
        return ColumnStatistics(
            name=column.name,
            rows=rows,
            missing=rows - present,
            distinct=min(int(different), present),
            minimum=as_cell(seen[f"low{at}"]),
            maximum=as_cell(seen[f"high{at}"]),
            mean=seen[f"mean{at}"],
            frequent=tuple((as_cell(row["value"]), int(row["count"])) for row in frequent),
        )

    def _type(self, table: str, column: str) -> str:
        listed = next(listing for listing in self._tables if listing.name == table)
        return next(c.type for c in listed.columns if c.name == column)

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def open_folder(paths: Sequence[Path], cache: Path, names: Mapping[str, Renamed] | None = None) -> Opened:
    """The tables of some CSV files, one a file and called as it, or otherwise where `names` says so for a file's stem.

    What was made of them is kept under `cache` and used again as long as neither the files nor the code that made it change.
    """
    names = names or {}
    marks = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    key = _digest(repr((marks, sorted(names.items(), key=lambda item: item[0]), _code(SCHEMA_CODE), inspect.getsource(_read))))
    file = cache / key[:2] / f"{key}.duckdb"
    if not file.exists():
        _write(file, lambda part: _load(part, paths, names))
    connection = duckdb.connect(str(file), read_only=True)
    connection.execute("SET threads=1")
    return _described(connection, file)


def open_rows(tables: Mapping[str, pa.Table], cache: Path) -> Opened:
    """Small tables given as rows, under their names; only what is known of them is kept under `cache`."""
    connection = duckdb.connect()
    connection.execute("SET threads=1")
    mark = hashlib.sha256(_code(SCHEMA_CODE).encode())
    for name, rows in tables.items():
        connection.register("given", rows)
        connection.execute(f"CREATE TABLE {statements.quoted(name)} AS SELECT * FROM given")
        connection.unregister("given")
        mark.update(repr((name, rows.to_pydict())).encode())
    key = mark.hexdigest()[:32]
    return _described(connection, cache / key[:2] / f"{key}.rows")


def _described(connection: duckdb.DuckDBPyConnection, file: Path) -> Opened:
    schema = _kept(file.with_suffix(".schema"), lambda: profile(InProcess(connection)))
    index = _kept(file.with_suffix(f".{_code(INDEX_CODE)[:8]}.index"), lambda: CellIndex(schema, InProcess(connection)))
    return Opened(schema, index, connection)


def _kept(file: Path, make: Callable[[], Made]) -> Made:
    """What is pickled in a file; made and put there first where it is not."""
    if file.exists():
        kept: Made = pickle.loads(file.read_bytes())
        return kept
    made = make()
    _write(file, lambda part: part.write_bytes(pickle.dumps(made, protocol=5)))
    return made


def _write(file: Path, put: Callable[[Path], object]) -> None:
    """A file made under another name first, so that nobody reads half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    put(part)
    part.replace(file)


def _load(file: Path, paths: Sequence[Path], names: Mapping[str, Renamed]) -> None:
    connection = duckdb.connect(str(file))
    connection.execute("SET threads=1")
    for path in paths:
        renamed = names.get(path.stem, Renamed(path.stem))
        _read(connection, path, renamed)
    connection.close()


def _read(connection: duckdb.DuckDBPyConnection, path: Path, renamed: Renamed) -> None:
    """A table made of a CSV file, types found in all of it where its beginning misleads."""
    table = statements.quoted(renamed.table)
    for options in READ_WAYS:
        try:
            connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv(?{options})", [str(path)])
            break
        except duckdb.Error:
            if options == READ_WAYS[-1]:
                raise
    plain = {origin.casefold(): name for origin, name in renamed.columns.items()}
    for row in connection.execute(f"DESCRIBE {table}").fetchall():
        name = plain.get(row[0].casefold(), row[0])
        if name != row[0]:
            connection.execute(f"ALTER TABLE {table} RENAME {statements.quoted(row[0])} TO {statements.quoted(name)}")


@lru_cache(maxsize=2)
def _code(parts: tuple[str, ...]) -> str:
    """A digest of some of the package's source files."""
    homes = [_home(analyst) / part for part in parts] + [_home(connectors) / "duckdb_profile.py"]
    return _digest("".join(path.read_text("utf-8") for home in homes for path in _sources(home)))


def _sources(home: Path) -> Iterator[Path]:
    yield from [home] if home.is_file() else sorted([*home.rglob("*.py"), *home.rglob("*.tsv")])


def _home(package: ModuleType) -> Path:
    return Path(str(package.__file__)).parent


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
