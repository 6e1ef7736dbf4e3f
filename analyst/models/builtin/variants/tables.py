"""A table less or more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Measure, Plan, fields, tables_of
from analyst.models.builtin.roles import is_placed
from analyst.models.builtin.variants.step import Step

OWNING = frozenset(("have", "has", "had", "having", "with", "without", "own", "any", "some", "no", "a", "an", "many"))
"""Words before a table that say that rows of it must be there."""


def tables(draft: Draft, plan: Plan) -> Iterator[Step]:
    """A table less that holds no part of the plan, or one more that the question names."""
    held = {field.table for field in fields((plan.select, plan.where, plan.group, plan.having, plan.order))}
    for table in plan.tables:
        if table not in held and (held or len(plan.tables) > 1) and not must_stay(draft, plan, table):
            yield "drop table", replace(plan, tables=tuple(name for name in plan.tables if name != table))
    present = set(tables_of(plan))
    for at, mention in enumerate(draft.mentions):
        named = draft.table(at) if mention.kind == "table" and mention.columns[0].score >= 0.75 else None
        if named and named not in present:
            yield "add table", replace(plan, tables=(*plan.tables, named))


def must_stay(draft: Draft, plan: Plan, table: str) -> bool:
    """Whether rows of a table are counted or must be there, as in 'who have a pet', 'how many courses', or 'how many beverages'."""
    if table == draft.flags.get("acts"):
        return True
    places = [
        at
        for at, mention in enumerate(draft.mentions)
        if any(match.table == table and not match.column and match.score >= mention.columns[0].score for match in mention.columns)
    ]
    if not places:
        return table == plan.tables[0] and Measure("count") in plan.select
    if any(is_placed(draft, at) for at in places):
        return True
    return any(draft.asks(at - 1, "count") or {mention.value for mention in draft.mentions[max(0, at - 2) : at]} & OWNING for at in places)
