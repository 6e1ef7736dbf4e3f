"""What a series over time shows: change, trend, season, outliers, gaps, and a last period that is not over yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from analyst.facts.measures import Measure, extremes
from analyst.facts.statistics import Numbers, Trend, outliers, season_p, trend
from analyst.terms import Fact
from analyst.writing.periodends import begins_late, is_unfinished
from analyst.writing.periods import Grain, period_order, period_start
from connectors.base import Cell

Span = tuple[date | None, date | None]
"""The first and the last day of the data, where they are known."""

ROUNDS: Mapping[Grain, int] = {"month": 12, "quarter": 4}
"""Periods in a year, for the grains in which a season can show."""
UNIX_EPOCH = date(1970, 1, 1).toordinal()
SEASONAL = 0.01  # stricter than for trends, since twelve months are looked at together


def series(measure: Measure, grain: Grain, span: Span, brief: bool) -> Iterator[Fact]:
    """Change, trend, extremes, season, outliers and gaps of a series; periods that the data cover in part are set aside and said so."""
    present = [place for place, label in enumerate(measure.labels) if label is not None]
    positions, order = _in_order([measure.labels[place] for place in present], grain)
    labels = [str(measure.labels[present[place]]) for place in order]
    values, positions = measure.values[np.array(present, dtype=np.int64)][order], positions[order]
    partial = _partial_ends(positions, grain, span)
    kept = slice(int("since" in partial), len(values) - int("until" in partial))
    if partial:
        names = {end: labels[place] for end, place in (("since", 0), ("until", -1)) if end in partial}
        yield measure.fact("partial", {}, grain=grain, **partial, **{f"{end}_period": label for end, label in names.items()})
    labels, values, positions = labels[kept], values[kept], positions[kept]
    if len(values) < 2:
        return
    yield _change("change", measure, (values[0], values[-1]), (labels[0], labels[-1]), grain)
    if len(values) > 2 and not brief:
        yield _change("last_change", measure, (values[-2], values[-1]), (labels[-2], labels[-1]), grain)
    line = trend(positions, values, ROUNDS.get(grain, 0))
    yield _trend(measure, line, len(values), grain)
    if len(values) > 2:
        yield from extremes(measure, values, labels, "period", grain)
    if not brief:
        season = _season(measure, positions, values, grain)
        yield from [season[0]] if season else []
        expected = positions * (line.slope if line else 0.0) + (season[1] if season else 0.0)
        yield from _outlying_periods(measure, values, values - expected, labels, grain)
        yield from _gaps(measure, positions, grain)


def _partial_ends(positions: Numbers, grain: Grain, span: Span) -> dict[str, str]:
    """The day on which the data begin or end, where that is in the middle of the first or last period."""
    first, last = span
    found: dict[str, str] = {}
    if len(positions) < 2:
        return found
    if first and begins_late(first, grain) and positions[0] == _position(first.isoformat(), grain):
        found["since"] = first.isoformat()
    if last and is_unfinished(last, grain) and positions[-1] == _position(last.isoformat(), grain):
        found["until"] = last.isoformat()
    return found


def _change(kind: str, measure: Measure, ends: tuple[float, float], labels: tuple[str, str], grain: str) -> Fact:
    """Difference, and percent of the base where the base is positive: of zero or less there is no sensible percentage."""
    before, after = float(ends[0]), float(ends[1])
    numbers = {"first": before, "last": after, "difference": after - before}
    if before > 0 and after >= 0 and measure.unit != "%":
        numbers["percent"] = (after / before - 1) * 100
    return measure.fact(kind, numbers, start=labels[0], end=labels[1], grain=grain)


def _trend(measure: Measure, found: Trend | None, periods: int, grain: Grain) -> Fact:
    if found is None:
        return measure.fact("trend", {"periods": periods}, direction="unknown", grain=grain)
    direction = "none" if not found.significant or not found.slope else "up" if found.slope > 0 else "down"
    size = abs(found.tau)
    strength = "strong" if size >= 0.7 else "clear" if size >= 0.4 else "slight"
    numbers = {"slope": found.slope, "tau": found.tau, "p": found.p, "periods": periods}
    return measure.fact("trend", numbers, direction=direction, strength=strength if direction != "none" else "", grain=grain)


def _season(measure: Measure, positions: Numbers, values: Numbers, grain: Grain) -> tuple[Fact, Numbers] | None:
    """The yearly pattern, if it is no accident, and what it adds to each period."""
    round_length = ROUNDS.get(grain)
    found = season_p(positions, values, round_length) if round_length else None
    if found is None or found[0] > SEASONAL or not round_length:
        return None
    p, phases, effects = found
    high, low = int(np.argmax(effects)), int(np.argmin(effects))
    name = "month_of_year" if grain == "month" else "quarter_of_year"
    numbers = {"p": p, "above": effects[high], "below": -effects[low], "years": len(values) // round_length}
    fact = measure.fact("season", numbers, high=str(int(phases[high]) + 1), low=str(int(phases[low]) + 1), grain=name)
    return fact, effects[np.searchsorted(phases, positions.astype(np.int64) % round_length)]


def _outlying_periods(measure: Measure, values: Numbers, residuals: Numbers, labels: list[str], grain: str) -> Iterator[Fact]:
    """Periods far from what trend and season let expect."""
    for place in outliers(residuals)[:2]:
        yield measure.fact("outlier", {"value": values[place], "typical": float(np.median(values))}, period=labels[place], grain=grain)


def _gaps(measure: Measure, positions: Numbers, grain: Grain) -> Iterator[Fact]:
    """Periods between the first and the last that have no row; days are left out, since many businesses rest on some."""
    if grain in ("day", "minute"):
        return
    expected = int(positions[-1] - positions[0]) + 1
    if expected > len(positions):
        yield measure.fact("gaps", {"missing": expected - len(positions), "expected": expected}, grain=grain)


def _in_order(labels: list[Cell], grain: Grain) -> tuple[Numbers, NDArray[np.int64]]:
    """Each period's place on the calendar, and the order of time."""
    texts = [str(label) for label in labels]
    if not texts or not all(len(text) >= 10 and text[4] == text[7] == "-" for text in texts):
        order = sorted(range(len(labels)), key=lambda place: period_order(labels[place], grain))
        return np.array([_position(label, grain) for label in labels], dtype=np.float64), np.array(order, dtype=np.int64)
    days = np.array([text[:10] for text in texts], dtype="datetime64[D]")
    months, ordinals = days.astype("datetime64[M]").astype(np.int64) + 1970 * 12, days.astype(np.int64) + UNIX_EPOCH
    by_grain = {"year": months // 12, "quarter": months // 3, "month": months, "week": (ordinals - 1) // 7}
    return by_grain.get(grain, ordinals).astype(np.float64), np.argsort(np.array(texts), kind="stable").astype(np.int64)


def _position(label: Cell, grain: Grain) -> float:
    """The period's place on the calendar, one step a period."""
    start = date.fromisoformat((period_start(label, grain) or "0001-01-01")[:10])
    match grain:
        case "year":
            return start.year
        case "quarter":
            return start.year * 4 + (start.month - 1) // 3
        case "month":
            return start.year * 12 + start.month - 1
        case "week":
            return (start.toordinal() - 1) // 7  # ordinal 1 was a Monday
        case _:
            return start.toordinal()
