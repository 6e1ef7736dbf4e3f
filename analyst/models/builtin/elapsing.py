"""The unit in which the time between two dates of a row is told."""

from __future__ import annotations

from datetime import datetime

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Elapsed, Field

FAR = 72.0  # hours between the first days of two columns, from where on days say more than hours


def has_clock(draft: Draft, *columns: Field) -> bool:
    """Whether all columns tell the time of day."""
    return all(draft.catalog.column(field).type.upper().startswith("TIMESTAMP") for field in columns)


def unit_between(draft: Draft, start: Field, end: Field, said: str) -> Elapsed:
    """The time between two dates in the unit that is said, else in the one that says most: hours where moments lie close together."""
    if "year" in said or "年" in said:
        return Elapsed(start, end, "year")
    if "day" in said or "天" in said or not has_clock(draft, start, end):
        return Elapsed(start, end)
    return Elapsed(start, end, "hour" if "hour" in said or "小时" in said or apart(draft, start, end) < FAR else "day")


def apart(draft: Draft, start: Field, end: Field) -> float:
    """Hours between the first moments of two columns."""
    low, high = (str(draft.catalog.column(field).minimum) for field in (start, end))
    try:
        return (datetime.fromisoformat(high) - datetime.fromisoformat(low)).total_seconds() / 3600
    except ValueError:
        return FAR
