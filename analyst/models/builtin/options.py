"""All readings of a question, whichever way they were come by, as candidates with the chance that each is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log
from typing import Protocol

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.confidence import Option, chances
from analyst.models.builtin.cues import is_piece
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.islands import elsewhere
from analyst.models.builtin.plan import Plan
from analyst.models.builtin.turns import PERIOD, Followed, follow_ups
from analyst.terms import Candidate, Prompt

EACH = 3  # readings of each way; the fourth of a way is right in fewer than one of a hundred questions
LEAST = 0.001  # of a chance, so that its logarithm exists


class Read(Protocol):
    """A reading, as a plan was made of it."""

    @property
    def sql(self) -> str: ...
    @property
    def draft(self) -> Draft: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def logarithm(self) -> float: ...
    @property
    def way(self) -> str: ...


def options_of(prompt: Prompt, found: Sequence[Read], alone: Sequence[Read], catalog: Catalog) -> list[Option]:
    """The readings of a question; `found` follow the earlier plan where there is one, `alone` never look back."""
    leaves = bool(found and elsewhere(found[0].draft))
    followed = follow_ups(prompt, catalog) if prompt.question.history and not leaves else []
    if moved := [one for one in followed if one.change == PERIOD]:
        return list(changed(moved))
    options = [option for way in ("alone", "plan", "forced", "carried") for option in planned(found, way)]
    if beside := [one for one in found if "beside" in one.draft.flags and one.way == "plan"]:
        return list(planned(beside[:1], "plan"))
    if any(one.draft.movement for one in found):
        return options or list(planned(alone, "alone"))
    if prompt.question.history:
        goes_on = [*options, *changed(followed)]
        options = goes_on if goes_on and is_piece(prompt.question.text) else [*options, *planned(alone, "alone"), *changed(followed)]
    return options


def changed(found: Iterable[Followed]) -> Iterable[Option]:
    """Changes of the earlier query's syntax tree."""
    ranks: dict[str, int] = {}
    for followed in found:
        rank = ranks[followed.way] = ranks.get(followed.way, -1) + 1
        share = log(max(LEAST, followed.chance / max(followed.leaning, LEAST)))
        yield Option(followed.sql, followed.draft, share, followed.way, rank, followed.change, followed.leaning, followed.mark)


def planned(found: Iterable[Read], way: str) -> Iterable[Option]:
    """Readings that plans were made of in one way."""
    for rank, reading in enumerate([reading for reading in found if reading.way == way][:EACH]):
        yield Option(reading.sql, reading.draft, reading.logarithm, way, rank, mark=reading.draft.mark, plan=reading.plan)


def candidates(options: Sequence[Option], prompt: Prompt, refused: set[str]) -> list[Candidate]:
    """Candidates, likeliest first; the same query from several ways is one."""
    found: dict[str, Candidate] = {}
    for option, chance in zip(options, chances(options, prompt), strict=True):
        known = found.get(option.sql)
        if option.sql not in refused and (known is None or known.score < chance):
            found[option.sql] = Candidate(option.sql, round(chance, 4), mark=option.mark)
    return sorted(found.values(), key=lambda candidate: -candidate.score)


__all__ = ["candidates", "options_of"]
