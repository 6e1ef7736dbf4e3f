"""Loading in a process of its own, so that a hostile file or a full memory can end nothing but itself."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from pydantic import TypeAdapter

from connectors.errors import AnalystError, FileRejected
from connectors.files.load import load
from connectors.files.report import LoadedTable, LoadReport, Progress, Source
from connectors.files.spare import spare_child
from connectors.wording import Bilingual

MEMORY_BYTES = 6_000_000_000
"""Address space of the child: the database's own limit plus what the readers of Excel and JSON need beside it."""

SECONDS = 600.0
"""A file of 5 GB is read in two or three minutes; what takes ten will hardly ever end."""

_SOURCES = TypeAdapter(tuple[Source, ...])
_TABLES = TypeAdapter(tuple[LoadedTable, ...])


def load_in_child(
    sources: Sequence[Source],
    folder: Path,
    previous: Path | None = None,
    memory_bytes: int = MEMORY_BYTES,
    seconds: float = SECONDS,
) -> Iterator[Progress | LoadReport]:
    """Do what load() does in a child process; closing the generator ends the child and removes what it wrote.

    The child gets `memory_bytes` of address space and `seconds` of time. Raises FileRejected if the child itself comes to grief.
    """
    folder.mkdir(parents=True, exist_ok=True)
    asked = {
        "sources": _SOURCES.dump_python(tuple(sources), mode="json"),
        "folder": str(folder),
        "previous": str(previous) if previous else None,
        "memory_bytes": memory_bytes,
        "seconds": seconds,
    }
    before = set(folder.iterdir())
    finished = False
    child = spare_child.take()
    try:
        for line in _conversation(child, json.dumps(asked)):
            said = _understood(json.loads(line))
            finished = finished or isinstance(said, LoadReport)
            yield said
        if not finished:
            raise _crashed(child, sources, seconds)
    finally:
        if child.poll() is None:
            child.kill()
        child.communicate()
        spare_child.start_soon()
        if not finished:
            _remove_leftovers(folder, before)


def _conversation(child: subprocess.Popen[str], asked: str) -> Iterator[str]:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child was started without pipes")
    try:
        child.stdin.write(asked + "\n")
        child.stdin.flush()
    except BrokenPipeError:
        return
    yield from child.stdout


def _crashed(child: subprocess.Popen[str], sources: Sequence[Source], seconds: float) -> FileRejected:
    _, complaint = child.communicate()
    names = ", ".join(source.path.name for source in sources)
    if child.returncode == -signal.SIGALRM:
        return FileRejected(
            Bilingual(f"Reading {names} took longer than {seconds:g} seconds.", f"读取 {names} 超过 {seconds:g} 秒。"),
            Bilingual(
                "Nothing was changed. Split it or save it as Parquet, or allow more time (ANALYST_LOAD_SECONDS).",
                "原有数据未变。请拆分文件或另存为 Parquet，或延长时限（ANALYST_LOAD_SECONDS）。",
            ),
        )
    last = complaint.strip().splitlines()[-1] if complaint.strip() else f"exit status {child.returncode}"
    if "MemoryError" in last or "Cannot allocate" in last or child.returncode == -9:
        return FileRejected(
            Bilingual(f"Reading {names} needed more memory than there is for it.", f"读取 {names} 所需内存超出上限。"),
            Bilingual(
                "Save it as CSV or Parquet, which are read piece by piece, or split it.",
                "请另存为可分块读取的 CSV 或 Parquet，或拆分文件。",
            ),
        )
    return FileRejected(
        Bilingual(f"Reading {names} broke off: {last}", f"读取 {names} 时意外中断：{last}"),
        Bilingual("Nothing was changed. Save the file again as CSV and add that.", "原有数据未变。请将文件重新另存为 CSV 后再添加。"),
    )


def _remove_leftovers(folder: Path, before: set[Path]) -> None:
    for path in set(folder.iterdir()) - before:
        if path.name.startswith(("tables-", ".tables-")):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


# ------------------------------------------------------------------------------------------------ the child's side
def serve(asked: TextIO, answers: TextIO) -> None:
    """Read one request, load, and write each step as a line of JSON; where none comes, end with the process that started this one."""
    line = asked.readline()
    if not line:
        return
    request = json.loads(line)
    with suppress(ValueError, OSError):  # macOS knows the limit and refuses to set it
        resource.setrlimit(resource.RLIMIT_AS, (request["memory_bytes"], request["memory_bytes"]))
    # The alarm ends the process whatever it is at, in the database or in a reader of workbooks alike.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, request["seconds"])
    sources = _SOURCES.validate_python(request["sources"])
    previous = Path(request["previous"]) if request["previous"] else None
    for step in load(sources, Path(request["folder"]), previous):
        answers.write(json.dumps(_said(step), ensure_ascii=False) + "\n")
        answers.flush()


def _said(step: Progress | LoadReport) -> dict[str, Any]:
    if isinstance(step, Progress):
        return {"share": step.share, "words": list(step.words)}
    failed = [[str(path), list(error.message), list(error.hint)] for path, error in step.failed]
    return {"database": str(step.database), "tables": _TABLES.dump_python(step.tables, mode="json"), "failed": failed}


def _understood(said: dict[str, Any]) -> Progress | LoadReport:
    if "words" in said:
        return Progress(said["share"], Bilingual(*said["words"]))
    failed: tuple[tuple[Path, AnalystError], ...] = tuple(
        (Path(path), FileRejected(Bilingual(*message), Bilingual(*hint))) for path, message, hint in said["failed"]
    )
    return LoadReport(Path(said["database"]), _TABLES.validate_python(said["tables"]), failed)
