"""All plans one step away from a plan."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Plan, Window
from analyst.models.builtin.variants.columns import columns
from analyst.models.builtin.variants.figures import counts
from analyst.models.builtin.variants.grouping import groups
from analyst.models.builtin.variants.ordering import orders
from analyst.models.builtin.variants.outputs import outputs
from analyst.models.builtin.variants.pairs import pairs
from analyst.models.builtin.variants.step import Step
from analyst.models.builtin.variants.tables import tables
from analyst.models.builtin.variants.tests import tests


def variants(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Every plan one step away, with the kind of the step."""
    if plan.after or plan.everything or any(isinstance(output, Window) for output in plan.select):
        return
    for steps in (outputs, columns, tests, tables, counts, orders, groups, pairs):
        yield from steps(draft, plan)
