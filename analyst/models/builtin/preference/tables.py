"""Traits of the tables that take part in a plan."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.plan import Plan, fields
from analyst.models.builtin.preference.conditions import conditions
from analyst.models.builtin.preference.scene import SAME, Scene


def of_the_tables(scene: Scene, plan: Plan, joined: list[str]) -> Iterator[str]:
    """How many tables take part, which of them the question names, and which need not take part."""
    yield f"tables {min(len(joined), 5)}"
    used = list(fields((plan.select, plan.where, plan.group, plan.having, plan.order)))
    held = {field.table for field in used}
    celled = {
        field.table for test in conditions(plan) for field in fields(test.left) if any(isinstance(value, str) for value in test.right)
    }
    for table in joined:
        status = "named" if table in scene.named_tables else "celled" if table in celled else "unnamed"
        yield f"table {status} {'held' if table in held else 'asked' if table in plan.tables else 'between'}"
    for field in dict.fromkeys(used):
        if scene.draft.catalog.is_key(field) and any(table != field.table for table in joined):
            mates = [other for other in used if other.table == field.table and other != field]
            if not mates and any(
                (join.parent_table, join.parent_column) == (field.table, field.column) and join.table in held
                for join in scene.draft.catalog.schema.joins
            ):
                yield f"parent only for key {'named' if field.table in scene.named_tables else 'unnamed'}"
    for named in scene.columns:
        equal = [field for field, worse in named.options.items() if worse <= SAME]
        if len({field.table for field in equal}) < 2:
            continue
        for field in set(equal) & set(used):
            yield f"twin home {'named' if field.table in scene.named_tables else 'unnamed'}"
            yield f"twin {'key' if scene.draft.catalog.is_key(field) else 'child' if scene.draft.catalog.is_parent_key(field) else 'plain'}"
            yield f"twin {'alone' if sum(other.table == field.table for other in used) == 1 else 'among others'} {len(joined) > 1}"
