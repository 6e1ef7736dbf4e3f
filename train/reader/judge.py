"""How well plans are written on held-out databases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch.nn.functional as F

from train.reader.batches import Batch
from train.reader.network import Network


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of a suite's held-out questions, given the right plan so far at each place."""

    questions: int
    loss: float
    """Of a token."""
    tokens: float
    """Share of tokens that are right."""
    plans: float
    """Share of plans that are right in every token."""


def judged(network: Network, batches: Iterable[Batch]) -> Scores:
    """Figures over some batches."""
    questions, tokens, right, whole, loss = 0, 0, 0, 0, 0.0
    for batch in batches:
        scores, _ = network(batch)
        there = batch.target >= 0
        loss += F.cross_entropy(scores.flatten(0, 1), batch.target.flatten(), ignore_index=-100, reduction="sum").item()
        hit = (scores.argmax(-1) == batch.target) & there
        questions += len(batch.target)
        tokens += int(there.sum())
        right += int(hit.sum())
        whole += int((hit | ~there).all(1).sum())
    count = max(tokens, 1)
    return Scores(questions, round(loss / count, 4), round(right / count, 4), round(whole / max(questions, 1), 4))
