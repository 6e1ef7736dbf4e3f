"""Plans that run but rank nothing that was asked: what no person means, however the words were read."""

from __future__ import annotations

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.plan import Condition, Field, Measure, Plan, aggregated, fields

OWN = 0.95  # of a column's rows have a value of their own: counting the rows of each value says nothing


def is_hollow(catalog: Catalog, plan: Plan, read: Plan) -> bool:
    """Whether a plan near one that was read is what no person means."""
    return (
        counts_one(catalog, plan)
        or merges_namesakes(catalog, plan, read)
        or points_to_own(catalog, plan, read)
        or ranks_nothing(catalog, plan)
        or ranks_unseen(plan)
        or hides_groups(plan, read)
        or tests_nothing(catalog, plan, read)
    )


def tests_nothing(catalog: Catalog, plan: Plan, read: Plan) -> bool:
    """Whether cells are tested to be missing of which none is, or of rows that joins leave out."""
    tests = [test.left for test in plan.where if isinstance(test, Condition) and test.sign == "is null" and test not in read.where]
    keys = [test.left for test in plan.where if isinstance(test, Condition) and test.sign == "is null"]
    tables = {*plan.tables, *(field.table for field in fields((plan.select, plan.where, plan.group)))}
    gone = any((join.table, join.column) == (key.table, key.column) and join.parent_table in tables - {join.table}
               for join in catalog.schema.joins for key in keys if isinstance(key, Field))  # fmt: skip
    return gone or any(isinstance(left, Field) and not catalog.column(left).missing for left in tests)


def hides_groups(plan: Plan, read: Plan) -> bool:
    """Whether figures of groups are shown and nothing says of which, where that was read."""
    shown = set(fields(tuple(output for output in plan.select if not aggregated(output))))
    read_shown = set(fields(tuple(output for output in read.select if not aggregated(output))))
    several = plan.limit is None or plan.limit > 1
    return bool(plan.group) and several and not shown and bool(read_shown)


def counts_one(catalog: Catalog, plan: Plan) -> bool:
    """Whether rows of a table are counted of which a test on their name picks one."""
    only = plan.select[0] if len(plan.select) == 1 and not plan.group else None
    of = only.of if isinstance(only, Measure) and only.aggregate == "count_distinct" else None
    held = {test.left for test in plan.where if isinstance(test, Condition) and test.sign == "="}
    return (
        isinstance(of, Field)
        and catalog.is_key(of)
        and any(isinstance(left, Field) and left.table == of.table and catalog.is_key(left) for left in held)
    )


def merges_namesakes(catalog: Catalog, plan: Plan, read: Plan) -> bool:
    """Whether different rows of one table that share a name are shown as one, where that was not read."""
    tables = {*plan.tables, *(field.table for field in fields((plan.select, plan.where, plan.group)))}
    if not plan.distinct or read.distinct or len(tables) != 1 or not plan.select:
        return False
    labels = catalog.labels(tables.pop())
    return plan.select == labels or (len(labels) > 1 and set(plan.select) <= set(labels))


def ranks_nothing(catalog: Catalog, plan: Plan) -> bool:
    """Whether things are ranked by how many rows each has in its own table, where each has one."""
    thing = plan.group[0] if len(plan.group) == 1 else None
    ranked_by = plan.order[0].by if len(plan.order) == 1 else None
    counted = isinstance(ranked_by, Measure) and ranked_by.aggregate in ("count", "count_distinct") and not ranked_by.where
    if not isinstance(thing, Field) or not counted or plan.limit is None or plan.having or plan.combine or plan.top_each:
        return False
    tables = {*plan.tables, *(field.table for field in fields((plan.select, plan.where, plan.group, plan.order)))}
    column = catalog.column(thing)
    return tables == {thing.table} and column.distinct >= OWN * max(1, column.rows)


def points_to_own(catalog: Catalog, plan: Plan, read: Plan) -> bool:
    """Whether a plan shows the row that a row of the same table points to, as a manager, where that was not read."""
    own = {Field(join.table, join.column) for join in catalog.schema.joins if join.table == join.parent_table}
    return bool(own & ({*plan.select, *plan.group} - {*read.select, *read.group, *fields(read.where)}))


def ranks_unseen(plan: Plan) -> bool:
    """Whether rows are ranked by one figure while another one is shown."""
    figures = [item for item in plan.select if isinstance(item, Measure)]
    return bool(figures) and any(isinstance(order.by, Measure) and order.by not in figures for order in plan.order)
