"""Ticks of an axis of time: round dates in the reader's language, few enough for a phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from analyst.terms import Language
from analyst.writing.periods import Grain, period_label

MOST = 6

MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
DAY_STEPS = (1, 2, 7, 14)
HOUR_STEPS = (1, 2, 3, 6, 12)
FINEST: dict[Grain, int] = {"year": 12, "quarter": 3, "month": 1}
"""Months between two ticks at least."""


def time_ticks(starts: Sequence[str], grain: Grain, language: Language) -> tuple[list[str], list[str]]:
    """Places (ISO text) and labels for the periods that begin at these dates."""
    moments = sorted(datetime.fromisoformat(start) for start in starts)
    first, last = moments[0], moments[-1]
    for ticks, label_grain in _rulers(first, last, grain):
        if len(ticks) <= MOST:
            return [tick.isoformat(sep=" ") for tick in ticks], [period_label(tick.isoformat(), label_grain, language) for tick in ticks]
    return [], []


def _rulers(first: datetime, last: datetime, grain: Grain) -> Iterator[tuple[list[datetime], Grain]]:
    """Rulers over the span, the finest first; one with too few marks to read a date from is passed over."""
    if grain == "minute":
        for hours in HOUR_STEPS:
            yield _evenly(first.replace(minute=0, second=0), last, timedelta(hours=hours)), "minute"
    if grain in {"minute", "day", "week"}:
        for days in DAY_STEPS if grain != "week" else (7, 14):
            yield _evenly(first.replace(hour=0, minute=0, second=0), last, timedelta(days=days)), "day"
    for months in MONTH_STEPS:
        if months < FINEST.get(grain, 1):
            continue
        ticks = _monthly(first, last, months)
        label: Grain = "year" if months % 12 == 0 else "quarter" if grain == "quarter" else "month"
        if len(ticks) > 1 or grain in FINEST:
            yield ticks, label


def _evenly(first: datetime, last: datetime, step: timedelta) -> list[datetime]:
    # Beyond a hundred the ruler is too fine anyway.
    count = min(int((last - first) / step) + 1, 100)
    return [first + step * index for index in range(count) if first + step * index <= last]


def _monthly(first: datetime, last: datetime, months: int) -> list[datetime]:
    index = -(-(first.year * 12 + first.month - 1 + (1 if first.day > 1 else 0)) // months) * months
    ticks = []
    while (tick := _month(index)) is not None and tick <= last:
        ticks.append(tick)
        index += months
    return ticks


def _month(index: int) -> datetime | None:
    return datetime(index // 12, index % 12 + 1, 1) if index // 12 <= 9999 else None


def missing_periods(starts: Sequence[str], grain: Grain) -> list[str]:
    """Months, quarters or years between the first and the last that no row has, as ISO dates."""
    step = FINEST.get(grain)
    if step is None:
        return []
    present = {date.fromisoformat(start[:10]) for start in starts}
    first, last = min(present), max(present)
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month, step)
    return [day.isoformat() for month in months if (day := date(month // 12, month % 12 + 1, 1)) not in present]
