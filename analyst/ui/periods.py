"""The dashboard's dates: a choice of periods, and the days they mean today."""

from __future__ import annotations

from datetime import date, timedelta

from analyst.datefilter import Period
from analyst.store import DateFilter

CUSTOM = "custom"
DAYS = {"last_30_days": 30, "last_90_days": 90}


def period_of(dates: DateFilter, today: date) -> Period | None:
    """The days that a filter means today; None where it lets everything through."""
    match dates.preset:
        case "last_30_days" | "last_90_days":
            return Period(today - timedelta(days=DAYS[dates.preset] - 1), today)
        case "this_year":
            return Period(date(today.year, 1, 1), date(today.year, 12, 31))
        case "last_year":
            return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
        case "last_12_months":
            return Period(date(today.year - 1, today.month, 1), date(today.year, today.month, 1) - timedelta(days=1))
        case _:
            return Period(dates.start, dates.end) if dates.start or dates.end else None


def choice_of(dates: DateFilter) -> str:
    """The name under which the filter stands in the list."""
    return dates.preset or (CUSTOM if dates.start or dates.end else "")
