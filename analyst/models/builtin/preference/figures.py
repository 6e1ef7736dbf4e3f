"""Traits of the figures of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.plan import Condition, Field, Measure, Plan
from analyst.models.builtin.preference.conditions import conditions, figure_of
from analyst.models.builtin.preference.scene import Scene


def of_the_figures(scene: Scene, plan: Plan, joined: list[str]) -> Iterator[str]:
    """Whether the figures asked for are there, and whether rows would be counted several times."""
    figures = [output for output in (*plan.select, *(order.by for order in plan.order)) if isinstance(output, Measure)]
    figures += [test.left for test in plan.having if isinstance(test, Condition) and isinstance(test.left, Measure)]
    kinds = {"count" if figure.aggregate == "count_distinct" else figure.aggregate for figure in figures}
    tests = {kind for test in conditions(plan) for value in test.right if (kind := figure_of(value))}
    for asked in scene.asked:
        met = asked in kinds or asked in tests or (asked == "count" and "sum" in kinds)
        extreme = asked in ("max", "min") and bool(plan.limit)
        yield f"asked {asked} {'met' if met else 'by order' if extreme else 'unmet'}"
    for kind in kinds - scene.asked:
        yield f"unasked {kind}"
    subject = next((named.table for named in scene.tables if named.table), None)
    fanned = "unknown" if subject is None else "fanned" if self_joined(scene, subject, joined) else "plain"
    for figure in figures:
        if figure.aggregate == "count" and figure.of is None:
            yield f"counts rows {fanned} {'distinct' if 'distinct' in scene.flags else ''}"
        elif figure.aggregate == "count_distinct" and isinstance(figure.of, Field):
            key = "key" if scene.draft.catalog.is_key(figure.of) else "cells"
            home = "subject" if figure.of.table == subject else "other"
            yield f"counts {key} {home} {fanned} {'distinct' if 'distinct' in scene.flags else ''}"


def self_joined(scene: Scene, subject: str, joined: list[str]) -> bool:
    """Whether rows of a table that takes part point to those of the subject, so that these turn up several times."""
    return any(join.parent_table == subject and join.table in joined for join in scene.draft.catalog.schema.joins)
