"""Bars: one a category or period; side by side or stacked; lying down where their names are long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analyst.draw.plot import Fit, Plot, escaped, is_calendar, tick_label, value_axis
from analyst.draw.theme import PATTERNS, Theme, color_of, round_of
from analyst.graphics.shapes import is_number
from analyst.terms import Bilingual, Cell
from analyst.writing.periods import period_order
from analyst.writing.terminal import width

MOST_BARS = 40
"""More cannot be read; the largest are drawn and the chart says so."""
UPRIGHT = 8
"""More named bars than this lie down, so that their names can be read on a phone."""
LONG_NAME = 12
"""Columns of text; bars with longer names lie down."""
MOST_NUMBERS = 20
"""With more bars than this their numbers stand in the hover alone."""
BAR_HEIGHT = 26


@dataclass(frozen=True, slots=True)
class Series:
    """The bars of one colour: a height at each place, None where there is no row."""

    name: str
    column: str
    heights: tuple[float | None, ...]
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """All that is drawn: the names along the axis and the series above them."""

    names: tuple[str, ...]
    series: tuple[Series, ...]
    left_out: int
    lying: bool
    stacked: bool


def bars_of(plot: Plot) -> Bars:
    """The bars of a chart, in the order in which they are drawn."""
    places = _places(plot)
    shown = places[:MOST_BARS] if not plot.grain(plot.spec.x) else places
    x = plot.values(plot.spec.x)
    grain = plot.grain(plot.spec.x)
    names = tuple(plot.label(plot.spec.x, x[place[0]], grain) for place in shown)
    series = tuple(_series_by_color(plot, shown)) if plot.spec.color else tuple(_series_by_measure(plot, shown))
    lying = not grain and (len(shown) > UPRIGHT or max(map(width, names), default=0) > LONG_NAME)
    return Bars(names, series, len(places) - len(shown), lying, _is_stacked(plot, shown))


def _is_stacked(plot: Plot, places: Sequence[list[int]]) -> bool:
    """Stacked as asked, or where each bar has one colour alone, so that stacking only closes the gaps."""
    alone = bool(plot.spec.color) and all(len(place) == 1 for place in places)
    return plot.spec.mark == "stacked_bar" or (plot.spec.mark == "bar" and alone)


def _places(plot: Plot) -> list[list[int]]:
    """The rows that share a place on the axis; without a colour every row has its own, so that none hides another."""
    x, grain = plot.values(plot.spec.x), plot.grain(plot.spec.x)
    if plot.spec.color:
        by_value: dict[Cell, list[int]] = {}
        for row, value in enumerate(x):
            by_value.setdefault(value, []).append(row)
        places = list(by_value.values())
    else:
        places = [[row] for row in range(len(x))]
    if grain:
        return sorted(places, key=lambda place: period_order(x[place[0]], grain))
    if plot.spec.ordered:
        return places
    if all(is_number(value) for value in x if value is not None):
        return sorted(places, key=lambda place: (x[place[0]] is None, x[place[0]]))
    heights = plot.numbers(plot.leading or plot.spec.y[0])
    return sorted(places, key=lambda place: -sum(heights[row] or 0.0 for row in place))


def _series_by_measure(plot: Plot, places: Sequence[list[int]]) -> list[Series]:
    return [_series(plot, plot.heading(name), name, [place[0] for place in places]) for name in plot.spec.y]


def _series_by_color(plot: Plot, places: Sequence[list[int]]) -> list[Series]:
    colors = plot.values(plot.spec.color)
    grain = plot.grain(plot.spec.color)
    kinds = sorted_colors(plot)
    row_of = {(index, colors[row]): row for index, place in enumerate(places) for row in reversed(place)}
    series = []
    for kind in kinds:
        rows = [row_of.get((index, kind)) for index in range(len(places))]
        series.append(_series(plot, plot.label(plot.spec.color, kind, grain), plot.spec.y[0], rows))
    return series


def sorted_colors(plot: Plot) -> list[Cell]:
    """The values of the colour column: periods in time, the order of the query where it gave one, else the largest first."""
    colors, grain = plot.values(plot.spec.color), plot.grain(plot.spec.color)
    kinds = list(dict.fromkeys(colors))
    if grain:
        return sorted(kinds, key=lambda kind: period_order(kind, grain))
    heights = plot.numbers(plot.spec.y[0])
    sums: dict[Cell, float] = dict.fromkeys(kinds, 0.0)
    for kind, height in zip(colors, heights, strict=True):
        sums[kind] += abs(height or 0.0)
    return sorted(kinds, key=lambda kind: -sums[kind])


def _series(plot: Plot, name: str, column: str, rows: Sequence[int | None]) -> Series:
    heights = plot.numbers(column)
    return Series(
        name,
        column,
        tuple(heights[row] if row is not None else None for row in rows),
        tuple(_hover(plot, column, row) if row is not None else "" for row in rows),
    )


def _hover(plot: Plot, column: str, row: int) -> str:
    spec = plot.spec
    pairs = [("", plot.label(spec.x, plot.values(spec.x)[row], plot.grain(spec.x)))]
    if spec.color:
        pairs.append((spec.color, plot.label(spec.color, plot.values(spec.color)[row], plot.grain(spec.color))))
    return plot.hover([*pairs, (column, plot.amount(column, plot.values(column)[row]))])


# ------------------------------------------------------------------------------------------------ drawing
def draw_bars(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    bars = bars_of(plot)
    figure = go.Figure()
    for index, series in enumerate(bars.series):
        figure.add_trace(_trace(plot, bars, series, index))
    figure.update_layout(barmode="stack" if bars.stacked else "group")
    _axes(plot, bars, figure)
    return figure, _height(bars), [*_notes(bars), *beyond_the_colors(len(bars.series), plot.look)]


def _trace(plot: Plot, bars: Bars, series: Series, index: int) -> go.Bar:
    places = list(range(len(bars.names)))
    heights = list(series.heights)
    numbered = _numbered(bars)
    return go.Bar(
        x=heights if bars.lying else places,
        y=places if bars.lying else heights,
        orientation="h" if bars.lying else "v",
        name=tick_label(series.name) if plot.spec.color else series.name,
        text=[escaped(plot.brief(series.column, height)) if height is not None else "" for height in heights] if numbered else None,
        textposition="outside" if numbered else "none",
        textfont={"size": 12, "color": plot.look.text},
        cliponaxis=False,
        hovertext=list(series.hover),
        hoverinfo="text",
        marker={
            "color": color_of(index, plot.look),
            "pattern": {"shape": PATTERNS[round_of(index, plot.look)], "solidity": 0.25},
            "line": {"width": 1 if bars.stacked else 0, "color": plot.look.background},
        },
        showlegend=len(bars.series) > 1 and color_of(index, plot.look) != plot.look.rest,
    )


def _axes(plot: Plot, bars: Bars, figure: go.Figure) -> None:
    shown = _shown_places(bars, is_calendar(plot.grain(plot.spec.x)))
    names = {
        "tickvals": shown,
        "ticktext": [tick_label(bars.names[place]) for place in shown],
        "title": {"text": "" if is_calendar(plot.grain(plot.spec.x)) else plot.heading(plot.spec.x or "")},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "range": [-0.6, len(bars.names) - 0.4],
    }
    measured = value_axis(plot, list(dict.fromkeys(series.column for series in bars.series)), _extents(bars), zero=True, fit=_fit(bars))
    if bars.lying:
        figure.update_layout(xaxis=measured, yaxis={**names, "range": names["range"][::-1]})  # type: ignore[index]
    else:
        figure.update_layout(xaxis=names, yaxis=measured)


def _numbered(bars: Bars) -> bool:
    """True if each bar's number stands at its end: one series of few bars."""
    return len(bars.series) == 1 and len(bars.names) <= (MOST_NUMBERS if bars.lying else UPRIGHT)


def _fit(bars: Bars) -> Fit:
    """Room beyond the longest bar: for a number beside it, which takes a fifth of a phone, or above it."""
    if bars.lying:
        return Fit(4, 0.28 if _numbered(bars) else 0.04)
    return Fit(7, 0.1 if _numbered(bars) else 0.04)


def _shown_places(bars: Bars, dated: bool) -> list[int]:
    """Every name for bars lying down or few; else as many as a phone can hold, fewer of dates, which are long."""
    most = 6 if dated else 12
    step = 1 if bars.lying else -(-len(bars.names) // most)
    return list(range(0, len(bars.names), step))


def _extents(bars: Bars) -> list[float]:
    """The lowest and the highest place that a bar reaches."""
    if not bars.stacked:
        return [height for series in bars.series for height in series.heights if height is not None]
    columns = list(zip(*(series.heights for series in bars.series), strict=True))
    above = [sum(height for height in column if height and height > 0) for column in columns]
    below = [sum(height for height in column if height and height < 0) for column in columns]
    return [*above, *below]


def _height(bars: Bars) -> int:
    if not bars.lying:
        return 380
    rows = len(bars.names) * (1 if bars.stacked or len(bars.series) == 1 else max(len(bars.series) * 0.7, 1))
    return int(max(240, min(1600, 120 + BAR_HEIGHT * rows)))


def beyond_the_colors(series: int, look: Theme) -> list[Bilingual]:
    """Says that the smallest series share one colour, where there are too many to tell apart."""
    beyond = series - 2 * len(look.colors)
    return [Bilingual(f"The {beyond} smallest are drawn in grey.", f"数值最小的 {beyond} 项以灰色表示。")] if beyond > 0 else []


def _notes(bars: Bars) -> list[Bilingual]:
    if not bars.left_out:
        return []
    shown, total = len(bars.names), len(bars.names) + bars.left_out
    return [Bilingual(f"{shown} of {total} are drawn; the table has all.", f"仅画出 {total} 项中的 {shown} 项，表格中有全部数据。")]
