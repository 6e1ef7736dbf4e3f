"""A stretch of days: as written, coming round again, or counted back from an anchor; and the days it has once the anchor is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["absolute", "recurring", "relative"]
Unit = Literal["day", "week", "weekday", "month", "quarter", "season", "half", "year", "decade", "span"]

MONTHS_OF: dict[Unit, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, half-open. Absolute: `start` and `end`. Recurring: `numbers`. Relative: `back` and `count`."""

    kind: Kind
    unit: Unit
    start: date | None = None
    end: date | None = None
    """The first day after an absolute one."""
    numbers: tuple[int, ...] = ()
    """Of a recurring one, or of one within a relative year, its months; of weekdays 1 (Monday) to 7; of days month and day, and
    again month and day of the last one where they are several."""
    back: int = 0
    """Of a relative one: units back from the one that holds the anchor, -1 for the next; years where `numbers` says which part of
    one, weeks where they are weekdays."""
    count: int = 1
    """Of a relative one: how many units."""
    rolling: bool = False
    """Whether a relative one ends with the anchor itself, as the past 30 days do, rather than with a unit of the calendar."""


def resolve(period: Period, anchor: date) -> tuple[str, str]:
    """The days of a period as ISO dates, the second one outside; what recurs is the latest that does not begin after the anchor."""
    first, end = _days(period, anchor)
    return first.isoformat(), end.isoformat()


def _days(period: Period, anchor: date) -> tuple[date, date]:
    if period.kind == "absolute":
        assert period.start is not None
        assert period.end is not None
        return period.start, period.end
    if period.kind == "recurring":
        return _latest(period, anchor)
    if period.unit == "weekday":
        begin = _start(anchor, "week") + timedelta(days=period.numbers[0] - 1 - 7 * period.back)
        return begin, begin + timedelta(days=len(period.numbers))
    if period.numbers:
        return _within(period, anchor.year - period.back)
    if period.rolling:
        return _before(anchor, period.unit, period.count), anchor + timedelta(days=1)
    end = _start(anchor, period.unit)
    for _ in range(abs(period.back - 1)):
        end = _start(end - timedelta(days=1), period.unit) if period.back > 1 else _after(end, period.unit)
    begin = end
    for _ in range(period.count):
        begin = _start(begin - timedelta(days=1), period.unit)
    return begin, end


def _latest(period: Period, anchor: date) -> tuple[date, date]:
    """The last time that something came round."""
    if period.unit == "weekday":
        begin = anchor - timedelta(days=(anchor.isoweekday() - period.numbers[0]) % 7)
        return begin, begin + timedelta(days=len(period.numbers))
    this_year = _within(period, anchor.year)
    return this_year if this_year[0] <= anchor else _within(period, anchor.year - 1)


def _within(period: Period, year: int) -> tuple[date, date]:
    """Months, or days, of one year; a winter or a stretch over New Year ends in the next."""
    if period.unit == "day":
        first, last = period.numbers[:2], period.numbers[-2:]
        return day_of(year, *first), day_of(year + (last < first), *last) + timedelta(days=1)
    begin = first_of(year, period.numbers[0])
    return begin, first_of(begin.year, begin.month + len(period.numbers))


def _before(anchor: date, unit: Unit, count: int) -> date:
    """The first day of `count` units that end with the anchor."""
    if unit in ("day", "week"):
        return anchor - timedelta(days=count * (7 if unit == "week" else 1) - 1)
    month = first_of(anchor.year, anchor.month - count * MONTHS_OF[unit])
    return day_of(month.year, month.month, anchor.day) + timedelta(days=1)


def _start(day: date, unit: Unit) -> date:
    """The first day of the unit of the calendar that holds a day."""
    if unit == "day":
        return day
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "decade":
        return date(day.year // 10 * 10, 1, 1)
    length = MONTHS_OF[unit]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def _after(start: date, unit: Unit) -> date:
    """The first day of the next unit."""
    if unit in ("day", "week"):
        return start + timedelta(days=7 if unit == "week" else 1)
    return first_of(start.year, start.month + MONTHS_OF[unit])


def first_of(year: int, month: int) -> date:
    """The first day of a month; months beyond 1 to 12 run into other years."""
    years, rest = divmod(month - 1, 12)
    return date(year + years, rest + 1, 1)


def day_of(year: int, month: int, day: int) -> date:
    """A day of a year; the last of its month where that is shorter."""
    return min(first_of(year, month) + timedelta(days=day - 1), first_of(year, month + 1) - timedelta(days=1))
