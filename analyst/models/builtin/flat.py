"""Questions about things that stand in many rows of one table: a customer of an order list is one customer, whatever its rows."""

from __future__ import annotations

from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Arithmetic, Condition, Field, Grain, Measure, Order, Output, Plan, Test

OFTEN = 2  # rows a thing has on average, from which on it is one of many rows
NEVER = ("never", "not", "n't", "no", "don't", "doesn't", "didn't", "haven't", "hasn't", "without", "but not", "did not", "have not",
         "没", "没有", "从未", "从来没有", "不")  # fmt: skip
"""Words that deny something of a thing; 'except' and 'excluding' only leave rows out."""


def of_things(draft: Draft, plan: Plan) -> Plan:
    """The plan for things rather than for their rows, where a single table holds both."""
    if len(draft.catalog.schema.tables) != 1 or plan.combine or plan.top_each or plan.everything or plan.limit or plan.after:
        return plan
    thing = thing_of(draft, plan)
    if thing is None:
        return periods_with(draft, plan)
    plan = on_sums(draft, denied(draft, plan, thing), thing)
    if thing in plan.select and not plan.group and len(plan.select) == 1:
        return replace(plan, distinct=True)
    return counted(plan, thing)


def periods_with(draft: Draft, plan: Plan) -> Plan:
    """'Days with more than 300 defects', where the rows tell moments: the sum over each day."""
    unit = draft.mentions[0].value if draft.mentions and draft.mentions[0].kind == "word" else ""
    dates = [field for field in draft.dates() if draft.catalog.is_date(field)]
    sums = [test for test in plan.where if isinstance(test, Condition) and is_sum_test(draft, test) and counts_things(draft, test)]
    if unit not in ("day", "week", "month") or not dates or not sums or plan.group:
        return plan
    period = Grain(dates[0], unit)  # type: ignore[arg-type]
    having = tuple(Condition(Measure("sum", test.left), test.sign, test.right) for test in sums)  # type: ignore[arg-type]
    figures = tuple(test.left for test in having)
    rest = tuple(test for test in plan.where if test not in sums)
    return Plan((period, *figures), rest, (period,), having, (Order(period),), tables=plan.tables)


def thing_of(draft: Draft, plan: Plan) -> Field | None:
    """The one column that is asked for, listed or counted, if its cells recur."""
    shown = [output for output in plan.select if isinstance(output, Field)]
    others = [output for output in plan.select if not isinstance(output, Field)]
    counted_cells = [output.of for output in others if isinstance(output, Measure) and output.aggregate == "count_distinct"]
    found: list[object] = [*shown, *(counted_cells if not shown and len(others) == 1 else [])]
    if len(found) != 1 or not isinstance(found[0], Field) or (plan.group and plan.group != (found[0],)):
        return None
    column = draft.catalog.column(found[0])
    numeric = draft.catalog.is_measure(found[0])
    return found[0] if column.distinct * OFTEN <= column.rows and column.distinct > 1 and not numeric else None


def denied(draft: Draft, plan: Plan, thing: Field) -> Plan:
    """'Customers who never bought X': those with no row of it, rather than the rows of something else."""
    said = [mention.text.lower() for mention in draft.mentions if mention.asks("neg")]
    if not any(word in NEVER for word in said):
        return plan
    tests: list[Test] = []
    for test in plan.where:
        if isinstance(test, Condition) and test.sign in ("!=", "not in") and isinstance(test.left, Field) and test.left != thing:
            held = replace(test, sign="=" if test.sign == "!=" else "in")
            tests.append(Condition(thing, "not in", (Plan((thing,), (held, Condition(thing, "not null")), tables=(thing.table,)),)))
        else:
            tests.append(test)
    return replace(plan, where=tuple(tests))


def on_sums(draft: Draft, plan: Plan, thing: Field) -> Plan:
    """'Products that sold less than 200 units': the sum over a product's rows, unless the question speaks of the rows."""
    rows = any(mention.asks("rowword") or mention.asks("group") for mention in draft.mentions if mention.kind not in ("column", "value"))
    if rows or any(speaks_of_rows(draft, at) for at in range(len(draft.mentions))):
        return plan
    dated = draft.catalog.is_time(thing)
    sums = [
        test for test in plan.where
        if isinstance(test, Condition) and is_sum_test(draft, test) and (not dated or counts_things(draft, test))
    ]  # fmt: skip
    if not sums:
        return plan
    having = tuple(Condition(Measure("sum", test.left), test.sign, test.right) for test in sums)  # type: ignore[arg-type]
    shown = [test.left for test in having if test.left not in plan.select]
    kept = tuple(output for output in plan.select if not is_other_sum(output, having))
    select: tuple[Output, ...] = (*kept, *shown) if thing in plan.select else plan.select
    return replace(plan, select=select, where=tuple(test for test in plan.where if test not in sums), group=(thing,), having=having)


def counts_things(draft: Draft, test: Condition) -> bool:
    """Whether the number stands before what it counts ('more than 300 defects') rather than after a level ('rainfall over 20')."""
    at = draft.placed.get(test, -1)
    return 0 <= at < len(draft.mentions) - 1 and draft.mentions[at + 1].kind == "column"


def is_other_sum(output: Output, having: tuple[Condition, ...]) -> bool:
    """Whether a figure was only assumed, while another is tested."""
    return isinstance(output, Measure) and output.of is not None and all(output != test.left for test in having)


def is_sum_test(draft: Draft, test: Condition) -> bool:
    """Whether a test compares an amount that can be added up with a number."""
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in test.right)
    if not numbers or test.sign not in ("<", "<=", ">", ">=", "between"):
        return False
    if isinstance(test.left, Arithmetic):
        return True
    field = test.left
    return (
        isinstance(field, Field) and draft.catalog.is_measure(field) and draft.catalog.adds_up(field) and not draft.catalog.is_flag(field)
    )


def speaks_of_rows(draft: Draft, at: int) -> bool:
    """Whether a word is the table itself or its key, as 'orders' is in a list of orders."""
    mention = draft.mentions[at]
    return any(
        match.score >= 0.5 and (not match.column or draft.catalog.is_key(Field(match.table, match.column)))
        for match in mention.columns[:1]
    ) and mention.kind in ("column", "table")  # fmt: skip


def counted(plan: Plan, thing: Field) -> Plan:
    """'How many customers ordered once': a count of the groups that pass, rather than of their rows."""
    only = plan.select[0] if len(plan.select) == 1 else None
    if not plan.having or not isinstance(only, Measure) or only.of != thing:
        return plan
    inner = Plan((thing,), plan.where, (thing,), plan.having, tables=(thing.table,))
    return Plan((only,), (Condition(thing, "in", (inner,)),), tables=(thing.table,))
