"""Proposes the likeliest readings of a question as SQL, asks back, or declines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Event

from analyst.models import Health
from analyst.models.builtin.build import Builder, Unjoinable
from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.choices import Chooser
from analyst.models.builtin.compose import understand
from analyst.models.builtin.declining import declined, not_held, out_of_range
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.gaps import missing_words
from analyst.models.builtin.mentions import Mention, mentions
from analyst.models.builtin.plan import Plan, tables_of
from analyst.models.builtin.readback import read_back
from analyst.terms import Bilingual, Candidate, Clarification, Prompt, Refusal, Schema, Token

READINGS = 5  # candidates proposed at most
TRIED = 8  # readings built at most


@dataclass(frozen=True, slots=True)
class Understood:
    """One reading of a question."""

    plan: Plan
    sql: str
    draft: Draft
    logarithm: float


class BuiltinModel:
    """Needs no GPU, no network and no key."""

    name = "builtin"

    def health(self) -> Health:
        """Always ready."""
        return Health(True, Bilingual("Answers on this machine.", "在本机作答。"))

    def propose(self, prompt: Prompt, cancelled: Event) -> Iterator[Token | Candidate | Clarification | Refusal]:
        """Candidates, likeliest first; or one clarification or refusal."""
        catalog = catalog_of(prompt.schema)
        row = mentions(prompt.question, prompt.links)
        refusal = declined(prompt, row, catalog)
        if refusal:
            yield refusal
            return
        found = readings(prompt, row, catalog)
        refusal = unanswerable(prompt, found, row, catalog)
        if refusal and not prompt.attempts:
            yield refusal
            return
        refused = {attempt.sql for attempt in prompt.attempts}
        kept = [reading for reading in found if reading.sql not in refused][:READINGS]
        weights = [2.718281828 ** (reading.logarithm) for reading in kept]
        for reading, weight in zip(kept, weights, strict=True):
            yield Candidate(reading.sql, round(0.9 * weight / sum(weights), 4), mark=reading.draft.mark)

    def word(self, instructions: str, cancelled: Event) -> Iterator[str] | None:
        """It writes no prose."""
        return None


@lru_cache(maxsize=64)
def catalog_of(schema: Schema) -> Catalog:
    """The catalogue of a schema."""
    return Catalog(schema)


def unanswerable(prompt: Prompt, found: list[Understood], row: list[Mention], catalog: Catalog) -> Refusal | None:
    """A refusal where the data does not hold what is asked for."""
    if not found:
        return None
    outside = found[0].draft.flags.get("outside")
    if outside:
        return out_of_range(outside, prompt, catalog)
    missing = missing_words(found[0].draft, row)
    return not_held(missing, prompt, catalog) if missing else None


def readings(prompt: Prompt, row: list[Mention], catalog: Catalog) -> list[Understood]:
    """Different readings of the question, likeliest first."""
    before = read_back(prompt.question.history[-1].sql, prompt.schema) if prompt.question.history else None
    builder = Builder(prompt.schema, prompt.question.language)
    found: dict[str, Understood] = {}
    queue: list[tuple[float, dict[str, int]]] = [(0.0, {})]
    tried = 0
    while queue and tried < TRIED:
        queue.sort(key=lambda other: other[0])
        cost, told = queue.pop(0)
        chooser = Chooser(told)
        reading = read_once(prompt, row, catalog, builder, chooser, before)
        tried += 1
        if reading and reading.sql not in found:
            found[reading.sql] = reading
        if not told:
            queue += [(cost + more, other) for more, other in chooser.others()]
    return sorted(found.values(), key=lambda reading: -reading.logarithm)


def read_once(prompt: Prompt, row: list[Mention], catalog: Catalog, builder: Builder, chooser: Chooser, before: Plan | None) -> Understood | None:
    """One reading; None where its tables cannot be joined."""
    draft = Draft(prompt.question.text, prompt.question.language, catalog, list(row), chooser)
    if before is not None:
        draft.context = tuple(tables_of(before))
    plan = understand(draft, before)
    try:
        sql = builder.sql(plan)
    except Unjoinable:
        return None
    return Understood(plan, sql, draft, chooser.logarithm)
