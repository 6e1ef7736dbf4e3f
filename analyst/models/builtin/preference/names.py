"""Traits of how a plan takes up the columns and tables that a question names."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.plan import Plan, aggregated, fields, tables_of
from analyst.models.builtin.preference.conditions import inner_fields
from analyst.models.builtin.preference.scene import SAME, Scene


def of_the_names(scene: Scene, plan: Plan) -> Iterator[str]:
    """Whether the plan takes up the columns and tables that the question names, and where."""
    shown = set(fields(tuple(output for output in plan.select if not aggregated(output))))
    figured = set(fields(tuple(output for output in plan.select if aggregated(output))))
    grouped, ordered = set(fields(plan.group)), set(fields(plan.order))
    tests = plan.where + plan.having + (plan.combine[1].where if plan.combine else ())
    tested = set(fields(tests)) | set(inner_fields(tests))
    for named in scene.columns:
        place = ("head" if named.head else "clause") + (" strong" if named.strong else "") + (" table" if named.both else "")
        status = "left"
        roles: list[str] = []
        for name, used in (("shown", shown), ("figure", figured), ("group", grouped), ("test", tested), ("order", ordered)):
            worse = min((named.options[field] for field in used if field in named.options), default=None)
            if worse is not None:
                status = name + (" whole" if worse <= SAME else " part")
                yield f"{place} column {status}"
                roles.append(name)
        if status == "left":
            yield f"{place} column left"
            roles.append("left")
        for role in roles:
            yield f"after {named.before} {role}"
            yield f"before {named.after} {role}"
            yield f"between {named.before} {named.after} {role}"
            yield f"after {named.before} {'table' if named.both else 'plain'} {'strong' if named.strong else 'loose'} {role}"
        if len(set(roles) - {"group"}) > 1:
            yield f"twice {' '.join(role for role in roles if role != 'group')}"
    for run in scene.runs:
        there = [any(named.options.get(field, 1.0) <= SAME for field in shown | figured) for named in run]
        yield f"row of names {'whole' if all(there) else 'broken' if any(there) else 'left'} {'head' if run[0].head else 'clause'}"
    used_tables = set(tables_of(plan)) | {field.table for field in tested}
    homes = {field.table for field in shown | figured}
    for named in scene.tables:
        place = ("head" if named.head else "clause") + (" strong" if named.strong else "")
        status = "shown" if named.table in homes else "used" if named.table in used_tables else "left"
        yield f"table after {named.before} {status}"
        yield f"table before {named.after} {status}"
        yield f"{place} table {'shown' if named.table in homes else 'used' if named.table in used_tables else 'left'}"
