"""The chart that fits the rows and the question's words."""

from __future__ import annotations

import duckdb
import pytest

from analyst.chart import choose_chart, possible_marks, with_axes, with_mark
from analyst.errors import AnalystError
from analyst.language import language_of
from analyst.terms import ChartSpec, Column, Query, Question, ResultSet, Schema, Table

SALES = Table(
    "sales",
    (
        Column("day", "DATE", "time"),
        Column("region", "VARCHAR", "dimension"),
        Column("product", "VARCHAR", "dimension"),
        Column("revenue", "DOUBLE", "measure", unit="$"),
        Column("quantity", "BIGINT", "measure"),
        Column("order_id", "BIGINT", "identifier"),
        Column("年份", "BIGINT", "time"),
        Column("地区", "VARCHAR", "dimension"),
        Column("销售额", "DOUBLE", "measure", unit="¥"),
    ),
    480,
)
SCHEMA = Schema((SALES,))
ROWS = """
    CREATE TABLE sales AS
    SELECT DATE '2023-01-10' + INTERVAL (i % 24) MONTH AS day, ['North', 'South', 'East'][i // 24 % 3 + 1] AS region,
        ['Pen', 'Desk', 'Lamp', 'Chair'][i // 7 % 4 + 1] AS product, (i * 37 % 101) + 5.5 AS revenue, i % 7 + 1 AS quantity,
        i AS order_id, 2019 + i % 5 AS 年份, ['华北', '华南'][i % 2 + 1] AS 地区, i * 10.0 AS 销售额
    FROM range(480) AS numbers(i)
"""


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(ROWS)
    return connection


def rows_of(database: duckdb.DuckDBPyConnection, sql: str) -> ResultSet:
    return ResultSet(database.sql(sql).to_arrow_table(), truncated=False, seconds=0.0)


def chart_of(database: duckdb.DuckDBPyConnection, sql: str, question: str, **wanted: str) -> ChartSpec:
    asked = Question(question, language_of(question))
    return choose_chart(rows_of(database, sql), asked, SCHEMA, query=Query(sql, "duckdb", ("sales",)), **wanted)  # type: ignore[arg-type]


BY_SHAPE = [
    ("number", "total revenue", "SELECT sum(revenue) AS total FROM sales"),
    ("number", "总额和数量", "SELECT sum(销售额) AS 总额, count(*) AS 数量 FROM sales"),
    ("bar", "revenue by region", "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1"),
    ("line", "revenue by month", "SELECT date_trunc('month', day) AS month, sum(revenue) AS revenue FROM sales GROUP BY 1"),
    ("line", "历年销售额", "SELECT 年份, sum(销售额) AS 销售额 FROM sales GROUP BY 1"),
    ("line", "revenue by year", "SELECT year(day) + 0 AS y, sum(revenue) AS r FROM sales GROUP BY 1 UNION ALL SELECT 2030, 1"),
    ("bar", "revenue by year", "SELECT year(day) AS year, sum(revenue) AS revenue FROM sales GROUP BY 1"),
    ("bar", "revenue by weekday", "SELECT dayname(day) AS weekday, sum(revenue) AS revenue FROM sales GROUP BY 1"),
    ("pie", "share of revenue per region", "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1"),
    ("pie", "各地区销售额占比", "SELECT 地区, sum(销售额) AS 销售额 FROM sales GROUP BY 1"),
    ("bar", "share of revenue per order", "SELECT order_id, sum(revenue) AS revenue FROM sales WHERE order_id < 9 GROUP BY 1"),
    ("line", "monthly revenue by region", "SELECT date_trunc('month', day) AS m, region, sum(revenue) AS r FROM sales GROUP BY 1, 2"),
    ("grouped_bar", "compare average revenue", "SELECT region, product, avg(revenue) AS revenue FROM sales GROUP BY 1, 2"),
    ("stacked_bar", "how is revenue made up", "SELECT region, product, sum(revenue) AS revenue FROM sales GROUP BY 1, 2"),
    ("heatmap", "地区和产品交叉的平均值", "SELECT region, product, avg(revenue) AS revenue FROM sales GROUP BY 1, 2"),
    ("scatter", "is quantity related to revenue", "SELECT quantity, revenue FROM sales"),
    ("scatter", "show both", "SELECT revenue, 销售额 FROM sales"),
    ("histogram", "distribution of revenue", "SELECT revenue FROM sales"),
    ("box", "各地区销售额的分布", "SELECT 地区, 销售额 FROM sales"),
    ("table", "which products do we have", "SELECT DISTINCT product FROM sales"),
    ("table", "list the orders", "SELECT order_id, region, product, day FROM sales LIMIT 20"),
    ("table", "sales of nobody", "SELECT region, revenue FROM sales WHERE false"),
]


@pytest.mark.parametrize(("mark", "question", "sql"), BY_SHAPE)
def test_the_mark_fits_the_rows_and_the_words(database: duckdb.DuckDBPyConnection, mark: str, question: str, sql: str) -> None:
    assert chart_of(database, sql, question).mark == mark


@pytest.mark.parametrize(
    ("mark", "words"),
    [("pie", "as a pie chart"), ("line", "画成折线图"), ("bar", "用柱状图"), ("area", "as an area chart"), ("table", "列成表格")],
)
def test_a_chart_asked_for_by_name_is_drawn(database: duckdb.DuckDBPyConnection, mark: str, words: str) -> None:
    spec = chart_of(database, "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1", f"revenue by region {words}")
    assert spec.mark == mark


def test_a_chart_that_the_rows_do_not_allow_is_replaced_by_one_that_they_do(database: duckdb.DuckDBPyConnection) -> None:
    assert chart_of(database, "SELECT DISTINCT region FROM sales", "regions as a pie chart", wanted="pie").mark == "table"


def test_negative_values_are_never_shares(database: duckdb.DuckDBPyConnection) -> None:
    spec = chart_of(database, "SELECT region, sum(40 - revenue) AS rest FROM sales GROUP BY 1", "share of rest by region")
    assert spec.mark == "bar"


def test_a_period_goes_along_the_axis_and_the_category_gets_the_colour(database: duckdb.DuckDBPyConnection) -> None:
    spec = chart_of(database, "SELECT region, 年份, sum(revenue) AS revenue FROM sales GROUP BY 1, 2", "trend by region")
    assert (spec.x, spec.y, spec.color) == ("年份", ("revenue",), "region")


def test_a_year_is_no_measure_and_an_identifier_is_none_either(database: duckdb.DuckDBPyConnection) -> None:
    spec = chart_of(database, "SELECT order_id, 年份, revenue FROM sales ORDER BY revenue DESC LIMIT 5", "top 5 orders")
    assert "年份" not in spec.y
    assert "order_id" not in spec.y


def test_units_follow_a_measure_through_its_function_and_its_alias(database: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT region, round(avg(revenue), 2) AS typical, count(*) AS orders FROM sales GROUP BY 1"
    assert chart_of(database, sql, "typical revenue by region").units == {"typical": "$"}


def test_units_are_found_below_a_subquery(database: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT 地区, 总额 / 2 AS 一半 FROM (SELECT 地区, sum(销售额) AS 总额 FROM sales GROUP BY 1)"
    assert chart_of(database, sql, "一半是多少").units == {"一半": "¥"}


TITLES = [
    ("revenue by region", "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1", "Revenue by region"),
    ("monthly revenue", "SELECT date_trunc('month', day) AS m, sum(revenue) AS v FROM sales GROUP BY 1", "Total revenue by month"),
    ("best products", "SELECT product, sum(revenue) FROM sales GROUP BY 1 ORDER BY 2 DESC LIMIT 3", "Total revenue by product: top 3"),
    ("how many", "SELECT region, count(*) FROM sales GROUP BY 1", "Number of rows by region"),
    ("各地区销售额", "SELECT 地区, sum(销售额) AS 销售额 FROM sales GROUP BY 1", "各地区的销售额"),
    ("每月的平均值", "SELECT date_trunc('month', day) AS m, avg(销售额) FROM sales GROUP BY 1", "每月平均销售额"),
    ("各地区收入", "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1", "各 region 的 revenue"),
]


@pytest.mark.parametrize(("question", "sql", "title"), TITLES)
def test_the_title_says_what_is_shown_in_the_questions_language(
    database: duckdb.DuckDBPyConnection, question: str, sql: str, title: str
) -> None:
    assert chart_of(database, sql, question).title == title


@pytest.mark.parametrize(("mark", "question", "sql"), BY_SHAPE)
def test_every_possible_mark_can_be_switched_to(database: duckdb.DuckDBPyConnection, mark: str, question: str, sql: str) -> None:
    spec, result = chart_of(database, sql, question), rows_of(database, sql)
    possible = possible_marks(result, spec)
    assert {"table", spec.mark} <= set(possible)
    for other in possible:
        switched = with_mark(spec, other, result)
        assert switched.mark == other
        assert {switched.x, *switched.y, switched.color} - {None} <= set(result.columns)


def test_switching_there_and_back_keeps_the_axes_and_the_units(database: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT 地区, sum(销售额) AS 销售额 FROM sales GROUP BY 1 ORDER BY 1"
    spec, result = chart_of(database, sql, "各地区销售额"), rows_of(database, sql)
    back = with_mark(with_mark(spec, "pie", result), "bar", result)
    assert back == spec


def test_a_mark_that_cannot_draw_the_rows_says_what_it_needs(database: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1"
    with pytest.raises(AnalystError) as refused:
        with_mark(chart_of(database, sql, "revenue"), "heatmap", rows_of(database, sql))
    assert "two columns of names" in refused.value.in_language("en")
    assert "两列名称" in refused.value.in_language("zh")


def test_the_person_may_put_other_columns_on_the_axes(database: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT region, sum(revenue) AS revenue, sum(quantity) AS quantity FROM sales GROUP BY 1"
    spec = with_axes(chart_of(database, sql, "by region"), rows_of(database, sql), x="region", y=("quantity",))
    assert (spec.y, spec.title) == (("quantity",), "Quantity by region")


def test_an_axis_that_no_column_is_called_is_refused_with_the_columns_there_are(database: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT region, sum(revenue) AS revenue FROM sales GROUP BY 1"
    with pytest.raises(AnalystError) as refused:
        with_axes(chart_of(database, sql, "by region"), rows_of(database, sql), x="regio", y=("revenue",))
    assert "regio" in refused.value.message.en
    assert "region, revenue" in refused.value.hint.en


def test_names_cannot_be_measured(database: duckdb.DuckDBPyConnection) -> None:
    sql = "SELECT region, product, sum(revenue) AS revenue FROM sales GROUP BY 1, 2"
    with pytest.raises(AnalystError) as refused:
        with_axes(chart_of(database, sql, "by region"), rows_of(database, sql), x="region", y=("product",))
    assert refused.value.in_language("zh")
