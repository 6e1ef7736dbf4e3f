"""The dashboard's date filter: rows outside the period leave before anything is counted."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from analyst.datefilter import Period, within_period
from analyst.terms import Column, Join, Schema, Table

MARCH = Period(date(2024, 3, 1), date(2024, 3, 31))

SCHEMA = Schema(
    tables=(
        Table(
            "orders",
            (
                Column("Order Date", "DATE", "time"),
                Column("Shipped", "TIMESTAMP", "time"),
                Column("Customer", "BIGINT", "identifier"),
                Column("Sales", "DOUBLE", "measure"),
            ),
            4,
        ),
        Table(
            "customers",
            (Column("ID", "BIGINT", "identifier"), Column("Since", "DATE", "time"), Column("City", "VARCHAR", "dimension")),
            2,
        ),
        Table("population", (Column("Year", "BIGINT", "time"), Column("People", "BIGINT", "measure")), 3),
        Table("colours", (Column("Name", "VARCHAR", "dimension"),), 1),
    ),
    joins=(Join("orders", "Customer", "customers", "ID", 1.0),),
)


@pytest.fixture(scope="module")
def rows():
    database = duckdb.connect()
    database.execute("""
        create table orders as select * from (values
            (date '2024-02-29', timestamp '2024-03-01 08:00', 1, 10.0), (date '2024-03-01', timestamp '2024-03-02 08:00', 1, 20.0),
            (date '2024-03-31', timestamp '2024-03-31 23:59', 2, 40.0), (date '2024-04-01', timestamp '2024-04-02 08:00', 2, 80.0)
        ) t("Order Date", "Shipped", "Customer", "Sales");
        create table customers as select * from (values
            (1, date '2020-01-01', '上海'), (2, date '2024-03-05', 'Paris')) t("ID", "Since", "City");
        create table population as select * from (values (2023, 5), (2024, 6), (2025, 7)) t("Year", "People");
        create table colours as select 'red' as "Name";
    """)

    def run(sql: str) -> list[tuple[object, ...]]:
        return database.sql(within_period(sql, MARCH, SCHEMA).sql).fetchall()

    return run


def test_a_sum_counts_the_rows_of_the_period_only_and_both_ends_belong_to_it(rows):
    assert rows("SELECT SUM(Sales) FROM orders") == [(60.0,)]


def test_the_date_the_query_speaks_of_is_the_one_compared_with_its_last_day_to_midnight(rows):
    assert rows("SELECT SUM(Sales) FROM orders WHERE Shipped IS NOT NULL") == [(70.0,)]


def test_an_alias_a_join_and_a_subquery_keep_their_names(rows):
    assert rows("SELECT c.City, SUM(o.Sales) FROM orders AS o JOIN customers AS c ON o.Customer = c.ID GROUP BY 1 ORDER BY 1") == [
        ("Paris", 40.0),
        ("上海", 20.0),
    ]
    assert rows("SELECT MAX(s) FROM (SELECT Customer, SUM(Sales) AS s FROM orders GROUP BY 1) AS t") == [(40.0,)]


def test_a_share_of_the_total_is_a_share_of_the_periods_total(rows):
    share = "SELECT Customer, SUM(Sales) / (SELECT SUM(Sales) FROM orders) FROM orders GROUP BY 1 ORDER BY 1"
    assert [round(row[1], 3) for row in rows(share)] == [0.333, 0.667]


def test_a_looked_up_tables_own_date_filters_nothing_unless_it_is_counted_itself(rows):
    assert rows("SELECT COUNT(*) FROM orders JOIN customers ON Customer = ID WHERE Since < DATE '2021-01-01'") == [(1,)]
    assert rows("SELECT COUNT(*) FROM customers") == [(1,)]


def test_a_named_subquery_that_bears_a_tables_name_is_left_alone(rows):
    assert rows("WITH orders AS (SELECT 5 AS Sales) SELECT SUM(Sales) FROM orders") == [(5,)]


def test_a_column_of_years_is_compared_by_year(rows):
    assert rows("SELECT SUM(People) FROM population") == [(6,)]


def test_a_query_without_any_date_says_that_nothing_was_compared():
    assert within_period("SELECT COUNT(*) FROM colours", MARCH, SCHEMA) == ("SELECT COUNT(*) FROM colours", ())


def test_an_open_end_lets_everything_through_on_that_side():
    assert within_period("SELECT COUNT(*) FROM population", Period(None, date(2024, 6, 1)), SCHEMA).sql == (
        'SELECT COUNT(*) FROM (SELECT * FROM population WHERE "Year" < 2025) AS "population"'
    )
