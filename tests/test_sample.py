"""The sample tables: the same bytes every time, small, and with the features that the first questions show."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from analyst.sample import FILES
from analyst.sample.make import main


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for path in FILES:
        connection.execute(f'CREATE TABLE "{path.stem}" AS FROM read_csv(?)', [str(path)])
    return connection


def test_making_them_again_gives_the_same_bytes(tmp_path: Path) -> None:
    main(tmp_path)
    assert [(tmp_path / path.name).read_bytes() for path in FILES] == [path.read_bytes() for path in FILES]


def test_together_they_are_smaller_than_300_kb() -> None:
    assert sum(path.stat().st_size for path in FILES) < 300_000


@pytest.mark.parametrize(("table", "column"), [("orders", "Order Date"), ("门店销售", "日期")])
def test_three_whole_years_end_in_october_2026(database: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    row = database.sql(f'SELECT min("{column}")::VARCHAR, max("{column}")::VARCHAR FROM "{table}"').fetchall()
    assert row == [("2023-11-01", "2026-10-31")]


def test_sales_follow_from_quantity_price_and_discount(database: duckdb.DuckDBPyConnection) -> None:
    wrong = database.sql(
        'SELECT count(*) FROM orders WHERE abs("Sales" - "Quantity" * "Unit Price" * (1 - "Discount")) > 0.0051'
    ).fetchall()
    assert wrong == [(0,)]


def test_every_order_is_by_a_customer_who_was_there_in_that_city(database: duckdb.DuckDBPyConnection) -> None:
    strangers = database.sql(
        'SELECT count(*) FROM orders o LEFT JOIN customers c USING ("Customer ID") '
        'WHERE "Customer ID" IS NOT NULL AND (c."Customer Name" IS NULL OR c."City" <> o."City" OR c."Since" > o."Order Date")'
    ).fetchall()
    assert strangers == [(0,)]


def test_the_flooded_month_stands_out(database: duckdb.DuckDBPyConnection) -> None:
    months = database.sql('SELECT strftime("Order Date", \'%Y-%m\') FROM orders GROUP BY ALL ORDER BY sum("Sales")').fetchall()
    assert months[0] == ("2025-06",)


def test_west_is_strong_and_south_is_weak(database: duckdb.DuckDBPyConnection) -> None:
    regions = database.sql('SELECT "Region" FROM orders GROUP BY ALL ORDER BY sum("Sales") DESC').fetchall()
    assert (regions[0], regions[-1]) == (("West",), ("South",))


def test_some_cells_are_missing(database: duckdb.DuckDBPyConnection) -> None:
    [missing] = database.sql('SELECT count(*) - count("Profit"), count(*) - count("Customer ID") FROM orders').fetchall()
    assert all(0 < count < 60 for count in missing)
