"""What every way of finding cells gives, and what they share."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from analyst.grounding.index import CellIndex
from analyst.grounding.postings import Numbers
from analyst.mentions import CellHow

MOST_A_SPAN = 6  # cells that the same words can mean
LOOKED_AT = 2_000  # owners of one key, beyond which the less frequent ones are passed over


class Found(NamedTuple):
    """A cell, by its number in the index, that some pieces can mean."""

    first: int
    end: int
    """The first piece, and the one after the last."""
    cell: int
    how: CellHow
    score: float


def spread(owners: Numbers, index: CellIndex, most: int = 3 * MOST_A_SPAN) -> list[int]:
    """Some of the cells, from as many columns as there are, the frequent ones of each first."""
    if len(owners) <= most:
        return [int(cell) for cell in owners]
    seen: Counter[int] = Counter()
    ranked = []
    for cell in owners[:LOOKED_AT].tolist():
        home = int(index.homes[cell])
        ranked.append((seen[home], cell))
        seen[home] += 1
    return [cell for _, cell in sorted(ranked)[:most]]
