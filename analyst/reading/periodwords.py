"""The stretch of time that conditions leave, in words."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlglot import expressions as exp

from analyst.columns.roles import kind_of
from analyst.reading.phrase_book import B, filled, same
from analyst.reading.phrases import condition, is_date, phrase
from analyst.sql.sources import column_of
from analyst.terms import Bilingual, Schema

LOW = (exp.GTE, exp.GT)
HIGH = (exp.LTE, exp.LT)
FROM_TO = B("{} is from {} to {}", "{}从{}到{}")
WITHIN = B("{} is in {} ({} to {})", "{}在{}（{}至{}）")
FROM_ON = B("{} is {} or later", "{}从{}起")
AFTER = B("{} is after {}", "{}在{}之后")
UP_TO = B("{} is {} or earlier", "{}截至{}")
BEFORE = B("{} is before {}", "{}在{}之前")
IN = B("{} is in {}", "{}在{}")


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a stretch of time."""

    words: Bilingual
    text: str
    """The literal as it stands; empty for an expression such as today."""
    included: bool


def periods(conditions: Sequence[exp.Expr], schema: Schema) -> tuple[list[Bilingual], list[exp.Expr]]:
    """The stretches of time that the conditions leave, one for each date column, and the conditions that speak of something else."""
    subjects: dict[str, tuple[exp.Expr, Bound | None, Bound | None]] = {}
    said: list[Bilingual] = []
    others: list[exp.Expr] = []
    for one in conditions:
        fixed = _fixed(one, schema)
        ends = _ends(one, schema)
        if fixed:
            said.append(fixed)
        elif ends:
            subject, low, high = ends
            key = subject.sql()
            _, known_low, known_high = subjects.get(key, (subject, None, None))
            subjects[key] = (subject, low or known_low, high or known_high)
        else:
            others.append(one)
    return [_stretch(phrase(subject, schema), low, high) for subject, low, high in subjects.values()] + said, others


def _ends(node: exp.Expr, schema: Schema) -> tuple[exp.Expr, Bound | None, Bound | None] | None:
    """The date expression that a condition bounds, with its ends."""
    if isinstance(node, exp.Between) and is_date(node.args["low"]) and is_date(node.args["high"]):
        return node.this, _bound(node.args["low"], True, schema), _bound(node.args["high"], True, schema)
    if isinstance(node, (*LOW, *HIGH)) and _is_moment(node.expression) and not is_date(node.this):
        bound = _bound(node.expression, isinstance(node, (exp.GTE, exp.LTE)), schema)
        return (node.this, bound, None) if isinstance(node, LOW) else (node.this, None, bound)
    return None


def _is_moment(node: exp.Expr) -> bool:
    """Whether an expression is a date without reading any column: a literal, today, or a distance from it."""
    if is_date(node):
        return True
    return node.find(exp.Column, exp.Query) is None and any(is_date(part) for part in node.find_all(exp.Literal, exp.CurrentDate))


def _bound(node: exp.Expr, included: bool, schema: Schema) -> Bound:
    inner = node.this if isinstance(node, exp.Cast) else node
    text = inner.name if isinstance(inner, exp.Literal) else ""
    return Bound(same(text) if text else phrase(node, schema), text, included)


def _fixed(node: exp.Expr, schema: Schema) -> Bilingual | None:
    """A condition such as year(d) = 2024 or strftime(d, '%Y-%m') = '2024-03', or on a column of years."""
    if not isinstance(node, exp.EQ) or not isinstance(node.expression, (exp.Literal, exp.Cast)):
        return None
    left = node.this.this if isinstance(node.this, exp.Cast) else node.this
    format_ = left.args["format"].name if isinstance(left, exp.TimeToStr) else ""
    of_year = isinstance(left, exp.Year) or (isinstance(left, exp.Extract) and left.this.name.casefold() == "year")
    subject = left.expression if isinstance(left, exp.Extract) else left.this
    if of_year or format_ in ("%Y", "%Y-%m"):
        return filled(IN, phrase(subject, schema), phrase(node.expression, schema))
    if isinstance(left, exp.TimestampTrunc | exp.DateTrunc) and is_date(node.expression):
        return condition(node, schema)
    found = column_of(left, schema)
    if found and (found[1].role == "time" or kind_of(found[1].type) == "date"):
        return condition(node, schema)
    return None


def _stretch(subject: Bilingual, low: Bound | None, high: Bound | None) -> Bilingual:
    if low and high:
        first, last = _day(low, +1), _day(high, -1)
        whole = _whole(first, last) if first and last else None
        start = same(first.isoformat()) if first else low.words
        end = same(last.isoformat()) if last else high.words
        return filled(WITHIN, subject, whole, start, end) if whole else filled(FROM_TO, subject, start, end)
    if low:
        return filled(FROM_ON if low.included else AFTER, subject, low.words)
    assert high is not None
    return filled(UP_TO if high.included else BEFORE, subject, high.words)


def _day(bound: Bound, step: int) -> date | None:
    """The last day that a bound includes; None for a time of day or an expression."""
    text = bound.text[:10] if bound.text[10:] in ("", " 00:00:00", "T00:00:00", " 23:59:59", " 00:00") else ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if bound.included else day + timedelta(days=step)


def _whole(first: date, last: date) -> Bilingual | None:
    """The year, quarter or month that two days bound exactly."""
    if first.year != last.year or first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
        return None
    months = last.month - first.month + 1
    if months == 12:
        return B(str(first.year), f"{first.year}年")
    if months == 3 and first.month % 3 == 1:
        quarter = (first.month + 2) // 3
        return B(f"Q{quarter} {first.year}", f"{first.year}年第{quarter}季度")
    return B(f"{calendar.month_name[first.month]} {first.year}", f"{first.year}年{first.month}月") if months == 1 else None
