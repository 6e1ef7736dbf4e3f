"""A grid of two categories, each cell coloured by its value."""

from __future__ import annotations

import plotly.graph_objects as go

from analyst.draw.bars import sorted_colors
from analyst.draw.plot import Plot, escaped, ordered_values, tick_label, ticks
from analyst.terms import Bilingual, Cell
from analyst.writing.periods import period_order
from analyst.writing.terminal import width

NUMBERS_ACROSS = 6
"""With more columns than this a phone cannot hold the cells' numbers."""


def draw_grid(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    spec, column = plot.spec, plot.spec.y[0]
    across, down = _across(plot), sorted_colors(plot)
    rows = {(x, y): row for row, (x, y) in enumerate(zip(plot.values(spec.x), plot.values(spec.color), strict=True))}
    numbers = plot.numbers(column)
    cells = [[rows.get((x, y)) for x in across] for y in down]
    heights = [[numbers[row] if row is not None else None for row in line] for line in cells]
    numbered = len(across) <= NUMBERS_ACROSS
    figure = go.Figure(
        go.Heatmap(
            z=heights,
            x=list(range(len(across))),
            y=list(range(len(down))),
            text=[[escaped(plot.brief(column, height)) if height is not None else "" for height in line] for line in heights],
            texttemplate="%{text}" if numbered else None,
            hovertext=[[_hover(plot, row) for row in line] for line in cells],
            hoverinfo="text",
            xgap=2,
            ygap=2,
            **_colors(plot, [height for line in heights for height in line if height is not None]),
            colorbar=_colorbar(plot, [height for line in heights for height in line if height is not None]),
            showscale=not numbered,
        )
    )
    figure.update_layout(
        xaxis=_named_axis(plot, spec.x or "", across) | {"side": "bottom"},
        yaxis=_named_axis(plot, spec.color or "", down) | {"range": [len(down) - 0.5, -0.5]},
    )
    empty = sum(height is None for line in heights for height in line)
    return figure, max(300, min(1200, 150 + 30 * len(down))), _notes(empty)


def _across(plot: Plot) -> list[Cell]:
    values, grain = plot.values(plot.spec.x), plot.grain(plot.spec.x)
    kinds = ordered_values(values, grain)
    return sorted(kinds, key=lambda value: period_order(value, grain)) if grain else kinds


def _named_axis(plot: Plot, name: str, values: list[Cell]) -> dict[str, object]:
    grain = plot.grain(name)
    labels = [plot.label(name, value, grain) for value in values]
    # Lying names need room: on the x axis they are cut sooner and every second may be left out.
    step = 1 if name == plot.spec.color else -(-len(values) // 16)
    return {
        "tickvals": list(range(0, len(values), step)),
        "ticktext": [tick_label(label, 18) for label in labels[::step]],
        "title": {"text": plot.heading(name) if max(map(width, labels), default=0) else ""},
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _colors(plot: Plot, values: list[float]) -> dict[str, object]:
    """A ramp for amounts; two colours that meet at zero where there are values on both sides."""
    both = min(values, default=0.0) < 0 < max(values, default=0.0)
    scale = plot.look.diverging if both else plot.look.ramp
    stops = [[index / (len(scale) - 1), color] for index, color in enumerate(scale)]
    return {"colorscale": stops, **({"zmid": 0} if both else {})}


def _colorbar(plot: Plot, values: list[float]) -> dict[str, object]:
    places = ticks(min(values, default=0.0), max(values, default=1.0), 4)
    return {
        "thickness": 10,
        "len": 0.9,
        "outlinewidth": 0,
        "tickvals": places,
        "ticktext": [escaped(plot.brief(plot.spec.y[0], place)) for place in places],
        "tickfont": {"size": 11},
        "xpad": 4,
    }


def _hover(plot: Plot, row: int | None) -> str:
    if row is None:
        return ""
    spec = plot.spec
    names = [name for name in (spec.color, spec.x, spec.y[0]) if name]
    return plot.hover([(name, plot.amount(name, plot.values(name)[row])) for name in names])


def _notes(empty: int) -> list[Bilingual]:
    if not empty:
        return []
    pairs = "pair has" if empty == 1 else "pairs have"
    return [Bilingual(f"{empty} {pairs} no value: left empty.", f"有 {empty} 个组合没有数据，留空。")]
