"""Traits of the shape of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Condition, Either, Field, Plan, aggregated, fields, tables_of
from analyst.models.builtin.preference.conditions import conditions
from analyst.models.builtin.preference.scene import Scene


def of_the_shape(scene: Scene, plan: Plan) -> Iterator[str]:
    """Distinct, groups, orders and set operations against the words that ask for them."""
    flags = set(scene.flags)
    figures = any(aggregated(output) for output in plan.select)
    listed = not plan.group and not figures
    keyed = any(scene.draft.catalog.is_key(field) for field in fields(plan.select))
    joined = len(tables_of(plan)) > 1
    if listed and not plan.limit:
        yield f"distinct {plan.distinct} {'said' if 'distinct' in flags else 'unsaid'}"
        yield f"distinct {plan.distinct} {'key' if keyed else 'no key'} {'joined' if joined else 'alone'}"
        only = plan.select[0] if len(plan.select) == 1 and isinstance(plan.select[0], Field) else None
        if only:
            column = scene.draft.catalog.column(only)
            spread = "few" if column.distinct * 3 < column.rows else "most" if column.distinct < column.rows else "all"
            yield f"distinct {plan.distinct} {spread}"
    shape = "list" if listed else "groups" if plan.group else "figure"
    shape += " top" if plan.limit else " sorted" if plan.order else ""
    shape += " each" if plan.top_each else ""
    yield f"shape {shape}"
    for flag in flags:
        yield f"shape {shape} & {flag}"
    kinds = {test.sign for test in conditions(plan)}
    negative = bool(kinds & {"!=", "not in", "not like", "is null"}) or bool(plan.combine and plan.combine[0] == "except")
    yield f"negative {negative} {'neg' in flags}"
    either = any(isinstance(test, Either) or (isinstance(test, Condition) and test.sign == "in") for test in plan.where)
    yield f"either {either} {'or' in flags}"
    for word in ("neg", "both", "or", "and"):
        yield f"combine {plan.combine[0] if plan.combine else ''} {word in flags}"
    if plan.combine and len(plan.combine[1].select) != len(plan.select):
        yield "uneven"
    yield f"having {bool(plan.having)} {'cmp' in flags}"
    for item in plan.group:
        for field in fields(item):
            yield f"group by {scene.link(field)}"
            yield f"group by {'key' if scene.draft.catalog.is_key(field) else 'other'} {shape}"
    asked = [value for mention in scene.draft.mentions if (value := direction(mention))]
    for order in plan.order[:1]:
        if asked:
            yield f"direction {'agrees' if ('desc' if order.descending else 'asc') in asked else 'differs'}"
        for field in fields(order.by):
            yield f"order by {scene.link(field)}"
            yield f"order by {scene.draft.catalog.column(field).role} {shape}"
        if not list(fields(order.by)):
            yield "order by count"


def direction(mention: Mention) -> str:
    """The direction that a word of order or a superlative asks for."""
    if mention.kind in ("column", "value", "table"):
        return ""
    said = mention.asks("super") or mention.asks("top") or ("desc" if mention.asks("desc") else "asc" if mention.asks("asc") else "")
    return said.rpartition(":")[2]
