"""Roles, units, keys and joins that profile() finds, and the person's edits on top."""

from __future__ import annotations

import pytest
from memory_connector import MemoryConnector

from analyst.columns.headers import header_unit
from analyst.profile import profile
from analyst.terms import Column, ColumnEdit, Edits, JoinEnds, Schema, Term

NO_EDITS = Edits()
SHOP = (
    "CREATE TABLE customers AS SELECT 100 + i AS id, 'Name ' || i AS name, '0' || (10000 + i) AS zip_code, "
    "i % 2 = 0 AS member FROM range(50) t(i)",
    "CREATE TABLE orders AS SELECT i AS order_id, 100 + i % 50 AS customer_id, DATE '2024-01-01' + i::INT AS order_date, "
    'i * 1.5 AS "Sales (USD)", i % 7 AS quantity, 2000 + i % 3 AS year, 1 + i % 5 AS rating, '
    "i % 2 AS returned, i % 90 AS invoice_no FROM range(300) t(i)",
)


def shop(edits: Edits = NO_EDITS) -> Schema:
    return profile(MemoryConnector(*SHOP), edits)


def column(schema: Schema, table: str, name: str) -> Column:
    found_table = schema.table(table)
    assert found_table
    found = found_table.column(name)
    assert found
    return found


@pytest.mark.parametrize(
    ("table", "name", "role"),
    [
        ("customers", "id", "identifier"),
        ("customers", "name", "dimension"),
        ("customers", "zip_code", "identifier"),
        ("customers", "member", "dimension"),
        ("orders", "customer_id", "identifier"),
        ("orders", "order_date", "time"),
        ("orders", "Sales (USD)", "measure"),
        ("orders", "quantity", "measure"),
        ("orders", "year", "time"),
        ("orders", "rating", "measure"),
        ("orders", "invoice_no", "identifier"),
        ("orders", "returned", "dimension"),
    ],
)
def test_a_column_is_for_what_its_header_and_cells_say(table: str, name: str, role: str) -> None:
    assert column(shop(), table, name).role == role


@pytest.mark.parametrize("header", ["#", "%", "…"])
def test_a_header_without_a_word_names_a_column_like_any_other(header: str) -> None:
    schema = profile(MemoryConnector(f'CREATE TABLE ranks AS SELECT i % 7 AS "{header}" FROM range(30) t(i)'))
    assert column(schema, "ranks", header).role == "measure"


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Weight (kg)", "kg"), ("price_usd", "$"), ("Revenue ($)", "$"), ("销售额（万元）", "万元"), ("Discount %", "%"), ("pct", "%"),
        ("Miles", ""), ("region", ""), ("Tax 5%", ""), ("年薪_美元", "美元"), ("Price [EUR/kg]", "€/kg"), ("Note (see below)", ""),
    ],
)  # fmt: skip
def test_a_unit_is_read_from_the_header(header: str, unit: str) -> None:
    assert header_unit(header) == unit


def test_a_unit_met_while_reading_goes_before_the_header() -> None:
    schema = profile(MemoryConnector("CREATE TABLE t AS SELECT 1.5 AS price"), loaded_units={"t.price": "€"})
    assert column(schema, "t", "price").unit == "€"


def test_a_join_is_proved_by_containment_and_says_how_much_is_contained() -> None:
    [join] = shop().joins
    assert (join.table, join.column, join.parent_table, join.parent_column) == ("orders", "customer_id", "customers", "id")
    assert (join.containment, join.origin) == (1.0, "proved")


def test_small_numbers_inside_an_id_column_are_no_join() -> None:
    schema = profile(MemoryConnector(
        "CREATE TABLE products AS SELECT i AS product_id FROM range(1, 50) t(i)",
        "CREATE TABLE ratings AS SELECT 1 + i % 5 AS stars, 1 + i % 5 AS product_quantity FROM range(100) t(i)",
    ))  # fmt: skip
    assert schema.joins == ()


def test_keys_that_few_numbers_could_be_are_joined_by_their_values() -> None:
    schema = profile(MemoryConnector(
        "CREATE TABLE lecturers AS SELECT 1000 + i * i * 37 AS number, 'L' || i AS surname FROM range(1, 16) t(i)",
        "CREATE TABLE pupils AS SELECT i AS pupil_id, 1000 + (1 + i % 9) * (1 + i % 9) * 37 AS advisor, i AS points FROM range(60) t(i)",
    ))  # fmt: skip
    [join] = schema.joins
    assert (join.table, join.column, join.parent_table, join.parent_column) == ("pupils", "advisor", "lecturers", "number")


def test_the_key_of_a_table_does_not_point_to_another_table() -> None:
    schema = profile(MemoryConnector(
        "CREATE TABLE customers AS SELECT i AS customer_id FROM range(15) t(i)",
        "CREATE TABLE customer_orders AS SELECT i AS order_id FROM range(15) t(i)",
        "CREATE TABLE order_items AS SELECT i AS order_item_id FROM range(15) t(i)",
    ))  # fmt: skip
    assert schema.joins == ()


def test_an_employee_points_to_the_manager_in_the_same_table() -> None:
    schema = profile(MemoryConnector("CREATE TABLE employees AS SELECT i AS id, i // 3 AS manager_id FROM range(30) t(i)"))
    [join] = schema.joins
    assert (join.column, join.parent_column) == ("manager_id", "id")


def test_a_named_reference_with_some_orphans_is_still_a_join() -> None:
    schema = profile(MemoryConnector(
        "CREATE TABLE departments AS SELECT 10 * i AS department_id FROM range(1, 20) t(i)",
        "CREATE TABLE staff AS SELECT i AS staff_id, 10 * (i % 11) AS department_id FROM range(100) t(i)",
    ))  # fmt: skip
    [join] = schema.joins
    assert 0.75 < join.containment < 1


def test_a_column_that_points_elsewhere_is_no_measure() -> None:
    schema = profile(MemoryConnector(
        "CREATE TABLE campuses AS SELECT i AS id, 'Campus ' || i AS name FROM range(1, 24) t(i)",
        "CREATE TABLE fees AS SELECT 1 + i % 23 AS campus, i * 10 AS fee FROM range(100) t(i)",
    ))  # fmt: skip
    assert column(schema, "fees", "campus").role == "identifier"


def test_keys_never_repeat_and_the_likeliest_comes_first() -> None:
    schema = profile(MemoryConnector("CREATE TABLE people AS SELECT 'P' || i AS name, i * 2 AS person_id, i % 3 AS age FROM range(9) t(i)"))
    table = schema.table("people")
    assert table
    assert table.keys == (("person_id",), ("name",))


def test_what_the_person_says_goes_before_what_was_found() -> None:
    edit = ColumnEdit(role="dimension", unit="stars", description="1 is worst", synonyms=("score",))
    schema = shop(
        Edits(columns={("ORDERS", "Rating"): edit}, tables={"orders": "All orders"}, glossary=(Term("revenue", "orders.Sales (USD)"),))
    )
    rating = column(schema, "orders", "rating")
    assert (rating.role, rating.unit, rating.description, rating.synonyms) == ("dimension", "stars", "1 is worst", ("score",))
    assert schema.tables[1].description == "All orders"
    assert schema.glossary[0].words == "revenue"


def test_joins_can_be_removed_confirmed_and_added() -> None:
    found = JoinEnds("orders", "customer_id", "customers", "id")
    added = JoinEnds("orders", "rating", "customers", "id")
    assert shop(Edits(joins_removed=(found,))).joins == ()
    assert shop(Edits(joins_confirmed=(found,))).joins[0].origin == "person"
    assert [join.ends for join in shop(Edits(joins_added=(added,))).joins] == [added, found]


def test_a_join_to_a_column_that_is_gone_is_left_out() -> None:
    assert len(shop(Edits(joins_added=(JoinEnds("orders", "gone", "customers", "id"),))).joins) == 1


def test_the_version_changes_with_the_rows_and_with_the_edits() -> None:
    other_rows = profile(MemoryConnector(SHOP[0], SHOP[1].replace("range(300)", "range(301)")))
    versions = {shop().version, other_rows.version, shop(Edits(tables={"orders": "x"})).version}
    assert len(versions) == 3
    assert shop().version in versions


def test_thirty_tables_are_joined_with_few_comparisons() -> None:
    tables = [
        f"CREATE TABLE thing_{n}s AS SELECT i AS thing_{n}_id, {', '.join(f'i // 2 AS thing_{m % 30}_id' for m in range(n + 1, n + 4))}, "
        "i * 1.5 AS price, i % 4 AS quantity, 'n' || i AS name FROM range(20) t(i)"
        for n in range(30)
    ]
    connector = MemoryConnector(*tables)
    schema = profile(connector)
    assert len(schema.joins) == 90
    assert connector.asked <= 200
