"""A test less, turned round, or on another column; two tests of which one must hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Condition, Either, Field, Plan, Test, aggregated
from analyst.models.builtin.variants.step import Step
from analyst.words.lexicon import common_words, everyday_words
from analyst.words.tokens import stem


def tests(draft: Draft, plan: Plan) -> Iterator[Step]:
    """A test less, turned round, or on another column that holds the cell; two tests of which one must hold."""
    said = {mention.text.lower() for mention in draft.mentions}
    no = next((mention.start for mention in draft.mentions if mention.asks("neg")), None)
    for at, test in enumerate(plan.where):
        rest = plan.where[:at] + plan.where[at + 1 :]
        if not is_told(draft, test):
            yield "drop test", replace(plan, where=rest)
        if not isinstance(test, Condition):
            continue
        for other in other_homes(draft, test):
            yield "other home", replace(plan, where=(*plan.where[:at], other, *plan.where[at + 1 :]))
        if no is not None and test.sign in ("=", "!=") and no < place_of(draft, test):
            turned = replace(test, sign="!=" if test.sign == "=" else "=")
            yield "negate", replace(plan, where=(*plan.where[:at], turned, *plan.where[at + 1 :]))
            if not aggregates(plan) and not plan.order and plan.select and at_no_time(draft):
                here = replace(plan, where=(*rest, replace(test, sign="=")))
                yield "except", replace(plan, where=rest, combine=("except", here))
    conditions = [test for test in plan.where if isinstance(test, Condition)]
    if len(conditions) > 1 and "or" in said:
        for left, right in ((conditions[0], conditions[1]), (conditions[-2], conditions[-1])):
            rest = tuple(test for test in plan.where if test not in (left, right))
            yield "either", replace(plan, where=(*rest, Either((left, right))))
    for test in unread_cells(draft, plan):
        yield "add test", replace(plan, where=(*plan.where, test))


COMPARED = (">", "<", ">=", "<=", "between")
TOLD = 0.9  # of a link with a cell, from where on the cell was meant
NAMED = 0.6  # of a link of a word that is no everyday word, such as a first name


def is_told(draft: Draft, test: Test) -> bool:
    """Whether a test compares with a number or is on a cell that the question says in so many words; such a test is never left out."""
    if not isinstance(test, Condition) or any(isinstance(value, Plan) for value in test.right):
        return False
    if test in draft.certain or (test.sign in COMPARED and any(isinstance(value, int | float) for value in test.right)):
        return True
    numbers = {mention.number for mention in draft.mentions if mention.kind == "number"}
    if test.sign == "=" and isinstance(test.left, Field) and draft.catalog.is_number(test.left) and set(test.right) & numbers:
        return True
    plain = [mention for mention in draft.mentions if mention.kind == "value" and not mention.columns and not mention.requests]
    return any(match.value in test.right and match.score >= least(mention) for mention in plain for match in mention.values)


def least(mention: Mention) -> float:
    """The score from where on a mention means a cell."""
    return TOLD if mention.text.lower() in common_words() or stem(mention.text.lower()) in everyday_words() else NAMED


def at_no_time(draft: Draft) -> bool:
    """Whether what is denied is denied of all rows of a thing ('never', 'no', 'but not'), not of one row."""
    said = {mention.text.lower() for mention in draft.mentions}
    return bool(said & {"never", "no", "any", "but", "without", "except", "did not", "but not", "ever", "none"})


def place_of(draft: Draft, test: Condition) -> int:
    """Where the question names the cell of a test."""
    found = (mention.start for mention in draft.mentions if any(match.value in test.right for match in mention.values))
    return next(found, -1)


def aggregates(plan: Plan) -> bool:
    """Whether an output is a figure over several rows."""
    return any(aggregated(output) for output in plan.select)


def other_homes(draft: Draft, test: Condition) -> Iterator[Condition]:
    """The test on other columns that hold its cell."""
    if test.sign not in ("=", "!=") or not isinstance(test.left, Field) or not test.right:
        return
    for mention in draft.mentions:
        here = [match for match in mention.values if match.value == test.right[0]]
        if not any((match.table, match.column) == (test.left.table, test.left.column) for match in here):
            continue
        best = max(match.score for match in mention.values)
        for match in mention.values:
            field = Field(match.table, match.column)
            if field != test.left and match.score >= best - 0.1:
                yield replace(test, left=field, right=(match.value,))


def unread_cells(draft: Draft, plan: Plan) -> Iterator[Condition]:
    """Tests on cells that the question names and the plan does not ask for."""
    asked = {str(value).casefold() for test in plan.where if isinstance(test, Condition) for value in test.right}
    for mention in draft.mentions:
        if mention.values and not {str(match.value).casefold() for match in mention.values[:12]} & asked:
            for match in mention.values[:2]:
                if match.score >= 0.75:
                    yield Condition(Field(match.table, match.column), "=", (match.value,))
