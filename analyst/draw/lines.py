"""Lines and areas over time or over ordered names; a missing value is a gap."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from analyst.draw.bars import sorted_colors
from analyst.draw.calendar import missing_periods, time_ticks
from analyst.draw.plot import Plot, is_calendar, ordered_values, tick_label, value_axis
from analyst.draw.theme import DASHES, color_of, round_of
from analyst.periods import period_start
from analyst.terms import Bilingual, Cell

MANY_POINTS = 40
"""Fewer points on a line than this get a marker each."""
MOST_NAMES = 10
"""Names along an axis that a phone can hold."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a height at each place along the axis."""

    name: str
    column: str
    heights: tuple[float | None, ...]
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The places along the axis, and the lines above them."""

    values: tuple[Cell, ...]
    places: tuple[str, ...]
    """ISO dates on a calendar, else the number of the place."""
    absent: int
    """Periods between the first and the last that no row has."""
    lines: tuple[Line, ...]


def course_of(plot: Plot) -> Course:
    """The lines of a chart, the periods without rows put in as gaps."""
    x, grain = plot.values(plot.spec.x), plot.grain(plot.spec.x)
    values = [value for value in ordered_values(x, grain) if value is not None or not grain]
    places = [period_start(value, grain) or "" if is_calendar(grain) and grain else str(index) for index, value in enumerate(values)]
    absent = missing_periods(places, grain) if is_calendar(grain) and grain and places else []
    if len(absent) > len(places):
        # Rows for a few years far apart are no series with holes.
        absent = []
    merged = sorted(
        [(place, value) for place, value in zip(places, values, strict=True)] + [(place, None) for place in absent], key=_by_place
    )
    lines = _lines(plot, [value for _, value in merged])
    return Course(tuple(value for _, value in merged), tuple(place for place, _ in merged), len(absent), lines)


def _by_place(pair: tuple[str, Cell]) -> tuple[int, str]:
    place = pair[0]
    return (int(place), "") if place.isdigit() else (0, place)


def _lines(plot: Plot, values: list[Cell]) -> tuple[Line, ...]:
    x = plot.values(plot.spec.x)
    if not plot.spec.color:
        return tuple(_line(plot, plot.heading(name), name, values, dict(zip(x, range(len(x)), strict=True))) for name in plot.spec.y)
    colors, grain = plot.values(plot.spec.color), plot.grain(plot.spec.color)
    lines = []
    for kind in sorted_colors(plot):
        rows = {value: row for row, (value, own) in enumerate(zip(x, colors, strict=True)) if own == kind}
        lines.append(_line(plot, plot.label(plot.spec.color, kind, grain), plot.spec.y[0], values, rows))
    return tuple(lines)


def _line(plot: Plot, name: str, column: str, values: list[Cell], rows: dict[Cell, int]) -> Line:
    heights = plot.numbers(column)
    found = [rows.get(value) if value is not None else None for value in values]
    return Line(
        name,
        column,
        tuple(heights[row] if row is not None else None for row in found),
        tuple(_hover(plot, column, row) if row is not None else "" for row in found),
    )


def _hover(plot: Plot, column: str, row: int) -> str:
    spec = plot.spec
    pairs = [("", plot.label(spec.x, plot.values(spec.x)[row], plot.grain(spec.x)))]
    if spec.color:
        pairs.append((spec.color, plot.label(spec.color, plot.values(spec.color)[row], plot.grain(spec.color))))
    return plot.hover([*pairs, (column, plot.amount(column, plot.values(column)[row]))])


# ------------------------------------------------------------------------------------------------ drawing
def draw_lines(plot: Plot) -> tuple[go.Figure, int, list[Bilingual]]:
    """The figure, its height, and what the reader should be told of it."""
    course = course_of(plot)
    figure = go.Figure()
    for index, line in enumerate(course.lines):
        figure.add_trace(_trace(plot, course, line, index))
    area = plot.spec.mark == "area"
    names = list(dict.fromkeys(line.column for line in course.lines))
    figure.update_layout(xaxis=_time_axis(plot, course), yaxis=value_axis(plot, names, _extents(course, area), zero=area))
    figure.update_layout(hovermode="closest")
    return figure, 380, _notes(course, plot)


def _trace(plot: Plot, course: Course, line: Line, index: int) -> go.Scatter:
    many = sum(height is not None for height in line.heights) > MANY_POINTS
    color = color_of(index, plot.look)
    beyond = color == plot.look.rest
    return go.Scatter(
        x=list(course.places) if is_calendar(plot.grain(plot.spec.x)) else [int(place) for place in course.places],
        y=list(line.heights),
        name=tick_label(line.name) if plot.spec.color else line.name,
        mode="lines" if many else "lines+markers",
        connectgaps=False,
        line={"color": color, "width": 1 if beyond else 2.2, "dash": DASHES[round_of(index, plot.look)]},
        marker={"size": 6, "color": color},
        stackgroup="all" if plot.spec.mark == "area" else None,
        hovertext=list(line.hover),
        hoverinfo="text",
        showlegend=len(course.lines) > 1 and not beyond,
    )


def _time_axis(plot: Plot, course: Course) -> dict[str, object]:
    grain = plot.grain(plot.spec.x)
    if grain and is_calendar(grain):
        places, labels = time_ticks(course.places, grain, plot.language)
        return {"type": "date", "tickvals": places, "ticktext": labels, "showgrid": False, "zeroline": False, "title": {"text": ""}}
    step = -(-len(course.values) // MOST_NAMES)
    shown = range(0, len(course.values), step)
    return {
        "tickvals": list(shown),
        "ticktext": [tick_label(plot.label(plot.spec.x, course.values[place], grain), 14) for place in shown],
        "title": {"text": plot.heading(plot.spec.x or "")},
        "showgrid": False,
        "zeroline": False,
    }


def _extents(course: Course, stacked: bool) -> list[float]:
    if not stacked:
        return [height for line in course.lines for height in line.heights if height is not None]
    return [sum(height or 0.0 for height in column) for column in zip(*(line.heights for line in course.lines), strict=True)]


def _notes(course: Course, plot: Plot) -> list[Bilingual]:
    notes = []
    if course.absent:
        periods = "period" if course.absent == 1 else "periods"
        notes.append(Bilingual(f"{course.absent} {periods} without rows: a gap.", f"有 {course.absent} 个时段没有数据，图中留空。"))
    beyond = max(len(course.lines) - 2 * len(plot.look.colors), 0)
    if beyond:
        notes.append(Bilingual(f"The {beyond} smallest are drawn in grey.", f"数值最小的 {beyond} 项以灰色表示。"))
    return notes
