"""Reads the chart that is named and what rows are sorted by."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.terms import Mark

MARKS: dict[str, Mark] = {"groupline": "line", "groupscatter": "scatter"}


BETWEEN = frozenset("对结果进行它他她们这些其数据表来的将把给列出以上全部所有")
"""What may stand between a column and 排序."""


def read_chart(draft: Draft) -> None:
    """The chart that is asked for by name."""
    for at in draft.free("chart"):
        asked = draft.asks(at, "chart")
        if draft.mentions[at].columns and draft.asks(at - 1, "group"):
            continue  # 'by line' where a column is the line
        if asked == "histogram":
            draft.flags.setdefault("hist", "bins")
        if draft.mentions[at].text.lower() in ("bar", "bars") and any(
            place != at and other.asks("chart") for place, other in enumerate(draft.mentions)
        ):
            continue
        if asked and not (
            draft.mentions[at].text.lower() in ("bar", "bars", "line", "lines", "pie", "area", "curve") and near_axis(draft, at)
        ):
            draft.mark = MARKS.get(asked, asked)  # type: ignore[arg-type]
            if asked in MARKS:
                draft.flags["colored"] = "yes"
            draft.use(at)


def near_axis(draft: Draft, at: int) -> bool:
    """Whether 'bar' only names an axis, as in 'sort by the bars', or is a word of its own."""
    return bool(draft.asks(at, "axis") or draft.asks(at - 1, "sort") or draft.asks(at - 2, "sort")) or draft.mentions[at].kind in (
        "column",
        "value",
    )


def read_sorting(draft: Draft) -> None:
    """'Sorted by X in descending order', '按X降序', 'from high to low by the y axis'."""
    directions = [at for at, mention in enumerate(draft.mentions) if (mention.asks("desc") or mention.asks("asc")) and at not in draft.used]
    sorts = [at for at, mention in enumerate(draft.mentions) if mention.asks("sort") and at not in draft.used and mention.kind == "sort"]
    handled: set[int] = set()
    for at in directions:
        descending = bool(draft.asks(at, "desc"))
        sort = next((place for place in reversed(sorts) if place < at and at - place <= 7), None)
        draft.use(at, *([sort] if sort is not None else []))
        handled.update([sort] if sort is not None else [])
        target = sort_target(draft, at, sort)
        if target is None and is_top_again(draft, at, descending):
            continue
        add_sort(draft, target, descending)
    for sort in sorts:
        if sort not in handled:
            target = sort_target(draft, sort, sort) or column_before(draft, sort)
            if target:
                add_sort(draft, target, False)
                draft.use(sort)


def is_top_again(draft: Draft, at: int, descending: bool) -> bool:
    """Whether 'from the tallest to the shortest' only says once more in which order 'the five tallest' come."""
    tops = [place for place in range(at) if draft.asks(place, "super") and draft.limit_said(place)]
    return bool(tops) and (draft.asks(tops[0], "super") or "").endswith("desc") == descending


def column_before(draft: Draft, sort: int) -> int | None:
    """The column of '按姓名对结果进行排序', where only words for what is sorted stand between."""
    for at in range(sort - 1, max(-1, sort - 9), -1):
        if draft.is_column(at):
            owner = at > 1 and draft.mentions[at - 1].text == "的" and draft.mentions[at - 2].kind == "table"
            by = draft.next_to(at - 2 if owner else at, -1, 4, lambda place: draft.asks(place, "group") == "by")
            draft.use(*(range(by, sort) if by is not None else ()))
            return at if by is not None else None
        if draft.mentions[at].text not in BETWEEN:
            return None
    return None


def sort_target(draft: Draft, at: int, sort: int | None) -> str | int | None:
    """What is sorted by: an axis, the place of a column, or nothing said."""
    places = list(range((sort if sort is not None else max(at - 4, 0)), at)) + list(range(at + 1, min(len(draft.mentions), at + 6)))
    if sort is not None and at + 1 < len(draft.mentions) and draft.mentions[at + 1].text.lower() in ("of", "by"):
        places = [place for place in places if place > at]  # sort the shops in alphabetical order of the street
    for place in places:
        if place in draft.used:
            continue
        mention = draft.mentions[place]
        if mention.text.lower() in ("bar", "bars"):
            draft.use(place)
            return "x"
        axis = mention.asks("axis")
        if axis and (mention.kind == "axis" or mention.text.lower() in ("x", "y") or "ax" in mention.text.lower()):
            draft.use(place)
            return "x" if axis in ("x", "bars") else "y"
        if mention.asks("money") and not mention.columns:
            draft.use(place)
            return "y"
        if mention.asks("agg") or mention.asks("count"):
            following = draft.next_to(place, 1, 3, lambda here: draft.is_column(here) or bool(draft.asks(here, "count")))
            draft.use(place, *([following] if following is not None else []))
            return "y"
        if mention.kind == "word" and mention.value == "name":
            draft.use(place)
            return "x"
        if mention.kind in ("column", "table") and (sort is not None or place > at or place == at - 1):
            if (
                mention.value in ("name", "names")
                and place < at
                and sort is None
                and draft.mentions[place - 1].value in ("display", "list", "show", "rank")
            ):
                draft.use(place)
                return "x"
            if place < at and sort is None and draft.language == "en":
                continue
            draft.use(place)
            return place
        if mention.kind in ("sign", "group", "list", "period", "value") and place > at and mention.text not in ("by",):
            return None
    return None


def add_sort(draft: Draft, target: str | int | None, descending: bool) -> None:
    """Note a sorting, whose column is settled once the outputs are known."""
    draft.sorts.append((target if isinstance(target, str) else "" if target is None else f"at {target}", descending))
