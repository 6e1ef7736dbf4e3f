"""Beam search for plans: only what the grammar allows is written, so that every list that ends is a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analyst.models.reader.inputs import Item
from analyst.plan.grammar import COLUMN, GRAMMAR, KEYWORDS, START, TABLE, VALUE
from analyst.plan.tokens import Token, kind_of

BEAM, LONGEST = 8, 90
SHORTER = 0.5  # how much of its length a plan is forgiven: its log-probability is divided by length to this power

Floats = npt.NDArray[np.float32]


class Steps(Protocol):
    """A decoder that writes several plans side by side, one token at a time."""

    def next(self, written: Sequence[int], parents: Sequence[int]) -> Floats:
        """Scores (plan, keyword then item) after a token more for each plan; `parents` says which plan of the step before it goes on
        from. The first call writes -1, the start."""


@dataclass(frozen=True, slots=True)
class Written:
    """A plan as the decoder wrote it."""

    numbers: tuple[int, ...]
    """Keywords, and items after them."""
    chance: float
    """Natural logarithm of its probability among all plans."""

    @property
    def rank(self) -> float:
        """By which plans of unlike length are compared."""
        return float(self.chance / len(self.numbers) ** SHORTER)


@dataclass(frozen=True, slots=True)
class Branch:
    """A plan on its way: what is written, its chance, the sorts that still must come, the next one last."""

    numbers: tuple[int, ...] = ()
    chance: float = 0.0
    due: tuple[str, ...] = (START,)


def search(steps: Steps, items: Sequence[Item], beam: int = BEAM) -> list[Written]:
    """The likeliest plans, best first."""
    kinds, classes = [kind_of(item.token) for item in items], legal_classes(items)
    branches, done = [Branch()], list[Written]()
    parents = [0]
    for _ in range(LONGEST):
        scores = steps.next([branch.numbers[-1] if branch.numbers else -1 for branch in branches], parents)
        chances = logged(scores, branches, classes) + np.array([[branch.chance] for branch in branches])
        branches, parents, ended = grown(branches, chances, kinds, beam)
        done += ended
        if not branches or enough(done, branches, beam):
            break
    return sorted(done, key=lambda one: -one.rank)[:beam]


def grown(
    branches: Sequence[Branch], chances: npt.NDArray[np.float64], kinds: Sequence[str], beam: int
) -> tuple[list[Branch], list[int], list[Written]]:
    """The likeliest ways on, where each comes from, and the plans that are whole."""
    flat = chances.ravel()
    count = min(2 * beam, len(flat))
    likeliest = np.argpartition(-flat, count - 1)[:count]
    further, parents, ended = list[Branch](), list[int](), list[Written]()
    for place in sorted(likeliest.tolist(), key=lambda place: -flat[place]):
        chance = float(flat[place])
        if not np.isfinite(chance):
            continue
        parent, number = divmod(place, chances.shape[1])
        branch = branches[parent]
        due = after(branch.due, number, kinds)
        if not due:
            ended.append(Written((*branch.numbers, number), chance))
        elif len(further) < beam:
            further.append(Branch((*branch.numbers, number), chance, due))
            parents.append(parent)
    return further, parents, ended


def enough(done: Sequence[Written], branches: Sequence[Branch], beam: int) -> bool:
    """Whether no plan on its way can still be among the best, as chances only fall."""
    if len(done) < beam:
        return False
    worst = sorted(done, key=lambda one: -one.rank)[beam - 1].rank
    return max(branch.chance / (len(branch.numbers) + 1) ** SHORTER for branch in branches) < worst or len(done) >= 3 * beam


def logged(scores: Floats, branches: Sequence[Branch], classes: Mapping[str, Floats]) -> npt.NDArray[np.float64]:
    """Log-probabilities of what may come next; minus infinity for what may not."""
    legal = np.stack([np.concatenate([legal_keywords(branch.due[-1]), classes[branch.due[-1]]]) for branch in branches])
    open_scores = np.where(legal > 0, scores.astype(np.float64), -np.inf)
    top = open_scores.max(1, keepdims=True)
    top[~np.isfinite(top)] = 0.0
    with np.errstate(divide="ignore"):
        return np.asarray(open_scores - top - np.log(np.exp(open_scores - top).sum(1, keepdims=True)))


def after(due: tuple[str, ...], number: int, kinds: Sequence[str]) -> tuple[str, ...]:
    """The sorts that still must come once a token is written."""
    kind = KEYWORDS[number] if number < len(KEYWORDS) else kinds[number - len(KEYWORDS)]
    return (*due[:-1], *reversed(GRAMMAR[due[-1]][kind]))


def sorts_along(numbers: Sequence[int], items: Sequence[Item]) -> list[str]:
    """The sort that is due at each place of a plan."""
    kinds, found = [kind_of(item.token) for item in items], list[str]()
    due: tuple[str, ...] = (START,)
    for number in numbers:
        found.append(due[-1])
        due = after(due, number, kinds)
    return found


@lru_cache(maxsize=128)
def legal_keywords(sort: str) -> Floats:
    """1 for the keywords that may stand where a sort is due."""
    return np.array([keyword in GRAMMAR[sort] for keyword in KEYWORDS], np.float32)


def legal_classes(items: Sequence[Item]) -> dict[str, Floats]:
    """Sort -> 1 for the items that may stand there."""
    kinds = np.array([kind_of(item.token) for item in items])
    by_kind = {kind: (kinds == kind).astype(np.float32) for kind in (COLUMN, TABLE, VALUE)}
    nothing = np.zeros(len(items), np.float32)
    return {
        sort: np.maximum.reduce([nothing, *(by_kind[kind] for kind in by_kind if kind in expansion)]) for sort, expansion in GRAMMAR.items()
    }


def tokens_of(numbers: Sequence[int], items: Sequence[Item]) -> list[Token]:
    """The plan's tokens."""
    return [KEYWORDS[number] if number < len(KEYWORDS) else items[number - len(KEYWORDS)].token for number in numbers]


def numbers_of(tokens: Sequence[Token], items: Sequence[Item]) -> tuple[int, ...] | None:
    """Keywords and items that write a plan's tokens; None where something that it needs cannot be pointed at."""
    places = {item.token: place for place, item in reversed(list(enumerate(items, start=len(KEYWORDS))))}
    keywords = {keyword: number for number, keyword in enumerate(KEYWORDS)}
    found: list[int] = []
    for token in tokens:
        number = keywords.get(token) if isinstance(token, str) else places.get(token)
        if number is None:
            return None
        found.append(number)
    return tuple(found)
