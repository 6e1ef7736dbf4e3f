"""A ring of shares of a whole, the largest first, clockwise from the top."""

from __future__ import annotations

import plotly.graph_objects as go

from analyst.draw.plot import Plot, escaped, tick_label
from analyst.draw.theme import color_of
from analyst.terms import Bilingual

MOST_SLICES = 8
"""More cannot be compared; the smallest are put together."""


def slices_of(plot: Plot) -> list[tuple[str, float, int]]:
    """Name, size and number of rows of each slice; the smallest beyond the eighth as one."""
    name, measure = plot.spec.x, plot.spec.y[0]
    labels = [plot.label(name, value, plot.grain(name)) for value in plot.values(name)]
    sizes = [size or 0.0 for size in plot.numbers(measure)]
    ranked = sorted(zip(labels, sizes, strict=True), key=lambda pair: -pair[1])
    if len(ranked) <= MOST_SLICES + 1:
        return [(label, size, 1) for label, size in ranked]
    rest = ranked[MOST_SLICES:]
    others = plot.say(Bilingual(f"Others ({len(rest)})", f"其他（{len(rest)} 项）"))
    return [(label, size, 1) for label, size in ranked[:MOST_SLICES]] + [(others, sum(size for _, size in rest), len(rest))]


def draw_shares(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    slices = slices_of(plot)
    total = sum(size for _, size, _ in slices)
    column = plot.spec.y[0]
    figure = go.Figure(
        go.Pie(
            labels=list(range(len(slices))),
            values=[size for _, size, _ in slices],
            text=[f"{tick_label(label, 16)}<br>{size / total:.1%}" for label, size, _ in slices],
            textinfo="text",
            textposition="outside",
            textfont={"size": 12, "color": plot.look.text},
            hovertext=[
                plot.hover([("", label), (column, plot.amount(column, size)), ("", f"{size / total:.1%}")]) for label, size, _ in slices
            ],
            hoverinfo="text",
            sort=False,
            direction="clockwise",
            hole=0.52,
            automargin=True,
            marker={
                "colors": [color_of(index, plot.look) if count == 1 else plot.look.rest for index, (_, _, count) in enumerate(slices)],
                "line": {"color": plot.look.background, "width": 2},
            },
            showlegend=False,
        )
    )
    figure.add_annotation(_middle(plot, total))
    return figure, 360, []


def _middle(plot: Plot, total: float) -> dict[str, object]:
    """The whole, in the middle of the ring."""
    words = plot.say(Bilingual("total", "合计"))
    text = f"<b>{escaped(plot.brief(plot.spec.y[0], total))}</b><br>{words}"
    return {"text": text, "showarrow": False, "font": {"size": 15, "color": plot.look.text}, "x": 0.5, "y": 0.5}
