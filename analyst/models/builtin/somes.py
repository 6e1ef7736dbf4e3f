"""Reads what rows have some of, or never had: 'had a discount', 'items never sold with a discount', 'do we sell more when it rains'."""

from __future__ import annotations

import re

from analyst.models.builtin.cells import NEGATED
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field, Grain, Measure, Plan, Test

HAVING = frozenset(("had", "has", "have", "with", "got", "having", "carried", "included", "带", "有"))
SOME = frozenset(("a", "an", "any", "some", "the"))
MORE = re.compile(
    r"^(?:do|does|did|is|are|was|were)\b.*\b(?:more|higher|better|less|fewer|lower|worse|busier|longer|bigger)\b.*\b(?:when|on|in|if|during|with|than|for)\b",
    re.I,
)
"""'Do we sell more when it rains' asks to hold groups of rows against each other."""


def read_some(draft: Draft) -> None:
    """'Rows that had a discount': more than nought of it."""
    for at in range(1, len(draft.mentions) - 1):
        if draft.mentions[at].text.lower() not in SOME or draft.mentions[at - 1].text.lower() not in HAVING:
            continue
        mention = draft.mentions[at + 1]
        if mention.kind != "column" or at + 1 in draft.used or draft.asks(at - 1, "neg") or mention.columns[0].score < NAMED:
            continue
        options = draft.options(at + 1, "number")
        field = options[0][0] if options else None
        shares = "share" in draft.flags or any(other.asks("count") for other in draft.mentions[:at]) or before_never(draft, at) is not None
        follows = draft.mentions[at + 2].text.lower() if at + 2 < len(draft.mentions) else ""
        if field is None or not shares or follows in ("of", "over", "above", "below", "under", "than", "more", "less", "between"):
            continue
        if draft.catalog.column(field).minimum == 0 and draft.catalog.is_number(field):
            test = Condition(field, ">", (0,))
            draft.where.append(test)
            draft.placed[test] = at + 1
            draft.use(at - 1, at, at + 1)


NAMED = 0.8  # of a link with a header


def before_never(draft: Draft, at: int) -> int | None:
    """The place of a 'never' before a place."""
    return next((place for place in range(at) if draft.mentions[place].text.lower() in NEVER), None)


NEVER = ("never", "从不", "从没", "从未", "从来没有", "从来没")


def read_never(draft: Draft) -> None:
    """'Which items were never sold with a discount', over one table: those none of whose rows passes the tests behind the 'never'."""
    if len(draft.catalog.schema.tables) != 1:
        return
    at = before_never(draft, len(draft.mentions))
    if at is None:
        return
    named = [place for place in range(at) if draft.mentions[place].kind == "column" and place not in draft.used]
    field = next((field for place in named if (field := draft.column(place)) and not draft.catalog.is_number(field)), None)
    homes = (draft.where, draft.value_tests, draft.period_tests)
    inside: list[Test] = [test for home in homes for test in home if draft.placed.get(test, -1) > at] or list(draft.value_tests)
    if field is None or draft.catalog.is_key(field) or not inside:
        return
    for home in homes:
        home[:] = [test for test in home if test not in inside]
    positive = tuple(positive_of(test) for test in inside)
    draft.where.append(Condition(field, "not in", (Plan((field,), (*positive, Condition(field, "not null"))),)))
    draft.certain.update(draft.where[-1:])
    draft.flags["distinct"] = "distinct"
    draft.use(at, *(place for place, mention in enumerate(draft.mentions) if place > at and mention.kind == "money"))


POSITIVE = {NEGATED[sign]: sign for sign in ("=", "in", "like")}


def positive_of(test: Test) -> Test:
    """A test that the 'never' turned round as it was before."""
    if isinstance(test, Condition) and test.sign in POSITIVE:
        return Condition(test.left, POSITIVE[test.sign], test.right)  # type: ignore[arg-type]
    return test


def read_more_when(draft: Draft) -> None:
    """'Do we sell more when it rains': the average of the rows of each kind, so that they can be held against each other."""
    homes = (draft.value_tests, draft.where)
    tests = [test for home in homes for test in home]
    if not MORE.search(draft.text) or draft.top or draft.group or len(tests) != 1:
        return
    test = tests[0]
    field = test.left if isinstance(test, Condition) and test.sign in ("=", "in") else None
    if not isinstance(field, Field | Grain):
        return
    for home in homes:
        home.clear()
    draft.group.append(field)
    draft.measures[:] = [
        Measure("avg", measure.of) if isinstance(measure, Measure) and measure.aggregate == "sum" else measure for measure in draft.measures
    ]
    places = [at for at, mention in enumerate(draft.mentions) if mention.kind == "column" and at not in draft.used]
    figures = [(at, figure) for at in places if (figure := draft.column(at, "number")) and draft.catalog.is_measure(figure)]
    if not draft.measures and figures:
        draft.measures.append(Measure("avg", figures[0][1]))
        draft.use(figures[0][0])
    draft.flags.setdefault("aggregate", "avg")


UNITS = {"days": "day", "weeks": "week", "months": "month", "天": "day", "个月": "month", "周": "week"}


def read_days_over(draft: Draft) -> None:
    """'How many days did Old Mill take more than 200': the days on which the rows together came to that, where a day has several."""
    counts = [at for at, mention in enumerate(draft.mentions) if mention.kind == "count"]
    unit = UNITS.get(draft.mentions[counts[0] + 1].text.lower()) if counts and counts[0] + 1 < len(draft.mentions) else None
    over = [test for test in draft.where if isinstance(test, Condition) and test.sign in (">", ">=", "<", "<=") and is_amount(draft, test)]
    dates = [field for field in draft.dates() if draft.catalog.is_date(field)]
    if unit is None or len(over) != 1 or not dates or draft.group or draft.measures:
        return
    field, day = over[0].left, Grain(dates[0], unit)  # type: ignore[arg-type]
    if not isinstance(field, Field) or field.table != dates[0].table or draft.catalog.settles(dates[0].table, [dates[0].column]):
        return
    draft.where.remove(over[0])
    rest = (*draft.value_tests, *draft.where, *draft.period_tests)
    days = Plan((day,), rest, (day,), (Condition(Measure("sum", field), over[0].sign, over[0].right),))
    draft.where.append(Condition(day, "in", (days,)))
    draft.certain.update(draft.where[-1:])
    draft.measures.append(Measure("count_distinct", day))
    draft.use(counts[0], counts[0] + 1)


def is_amount(draft: Draft, test: Condition) -> bool:
    """Whether a test is on a column whose numbers add up."""
    return isinstance(test.left, Field) and draft.catalog.is_measure(test.left) and draft.catalog.adds_up(test.left)
