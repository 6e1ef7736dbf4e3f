"""Which column a number with its unit speaks of: minutes in 'over 50 minutes', kilometres in 超过3公里, rows in 超过50单."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import lasting
from analyst.models.builtin.plan import Field, Measure
from analyst.words.units import unit_of

ROWS_ZH = ("单", "笔", "次", "条")
"""Words behind a number that count rows: 订单超过50单."""


def in_own_unit(draft: Draft, first: int, last: int) -> Field | Measure | None:
    """The column whose unit stands behind a number: minutes in 'took over 50 minutes', km in 超过3公里; rows behind 50单."""
    place = next((at for at in range(first, min(last + 1, len(draft.mentions))) if draft.mentions[at].number), None)
    if place is None:
        return None
    after = draft.text[draft.mentions[place].end :].lstrip()
    if draft.language == "zh" and after.startswith(ROWS_ZH) and not after.startswith(("单价", "次数", "单位")):
        return Measure("count")
    for names in UNITS_SAID:
        if not any(re.match(rf"{name}(?![a-z])", after, re.IGNORECASE) for name in names):
            continue
        tables = dict.fromkeys((*draft.tables, *draft.all_tables))
        held = [field for table in tables for field in draft.catalog.fields(table) if draft.catalog.is_number(field)]
        found = [field for field in held if (unit_of(field.column) or draft.catalog.column(field).unit).lower().strip() in names]
        if not found and names in TIMES:
            times = [name for other in TIMES for name in other]
            found = [field for field in held if (unit_of(field.column) or draft.catalog.column(field).unit).lower().strip() in times]
        if len(found) == 1:
            return found[0]
    return lasting(draft, place)


UNITS_SAID = (
    ("分钟", "minutes", "minute", "mins", "min", "分"), ("小时", "hours", "hour", "hrs", "hr", "h"), ("天", "days", "day"),
    ("公里", "千米", "km", "kilometers", "kilometres"), ("公斤", "千克", "kg", "kilos"), ("米", "m", "meters", "metres"),
    ("秒", "seconds", "secs"),
)  # fmt: skip
"""Words for one unit, as questions and headers have them."""
TIMES = tuple(names for names in UNITS_SAID if {"分钟", "小时", "天", "秒"} & set(names))
