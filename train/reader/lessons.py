"""Grounded examples -> lessons: laid out, with the numbers of what is to be written."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from analyst.mentions import Mentions
from analyst.models.reader.inputs import Before, Inputs, Item, inputs_of
from analyst.models.reader.offers import identity
from analyst.models.reader.pieces import Pieces
from analyst.plan.algebra import Days, Literal
from analyst.plan.grammar import KEYWORDS
from analyst.plan.tokens import Token
from analyst.terms import Schema
from train.reader.disguise import Face, disguised
from train.suites import Example

LONGEST_PLAN = 96  # tokens
LONGEST_INPUT = 352  # pieces; longer ones, whose schema could not be cut, are left out
NAMELESS = 0.8  # of WikiSQL's tables, which bear no names of their own
UNRELATED = 0.12  # of first questions get another question about the same tables before them
KEYWORD_NUMBERS = {keyword: number for number, keyword in enumerate(KEYWORDS)}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A laid-out question and what is to be written: keyword numbers, and item numbers after them."""

    inputs: Inputs
    target: tuple[int, ...]
    name: str = ""
    """Which example it was made of."""


@dataclass(frozen=True, slots=True)
class Grounded:
    """An example with what the code found in its question."""

    example: Example
    mentions: Mentions


def plain_lesson(grounded: Grounded, schema: Schema, pieces: Pieces) -> Lesson | None:
    """An example as the product would see it; None where its plan cannot be written."""
    example = grounded.example
    return laid_out(example, Face(schema, grounded.mentions, example.plan, example.before), example.question_before, pieces)


def disguised_lesson(grounded: Grounded, schema: Schema, others: Sequence[Grounded], pieces: Pieces, rng: random.Random) -> Lesson | None:
    """An example under another face; with less and less around it where it would be too large."""
    example = grounded.example
    before, question_before = example.before, example.question_before
    if not before and others and rng.random() < UNRELATED:
        other = rng.choice(others).example
        before, question_before = other.plan, other.question
    face = Face(schema, grounded.mentions, example.plan, before)
    nameless = example.suite == "wikisql" and rng.random() < NAMELESS
    for least in (False, True):
        lesson = laid_out(example, disguised(face, rng, nameless, least), question_before, pieces)
        if lesson:
            return lesson
    return None


def laid_out(example: Example, face: Face, question_before: str, pieces: Pieces) -> Lesson | None:
    """A lesson of a face; None where it is too large or its plan needs what is not there."""
    before = Before(question_before, face.before) if face.before else None
    inputs = inputs_of(example.question, face.schema, face.mentions, pieces, before)
    target = target_of(face.plan, inputs)
    if target is None or len(inputs.pieces) > LONGEST_INPUT or len(target) > LONGEST_PLAN:
        return None
    return Lesson(inputs, target, example.id)


def target_of(plan: Sequence[Token], inputs: Inputs) -> tuple[int, ...] | None:
    """The numbers that write a plan; None where something that it needs cannot be pointed at."""
    names = {item.token: number for number, item in enumerate(inputs.items, start=len(KEYWORDS)) if not is_value(item.token)}
    values = value_places(inputs.items)
    numbers: list[int] = []
    for token in plan:
        number = KEYWORD_NUMBERS[token] if isinstance(token, str) else value_number(token, values) if is_value(token) else names.get(token)
        if number is None:
            return None
        numbers.append(number)
    return tuple(numbers)


def is_value(token: Token) -> bool:
    """Whether a token points at a value."""
    return isinstance(token, tuple) and isinstance(token[1], Literal | Days)


def value_places(items: Sequence[Item]) -> dict[object, int]:
    """What a value is known by, exactly and then loosely -> its number; the first item goes before others."""
    found: dict[object, int] = {}
    for number, item in reversed(list(enumerate(items, start=len(KEYWORDS)))):
        if is_value(item.token):
            for name in (loose_name(item.token[1]), identity(item.token[1])):
                found[name] = number
    return found


def value_number(token: Token, places: dict[object, int]) -> int | None:
    """The item that is a value, else the keyword that is, else an item that means the same."""
    value = token[1]
    exact = places.get(identity(value))
    if exact is not None:
        return exact
    if isinstance(value, Literal):
        constant = KEYWORD_NUMBERS.get(f"#{str(value.value).lower()}")
        if constant is not None and not isinstance(value.value, str):
            return constant
    return places.get(loose_name(value))


def loose_name(value: Literal | Days) -> object:
    """What values share that a query can take for each other: a text's letters, a figure however written, a period's first day."""
    if isinstance(value, Days):
        return value.start
    text = str(value.value).strip().casefold()
    return text.removesuffix(".0")
