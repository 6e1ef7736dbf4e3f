"""Asks back where a number of the question has no place in any reading: leaving it out in silence would answer something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from analyst.models.builtin.build import Builder
from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.declining import not_held
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.joining import Unjoinable
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.numbered import reaches
from analyst.models.builtin.plan import Condition, Field, Plan, tables_of
from analyst.terms import Bilingual, Choice, Clarification, Prompt, Refusal

QUESTION = Bilingual("What does {} stand for? Choose one:", "这里的“{}”指的是什么？请选择：")
EQUAL = Bilingual("{0} is {1}", "{0}为{1}")
WITHOUT = Bilingual("without {}", "不考虑{}")
OFFERED = 4  # columns
TOLD = re.compile(r"decimal|digit|stands? for|means?\b|round|小数|保留|表示|代表", re.IGNORECASE)
"""Words of questions in which numbers speak of how the answer is written, or of what cells mean."""


def loose_number(prompt: Prompt, draft: Draft, plan: Plan, sql: str, catalog: Catalog) -> Clarification | Refusal | None:
    """A question back about a number written in digits that the likeliest reading leaves out; None where each has its place."""
    if prompt.question.history or prompt.question.evidence or TOLD.search(prompt.question.text):
        return None
    number = next((mention for at, mention in enumerate(draft.mentions) if is_loose(draft, at, sql)), None)
    if number is None:
        return None
    language = prompt.question.language
    choices = tuple(ways(prompt, plan, number, catalog))
    if not choices:
        return not_held(number.text, prompt, catalog)
    text = WITHOUT.in_language(language).format(number.text)
    return Clarification(QUESTION.in_language(language).format(number.text), (*choices, Choice(text, prompt.question.text, sql)))


PART_OF_WORD = re.compile(r"s\b|st\b|nd\b|rd\b|th\b|[A-Z]")
"""Behind a number that is a part of a word: 1s, the 2nd, 3D."""


def is_loose(draft: Draft, at: int, sql: str) -> bool:
    """Whether a number in digits was read into nothing."""
    mention = draft.mentions[at]
    digits = "".join(character for character in mention.text if character.isdigit()).lstrip("0")
    part = bool(PART_OF_WORD.match(draft.text, mention.end))
    return mention.kind == "number" and at not in draft.used and not part and bool(digits) and digits not in re.sub(r"[.,]", "", sql)


def ways(prompt: Prompt, plan: Plan, number: Mention, catalog: Catalog) -> Iterator[Choice]:
    """The reading with the number as a cell of each column that reaches it: keys first, then other whole numbers."""
    builder, language = Builder(prompt.schema, prompt.question.language), prompt.question.language
    held = [field for table in tables_of(plan) for field in catalog.fields(table) if catalog.is_number(field)]
    held = [field for field in held if not catalog.is_parent_key(field) and reaches(catalog, field, number.number)]
    held.sort(key=lambda field: (not catalog.is_key(field), catalog.is_measure(field)))
    for field in held[:OFFERED]:
        text = EQUAL.in_language(language).format(named(field, held), number.text)
        with suppress(Unjoinable):
            sql = builder.sql(replace(plan, where=(*plan.where, Condition(field, "=", (number.number,)))))
            yield Choice(text, prompt.question.text, sql)


def named(field: Field, others: list[Field]) -> str:
    """The column, with its table where another one is called the same."""
    alike = [other for other in others if other.column == field.column]
    return field.column if len(alike) == 1 else f"{field.table}.{field.column}"
