"""The cells that words of a question can mean: whole cells, other ways to write them, parts and near misses, the likeliest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analyst.grounding.dates import period_key
from analyst.grounding.found import MOST_A_SPAN, spread
from analyst.grounding.index import CellIndex
from analyst.grounding.nearly import chinese_slips, initials, near_misses, shortened
from analyst.grounding.parts import parts
from analyst.grounding.tokens import Piece
from analyst.grounding.wholes import aliases, wholes
from analyst.mentions import CellHow, CellMention, HeaderMention, NumberMention, PeriodMention

MOST = 40  # mentions of a question
MOST_PLACES = 2  # of one cell
BESIDE_HEADER = 0.08  # more for cells of a column or table that the question names
WHOLE = 0.9  # of what is found as a whole cell; what lies inside such words is less likely meant
INSIDE = 0.6


class Placed(NamedTuple):
    """A cell that the characters from `start` to before `end` can mean."""

    start: int
    end: int
    cell: int
    how: CellHow
    score: float


def find_cells(
    pieces: Sequence[Piece],
    index: CellIndex,
    headers: Sequence[HeaderMention],
    numbers: Sequence[NumberMention],
    periods: Sequence[PeriodMention],
) -> tuple[CellMention, ...]:
    """At most 40 mentions, likeliest first, and of the same words at most six."""
    found = list(wholes(pieces, index))
    covered = {at for one in found if one.score >= 0.8 for at in range(one.first, one.end)}
    found += [*aliases(pieces, index), *parts(pieces, index, covered)]
    found += [*initials(pieces, index), *shortened(pieces, index), *near_misses(pieces, index), *chinese_slips(pieces, index, covered)]
    placed = [Placed(pieces[one.first].start, pieces[one.end - 1].end, one.cell, one.how, one.score) for one in found]
    return tuple(_best([*placed, *_valued(index, numbers, periods)], index, headers))


def _valued(index: CellIndex, numbers: Sequence[NumberMention], periods: Sequence[PeriodMention]) -> Iterator[Placed]:
    """Numbers and dates that are kept as texts."""
    for number in numbers:
        for cell in spread(index.numbers.find(f"{float(number.value):g}"), index, MOST_A_SPAN):
            yield Placed(number.start, number.end, cell, "alias", 0.8)
    for period in periods:
        for cell in spread(index.dates.find(period_key(period.period)), index, MOST_A_SPAN):
            yield Placed(period.start, period.end, cell, "alias", 0.85)


def _best(placed: Sequence[Placed], index: CellIndex, headers: Sequence[HeaderMention]) -> Iterator[CellMention]:
    spans: Counter[tuple[int, int]] = Counter()
    cells: Counter[int] = Counter()
    for one in sorted(_scored(placed, index, headers), key=lambda one: (-one.score, one.start - one.end, one)):
        if spans[one.start, one.end] >= MOST_A_SPAN or cells[one.cell] >= MOST_PLACES or spans.total() >= MOST:
            continue
        spans[one.start, one.end] += 1
        cells[one.cell] += 1
        table, column = index.columns[int(index.homes[one.cell])]
        yield CellMention(one.start, one.end, table, column, index.values[one.cell], one.how, round(min(one.score, 1.0), 3))


def _scored(placed: Sequence[Placed], index: CellIndex, headers: Sequence[HeaderMention]) -> list[Placed]:
    """Each cell once for the same words, with what the headers named and longer cells around it say."""
    named = {(header.table, header.column): header.score for header in reversed(headers)}
    longer = {(one.start, one.end) for one in placed if one.score >= WHOLE}
    best: dict[tuple[int, int, int], Placed] = {}
    for one in placed:
        table, column = index.columns[int(index.homes[one.cell])]
        beside = BESIDE_HEADER * max(named.get((table, column), 0.0), 0.5 * named.get((table, ""), 0.0))
        inside = any(start <= one.start and one.end <= end and (start, end) != (one.start, one.end) for start, end in longer)
        scored = one._replace(score=one.score * (INSIDE if inside else 1.0) + beside)
        if (kept := best.get(one[:3])) is None or kept.score < scored.score:
            best[one[:3]] = scored
    return list(best.values())
