"""Where tables are written: the new database, the names taken in it, and long statements that can be watched and stopped."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from connectors.files.names import table_name
from connectors.files.report import Progress
from connectors.wording import Bilingual

LOOK_SECONDS = 0.2
MEMORY = "2GB"
"""Sorting and staging beyond this goes to disk."""


@dataclass(frozen=True, slots=True)
class Target:
    """A database file being written."""

    connection: duckdb.DuckDBPyConnection
    database: Path
    scratch: Path
    """A folder for intermediate files; removed when loading ends."""
    there: frozenset[str]
    """Names of the previous version's tables, case-folded."""
    made: list[str] = field(default_factory=list)
    """Names of the tables written so far."""

    def name_for(self, words: str) -> str:
        """A table name that no other table of this load has, now taken."""
        name = table_name(words, self.made)
        self.made.append(name)
        return name

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement to its end and give its rows; a result left half read would block the next statement."""
        return self.connection.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        """The one row of a statement that counts."""
        return self.rows(sql)[0]

    def run(self, sql: str, words: Bilingual) -> Iterator[Progress]:
        """Run a statement, telling how far it is; closing the generator stops the statement. Raises duckdb.Error."""
        with ThreadPoolExecutor(max_workers=1) as worker:
            done = worker.submit(self.rows, sql)
            try:
                while wait([done], timeout=LOOK_SECONDS).not_done:
                    yield Progress(_share(self.connection), words)
            finally:
                while not done.done():  # an interrupt before the statement has begun would be lost
                    self.connection.interrupt()
                    wait([done], timeout=LOOK_SECONDS)
            done.result()


def open_target(database: Path, scratch: Path, fresh: bool) -> Target:
    """Open a database file for writing; a `fresh` one holds nothing yet."""
    connection = duckdb.connect(
        str(database), config={"memory_limit": MEMORY, "temp_directory": str(scratch), "autoinstall_known_extensions": "false"}
    )
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET TimeZone = 'UTC'")
    # Parts of a table that several threads wrote would be joined at the end, which means writing most of it a second time.
    connection.execute("SET max_vacuum_tasks = 0")
    if fresh:
        return Target(connection, database, scratch, frozenset())
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()").fetchall()
    return Target(connection, database, scratch, frozenset(str(row[0]).casefold() for row in found))


def _share(connection: duckdb.DuckDBPyConnection) -> float | None:
    done = connection.query_progress()
    return done / 100 if 0 <= done <= 100 else None
