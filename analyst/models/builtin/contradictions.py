"""Asks back where two bounds of one column leave no row whatever the data is: 'under 30 and over 60' means one of them, or either."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

from analyst.models.builtin.build import Builder
from analyst.models.builtin.joining import Unjoinable
from analyst.models.builtin.labels import label
from analyst.models.builtin.plan import Condition, Either, Field, Plan, Test
from analyst.terms import Bilingual, Choice, Clarification, Language, Prompt

QUESTION = Bilingual("No {0} is {1} and {2} at once. Which is meant?", "{0}不可能同时{1}又{2}。您指的是哪一种？")
ONE = Bilingual("{0} {1}", "{0}{1}")
EITHER = Bilingual("{0} {1} or {2}", "{0}{1}或{2}")
SIGNS: dict[str, Bilingual] = {
    "<": Bilingual("below {}", "低于{}"),
    "<=": Bilingual("at most {}", "不超过{}"),
    ">": Bilingual("above {}", "高于{}"),
    ">=": Bilingual("at least {}", "不低于{}"),
}


def contradiction(prompt: Prompt, plan: Plan) -> Clarification | None:
    """A question back with each bound alone and with either of them; None where the bounds leave room."""
    if prompt.question.evidence or prompt.question.history:
        return None
    found = next(excluding(plan.where), None)
    if found is None:
        return None
    language = prompt.question.language
    low, high = said(found[0], language), said(found[1], language)
    name = label(found[0].left, language)
    choices = tuple(ways(prompt, plan, found, (low, high), name))
    return Clarification(QUESTION.in_language(language).format(name, low, high), choices) if choices else None


def excluding(tests: tuple[Test, ...]) -> Iterator[tuple[Condition, Condition]]:
    """Pairs of an upper and a lower bound of one column that no number meets."""
    bounds = [test for test in tests if isinstance(test, Condition) and test.sign in SIGNS and isinstance(bound(test), (int, float))]
    for one, other in combinations(bounds, 2):
        under, over = (one, other) if one.sign in ("<", "<=") else (other, one)
        if under.left != over.left or under.sign not in ("<", "<=") or over.sign not in (">", ">="):
            continue
        if bound(under) < bound(over) or (bound(under) == bound(over) and (under.sign, over.sign) != ("<=", ">=")):
            yield one, other


def bound(test: Condition) -> float:
    """The number of a comparison; NaN, which nothing excludes, where it is none."""
    value = test.right[0] if isinstance(test.left, Field) and len(test.right) == 1 else None
    return value if isinstance(value, (int, float)) else float("nan")


def said(test: Condition, language: Language) -> str:
    """A bound in words, such as 'below 30'."""
    return SIGNS[test.sign].in_language(language).format(f"{bound(test):,.10g}")


def ways(prompt: Prompt, plan: Plan, found: tuple[Condition, Condition], words: tuple[str, str], name: str) -> Iterator[Choice]:
    """The question with either bound, with the first alone and with the second alone."""
    language, builder = prompt.question.language, Builder(prompt.schema, prompt.question.language)
    first, second = found
    rest = tuple(test for test in plan.where if test not in found)
    for text, test in (
        (EITHER.in_language(language).format(name, *words), Either(found)),
        (ONE.in_language(language).format(name, words[0]), first),
        (ONE.in_language(language).format(name, words[1]), second),
    ):
        with suppress(Unjoinable):
            sql = builder.sql(replace(plan, where=(*rest, test)))
            yield Choice(text, prompt.question.text, sql)
