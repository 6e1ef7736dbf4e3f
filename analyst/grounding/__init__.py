"""What a question's words can speak of: cells, headers, numbers, periods and other texts. What is found, never what is meant."""

from __future__ import annotations

from analyst.grounding.cells import find_cells
from analyst.grounding.headers import HeaderIndex, names_of
from analyst.grounding.index import CellIndex
from analyst.grounding.texts import texts
from analyst.grounding.tokens import pieces
from analyst.mentions import CellMention, HeaderMention, Mention, Mentions, NumberMention, PeriodMention, TextMention
from analyst.temporal.numbers import numbers
from analyst.temporal.periods import periods
from analyst.terms import Schema

__all__ = [
    "CellIndex",
    "CellMention",
    "HeaderMention",
    "Mention",
    "Mentions",
    "NumberMention",
    "PeriodMention",
    "TextMention",
    "ground",
]

WHOLE = 0.8  # of a mention that is a whole cell


def ground(text: str, schema: Schema, index: CellIndex) -> Mentions:
    """Everything that the words of a question can speak of, in this schema; `index` holds the cells of the same tables."""
    said = pieces(text)
    names = names_of(schema)
    headers = (index.headers if index.headers.names == names else HeaderIndex(schema)).find(said)
    counted = tuple(NumberMention(one.start, one.end, one.value, one.unit) for one in numbers(text))
    dated = tuple(PeriodMention(one.start, one.end, one.period) for one in periods(text))
    there = set(names)
    cells = tuple(cell for cell in find_cells(said, index, headers, counted, dated) if (cell.table, cell.column) in there)
    told = {place for cell in cells if cell.score >= WHOLE for place in range(cell.start, cell.end)}
    return Mentions(cells, headers, counted, dated, texts(text, said, told))
