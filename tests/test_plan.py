"""What a question asks for as a value: written in tokens, compiled to SQL, recovered from SQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_connector import MemoryConnector

from analyst.plan import (
    ColumnName,
    Days,
    Inexpressible,
    Literal,
    Operation,
    Order,
    Select,
    compile_plan,
    from_tokens,
    recover_plan,
    to_tokens,
)
from analyst.plan.grammar import GRAMMAR, START
from analyst.profile import profile
from analyst.terms import Language, Schema

DATA = (
    "CREATE TABLE customers AS SELECT i AS customer_id, 'Name ' || i AS name, ['Firm', 'Home'][i % 2 + 1] AS segment FROM range(20) t(i)",
    "CREATE TABLE orders AS SELECT i AS order_id, i % 20 AS customer_id, DATE '2023-11-15' + i::INT AS day, "
    "2019 + i % 7 AS season, '2024-0' || (i % 9 + 1) AS month_text, i * 1.5 AS sales, i - 70 AS profit, "
    "['West', 'East', 'North'][i % 3 + 1] AS region, ['Pen', 'Desk', 'Lamp', 'Chair'][i % 4 + 1] AS product FROM range(200) t(i)",
    "CREATE TABLE weather AS SELECT i AS reading, i * 0.5 AS degrees FROM range(9) t(i)",
)
SALES, REGION, DAY = ColumnName("orders", "sales"), ColumnName("orders", "region"), ColumnName("orders", "day")
QUERIES = [line for line in (Path(__file__).parent / "sql" / "plans.sql").read_text("utf-8").splitlines() if not line.startswith("--")]


@pytest.fixture(scope="module")
def tables() -> Iterator[MemoryConnector]:
    connector = MemoryConnector(*DATA)
    yield connector
    connector.close()


@pytest.fixture(scope="module")
def schema(tables: MemoryConnector) -> Schema:
    return profile(tables)


def rows(sql: str, tables: MemoryConnector) -> list[tuple[object, ...]]:
    return sorted(tables.connection.execute(sql).fetchall(), key=repr)


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_that_the_algebra_says_comes_back_with_the_same_rows(sql: str, schema: Schema, tables: MemoryConnector):
    plan = recover_plan(sql, schema)
    assert from_tokens(to_tokens(plan)) == plan
    compiled = compile_plan(plan, schema).sql("duckdb")
    assert rows(compiled, tables) == rows(sql, tables)
    assert recover_plan(compiled, schema) == plan


@pytest.mark.parametrize(
    ("sql", "part"),
    [
        ("SELECT count(*) FROM (SELECT region FROM orders)", "a derived table"),
        ("WITH x AS (SELECT 1 AS a) SELECT a FROM x", "with"),
        ("SELECT a.name FROM customers a JOIN customers b ON a.customer_id = b.customer_id", "a table joined to itself"),
        ("SELECT sum(sales) OVER (ORDER BY day ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM orders", "a window"),
        ("SELECT nothing FROM orders", "the column nothing"),
        ("DROP TABLE orders", "Drop"),
    ],
)
def test_what_the_algebra_cannot_say_is_named(sql: str, part: str, schema: Schema):
    with pytest.raises(Inexpressible, match=part):
        recover_plan(sql, schema)


def test_the_period_of_a_question_is_a_range_of_days_or_of_years_as_the_column_has_them(schema: Schema):
    period = Days("2023-01-01", "2025-01-01")
    for column, expected in ((DAY, "< '2025-01-01'"), (ColumnName("orders", "season"), "BETWEEN 2023 AND 2024")):
        sql = compile_plan(Select((Operation("rows"),), where=Operation("during", (column, period))), schema).sql("duckdb")
        assert expected in sql


def test_a_literal_takes_the_type_of_the_column_that_it_is_compared_with(schema: Schema):
    test = Operation("eq", (ColumnName("orders", "month_text"), Literal(7)))
    assert "= '7'" in compile_plan(Select((Operation("rows"),), where=test), schema).sql("duckdb")


def test_tables_that_no_join_connects_make_no_query(schema: Schema):
    with pytest.raises(Inexpressible, match="no join leads to weather"):
        compile_plan(Select((SALES, ColumnName("weather", "degrees"))), schema)


def test_a_change_without_anything_along_which_time_runs_makes_no_query(schema: Schema):
    with pytest.raises(Inexpressible, match="what came before"):
        compile_plan(Select((REGION, Operation("change", (Operation("sum", (SALES,)),)))), schema)


def test_the_first_two_of_each_group_come_in_the_order_of_the_groups(schema: Schema, tables: MemoryConnector):
    measure = Operation("sum", (SALES,))
    plan = Select((REGION, ColumnName("orders", "product"), measure), order=(Order(measure, True),), limit=2, per=(REGION,))
    found = tables.connection.execute(compile_plan(plan, schema).sql("duckdb")).fetchall()
    assert [row[0] for row in found] == ["East", "East", "North", "North", "West", "West"]


@pytest.mark.parametrize(
    ("language", "names"),
    [("en", ["region", "Total sales", "Growth of Total sales (%)"]), ("zh", ["region", "sales合计", "sales合计增长率(%)"])],
)
def test_what_is_calculated_has_a_name_in_the_language_of_the_question(language: Language, names: list[str], schema: Schema):
    total = Operation("sum", (SALES,))
    plan = Select((Operation("month", (DAY,)), REGION, total, Operation("growth", (total,))))
    query = compile_plan(plan, schema, language)
    assert [output.alias_or_name for output in query.expressions][1:] == names
    assert recover_plan(query.sql("duckdb"), schema) == plan


@pytest.mark.parametrize(
    "tokens",
    [
        [],
        ["select", "end"],
        ["select", "rows"],
        ["select", "rows", "end", "end"],
        ["select", "rows", "where", "sum", SALES, "end"],
        ["select", "rows", "limit", ("v", Literal("three")), "end"],
    ],
)
def test_a_token_list_that_is_no_plan_is_refused(tokens: list[object]):
    with pytest.raises(Inexpressible):
        from_tokens(tokens)  # type: ignore[arg-type]


@st.composite
def token_lists(draw: st.DrawFn) -> list[object]:
    """Any token list that the grammar allows, over the columns of the tables above."""
    pointers = {
        "c": st.sampled_from([SALES, REGION, DAY, ColumnName("customers", "segment")]),
        "t": st.just(("t", "orders")),
        "v": st.sampled_from([("v", Literal(3)), ("v", Literal("West")), ("v", Days("2024-01-01", "2024-02-01"))]),
    }
    waiting, tokens = [START], []
    while waiting:
        expansion = GRAMMAR[waiting.pop()]
        room = len(tokens) < 30
        shortest = min(len(arguments) for arguments in expansion.values())
        options = [token for token, arguments in expansion.items() if room or len(arguments) == shortest]
        kind = draw(st.sampled_from(sorted(options)))
        tokens.append(draw(pointers[kind]) if kind in pointers else kind)
        waiting.extend(reversed(expansion[kind]))
        if len(tokens) > 120:
            break
    return tokens if not waiting else ["select", "rows", "from", ("t", "orders"), "end"]


@settings(max_examples=300, deadline=None)
@given(tokens=token_lists())
def test_whatever_the_grammar_allows_compiles_to_one_select_or_is_refused(tokens: list[object], schema: Schema):
    try:
        sql = compile_plan(from_tokens(tokens), schema).sql("duckdb")  # type: ignore[arg-type]
    except Inexpressible:
        return
    assert len(sqlglot.parse(sql, dialect="duckdb")) == 1
