"""Rows sorted the other way, by another column, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Field, Measure, Order, Plan
from analyst.models.builtin.variants.heads import named_columns
from analyst.models.builtin.variants.step import Step


def orders(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Sorted the other way, by another column, or not at all."""
    for order in plan.order[:1]:
        yield "turn order", replace(plan, order=(replace(order, descending=not order.descending),))
        if not plan.limit:
            yield "no order", replace(plan, order=())
        for field in named_columns(draft):
            if field != order.by and (not plan.group or field in plan.group):
                yield "order by", replace(plan, order=(Order(field, order.descending),))
        if plan.group:
            yield "order by count", replace(plan, order=(Order(Measure("count"), order.descending),))
        if plan.limit == 1 and isinstance(order.by, Field) and not plan.group:
            figure = Measure("max" if order.descending else "min", order.by)
            yield "end figure", replace(plan, select=(figure,), order=(), limit=None)
