"""Decisions that could go either way, so that every reading can be tried in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from typing import TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Chooser:
    """Takes the likeliest option of each decision unless told otherwise, and notes what else there was."""

    told: dict[str, int] = field(default_factory=dict)
    """Decision -> option to take."""
    open: dict[str, list[float]] = field(default_factory=dict)
    """Decisions met, with the weights of their options."""
    logarithm: float = 0.0
    """Of the product of the shares of the options taken."""

    def choose(self, decision: str, options: Sequence[tuple[T, float]]) -> T:
        """One of the options, which come with weights, likeliest first."""
        if len(options) == 1:
            return options[0][0]
        weights = [weight for _, weight in options]
        self.open.setdefault(decision, weights)
        taken = min(self.told.get(decision, 0), len(options) - 1)
        self.logarithm += log(max(weights[taken], 1e-6) / sum(weights))
        return options[taken][0]

    def others(self) -> list[tuple[float, dict[str, int]]]:
        """What else could be told: each decision taken otherwise, with what it costs, cheapest first."""
        found = []
        for decision, weights in self.open.items():
            if decision in self.told:
                continue
            for at, weight in enumerate(weights[1:4], 1):
                found.append((log(weights[0] / max(weight, 1e-6)), {**self.told, decision: at}))
        return sorted(found, key=lambda other: other[0])
