"""One to four numbers, written large."""

from __future__ import annotations

import plotly.graph_objects as go

from analyst.draw.plot import Plot, cut, escaped
from analyst.graphics.shapes import is_number
from analyst.terms import Bilingual

LONGEST = 11
"""Characters that fit in full; a longer number is written short, with all digits below."""

HIDDEN = {"visible": False, "range": [0, 1], "fixedrange": True}


def draw_number(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    figure = go.Figure()
    names = plot.spec.y
    across = min(len(names), 2)
    down = -(-len(names) // across)
    for index, name in enumerate(names):
        x = (index % across + 0.5) / across
        y = 1 - (index // across + 0.5) / down
        figure.add_annotation(
            text=_text(plot, name, len(names)), x=x, y=y, xref="x", yref="y", showarrow=False, align="center", yanchor="middle"
        )
    figure.update_layout(xaxis=HIDDEN, yaxis=HIDDEN)
    return figure, 70 + 110 * down, []


def _text(plot: Plot, name: str, count: int) -> str:
    value = plot.values(name)[0]
    full = plot.amount(name, value)
    short = plot.brief(name, value) if is_number(value) and len(full) > LONGEST else cut(full, 28)  # type: ignore[arg-type]
    size = 44 if count == 1 and len(short) <= LONGEST else 30 if len(short) <= LONGEST else 22
    lines = [f'<span style="font-size:{size}px"><b>{escaped(short)}</b></span>']
    if short != full and is_number(value):
        lines.append(f'<span style="font-size:13px">{escaped(full)}</span>')
    if count > 1:
        lines.append(f'<span style="font-size:12px;color:{plot.look.quiet}">{plot.heading(name)}</span>')
    return "<br>".join(lines)
