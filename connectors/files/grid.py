"""Rows of text in memory, as sheets and lists give them, staged and settled as one table."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Sequence
from dataclasses import replace

import pyarrow as pa

from connectors.files.header import find_header
from connectors.files.report import LoadedTable, Progress
from connectors.files.staging import Draft, settle
from connectors.files.target import Target
from connectors.wording import Bilingual


def read_grid(target: Target, draft: Draft, rows: Sequence[tuple[int, list[str]]]) -> Generator[Progress, None, LoadedTable]:
    """Read numbered rows, all of one width, the header among them."""
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    header = find_header([cells for _, cells in filled], draft.options.header_lines)
    body = filled[header.skipped + header.lines :]
    kept = [
        at for at in range(len(header.headers)) if header.headers[at].strip() or any(at < len(cells) and cells[at] for _, cells in body)
    ]
    notes = list(draft.notes)
    if header.skipped:
        notes.append(Bilingual("Rows above the header were left out.", "表头之前的行已略过。"))
    if header.merged:
        notes.append(Bilingual("Several header rows were joined into one.", "多行表头已合并为一行。"))
    if header.units_row:
        notes.append(Bilingual("The row under the header is read as units.", "表头下方的一行作为单位。"))
    settled = replace(
        draft,
        headers=tuple(header.headers[at] for at in kept),
        units=tuple(header.units[at] for at in kept),
        skipped_lines=filled[header.skipped][0] - 1 if filled else 0,
        header_lines=header.lines,
        notes=tuple(notes),
    )
    target.connection.register("grid", arrow_of([line for line, _ in body], [[cells[at] for at in kept] for _, cells in body], len(kept)))
    try:
        return (yield from settle(target, settled, "grid"))
    finally:
        target.connection.unregister("grid")


def arrow_of(lines: Sequence[int], rows: Sequence[Sequence[str]], width: int) -> pa.Table:
    """The rows as the columns line, c0, c1, ...; an empty cell is NULL."""
    columns = zip(*rows, strict=True) if rows else [()] * width
    return pa.table([_numbers(lines), *map(_texts, columns)], names=["line", *(f"c{at}" for at in range(width))])


# pa.array() would import pandas, which takes far longer than a small file takes to be read.
def _numbers(values: Sequence[int]) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(values), [None, pa.py_buffer(array("q", values))])


def _texts(cells: Sequence[str]) -> pa.Array:
    builder = pa.lib.StringBuilder()
    builder.append_values([cell or None for cell in cells])
    return builder.finish()
