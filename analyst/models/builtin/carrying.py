"""A question of its own, asked of the rows that the query before it was about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.followup import tested
from analyst.models.builtin.plan import Condition, Field, Grain, Measure, Plan, Test, fields, tables_of

RANGES = ("<", "<=", ">", ">=", "between")


def look_back(draft: Draft, before: Plan, earlier: Sequence[Plan] = ()) -> None:
    """Note in a draft what the query before it was about, and the periods of those before that."""
    draft.context = tuple(tables_of(before))
    draft.number_before = number_of(before, draft.catalog)
    figures = [output for output in before.select if isinstance(output, Measure)]
    draft.figure_before = figures[-1] if figures and before.group else None
    draft.groups_before = tuple(item for item in before.group if isinstance(item, Field) and not draft.catalog.is_time(item))
    cells = (test.left for test in before.where if isinstance(test, Condition) and test.sign in ("=", "in"))
    draft.tested_before = frozenset(left for left in cells if isinstance(left, Field))
    periods = (tuple(test for test in plan.where if tells_time(test, draft.catalog)) for plan in (before, *earlier))
    draft.times_before = tuple(dict.fromkeys(period for period in periods if period))


def tells_time(test: Test, catalog: Catalog) -> bool:
    """Whether a test is one of a period."""
    return (
        isinstance(test, Condition) and isinstance(test.left, Field | Grain) and all(catalog.is_time(field) for field in fields(test.left))
    )


def number_of(before: Plan, catalog: Catalog) -> Field | None:
    """The column of numbers that a query shows, sorts by or tests for a range; None where it has none."""
    figures = [output for output in before.select if not (isinstance(output, Measure) and output.aggregate == "count_distinct")]
    shown = [output.of if isinstance(output, Measure) else output for output in reversed(figures)]
    sorted_by = [order.by for order in before.order]
    ranges = [test.left for test in before.where if isinstance(test, Condition) and test.sign in RANGES]
    found = (part for part in (*shown, *sorted_by, *ranges) if isinstance(part, Field) and catalog.is_measure(part))
    return next(found, None)


def carried(alone: Plan, before: Plan) -> Plan | None:
    """The question's own plan over the earlier rows; None where those were all rows of tables that it reads anyway."""
    if is_choice(before):
        kept, tables = chosen(before), alone.tables
    else:
        kept = tuple(test for test in before.where if not answered(test, alone))
        tables = (*alone.tables, *tables_of(before))
    if kept is None or (not kept and set(tables) <= set(tables_of(alone))):
        return None
    where = (*kept, *(test for test in alone.where if test not in kept))
    return replace(alone, where=where, tables=tuple(dict.fromkeys((*tables_of(alone)[:1], *tables))))


def answered(old: Test, alone: Plan) -> bool:
    """Whether the question tests the column of an earlier test itself."""
    column = tested(old)
    return column is not None and any(tested(test) == column for test in alone.where)


def is_choice(before: Plan) -> bool:
    """Whether the earlier query chose some things by a ranking, by figures of groups, or by comparing two lists."""
    return bool(before.limit or before.having or before.combine)


def chosen(before: Plan) -> tuple[Test, ...] | None:
    """The test that a row is of the things chosen; None where it is not clear what they are."""
    keys = [item for item in (*before.group, *before.select) if isinstance(item, Field)]
    if not keys:
        return None
    kind, other = before.combine or ("", None)
    combine = (kind, replace(other, select=(keys[0],), everything="")) if other else None
    return (Condition(keys[0], "in", (replace(before, select=(keys[0],), everything="", combine=combine),)),)  # type: ignore[arg-type]
