"""What a superlative or a 'top n' ranks, and by which measure."""

from __future__ import annotations

from analyst.models.builtin.comparing import default_measure, nearest_first
from analyst.models.builtin.deeds import LONG
from analyst.models.builtin.draft import Draft, Top
from analyst.models.builtin.durations import slow
from analyst.models.builtin.elapsing import has_clock, unit_between
from analyst.models.builtin.measuring import count_of, of_target
from analyst.models.builtin.money import special
from analyst.models.builtin.plan import Elapsed, Field, Measure, Output

COUNTING = (
    "most", "fewest", "least", "the most", "most common", "most frequent", "most popular", "most frequently", "most commonly",
    "least common", "least popular", "least frequent", "highest number of", "largest number of", "greatest number of",
    "lowest number of", "smallest number of", "fewest number of", "most number of", "least number of", "最多", "最少",
    "最受欢迎", "最常见", "最热门", "最常",
)  # fmt: skip
SUBJECT_AFTER = (
    "most common", "most frequent", "most popular", "most frequently", "most commonly", "least common", "least popular",
    "least frequent", "最常见", "最受欢迎", "最热门", "最常",
)  # fmt: skip


def top_target(draft: Draft, top: Top) -> Output | None:
    """The measure or column that a superlative is about; None leaves it to the rows."""
    said = draft.mentions[top.at].text.lower()
    if "measured by" in draft.flags:
        at = int(draft.flags["measured by"])
        draft.use(at)
        return of_target(draft, at)
    if draft.elapsed:
        top.descending = LONG.get(said, top.descending)
        return draft.elapsed
    if top.concept == "count":
        return Measure("count")
    if top.concept:
        return concept_target(draft, top)
    if draft.measures:
        return draft.measures[0]
    if said in SUBJECT_AFTER:
        return Measure("count")
    return beside(draft, top, said)


def worth_of_rows(draft: Draft, top: Top) -> Output | None:
    """What 'the most expensive order' ranks: what the whole order came to, and not the price of a piece in it."""
    place = draft.next_to(top.at, 1, 2, draft.is_column)
    if place is None:  # 用银行卡支付的订单里最贵的是哪个
        place = next((here for here in range(top.at - 1, -1, -1) if draft.mentions[here].kind == "table"), None)
    table = draft.table(place) if place is not None and draft.mentions[place].kind == "table" else None
    amount = draft.catalog.money([table]) if table else None
    counted = table is not None and bool(draft.catalog.named("quantity", [table], number=True))
    return amount if counted and isinstance(amount, Field) and "price" not in draft.catalog.concepts(amount) else None


def concept_target(draft: Draft, top: Top) -> Output | None:
    """The column of a quality such as price or age; the youngest have the latest birth dates."""
    catalog, tables = draft.catalog, draft.all_tables
    if top.concept == "sold":  # best-selling: by the pieces, else by the money
        sold = [field for field in catalog.named("quantity", tables, number=True) if catalog.adds_up(field)]
        money = sold[0] if sold else catalog.money(tables)
        return Measure("sum", money) if money is not None else Measure("count")
    if top.concept == "time":
        near = draft.next_to(
            top.at,
            1,
            3,
            lambda place: draft.is_column(place) and bool(draft.options(place, "time")) and draft.mentions[place].kind == "column",
        )
        if near is not None:
            field = draft.column(near, "time")
            draft.use(near)
            return field
        done = draft.next_to(top.at, -1, 0, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "time")))
        if done is not None and near is None:
            draft.use(done)
            return draft.column(done, "time")
        numeric = draft.next_to(top.at, 1, 1, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "number")))
        if numeric is not None and draft.mentions[top.at].text.lower() not in ("latest", "earliest", "newest"):
            draft.use(numeric)
            return draft.column(numeric, "number")
        dates = nearest_first(draft, top.at, [field for table in tables for field in catalog.dates(table)])
        return min(dates, key=lambda field: when_it_was(draft, field)) if dates else None
    if top.concept == "price" and (whole := worth_of_rows(draft, top)) is not None:
        return whole
    found = nearest_first(draft, top.at, catalog.named(top.concept, tables, number=True))
    if top.concept == "age" and not found:
        births = [
            field
            for table in tables
            for field in catalog.dates(table)
            if "birth date" in catalog.concepts(field) or "birth" in catalog.words(field)
        ]
        births = births or nearest_first(draft, top.at, [field for table in draft.tables for field in catalog.dates(table)])
        if births:
            top.descending = not top.descending
            return births[0]
        begun = nearest_first(draft, top.at, [field for table in tables[:1] for field in catalog.dates(table) if catalog.is_date(field)])
        if begun:
            top.descending = not top.descending
            return begun[0]
    if not found:
        if column := nearest_column(draft, top.at):
            return column
        elapsed = slow(draft, said := draft.mentions[top.at].text.lower())
        spends = (
            [field for field in catalog.named("spend", tables, number=True) if catalog.is_measure(field)] if top.concept == "price" else []
        )
        if spends and not elapsed:
            return Measure("sum", spends[0])
        lasting = duration(draft) if said in LONG and not elapsed else None
        if top.concept == "speed" and not (elapsed or lasting):
            elapsed = between_moments(draft)
            draft.unknown += [] if elapsed else [said]
        top.descending = LONG[said] if elapsed or lasting else top.descending
        return elapsed or lasting or default_measure(draft)
    for at in range(len(draft.mentions)):
        if at not in draft.used and draft.mentions[at].kind == "column" and draft.options(at, "number"):
            named = draft.options(at, "number")[0][0]
            if named in found or top.concept in ("length", "height", "weight", "area"):
                draft.use(at)
                return named
    return draft.chooser.choose(
        f"quality {top.concept}",
        [(field, 0.6**rank * (1.5 if draft.tables and field.table == draft.tables[0] else 1.0)) for rank, field in enumerate(found[:3])],
    )


LASTING = frozenset(
    ("minute", "minutes", "hours", "seconds", "duration", "latency", "wait", "waiting", "response", "elapsed", "lead", "days")
)
LASTING_ZH = ("耗时", "时长", "用时", "分钟", "小时", "天数", "等待")


def between_moments(draft: Draft) -> Elapsed | None:
    """The time from the first to the last moment of the rows of the only table that tells two, by which things are called slow."""
    tables = {table: [field for field in draft.catalog.fields(table) if has_clock(draft, field)] for table in draft.all_tables}
    pairs = [moments for moments in tables.values() if len(moments) == PAIR]
    return unit_between(draft, pairs[0][0], pairs[0][1], "") if len(pairs) == 1 else None


PAIR = 2  # moments: when it began and when it ended


def duration(draft: Draft) -> Measure | None:
    """The average of the one column of lengths of time, by which the slowest are found where no speed is held."""
    fields = [field for table in draft.all_tables for field in draft.catalog.fields(table) if draft.catalog.is_measure(field)]
    found = [field for field in fields if LASTING & set(draft.catalog.words(field)) or any(word in field.column for word in LASTING_ZH)]
    return Measure("avg", found[0]) if len(found) == 1 else None


def when_it_was(draft: Draft, field: Field) -> tuple[bool, bool, bool]:
    """How badly a date tells when a row came to be: worst by an end or a birth of which the question does not speak."""
    return not draft.speaks_of(field), "birth date" in draft.catalog.concepts(field), draft.catalog.is_ending(field)


def nearest_column(draft: Draft, at: int) -> Field | None:
    """A number column right after a place."""
    near = draft.next_to(at, 1, 2, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "number")))
    if near is None:
        return None
    draft.use(near)
    return draft.column(near, "number")


def beside(draft: Draft, top: Top, said: str) -> Output | None:
    """The column on either side of a superlative, or a count of what stands there."""

    def number(place: int) -> bool:
        return place not in draft.used and (
            (
                draft.mentions[place].kind == "column"
                and any(usable(draft, field) for field, _ in draft.options(place, "number")[:2])
                and draft.mentions[place].columns[0].score > 0.3
            )
            or (any(draft.asks(place, kind) for kind in ("money", "worth", "basket", "margin")) and not draft.is_column(place))
        )

    right = draft.next_to(
        top.at, 1, 3, lambda place: number(place) or (place not in draft.used and draft.is_column(place)) or bool(draft.asks(place, "agg"))
    )
    left = draft.next_to(top.at, -1, 3, number)
    preferred = (left, right) if draft.language == "zh" else (right, left)
    for place in preferred:
        if place is not None and number(place):
            draft.use(place)
            return figure_of(draft, place)
    if right is not None and said in COUNTING and draft.language == "en" and draft.is_column(right):
        return counted_thing(draft, right)
    if draft.language == "zh" and said in COUNTING:
        thing = draft.next_to(top.at, -1, 2, lambda place: place not in draft.used and draft.is_column(place))
        after = any(place not in draft.used and draft.is_column(place) for place in range(top.at + 1, len(draft.mentions)))
        if thing is not None and after:
            return counted_thing(draft, thing)
        return Measure("count")
    if right is not None and said in ("highest", "tallest", "lowest") and draft.mentions[right].kind == "table":
        heights = draft.catalog.named("height", [draft.table(right) or ""], number=True)
        if heights:
            return heights[0]
    measures = [
        at
        for at in range(len(draft.mentions))
        if at not in draft.used
        and draft.mentions[at].kind == "column"
        and draft.options(at, "number")
        and draft.catalog.is_measure(draft.options(at, "number")[0][0])
    ]
    if measures:
        draft.use(measures[0])
        return of_target(draft, measures[0])
    if said in COUNTING:
        return Measure("count")
    default = default_measure(draft)
    if default is None or is_kind(draft, right):
        return Measure("count")
    if said in ("biggest", "largest", "greatest", "top", "best", "worst", "smallest", "最好", "最大", "最差", "最强", "最火"):
        draft.flags["vague"] = said
    return default


def is_kind(draft: Draft, place: int | None) -> bool:
    """Whether a place names a kind of row, such as its topic, where no money tells what the top one is: it is the most frequent."""
    if place is None or draft.mentions[place].kind != "column" or draft.catalog.money(draft.all_tables):
        return False
    field = draft.column(place, "dimension")
    column = draft.catalog.column(field) if field else None
    return column is not None and column.role == "dimension" and 2 * column.distinct < column.rows


def figure_of(draft: Draft, place: int) -> Output | None:
    """What a place stands for as something to rank by: a column, an amount, or a figure made of several."""
    kind = draft.mentions[place].kind
    return special(draft, kind) if kind in ("basket", "margin") else of_target(draft, place)


def usable(draft: Draft, field: Field) -> bool:
    """Whether rows can be ranked by a column: numbers that are no keys."""
    column = draft.catalog.column(field)
    return (
        draft.catalog.is_number(field)
        and not (
            draft.catalog.is_key(field)
            and not draft.catalog.is_time(field)
            and draft.catalog.words(field)[-1:] in (("number",), ("id",), ("no",), ("code",))
        )
        and (column.role in ("measure", "time") or (column.role == "dimension" and not draft.catalog.is_parent_key(field)))
    )


def counted_thing(draft: Draft, at: int) -> Output:
    """The count of what stands at a place ('the most students'); a quantity is added up instead."""
    subject = [place for place in range(len(draft.mentions)) if place != at and place not in draft.used and draft.is_column(place)]
    if not subject and not draft.group:
        return Measure("count")
    draft.use(at)
    measure = count_of(draft, at, False)
    return (
        Measure("count")
        if measure.aggregate == "count_distinct"
        and isinstance(measure.of, Field)
        and measure.of not in draft.group
        and draft.catalog.is_key(measure.of)
        else measure
    )
