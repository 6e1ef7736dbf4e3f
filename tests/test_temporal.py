"""Periods and numbers as people write them in both languages; the cases are data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from analyst.temporal.numbers import numbers
from analyst.temporal.period import Period, resolve
from analyst.temporal.periods import periods

HOME = Path(__file__).parent / "temporal"
ANCHOR = date(2024, 8, 15)


def rows(name: str) -> list[list[str]]:
    lines = (HOME / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


@pytest.mark.parametrize(("text", "words", "kind", "first", "end"), rows("periods.tsv"))
def test_a_period_is_found_and_has_its_days(text: str, words: str, kind: str, first: str, end: str) -> None:
    found = {(text[one.start : one.end], one.period.kind, *resolve(one.period, ANCHOR)) for one in periods(text)}
    assert (words, kind, first, end) in found


@pytest.mark.parametrize(("text", "words", "value", "unit"), rows("numbers.tsv"))
def test_a_number_is_found_with_its_value_and_unit(text: str, words: str, value: str, unit: str) -> None:
    assert (words, float(value), unit) in {(text[one.start : one.end], one.value, one.unit) for one in numbers(text)}


@pytest.mark.parametrize("text", ["A320 jets", "the q1 team", "version 3.12.1", "唯一的客户", "百分之"])
def test_what_only_looks_like_a_year_or_month_is_no_period(text: str) -> None:
    assert all(one.period.kind == "recurring" and one.period.unit == "quarter" for one in periods(text))


@pytest.mark.parametrize("text", ["A320", "唯一", "统一的价格"])
def test_what_only_looks_like_a_number_is_none(text: str) -> None:
    assert numbers(text) == ()


@pytest.mark.parametrize("text", ["2023-02-30", "on 31 June 2024", "2023年13月", "week 60 of 2024"])
def test_a_day_that_does_not_exist_is_not_made_up(text: str) -> None:
    assert not [one for one in periods(text) if one.period.kind == "absolute" and one.period.unit in ("day", "week")]


def test_what_recurs_is_the_latest_that_has_begun() -> None:
    march, winter = Period("recurring", "month", numbers=(3,)), Period("recurring", "season", numbers=(12, 1, 2))
    assert resolve(march, date(2024, 2, 10)) == ("2023-03-01", "2023-04-01")
    assert resolve(winter, date(2024, 1, 10)) == ("2023-12-01", "2024-03-01")


def test_the_month_after_the_last_of_january_is_february_however_short() -> None:
    assert resolve(Period("relative", "month", count=1, rolling=True), date(2023, 3, 31)) == ("2023-03-01", "2023-04-01")
    assert resolve(Period("relative", "month", back=1), date(2023, 3, 31)) == ("2023-02-01", "2023-03-01")
