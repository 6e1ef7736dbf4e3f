"""Rows counted rather than different cells, and other figures in the place of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Aggregate, Condition, Field, Measure, Output, Plan, Test, tables_of
from analyst.models.builtin.variants.heads import named_columns
from analyst.models.builtin.variants.step import Step
from analyst.models.builtin.variants.tests import aggregates

FIGURES: tuple[Aggregate, ...] = ("sum", "avg", "max", "min")


def counts(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Rows counted rather than different cells, or the other way; sums, averages and cells as they are."""
    for output in dict.fromkeys((*plan.select, *(order.by for order in plan.order), *lefts(plan.having))):
        if not isinstance(output, Measure) or output.where:
            continue
        for kind, other in other_measures(draft, plan, output):
            yield kind, remeasured(plan, output, other)
    if plan.select and not plan.group and not aggregates(plan) and any(mention.asks("count") for mention in draft.mentions):
        home = tables_of(plan)
        yield "count rows", replace(plan, select=(Measure("count"),), order=(), limit=None, distinct=False, tables=tuple(home))


def lefts(having: tuple[Test, ...]) -> list[Output]:
    """The left sides of tests."""
    return [test.left for test in having if isinstance(test, Condition)]


def other_measures(draft: Draft, plan: Plan, measure: Measure) -> Iterator[tuple[str, Output]]:
    """Figures that may be meant in the place of one."""
    if measure.aggregate == "count_distinct":
        yield "count all", Measure("count")
    elif measure.of is None:
        for table in tables_of(plan):
            yield from (("count different", Measure("count_distinct", key)) for key in draft.catalog.identifiers(table)[:1])
        for field in named_columns(draft):
            yield "count different", Measure("count_distinct", field)
            if draft.catalog.is_measure(field):
                yield "add up", Measure("sum", field)
    elif isinstance(measure.of, Field):
        said = {mention.asks("agg") for mention in draft.mentions} - {measure.aggregate}
        asked = [name for name in FIGURES if name in said and not (plan.limit and name in ("max", "min"))]
        yield from (("other figure", replace(measure, aggregate=name)) for name in asked)
        yield "count rows", Measure("count")
        if not plan.group:
            yield "cells", measure.of


def remeasured(plan: Plan, old: Output, new: Output) -> Plan:
    """The plan with one figure in the place of another."""
    swap: Callable[[Output], Output] = lambda output: new if output == old else output  # noqa: E731
    return replace(
        plan,
        select=tuple(dict.fromkeys(map(swap, plan.select))),
        order=tuple(replace(order, by=swap(order.by)) for order in plan.order),
        having=tuple(replace(test, left=swap(test.left)) if isinstance(test, Condition) else test for test in plan.having),
    )
