"""A period set beside that of the question before: 'in 2024' and then 'compared with 2025' gives both, side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field, Grain, Order, Plan, aggregated, fields

COMPARES = re.compile(r"\bcompared? (?:it |that |this )?(?:with|to|against)\b|\bversus\b|\bvs\b|对比|相比|比较", re.IGNORECASE)
UNITS = ("year", "quarter", "month")


def beside_before(draft: Draft, before: Plan) -> Plan | None:
    """The plan before over its own period and the one that is named now; None where none is set against another."""
    periods = [mention.period for mention in draft.mentions if mention.kind == "period" and mention.period]
    figures = [output for output in before.select if aggregated(output)]
    if not COMPARES.search(draft.text) or len(periods) != 1 or not figures or before.limit or draft.measures or draft.group:
        return None
    unit = periods[0].unit
    tests = [test for test in before.where if isinstance(test, Condition) and dates_of(draft, test)]
    starts = [test for test in tests if test.sign == ">=" and isinstance(test.left, Field)]
    if unit not in UNITS or len(starts) != 1 or not draft.period_tests:
        return None
    field = starts[0].left
    assert isinstance(field, Field)
    now = [test for test in draft.period_tests if isinstance(test, Condition) and test.sign == ">="]
    if not now or {*dates_of(draft, now[0])} != {field}:
        return None
    grain = Grain(field, unit)  # type: ignore[arg-type]
    values = tuple(dict.fromkeys(value_of(str(test.right[0]), unit) for test in (starts[0], now[0])))
    rest = tuple(test for test in before.where if test not in tests)
    times = [item for item in before.group if isinstance(item, Grain)]
    group = (*(item for item in before.group if item not in times), grain)
    return replace(
        before,
        select=(*group, *figures),
        where=(*rest, Condition(grain, "in", values)),
        group=group,
        order=tuple(Order(item) for item in group),
    )


def dates_of(draft: Draft, test: Condition) -> list[Field]:
    """The columns of days that a test is about."""
    return [field for field in fields(test.left) if draft.catalog.is_date(field)]


def value_of(day: str, unit: str) -> int | str:
    """What a grain of that unit holds on a day: the year, or the first day of the quarter or month."""
    found = date.fromisoformat(day[:10])
    if unit == "year":
        return found.year
    first = found.month if unit == "month" else (found.month - 1) // 3 * 3 + 1
    return date(found.year, first, 1).isoformat()
