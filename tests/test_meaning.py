"""Warnings that the SQL and the data prove, and their silence where nothing is wrong."""

from __future__ import annotations

import pyarrow as pa
import pytest
import sqlglot
from memory_connector import MemoryConnector
from sqlglot import expressions as exp

from analyst.meaning import cautions
from analyst.meaning.cautionwords import WORDS
from analyst.profile import profile
from analyst.terms import Caution, Query, ResultSet, Schema

DATA = (
    "CREATE TABLE customers AS SELECT i AS customer_id, 'Name ' || i AS name, i * 100 AS credit FROM range(20) t(i)",
    "CREATE TABLE orders AS SELECT i AS order_id, i % 22 AS customer_id, DATE '2023-01-15' + i::INT AS day, i * 1.5 AS sales, "
    "['USD', 'EUR'][i % 2 + 1] AS currency, i % 100 / 100.0 AS discount_rate, '7' AS code FROM range(500) t(i)",
    "CREATE TABLE visits AS SELECT CASE WHEN i = 3 THEN NULL ELSE i % 20 END AS customer_id FROM range(40) t(i)",
    "CREATE TABLE cards AS SELECT i AS customer_id, 'C' || i AS card FROM range(20) t(i)",
)
ONE_ROW = ResultSet(pa.table({"n": [1]}), False, 0.0)


@pytest.fixture(scope="module")
def schema() -> Schema:
    return profile(MemoryConnector(*DATA))


def warned(sql: str, schema: Schema, result: ResultSet = ONE_ROW) -> list[Caution]:
    names = {table.name for table in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Table)}
    return list(cautions(Query(sql, "duckdb", tuple(names)), schema, result))


def kinds(sql: str, schema: Schema) -> set[str]:
    return {caution.kind for caution in warned(sql, schema)}


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT sum(c.credit) FROM customers c JOIN visits v ON c.customer_id = v.customer_id", "fan_out"),
        ("SELECT sum(credit) FROM customers JOIN visits USING (customer_id)", "fan_out"),
        ("SELECT sum(c.credit) FROM customers c, visits v WHERE c.customer_id = v.customer_id", "fan_out"),
        ("SELECT avg(c.credit) FROM customers c JOIN visits v ON c.customer_id = v.customer_id", "fan_out_average"),
        ("SELECT name, sum(o.sales) FROM orders o JOIN customers c ON o.customer_id = c.customer_id GROUP BY 1", "lost_rows"),
        ("SELECT sum(discount_rate) FROM orders", "summed_ratio"),
        ("SELECT avg(discount_rate) FROM orders", "averaged_ratio"),
        ("SELECT sum(sales) FROM orders", "mixed_units"),
        ("SELECT date_trunc('month', day), count(*) FROM orders GROUP BY 1", "partial_period"),
        ("SELECT year(day), count(*) FROM orders GROUP BY 1", "partial_period"),
        ("SELECT order_id FROM orders WHERE code > 5", "text_as_number"),
        ("SELECT name FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM visits)", "not_in_missing"),
        ("SELECT order_id FROM orders LIMIT 5", "unordered_limit"),
    ],
)
def test_what_may_be_wrong_is_warned_of(schema: Schema, sql: str, kind: str) -> None:
    assert kind in kinds(sql, schema)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM orders",
        "SELECT sum(c.credit) FROM customers c JOIN cards k ON c.customer_id = k.customer_id",
        "SELECT max(c.credit) FROM customers c JOIN visits v ON c.customer_id = v.customer_id",
        "SELECT count(DISTINCT c.credit) FROM customers c JOIN visits v ON c.customer_id = v.customer_id",
        "SELECT name, count(*) FROM orders o LEFT JOIN customers c ON o.customer_id = c.customer_id GROUP BY 1",
        "SELECT currency, sum(sales) FROM orders GROUP BY 1",
        "SELECT sum(sales) FROM orders WHERE currency = 'USD'",
        "SELECT date_trunc('month', day), count(*) FROM orders WHERE day >= '2023-02-01' AND day < '2024-01-01' GROUP BY 1",
        "SELECT name FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM visits WHERE customer_id IS NOT NULL)",
        "SELECT order_id FROM orders ORDER BY sales DESC LIMIT 5",
        "SELECT count(*) FROM orders LIMIT 1",
        "SELECT order_id FROM orders WHERE code = '7'",
    ],
)
def test_where_nothing_is_wrong_nothing_is_said(schema: Schema, sql: str) -> None:
    assert kinds(sql, schema) == set()


def test_a_cut_result_is_warned_of_with_its_rows(schema: Schema) -> None:
    result = ResultSet(pa.table({"n": list(range(1200))}), True, 0.0)
    [caution] = warned("SELECT order_id AS n FROM orders ORDER BY 1", schema, result)
    assert (caution.kind, "1,200" in caution.message.en, "1,200" in caution.message.zh) == ("truncated", True, True)


def test_a_warning_names_the_tables_and_says_what_to_do(schema: Schema) -> None:
    [caution] = warned("SELECT sum(c.credit) FROM customers c JOIN visits v ON c.customer_id = v.customer_id", schema)
    assert all(name in caution.message.en for name in ("customers", "visits", "credit", "before joining"))


def test_the_same_warning_is_given_once(schema: Schema) -> None:
    assert len(warned("SELECT sum(discount_rate), sum(discount_rate) * 2 FROM orders", schema)) == 1


def test_every_warning_is_there_in_both_languages() -> None:
    assert all(words.en and words.zh and words.en != words.zh for words in WORDS.values())
