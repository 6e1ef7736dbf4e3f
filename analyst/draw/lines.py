"""Lines and areas over time or over ordered names; a missing value is a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analyst.draw.bars import beyond_the_colors, sorted_colors
from analyst.draw.calendar import missing_periods, time_ticks
from analyst.draw.plot import Plot, is_calendar, ordered_values, tick_label, value_axis
from analyst.draw.theme import DASHES, color_of, round_of
from analyst.terms import Bilingual, Cell
from analyst.writing.periods import period_start

MANY_POINTS = 40
"""Fewer points on a line than this get a marker each."""
MOST_NAMES = 10
"""Names along an axis that a phone can hold."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where its points are along the axis, and how high."""

    name: str
    column: str
    places: tuple[str | int, ...]
    """ISO dates on a calendar, else the number of the place."""
    heights: tuple[float | None, ...]
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """The values along the axis, in order, and the lines above them."""

    values: tuple[Cell, ...]
    places: tuple[str | int, ...]
    absent: tuple[str, ...]
    """Periods between the first and the last that no row has."""
    lines: tuple[Line, ...]


def course_of(plot: Plot) -> Course:
    """The lines of a chart, the periods without rows put in as gaps."""
    x, grain = plot.values(plot.spec.x), plot.grain(plot.spec.x)
    values = [value for value in ordered_values(x, grain) if value is not None or not grain]
    if not is_calendar(grain) or grain is None:
        places: list[str | int] = list(range(len(values)))
        return Course(tuple(values), tuple(places), (), _lines(plot, dict(zip(values, places, strict=True)), ()))
    starts = [period_start(value, grain) or "" for value in values]
    absent = missing_periods(starts, grain) if starts else []
    # Rows for a few years far apart are no series with holes.
    gaps = tuple(absent) if len(absent) <= len(starts) else ()
    return Course(tuple(values), tuple(starts), gaps, _lines(plot, dict(zip(values, starts, strict=True)), gaps))


def _lines(plot: Plot, place_of: Mapping[Cell, str | int], gaps: Sequence[str]) -> tuple[Line, ...]:
    rows = [row for row, value in enumerate(plot.values(plot.spec.x)) if value in place_of]
    if not plot.spec.color:
        return tuple(_line(plot, (plot.heading(name), name), rows, place_of, gaps) for name in plot.spec.y)
    colors, grain = plot.values(plot.spec.color), plot.grain(plot.spec.color)
    own: dict[Cell, list[int]] = {}
    for row in rows:
        own.setdefault(colors[row], []).append(row)
    return tuple(
        _line(
            plot, (plot.label(plot.spec.color, kind, grain), plot.spec.y[0]), own[kind], place_of, _without(plot, own[kind], place_of, gaps)
        )
        for kind in sorted_colors(plot)
        if kind in own
    )


def _without(plot: Plot, rows: Sequence[int], place_of: Mapping[Cell, str | int], gaps: Sequence[str]) -> list[str | int]:
    """Places where other lines have a row and this one has none, besides those that no line has."""
    x = plot.values(plot.spec.x)
    own = {place_of[x[row]] for row in rows}
    return [*gaps, *(place for place in place_of.values() if place not in own)]


def _line(plot: Plot, named: tuple[str, str], rows: Sequence[int], place_of: Mapping[Cell, str | int], gaps: Sequence[str | int]) -> Line:
    """The points of the rows in the order of the axis; where there is none, a gap."""
    name, column = named
    x, heights = plot.values(plot.spec.x), plot.numbers(column)
    points: list[tuple[str | int, int | None]] = [(place_of[x[row]], row) for row in rows]
    points += [(place, None) for place in gaps]
    points.sort(key=lambda point: (str(point[0]).zfill(12), point[1] if point[1] is not None else -1))
    return Line(
        name,
        column,
        tuple(place for place, _ in points),
        tuple(heights[row] if row is not None else None for _, row in points),
        tuple(_hover(plot, column, row) if row is not None else "" for _, row in points),
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
        figure.add_trace(_trace(plot, line, index, len(course.lines) > 1))
    area = plot.spec.mark == "area"
    names = list(dict.fromkeys(line.column for line in course.lines))
    figure.update_layout(xaxis=_time_axis(plot, course), yaxis=value_axis(plot, names, _extents(course, area), zero=area))
    figure.update_layout(hovermode="closest")
    return figure, 380, _notes(course, plot)


def _trace(plot: Plot, line: Line, index: int, legend: bool) -> go.Scatter:
    many = sum(height is not None for height in line.heights) > MANY_POINTS
    color = color_of(index, plot.look)
    beyond = color == plot.look.rest
    return go.Scatter(
        x=list(line.places),
        y=list(line.heights),
        name=tick_label(line.name) if plot.spec.color else line.name,
        mode="lines" if many else "lines+markers",
        connectgaps=False,
        line={"color": color, "width": 1 if beyond else 2.2, "dash": DASHES[round_of(index, plot.look)]},
        marker={"size": 6, "color": color},
        stackgroup="all" if plot.spec.mark == "area" else None,
        hovertext=list(line.hover),
        hoverinfo="text",
        showlegend=legend and not beyond,
    )


def _time_axis(plot: Plot, course: Course) -> dict[str, object]:
    grain = plot.grain(plot.spec.x)
    if grain and is_calendar(grain):
        places, labels = time_ticks([str(place) for place in course.places], grain, plot.language)
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
    sums: dict[str | int, float] = {}
    for line in course.lines:
        for place, height in zip(line.places, line.heights, strict=True):
            sums[place] = sums.get(place, 0.0) + (height or 0.0)
    return list(sums.values())


def _notes(course: Course, plot: Plot) -> list[Bilingual]:
    notes = []
    if course.absent:
        count = len(course.absent)
        periods = "period" if count == 1 else "periods"
        notes.append(Bilingual(f"{count} {periods} without rows: a gap.", f"有 {count} 个时段没有数据，图中留空。"))
    return [*notes, *beyond_the_colors(len(course.lines), plot.look)]
