"""Tables that stand below each other in one file or sheet: where the next one begins, and header lines that only come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.files.cells import is_missing, is_valuelike
from connectors.files.header import LOOKED_AT, Header, find_header, is_year, value_columns
from connectors.files.kinds import Kinds, kinds_of

AHEAD = 40
"""Rows that are looked at to tell whether a table begins."""
EARLY = 8
"""So many lines show what the columns of a table hold."""
MOST_TITLES = 3
"""Lines between two tables that may name the second."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row while tables are told apart."""

    cells: Sequence[str]
    after_blank: bool = False
    """Whether blank lines stand before it."""


def lines_of(rows: Sequence[Sequence[str]], after_blank: Sequence[bool]) -> list[Line]:
    """The rows while tables are told apart; rows with nothing in them are blank lines, and stay where they stand."""
    gap, lines = False, []
    for cells, after in zip(rows, after_blank, strict=True):
        lines.append(Line(cells, after or gap))
        gap = not any(cell.strip() for cell in cells)
    return lines


def cut(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The rows without the columns at their end in which none of them says anything."""
    width = max((len(trimmed(row)) for row in rows), default=0)
    return [row[:width] for row in rows]


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
    above: Above | None = None
    quick: Kinds | None = None
    for at in range(2, len(lines)):
        line = lines[at]
        if at == EARLY:
            quick = _kinds_so_far(lines[:at])
        parted = line.after_blank or len(line.cells) != len(lines[at - 1].cells)
        parted = parted or (quick is not None and len(line.cells) == quick.width and not quick.glance(line.cells))
        if not parted or not trimmed(line.cells) or not _may_begin(lines[at : at + AHEAD]):
            continue
        if above is None or at < LOOKED_AT:
            above = _table_so_far(lines[: min(at, LOOKED_AT)])
        if above is not None and begins_table(lines[at : at + AHEAD], above):
            return at
    return len(lines)


def _kinds_so_far(lines: Sequence[Line]) -> Kinds:
    """What the columns hold, without telling where the header ends; the first rows of a table are few of many."""
    rows = [line.cells for line in lines[2:]]
    return kinds_of(rows, len(rows[-1]))


def _table_so_far(lines: Sequence[Line]) -> Above | None:
    """The table that the lines are, None if they are none or hold no more than what is said of the table below."""
    rows = cut([line.cells for line in lines if trimmed(line.cells)])
    header = find_header(rows)
    body = rows[header.skipped + header.lines :]
    if not header.lines or not body:
        return None
    above = above_of(header, body)
    # Two columns of words are such remarks, as in "Unit: kg".
    return above if above.width > (1 if above.kinds.values else 2) else None


def begins_table(lines: Sequence[Line], above: Above) -> bool:
    """Whether another table begins at the first of the lines: a header of its own over rows of its own."""
    ahead = _until_blank(lines[:AHEAD])
    if not _may_begin(ahead):
        return False
    rows = cut([line.cells for line in ahead if trimmed(line.cells)])
    header = find_header(rows)
    below = rows[header.skipped + header.lines :]
    if not header.lines or header.skipped > MOST_TITLES or not below or above.repeats_header(header.headers):
        return False
    names = trimmed([name.strip() for name in header.headers])
    if len(names) < 2 or not all(names) or len({name.casefold() for name in names}) < len(names):
        return False
    row = rows[header.skipped]
    even = sum(len(trimmed(other)) <= len(names) and len(other) >= len(row) for other in below)
    return even * 10 >= len(below) * 6 and not _is_like_a_row(row, below) and _differs(row, below, above, lines[0].after_blank)


def _is_like_a_row(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a cell stands below in its own column as well: no name of a column is one of its values, so the row is none of names."""
    others = [other for other in below if trimmed(other) != trimmed(row)]
    return any(cell.strip() and any(cell == other[at] for other in others if at < len(other)) for at, cell in enumerate(row))


def _may_begin(ahead: Sequence[Line]) -> bool:
    """Whether one of the first lines has two cells and none of them a value; quick, since uneven files ask often."""
    return any(len(line.cells) > 1 and not any(map(_is_value, line.cells)) for line in ahead[: MOST_TITLES + 1])


def _differs(row: Sequence[str], below: Sequence[Sequence[str]], above: Above, after_blank: bool) -> bool:
    """Whether the header that the row is is none of the rows of the table above."""
    over_values = [at for at in value_columns([row, *below], len(row)) if row[at].strip()]
    words = all(not _is_value(cell) for cell in row) and not any(is_missing(cell) for cell in trimmed(row))
    if not over_values or not words:
        return words and after_blank and len(trimmed(row)) != above.width and len(below) > 1
    present, strange = above.kinds.strangers(row)
    return len(trimmed(row)) != above.width or (present > 0 and strange == present) or not above.kinds.values


def _until_blank(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines up to the blank ones after at least a title, a header and a row."""
    filled = 0
    for at, line in enumerate(lines):
        if filled > MOST_TITLES and line.after_blank:
            return lines[:at]
        filled += bool(trimmed(line.cells))
    return lines


def _is_value(cell: str) -> bool:
    return is_valuelike(cell) and not is_year(cell)


def trimmed(cells: Sequence[str]) -> list[str]:
    """The cells without the blank ones at the end."""
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
