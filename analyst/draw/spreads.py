"""How values spread: a histogram of one column, or a box for each group."""

from __future__ import annotations

import itertools
import math
from statistics import median, quantiles

import plotly.graph_objects as go

from analyst.draw.plot import ACROSS, UPWARD, Fit, Plot, escaped, ordered_values, tick_label, ticks, value_axis
from analyst.draw.theme import color_of
from analyst.terms import Bilingual, Cell
from analyst.writing.terminal import width

FEWEST_BINS, MOST_BINS = 5, 30
UPRIGHT = 6


def bins_of(values: list[float]) -> tuple[float, float, list[int]]:
    """Start, width and counts of bins with round bounds; their number by the rule of Freedman and Diaconis (1981)."""
    low, high = min(values), max(values)
    if low == high:
        return low - 0.5, 1.0, [len(values)]
    first, _, third = quantiles(values, n=4)
    wish = 2 * (third - first) / len(values) ** (1 / 3)
    count = min(max(math.ceil((high - low) / wish), FEWEST_BINS), MOST_BINS) if wish > 0 else FEWEST_BINS * 2
    places = ticks(low, high, count)
    step = places[1] - places[0] if len(places) > 1 else (high - low) / count
    if all(value.is_integer() for value in values):
        step = max(1.0, round(step))
    start = math.floor(low / step) * step
    counts = [0] * (int((high - start) / step + 1e-9) + 1)
    for value in values:
        counts[min(int((value - start) / step + 1e-9), len(counts) - 1)] += 1
    return start, step, counts


def draw_histogram(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    name = plot.spec.x or ""
    values = [value for value in plot.numbers(name) if value is not None]
    start, step, counts = bins_of(values)
    edges = [round(start + step * index, 12) for index in range(len(counts) + 1)]
    rows = plot.say(Bilingual("rows", "行"))
    spans = [f"{plot.brief(name, low)} – {plot.brief(name, high)}" for low, high in itertools.pairwise(edges)]
    figure = go.Figure(
        go.Bar(
            x=[edge + step / 2 for edge in edges[:-1]],
            y=counts,
            width=step,
            hovertext=[f"<b>{escaped(span)}</b><br>{count:,} {rows}" for span, count in zip(spans, counts, strict=True)],
            hoverinfo="text",
            marker={"color": color_of(0, plot.look), "line": {"width": 1, "color": plot.look.background}},
            showlegend=False,
        )
    )
    across = value_axis(plot, [name], edges, zero=False, fit=Fit(4, 0.0)) | {"zeroline": False, "showgrid": False}
    up = value_axis(plot, [name], [float(count) for count in counts], zero=True)
    places = [place for place in ticks(0, max(counts)) if float(place).is_integer()]
    up |= {"tickvals": places, "ticktext": [f"{int(place):,}" for place in places], "title": {"text": plot.say(Bilingual("Rows", "行数"))}}
    figure.update_layout(xaxis=across, yaxis=up)
    return figure, 360, _missing(len(plot.values(name)) - len(values))


def draw_boxes(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    groups = _groups(plot)
    column = plot.spec.y[0]
    names = [plot.label(plot.spec.x, kind, plot.grain(plot.spec.x)) for kind, _ in groups] if plot.spec.x else [""]
    lying = len(groups) > UPRIGHT or max(map(width, names)) > 10
    figure = go.Figure()
    for place, (_, values) in enumerate(groups):
        figure.add_trace(_box(plot, place, values, names[place], lying))
    measured = value_axis(plot, [column], [value for _, values in groups for value in values], zero=False, fit=ACROSS if lying else UPWARD)
    named = {
        "tickvals": list(range(len(groups))),
        "ticktext": [tick_label(name) for name in names],
        "title": {"text": plot.heading(plot.spec.x) if plot.spec.x else ""},
        "showgrid": False,
        "zeroline": False,
        "range": [len(groups) - 0.4, -0.6] if lying else [-0.6, len(groups) - 0.4],
    }
    figure.update_layout(xaxis=measured if lying else named, yaxis=named if lying else measured)
    missing = len(plot.values(column)) - sum(len(values) for _, values in groups)
    return figure, max(320, 110 + 40 * len(groups)) if lying else 400, _missing(missing)


def _groups(plot: Plot) -> list[tuple[Cell, list[float]]]:
    """Values by group: periods in time, the order of the query where it gave one, else the highest median first."""
    values = plot.numbers(plot.spec.y[0])
    if not plot.spec.x:
        return [(None, [value for value in values if value is not None])]
    kinds, grain = plot.values(plot.spec.x), plot.grain(plot.spec.x)
    groups = [
        (kind, [value for value, own in zip(values, kinds, strict=True) if own == kind and value is not None])
        for kind in ordered_values(kinds, grain)
    ]
    groups = [group for group in groups if group[1]]
    return groups if grain or plot.spec.ordered else sorted(groups, key=lambda group: -median(group[1]))


def _box(plot: Plot, place: int, values: list[float], name: str, lying: bool) -> go.Box:
    column = plot.spec.y[0]
    color = color_of(0, plot.look)
    first, middle, third = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    words = plot.say(Bilingual("median", "中位数")), plot.say(Bilingual("middle half", "中间一半")), plot.say(Bilingual("range", "范围"))
    summary = [
        ("", name),
        (words[0], plot.amount(column, middle)),
        (words[1], f"{plot.amount(column, first)} – {plot.amount(column, third)}"),
        (words[2], f"{plot.amount(column, min(values))} – {plot.amount(column, max(values))}"),
    ]
    along = {"y0": place} if lying else {"x0": place}
    return go.Box(
        **{"x" if lying else "y": values},
        **along,
        name=tick_label(name),
        boxpoints="outliers" if len(values) > UPRIGHT else "all",
        marker={"color": color, "size": 5, "opacity": 0.6},
        line={"color": color, "width": 1.6},
        fillcolor=_faded(color),
        width=0.55,
        hovertemplate=plot.hover(summary if name else summary[1:]).replace("%{", "%&#123;") + "<extra></extra>",
        hoveron="points",
        showlegend=False,
    )


def _faded(color: str) -> str:
    red, green, blue = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.28)"


def _missing(count: int) -> list[Bilingual]:
    if not count:
        return []
    values = "value" if count == 1 else "values"
    return [Bilingual(f"{count} missing {values} left out.", f"有 {count} 个缺失值，未计入。")]
