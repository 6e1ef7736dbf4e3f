"""What a question's words can speak of, as values; places are characters of the question's text, from `start` to before `end`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analyst.temporal.period import Period
from connectors.base import Cell

CellHow = Literal["exact", "stem", "part", "prefix", "fuzzy", "initials", "alias", "adjective", "sound", "code"]
HeaderHow = Literal["whole", "stem", "part", "abbreviation", "synonym"]
TextHow = Literal["quoted", "title", "letter", "name", "moment"]


@dataclass(frozen=True, slots=True)
class CellMention:
    """Words that can mean a cell: the whole of it, a part of it, or another way to say it."""

    start: int
    end: int
    table: str
    column: str
    value: Cell
    how: CellHow
    score: float
    """1 for the cell as it stands, less for what is further from it."""


@dataclass(frozen=True, slots=True)
class HeaderMention:
    """Words that can mean a column, or a table where `column` is empty."""

    start: int
    end: int
    table: str
    column: str
    how: HeaderHow
    score: float


@dataclass(frozen=True, slots=True)
class NumberMention:
    """A number, with its unit as units.tsv writes it: %, $, th for an ordinal; empty where none is said."""

    start: int
    end: int
    value: int | float
    unit: str


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """A period; which column tells it is left open."""

    start: int
    end: int
    period: Period


@dataclass(frozen=True, slots=True)
class TextMention:
    """Words that stand for themselves: quoted, a title in brackets, a single letter, a name that no cell holds, a moment."""

    start: int
    end: int
    text: str
    how: TextHow


@dataclass(frozen=True, slots=True)
class Mentions:
    """Everything found in a question; cells and headers best first, the others by place."""

    cells: tuple[CellMention, ...] = ()
    headers: tuple[HeaderMention, ...] = ()
    numbers: tuple[NumberMention, ...] = ()
    periods: tuple[PeriodMention, ...] = ()
    texts: tuple[TextMention, ...] = ()


Mention = CellMention | HeaderMention | NumberMention | PeriodMention | TextMention
