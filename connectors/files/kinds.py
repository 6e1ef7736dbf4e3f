"""What the columns of a sample hold, values or words, and whether a row's cells stand under columns of their kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.files.cells import is_missing, is_valuelike
from connectors.files.header import rows_looked_at

MOSTLY = 0.9
FEWEST = 2
"""Fewer cells than these say nothing of a column."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which columns hold values, and which are nearly always filled or empty."""

    width: int
    values: frozenset[int] = frozenset()
    """Columns of numbers or dates."""
    last_filled: bool = True
    """Whether the last column mostly has something in it."""
    telltale: int = -1
    """A column whose values begin with no letter, so that a row that is none shows at a glance; -1 if there is none."""

    def strangers(self, cells: Sequence[str]) -> tuple[int, int]:
        """How many cells stand in columns of values, and how many of them are none."""
        there = [cells[at] for at in self.values if at < len(cells) and not is_missing(cells[at])]
        return len(there), sum(not is_valuelike(cell) for cell in there)

    def fit(self, cells: Sequence[str]) -> bool:
        """Whether every cell in a column of values is one."""
        return self.strangers(cells)[1] == 0

    def glance(self, cells: Sequence[str]) -> bool:
        """Whether a row of the right width looks like one; quick, since every row of a file is looked at."""
        if self.telltale < 0 or not cells[self.telltale][:1].isalpha():
            return True
        present, strange = self.strangers(cells)
        return strange < present or not present

    def is_none(self, cells: Sequence[str]) -> bool:
        """Whether a row has several cells in columns of values and none of them is one."""
        present, strange = self.strangers(cells)
        return strange == present > 1

    def trailing(self, cells: Sequence[str]) -> bool:
        """Whether a row that is too long is so by blank cells at its end alone, and could not be one that is shifted.

        A separator too many leaves a blank cell where it stands; if that is not at the end, or the last column is filled where
        the others leave it empty, the cells after it stand one column too far.
        """
        own, rest = cells[: self.width], cells[self.width :]
        if any(cell.strip() for cell in rest) or not self.fit(own):
            return False
        if not own[-1].strip():
            return True
        return self.last_filled and all(cell.strip() for cell in own)


def kinds_of(rows: Sequence[Sequence[str]], width: int) -> Kinds:
    """What the columns of these rows hold; only rows of that width have a say."""
    even = [row for row in rows if len(row) == width]
    even = even[: rows_looked_at(even)]
    values, telltale = set(), -1
    for at in range(width):
        cells = [row[at] for row in even if not is_missing(row[at])]
        found = [cell for cell in cells if is_valuelike(cell)]
        if len(cells) >= FEWEST and len(found) >= MOSTLY * len(cells):
            values.add(at)
            telltale = at if telltale < 0 and not any(cell[:1].isalpha() for cell in found) else telltale
    last = sum(bool(row[-1].strip()) for row in even if row)
    return Kinds(width, frozenset(values), last * 2 > len(even), telltale)
