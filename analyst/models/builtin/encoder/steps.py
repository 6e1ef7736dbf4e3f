"""Plans one step from a plan towards what the encoder believes: columns that no word of the question names by its letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.encoder.network import Beliefs
from analyst.models.builtin.plan import Field, Measure, Output, Plan, aggregated
from analyst.models.builtin.variants.step import Step

LIKELY = -0.5  # odds from which a role is tried
MOST_SHOWN = 5  # columns shown at most


def believed_steps(plan: Plan, beliefs: Beliefs, catalog: Catalog) -> Iterator[Step]:
    """Every plan that takes one thing from what is believed; its tests are left as they were read."""
    if plan.everything or plan.after or plan.top_each:
        return
    yield from of_the_shown(plan, beliefs)
    yield from of_the_groups(plan, likely(beliefs, "grouped")[:1])
    yield from of_the_figures(plan, [field for field in likely(beliefs, "figure")[:2] if catalog.is_number(field)])
    yield from of_the_order(plan, likely(beliefs, "ordered")[:1])


def likely(beliefs: Beliefs, role: str) -> list[Field]:
    """The columns that may well play a role, likeliest first."""
    found = sorted(((odds[role], name) for name, odds in beliefs.roles.items() if odds[role] > LIKELY), key=lambda pair: -pair[0])
    return [Field(name.table, name.column) for _, name in found]


def of_the_shown(plan: Plan, beliefs: Beliefs) -> Iterator[Step]:
    """The columns that are believed to be shown, and no others."""
    shown = likely(beliefs, "shown")[:MOST_SHOWN]
    if not shown or plan.group or any(aggregated(output) for output in plan.select):
        return
    kept = [output for output in plan.select if output in shown]
    select = (*kept, *(field for field in shown if field not in kept))
    if set(select) != set(plan.select):
        yield "believed shown", replace(plan, select=select)


def of_the_groups(plan: Plan, found: list[Field]) -> Iterator[Step]:
    """Another column that rows are grouped by."""
    for field in found:
        if len(plan.group) == 1 and plan.group[0] != field:
            yield "believed group", in_place(plan, plan.group[0], field)


def of_the_figures(plan: Plan, found: list[Field]) -> Iterator[Step]:
    """Another column that a figure is computed of."""
    measures = [output for output in plan.select if isinstance(output, Measure) and isinstance(output.of, Field)]
    measures = [measure for measure in measures if measure.aggregate not in ("count", "count_distinct")]
    for field in found:
        if len(measures) == 1 and measures[0].of != field:
            yield "believed figure", in_place(plan, measures[0], replace(measures[0], of=field))


def of_the_order(plan: Plan, found: list[Field]) -> Iterator[Step]:
    """Another column that rows are ordered by."""
    for field in found:
        if len(plan.order) == 1 and isinstance(plan.order[0].by, Field) and plan.order[0].by != field:
            yield "believed order", replace(plan, order=(replace(plan.order[0], by=field),))


def in_place(plan: Plan, old: Output, new: Output) -> Plan:
    """The plan with one output in the place of another, wherever it stands."""
    return replace(
        plan,
        select=tuple(new if output == old else output for output in plan.select),
        group=tuple(new if item == old else item for item in plan.group),  # type: ignore[misc]
        order=tuple(replace(one, by=new) if one.by == old else one for one in plan.order),
    )
