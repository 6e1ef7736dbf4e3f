"""A new version of the database without one table."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import duckdb


def without_table(database: Path, table: str) -> Path:
    """Write a copy of a database file without a table, beside it, and give its path; the file itself stays as it is."""
    smaller = database.with_name(f"tables-{uuid.uuid4().hex[:12]}.duckdb")
    shutil.copyfile(database, smaller)
    with duckdb.connect(str(smaller)) as connection:
        quoted = '"' + table.replace('"', '""') + '"'
        connection.execute(f"DROP TABLE IF EXISTS {quoted}")
        connection.execute("CHECKPOINT")
    return smaller
