"""Whether an answer holds the rows that were asked for: the one comparison that tests, benchmarks and training share.

Rows compare as a multiset, or in order where an order was asked for (rows of one rank may swap). Columns come in any order, but one
order for all rows: a cell never leaves its row. Whole numbers are equal or not, others within 1e-4 of their size; 5, 5.0 and "5" are
one value, a day is one value however it is spelled, and an empty text is a missing cell.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice, product
from typing import Any

Cell = int | float | str | None
Column = list[Cell]
Line = tuple[Cell, ...]

TOLERANCE = 1e-4  # of a number's size
NOTHING = 1e-9  # so far from zero, a number is still zero
EXACT = 1e15  # above, a float no longer holds whole numbers one by one
TRIES = 20_000  # ways to pair columns, after which none is taken to fit
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
MOMENT = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d(?:\.\d+)?))?)?(?:Z|[+-]00(?::?00)?)?")
CLOCK = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?")
DAYS = ["%Y{0}%m{0}%d", "%m{0}%d{0}%Y", "%d{0}%m{0}%Y", "%m{0}%d{0}%y", "%d{0}%m{0}%y"]
SPELLINGS = [
    *(form.format(mark) + clock for mark, form, clock in product("/-.", DAYS, ("", " %H:%M", " %H:%M:%S"))),
    *("%Y%m%d", "%Y年%m月%d日", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y"),
]
TRUTH: dict[str, Cell] = {"t": 1, "true": 1, "y": 1, "yes": 1, "f": 0, "false": 0, "n": 0, "no": 0}


@dataclass(frozen=True, slots=True)
class Rows:
    """A result: its rows, how many columns it has, and where the order counts, the rank of each row."""

    rows: Sequence[Sequence[Any]]
    width: int
    ranks: Sequence[int] | None = None

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]], width: int | None = None, ranks: Sequence[int] | None = None) -> Rows:
        """The rows, with the width of the first where none is said."""
        return cls(rows, width if width is not None else len(rows[0]) if rows else 0, ranks)


def same_rows(wanted: Rows, found: Rows, *, extra: bool = False) -> bool:
    """Whether `found` holds the wanted rows and nothing else; with `extra`, it may hold further columns."""
    if len(wanted.rows) != len(found.rows) or not (found.width == wanted.width or (extra and found.width > wanted.width)):
        return False
    if not wanted.rows:
        return True
    if any(len(row) != wanted.width for row in wanted.rows) or any(len(row) != found.width for row in found.rows):
        return False
    theirs = columns_of(found)
    choices = [fitting(column, place, theirs) for place, column in enumerate(columns_of(wanted))]
    return any(islice(pairings(choices, theirs, places(wanted), (), ()), TRIES))


def columns_of(rows: Rows) -> list[Column]:
    """The cells of each column, in plain form."""
    return [[plain(row[place]) for row in rows.rows] for place in range(rows.width)]


def places(wanted: Rows) -> list[list[int]]:
    """Which places in the result the rows of each rank may take: all of them where no order counts."""
    if wanted.ranks is None:
        return [list(range(len(wanted.rows)))]
    of_rank: dict[int, list[int]] = defaultdict(list)
    for place, rank in enumerate(wanted.ranks):
        of_rank[rank].append(place)
    return list(of_rank.values())


def fitting(column: Column, place: int, theirs: list[Column]) -> list[tuple[int, Column]]:
    """Which columns hold the same cells as a wanted one, whatever their order, with the spelling in which they do; its own place first."""
    ordered = [sorted(other, key=rank_of) for other in theirs]
    found = [
        (at, spelled)
        for spelled in spellings(column)
        for at, other in enumerate(ordered)
        if all(map(same_cell, sorted(spelled, key=rank_of), other))
    ]
    return sorted(found, key=lambda pair: pair[0] != place)


def pairings(
    choices: list[list[tuple[int, Column]]],
    theirs: list[Column],
    groups: list[list[int]],
    used: tuple[int, ...],
    spelled: tuple[Column, ...],
) -> Iterator[bool]:
    """Pair the columns from the left on: True for each way in which all rows agree, False for each that was tried in vain."""
    if len(used) == len(choices):
        yield True
        return
    tried: list[tuple[Column, Column]] = []
    for at, column in choices[len(used)]:
        if at in used or (theirs[at], column) in tried:  # a column's twin fares no better
            continue
        tried.append((theirs[at], column))
        mine, others = lines((*spelled, column)), lines([*(theirs[one] for one in used), theirs[at]])
        if all(same_bag([mine[one] for one in group], [others[one] for one in group]) for group in groups):
            yield from pairings(choices, theirs, groups, (*used, at), (*spelled, column))
        else:
            yield False


def lines(columns: Sequence[Column]) -> list[Line]:
    """Columns as rows."""
    return list(zip(*columns, strict=True))


def same_bag(wanted: list[Line], found: list[Line]) -> bool:
    """Whether two lists hold the same rows the same number of times."""
    if wanted == found:
        return True
    left: dict[Line, list[Line]] = defaultdict(list)
    for row in sorted(found, key=ranks_of):
        left[shape(row)].append(row)
    for row in sorted(wanted, key=ranks_of):
        alike = left[shape(row)]
        hit = next((place for place, other in enumerate(alike) if all(map(same_cell, row, other))), None)
        if hit is None:
            return False
        alike.pop(hit)
    return not any(left.values())


def shape(row: Line) -> Line:
    """What must be equal to the letter: all but the numbers."""
    return tuple("#" if isinstance(cell, (int, float)) else cell for cell in row)


def ranks_of(row: Line) -> list[tuple[int, Any]]:
    """By what rows are sorted."""
    return [rank_of(cell) for cell in row]


def rank_of(cell: Cell) -> tuple[int, Any]:
    """By what cells are sorted: missing ones, numbers, texts."""
    return (0, 0) if cell is None else (1, cell) if isinstance(cell, (int, float)) else (2, cell)


# ---------------------------------------------------------------------------------------- cells
def same_cell(one: Cell, other: Cell) -> bool:
    """Whether two plain cells are one value."""
    if (isinstance(one, float) and isinstance(other, (int, float))) or (isinstance(one, int) and isinstance(other, float)):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=NOTHING)
    return one == other


def plain(value: object) -> Cell:
    """A cell as None, a number or a text, the same for all spellings of one value."""
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, (float, Decimal)):
        return plain_number(float(value))
    if isinstance(value, (date, datetime)):
        value = value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return plain_text(unicodedata.normalize("NFC", str(value)).strip())


def plain_number(value: float) -> Cell:
    """Whole numbers as such; what is no number is missing."""
    if math.isnan(value):
        return None
    return int(value) if value.is_integer() and abs(value) < EXACT else value


def plain_text(text: str) -> Cell:
    """Numbers and moments written as text are what they say."""
    if NUMBER.fullmatch(text):
        return int(text) if text.lstrip("+-").isdigit() else plain_number(float(text))
    if moment := MOMENT.fullmatch(text):
        year, month, day, hour, minute, second = moment.groups()
        clock = clock_of(hour or "0", minute or "00", second or "00")
        return f"{year}-{month:0>2}-{day:0>2}" + ("" if clock == "00:00:00" else f" {clock}")
    if clock_only := CLOCK.fullmatch(text):
        return clock_of(clock_only[1], clock_only[2], clock_only[3] or "00")
    return text or None


def clock_of(hour: str, minute: str, second: str) -> str:
    """A time of day, its second without zeros behind the point."""
    return f"{hour:0>2}:{minute}:" + (second.rstrip("0").rstrip(".") if "." in second else second)


def spellings(column: Column) -> Iterator[Column]:
    """The ways to read a wanted column: as it stands; as yes and no, and as days in another spelling, where every cell fits."""
    yield column
    filled = [cell for cell in column if cell is not None]
    texts = [str(cell) for cell in filled]
    if filled and all(isinstance(cell, str) and cell.lower() in TRUTH for cell in filled):
        yield [None if cell is None else TRUTH[str(cell).lower()] for cell in column]
    if not texts or not all(re.search(r"\d", text) and len(text) >= 6 for text in texts) or all(map(MOMENT.fullmatch, texts)):
        return
    for form in SPELLINGS:
        try:
            yield [None if cell is None else plain(datetime.strptime(str(cell), form)) for cell in column]
        except ValueError:
            continue
