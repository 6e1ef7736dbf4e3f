"""From ChartSpec and rows to a figure, to a description for those who cannot see it, and to text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from analyst.draw.bars import draw_bars
from analyst.draw.grid import draw_grid
from analyst.draw.lines import draw_lines
from analyst.draw.number import draw_number
from analyst.draw.plot import Plot, wrapped
from analyst.draw.points import draw_points
from analyst.draw.shares import draw_shares
from analyst.draw.spreads import draw_boxes, draw_histogram
from analyst.draw.theme import CONFIG, Frame, dressed, theme
from analyst.draw.words import describe, terminal_chart
from analyst.errors import AnalystError
from analyst.graphics.encoding import comparable
from analyst.graphics.shapes import view
from analyst.terms import Bilingual, ChartSpec, Language, Mark, ResultSet

__all__ = ["CONFIG", "describe", "draw", "terminal_chart"]

PANEL_GAP = 64
"""Pixels between panels: the ticks of the upper and the heading of the lower."""
PANEL_HEADING = 24

Drawn = tuple[go.Figure, int, list[Bilingual]]

DRAWERS: Mapping[Mark, Callable[[Plot], Drawn]] = {
    "number": draw_number,
    "bar": draw_bars,
    "grouped_bar": draw_bars,
    "stacked_bar": draw_bars,
    "line": draw_lines,
    "area": draw_lines,
    "scatter": draw_points,
    "pie": draw_shares,
    "histogram": draw_histogram,
    "box": draw_boxes,
    "heatmap": draw_grid,
}


def draw(spec: ChartSpec, result: ResultSet, language: Language, dark: bool = False) -> go.Figure | None:
    """The figure; None for a table and for a result without rows, which have none. The same rows give the same figure.

    Raises AnalystError if the rows lack a column of the chart, as those of changed data may.
    """
    if spec.mark not in DRAWERS or not result.table.num_rows:
        return None
    lacking = next((name for name in (spec.x, *spec.y, spec.color) if name and name not in result.columns), None)
    if lacking:
        raise AnalystError(
            Bilingual(f"The chart needs the column {lacking}, which the rows do not have.", f"图表需要“{lacking}”列，但结果中没有这一列。"),
            Bilingual("Choose other axes, or ask again.", "请选择其他坐标轴，或重新提问。"),
        )
    plot = Plot(spec, result, language, theme(dark))
    panels = _needs_panels(plot)
    figure, height, notes = _panels(plot) if panels else DRAWERS[spec.mark](plot)
    notes = [*_of_rows(plot), *notes]
    legend = sum(bool(trace.showlegend) for trace in figure.data) > 1
    told = wrapped(" ".join(note.in_language(language) for note in notes), 58) if notes else ""
    entries = sum(bool(trace.showlegend) for trace in figure.data) if legend else 0
    frame = Frame(wrapped(spec.title), told, height, entries, above=PANEL_HEADING if panels else 0)
    return dressed(figure, plot.look, frame)


def _of_rows(plot: Plot) -> list[Bilingual]:
    """What the reader should be told of the rows, whatever the mark."""
    notes = []
    if plot.result.truncated:
        rows = plot.result.table.num_rows
        notes.append(Bilingual(f"Only the first {rows:,} rows are drawn.", f"仅画出前 {rows:,} 行。"))
    missing = sum(number is None for name in plot.spec.y for number in plot.numbers(name))
    if missing and plot.spec.mark in {"bar", "grouped_bar", "stacked_bar", "line", "area", "pie"}:
        values = "value is" if missing == 1 else "values are"
        notes.append(Bilingual(f"{missing} {values} missing.", f"有 {missing} 个缺失值。"))
    return notes


# ------------------------------------------------------------------------------------------------ measures that cannot share an axis
def _needs_panels(plot: Plot) -> bool:
    """True for several measures whose units or sizes differ too much for one axis."""
    if len(plot.spec.y) < 2 or plot.spec.color or plot.spec.mark not in {"bar", "grouped_bar", "line", "area"}:
        return False
    seen = view(plot.result, spec=plot.spec)
    measures = tuple(shape for name in plot.spec.y if (shape := seen.shape(name)))
    return len({plot.unit(name) for name in plot.spec.y}) > 1 or not comparable(measures)


def _panels(plot: Plot) -> Drawn:
    """One panel a measure, one below the other, each with its own axis."""
    single: list[Drawn] = [
        DRAWERS[plot.spec.mark](replace(plot, spec=replace(plot.spec, y=(name,)), leading=plot.spec.y[0])) for name in plot.spec.y
    ]
    height = int(max(panel_height for _, panel_height, _ in single) * 0.8 * len(single))
    figure = make_subplots(rows=len(single), cols=1, vertical_spacing=PANEL_GAP / height)
    for row, (panel, _, _) in enumerate(single, 1):
        for trace in panel.data:
            figure.add_trace(trace, row=row, col=1)
        across, up = panel.layout.xaxis.to_plotly_json(), panel.layout.yaxis.to_plotly_json()
        heading = {"text": f"<b>{plot.heading(plot.spec.y[row - 1])}</b>"}
        figure.update_xaxes({**across, "title": {"text": ""}}, row=row, col=1)
        figure.update_yaxes({**up, "title": {"text": ""}}, row=row, col=1)
        place = f"x{row if row > 1 else ''} domain", f"y{row if row > 1 else ''} domain"
        figure.add_annotation(
            **heading, x=0, y=1.0, xref=place[0], yref=place[1], xanchor="left", yanchor="bottom", showarrow=False, yshift=4,
            font={"size": 13, "color": plot.look.quiet},
        )  # fmt: skip
    figure.update_traces(showlegend=False)
    return figure, height, [note for _, _, notes in single[:1] for note in notes]
