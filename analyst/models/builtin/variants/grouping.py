"""Other groups, or none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Field, Measure, Order, Output, Plan, aggregated
from analyst.models.builtin.variants.heads import named_columns
from analyst.models.builtin.variants.step import Step


def groups(draft: Draft, plan: Plan) -> Iterator[Step]:
    """The likeliest thing of all rather than of each group; without groups; by the key as well."""
    if plan.top_each:
        inner = [item for item in plan.group if item not in plan.top_each.within] or list(plan.group)
        for item in dict.fromkeys((*plan.group, *inner)):
            yield (
                "top of all",
                replace(plan, select=(item,), group=(item,), order=(plan.top_each.order,), limit=plan.top_each.limit, top_each=None),
            )
        return
    if plan.group and not plan.having and plan.limit is None:
        plain: tuple[Output, ...] = tuple(output for output in plan.select if not aggregated(output))
        if plain:
            yield "no groups", replace(plan, select=plain, group=())
    if plan.having:
        yield "no having", replace(plan, having=())
    for item in plan.group:
        if isinstance(item, Field):
            keys = draft.catalog.identifiers(item.table)[:1]
            if keys and keys[0] not in plan.group and (plan.order or plan.having):
                yield "group by key", replace(plan, group=(keys[0], *plan.group))
    if plan.limit == 1 and not plan.group and isinstance(plan.order[0].by if plan.order else None, Field):
        for field in named_columns(draft):
            yield (
                "most of all",
                replace(
                    plan, select=(field,), group=(field,), order=(Order(Measure("count"), plan.order[0].descending),), tables=plan.tables
                ),
            )
