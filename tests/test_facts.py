"""What find_facts() says of a result: numbers that can be checked by hand."""

from __future__ import annotations

import math
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyst.commentary import comment
from analyst.facts import find_facts
from analyst.facts.statistics import correlation, outliers, trend
from analyst.terms import NO_VALUE, ChartSpec, Column, Fact, Facts, Query, Question, ResultSet, Schema, Table

MONTHS = [f"{2022 + month // 12}-{month % 12 + 1:02}-01" for month in range(36)]


def facts_of(columns: dict[str, Any], chart: ChartSpec, truncated: bool = False) -> Facts:
    return find_facts(ResultSet(pa.table(columns), truncated, 0.0), chart)


def fact(facts: Facts, kind: str) -> Fact:
    return next(found for found in facts.findings if found.kind == kind)


def kinds(facts: Facts) -> set[str]:
    return {found.kind for found in facts.findings}


def line(values: list[float], **options: Any) -> Facts:
    return facts_of({"month": MONTHS[: len(values)], "total": values}, ChartSpec("line", "month", ("total",), **options))


def bars(values: list[float | None], name: str = "total") -> Facts:
    labels = [f"shop {chr(97 + place)}" for place in range(len(values))]
    return facts_of({"shop": labels, name: values}, ChartSpec("bar", "shop", (name,)))


def test_no_rows_have_one_fact_and_say_so() -> None:
    assert kinds(facts_of({"a": pa.array([], pa.int64())}, ChartSpec("table"))) == {"empty"}


def test_one_number_is_a_level() -> None:
    assert fact(facts_of({"total": [12.5]}, ChartSpec("number", None, ("total",))), "level").numbers == {"value": 12.5}


def test_change_compares_the_first_period_with_the_last_and_names_both() -> None:
    change = fact(line([100, 150, 120]), "change")
    assert change.numbers == pytest.approx({"first": 100, "last": 120, "difference": 20, "percent": 20})
    assert (change.labels["start"], change.labels["end"]) == ("2022-01-01", "2022-03-01")


@pytest.mark.parametrize("base", [0.0, -5.0])
def test_no_percentage_is_given_from_a_base_of_zero_or_less(base: float) -> None:
    assert "percent" not in fact(line([base, 10, 20]), "change").numbers


def test_rows_out_of_order_are_put_in_the_order_of_time() -> None:
    facts = facts_of({"month": ["2024-03-01", "2024-01-01", "2024-02-01"], "total": [3, 1, 2]}, ChartSpec("line", "month", ("total",)))
    assert fact(facts, "change").numbers["first"] == 1


def test_a_rising_series_has_an_upward_trend_with_its_slope() -> None:
    found = fact(line([10.0 + 2 * month for month in range(12)]), "trend")
    assert (found.labels["direction"], found.labels["strength"]) == ("up", "strong")
    assert found.numbers["slope"] == pytest.approx(2)


def test_noise_has_no_trend() -> None:
    assert fact(line([5, 9, 4, 8, 5, 9, 4, 8, 6]), "trend").labels["direction"] == "none"


def test_four_points_are_too_few_for_a_trend() -> None:
    assert fact(line([1, 2, 3, 4]), "trend").labels["direction"] == "unknown"


def test_a_yearly_pattern_shows_in_three_years_of_months() -> None:
    season = fact(line([100 + 30 * math.sin(month * math.pi / 6) + month % 5 for month in range(36)]), "season")
    assert season.labels["high"] == "4"


def test_noise_has_no_season() -> None:
    values = np.random.default_rng(7).normal(100, 10, 36).tolist()
    assert "season" not in kinds(line(values))


def test_a_far_value_is_an_outlier_and_named() -> None:
    outlier = fact(line([10, 11, 10, 12, 11, 10, 95, 11, 10, 12]), "outlier")
    assert (outlier.numbers["value"], outlier.labels["period"]) == (95, "2022-07-01")


def test_missing_months_are_counted() -> None:
    facts = facts_of({"month": ["2024-01-01", "2024-02-01", "2024-05-01"], "total": [1, 2, 3]}, ChartSpec("line", "month", ("total",)))
    assert fact(facts, "gaps").numbers == {"missing": 2, "expected": 5}


def test_extremes_name_their_category() -> None:
    facts = bars([5, 9, 2])
    assert (fact(facts, "extreme_high").labels["category"], fact(facts, "extreme_low").labels["category"]) == ("shop b", "shop c")


def test_ties_are_counted() -> None:
    assert fact(bars([9, 9, 2, 3]), "extreme_high").numbers["ties"] == 2


def test_shares_are_of_the_whole_and_in_percent() -> None:
    facts = bars([50, 20, 10, 10, 5, 5])
    assert fact(facts, "share").numbers["percent"] == pytest.approx(50)
    assert fact(bars([50, 20, 12, 10, 5, 3]), "top_share").numbers["percent"] == pytest.approx(82)


@pytest.mark.parametrize("name", ["avg(price)", "平均单价", "discount rate", "running total"])
def test_what_does_not_add_up_has_no_shares(name: str) -> None:
    assert "share" not in kinds(bars([50, 20, 10, 10, 5, 5], name))


def test_negative_parts_have_no_shares() -> None:
    assert "share" not in kinds(bars([50, -20, 10]))


def test_missing_values_are_left_out_and_counted() -> None:
    facts = bars([5, None, 2])
    assert fact(facts, "missing").numbers == {"missing": 1, "rows": 3}
    assert fact(facts, "extreme_low").numbers["value"] == 2


def test_correlation_says_how_sure_it_is() -> None:
    x = np.arange(50.0)
    facts = facts_of({"price": x, "sold": 100 - x + np.sin(x)}, ChartSpec("scatter", "price", ("sold",)))
    found = fact(facts, "correlation")
    assert (found.labels["direction"], found.labels["strength"], found.numbers["points"]) == ("down", "strong", 50)


def test_a_period_that_the_data_cover_in_part_is_left_out_of_the_comparison() -> None:
    day = Column("day", "DATE", "time", rows=9, minimum="2023-01-01", maximum="2025-06-30")
    schema = Schema((Table("sales", (day, Column("total", "DOUBLE", "measure")), 9),))
    query = Query("SELECT date_trunc('year', day) AS y, sum(total) AS total FROM sales GROUP BY 1", "duckdb", ("sales",))
    result = ResultSet(pa.table({"y": ["2023-01-01", "2024-01-01", "2025-01-01"], "total": [10.0, 12.0, 5.0]}), False, 0.0)
    facts = find_facts(result, ChartSpec("line", "y", ("total",)), schema, query)
    assert fact(facts, "partial").labels["until_period"] == "2025-01-01"
    assert fact(facts, "change").labels["end"] == "2024-01-01"


def test_of_the_first_rows_nothing_is_said_about_the_whole() -> None:
    schema = Schema((Table("sales", (Column("shop", "VARCHAR", "dimension"), Column("total", "DOUBLE", "measure")), 9),))
    query = Query("SELECT shop, sum(total) AS total FROM sales GROUP BY 1 ORDER BY 2 DESC LIMIT 3", "duckdb", ("sales",))
    result = ResultSet(pa.table({"shop": ["a", "b", "c"], "total": [9.0, 5.0, 1.0]}), False, 0.0)
    facts = find_facts(result, ChartSpec("bar", "shop", ("total",)), schema, query)
    assert fact(facts, "share").labels["shown"] == "some"


def test_kendall_counts_out_the_orders_of_few_points() -> None:
    found = trend(np.arange(5.0), np.arange(5.0))
    assert found
    assert found.p == pytest.approx(2 / math.factorial(5))


def test_the_slope_is_not_moved_by_one_wild_value() -> None:
    values = np.arange(20.0)
    values[7] = 10_000
    found = trend(np.arange(20.0), values)
    assert found
    assert found.slope == pytest.approx(1, abs=0.2)


def test_pearson_agrees_with_numpy() -> None:
    x, y = np.random.default_rng(3).normal(size=(2, 40))
    found = correlation(x, y)
    assert found
    assert found[0] == pytest.approx(float(np.corrcoef(x, y)[0, 1]))


def test_equal_values_have_no_outliers() -> None:
    assert not len(outliers(np.array([5.0] * 20 + [5.0001])))


def test_a_thousand_rows_take_a_few_milliseconds() -> None:
    days = [f"{2020 + day // 365}-{day % 365 // 31 + 1:02}-{day % 28 + 1:02}" for day in range(1000)]
    columns = {"day": sorted(set(days)), "total": list(np.random.default_rng(1).normal(100, 9, len(set(days))))}
    facts_of(columns, ChartSpec("line", "day", ("total",)))
    started = time.perf_counter()
    facts_of(columns, ChartSpec("line", "day", ("total",)))
    assert time.perf_counter() - started < 0.25


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.integers(-(10**6), 10**6).map(float)),
        min_size=0,
        max_size=30,
    ),
    st.sampled_from(["line", "bar", "scatter", "histogram", "pie", "table"]),
)
def test_no_fact_is_ever_nan_or_infinite(values: list[float | None], mark: Any) -> None:
    months = [f"{2000 + place // 12}-{place % 12 + 1:02}-01" for place in range(len(values))]
    chart = ChartSpec(mark, "y" if mark in ("scatter", "histogram") else "x", ("y",))
    facts = facts_of({"x": pa.array(months, pa.string()), "y": pa.array(values, pa.float64())}, chart)
    assert all(math.isfinite(number) for found in facts.findings for number in found.numbers.values())


def test_a_grown_series_changes_from_step_to_step_as_told() -> None:
    values = [100.0, 110.0, 99.0]
    last = fact(line(values), "last_change")
    assert last.numbers["difference"] == pytest.approx(list(pairwise(values))[-1][1] - list(pairwise(values))[-1][0])


def test_a_group_without_a_value_is_a_group_like_others() -> None:
    result = ResultSet(pa.table({"Company": ["A", None, "B"], "Count": [1, 49, 2]}), False, 0.0)
    facts = find_facts(result, ChartSpec("bar", "Company", ("Count",)))
    highest = next(fact for fact in facts.findings if fact.kind == "extreme_high")
    assert highest.labels["category"] == NO_VALUE
    assert "(no value)" in comment(facts, Question("count by company", "en"), ChartSpec("bar", "Company", ("Count",)))


def test_a_column_with_a_name_that_says_nothing_is_found_in_series_too() -> None:
    sql = "SELECT Region, Product, sum(Sales) AS s FROM orders GROUP BY 1, 2"
    schema = Schema((Table("orders", (Column("Region", "VARCHAR", "dimension"), Column("Sales", "DOUBLE", "measure")), 4),))
    result = ResultSet(pa.table({"Region": ["W", "W", "E"], "Product": ["a", "b", "a"], "s": [1.0, 2.0, 4.0]}), False, 0.0)
    facts = find_facts(result, ChartSpec("grouped_bar", "Region", ("s",), "Product"), schema, Query(sql, "duckdb", ("orders",)))
    assert any(fact.kind == "peak" and fact.numbers["value"] == 4.0 for fact in facts.findings)
