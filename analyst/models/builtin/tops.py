"""Reads superlatives and how many rows of one end are wanted."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft, Top
from analyst.models.builtin.durations import unit_held
from analyst.models.builtin.numbers import is_percentage
from analyst.models.builtin.plan import Field, Measure
from analyst.terms import ColumnMatch


def read_top(draft: Draft) -> None:
    """Superlatives and 'top n'."""
    for at, mention in enumerate(draft.mentions):
        if at in draft.used or draft.top or not (mention.asks("super") or mention.asks("top")) or read_own(draft, at):
            continue
        if (
            mention.asks("agg")
            and not draft.limit_said(at)
            and not any(
                draft.mentions[place].value in ("with", "has", "have", "had", "having", "whose") or draft.mentions[place].text in ("的",)
                for place in range(max(0, at - 2), at)
            )
        ):
            continue
        if mention.kind in ("column", "value") or (
            mention.text.lower() in ("last", "first", "recent", "latest", "high", "low") and mention.period
        ):
            continue
        top = mention.asks("top")
        count = limit_near(draft, at)
        asked = mention.asks("super") or top or "desc"
        if count is None and not mention.asks("super"):
            continue
        if (
            count is not None
            and top
            and (not mention.asks("super") or draft.mentions[at].text.lower() in ("first", "last", "best", "top", "bottom"))
        ):
            asked = top
        following = draft.mentions[at + 1].value if at + 1 < len(draft.mentions) else ""
        if following in ("month", "year", "quarter", "week", "day", "hour", "weekday") and "when" not in draft.flags:
            draft.flags["when"] = "date" if following == "day" else following
            draft.use(at + 1)
        counted = count is not None and DAYS.match(draft.text, draft.mentions[count].end)
        if counted and "when" not in draft.flags and not draft.group:
            draft.flags["when"] = UNITS_COUNTED[counted[1]]
            draft.use(*(place for place, other in enumerate(draft.mentions) if counted.start(1) <= other.start < counted.end(1)))
        concept, _, direction = asked.rpartition(":")
        if concept == "height" and at and draft.mentions[at - 1].kind == "column" and draft.options(at - 1, "number"):
            concept = ""  # 工资最高的人 earns most, however tall
        if concept == "speed" and (timed := times_taken(draft, at)):
            concept, direction = "", "asc" if direction == "desc" else "desc"
            draft.mentions[timed[0]] = replace(draft.mentions[timed[0]], columns=(timed[1], *draft.mentions[timed[0]].columns))
        for place in range(at + 1, min(at + 4, len(draft.mentions))):
            further = draft.asks(place, "super") or ""
            if not concept and ":" in further and place not in draft.used:
                concept, _, direction = further.rpartition(":")
                draft.use(place)
        earners = next(
            (place for place in range(at + 1, min(at + 3, len(draft.mentions))) if draft.mentions[place].text.lower() in EARNERS), 0
        )
        if earners and not concept:
            concept = "salary"
            draft.flags["people"] = "earners"
            draft.use(earners)
        if count is not None and mention.text.lower() in ("last", "first") and dated_rows(draft, count):
            concept, direction = "time", "desc" if mention.text.lower() == "last" else "asc"
        draft.top = Top(at, direction == "desc", draft_limit(draft, count), concept, count is not None)
        if count is not None and is_percentage(draft.text[draft.mentions[count].start : draft.mentions[count].end + PERCENT_WORD]):
            draft.top.part = float(draft.mentions[count].number) / 100
        draft.use(at)
        if mention.text.lower() in ("first", "last") and count is not None and not draft.flags.get("sorted"):
            draft.flags["firstn"] = "yes"


def times_taken(draft: Draft, at: int) -> tuple[int, ColumnMatch] | None:
    """The place of a time or duration that 'the fastest time' ranks, and its column of numbers: the least is the fastest."""
    if any("speed" in draft.catalog.words(field) for field in draft.catalog.fields()):
        return None
    for place in range(at + 1, len(draft.mentions)):
        found = [match for match in draft.mentions[place].columns if match.column] if draft.mentions[place].kind == "column" else []
        numbers = (match for match in found if draft.catalog.is_number(Field(match.table, match.column)))
        near = place < at + NEXT
        lasting = (match for match in numbers if lasts(draft, Field(match.table, match.column), near))
        if match := next(lasting, None):
            return place, match
    return None


PERCENT_WORD = 9  # characters of ' per cent'
NEXT = 3  # mentions in which a time that is called fast stands


def lasts(draft: Draft, field: Field, near: bool) -> bool:
    """Whether a column tells how long something took: its unit says so, or, right beside the word, its name."""
    return unit_held(field) is not None or (near and bool(LASTING & set(draft.catalog.words(field))))


LASTING = frozenset(("time", "duration", "sec", "second", "minute", "min", "hour", "day", "times"))


def read_own(draft: Draft, at: int) -> bool:
    """'For each hall, the minutes of its longest visit': the most that each group has of the column named before."""
    if not draft.group or draft.mentions[at - 1].text.lower() not in ("its", "their", "his", "her") or not at:
        return False
    asked = draft.asks(at, "super") or ""
    left = draft.next_to(at - 1, -1, 2, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "number")))
    field = draft.column(left, "number") if left is not None and draft.mentions[at - 2].text.lower() == "of" else None
    if field is None or left is None or not asked:
        return False
    draft.measures.append(Measure("max" if asked.endswith("desc") else "min", field))
    draft.use(at, left)
    return True


EARNERS = ("earner", "earners")
UNITS_COUNTED = {"天": "date", "日": "date", "周": "week", "个月": "month", "个季度": "quarter", "年": "year"}
DAYS = re.compile(r"\s*(天|日(?!期)|周|个月|个季度|年)(?![一-鿿]*(?:前|内|来))")
"""Units of time after a number of rows: 销售额最高的三天."""


def dated_rows(draft: Draft, count: int) -> bool:
    """Whether a number is followed by the rows of a table that tells their time, as in 'the last 5 orders'."""
    following = draft.mentions[count + 1] if count + 1 < len(draft.mentions) else None
    if following is None or following.kind not in ("table", "column"):
        return False
    match = following.columns[0]
    own = not match.column or draft.catalog.is_key(Field(match.table, match.column))
    return own and any(draft.catalog.is_date(field) for field in draft.catalog.fields(match.table))


def read_inner_top(draft: Draft) -> None:
    """A ranking inside a ranking: 'among the top 5 by sales, the one with the lowest price'."""
    top = draft.top
    if top is None or not top.counted:
        return
    second = next(
        (
            at
            for at in range(top.at + 1, len(draft.mentions))
            if draft.asks(at, "super") and at not in draft.used and draft.mentions[at].kind == "super"
        ),
        None,
    )
    if second is None:
        return
    between = draft.mentions[top.at + 1 : second]
    if not any(
        mention.text in ("中", "里", "里面", "当中", "之中", "which", "哪个", "哪些", "各自") or mention.asks("which")
        for mention in between
    ) and draft.mentions[0].value not in ("among", "of"):
        return
    near = draft.next_to(
        top.at,
        -1,
        3,
        lambda place: (draft.mentions[place].kind == "column" and bool(draft.options(place, "number"))) or bool(draft.asks(place, "rank")),
    )
    while near is not None and draft.asks(near, "rank") and draft.mentions[near].kind != "column":
        draft.use(near)
        near = draft.next_to(near, -1, 2, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "number")))
    field = draft.column(near, "number") if near is not None else None
    if field is None or near is None:
        return
    draft.use(near, second)
    draft.inner_top = (field, top.descending, top.limit or 1)
    asked = draft.asks(second, "super") or "desc"
    concept, _, direction = asked.rpartition(":")
    draft.top = Top(second, direction == "desc", 1, concept)


def draft_limit(draft: Draft, at: int | None) -> int:
    """How many rows are asked for."""
    if at is None:
        return 1
    draft.use(at)
    return max(1, int(draft.mentions[at].number))


def limit_near(draft: Draft, at: int) -> int | None:
    """The place of the number beside a superlative: 'top 5', '5 cheapest', '10 states with the most', '最高的5个', '前三'."""
    for place in (at + 1, at - 1, at + 2, at - 2, at + 3, at - 3, at - 4, at - 5):
        if 0 <= place < len(draft.mentions) and counts_rows(draft, place) and (abs(place - at) == 1 or with_only_fillers(draft, place, at)):
            return place
    for place in range(1, min(at, len(draft.mentions) - 1)):
        if draft.mentions[place - 1].text == "哪" and counts_rows(draft, place) and draft.mentions[place + 1].text in CLASSIFIERS:
            return place  # 哪三个班组长…最长
    for place in range(len(draft.mentions) - 1):
        if (
            draft.language == "en"
            and place < at
            and counts_rows(draft, place)
            and draft.is_column(place + 1)
            and draft.mentions[place - 1].value in ("the", "top", "which", "what", "find", "list", "show", "give")
            and not draft.mentions[place].period
        ):
            return place
        if (
            draft.mentions[place].text in ("前", "后", "top", "first", "排名前", "倒数", "前几名")
            and place != at
            and counts_rows(draft, place + 1)
        ):
            draft.use(place)
            return place + 1
    return None


CLASSIFIERS = frozenset("个家位名种款条座间项类门支")


def counts_rows(draft: Draft, at: int) -> bool:
    """Whether a number can say how many rows are wanted."""
    mention = draft.mentions[at]
    if (
        at in draft.used
        or not mention.number
        or mention.kind not in ("number", "column")
        or not float(mention.number).is_integer()
        or not 0 < mention.number <= 1000
    ):
        return False
    return mention.text.lower() not in ("one", "single") and not draft.asks(at - 1, "cmp") and not draft.asks(at + 1, "tail")


def with_only_fillers(draft: Draft, left: int, right: int) -> bool:
    """Whether nothing of weight stands between two places."""
    low, high = sorted((left, right))
    return all(
        draft.is_filler(at)
        or draft.is_column(at)
        or draft.mentions[at].asks("top")
        or draft.mentions[at].asks("super")
        or draft.mentions[at].value in ("w", "/")
        or draft.mentions[at].text in ("w", "/", "with", ",", "，")
        for at in range(low + 1, high)
    )
