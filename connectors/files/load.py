"""From sources to a new database file: copies the previous version, then adds or replaces a table for each file."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from connectors.errors import FileRejected
from connectors.files.report import LoadedColumn, LoadedTable, LoadReport, Progress, Source
from connectors.wording import Bilingual


def load(sources: Sequence[Source], folder: Path, previous: Path | None = None) -> Iterator[Progress | LoadReport]:
    """Write a new database file in `folder` with the previous tables and those of the sources; closing the generator removes it."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / f"tables-{uuid.uuid4().hex[:12]}.duckdb"
    finished = False
    try:
        if previous is not None:
            shutil.copyfile(previous, database)
        tables: list[LoadedTable] = []
        failed: list[tuple[Path, FileRejected]] = []
        with duckdb.connect(str(database)) as connection:
            for number, source in enumerate(sources):
                yield Progress(number / len(sources), Bilingual(f"Reading {source.path.name}", f"正在读取 {source.path.name}"))
                try:
                    tables.append(read(connection, source))
                except duckdb.Error as error:
                    said = str(error).splitlines()[0]
                    failed.append(
                        (source.path, FileRejected(Bilingual(f"{source.path.name}: {said}", f"无法读取 {source.path.name}：{said}")))
                    )
        finished = True
        yield LoadReport(database, tuple(tables), tuple(failed))
    finally:
        if not finished:
            database.unlink(missing_ok=True)


def read(connection: duckdb.DuckDBPyConnection, source: Source) -> LoadedTable:
    """Read one delimited file as a table named after its stem."""
    name = source.path.stem.strip()
    quoted = '"' + name.replace('"', '""') + '"'
    there = {str(row[0]).casefold() for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    connection.execute(f"CREATE OR REPLACE TABLE {quoted} AS SELECT * FROM read_csv(?, sample_size=-1)", [str(source.path)])
    described = connection.execute(f"DESCRIBE {quoted}").fetchall()
    counted = connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()
    columns = tuple(LoadedColumn(name=str(row[0]), header=str(row[0]), type=str(row[1])) for row in described)
    return LoadedTable(name, source.path, counted[0] if counted else 0, columns, replaced=name.casefold() in there)
