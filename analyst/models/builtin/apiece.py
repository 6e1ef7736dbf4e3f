"""Follow-ups that divide what was answered: 'now per night', 'per booking', 'what percent of each channel's bookings is that'."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Combined, Condition, Field, Grain, Measure, Order, Plan, Test

PER = ("per", "for each", "每", "平均每")
IS_THAT = re.compile(
    r"\b(?:is|are|was|were|does|do|make|makes)\s+(?:that|it|this|those|they|these)\b|\b(?:that|it|this|those|they|these)\s+(?:is|are|as|make)\b"
    r"|^(?:那|那么)?(?:这些?|它们?|那些?)?(?:各自|分别|各)?占",
    re.I,
)
"""What was answered is the part whose share is asked for."""


def divided(draft: Draft, before: Plan) -> Plan | None:
    """The figure of the question before for one of the things it is divided by; None where nothing is divided."""
    figures = [output for output in before.select if isinstance(output, Measure)]
    if len(figures) != 1 or draft.top or draft.having:
        return None
    if "share" in draft.flags:
        return part_of_each(draft, before, figures[0])
    return for_each(draft, before, figures[0]) if not draft.measures else None


def for_each(draft: Draft, before: Plan, figure: Measure) -> Plan | None:
    """'Now per night booked', 'per booking': the same groups, the figure divided by the nights or the rows."""
    per = any(mention.asks("group") and mention.text.lower() in PER for mention in draft.mentions)
    home = figure.of.table if isinstance(figure.of, Field) else None
    if not per or figure.aggregate != "sum" or home is None or len(draft.group) != 1:
        return None
    by = draft.group[0]
    divisor: Measure | None = None
    if isinstance(by, Field) and draft.catalog.is_measure(by) and draft.catalog.adds_up(by) and not draft.catalog.is_parent_key(by):
        divisor = Measure("sum", by)
    elif by in draft.from_tables and isinstance(by, Field) and by.table == home and before.group:
        divisor = Measure("count")
    if divisor is None or divisor == figure:
        return None
    kept = tuple(output for output in before.select if output != figure)
    return with_periods(draft, replace(before, select=(*kept, Combined(figure, "/", divisor)), order=times(before), limit=None))


def part_of_each(draft: Draft, before: Plan, figure: Measure) -> Plan | None:
    """'What percent of each channel's bookings is that': the tests of the question before make the part."""
    named = {test.left for test in draft.value_tests if isinstance(test, Condition)}  # 占奶茶订单的百分之多少
    untold = [test for test in before.where if not is_time(draft, test)]
    tests = [test for test in untold if not (isinstance(test, Condition) and test.left in named)]
    if not IS_THAT.search(draft.text) or not tests or figure.aggregate not in ("sum", "count"):
        return None
    rest = tuple(test for test in before.where if test not in tests)
    new = tuple(item for item in draft.group if item not in before.group)
    group = before.group if not new or before.group else new
    part = Combined(replace(figure, where=tuple(tests)), "%", replace(figure, where=()))
    return replace(before, select=(*group, part), where=rest, group=group, order=times(before), limit=None)


def is_time(draft: Draft, test: Test) -> bool:
    """Whether a test is one of a period."""
    left = test.left if isinstance(test, Condition) else None
    field = left.field if isinstance(left, Grain) else left
    return isinstance(field, Field) and draft.catalog.is_time(field)


def times(plan: Plan) -> tuple[Order, ...]:
    """The order of a plan as far as it is one of its groups."""
    return tuple(order for order in plan.order if order.by in plan.group)


def with_periods(draft: Draft, plan: Plan) -> Plan:
    """The plan over the periods that the question itself names, if it names any."""
    if not draft.period_tests:
        return plan
    kept = tuple(test for test in plan.where if not is_time(draft, test))
    return replace(plan, where=(*kept, *draft.period_tests))
