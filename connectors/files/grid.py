"""Rows of text in memory, as sheets and lists give them, staged and settled as one table, or as several that stand below each other."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Sequence
from dataclasses import replace

import pyarrow as pa

from connectors.files.drafting import header_notes, left_out_above
from connectors.files.header import find_header
from connectors.files.heap import Noticed, repeated_header_note
from connectors.files.kinds import kinds_of
from connectors.files.names import tidy
from connectors.files.rejection import MOST_COLUMNS, too_wide
from connectors.files.report import LoadedTable, Progress
from connectors.files.stacked import Above, first_table, lines_of
from connectors.files.staging import Draft, Reject, empty_rows_note, settle
from connectors.files.target import Target
from connectors.wording import Bilingual

Rows = Sequence[tuple[int, list[str]]]
MOST_TITLE = 40
"""Characters of the line above a later table that go into its name."""


def read_stacked(target: Target, draft: Draft, rows: Rows, called: str) -> Generator[Progress, None, list[LoadedTable]]:
    """Read every table that stands in numbered rows of one width. The draft's name is the first one's, `called` begins the others'."""
    blocks = _blocks(rows)
    tables = []
    for number, block in enumerate(blocks):
        told = draft
        if number:
            line = block[0][0]
            begun = Bilingual(f"It begins at row {line} of the sheet.", f"该表从工作表第 {line} 行开始。")
            told = replace(draft, table=target.name_for(_titled(block, called)), notes=(begun,))
        tables.append((yield from read_grid(target, told, block)))
    if len(tables) < 2:
        return tables
    names = ", ".join(f"“{table.name}”" for table in tables)
    note = Bilingual(f"{len(tables)} tables stand below each other here: {names}.", f"此处上下排列着 {len(tables)} 个表：{names}。")
    return [replace(table, notes=(note, *table.notes)) for table in tables]


def _blocks(rows: Rows) -> list[Rows]:
    """The rows of each table, with the title above it."""
    blocks: list[Rows] = []
    rest = rows
    while rest:
        until = first_table(lines_of([cells for _, cells in rest], [False] * len(rest)))
        blocks.append(rest[:until])
        rest = rest[until:]
    return blocks


def _titled(block: Rows, called: str) -> str:
    """The name of a later table: with its title, where one cell stands alone above it."""
    filled = [[cell for cell in cells if cell.strip()] for _, cells in block]
    first = next((cells for cells in filled if cells), [])
    return f"{called}_{tidy(first[0])[:MOST_TITLE]}" if len(first) == 1 else called


def read_grid(target: Target, draft: Draft, rows: Rows) -> Generator[Progress, None, LoadedTable]:
    """Read numbered rows, all of one width, the header among them. Raises FileRejected where there are too many columns."""
    filled = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    taken = [at for at in range(len(rows[0][1]) if rows else 0) if any(cells[at].strip() for _, cells in filled)]
    if len(taken) > MOST_COLUMNS:
        raise too_wide(draft.path.name, len(taken))
    begin, end = (taken[0], taken[-1] + 1) if taken else (0, 0)
    filled = [(line, cells[begin:end]) for line, cells in filled]
    header = find_header([cells for _, cells in filled], draft.options.header_lines)
    kept = [at for at in range(len(header.headers)) if at < end - begin and any(cells[at] for _, cells in filled[header.skipped :])]
    headers = tuple(header.headers[at] for at in kept)
    body = [(line, [cells[at] for at in kept]) for line, cells in filled[header.skipped + header.lines :]]
    above = tuple(" ".join(filter(None, map(str.strip, cells))) for _, cells in filled[: header.skipped])
    body, rejects, repeated = _rows_of(headers, body)
    empty = _empty_between(rows, filled)
    notes = [*draft.notes, *left_out_above(above), *header_notes(header)]
    notes += [note for note in (repeated, empty_rows_note(empty) if empty else None) if note]
    settled = replace(
        draft,
        headers=headers,
        units=tuple(header.units[at] for at in kept),
        skipped_lines=filled[header.skipped][0] - 1 if filled else 0,
        header_lines=header.lines,
        notes=tuple(notes),
        rejects=(*draft.rejects, *rejects),
    )
    target.connection.register("grid", arrow_of([line for line, _ in body], [cells for _, cells in body], len(kept)))
    try:
        return (yield from settle(target, settled, "grid"))
    finally:
        target.connection.unregister("grid")


def _rows_of(
    headers: tuple[str, ...], body: list[tuple[int, list[str]]]
) -> tuple[list[tuple[int, list[str]]], list[Reject], Bilingual | None]:
    """The rows that are rows of the table, those that are none, and what is said of header rows that come again."""
    kinds, repeated = kinds_of([cells for _, cells in body], len(headers)), Noticed()
    above = Above(headers, kinds)
    rows, rejects = [], []
    for line, cells in body:
        if above.repeats_header(cells):
            repeated.add(line)
        elif kinds.is_none(cells):
            said = Bilingual("none of its values is what its column holds", "所有数值均与所在列不符")
            rejects.append(Reject(line, "", said, " | ".join(cells)))
        else:
            rows.append((line, cells))
    return rows, rejects, repeated_header_note(repeated)


def _empty_between(rows: Rows, filled: Rows) -> int:
    """How many rows with nothing in them stand between others."""
    if not filled:
        return 0
    return sum(filled[0][0] < line < filled[-1][0] for line, _ in rows) + 2 - len(filled) if len(filled) > 1 else 0


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
