"""When a value that a reader gave says the same as a cell of the clean file, and a table the same as all of them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

MISSING = frozenset(("", "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "-", "--", "—", "–", "?"))
TRUE, FALSE = frozenset(("true", "t", "yes", "y", "1", "1.0")), frozenset(("false", "f", "no", "n", "0", "0.0"))
PARTED = ("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%m-%y", "%m-%d-%y", "%d-%b-%y", "%d-%b-%Y", "%d-%B-%Y", "%d-%B-%y")
MONTHS = ("%B %d, %Y", "%b %d, %Y", "%b %Y", "%B %Y", "%b-%y", "%b-%Y", "%B-%y", "%Y-%m", "%m/%Y", "%Y%m%d")
DAYS = (*(pattern.replace("-", mark) for mark in "-/. " for pattern in PARTED), *MONTHS)
CLOCKS = ("", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
RELATIVE = 1e-9


@dataclass(frozen=True, slots=True)
class Table:
    """What a reader made of a file, or what the clean file holds."""

    names: tuple[str, ...]
    """Empty where there is no header."""
    rows: tuple[tuple[object, ...], ...]


def equal(clean: Table, read: Table, left_out: frozenset[str] = frozenset()) -> bool:
    """Whether the table read says what the clean one says; an empty cell says each of the texts that are `left_out`."""
    wanted, found = _bared(clean.rows), _bared(read.rows)
    if len(wanted) != len(found) or not _named_alike(clean.names, read.names):
        return False
    columns = max((len(row) for row in (*wanted, *found)), default=0)
    return all(_column_is_same([_at(row, at) for row in wanted], [_at(row, at) for row in found], left_out) for at in range(columns))


def same(text: str, value: object, patterns: Sequence[str] = ()) -> bool:
    """Whether the value is what the text of the clean file says; `patterns` are those its column's days may be written in."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return text.strip().casefold() in MISSING
    if isinstance(value, bool):
        return text.strip().casefold() in (TRUE if value else FALSE)
    if isinstance(value, (int, float, Decimal)):
        return any(math.isclose(float(value), number, rel_tol=RELATIVE, abs_tol=1e-12) for number in _numbers(text))
    if isinstance(value, (date, time, timedelta)):
        return _moment(value) in [_moment(found) for pattern in patterns or _patterns([text]) if (found := _parsed(text, pattern))]
    return " ".join(str(value).split()) == " ".join(text.split())


def _bared(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The rows in which something stands."""
    return [row for row in rows if any(not _is_empty(cell) for cell in row)]


def _is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or (isinstance(cell, float) and math.isnan(cell))


def _at(row: tuple[object, ...], at: int) -> object:
    return row[at] if at < len(row) else ""


def _column_is_same(wanted: Sequence[object], found: Sequence[object], left_out: frozenset[str]) -> bool:
    texts = [str(cell) for cell in wanted]
    dated = any(isinstance(value, (date, time, timedelta)) for value in found)
    patterns = _patterns(texts) if dated else ()
    return all(
        same(text, None if value == "" else value, patterns) or (value in ("", None) and text in left_out)
        for text, value in zip(texts, found, strict=True)
    )


def _named_alike(wanted: Sequence[str], found: Sequence[str]) -> bool:
    if not wanted:
        return True
    bare = [_name(name) for name in wanted]
    while bare and not bare[-1]:
        bare.pop()
    taken = [_name(name) for name in found]
    return len(taken) >= len(bare) and all(
        not name or other == name or re.fullmatch(re.escape(name) + r"[ _.]?\d+", other) is not None
        for name, other in zip(bare, taken, strict=False)
    )


def _name(name: str) -> str:
    """Folded; a word that several header lines repeat counts once."""
    return " ".join(dict.fromkeys(str(name).strip("\ufeff").casefold().split()))


def _numbers(text: str) -> list[float]:
    """The numbers that the text may mean: as Python reads it, else with a comma as a group mark or as the decimal mark."""
    bare = re.sub(r"[\s$€£¥%'’]|[A-Za-zµ°]{1,4}$", "", text.strip())
    if re.fullmatch(r"\(.*\)", bare):
        bare = "-" + bare[1:-1]
    tried = (text, bare, bare.replace(",", ""), bare.replace(".", "").replace(",", "."))
    return next(([number] for way in tried if (number := _float(way)) is not None), [])


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _patterns(texts: Iterable[str]) -> tuple[str, ...]:
    """The ways of writing a moment that fit every text that is there, else those that fit any of them."""
    filled = list(dict.fromkeys(text.strip() for text in texts if text.strip().casefold() not in MISSING))
    known = [f"{day}{gap}{clock}" for day in ("", *DAYS) for clock in CLOCKS for gap in (" ", "T") if day or clock]
    known = list(dict.fromkeys(pattern.strip(" T") for pattern in known))
    fitting = [pattern for pattern in known if filled and _parsed(filled[0], pattern)]
    throughout = [pattern for pattern in fitting if all(_parsed(text, pattern) for text in filled)]
    return tuple(throughout or known)


def _parsed(text: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), pattern)
    except ValueError:
        return None


def _moment(value: date | time | timedelta) -> tuple[float, ...]:
    """Comparable whatever its type: a day is its midnight, and a time of day is on no day."""
    if isinstance(value, timedelta):
        return (value.total_seconds(),)
    clock = (value.hour, value.minute, value.second) if isinstance(value, (datetime, time)) else (0, 0, 0)
    day = (value.year, value.month, value.day) if isinstance(value, date) else (1900, 1, 1)
    return tuple(map(float, (*day, *clock)))
