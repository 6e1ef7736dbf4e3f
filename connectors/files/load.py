"""From sources to a new database file: the previous version is copied, then each file's tables are added or replaced."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import duckdb

from connectors.errors import AnalystError, FileRejected
from connectors.files.open import Read, read_source
from connectors.files.report import LoadedTable, LoadReport, Progress, Source
from connectors.files.target import open_target
from connectors.wording import Bilingual


def load(sources: Sequence[Source], folder: Path, previous: Path | None = None) -> Iterator[Progress | LoadReport]:
    """Write a new database file in `folder` with the previous tables and those of the sources.

    Yields how far it is, at last the report. A file that cannot be read stands in the report and stops no other.
    Closing the generator early stops the work and removes the file. Raises OSError where the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"tables-{uuid.uuid4().hex[:12]}"
    database, scratch = folder / f"{stem}.duckdb", folder / f".{stem}"
    scratch.mkdir()
    finished = False
    try:
        report = yield from _loaded(sources, database, scratch, previous)
        finished = True
        yield report
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        if not finished:
            for leftover in folder.glob(f"{stem}.*"):
                leftover.unlink(missing_ok=True)


def _loaded(sources: Sequence[Source], database: Path, scratch: Path, previous: Path | None) -> Generator[Progress, None, LoadReport]:
    if previous is not None:
        shutil.copyfile(previous, database)
    tables: list[LoadedTable] = []
    failed: list[tuple[Path, AnalystError]] = []
    target = open_target(database, scratch, fresh=previous is None)
    try:
        for number, source in enumerate(sources):
            try:
                read = yield from _scaled(read_source(target, source), number, len(sources))
                tables += read.tables
                failed += read.failed
            except FileRejected as error:
                failed.append((source.path, error))
            except (duckdb.Error, OSError, ValueError, MemoryError, RecursionError) as error:
                failed.append((source.path, _unexpected(source.path, error)))
    finally:
        target.connection.close()
    return LoadReport(database, tuple(tables), tuple(failed))


def _scaled(steps: Generator[Progress, None, Read], number: int, of: int) -> Generator[Progress, None, Read]:
    """The steps of one source as a share of all sources."""
    try:
        while True:
            step = next(steps)
            yield Progress(None if step.share is None else (number + step.share) / of, step.words)
    except StopIteration as stop:
        read: Read = stop.value
        return read
    finally:
        steps.close()


def _unexpected(path: Path, error: Exception) -> FileRejected:
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return FileRejected(
        Bilingual(f"{path.name} could not be read: {said}", f"无法读取 {path.name}：{said}"),
        Bilingual(
            "Save it again from the program that made it, as CSV or Excel, and add that file.",
            "请用生成它的软件重新另存为 CSV 或 Excel 后再添加。",
        ),
    )
