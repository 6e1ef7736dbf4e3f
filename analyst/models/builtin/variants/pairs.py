"""Things that have both of two cells, each in a row of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Either, Plan
from analyst.models.builtin.variants.step import Step
from analyst.models.builtin.variants.tests import aggregates


def pairs(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Things that have both of two cells, each in a row of its own."""
    if plan.combine:
        yield "one query", replace(plan, combine=None)
        return
    said = {mention.text.lower() for mention in draft.mentions}
    if plan.order or plan.limit or aggregates(plan) or not plan.select or not {"and", "both", "also"} & said:
        return
    for at, test in enumerate(plan.where):
        rest = plan.where[:at] + plan.where[at + 1 :]
        if isinstance(test, Condition) and test.sign == "in" and len(test.right) == 2 and not isinstance(test.right[0], Plan):
            sides = [replace(plan, where=(*rest, Condition(test.left, "=", (value,)))) for value in test.right]
            yield "both", replace(sides[0], combine=("intersect", sides[1]))
    for first, second in combinations(plan.where, 2):
        if isinstance(first, Condition) and isinstance(second, Condition) and (first.left == second.left or "both" in said):
            rest = tuple(test for test in plan.where if test not in (first, second))
            sides = [replace(plan, where=(*rest, test)) for test in (first, second)]
            yield "both", replace(sides[0], combine=("intersect", sides[1]))
            yield "either", replace(plan, where=(*rest, Either((first, second))))
