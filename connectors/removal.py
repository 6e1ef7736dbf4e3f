"""One table less: a new database file without it, so that questions on the version before can end in peace."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import duckdb

from connectors.errors import FileRejected
from connectors.wording import Bilingual


def without_table(database: Path, table: str) -> Path:
    """Copy the database file, drop the table in the copy; gives the copy's path. Raises FileRejected, leaving no copy behind."""
    copy = database.with_name(f"tables-{uuid.uuid4().hex[:12]}.duckdb")
    quoted = '"' + table.replace('"', '""') + '"'
    try:
        shutil.copyfile(database, copy)
        with duckdb.connect(str(copy)) as connection:
            connection.execute(f"DROP TABLE {quoted}")
    except (duckdb.Error, OSError) as error:
        copy.unlink(missing_ok=True)
        said = str(error).splitlines()[0]
        raise FileRejected(
            Bilingual(f"The table {table} could not be removed: {said}", f"无法移除表“{table}”：{said}"),
            Bilingual("Check that the disk has room, then try again.", "请检查磁盘空间后重试。"),
        ) from error
    return copy
