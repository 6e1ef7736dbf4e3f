"""Which column a number with its unit speaks of: minutes in 'over 50 minutes', kilometres in 超过3公里, rows in 超过50单."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import lasting
from analyst.models.builtin.plan import Field, Measure
from analyst.words.units import unit_of

ROWS_ZH = ("单", "笔", "次", "条")
"""Words behind a number that count rows: 订单超过50单."""


CLASSIFIERS = re.compile(r"\s*(?:个(?!月|小时|季度|星期|百分点)|[家名位座种类本部只辆台趟场门间头件张款所项支艘架](?!号))")
"""Chinese words between a number and the things it counts: 2家以上的门店."""
REACH = 3  # mentions between a number and what it counts


def things_counted(draft: Draft, first: int, last: int) -> Measure | None:
    """How many things a number with a classifier speaks of: orders in 有2个以上的订单 and in 订单超过2个; None where it names a figure."""
    place = next((at for at in range(first, min(last + 1, len(draft.mentions))) if draft.mentions[at].number), None)
    if draft.language != "zh" or place is None:
        return None
    if TIMES_ZH.match(draft.text, draft.mentions[place].end):
        return times_done(draft, place)
    if not CLASSIFIERS.match(draft.text, draft.mentions[place].end):
        return None
    start = last + 1 if last == place and CLASSIFIERS.fullmatch(draft.mentions[last + 1].text) else last
    behind = draft.next_to(start, 1, REACH, lambda at: is_thing(draft, at))
    ahead = draft.next_to(first, -1, REACH, lambda at: draft.is_column(at) or bool(draft.asks(at, "agg")))
    between = [mention.text for mention in draft.mentions[ahead + 1 : first]] if ahead is not None else []
    owner = behind is not None and draft.mentions[behind - 1].text == "的" and behind - 1 > place and last == place  # 订单少于2个的门店
    thing = ahead if ahead is not None and "有" not in between and (owner or behind is None) else behind
    if thing is None or thing in draft.used or not is_thing(draft, thing):
        return None
    counted = of_things(draft, thing)
    if counted is not None:
        draft.use(thing)
    return counted


TIMES_ZH = re.compile(r"\s*(?:次|回|趟)(?!数)")


def times_done(draft: Draft, at: int) -> Measure | None:
    """How often something was done: 考过3次 counts the exams of each; None where no table tells of it."""
    named = [table for place in range(len(draft.mentions)) if draft.mentions[place].kind == "table" and (table := draft.table(place))]
    found = events_of(draft, named, draft.mentions[at].start)
    if found is None:
        return Measure("count") if len(draft.catalog.schema.tables) == 1 else None
    draft.bring(found)
    return Measure("count")


def events_of(draft: Draft, things: list[str], end: int) -> str | None:
    """The table of what things did: the one that is named, that the verb before a place begins like, or the only one with dates."""
    joins = [join for join in draft.catalog.schema.joins if join.parent_table in things and join.table != join.parent_table]
    events = list(dict.fromkeys(join.table for join in joins))
    said = [table for table in events if table in things]
    told = [table for table in events if table[:1] in draft.text[max(0, end - VERB) : end]]
    dated = [table for table in events if draft.catalog.dates(table)]
    return next((tables[0] for tables in (said, told, dated) if len(tables) == 1), None)


VERB = 3  # characters before a number in which a Chinese verb stands


def is_thing(draft: Draft, at: int) -> bool:
    """Whether a place names rows of a table, or a column of names."""
    kind = draft.mentions[at].kind
    return kind == "table" or (kind == "column" and not draft.options(at, "number"))


def of_things(draft: Draft, at: int) -> Measure | None:
    """The count of a table's rows or of a column's different cells; None where the group itself would be counted."""
    named = any(draft.is_column(place) for place in range(len(draft.mentions)) if place != at)
    if not named:
        return None
    if draft.mentions[at].kind == "table":
        draft.bring(draft.table(at))
        return Measure("count")
    field = draft.column(at)
    return Measure("count_distinct", field) if field else None


def in_own_unit(draft: Draft, first: int, last: int) -> Field | Measure | None:
    """The column whose unit stands behind a number: minutes in 'took over 50 minutes', km in 超过3公里; rows behind 50单."""
    places = [at for at in range(first, min(last + 1, len(draft.mentions))) if draft.mentions[at].number]
    if not places:
        return None
    place = places[-1]  # between 30 and 45 minutes
    after = draft.text[draft.mentions[place].end :].lstrip()
    if draft.language == "zh" and after.startswith(ROWS_ZH) and not after.startswith(("单价", "次数", "单位")):
        return Measure("count")
    for names in UNITS_SAID:
        if not any(re.match(rf"{name}(?![a-z])", after, re.IGNORECASE) for name in names):
            continue
        tables = dict.fromkeys((*draft.tables, *draft.all_tables))
        held = [field for table in tables for field in draft.catalog.fields(table) if draft.catalog.is_number(field)]
        found = [field for field in held if (unit_of(field.column) or draft.catalog.column(field).unit).lower().strip() in names]
        found = found or [field for field in held if field.column.lower() in names]
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
