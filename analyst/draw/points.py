"""Points of two columns against each other."""

from __future__ import annotations

import plotly.graph_objects as go

from analyst.draw.bars import sorted_colors
from analyst.draw.calendar import time_ticks
from analyst.draw.plot import ACROSS, Plot, is_calendar, ordered_values, tick_label, value_axis
from analyst.draw.theme import color_of
from analyst.terms import Bilingual, Cell
from analyst.writing.periods import period_start

MANY = 5000
"""From here on the graphics card draws; a page of more SVG points is slow."""
IN_HOVER = 8
SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x", "star", "triangle-down")
"""Each colour has its own shape too, for those who cannot tell the colours."""


def draw_points(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    spec = plot.spec
    xs, axis = _across(plot)
    ys = plot.numbers(spec.y[0])
    kinds = sorted_colors(plot) if spec.color else [None]
    colors = plot.values(spec.color)
    figure = go.Figure()
    for index, kind in enumerate(kinds):
        rows = [row for row in range(len(ys)) if not spec.color or colors[row] == kind]
        figure.add_trace(_trace(plot, (index, kind), rows, xs, ys))
    heights = [y for y in ys if y is not None]
    figure.update_layout(xaxis=axis, yaxis={**value_axis(plot, spec.y, heights, zero=False), "fixedrange": False})
    missing = sum(x is None or y is None for x, y in zip(xs, ys, strict=True))
    return figure, 420, _notes(missing)


def _across(plot: Plot) -> tuple[list[object], dict[str, object]]:
    """Where each point stands along the x axis, and that axis."""
    name = plot.spec.x or ""
    values, grain = plot.values(name), plot.grain(name)
    if grain and is_calendar(grain):
        starts = [period_start(value, grain) for value in values]
        places, labels = time_ticks([start for start in starts if start], grain, plot.language)
        return list(starts), {"type": "date", "tickvals": places, "ticktext": labels, "title": {"text": ""}, "zeroline": False}
    numbers = plot.numbers(name)
    if all(number is not None or value is None for number, value in zip(numbers, values, strict=True)):
        return list(numbers), value_axis(plot, [name], [number for number in numbers if number is not None], zero=False, fit=ACROSS) | {
            "fixedrange": False
        }
    return _named_places(plot, values)


def _named_places(plot: Plot, values: list[Cell]) -> tuple[list[object], dict[str, object]]:
    order = {value: place for place, value in enumerate(ordered_values(values, plot.grain(plot.spec.x)))}
    step = -(-len(order) // 12)
    shown = [(place, value) for value, place in order.items() if place % step == 0]
    axis: dict[str, object] = {
        "tickvals": [place for place, _ in shown],
        "ticktext": [tick_label(plot.label(plot.spec.x, value, plot.grain(plot.spec.x)), 14) for _, value in shown],
        "title": {"text": plot.heading(plot.spec.x or "")},
        "zeroline": False,
    }
    return [order[value] for value in values], axis


def _trace(plot: Plot, color: tuple[int, Cell], rows: list[int], xs: list[object], ys: list[float | None]) -> go.Scatter | go.Scattergl:
    index, kind = color
    mark = go.Scattergl if len(ys) > MANY else go.Scatter
    return mark(
        x=[xs[row] for row in rows],
        y=[ys[row] for row in rows],
        mode="markers",
        name=tick_label(plot.label(plot.spec.color, kind, plot.grain(plot.spec.color))) if plot.spec.color else "",
        marker={
            "color": color_of(index, plot.look),
            "symbol": SYMBOLS[index % len(SYMBOLS)],
            "size": 9 if len(ys) <= 200 else 6 if len(ys) <= 2000 else 4,
            "opacity": 0.85 if len(ys) <= 200 else 0.5,
            "line": {"width": 0.5 if len(ys) <= 2000 else 0, "color": plot.look.background},
        },
        hovertext=[_hover(plot, row) for row in rows],
        hoverinfo="text",
        showlegend=bool(plot.spec.color),
    )


def _hover(plot: Plot, row: int) -> str:
    """The whole row, its name first: points have no other label."""
    spec = plot.spec
    axes = {spec.x, *spec.y, spec.color}
    named = [name for name in plot.columns if name not in axes]
    order = [*named, *(name for name in (spec.color, spec.x, *spec.y) if name)]
    return plot.hover([(name, plot.amount(name, plot.values(name)[row])) for name in order[-IN_HOVER:]])


def _notes(missing: int) -> list[Bilingual]:
    if not missing:
        return []
    rows = "row" if missing == 1 else "rows"
    return [Bilingual(f"{missing} {rows} with a missing value left out.", f"有 {missing} 行缺失数值，未画出。")]
