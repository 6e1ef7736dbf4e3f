"""How a question was read, told from its SQL in both languages, with the rows counted."""

from __future__ import annotations

from threading import Event

import pytest
import sqlglot
from memory_connector import MemoryConnector
from sqlglot import expressions as exp

from analyst.profile import profile
from analyst.reading import explain, name_choice, read
from analyst.terms import Query, Reading, Schema
from connectors.base import Limits, ResultSet
from connectors.errors import QueryCancelled, QueryTimeout
from connectors.wording import Bilingual

DATA = (
    "CREATE TABLE customers AS SELECT i AS customer_id, 'Name ' || i AS name, i % 2 = 0 AS vip FROM range(10) t(i)",
    "CREATE TABLE orders AS SELECT i AS order_id, i % 10 AS customer_id, "
    "CASE WHEN i % 10 = 0 THEN NULL ELSE ['West', 'East'][i % 2 + 1] END AS region, DATE '2023-01-01' + i::INT AS day, "
    "CASE WHEN i % 4 = 0 THEN NULL ELSE i * 1.5 END AS sales FROM range(1000) t(i)",
)


Shop = tuple[MemoryConnector, Schema]


@pytest.fixture(scope="module")
def shop() -> Shop:
    connector = MemoryConnector(*DATA)
    return connector, profile(connector)


def query(sql: str) -> Query:
    tree = sqlglot.parse_one(sql, read="duckdb")
    steps = {step.alias for step in tree.find_all(exp.CTE)}
    return Query(sql, "duckdb", tuple(sorted({table.name for table in tree.find_all(exp.Table)} - steps)))


def reading(shop: Shop, sql: str) -> Reading:
    return read(query(sql), shop[1], shop[0], Limits(), Event())


@pytest.mark.parametrize(
    ("sql", "english", "chinese"),
    [
        ("SELECT sum(sales) FROM orders", "Sum of sales", "sales的总和"),
        ("SELECT order_id FROM orders WHERE sales > (SELECT avg(peer.sales) FROM orders AS peer WHERE peer.region = orders.region)",
         "Order_id of orders where sales is above the average of sales (where region is the same)",
         "orders的order_id，条件：sales大于sales的平均值（条件：region相同）"),
        ("SELECT order_id FROM orders WHERE day > (SELECT max(day) FROM orders WHERE order_id = 7)",
         "Order_id of orders where day is after the latest day (where order_id is 7)",
         "orders的order_id，条件：day晚于最晚的day（条件：order_id为7）"),
        ("SELECT DISTINCT sales FROM orders ORDER BY sales DESC LIMIT 1 OFFSET 1",
         "Different sales of orders; by sales, highest first; only the 2nd row",
         "不重复的orders的sales，按sales从高到低，只取第2行"),
        ("SELECT region, count(*) AS n FROM orders GROUP BY 1 ORDER BY n DESC LIMIT 3",
         "Number of rows by region; by number of rows, highest first; only the first 3 rows",
         "按region统计行数，按行数从高到低，只取前3行"),
        ("SELECT region, 100.0 * (sum(sales) FILTER (WHERE year(day) = 2024) "
         "/ nullif(sum(sales) FILTER (WHERE year(day) = 2023), 0) - 1) AS c FROM orders GROUP BY 1 ORDER BY c LIMIT 1",
         "Percent change from sum of sales where day is in 2023 to sum of sales where day is in 2024 by region; "
         "by that figure, lowest first; only the first row",
         "按region统计从满足“day在2023”的sales的总和到满足“day在2024”的sales的总和的变化（%），按该数字从低到高，只取第一行"),
        ("SELECT coalesce(sum(sales) FILTER (WHERE day >= '2024-03-01' AND day < '2024-04-01'), 0) FROM orders",
         "Sum of sales where day is in March 2024 (2024-03-01 to 2024-03-31)",
         "满足“day在2024年3月（2024-03-01至2024-03-31）”的sales的总和"),
        ("SELECT date_trunc('month', day), avg(sales) FROM orders GROUP BY 1", "Average of sales by month of day",
         "按day的月份统计sales的平均值"),
        ("SELECT count(DISTINCT customer_id) FROM orders WHERE region = 'West'",
         "Number of different customer_id where region is West", "不同customer_id的个数，条件：region为West"),
        ("SELECT name FROM customers WHERE vip", "Name of customers where vip is true", "customers的name，条件：vip为是"),
        ("SELECT count(*) FROM orders WHERE sales > (SELECT avg(sales) FROM orders)",
         "Number of rows where sales is above the average of sales", "行数，条件：sales大于sales的平均值"),
        ("SELECT sum(CASE WHEN region = 'West' THEN sales ELSE 0 END) FROM orders", "Sum of sales where region is West",
         "满足“region为West”的sales的总和"),
        ("SELECT region, sum(sales) * 100.0 / sum(sum(sales)) OVER () FROM orders GROUP BY 1",
         "Share of sum of sales in the total (in percent) by region", "按region统计sales的总和占总计的比例（%）"),
        ("SELECT name FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM orders WHERE sales > 9)",
         "Name of customers where customer_id is not among the customer_id from orders where sales is above 9",
         "customers的name，条件：customer_id不属于customer_id（来自orders，条件：sales大于9）"),
        ("SELECT CASE WHEN sales < 10 THEN 'under 10' WHEN sales >= 10 AND sales <= 50 THEN '10 to 50' ELSE 'more' END, count(*) "
         "FROM orders GROUP BY 1",
         "Number of rows by groups (under 10: sales is below 10, 10 to 50: sales is at least 10 and sales is at most 50, more: otherwise)",
         "按分组（under 10：sales小于10、10 to 50：sales不小于10且sales不大于50、more：其余）统计行数"),
        ("SELECT region FROM orders UNION SELECT name FROM customers", "Region of orders; together with: name of customers",
         "orders的region；合并：customers的name"),
        ("SELECT quantile_cont(sales, 0.9) FROM orders", "90th percentile of sales", "sales的第90百分位数"),
        ("SELECT region FROM orders GROUP BY region ORDER BY sum(sales) DESC LIMIT 1",
         "Region of orders; by sum of sales, highest first; only the first row", "orders的region，按sales的总和从高到低，只取第一行"),
    ],
)  # fmt: skip
def test_the_sql_is_told_in_one_sentence_of_each_language(shop: Shop, sql: str, english: str, chinese: str) -> None:
    assert reading(shop, sql).summary == Bilingual(english, chinese)


@pytest.mark.parametrize(
    ("condition", "english"),
    [
        ("day >= '2024-01-01' AND day < '2025-01-01'", "Day is in 2024 (2024-01-01 to 2024-12-31)"),
        ("day BETWEEN DATE '2023-04-01' AND DATE '2023-06-30'", "Day is in Q2 2023 (2023-04-01 to 2023-06-30)"),
        ("day >= '2023-02-01' AND day <= '2023-02-28'", "Day is in February 2023 (2023-02-01 to 2023-02-28)"),
        ("day > '2023-02-01' AND day < '2023-03-15'", "Day is from 2023-02-02 to 2023-03-14"),
        ("year(day) = 2023", "Day is in 2023"),
        ("day >= '2024-05-06'", "Day is 2024-05-06 or later"),
        ("day > current_date - INTERVAL 30 DAY", "Day is after 30 days before today"),
    ],
)
def test_conditions_on_dates_become_a_period(shop: Shop, condition: str, english: str) -> None:
    found = reading(shop, f"SELECT count(*) FROM orders WHERE {condition}")
    assert found.period
    assert found.period.en.capitalize() == english.capitalize()
    assert found.filters == ()


@pytest.mark.parametrize(
    ("condition", "english", "chinese"),
    [
        ("region IN ('West', 'East')", "region is one of West, East", "region为West、East之一"),
        ("region ILIKE '%es%'", "region contains es", "region包含es"),
        ("region LIKE 'W%'", "region starts with W", "region以W开头"),
        ("region IS NOT NULL", "region is not missing", "region不为空"),
        ("sales BETWEEN 1 AND 20000", "sales is between 1 and 20,000", "sales在1和20,000之间"),
        ("(region = 'West' OR sales < 5)", "(region is West or sales is below 5)", "（region为West或sales小于5）"),
        ("NOT (sales > 5)", "not: sales is above 5", "并非“sales大于5”"),
        ("5 < sales", "sales is above 5", "sales大于5"),
        ("sales % 2 = 1", "sales mod 2 is 1", "sales mod 2为1"),
        ("hash(region) = 7", "`HASH(region)` is 7", "`HASH(region)`为7"),
    ],
)
def test_a_filter_is_told_and_what_has_no_words_is_shown_as_sql(shop: Shop, condition: str, english: str, chinese: str) -> None:
    assert reading(shop, f"SELECT count(*) FROM orders WHERE {condition}").filters == (Bilingual(english, chinese),)


def test_a_join_names_its_tables_and_columns(shop: Shop) -> None:
    sql = "SELECT name, sum(sales) FROM orders o LEFT JOIN customers c ON o.customer_id = c.customer_id GROUP BY 1"
    [join] = reading(shop, sql).joins
    assert join.en == "Orders joined to customers on customer_id, keeping rows of orders without a match"
    assert join.zh == "orders与customers按customer_id关联，保留orders中没有匹配的行"


def test_rows_scanned_left_and_left_out_are_counted(shop: Shop) -> None:
    found = reading(shop, "SELECT sum(sales) FROM orders WHERE region = 'West'")
    [[matched, missing]] = (
        shop[0].connection.execute("SELECT count(*), count(*) FILTER (WHERE sales IS NULL) FROM orders WHERE region = 'West'").fetchall()
    )
    assert (found.rows_scanned, found.rows_matched) == (1000, matched)
    assert found.missing_left_out == {"sales": missing, "region": 100}


def test_one_query_counts_them_and_none_where_the_statistics_know(shop: Shop) -> None:
    before = shop[0].asked
    assert reading(shop, "SELECT avg(sales) FROM orders").missing_left_out == {"sales": 250}
    assert shop[0].asked == before
    reading(shop, "SELECT avg(sales) FROM orders WHERE region = 'West' AND sales > 5")
    assert shop[0].asked == before + 1


def test_rows_are_counted_through_joins_and_inner_queries(shop: Shop) -> None:
    joined = reading(shop, "SELECT sum(sales) FROM orders JOIN customers USING (customer_id) WHERE vip")
    nested = reading(shop, "SELECT max(s) FROM (SELECT region, sum(sales) AS s FROM orders WHERE day < '2023-01-11' GROUP BY 1)")
    assert (joined.rows_matched, nested.rows_matched) == (500, 10)


def test_the_steps_of_a_nested_query_are_told(shop: Shop) -> None:
    sql = "WITH m AS (SELECT date_trunc('month', day) AS month, sum(sales) AS s FROM orders GROUP BY 1) SELECT avg(s) FROM m"
    steps = [step.en for step in reading(shop, sql).steps]
    assert "Step 1: sum of sales by month of day" in steps


class SlowConnector(MemoryConnector):
    """Every query overruns, or is stopped by the person."""

    error: type[QueryTimeout] | type[QueryCancelled] = QueryTimeout

    def execute(self, query: Query, limits: Limits, cancelled: Event) -> ResultSet:
        raise self.error(Bilingual("Stopped.", "已停止。"))


def test_a_count_that_takes_too_long_is_left_out(shop: Shop) -> None:
    sql = query("SELECT sum(sales) FROM orders WHERE region = 'West'")
    assert read(sql, shop[1], SlowConnector(*DATA), Limits(), Event()).rows_matched is None


def test_a_stopped_count_stops_the_reading(shop: Shop) -> None:
    connector = SlowConnector(*DATA)
    connector.error = QueryCancelled
    with pytest.raises(QueryCancelled):
        read(query("SELECT sum(sales) FROM orders WHERE region = 'West'"), shop[1], connector, Limits(), Event())


def test_the_clauses_are_explained_in_the_order_of_their_work(shop: Shop) -> None:
    sql = "SELECT region, sum(sales) FROM orders WHERE day >= '2024-01-01' GROUP BY 1 HAVING sum(sales) > 10 ORDER BY 2 DESC LIMIT 5"
    assert [line.en.split()[0] for line in explain(query(sql), shop[1])] == ["Read", "Keep", "Group", "Keep", "Show", "Sort", "Only"]


@pytest.mark.parametrize(
    ("mine", "other", "label"),
    [
        ("SELECT sum(sales) FROM orders", "SELECT avg(sales) FROM orders", "Sum of sales"),
        ("SELECT sum(sales) FROM orders WHERE region = 'West'", "SELECT sum(sales) FROM orders", "Region is West"),
        ("SELECT sum(sales) FROM orders", "SELECT sum(sales) FROM orders WHERE region = 'West'", "Without: region is West"),
        ("SELECT region, sum(sales) FROM orders GROUP BY 1", "SELECT customer_id, sum(sales) FROM orders GROUP BY 1", "By region"),
        ("SELECT region FROM orders GROUP BY 1", "SELECT customer_id FROM orders GROUP BY 1", "Region"),
        (
            "SELECT region, sum(sales) FROM orders GROUP BY 1 ORDER BY 1",
            "SELECT customer_id, sum(sales) FROM orders GROUP BY 1 ORDER BY 1",
            "By region",
        ),
        ("SELECT DISTINCT region FROM orders", "SELECT region FROM orders", "Repeated rows once"),
        (
            "SELECT c.name, sum(sales) FROM orders o JOIN customers c ON o.customer_id = c.id GROUP BY 1",
            "SELECT region, sum(sales) FROM orders GROUP BY 1",
            "By name",
        ),
    ],
)
def test_a_choice_is_named_after_what_sets_it_apart(shop: Shop, mine: str, other: str, label: str) -> None:
    assert name_choice(query(mine), query(other), shop[1]).en == label
