"""Charts near a chart: another category with a figure, two columns against each other, a colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.finishing import settled_order
from analyst.models.builtin.plan import Bin, Combined, Field, Grain, Measure, Output, Plan, Window, aggregated
from analyst.models.builtin.variants.heads import named_columns
from analyst.models.builtin.variants.neighbourhood import variants
from analyst.models.builtin.variants.step import Step

MOST = 6  # columns tried on the axes
AXES = ("x", "y")
UNHEARD = frozenset((
    "no having", "turn order", "no order", "order by", "both", "except", "most of all", "top of all", "end figure", "distinct",
    "count different",
))  # fmt: skip
"""Steps by which a chart would leave out what was said of it, or that no chart is asked for by."""


def is_chart(draft: Draft) -> bool:
    """Whether what a chart shows is asked for: by its name, by speaking of an axis, or by asking for several numbers."""
    return bool(draft.mark) or any(target in AXES for target, _ in draft.sorts) or draft.asks_several


def plain(plan: Plan) -> bool:
    """Whether a plan shows columns and figures as they are: neither units of time, nor steps of numbers, nor shares."""
    return not any(isinstance(output, Grain | Bin | Window | Combined) for output in (*plan.select, *plan.group))


def chart_variants(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Every plan one step away that may be the chart meant, sorted as the question says."""
    for kind, other in variants(draft, plan):
        if kind not in UNHEARD and drawable(other) and (sorted_plan := resorted(draft, other)):
            yield kind, sorted_plan
    if not (plan.top_each or plan.combine or draft.axes):
        for kind, other in charts(draft, replace(plan, everything="", distinct=False)):
            if sorted_plan := resorted(draft, other):
                yield kind, sorted_plan


def drawable(plan: Plan) -> bool:
    """Whether every group is shown, with a figure."""
    return not plan.group or (set(plan.group) <= set(plan.select) and any(aggregated(output) for output in plan.select))


def resorted(draft: Draft, plan: Plan) -> Plan | None:
    """The plan in the order that was asked for; None where it cuts rows by what is no longer there."""
    asked = tuple(order for target, descending in draft.sorts if (order := settled_order(draft, plan, target, descending)))
    if plan.limit is None and asked:
        return replace(plan, order=asked)
    if not plan.group:
        return plan
    kept = tuple(order for order in plan.order if order.by in plan.select or order.by in plan.group or aggregated(order.by))
    return replace(plan, order=kept) if kept or plan.limit is None else None


def charts(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Each column with each figure; pairs of columns; the groups of the plan in colours."""
    columns = axis_columns(draft)
    asked = figures(draft, columns)
    for x in columns:
        for figure in asked:
            if not (isinstance(figure, Measure) and figure.of == x):
                yield f"chart {'count' if figure == Measure('count') else 'figure'}", replace(plan, select=(x, figure), group=(x,))
    if plan.having:
        return
    for first, second in combinations(columns, 2):
        turned = draft.catalog.is_number(first) and not draft.catalog.is_number(second)
        yield "chart pair", replace(plan, select=(second, first) if turned else (first, second), group=())
    if len(plan.group) == 1 and len(plan.select) == 2 and aggregated(plan.select[1]):
        for color in columns:
            if color not in plan.group:
                keys = (plan.group[0], color)
                yield "colour", replace(plan, select=(*keys, plan.select[1]), group=keys)


def axis_columns(draft: Draft) -> list[Field]:
    """Columns that an axis may show: those named, the next likely ones, and what names the rows that a key points to."""
    catalog = draft.catalog
    found = named_columns(draft)
    found += [field for at, mention in enumerate(draft.mentions) if mention.kind == "column" for field, _ in draft.options(at)[1:2]]
    for field in list(found):
        parents = (join.parent_table for join in catalog.schema.joins if (join.table, join.column) == (field.table, field.column))
        found += [label for parent in parents for label in catalog.labels(parent)[:1]]
    return [field for field in dict.fromkeys(found) if catalog.has(field)][:MOST]


def figures(draft: Draft, columns: list[Field]) -> list[Output]:
    """Counts, and what is asked to be computed of columns of numbers."""
    found: list[Output] = [Measure("count"), *(item for item in draft.measures if isinstance(item, Measure))]
    asked = dict.fromkeys(kind for mention in draft.mentions if (kind := mention.asks("agg")))
    numbers = [field for field in columns if draft.catalog.is_measure(field)]
    found += [Measure(kind, field) for kind in asked for field in numbers]  # type: ignore[arg-type]
    return list(dict.fromkeys(found))[:MOST]
