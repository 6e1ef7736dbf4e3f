"""Delimited text files: one table each, read in one typed pass where rows are even, record by record where not."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

from connectors.files.header import Header
from connectors.files.native import read_natively
from connectors.files.report import LoadedTable, Progress, ReadOptions
from connectors.files.staging import Draft
from connectors.files.target import Target
from connectors.files.textfile import look_at
from connectors.files.uneven import read_record_by_record
from connectors.wording import Bilingual

NATIVE_FROM_BYTES = 1_000_000
"""Smaller files are read record by record: as fast there, and every line number is known."""


def read_delimited(
    target: Target, path: Path, called: str, options: ReadOptions, origin: Path
) -> Generator[Progress, None, list[LoadedTable]]:
    """Read a file as one table. `called` becomes its name, `origin` is the file that the person chose. Raises FileRejected."""
    text = look_at(path, options, origin)
    draft = Draft(
        table=target.name_for(called),
        path=origin,
        headers=text.header.headers,
        units=text.header.units,
        options=options,
        encoding=text.encoding,
        delimiter=text.dialect.delimiter,
        skipped_lines=text.first_line - 1 - text.header.lines if text.header.skipped else 0,
        header_lines=text.header.lines,
        notes=tuple(_header_notes(text.header)),
    )
    if path.stat().st_size >= NATIVE_FROM_BYTES and text.width > 1:
        table = yield from read_natively(target, text, draft)
        if table is not None:
            return [table]
    table = yield from read_record_by_record(target, text, draft)
    return [table]


def _header_notes(header: Header) -> list[Bilingual]:
    notes = []
    if header.skipped:
        notes.append(Bilingual("Lines above the header were left out.", "表头之前的说明行已略过。"))
    if header.merged:
        notes.append(Bilingual("Several header lines were joined into one.", "多行表头已合并为一行。"))
    if header.units_row:
        notes.append(Bilingual("The line under the header is read as units.", "表头下方的一行作为单位。"))
    return notes
