"""The same query one period earlier or later: 'and the month before?'."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from sqlglot import expressions as exp

from analyst.models.builtin.reparse import Previous

MONTHS = {"month": 1, "quarter": 3, "year": 12, "月": 1, "季度": 3, "年": 12}
NAMED = re.compile(r"month|quarter|year|季度|月|年", re.IGNORECASE)


def moved_in_time(previous: Previous, text: str, later: bool) -> Previous | None:
    """The query with its period moved by its own length, or by the unit that is named; None where it has no period of its own."""
    tests = previous.tests
    named = NAMED.search(text)
    unit = MONTHS[named[0].lower()] if named else 0
    sign = 1 if later else -1
    ends = [
        (test, day)
        for test in tests
        if isinstance(test, exp.GTE | exp.GT | exp.LT | exp.LTE) and (day := day_of(test.expression)) is not None
    ]
    if len(ends) == 2 and ends[0][0].this == ends[1][0].this:
        start, end = sorted(day for _, day in ends)
        for test, day in ends:
            test.set("expression", exp.cast(exp.Literal.string(moved(day, start, end, sign, unit).isoformat()), "DATE"))
        previous.keep_tests(tests)
        return previous
    year = one_year(tests) if unit in (0, 12) else None
    if year is None:
        return None
    year.set("expression", exp.Literal.number(int(year.expression.name) + sign))
    previous.keep_tests(tests)
    return previous


def day_of(value: exp.Expr) -> date | None:
    """The day that a literal names; None for anything else."""
    literal = value.this if isinstance(value, exp.Cast) else value
    try:
        return date.fromisoformat(literal.name) if isinstance(literal, exp.Literal) and literal.is_string else None
    except ValueError:
        return None


def moved(day: date, start: date, end: date, sign: int, unit: int) -> date:
    """An end of a period moved: whole months by months, other stretches by days."""
    months = (end.year - start.year) * 12 + end.month - start.month if start.day == end.day == 1 else 0
    step = (unit if unit >= months else months) if months else unit if unit > 1 else 0
    if not step:
        return day + sign * (end - start)
    first = day.year * 12 + day.month - 1 + sign * step
    last = (date(first // 12 + (first % 12 == 11), (first + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(first // 12, first % 12 + 1, min(day.day, last))


def one_year(tests: Sequence[exp.Expr]) -> exp.Expr | None:
    """The test for one year."""
    found = [
        test
        for test in tests
        if isinstance(test, exp.EQ) and isinstance(test.expression, exp.Literal) and re.fullmatch(r"(?:19|20)\d\d", test.expression.name)
    ]
    return found[0] if len(found) == 1 else None
