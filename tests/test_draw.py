"""Figures, their description, and the chart of a terminal."""

from __future__ import annotations

import json
from itertools import combinations

import duckdb
import pytest

from analyst.chart import choose_chart, possible_marks, with_mark
from analyst.draw import CONFIG, describe, draw, terminal_chart
from analyst.draw.theme import DARK, LIGHT, Theme
from analyst.errors import AnalystError
from analyst.language import language_of
from analyst.terms import ChartSpec, Language, Query, Question, ResultSet, Schema
from analyst.writing.numerals import compact, exact
from analyst.writing.periods import grain_of, period_label
from analyst.writing.terminal import width


def rows_of(sql: str, truncated: bool = False) -> ResultSet:
    return ResultSet(duckdb.sql(sql).to_arrow_table(), truncated=truncated, seconds=0.0)


def chart_of(sql: str, question: str) -> tuple[ChartSpec, ResultSet]:
    result = rows_of(sql)
    return choose_chart(result, Question(question, language_of(question)), Schema(()), query=Query(sql, "duckdb", ())), result


GRID = """
    SELECT ['North', 'South', 'East'][i % 3 + 1] AS region, ['Pen', 'Desk'][i // 3 % 2 + 1] AS product, sum(i) AS revenue
    FROM range(60) AS numbers(i) GROUP BY 1, 2
"""
MONTHS = "SELECT DATE '2024-01-01' + INTERVAL (i) MONTH AS month, 1000 * (i + 2) AS revenue FROM range(14) AS numbers(i)"
CITIES = "SELECT * FROM (VALUES ('上海', 123456789.5), ('北京', 98000000), ('广州', 45000000)) AS cities(城市, 销售额)"


@pytest.mark.parametrize("sql", [GRID, MONTHS, CITIES, "SELECT i AS price, i * i AS cost FROM range(30) t(i)", "SELECT 5 AS total"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_possible_mark_draws_and_is_described(sql: str, language: Language) -> None:
    spec, result = chart_of(sql, "show everything")
    for mark in possible_marks(result):
        switched = with_mark(spec, mark, result)
        figure = draw(switched, result, language, dark=language == "zh")
        assert (figure is None) == (mark == "table")
        assert describe(switched, result, language)
        assert all(width(line) <= 60 for line in terminal_chart(switched, result, language, 60).splitlines())


def test_the_same_rows_give_the_same_figure() -> None:
    spec, result = chart_of(GRID + " ORDER BY 1, 2", "revenue by region and product")
    assert draw(spec, result, "en").to_json() == draw(spec, result, "en").to_json()


def test_no_rows_have_no_figure() -> None:
    result = rows_of("SELECT 'a' AS name, 1 AS size WHERE false")
    assert draw(ChartSpec("bar", "name", ("size",)), result, "en") is None


def test_rows_that_lost_a_column_of_the_chart_are_refused_by_its_name() -> None:
    with pytest.raises(AnalystError) as refused:
        draw(ChartSpec("bar", "region", ("revenue",)), rows_of("SELECT 'a' AS region, 1 AS sales"), "en")
    assert "revenue" in refused.value.in_language("en")
    assert "revenue" in refused.value.in_language("zh")


def test_bars_are_sorted_by_size_unless_the_query_put_them_in_order() -> None:
    values = "SELECT * FROM (VALUES ('a', 1), ('b', 3), ('c', 2)) AS t(name, size)"
    spec, result = chart_of(values, "size by name")
    assert list(draw(spec, result, "en").data[0].y) == [3, 2, 1]
    spec, result = chart_of(values + " ORDER BY name", "size by name")
    assert list(draw(spec, result, "en").data[0].y) == [1, 3, 2]


def test_bars_begin_at_zero() -> None:
    spec, result = chart_of("SELECT * FROM (VALUES ('a', 1001), ('b', 1003)) AS t(name, size)", "size by name")
    assert draw(spec, result, "en").layout.yaxis.range[0] == 0


def test_long_names_lie_down_are_cut_and_stand_in_full_in_the_hover() -> None:
    name = "The department of exceedingly long and winding names"
    spec, result = chart_of(f"SELECT '{name}' AS department, 5 AS staff UNION ALL SELECT 'Other', 3 ORDER BY 2 DESC", "staff by department")
    figure = draw(spec, result, "en")
    assert figure.data[0].orientation == "h"
    assert figure.layout.yaxis.ticktext[0].endswith("…")
    assert name in figure.data[0].hovertext[0]


def test_too_many_categories_are_cut_and_the_chart_says_so() -> None:
    spec, result = chart_of("SELECT 'shop ' || (i % 90) AS shop, sum(i) AS revenue FROM range(900) t(i) GROUP BY 1", "revenue by shop")
    figure = draw(spec, result, "zh")
    assert len(figure.data[0].y) == 40
    assert "90" in figure.layout.title.subtitle.text


def test_a_month_without_rows_is_a_gap_and_is_said() -> None:
    spec, result = chart_of(f"SELECT * FROM ({MONTHS}) WHERE month <> DATE '2024-05-01' ORDER BY 1", "revenue by month")
    figure = draw(spec, result, "en")
    assert figure.data[0].y[4] is None
    assert figure.data[0].connectgaps is False
    assert "1 period without rows" in figure.layout.title.subtitle.text


def test_a_missing_value_is_a_gap_and_is_said() -> None:
    spec, result = chart_of(MONTHS.replace("1000 *", "CASE WHEN i = 3 THEN NULL ELSE 1000 END *"), "revenue by month")
    figure = draw(spec, result, "zh")
    assert figure.data[0].y[3] is None
    assert "缺失" in figure.layout.title.subtitle.text


def test_rows_that_were_cut_are_said() -> None:
    spec, _ = chart_of(MONTHS, "revenue by month")
    assert "Only the first 14 rows" in draw(spec, rows_of(MONTHS, truncated=True), "en").layout.title.subtitle.text


def test_points_that_share_a_date_are_all_drawn() -> None:
    sql = "SELECT DATE '2024-01-01' + INTERVAL (i // 2) DAY AS day, i AS price FROM range(40) t(i)"
    result = rows_of(sql)
    figure = draw(ChartSpec("line", "day", ("price",)), result, "en")
    assert len(figure.data[0].y) == 40


def test_dates_are_written_as_the_reader_writes_them() -> None:
    spec, result = chart_of(MONTHS, "revenue by month")
    assert "Jan 2024" in draw(spec, result, "en").layout.xaxis.ticktext
    assert "2024年1月" in draw(spec, result, "zh").layout.xaxis.ticktext


def test_years_are_never_written_with_a_thousands_separator() -> None:
    spec, result = chart_of("SELECT 2018 + i AS year, i AS n FROM range(6) t(i)", "n by year")
    assert next(iter(draw(spec, result, "en").layout.xaxis.ticktext)) == "2018"


def test_measures_of_unlike_size_get_a_panel_each() -> None:
    spec, result = chart_of(
        "SELECT 'r' || i AS region, 9e6 + i AS revenue, i AS orders FROM range(1, 5) t(i)", "revenue and orders by region"
    )
    figure = draw(spec, result, "en")
    assert len({trace.yaxis for trace in figure.data}) == 2


def test_slices_beyond_the_eighth_are_put_together() -> None:
    result = rows_of("SELECT 'name ' || i AS name, 30 - i AS size FROM range(20) t(i)")
    figure = draw(ChartSpec("pie", "name", ("size",)), result, "en")
    assert len(figure.data[0]["values"]) == 9
    assert sum(figure.data[0]["values"]) == sum(30 - i for i in range(20))
    assert "Others (12)" in figure.data[0].text[-1]


def test_cells_with_markup_are_shown_as_they_stand() -> None:
    spec, result = chart_of("SELECT '<b>x</b><a href=\"http://e.vil\">' AS name, 1 AS size UNION ALL SELECT '&', 2", "size by name")
    figure = json.dumps(json.loads(draw(spec, result, "en").to_json()))
    assert "<a" not in figure
    assert "&lt;b&gt;x" in figure


def test_many_points_are_drawn_by_the_graphics_card() -> None:
    result = rows_of("SELECT i AS a, i * 7 % 1000 AS b FROM range(12000) t(i)")
    figure = draw(ChartSpec("scatter", "a", ("b",)), result, "en")
    assert figure.data[0].type == "scattergl"


def test_no_axis_is_logarithmic_by_itself() -> None:
    spec, result = chart_of("SELECT 'a' || i AS name, 10 ** i AS size FROM range(6) t(i)", "size by name")
    figure = draw(spec, result, "en")
    assert "log" not in {figure.layout.xaxis.type, figure.layout.yaxis.type}


def test_nothing_of_a_chart_can_be_sent_away() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["displaylogo"] is False


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_every_colour_stands_out_from_its_background(look: Theme) -> None:
    for color, least in [*((color, 3.0) for color in look.colors), (look.text, 7.0), (look.quiet, 4.5)]:
        bright, dim = sorted((luminance(color), luminance(look.background)), reverse=True)
        assert (bright + 0.05) / (dim + 0.05) >= least, color


SEEN = {
    # Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}


def seen_as(color: str, kind: str) -> tuple[float, ...]:
    parts = [(int(color[place : place + 2], 16) / 255) ** 2.2 for place in (1, 3, 5)]
    return tuple(max(sum(weight * part for weight, part in zip(row, parts, strict=True)), 0.0) ** (1 / 2.2) for row in SEEN[kind])


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_the_first_colours_differ_for_the_colour_blind(look: Theme, kind: str) -> None:
    for one, other in combinations(look.colors[:6], 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen_as(one, kind), seen_as(other, kind), strict=True)) ** 0.5
        assert distance > 0.1, (one, other)


@pytest.mark.parametrize(
    ("number", "unit", "english", "chinese"),
    [
        (999, "", "999", "999"),
        (1234, "", "1.23K", "1,234"),
        (1_200_000, "$", "$1.2M", "$120万"),
        (123_456_789, "¥", "¥123.5M", "¥1.23亿"),
        (999_999, "", "1M", "100万"),
        (-4500, "€", "-€4.5K", "-€4,500"),
        (12.5, "%", "12.5%", "12.5%"),
        (0, "kg", "0 kg", "0 kg"),
        (30, "件", "30件", "30件"),
        (2.5e12, "", "2.5T", "2.5万亿"),
        (12_000, "万元", "12,000万元", "12,000万元"),
    ],
)
def test_numbers_are_short_in_the_way_of_each_language(number: float, unit: str, english: str, chinese: str) -> None:
    assert (compact(number, "en", unit), compact(number, "zh", unit)) == (english, chinese)


def test_exact_numbers_keep_their_digits() -> None:
    assert exact(1234567.891, "en", "$") == "$1,234,567.89"
    assert exact(0.1234, "en", "") == "0.1234"


PERIODS = [
    ("month", ["2024-01", "2024-02"], "month", "Jan 2024", "2024年1月"),
    ("quarter", ["2024-Q1", "2024-Q2"], "quarter", "Q1 2024", "2024年1季度"),
    ("day", ["2024-01-05", "2024-01-06"], "day", "5 Jan 2024", "2024年1月5日"),
    ("year", [2019, 2020], "year", "2019", "2019年"),
    ("月份", [1, 12], "month_of_year", "Jan", "1月"),
    ("hour", [0, 23], "hour_of_day", "00:00", "0时"),
    ("weekday", ["Monday", "Friday"], "weekday", "Monday", "星期一"),
]


@pytest.mark.parametrize(("name", "values", "grain", "english", "chinese"), PERIODS)
def test_periods_are_recognised_and_written_in_both_languages(
    name: str, values: list[str | int], grain: str, english: str, chinese: str
) -> None:
    found = grain_of(name, values)
    assert found == grain
    assert found is not None
    assert (period_label(values[0], found, "en"), period_label(values[0], found, "zh")) == (english, chinese)


def test_numbers_that_only_look_like_years_are_no_periods() -> None:
    assert grain_of("price", [1999, 2000]) is None
    assert grain_of("amount", ["2019", "2020"]) is None


def test_the_description_names_the_chart_and_its_extremes() -> None:
    spec, result = chart_of(CITIES, "各城市的销售额")
    assert describe(spec, result, "zh").startswith("柱状图：各城市的销售额。")
    assert "上海" in describe(spec, result, "zh")
    assert "45,000,000 (广州)" in describe(spec, result, "en")


def test_the_terminal_lines_up_chinese_names() -> None:
    spec, result = chart_of("SELECT * FROM (VALUES ('上海', 10), ('Xi''an', 5)) AS t(城市, 数量)", "各城市的数量")
    lines = terminal_chart(spec, result, "zh", 40).splitlines()[1:]
    starts = [width(line[: line.index("█")]) for line in lines]
    assert starts == [6, 6]
    assert lines[0].count("█") == 2 * lines[1].count("█")
