"""Cells of which a question says a part: a surname, 'Ford' of 'Ford Motor Co', some characters of a longer Chinese name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analyst.grounding.found import Found
from analyst.grounding.index import CellIndex
from analyst.grounding.postings import Numbers
from analyst.grounding.tokens import Piece, function_words

MOST_A_SPAN = 8
MOST_OWNERS = 20_000  # cells that share a word, beyond which it tells nothing by itself

Unit = tuple[int, int, Numbers]
"""A word, or two neighbouring Chinese characters, by its pieces, and the cells that hold it."""


def parts(pieces: Sequence[Piece], index: CellIndex, covered: set[int]) -> Iterator[Found]:
    """Of the longest runs whose words one cell holds together, the cells that hold little else."""
    units = _units(pieces, index)
    reached = 0
    for at, (first, end, owners) in enumerate(units):
        if pieces[first].key in function_words() and not pieces[first].chinese:
            continue
        last, held = end, owners
        for _, further, others in units[at + 1 :]:
            if _ > last:
                break
            both = np.intersect1d(held, others, assume_unique=True)
            if not len(both):
                break
            last, held = further, both
        last = _without_end(pieces, first, last)
        if last <= reached and pieces[first].chinese:
            continue
        reached = max(reached, last)
        yield from _shortest(pieces, first, last, held, index, covered)
        if last > end and not pieces[first].chinese:
            yield from _shortest(pieces, first, end, owners, index, covered)


def _units(pieces: Sequence[Piece], index: CellIndex) -> list[Unit]:
    """What cells are looked up by, in order; a gap of unknown words parts them."""
    units: list[Unit] = []
    for at, piece in enumerate(pieces):
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.chinese and after and after.chinese and after.start == piece.end:
            owners = index.parts.find(piece.key + after.key)
            end = at + 2
        elif not piece.chinese:
            owners, end = index.parts.find(piece.key), at + 1
        else:
            continue
        if len(owners) > 0:
            units.append((at, end, owners))
    return units


def _without_end(pieces: Sequence[Piece], first: int, last: int) -> int:
    """The run without function words at its end."""
    while last > first + 1 and not pieces[last - 1].chinese and pieces[last - 1].key in function_words():
        last -= 1
    return last


def _shortest(pieces: Sequence[Piece], first: int, last: int, held: Numbers, index: CellIndex, covered: set[int]) -> Iterator[Found]:
    """The cells of which the run is the greatest share, one of each column before a second one."""
    if len(held) > MOST_OWNERS:
        return
    said = sum(len(piece.key) for piece in pieces[first:last])
    lengths = index.lengths[held]
    held, lengths = held[lengths > said], lengths[lengths > said]
    order = np.argsort(lengths, kind="stable")[: 8 * MOST_A_SPAN]
    crowd = 1.0 if len(held) <= 5 else 0.9 if len(held) <= 50 else 0.8
    dull = 0.6 if covered.issuperset(range(first, last)) else 1.0
    seen: dict[int, int] = {}
    ranked = []
    for cell in held[order].tolist():
        home = int(index.homes[cell])
        seen[home] = seen.get(home, 0) + 1
        score = (0.4 + 0.4 * min(1.0, said / int(index.lengths[cell]))) * crowd * dull
        ranked.append((score - 0.03 * (seen[home] - 1), cell))
    for score, cell in sorted(ranked, key=lambda pair: -pair[0])[:MOST_A_SPAN]:
        yield Found(first, last, cell, "part", max(score, 0.05))
