"""ResultSet -> Facts: level, extremes, change, shares, trend, season, outliers, correlation, computed and never guessed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from analyst.facts.measures import Measure, extremes, is_numeric, labels_of, measure_of, measured, numbers_of
from analyst.facts.series import Span, series
from analyst.facts.statistics import ENOUGH_FOR_CORRELATION, correlation, outliers
from analyst.sql.lineage import Lineage, Origin, lineage
from analyst.terms import NO_VALUE, ChartSpec, Fact, Facts, Query, ResultSet, Schema
from analyst.writing.periods import CYCLES, Grain, grain_of
from connectors.base import Cell, as_cell

TOP = 3
MOST = 0.8  # the share by which concentration is told, after Pareto
SPREAD_ENOUGH = 5  # groups from which a middle says something
LOOKED_AT = 300  # dates of a long series, to tell its grain
LISTED = 3  # measures looked at; more would bury the first


def find_facts(result: ResultSet, chart: ChartSpec, schema: Schema | None = None, query: Query | None = None) -> Facts:
    """What statistics say of a result, most telling first; empty results have one fact, of the kind empty.

    The query, where given, tells what adds up and where the data end; percentages are in percent, not fractions.
    """
    rows = result.table.num_rows
    if rows == 0 or result.table.num_columns == 0:
        return Facts((Fact("empty", {"rows": 0.0}),))
    made = lineage(query, schema, result.table.num_columns) if schema and query else Lineage()
    measures = [measure_of(result, name, chart, made) for name in measured(result, chart, made)]
    measures = [measure for measure in measures if len(measure.values)]
    if not measures:
        return Facts((*_only_name(result), _count(result, chart)))
    if rows == 1:
        return Facts(tuple(measure.fact("level", {"value": measure.values[0]}, **_only_label(result, measure)) for measure in measures[:5]))
    findings = list(_shaped(result, chart, measures, made.origins))
    missing = [measure.fact("missing", {"missing": measure.missing, "rows": rows}) for measure in measures[:1] if measure.missing]
    return Facts((*findings, _count(result, chart), *missing))


def _shaped(result: ResultSet, chart: ChartSpec, measures: list[Measure], origins: Sequence[Origin]) -> Iterator[Fact]:
    """The facts that fit the shape of the chart."""
    first = measures[0]
    if chart.mark == "scatter" and chart.x in result.columns:
        yield from _relation(result, chart, first)
    elif chart.mark in ("histogram", "box"):
        yield from _distribution(first)
    elif chart.color and chart.color in result.columns and chart.color != chart.x:
        yield from _grouped(result, chart, first, _data_span(result, chart, origins))
    else:
        grain = _grain(result, chart.x, first.labels)
        span = _data_span(result, chart, origins)
        for number, measure in enumerate(measures[:LISTED]):
            if grain and grain not in CYCLES and len(set(measure.labels)) == len(measure.labels):
                yield from series(measure, grain, span, brief=number > 0)
            else:
                yield from _categories(measure, grain, brief=number > 0)


def _only_label(result: ResultSet, measure: Measure) -> dict[str, str]:
    """The text beside a single row's number, such as the name of the best product."""
    for place, column in enumerate(result.table.columns):
        if not is_numeric(column.type) and column[0].is_valid:
            return {"category": str(as_cell(column[0].as_py())), "dimension": result.columns[place]}
    return {}


def _only_name(result: ResultSet) -> list[Fact]:
    """What a single row without numbers says, such as the product that sells best."""
    if result.table.num_rows > 1:
        return []
    named = [(name, as_cell(column[0].as_py())) for name, column in zip(result.columns, result.table.columns, strict=True)]
    return [Fact("name", {}, {"dimension": name, "category": str(cell)}) for name, cell in named[:1] if cell is not None]


def _count(result: ResultSet, chart: ChartSpec) -> Fact:
    labels = {"truncated": "yes"} if result.truncated else {}
    return Fact("count", {"rows": float(result.table.num_rows)}, {**labels, **({"dimension": chart.x} if chart.x else {})})


def _grain(result: ResultSet, x: str | None, labels: list[Cell]) -> Grain | None:
    """The grain of the x axis; of a long column that the database calls dates, every so many are looked at."""
    if not x:
        return None
    dated = x in result.columns and pa.types.is_temporal(result.table.column(result.columns.index(x)).type)
    return grain_of(x, labels[:: max(1, len(labels) // LOOKED_AT)] if dated else labels)


def _data_span(result: ResultSet, chart: ChartSpec, origins: Sequence[Origin]) -> Span:
    """The first and last day in the data of the column that the x axis was made from."""
    place = result.columns.index(chart.x) if chart.x in result.columns else -1
    column = origins[place].column if 0 <= place < len(origins) else None
    return (_day(column.minimum), _day(column.maximum)) if column and column.role == "time" else (None, None)


def _day(cell: Cell) -> date | None:
    try:
        return date.fromisoformat(str(cell)[:10])
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------ over categories
def _categories(measure: Measure, grain: Grain | None, brief: bool) -> Iterator[Fact]:
    named = any(label is not None for label in measure.labels)
    labels = [NO_VALUE if label is None else str(label) for label in measure.labels]
    yield from extremes(measure, measure.values, labels if named else [], "category", grain or "")
    if brief:
        return
    if named and measure.additive:
        yield from _shares(measure, labels, grain or "")
    if len(measure.values) >= SPREAD_ENOUGH:
        yield from _spread(measure)
    for place in outliers(measure.values)[:1] if named and len(set(labels)) == len(labels) else ():
        yield measure.fact("outlier", {"value": measure.values[place], "typical": float(np.median(measure.values))}, category=labels[place])


def _shares(measure: Measure, labels: list[str], grain: str) -> Iterator[Fact]:
    """Shares of the whole, where parts add up and none is negative."""
    total = float(measure.values.sum())
    if total <= 0 or float(measure.values.min()) < 0 or not math.isfinite(total):
        return
    order = np.argsort(-measure.values, kind="stable")
    ranked = measure.values[order]
    cumulated = np.cumsum(ranked) / total
    if len(order) > 1 and ranked[0] > ranked[1]:
        numbers = {"total": total, "percent": cumulated[0] * 100, "groups": len(order)}
        yield measure.fact("share", numbers, category=labels[order[0]], grain=grain)
    if len(order) > TOP + 1 and ranked[TOP - 1] > ranked[TOP] and not measure.cut:
        top = "\n".join(labels[place] for place in order[:TOP])
        yield measure.fact("top_share", {"percent": cumulated[TOP - 1] * 100, "top": TOP, "groups": len(order)}, categories=top)
        needed = int(np.searchsorted(cumulated, MOST - 1e-9) + 1)
        if len(order) >= 10 and needed <= len(order) / 2:
            yield measure.fact("concentration", {"needed": needed, "groups": len(order), "percent": cumulated[needed - 1] * 100})


def _spread(measure: Measure) -> Iterator[Fact]:
    values = measure.values
    if float(np.ptp(values)):
        numbers = {"median": float(np.median(values)), "mean": float(values.mean()), "groups": len(values)}
        yield measure.fact("spread", {**numbers, "lowest": values.min(), "highest": values.max()})


# ------------------------------------------------------------------------------------------------ other shapes
def _grouped(result: ResultSet, chart: ChartSpec, measure: Measure, span: Span) -> Iterator[Fact]:
    """Several series or stacked bars: the leading group, its share, and where the whole goes over time."""
    values = numbers_of(result, measure.place)
    known = np.isfinite(values)
    groups = [
        NO_VALUE if label is None else str(label) for label, kept in zip(labels_of(result, chart.color or ""), known, strict=True) if kept
    ]
    names, index = np.unique(np.array(groups, dtype=object).astype(str), return_inverse=True)
    place = int(np.argmax(measure.values))
    grain = grain_of(chart.x, measure.labels) if chart.x else None
    peak = {"period" if grain else "category": str(measure.labels[place]), "group": groups[place], "grain": grain or ""}
    if measure.additive:
        totals = Measure(
            measure.name, np.bincount(index, measure.values).astype(np.float64), list(names), chart.color or "", measure.unit, True, 0
        )
        yield from extremes(totals, totals.values, [str(name) for name in names], "category", "")
        yield from _shares(totals, [str(name) for name in names], "")
        yield from _whole_over_time(measure, grain, span)
    yield measure.fact("peak", {"value": measure.values[place]}, **peak)


def _whole_over_time(measure: Measure, grain: Grain | None, span: Span) -> Iterator[Fact]:
    if not grain or grain in CYCLES:
        return
    sums: dict[Cell, float] = {}
    for label, value in zip(measure.labels, measure.values, strict=True):
        sums[label] = sums.get(label, 0.0) + float(value)
    whole = Measure(measure.name, np.array(list(sums.values())), list(sums), measure.dimension, measure.unit, True, 0)
    for fact in series(whole, grain, span, brief=True):
        yield replace(fact, labels={**fact.labels, "whole": "yes"})


def _relation(result: ResultSet, chart: ChartSpec, measure: Measure) -> Iterator[Fact]:
    """How two measures go together; that one causes the other is never said."""
    place = result.columns.index(chart.x or "")
    if not is_numeric(result.table.column(place).type):
        yield from _categories(measure, None, brief=False)
        return
    x, y = numbers_of(result, place), numbers_of(result, result.columns.index(measure.name))
    both = np.isfinite(x) & np.isfinite(y)
    found = correlation(x[both], y[both])
    points = int(both.sum())
    if found is None:
        few = points < ENOUGH_FOR_CORRELATION
        yield measure.fact("correlation", {"points": points}, other=chart.x or "", direction="unknown" if few else "constant")
    else:
        r, p = found
        size = abs(r)
        strength = "strong" if size >= 0.7 else "clear" if size >= 0.4 else "slight"
        direction = "none" if p >= 0.05 else "up" if r > 0 else "down"
        yield measure.fact("correlation", {"r": r, "p": p, "points": points}, other=chart.x or "", direction=direction, strength=strength)
    yield from extremes(measure, measure.values, [], "category", "")


def _distribution(measure: Measure) -> Iterator[Fact]:
    values = measure.values
    low, middle, high = (float(quartile) for quartile in np.percentile(values, (25, 50, 75)))
    numbers = {"median": middle, "mean": float(values.mean()), "lower": low, "upper": high, "groups": len(values)}
    yield measure.fact("distribution", {**numbers, "lowest": float(values.min()), "highest": float(values.max())})
    far = outliers(values)
    if len(far):
        yield measure.fact("outliers", {"found": len(far), "value": values[far[0]], "typical": middle})
