"""Reads what rows are grouped by, what they are sorted by, and which end of them is asked for."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft, Top
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Expression, Field, Grain
from analyst.terms import Mark

MARKS: dict[str, Mark] = {"groupline": "line", "groupscatter": "scatter"}


def read_chart(draft: Draft) -> None:
    """The chart that is asked for by name."""
    for at in draft.free("chart"):
        asked = draft.asks(at, "chart")
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


# ---------------------------------------------------------------------------------------- order
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
        add_sort(draft, sort_target(draft, at, sort), descending)
    for sort in sorts:
        if sort not in handled:
            target = sort_target(draft, sort, sort)
            if target:
                add_sort(draft, target, False)
                draft.use(sort)


def sort_target(draft: Draft, at: int, sort: int | None) -> str | int | None:
    """What is sorted by: an axis, the place of a column, or nothing said."""
    places = list(range((sort if sort is not None else max(at - 4, 0)), at)) + list(range(at + 1, min(len(draft.mentions), at + 6)))
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
        if mention.kind in ("column", "table") and (sort is not None or place > at or place == at - 1):
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


# ---------------------------------------------------------------------------------------- ends
def read_top(draft: Draft) -> None:
    """Superlatives and 'top n'."""
    for at, mention in enumerate(draft.mentions):
        if at in draft.used or draft.top or not (mention.asks("super") or mention.asks("top")):
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
        if following in ("month", "year", "quarter", "week", "day") and "when" not in draft.flags:
            draft.flags["when"] = "date" if following == "day" else following
            draft.use(at + 1)
        concept, _, direction = asked.rpartition(":")
        draft.top = Top(at, direction == "desc", draft_limit(draft, count), concept, count is not None)
        draft.use(at)
        if mention.text.lower() in ("first", "last") and count is not None and not draft.flags.get("sorted"):
            draft.flags["firstn"] = "yes"


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


# ---------------------------------------------------------------------------------------- groups
def read_grains(draft: Draft) -> None:
    """Time units that rows are grouped by, and 'which month'."""
    for at in list(draft.free("grain")):
        mention = draft.mentions[at]
        if mention.kind != "grain":
            continue
        unit = mention.asks("grain")
        if (
            unit in ("day", "month", "year", "quarter", "week", "hour")
            and draft.asks(at - 1, "agg") == "avg"
            and not mention.text.lower().startswith(("by", "per", "each", "for", "按"))
        ):
            draft.flags["averaged per"] = unit
        add_grain(draft, at, unit or "month")
    for kind in ("whenyear", "whenmonth", "whenhour", "when"):
        for at in list(draft.free(kind)):
            if draft.mentions[at].kind == kind and at not in draft.used:
                draft.flags["when"] = draft.asks(at, kind) or "date"
                draft.use(at)
    for at in list(draft.free("weekendsplit")):
        add_grain(draft, at, "weekend")


def add_grain(draft: Draft, at: int, unit: str) -> None:
    """Group by a time unit of the column beside the words, or of the main date."""
    beside = draft.next_to(
        at,
        -1,
        2,
        lambda place: (
            place not in draft.used
            and draft.mentions[place].kind == "column"
            and bool(draft.options(place, "time"))
            and draft.mentions[place].columns[0].score > 0.7
        ),
    )
    field = draft.column(beside, "time") if beside is not None else None
    if field is None or (draft.catalog.is_year(field) and unit != "year"):
        field = grain_column(draft, unit)
    elif beside is not None:
        draft.use(beside)
    draft.use(at)
    if field:
        grain: Expression = Grain(field, unit)  # type: ignore[arg-type]
        if draft.catalog.is_year(field) and not draft.catalog.is_date(field) and unit == "year":
            grain = field
        if grain not in draft.group:
            draft.group.append(grain)
    else:
        draft.unknown.append(draft.mentions[at].text)


def grain_column(draft: Draft, unit: str) -> Field | None:
    """The column a time unit is taken from: one of that very unit, else the main date."""
    catalog = draft.catalog
    if unit == "hour":
        clocks = [field for table in draft.all_tables for field in catalog.fields(table) if catalog.is_clock(field)]
        return sorted(clocks, key=lambda field: catalog.column(field).type.upper() != "TIME")[0] if clocks else None
    mine = draft.dates()
    options = mine if unit in ("year", "decade") else [field for field in mine if not catalog.is_year(field)]
    return (
        draft.chooser.choose(f"date for {unit}", [(field, 1.0 / (1 + rank) ** 2) for rank, field in enumerate(options[:3])])
        if options
        else None
    )


def read_groups(draft: Draft) -> None:
    """What stands after 'by', 'per', 'each', '各', '按'."""
    for at in list(draft.free("group")) + list(draft.free("drill")):
        if at in draft.used:
            continue
        if draft.mentions[at].text.lower() == "by" and at and participle(draft.mentions[at - 1]):
            continue
        here = at
        while True:
            target = draft.next_to(
                here,
                1,
                3,
                lambda place: (
                    (draft.nameable(place) and draft.mentions[place].kind in ("column", "table", "value") and place not in draft.used)
                    or bool(draft.asks(place, "distinct"))
                    or draft.mentions[place].text.lower() in ("attribute", "attributes", "type of")
                ),
            )
            if target is None:
                break
            if (draft.asks(target, "distinct") and not draft.is_column(target)) or draft.mentions[target].text.lower() in (
                "attribute",
                "attributes",
            ):
                here = target
                continue
            if not add_group(draft, at, target):
                break
            draft.use(at)
            joint = draft.next_to(
                target, 1, 0, lambda place: bool(draft.asks(place, "and")) or draft.mentions[place].text in (",", "，", "、")
            )
            if joint is None or draft.mentions[at].text.lower() == "per":
                break
            here = joint


GROUPING = frozenset(
    [
        "grouped",
        "group",
        "split",
        "broken",
        "ordered",
        "sorted",
        "order",
        "sort",
        "binned",
        "divided",
        "break",
        "separated",
        "categorized",
        "classified",
        "summarized",
        "aggregated",
        "ranked",
        "measured",
        "viewed",
        "weighted",
    ]
)


def participle(mention: Mention) -> bool:
    """Whether a word before 'by' makes it name a doer, as in 'owned by'."""
    word = mention.text.lower()
    return (
        mention.kind in ("word", "column", "money", "table", "value")
        and word.isalpha()
        and word not in GROUPING
        and (
            word.endswith(("ed", "en", "own", "ung", "ught", "ade", "ld"))
            or word in ("led", "made", "run", "done", "cut", "put", "set", "won")
        )
    )


def add_group(draft: Draft, at: int, target: int) -> bool:
    """Group by the column at a place; measures are no groups ('by revenue' sorts or says what is counted)."""
    mention = draft.mentions[target]
    by = draft.mentions[at].text.lower() in ("by", "按", "按照", "以", "根据")
    table = draft.table(target) if mention.kind == "table" else None
    if table and mention.columns[0].score >= 0.6:
        if (
            draft.next_to(target, 1, 0, lambda place: draft.mentions[place].kind == "column" and place not in draft.used) is not None
            and not by
        ):
            draft.use(target)
            return add_group(draft, at, target + 1)
        for label in group_labels(draft, table):
            draft.from_tables.add(label)
            if label not in draft.group:
                draft.group.append(label)
        draft.tables.append(table)
        draft.use(target)
        return True
    field = draft.column(target, "dimension")
    if field is None:
        return False
    ranks = draft.catalog.column(field).distinct > 30 or any(other.asks("super") or other.asks("top") for other in draft.mentions)
    if by and draft.catalog.is_measure(field) and ranks and not draft.catalog.is_parent_key(field):
        draft.flags.setdefault("measured by", str(target))
        return False
    draft.use(target)
    parents = parent_labels(draft, field, mention.text)
    if parents:
        draft.group += [label for label in parents if label not in draft.group]
        return True
    if (
        draft.catalog.is_date(field)
        and draft.catalog.column(field).distinct > 1
        and mention.kind == "column"
        and draft.mentions[at].text.lower() not in ("group by", "group by attribute")
    ):
        draft.group.append(field)
        return True
    if field not in draft.group:
        draft.group.append(field)
    return True


def parent_labels(draft: Draft, field: Field, said: str) -> tuple[Field, ...]:
    """Names to show in the place of a key, unless the question speaks of the key itself."""
    if (
        "id" in said.lower().split()
        or draft.catalog.words(field)[-1:] != ("id",)
        or said.lower().endswith(("id", "编号", "code", "number"))
    ):
        return ()
    join = next(
        (
            join
            for join in draft.catalog.schema.joins
            if (join.table, join.column) == (field.table, field.column) and join.parent_table != field.table
        ),
        None,
    )
    if join is None:
        return ()
    labels = draft.catalog.labels(join.parent_table)
    return (
        draft.chooser.choose(f"label of {field.column}", [(labels, 0.7), ((), 0.3)])
        if labels and labels[0].column != join.parent_column
        else ()
    )


def group_labels(draft: Draft, table: str) -> tuple[Field, ...]:
    """The columns that name the rows of a table a question groups by."""
    return draft.catalog.labels(table)
