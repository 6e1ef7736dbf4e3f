"""Plans that relate figures: correlations, bins, weighted averages, differences between values."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from math import floor, log10

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.figures import aggregated_plan, figure, two_periods
from analyst.models.builtin.measuring import default_aggregate
from analyst.models.builtin.own_units import events_of
from analyst.models.builtin.plan import (
    Arithmetic,
    Bin,
    Combined,
    Condition,
    Expression,
    Field,
    Measure,
    Order,
    Plan,
    Test,
    Window,
    fields,
    tables_of,
)


def correlation(draft: Draft, plan: Plan) -> Plan | None:
    """How two number columns go together."""
    named = [
        draft.options(at, "number")[0][0]
        for at, mention in enumerate(draft.mentions)
        if mention.kind == "column" and draft.options(at, "number")
    ]
    numbers = list(dict.fromkeys(field for field in named if draft.catalog.is_measure(field))) or list(dict.fromkeys(named))
    if len(numbers) < 2:
        numbers = list(dict.fromkeys(field for field in fields(plan.select) if draft.catalog.is_number(field)))
    if len(numbers) < 2:
        return None
    shown = any(mention.text.lower().startswith("relation") for mention in draft.mentions) and not plan.group and draft.language == "en"
    if shown:
        draft.mark = draft.mark or "scatter"
    if draft.mark == "scatter" or plan.group:
        return None
    return Plan((Measure("corr", numbers[0], by=numbers[1]),), tests_only(plan, numbers))


def tests_only(plan: Plan, numbers: list[Field]) -> tuple[Test, ...]:
    """The tests that are not about the columns compared."""
    return tuple(test for test in plan.where if not set(fields(test)) & set(numbers))


def histogram(draft: Draft, plan: Plan) -> Plan | None:
    """Counts of a number in steps; of a column with few values, or of words, by value."""
    columns = list(fields(plan.select))
    if "width" in draft.flags:
        places = [at for at, mention in enumerate(draft.mentions) if mention.kind == "column" and draft.options(at, "number")]
        named = [draft.options(at, "number")[0][0] for at in sorted(places, key=lambda at: -draft.mentions[at].columns[0].score)]
        if named:
            step = Bin(named[0], float(draft.flags["width"]))
            return Plan((step, Measure("count")), plan.where, (step,), order=(Order(step),))
    measured = [field for field in columns if draft.catalog.is_measure(field)]
    if plan.group and not measured:
        return None
    if draft.mark in ("box", "pie", "bar", "line") and plan.group:
        return None
    if not measured:
        return replace(plan, select=(*columns, Measure("count")), group=tuple(columns), order=()) if columns and not plan.group else None
    field = measured[0]
    column = draft.catalog.column(field)
    if any(item for item in plan.group if not isinstance(item, Bin)) or len(columns) > 1:
        return None
    if column.distinct <= 20 and "width" not in draft.flags:
        return Plan((field, Measure("count")), plan.where, (field,), order=(Order(field),))
    width = float(draft.flags["width"]) if "width" in draft.flags else nice_width(column.minimum, column.maximum)
    item = Bin(field, width)
    return Plan((item, Measure("count")), plan.where, (item,), order=(Order(item),))


def nice_width(low: object, high: object) -> float:
    """A round width that cuts a range into about ten steps (1, 2 or 5 times a power of ten)."""
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)) or high <= low:
        return 1.0
    rough = (high - low) / 10
    power = 10.0 ** floor(log10(rough))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= rough))


def weighted(draft: Draft, plan: Plan) -> Plan | None:
    """An average in which rows count by a weight."""
    at = int(draft.flags["weighted at"])
    numbers = [output.of for output in plan.select if isinstance(output, Measure) and isinstance(output.of, Field)]
    weights = [field for place in range(at, len(draft.mentions)) for field, _ in draft.options(place, "number")[:1]]
    if not weights:
        return None
    averaged = next((field for field in numbers if field != weights[0]), None)
    if averaged is None:
        return None
    figure_ = Combined(Measure("sum", Arithmetic(averaged, "*", weights[0])), "/", Measure("sum", weights[0]))
    return replace(plan, select=(*plan.group, figure_))


AVERAGE_EACH = re.compile(r"\b(?:average|avg|mean)\b.{0,12}\b(?:number|count)\b.*\b(?:per|each|(?:on|in|of|for|does) an?)\b", re.IGNORECASE)
"""'The average number of tracks on an invoice' is a figure of all invoices together."""


COUNTED_ON_AVERAGE = re.compile(
    r"\bhow many\b.*\b(?:per|each|every|an?)\b.*\b(?:on|in) average\b|\b(?:on|in) average,? how many\b.*\b(?:per|each|every)\b|"
    r"每.{2,8}平均.{0,8}(?:几|多少)[次个条单笔家件]",
    re.IGNORECASE,
)
"""'How many tickets per agent on average' is one figure as well."""


def averages_each(draft: Draft) -> bool:
    """Whether an average over things is asked for: 'average number of orders per customer', '平均每个客户'."""
    if draft.elapsed:
        return False  # days from one date to another, on average, per channel
    if "averages each" in draft.flags:
        return True
    if draft.group and AVERAGE_EACH.search(draft.text):
        return True
    if COUNTED_ON_AVERAGE.search(draft.text) and len(draft.group) == 1:
        return True
    if pieces_of_each(draft):
        return True
    for at, mention in enumerate(draft.mentions[:-1]):
        if mention.asks("agg") != "avg" or mention.kind in ("column", "value"):
            continue
        if draft.asks(at + 1, "count") and any(other.text.lower() == "per" for other in draft.mentions[at:]):
            return True
        if mention.text.startswith("平均每") or (mention.text == "平均" and draft.mentions[at + 1].text.startswith("每")):
            return True
    return False


PIECES = frozenset(("item", "items", "unit", "units", "piece", "pieces"))


def pieces_of_each(draft: Draft) -> bool:
    """Whether 'average items per order' asks how many pieces each has, over a column of quantities."""
    asked = any(mention.asks("agg") == "avg" and following.text.lower() in PIECES for mention, following in pairwise(draft.mentions))
    return asked and bool(draft.group) and set(draft.group) <= draft.from_tables


def per_thing(draft: Draft, plan: Plan) -> Plan | None:
    """A figure over all rows divided by how many things there are."""
    of = figure(plan)
    things = [item for item in plan.group if isinstance(item, Field)]
    if not things or len(things) < len(plan.group) or not isinstance(of, Measure) or plan.limit:
        return None
    thing = things[0]
    if len(things) > 1 and not (set(things) <= draft.from_tables and len({item.table for item in things}) == 1):
        return None
    key = next(iter(draft.catalog.identifiers(thing.table)), thing) if thing in draft.from_tables else thing
    total = replace(of, aggregate="sum") if of.of is not None and of.aggregate == "avg" else of
    if of == Measure("count") and {thing.table} == set(tables_of(plan)) and draft.catalog.is_key(key):
        events = events_of(draft, [thing.table], len(draft.text))  # one of each for each says nothing: what they did is counted
        join = next((join for join in draft.catalog.schema.joins if (join.table, join.parent_table) == (events, thing.table)), None)
        done = Measure("count", Field(join.table, join.column)) if join else None
        return Plan((Combined(done, "/", Measure("count_distinct", key)),), plan.where) if done else None
    if of.aggregate == "count_distinct" and isinstance(of.of, Field) and not draft.catalog.is_key(of.of):
        total = replace(of, aggregate="count")  # a track that stands on two invoices counts on both
    return Plan((Combined(total, "/", Measure("count_distinct", key)),), plan.where, tables=plan.tables)


def numbered(draft: Draft, plan: Plan) -> Plan | None:
    """'Rank employees by salary within department': highest first, with the place in each group where groups are named."""
    raw = next((field for field in plan.select if isinstance(field, Field) and draft.catalog.is_measure(field)), None)
    made = figure(plan)
    of = made if isinstance(made, Measure | Combined) else raw
    if of is None or (plan.order and any(order.descending for order in plan.order)) or draft.sorts:
        return None
    at = next((place for place, mention in enumerate(draft.mentions) if mention.value == "within" or mention.text == "内"), None)
    named = {
        field
        for field in fields(plan.select)
        if at is not None and any(field == option for option, _ in draft.options(min(at + 1, len(draft.mentions) - 1)))
    }
    grouped = tuple(draft.group) if of == raw else ()
    within: tuple[Expression, ...] = tuple(item for item in plan.select if isinstance(item, Field) and item in named) or grouped
    things = tuple(item for item in plan.select if isinstance(item, Field) and item not in within and item not in (of, raw))
    if not within:
        return replace(plan, order=(Order(of, True),)) if things else None
    things = things or (draft.catalog.labels(next(fields(of)).table) if of == raw else ())
    if not things:
        return None
    place = Window("rank", of, within=within)
    group = (*within, *things) if of != raw else ()
    return Plan((*within, *things, of, place), plan.where, group, plan.having, (*(Order(item) for item in within), Order(place)))


def per_figure(draft: Draft, plan: Plan) -> Plan | None:
    """One figure divided by another, as in 'revenue per session': sums over sums."""
    by = draft.column(int(draft.flags["per"]), "number")
    of = next((output for output in plan.select if isinstance(output, Measure) and output.of != by), None)
    raw = next((field for field in plan.select if isinstance(field, Field) and draft.catalog.is_measure(field) and field != by), None)
    if of is None and raw is not None:
        of = Measure("sum", raw)
    if by is None or of is None:
        return None
    ratio = Combined(replace(of, aggregate="sum") if of.aggregate == "avg" else of, "/", Measure("sum", by))
    group = tuple(item for item in plan.group if item != by)
    kept = tuple(order for order in plan.order if order.by in group)
    return Plan(
        (*group, ratio), plan.where, group, plan.having, (Order(ratio, plan.order[0].descending),) if plan.limit else kept, plan.limit
    )


def between_values(draft: Draft, plan: Plan) -> Plan | None:
    """The difference or ratio of a measure between two values of a column, or between two periods."""
    of = figure(plan)
    raw = [field for field in fields(plan.select) if draft.catalog.is_number(field)]
    if of is None and raw:
        of = Measure("avg" if not draft.catalog.adds_up(raw[0]) else "sum", raw[0])
    if of is None and draft.flags.get("diff") and plan.select:
        of = Measure("count")
    if "diff" in draft.flags and (apart := ends_apart(plan) or columns_apart(draft, plan)):
        return apart
    if not isinstance(of, Measure):
        return None
    pair: tuple[Test, Test] | None = None
    rest = plan.where
    for test in draft.value_tests:
        if isinstance(test, Condition) and test.sign == "in" and len(test.right) == 2:
            pair = (Condition(test.left, "=", test.right[:1]), Condition(test.left, "=", test.right[1:]))
            rest = tuple(other for other in plan.where if other != test)
    if pair is None and (pair := two_periods(draft)):
        rest = tuple(other for other in plan.where if other not in draft.period_tests)
    if pair is None:
        return None
    compared_column = pair[0].left if isinstance(pair[0], Condition) else None
    group = tuple(item for item in plan.group if item != compared_column)
    if draft.flags.get("diff") == "less":
        pair = (pair[1], pair[0])
    combined = Combined(replace(of, where=(pair[0],)), "-" if "diff" in draft.flags else "/", replace(of, where=(pair[1],)))
    if plan.limit:
        return Plan((*group, combined), rest, group, order=(Order(combined, True),), limit=plan.limit)
    return Plan((*group, combined), rest, group)


def side_by_side(draft: Draft) -> bool:
    """Whether two cells are said in one breath, as in '男女人数'."""
    pairs = pairwise(draft.mentions)
    return draft.language == "zh" and any(one.kind == "value" == other.kind and one.end == other.start for one, other in pairs)


def ends_apart(plan: Plan) -> Plan | None:
    """'The gap between the highest and the lowest pay': the most less the least of a column, as a whole or of each group."""
    figures = [output for output in plan.select if isinstance(output, Measure)]
    if len(figures) != 2 or {figure.aggregate for figure in figures} != {"max", "min"} or figures[0].of != figures[1].of or plan.limit:
        return None
    most, least = sorted(figures, key=lambda figure: figure.aggregate)
    apart = Combined(most, "-", least)
    order = tuple(Order(apart, order.descending) if order.by in figures else order for order in plan.order)
    return replace(plan, select=(*(output for output in plan.select if output not in figures), apart), order=order)


def columns_apart(draft: Draft, plan: Plan) -> Plan | None:
    """'The difference between list price and cost': two columns of one table, row by row or put together."""
    at = int(draft.flags.get("diff at", "0"))
    named = [
        draft.options(place, "number")[0][0]
        for place in range(at + 1, min(at + 6, len(draft.mentions)))
        if draft.mentions[place].kind == "column" and draft.options(place, "number")
    ][:2]
    if len(named) != 2 or named[0] == named[1] or named[0].table != named[1].table or plan.limit:
        return None
    apart = Arithmetic(named[0], "-", named[1])
    group = tuple(item for item in (*plan.group, *draft.group) if item not in named)
    labels = draft.catalog.labels(named[0].table)
    if not group or set(group) == set(labels):
        single = draft.catalog.settles(named[0].table, [label.column for label in labels])
        return Plan((*labels, apart) if single else (apart,), plan.where)
    total = Measure("sum" if all(map(draft.catalog.adds_up, named)) else "avg", apart)
    return Plan((*dict.fromkeys(group), total), plan.where, tuple(dict.fromkeys(group)))


def compared(draft: Draft, plan: Plan) -> Plan:
    """Several values of one column are told apart by grouping on it."""
    table, column = draft.flags["compared"].split("\t")
    field = Field(table, column)
    if field in plan.group or plan.everything or not plan.select:
        return plan
    wants = (
        "compare" in draft.flags
        or side_by_side(draft)
        or any(draft.mentions[at].text in ("and", "vs", "和", "与", "跟", "、", ",") for at in range(len(draft.mentions)))
    )
    if not wants:
        return plan
    if aggregated_plan(plan):
        return replace(plan, select=(field, *plan.select), group=(field, *plan.group))
    numbers = [item for item in plan.select if isinstance(item, Field) and draft.catalog.is_measure(item)]
    if "compare" in draft.flags and not draft.mark and numbers and set(plan.select) <= {field, *numbers}:
        figures = (Measure(default_aggregate(draft, number), number) for number in numbers)
        return Plan((field, *figures), plan.where, (field,), tables=plan.tables)
    if (
        not {"compare", "trend"} & set(draft.flags)
        or field in plan.select
        or not any(isinstance(item, Field) and draft.catalog.is_measure(item) for item in plan.select)
    ):
        return plan
    return replace(plan, select=(field, *plan.select))
