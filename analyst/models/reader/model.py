"""The reader as a model: a small network writes the plans that a question may stand for; they are proposed as SQL, or it declines."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event

from analyst.models import Health
from analyst.models.reader.inputs import Before, Inputs, inputs_of
from analyst.models.reader.network import PlanSteps, encode
from analyst.models.reader.replies import declined, not_found
from analyst.models.reader.search import search, tokens_of
from analyst.models.reader.unread import unread
from analyst.models.reader.weights import Model, load
from analyst.plan import Inexpressible, Plan, compile_plan, from_tokens, recover_plan, to_tokens
from analyst.plan.grammar import UNANSWERABLE
from analyst.plan.tokens import Token
from analyst.terms import Bilingual, Candidate, Clarification, Prompt, Refusal, Schema, Turn, Usage

PROPOSED = 5
"""Candidates at most; a later one is hardly ever the one."""
DECLINED_FROM = 0.5
"""Chance that the tables cannot answer, from which on they are not asked."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a question: a plan, its SQL and its chance among all that could be written."""

    plan: Plan
    sql: str
    chance: float


@dataclass(frozen=True, slots=True)
class Read:
    """All readings of a question, likeliest first, and the chance that it has no answer in the tables."""

    readings: tuple[Reading, ...]
    unanswerable: float
    inputs: Inputs


class ReaderModel:
    """Needs no GPU, no network and no key."""

    name = "reader"
    grounds = True

    def health(self) -> Health:
        """Always ready."""
        return Health(True, Bilingual("Answers on this machine.", "在本机作答。"))

    def propose(self, prompt: Prompt, cancelled: Event) -> Iterator[Candidate | Clarification | Refusal]:
        """Candidates, likeliest first; or one refusal."""
        found = read(prompt, load())
        tried = {attempt.sql for attempt in prompt.attempts}
        fresh = [reading for reading in found.readings if reading.sql not in tried][:PROPOSED]
        if not fresh or found.unanswerable >= DECLINED_FROM:
            yield declined(prompt)
            return
        left = unread(prompt.mentions, fresh[0].plan)
        if left:
            yield not_found(left, prompt)
            return
        for reading in fresh:
            yield Candidate(reading.sql, reading.chance)

    def word(self, instructions: str, cancelled: Event) -> Iterator[str] | None:
        """It writes no prose."""
        return None

    def take_usage(self) -> Usage:
        """No server is asked."""
        return Usage()


def read(prompt: Prompt, model: Model) -> Read:
    """The plans that a question may stand for; those that cannot be compiled are left out, those of the same SQL are one."""
    question, schema = prompt.question, prompt.schema
    inputs = inputs_of(question.text, schema, prompt.mentions, model.pieces, before_of(question.history, schema))
    written = search(PlanSteps(model.weights, encode(model.weights, inputs)), inputs.items)
    chances: dict[str, tuple[Plan, float]] = {}
    unanswerable = 0.0
    for one in written:
        tokens, chance = tokens_of(one.numbers, inputs.items), math.exp(one.chance)
        if tokens == [UNANSWERABLE]:
            unanswerable += chance
            continue
        compiled = compiled_plan(tokens, prompt)
        if compiled:
            plan, sql = compiled
            chances[sql] = (chances.get(sql, (plan, 0.0))[0], chances.get(sql, (plan, 0.0))[1] + chance)
    readings = sorted((Reading(plan, sql, min(chance, 1.0)) for sql, (plan, chance) in chances.items()), key=lambda one: -one.chance)
    return Read(tuple(readings), unanswerable, inputs)


def compiled_plan(tokens: Sequence[Token], prompt: Prompt) -> tuple[Plan, str] | None:
    """The plan of a token list and its SQL; nothing where it makes no query."""
    try:
        plan = from_tokens(tokens)
        return plan, compile_plan(plan, prompt.schema, prompt.question.language).sql("duckdb")
    except Inexpressible:
        return None


def before_of(history: Sequence[Turn], schema: Schema) -> Before | None:
    """The turn before; nothing where there is none, or the algebra cannot say its query."""
    if not history or not history[-1].sql:
        return None
    try:
        return Before(history[-1].question, tuple(to_tokens(recover_plan(history[-1].sql, schema))))
    except Inexpressible:
        return None
