"""What every chart reads: the columns of the rows, and how their values are written."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from analyst.draw.theme import Theme
from analyst.graphics.shapes import is_number
from analyst.graphics.titles import column_label
from analyst.terms import Bilingual, Cell, ChartSpec, Language, ResultSet
from analyst.writing.numerals import compact, exact
from analyst.writing.periods import CYCLES, Grain, grain_of, period_label, period_order
from analyst.writing.plain import visible
from analyst.writing.terminal import width

LONGEST_LABEL = 22
"""Columns of text; a longer label is cut and stands in full in the hover."""
TITLE_LINE = 44
"""Columns of text that a title of 16 pixels has on a phone."""
MISSING = Bilingual("(missing)", "（缺失）")


@dataclass(frozen=True)
class Plot:
    """One chart to be drawn: what it shows, of which rows, for whom. Not slotted, so that columns are read once."""

    spec: ChartSpec
    result: ResultSet
    language: Language
    look: Theme
    leading: str = ""
    """The measure that bars are sorted by; the first of the chart where empty."""

    @cached_property
    def columns(self) -> dict[str, list[Cell]]:
        """The values of each column."""
        rows = self.result.rows()
        return {name: [row[index] for row in rows] for index, name in enumerate(self.result.columns)}

    def values(self, name: str | None) -> list[Cell]:
        """The cells of a column; empty where there is none."""
        return self.columns.get(name, []) if name else []

    def numbers(self, name: str) -> list[float | None]:
        """The cells of a column as numbers, None where there is none."""
        return [float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None for value in self.values(name)]

    @cached_property
    def grains(self) -> dict[str, Grain | None]:
        """The grain of each column of periods, None for the others."""
        return {name: grain_of(name, values) for name, values in self.columns.items()}

    def grain(self, name: str | None) -> Grain | None:
        """The grain of a column of periods."""
        return self.grains.get(name) if name else None

    def unit(self, name: str) -> str:
        """The unit of a column."""
        return self.spec.units.get(name, "")

    def say(self, words: Bilingual) -> str:
        """The words in the reader's language."""
        return words.in_language(self.language)

    def label(self, name: str | None, value: Cell, grain: Grain | None = None) -> str:
        """A cell as a reader wants it on an axis, not escaped and not cut."""
        if value is None or value == "":
            return self.say(MISSING)
        if isinstance(value, bool):
            return self.say(Bilingual("Yes", "是") if value else Bilingual("No", "否"))
        if grain:
            return period_label(value, grain, self.language)
        return exact(value, self.language, self.unit(name or "")) if isinstance(value, float) else str(value)

    def amount(self, name: str, value: Cell) -> str:
        """A measured value with all its digits and its unit."""
        return exact(value, self.language, self.unit(name)) if is_number(value) else self.label(name, value, self.grain(name))  # type: ignore[arg-type]

    def brief(self, name: str, value: float) -> str:
        """A measured value in three or four digits, for a mark or a tick."""
        return compact(value, self.language, self.unit(name))

    def heading(self, name: str) -> str:
        """A column's name as an axis title, with its unit."""
        words, unit = column_label(name, self.language), self.unit(name)
        shown = words[:1].upper() + words[1:]
        return escaped(f"{shown}（{unit}）" if self.language == "zh" and unit else f"{shown} ({unit})" if unit else shown)

    def hover(self, pairs: Sequence[tuple[str, str]]) -> str:
        """Lines of name and value; the first line stands out."""
        colon = "：" if self.language == "zh" else ": "
        lines = [escaped(f"{column_label(name, self.language)}{colon}{value}" if name else value) for name, value in pairs]
        return "<br>".join([f"<b>{lines[0]}</b>", *lines[1:]])


def escaped(text: str) -> str:
    """The text with nothing in it that plotly.js would take for markup."""
    return html.escape(visible(text), quote=False)


def cut(text: str, columns: int = LONGEST_LABEL) -> str:
    """The text cut to so many columns; Chinese characters take two."""
    text = " ".join(visible(text).split())
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def tick_label(text: str, columns: int = LONGEST_LABEL) -> str:
    """A label for an axis or a legend: cut and escaped."""
    return escaped(cut(text, columns))


def wrapped(text: str, columns: int = TITLE_LINE) -> str:
    """The text broken into lines of so many columns, escaped; Chinese breaks anywhere, English between words."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return "<br>".join(escaped(part) for part in [*lines, line.rstrip()])


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for character in text:
        pieces[-1] += character
        if character == " " or width(character) == 2:
            pieces.append("")
    return [piece for piece in pieces if piece]


def ordered_values(values: Sequence[Cell], grain: Grain | None) -> list[Cell]:
    """Each value once: periods in the order of time, all else as it comes."""
    distinct = list(dict.fromkeys(values))
    return sorted(distinct, key=lambda value: period_order(value, grain)) if grain else distinct


def is_calendar(grain: Grain | None) -> bool:
    """True for periods that lie on a calendar, False for those that come round again."""
    return grain is not None and grain not in CYCLES


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers from low to high, at most about `most`."""
    if not math.isfinite(high - low) or high <= low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits on an axis of numbers."""

    ticks: int
    room: float = 0.06
    """Left beyond the outermost value, as a share of the span."""


UPWARD = Fit(7)
ACROSS = Fit(4)
"""Numbers side by side need more room than numbers above each other."""


def value_axis(plot: Plot, names: Sequence[str], values: Sequence[float], zero: bool, fit: Fit = UPWARD) -> dict[str, object]:
    """Ticks, range and title of an axis of measured values; `zero` puts zero on it, `fit` says how much fits."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = (high - low) or abs(high) or 1.0
    bounds = [low if zero and low == 0 else low - span * fit.room, high if zero and high == 0 else high + span * fit.room]
    places = ticks(bounds[0], bounds[1], fit.ticks)
    title = plot.heading(names[0]) if len(names) == 1 else ""
    return {
        "tickvals": places,
        "ticktext": [plot.brief(names[0], place) for place in places],
        "title": {"text": title},
        "zeroline": low <= 0 <= high,
        "range": bounds,
        "fixedrange": True,
    }
