"""SQLite databases: every table under its own name, each column typed by what its cells hold, since SQLite itself does not mind."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from connectors.files.column import TEXT
from connectors.files.dates import formats_of
from connectors.files.grid import arrow_of
from connectors.files.names import quoted
from connectors.files.rejection import damaged, without_table
from connectors.files.report import LoadedTable, Progress, ReadOptions
from connectors.files.staging import Draft, settle
from connectors.files.target import Target
from connectors.wording import Bilingual

BATCH_ROWS = 20_000
SAMPLED = 1_000


def read_sqlite(target: Target, path: Path, options: ReadOptions, origin: Path) -> Generator[Progress, None, list[LoadedTable]]:
    """Read every table of a SQLite database. Raises FileRejected."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.text_factory = lambda text: text.decode("utf-8", "replace")
            names = [
                str(row[0])
                for row in database.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                )
            ]
            if not names:
                raise without_table(origin.name)
            tables = []
            for number, name in enumerate(names):
                yield Progress(number / len(names), Bilingual(f"Copying {name}", f"正在复制 {name}"))
                tables.append((yield from _table(target, database, name, options, origin)))
            return tables
    except sqlite3.Error as error:
        raise damaged(origin.name, str(error)) from error


def _table(
    target: Target, database: sqlite3.Connection, name: str, options: ReadOptions, origin: Path
) -> Generator[Progress, None, LoadedTable]:
    declared = [(str(row[1]), str(row[2]).upper()) for row in database.execute(f"PRAGMA table_info({quoted(name)})")]
    fixed = {at: TEXT for at, (column, kind) in enumerate(declared) if _is_text(kind) and not _all_dates(database, name, column)}
    draft = Draft(table=target.name_for(name), path=origin, headers=tuple(column for column, _ in declared), options=options, fixed=fixed)
    width = len(declared)
    target.connection.register("batch", arrow_of([], [], width))
    target.rows("CREATE OR REPLACE TEMP TABLE staged_rows AS SELECT * FROM batch")
    for first, rows in _batches(database, name):
        target.connection.register("batch", arrow_of(range(first, first + len(rows)), rows, width))
        target.rows("INSERT INTO staged_rows SELECT * FROM batch")
        yield Progress(None, Bilingual(f"Copying {name}", f"正在复制 {name}"))
    target.connection.unregister("batch")
    table = yield from settle(target, draft, "staged_rows")
    target.rows("DROP TABLE staged_rows")
    return table


def _is_text(kind: str) -> bool:
    return any(word in kind for word in ("CHAR", "TEXT", "CLOB"))


def _all_dates(database: sqlite3.Connection, table: str, column: str) -> bool:
    """SQLite has no dates, so they are kept as text; a text column that holds nothing else is one of dates."""
    sql = f"SELECT DISTINCT {quoted(column)} FROM {quoted(table)} WHERE {quoted(column)} <> '' LIMIT {SAMPLED}"
    values = [str(row[0]) for row in database.execute(sql)]
    return bool(values) and all(any(name.startswith("%Y-%m-%d") for name in formats_of(value)) for value in values)


def _batches(database: sqlite3.Connection, table: str) -> Iterator[tuple[int, list[list[str]]]]:
    cursor = database.execute(f"SELECT * FROM {quoted(table)}")
    first = 1
    while rows := cursor.fetchmany(BATCH_ROWS):
        yield first, [[_text(value) for value in row] for row in rows]
        first += len(rows)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.hex().upper()
    return repr(value) if isinstance(value, float) else str(value)
