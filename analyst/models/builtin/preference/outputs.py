"""Traits of what a plan shows."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.plan import Bin, Condition, Field, Grain, Measure, Plan, fields
from analyst.models.builtin.preference.scene import Scene


def of_the_outputs(scene: Scene, plan: Plan) -> Iterator[str]:
    """What is shown, and how the question speaks of it."""
    yield f"outputs {min(len(plan.select), 4)}"
    heads = sum(named.head for named in scene.columns)
    yield f"outputs {min(len(plan.select), 4)} heads {min(heads, 4)}"
    tested = {test.left for test in plan.where if isinstance(test, Condition) and test.sign == "="}
    ordered = plan.order[0].by if plan.order else None
    catalog = scene.draft.catalog
    for output in plan.select:
        if isinstance(output, Field | Grain | Bin):
            field = next(fields(output))
            yield f"shows {scene.link(field)}"
            role = catalog.column(field).role
            yield f"shows {role} {scene.link(field)}"
            if field in tested:
                yield "shows tested"
            if output == ordered:
                yield f"shows sorted {bool(plan.limit)} {scene.link(field)}"
            if catalog.words(field)[-1:] == ("id",):
                yield f"shows id {'said' if 'id' in scene.flags else 'unsaid'} {scene.link(field)}"
            if catalog.words(field)[-1:] == ("name",):
                yield f"shows name {'said' if 'name' in scene.flags else 'unsaid'}"
            if catalog.is_parent_key(field):
                yield f"shows parent key {scene.link(field)}"
        elif isinstance(output, Measure):
            said = "said" if {"count", "agg", "howmuch"} & set(scene.flags) else "unsaid"
            yield f"figure {output.aggregate} {said}"
            yield f"figure {output.aggregate} {'group' if plan.group else 'whole'} {said}"
            if output == ordered:
                yield f"figure sorted {bool(plan.limit)} {said}"
            for field in fields(output.of):
                yield f"figure of {scene.link(field)}"
