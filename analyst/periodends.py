"""Whether a year, quarter, month or week is over on a day."""

from __future__ import annotations

from datetime import date, timedelta


def is_unfinished(day: date, grain: str) -> bool:
    """Whether the period that holds the day goes on after it; False for other grains."""
    following = day + timedelta(days=1) if day < date.max else day
    match grain:
        case "year":
            return following.year == day.year
        case "quarter":
            return (following.year, (following.month - 1) // 3) == (day.year, (day.month - 1) // 3)
        case "month":
            return (following.year, following.month) == (day.year, day.month)
        case "week":
            return following.isocalendar()[:2] == day.isocalendar()[:2]
    return False
