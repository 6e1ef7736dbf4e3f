"""What the rows of a plan stand for: things counted once, told apart by their keys, and shown by their names."""

from __future__ import annotations

from dataclasses import replace

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.joining import Unjoinable, join_steps
from analyst.models.builtin.plan import (
    Arithmetic,
    Condition,
    Field,
    Measure,
    Output,
    Plan,
    aggregated,
    fields,
    tables_of,
)


def worth(draft: Draft, plan: Plan) -> Plan:
    """'Orders worth more than 2000', where an order has several lines with amounts: the sum of them."""
    tests = [
        test
        for test in plan.where
        if isinstance(test, Condition) and isinstance(test.left, Arithmetic) and test.sign in (">", "<", ">=", "<=")
    ]
    shown = {field.table for field in fields(plan.select)} or set(plan.tables[:1])
    if len(tests) != 1 or len(shown) != 1 or plan.group or plan.having or any(map(aggregated, plan.select)) or draft.elapsed:
        return plan
    home, lines = shown.pop(), next(fields(tests[0].left)).table
    join = next((join for join in draft.catalog.schema.joins if (join.table, join.parent_table) == (lines, home)), None)
    if join is None:
        return plan
    rest = tuple(test for test in plan.where if test not in tests)
    key = Field(home, join.parent_column)
    group = tuple(dict.fromkeys((key, *(item for item in plan.select if isinstance(item, Field)))))
    having = (Condition(Measure("sum", tests[0].left), tests[0].sign, tests[0].right),)  # type: ignore[arg-type]
    return replace(plan, where=rest, group=group, having=having)


def with_names(draft: Draft, plan: Plan) -> Plan:
    """Numbers of rows that tests picked say nothing without what they are of: 'what do we need to reorder'."""
    shown = [item for item in plan.select if isinstance(item, Field)]
    asked = bool(draft.mentions) and draft.mentions[0].text.lower() in ("which", "what", "哪些", "哪些", "什么")
    if not asked or plan.group or plan.order or plan.combine or "two columns" not in draft.flags or len(shown) != len(plan.select):
        return plan
    if not shown or not all(map(draft.catalog.is_number, shown)) or len({item.table for item in shown}) != 1:
        return plan
    return replace(plan, select=tuple(dict.fromkeys((*draft.catalog.labels(shown[0].table), *plan.select))), distinct=False)


def told_apart(draft: Draft, plan: Plan) -> Plan:
    """Rows of a table that are grouped by names which others share are told apart by their key as well."""
    if draft.mark or not plan.group or len(draft.catalog.schema.tables) < 2:
        return plan
    parents = {join.parent_table for join in draft.catalog.schema.joins}
    for table in dict.fromkeys(item.table for item in plan.group if isinstance(item, Field) and item.table in parents):
        labels, keys = draft.catalog.labels(table), draft.catalog.identifiers(table)
        named = len(labels) > 1 or bool(labels and draft.catalog.concepts(labels[0]) & {"name"})
        alone = draft.catalog.settles(table, [label.column for label in labels]) or any(key in plan.group for key in keys)
        if keys and named and not alone and set(labels) <= set(plan.group):
            plan = replace(plan, group=(*plan.group, keys[0]))
    return plan


def distinct_things(draft: Draft, plan: Plan) -> Plan:
    """Things that meet others through rows which point to both are counted once: the patients of each doctor."""
    thing = draft.counted_table
    key = next(iter(draft.catalog.identifiers(thing)), None) if thing else None
    if key is None or not plan.group or Measure("count") not in plan.select or draft.mark:
        return plan
    held = {field.table for field in fields((plan.select, plan.where, plan.group))} | set(plan.tables)
    if held <= set(draft.catalog.steps_up([thing])) or thing in {field.table for field in fields(plan.group)}:
        return plan
    once = Measure("count_distinct", key)
    return replace(
        plan,
        select=tuple(once if item == Measure("count") else item for item in plan.select),
        order=tuple(replace(order, by=once) if order.by == Measure("count") else order for order in plan.order),
    )


def counted_as_rows(catalog: Catalog, plan: Plan) -> Plan:
    """The plan with rows counted in the place of different keys of its only table, which are as many."""
    if len(tables_of(plan)) != 1 or plan.top_each:
        return plan

    def plain(output: Output) -> Output:
        if isinstance(output, Measure) and output.aggregate == "count_distinct" and isinstance(output.of, Field):
            return Measure("count", where=output.where) if catalog.is_key(output.of) else output
        return output

    having = tuple(replace(test, left=plain(test.left)) if isinstance(test, Condition) else test for test in plan.having)
    order = tuple(replace(one, by=plain(one.by)) for one in plan.order)
    return replace(plan, select=tuple(map(plain, plan.select)), having=having, order=order, tables=tuple(tables_of(plan)))


def joined_tables(catalog: Catalog, plan: Plan) -> set[str]:
    """The tables of a plan with those that lie on the way between them."""
    named = tables_of(plan)
    try:
        steps = join_steps(named, catalog.schema, plan.via)
    except Unjoinable:
        return set(named)
    return {*named, *(table for _, join in steps for table in (join.table, join.parent_table))}


def listed_once(catalog: Catalog, plan: Plan) -> Plan:
    """A list of things named by what others hold of them, each thing once: who bought a mug, however many; namesakes stay apart."""
    plain = [item for item in plan.select if isinstance(item, Field)]
    homes = {field.table for field in plain}
    if len(plain) < len(plan.select) or len(homes) != 1 or plan.distinct or plan.order or plan.limit or plan.top_each or plan.after:
        return plan
    home = next(iter(homes))
    names, keys = catalog.labels(home), catalog.identifiers(home)
    others = joined_tables(catalog, plan) - {home}
    pointing = any(join.parent_table == home and join.table in others for join in catalog.schema.joins)
    if plan.group or plan.having or plan.combine or plan.everything or not pointing or not {*names, *keys} & set(plain):
        return plan
    if keys and not catalog.settles(home, [field.column for field in plain]):
        return replace(plan, group=tuple(dict.fromkeys((keys[0], *plain))))
    return replace(plan, distinct=True)
