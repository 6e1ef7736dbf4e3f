"""Dates that are kept as texts, by what day or month they are, however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from analyst.temporal.period import Period
from analyst.temporal.periods import full_year
from analyst.temporal.written import classes

PART = re.compile(r"\d+|[a-z]+", re.IGNORECASE)
DATED = re.compile(
    r"\s*(?:\d{1,4}\s?[-/.年]\s?\d{1,2}(?:\s?[-/.月]\s?\d{1,4})?"
    r"|(?:[a-z]{3,9}\.?,? )?\d{1,2}(?:st|nd|rd|th)?[ -][a-z]{3,9}[, -]+\d{2,4}"
    r"|[a-z]{3,9}\.? ?\d{1,2}(?:st|nd|rd|th)?,? \d{4}|[a-z]{3,9}[ ,-]+\d{4}|\d{8}$)",
    re.IGNORECASE,
)


def looks_dated(text: str) -> bool:
    """Whether a text begins as dates are written."""
    return bool(DATED.match(text))


def date_keys(text: str) -> Iterator[str]:
    """The days (2014-03-05), or the month (2014-03), that a text can be; 4/5/2021 can be two days."""
    parts = PART.findall(text.replace("T", " ")[:24])
    months = classes("calendar.tsv")["month"]
    named = next((int(months[form]) for part in parts for form in (part.lower(), part.capitalize()) if form in months), 0)
    numbers = [part for part in parts if part.isdigit()]
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    year = next((at for at, number in enumerate(numbers[:3]) if len(number) == 4), None)
    if year is None and len(numbers) > 1 + (not named):
        year = 1 if named else 2  # 21-SEP-10, 3/15/21
    if year is None:
        return
    rest = [int(number) for at, number in enumerate(numbers[: 2 if named else 3]) if at != year]
    whole = int(numbers[year]) if len(numbers[year]) == 4 else full_year(numbers[year])
    yield from dict.fromkeys(key for order in _orders(named, rest, year == 0) if (key := _key(whole, order)))


def _orders(named: int, rest: list[int], year_first: bool) -> list[list[int]]:
    """Month and day in the orders in which they can be meant; the month alone where no day is told."""
    if named:
        return [[named, *rest[:1]]]
    return [rest] if year_first or len(rest) < 2 else [rest, rest[::-1]]


def _key(year: int, order: list[int]) -> str:
    try:
        if len(order) == 2:
            return date(year, order[0], order[1]).isoformat()
        return f"{date(year, order[0], 1):%Y-%m}" if order else ""
    except ValueError:
        return ""


def period_key(period: Period) -> str:
    """The key of a day or a month that a question names; empty for other periods."""
    if period.kind != "absolute" or period.start is None:
        return ""
    return {"day": period.start.isoformat(), "month": f"{period.start:%Y-%m}"}.get(period.unit, "")
