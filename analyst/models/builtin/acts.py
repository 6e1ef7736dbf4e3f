"""Who did something when, and who did not: people and things picked by the rows that point to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyst.models.builtin.deeds import root
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field, Grain, Measure, Plan, Test, fields
from analyst.terms import Join

DEEDS = (
    "order buy bought purchase sell sold place book visit rent borrow use pay paid spend spent attend enroll subscribe return review shop"
    " donate play come came attend see seen treat admit prescribe give gave given win won"
)
ACTS = frozenset(map(root, DEEDS.split()))
"""Beginnings of words for what people do, and what is done with things, of which each time is a row."""


def of_things_with_many(draft: Draft, plan: Plan) -> Plan:
    """'How many customers placed more than 10 orders': the things whose rows in another table pass a test are counted."""
    only = plan.select[0] if len(plan.select) == 1 else None
    if not plan.having or plan.group or not isinstance(only, Measure) or not only.aggregate.startswith("count") or plan.combine:
        return plan
    subject = only.of.table if isinstance(only.of, Field) else next(iter(draft.tables), "")
    others = [table for table in draft.tables if table != subject]
    join = next((join for other in others for join in children(draft, subject) if join.table == other), None)
    key = next((test.left.of for test in plan.having if isinstance(test, Condition) and isinstance(test.left, Measure)), None)
    if join is None or (isinstance(key, Field) and key.table not in (subject, join.table)):
        if len(draft.catalog.schema.tables) > 1:
            draft.unknown.append(said_of(draft, plan))  # a count of groups that nothing tells apart would count all rows
        return plan
    having = tuple(
        replace(test, left=Measure("count"))
        if isinstance(test, Condition) and isinstance(test.left, Measure) and test.left == only
        else test
        for test in plan.having
    )
    theirs = Field(join.table, join.column)
    inside = tuple(test for test in plan.where if all(field.table != subject for field in fields(test)))
    chosen = Plan((theirs,), inside, (theirs,), having, tables=(join.table,))
    rest = tuple(test for test in plan.where if test not in inside)
    return Plan((Measure("count"),), (*rest, Condition(Field(subject, join.parent_column), "in", (chosen,))), tables=(subject,))


def said_of(draft: Draft, plan: Plan) -> str:
    """The words of a test on groups."""
    at = next((draft.placed[test] for test in plan.having if test in draft.placed), len(draft.mentions) - 1)
    return draft.text[draft.mentions[max(0, at - 1)].start : draft.mentions[at].end]


def children(draft: Draft, table: str) -> list[Join]:
    """The joins by which rows of other tables point to those of a table; dated rows first."""
    found = [join for join in draft.catalog.schema.joins if join.parent_table == table and join.table != table]
    dated = {join.table: any(map(draft.catalog.is_date, draft.catalog.fields(join.table))) for join in found}
    return sorted(found, key=lambda join: (not dated[join.table], -draft.catalog.table(join.table).rows))


def act_after(draft: Draft, at: int) -> bool:
    """Whether a word for what people do, or is done with things, follows a place."""
    following = [mention for mention in draft.mentions[at + 1 : at + 4] if mention.kind not in ("sign",)]
    return any(root(word) in ACTS for mention in following for word in mention.text.lower().split())


def acted(draft: Draft, plan: Plan) -> Plan:
    """People who did something in both of two periods, in one but not in the other, or in every one."""
    if (both := in_both(draft, plan)) is not None:
        return both
    subject = subject_table(draft, plan)
    tests = [test for test in plan.where if isinstance(test, Condition) and test in draft.period_tests]
    if subject is None or plan.having or plan.combine or plan.top_each:
        return plan
    told = {field.table for test in tests for field in fields(test)}
    join = next(
        iter(sorted(children(draft, subject), key=lambda join: (join.table not in told, not leads_to(draft, join.table, told)))), None
    )
    dates = draft.catalog.dates(join.table) if join else []
    beyond = told if join and not dates and leads_to(draft, join.table, told) else set()  # the day of the race that a result is of
    dates = dates or [field for test in tests for field in fields(test) if field.table in beyond]
    if join is None or not dates:
        return plan
    spoken = [test for test in tests if {field.table for field in fields(test)} & {subject, join.table, *beyond}]
    done = [test for test in plan.where if test not in tests and {field.table for field in fields(test)} == {join.table}]
    parts = [one for test in spoken for one in single(test)]
    if every_year(draft, counts=any(isinstance(item, Measure) for item in plan.select)) and not parts:
        theirs = Field(join.table, join.column)
        years = Measure("count_distinct", Grain(dates[0], "year"))
        chosen = Plan((theirs,), (), (theirs,), (Condition(years, "=", (Plan((years,)),)),))
        return of_subject(draft, plan, subject, join, spoken, [Condition(Field(subject, join.parent_column), "in", (chosen,))])
    denied = next((at for at, mention in enumerate(draft.mentions) if mention.asks("neg") and mention.kind in ("neg", "word")), -1)
    if len(parts) != 2 or not ("both" in draft.flags or denied > 0):
        return plan
    own = Field(subject, join.parent_column)
    picked: list[Test] = []
    for number, part in enumerate(parts):
        inside = replace(part, left=moved(part.left, dates[0]))  # type: ignore[arg-type]
        theirs = Field(join.table, join.column)
        chosen = Plan((theirs,), (*done, inside, Condition(theirs, "not null")))
        picked.append(Condition(own, "not in" if denied > 0 and number == 1 else "in", (chosen,)))
    absent = [test for test in plan.where if denied > 0 and isinstance(test, Condition) and (test.left, test.sign) == (own, "not in")]
    return of_subject(draft, plan, subject, join, [*spoken, *done, *absent], picked)


def in_both(draft: Draft, plan: Plan) -> Plan | None:
    """'2024年和2025年都下过单的顾客有多少' over one table: those who have rows in the one year and in the other."""
    figure = next((item for item in plan.select if isinstance(item, Measure)), None)
    who = figure.of if figure is not None and figure.aggregate == "count_distinct" and isinstance(figure.of, Field) else None
    tests = [test for test in plan.where if isinstance(test, Condition) and test in draft.period_tests]
    parts = [one for test in tests for one in single(test)]
    said = any(mention.text.lower() in ("both", "都", "each of") for mention in draft.mentions)
    if figure is None or who is None or not said or len(parts) != MANY or plan.having or plan.limit or plan.combine:
        return None
    rest = tuple(test for test in plan.where if test not in tests)
    picked = tuple(Condition(who, "in", (Plan((who,), (part, *rest, Condition(who, "not null"))),)) for part in parts)
    return Plan((figure,), picked, tables=(who.table,))


MANY = 2  # periods in both of which something was done


def leads_to(draft: Draft, table: str, others: set[str]) -> bool:
    """Whether rows of a table point to rows of one of others."""
    return any(join.table == table and join.parent_table in others for join in draft.catalog.schema.joins)


def of_subject(draft: Draft, plan: Plan, subject: str, join: Join, spoken: Sequence[Test], picked: list[Test]) -> Plan:
    """The plan over the rows of the subject alone, with tests on what points to them."""
    select = tuple(item for item in plan.select if not isinstance(item, Grain) and all(field.table == subject for field in fields(item)))
    counts = any(isinstance(item, Measure) for item in plan.select)
    select = select or draft.catalog.labels(subject)
    where = (*(test for test in plan.where if test not in spoken), *picked)
    shown = (Measure("count"),) if counts else tuple(item for item in select if not isinstance(item, Measure))
    return Plan(shown, where, tables=(subject,))


def single(test: Condition) -> list[Condition]:
    """A test on several years as one for each."""
    if test.sign == "in" and not any(isinstance(value, Plan) for value in test.right):
        return [Condition(test.left, "=", (value,)) for value in test.right]
    return [test] if test.sign == "=" else []


def moved(left: object, date: Field) -> object:
    """What a period is tested on, as told by another date."""
    return Grain(date, left.unit) if isinstance(left, Grain) else Grain(date, "year")


def every_year(draft: Draft, counts: bool) -> bool:
    """Whether something is said to be done in every year; 'how many in each year' asks for the years one by one."""
    text = draft.text.lower()
    phrases = ("in every year", "every single year", "every year", "每年都", "每一年都", *(() if counts else ("in each year",)))
    return any(phrase in text for phrase in phrases)


def subject_table(draft: Draft, plan: Plan) -> str | None:
    """The table of the people or things that are listed or counted, where something is said of what they did."""
    at = next((at for at, mention in enumerate(draft.mentions) if draft.table(at)), None) if draft.mentions else None
    table = draft.table(at) if at is not None else None
    if at is None or table is None or not any(join.parent_table == table for join in draft.catalog.schema.joins):
        return None
    listed = plan.select and all(
        isinstance(item, Grain | Field) or (isinstance(item, Measure) and item.aggregate.startswith("count")) for item in plan.select
    )
    return table if listed and any(act_after(draft, place) for place in range(at, len(draft.mentions))) else None
