"""The readers that are measured: each is given a path and tells what it read and what it says of it."""

from __future__ import annotations

import csv
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks.pollock.cells import Table
from connectors.files import LoadedTable, LoadReport, Source, load


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file."""

    tables: tuple[Table, ...] = ()
    said: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    """Cells that the reader left empty and shows."""
    refused: str = ""
    """Why nothing was read; empty where something was."""


def read_ours(path: Path) -> Reading:
    """Through the loader of this project."""
    with tempfile.TemporaryDirectory() as folder:
        *_, report = load([Source(path)], Path(folder))
        if not isinstance(report, LoadReport):
            raise TypeError("loading ended without a report")
        if not report.tables:
            return Reading(refused=" ".join(error.in_language("en") for _, error in report.failed))
        with duckdb.connect(str(report.database), read_only=True) as connection:
            tables = tuple(_of(connection, table) for table in report.tables)
        rejects = [row for table in report.tables for row in _rejects(table)]
        said = frozenset(note.en for table in report.tables for note in table.notes) | {" ".join(row) for row in rejects}
        return Reading(tables, said, frozenset(text for _, column, *_, text in rejects if column))


def _of(connection: duckdb.DuckDBPyConnection, table: LoadedTable) -> Table:
    quoted = '"' + table.name.replace('"', '""') + '"'
    names = tuple(column.name for column in table.columns) if table.header_lines else ()
    return Table(names, tuple(connection.execute(f"SELECT * FROM {quoted}").fetchall()))


def _rejects(table: LoadedTable) -> list[list[str]]:
    """The lines of the file of what was rejected: line, column, two reasons, text."""
    if table.rejects_file is None:
        return []
    with table.rejects_file.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def read_duckdb(path: Path) -> Reading:
    """Bare `read_csv`, which finds out the dialect, the header and the types."""
    with duckdb.connect() as connection:
        try:
            found = connection.execute("SELECT * FROM read_csv(?)", [str(path)])
            names = tuple(str(column[0]) for column in found.description or ())
            return Reading((Table(names, tuple(found.fetchall())),))
        except duckdb.Error as error:
            return Reading(refused=str(error))


def read_pandas(path: Path) -> Reading:
    """The separator guessed, lines that do not fit refused, which is pandas' own default."""
    refused = ""
    for encoding in ("utf-8", "cp1252"):
        try:
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                frame = pd.read_csv(path, sep=None, engine="python", encoding=encoding)
        except (ValueError, csv.Error, pd.errors.ParserError) as error:
            refused = str(error) or type(error).__name__
            continue
        rows = frame.astype(object).itertuples(index=False, name=None)
        return Reading((Table(tuple(map(str, frame.columns)), tuple(rows)),), frozenset(str(one.message) for one in warned))
    return Reading(refused=refused)


READERS: dict[str, Callable[[Path], Reading]] = {"this project": read_ours, "DuckDB": read_duckdb, "pandas": read_pandas}
