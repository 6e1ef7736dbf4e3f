"""Whether the data reach over the whole of a year, quarter, month or week, or stop (or begin) in its middle."""

from __future__ import annotations

from datetime import date, timedelta

SLACK = 3  # days; a month whose last days fall on a weekend or a holiday is whole all the same
WEEK_SLACK = 2  # days; many businesses rest at weekends


def is_unfinished(last: date, grain: str) -> bool:
    """Whether data that end on this day leave the period around it open; False for days and finer grains."""
    return grain in ("year", "quarter", "month", "week") and _period(last + timedelta(days=_slack(grain) + 1), grain) == _period(
        last, grain
    )


def begins_late(first: date, grain: str) -> bool:
    """Whether data that begin on this day miss the beginning of the period around it."""
    return grain in ("year", "quarter", "month", "week") and _period(first - timedelta(days=_slack(grain) + 1), grain) == _period(
        first, grain
    )


def _slack(grain: str) -> int:
    return WEEK_SLACK if grain == "week" else SLACK


def _period(day: date, grain: str) -> tuple[int, int]:
    match grain:
        case "year":
            return day.year, 0
        case "quarter":
            return day.year, (day.month - 1) // 3
        case "month":
            return day.year, day.month
    year, week, _ = day.isocalendar()
    return year, week
