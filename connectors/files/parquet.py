"""Files whose columns are typed already, Parquet and DuckDB: tables are copied as they are, types brought to ours."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import duckdb

from connectors.errors import FileRejected
from connectors.files.names import literal, path_literal, quoted
from connectors.files.rejection import damaged, without_table
from connectors.files.report import LoadedTable, Progress, ReadOptions
from connectors.files.staging import Draft, finished
from connectors.files.target import Target
from connectors.files.typed import columns_of, reading_of, selected
from connectors.wording import Bilingual


def read_parquet(
    target: Target, path: Path, called: str, options: ReadOptions, origin: Path
) -> Generator[Progress, None, list[LoadedTable]]:
    """Read a Parquet file as one table. Raises FileRejected."""
    draft = Draft(table=target.name_for(called), path=origin, headers=(), options=options)
    try:
        return [(yield from copied(target, draft, f"read_parquet({path_literal(path)})"))]
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        raise damaged(origin.name, str(error).splitlines()[0]) from error


def read_duckdb(target: Target, path: Path, options: ReadOptions, origin: Path) -> Generator[Progress, None, list[LoadedTable]]:
    """Read every table of a DuckDB database under its own name. Raises FileRejected."""
    try:
        target.rows(f"ATTACH {literal(str(path))} AS incoming (READ_ONLY)")
    except duckdb.Error as error:
        raise FileRejected(
            Bilingual(
                f"{origin.name} cannot be opened: {str(error).splitlines()[0]}", f"无法打开 {origin.name}：{str(error).splitlines()[0]}"
            ),
            Bilingual(
                "Close it in other programs; if an older DuckDB wrote it, export its tables as Parquet.",
                "请在其他程序中关闭它；如由旧版 DuckDB 写成，请将表导出为 Parquet。",
            ),
        ) from error
    try:
        found = target.rows(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'incoming' AND NOT internal ORDER BY ALL"
        )
        if not found:
            raise without_table(origin.name)
        tables = []
        for schema, name in found:
            draft = Draft(table=target.name_for(str(name)), path=origin, headers=(), options=options)
            tables.append((yield from copied(target, draft, f"incoming.{quoted(str(schema))}.{quoted(str(name))}")))
        return tables
    finally:
        target.rows("DETACH incoming")


def copied(target: Target, draft: Draft, relation: str) -> Generator[Progress, None, LoadedTable]:
    """Copy a typed relation as a table."""
    columns = columns_of(target, relation)
    readings = [reading_of(column) for column in columns]
    draft = Draft(
        table=draft.table, path=draft.path, headers=tuple(column.header for column in columns), options=draft.options, notes=draft.notes
    )
    names, notes = draft.names()
    words = Bilingual(f"Copying {draft.table}", f"正在复制 {draft.table}")
    yield from target.run(
        f"CREATE OR REPLACE TABLE {quoted(draft.table)} AS SELECT {selected(columns, readings, names)} FROM {relation}", words
    )
    return finished(target, draft, readings, (), [*draft.notes, *notes], [0] * len(names))
