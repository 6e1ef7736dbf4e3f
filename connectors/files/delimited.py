"""Delimited text files: in one typed pass where rows are even, record by record where not; tables below each other are told apart."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from connectors.files.drafting import draft_of
from connectors.files.native import read_natively
from connectors.files.report import LoadedTable, Progress, ReadOptions
from connectors.files.staging import Draft
from connectors.files.target import Target
from connectors.files.textfile import look_at
from connectors.files.uneven import read_record_by_record

NATIVE_FROM_BYTES = 1_000_000
"""Smaller files are read record by record: as fast there, and every line number is known."""


def read_delimited(
    target: Target, path: Path, called: str, options: ReadOptions, origin: Path
) -> Generator[Progress, None, list[LoadedTable]]:
    """Read every table of a file. `called` becomes its name, `origin` is the file that the person chose. Raises FileRejected."""
    text = look_at(path, options, origin)
    draft = draft_of(text, Draft(target.name_for(called), origin, (), options=options))
    plain = text.width > 1 and not (text.dialect.skip_blank or text.controls or text.outer)
    if path.stat().st_size >= NATIVE_FROM_BYTES and plain:
        table = yield from read_natively(target, text, draft)
        if table is not None:
            return [table]
    return (yield from read_record_by_record(target, text, draft, called))
