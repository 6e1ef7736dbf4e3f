"""Tables that stand below each other in one file or sheet: where the next one begins, and header lines that only come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.files.cells import is_missing, is_valuelike
from connectors.files.header import LOOKED_AT, Header, find_header, is_year, value_columns
from connectors.files.kinds import Kinds, kinds_of

AHEAD = 40
"""Rows that are looked at to tell whether a table begins."""
MOST_TITLES = 3
"""Lines between two tables that may name the second."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row while tables are told apart."""

    cells: Sequence[str]
    after_blank: bool = False
    """Whether blank lines stand before it."""


@dataclass(frozen=True, slots=True)
class Above:
    """The table that is being read."""

    headers: tuple[str, ...]
    kinds: Kinds

    @property
    def width(self) -> int:
        return self.kinds.width

    def repeats_header(self, cells: Sequence[str]) -> bool:
        """Whether the row is the header once more, as in files that were put together."""
        said = [cell.strip().casefold() for cell in cells]
        names = [header.strip().casefold() for header in self.headers]
        filled = sum(map(bool, names))
        return filled > 1 and trimmed(said) == trimmed(names)


def above_of(header: Header, rows: Sequence[Sequence[str]]) -> Above:
    """The table with this header over rows of which these are a sample."""
    width = len(header.headers)
    return Above(header.headers, kinds_of(rows, width))


def first_table(lines: Sequence[Line]) -> int:
    """How many of the lines belong to the first table, with what stands above it."""
    for at in range(2, min(len(lines), LOOKED_AT)):
        if not (lines[at].after_blank or len(lines[at].cells) != len(lines[at - 1].cells)) or not _may_begin(lines[at : at + AHEAD]):
            continue
        header = find_header([line.cells for line in lines[:at]])
        body = [line.cells for line in lines[header.skipped + header.lines : at]]
        if header.lines and len(header.headers) > 1 and body and begins_table(lines[at:], above_of(header, body)):
            return at
    return len(lines)


def begins_table(lines: Sequence[Line], above: Above) -> bool:
    """Whether another table begins at the first of the lines: a header of its own over rows of its own."""
    ahead = _until_blank(lines[:AHEAD])
    if not _may_begin(ahead):
        return False
    header = find_header([line.cells for line in ahead])
    below = [line.cells for line in ahead[header.skipped + header.lines :]]
    if not header.lines or header.skipped > MOST_TITLES or not below or above.repeats_header(header.headers):
        return False
    names = trimmed([name.strip() for name in header.headers])
    if len(names) < 2 or not all(names) or len({name.casefold() for name in names}) < len(names):
        return False
    even = sum(len(trimmed(row)) <= len(names) and len(row) >= len(ahead[header.skipped].cells) for row in below)
    return even * 10 >= len(below) * 6 and _differs(header, ahead, below, above)


def _may_begin(ahead: Sequence[Line]) -> bool:
    """Whether one of the first lines has two cells and none of them a value; quick, since uneven files ask often."""
    return any(len(line.cells) > 1 and not any(map(_is_value, line.cells)) for line in ahead[: MOST_TITLES + 1])


def _differs(header: Header, ahead: Sequence[Line], below: Sequence[Sequence[str]], above: Above) -> bool:
    """Whether the header is none of the rows of the table above."""
    row = ahead[header.skipped].cells
    over_values = [at for at in value_columns([row, *below], len(header.headers)) if at < len(row) and row[at].strip()]
    words = all(not _is_value(cell) for cell in row) and not any(is_missing(cell) for cell in trimmed(row))
    if not over_values or not words:
        return words and ahead[0].after_blank and len(header.headers) != above.width and len(below) > 1
    present, strange = above.kinds.strangers(row)
    return len(trimmed(row)) != above.width or (present > 0 and strange == present) or not above.kinds.values


def _until_blank(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines up to the blank ones after at least a title, a header and a row."""
    for at, line in enumerate(lines):
        if at > MOST_TITLES and line.after_blank:
            return lines[:at]
    return lines


def _is_value(cell: str) -> bool:
    return is_valuelike(cell) and not is_year(cell)


def trimmed(cells: Sequence[str]) -> list[str]:
    """The cells without the blank ones at the end."""
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
