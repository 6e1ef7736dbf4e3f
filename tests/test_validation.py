"""Only one SELECT whose parts, functions and names are all known becomes a Query."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyst import errors
from analyst.sql import bounds
from analyst.terms import Candidate, Column, Query, Refusal, Schema, Table
from analyst.validation import repair_names, validate
from analyst.validation.allowed_sql import FUNCTIONS
from analyst.validation.known_names import resolve_names
from connectors.base import Limits
from connectors.duckdb import LocalDuckDB
from connectors.errors import AnalystError, QueryFailed

SQL = Path(__file__).parent / "sql"
TABLES = """
    CREATE TABLE sales (id INT, customer_id INT, region VARCHAR, product VARCHAR, amount DOUBLE, quantity INT, sold_on DATE);
    INSERT INTO sales VALUES (1, 1, 'West', 'Apple', 10.5, 3, '2024-01-05'), (2, 2, 'East', 'Pear', 120, 1, '2024-02-05'),
        (3, 1, 'West', 'Plum', 7, 2, '2024-03-09');
    CREATE TABLE customers (id INT, name VARCHAR, email VARCHAR, tags VARCHAR[], address STRUCT(city VARCHAR, zip VARCHAR), note JSON);
    INSERT INTO customers VALUES (1, 'Ann', 'ann@x.org', ['vip', 'a'], {'city': 'Rome', 'zip': '00100'}, '{"kind": "a"}'),
        (2, 'Bob', 'bob@y.org', ['b'], {'city': 'Bonn', 'zip': '53111'}, '{}');
    CREATE TABLE "Orders 2024" (id INT, "Customer Name" VARCHAR, "Order Total" DOUBLE, "Order Date" DATE);
    INSERT INTO "Orders 2024" VALUES (1, 'Ann', 5, '2024-01-01');
    CREATE TABLE 销售 (地区 VARCHAR, 金额 DOUBLE);
    INSERT INTO 销售 VALUES ('华东', 200);
"""


TABLE_NAMES = {"sales", "customers", "orders 2024", "销售"}


def statements(file: str) -> list[tuple[str, dict[str, str]]]:
    """The statements of a file, each with the directives (`-- name: value`) in force."""
    found: list[tuple[str, dict[str, str]]] = []
    directives: dict[str, str] = {}
    lines: list[str] = []
    for line in (SQL / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("-- ") and not lines:
            name, colon, value = line[3:].partition(": ")
            directives |= {name: value} if colon else {}
        elif line:
            lines.append(line)
        if lines and line.endswith(";"):
            found.append(("\n".join(lines)[:-1], dict(directives)))
            lines = []
    return found


ACCEPTED = [sql for sql, _ in statements("accepted.sql")]
REFUSED = statements("refused.sql")


def checked(sql: str, schema: Schema) -> Query | Refusal:
    return validate(Candidate(sql, score=1.0), schema)


@pytest.fixture(scope="module")
def connector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDuckDB]:
    path = tmp_path_factory.mktemp("data") / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)
    connector = LocalDuckDB(path)
    yield connector
    connector.close()


@pytest.fixture(scope="module")
def schema(connector: LocalDuckDB) -> Schema:
    return Schema(
        tuple(
            Table(listing.name, tuple(Column(column.name, column.type, "dimension") for column in listing.columns), rows=3)
            for listing in connector.tables()
        )
    )


@pytest.mark.parametrize("sql", ACCEPTED)
def test_what_analysts_write_is_accepted_and_runs(sql: str, schema: Schema, connector: LocalDuckDB) -> None:
    query = checked(sql, schema)
    assert isinstance(query, Query)
    assert connector.execute(query, Limits(seconds=10), Event()).columns


@pytest.mark.parametrize(("sql", "directives"), REFUSED, ids=[sql for sql, _ in REFUSED])
def test_a_hostile_or_wrong_statement_is_refused_in_both_languages(sql: str, directives: dict[str, str], schema: Schema) -> None:
    with pytest.raises(getattr(errors, directives["expect"])) as refusal:
        checked(sql, schema)
    assert type(refusal.value).__name__ == directives["expect"]
    assert refusal.value.message.en.strip()
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.value.message.zh)


@pytest.mark.parametrize(("sql", "directives"), REFUSED, ids=[sql for sql, _ in REFUSED])
def test_the_child_process_stops_by_itself_what_its_entry_says(sql: str, directives: dict[str, str], connector: LocalDuckDB) -> None:
    def run() -> None:
        connector.execute(Query(sql, "duckdb", ()), Limits(seconds=2), Event())

    if directives["worker"] == "runs":
        run()
    else:
        with pytest.raises(QueryFailed):
            run()


def test_nothing_hostile_left_a_trace(connector: LocalDuckDB, schema: Schema) -> None:
    for sql, _ in REFUSED:
        with pytest.raises(AnalystError):
            checked(sql, schema)
    query = checked("SELECT count(*), sum(amount) FROM sales", schema)
    assert isinstance(query, Query)
    assert connector.execute(query, Limits(), Event()).rows() == [[3, 137.5]]


def test_a_query_knows_the_tables_it_reads_as_the_schema_writes_them(schema: Schema) -> None:
    query = checked('WITH x AS (SELECT id FROM SALES) SELECT x.id FROM x JOIN "orders 2024" o USING (id), customers c', schema)
    assert isinstance(query, Query)
    assert sorted(query.tables) == ["Orders 2024", "customers", "sales"]


def test_a_query_is_what_was_written_without_comments_and_closing_semicolons(schema: Schema) -> None:
    query = checked("SELECT  region -- where; it was\n, '-- kept' AS k /* and\nthis */ FROM sales ; ;", schema)
    assert query == Query("SELECT  region , '-- kept' AS k FROM sales", "duckdb", ("sales",))


@pytest.mark.parametrize(
    "sql", ["SELECT 'No column holds prices.' AS unanswerable", "select 'No column holds prices.' as \"Unanswerable\";"]
)
def test_the_reserved_form_becomes_a_refusal_with_its_reason(sql: str, schema: Schema) -> None:
    assert checked(sql, schema) == Refusal("No column holds prices.")


def test_a_column_called_unanswerable_over_a_table_is_a_query_like_any_other(schema: Schema) -> None:
    assert isinstance(checked("SELECT 'x' AS unanswerable FROM sales", schema), Query)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT amout FROM sales", "No column is called amout in sales. Did you mean amount?"),
        ("SELECT sum(x) FROM sale", "No table is called sale. Did you mean sales?"),
        ("SELECT name FROM sales", "No column is called name in sales. name is a column of customers."),
        ("SELECT to_char(sold_on, 'YYYY') FROM sales", "The function to_char may not be used. Did you mean strftime?"),
        ("SELECT o.amount FROM sales AS s", "The query reads from nothing called o. There is: s."),
        (
            "SELECT amount FROM sales WHERE",
            "The SQL cannot be read near “WHERE” (line 1, column 30). Check the brackets, commas and keywords there.",
        ),
        ("DROP TABLE sales", "Only SELECT may run, not DROP. Write a single SELECT over the tables at hand."),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wrong_and_what_to_do(sql: str, words: str, schema: Schema) -> None:
    with pytest.raises(errors.SQLRefused) as refusal:
        checked(sql, schema)
    assert refusal.value.in_language("en") == words


def test_a_refusal_is_said_in_chinese_too(schema: Schema) -> None:
    with pytest.raises(errors.UnknownName) as refusal:
        checked("SELECT 地 FROM 销售", schema)
    assert refusal.value.in_language("zh") == "表“销售”中没有名为“地”的列。现有:地区、金额。"


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        ("SELECT amout FROM sales", 'SELECT "amount" FROM sales'),
        ("SELECT order_total FROM orders_2024", 'SELECT order_total FROM "Orders 2024"'),
        ('SELECT ordertotal FROM "Orders 2024"', 'SELECT "Order Total" FROM "Orders 2024"'),
        ("SELECT s.regoin, s.ammount FROM sales s", 'SELECT s."region", s."amount" FROM sales s'),
        ("SELECT nope FROM sales", "SELECT nope FROM sales"),
        ("SELECT amount FROM sales", "SELECT amount FROM sales"),
    ],
)
def test_a_name_is_repaired_where_exactly_one_can_have_been_meant(written: str, repaired: str, schema: Schema) -> None:
    assert repair_names(Candidate(written, 0.5), schema) == Candidate(repaired, 0.5)


def test_a_repaired_candidate_can_be_repaired_again_once_its_tables_are_known(schema: Schema) -> None:
    once = repair_names(Candidate("SELECT order_total FROM orders_2024", 0.5), schema)
    assert repair_names(once, schema).sql == 'SELECT "Order Total" FROM "Orders 2024"'


NESTED, LONG = "is nested more than 60 deep", "words and signs, more than 2,000"
TOO_MUCH = {
    "SELECT '" + "x" * bounds.LONGEST_SQL + "'": "characters, more than 20,000",
    "SELECT " + ",".join(["id"] * 6000) + " FROM sales": LONG,
    "SELECT 1 FROM sales WHERE " + " OR ".join(["id=1"] * 2200): LONG,
    "SELECT 1" + " UNION ALL SELECT 1" * 1000: LONG,
    "SELECT a" + ".a" * 5000 + " FROM sales": LONG,
    "SELECT " + ",".join(["id"] * 501) + " FROM sales": "names 501 columns, more than 500",
    "SELECT 1" + " UNION ALL SELECT 1" * 50: "more than 50 SELECTs",
    "SELECT 1 FROM sales WHERE " + " OR ".join(["id = 1"] * 300): "nested or chained more than 200 deep",
    "SELECT " + "(" * 61: NESTED,
    "SELECT " + "[" * 61: NESTED,
    "SELECT " + "not " * 61 + "true": NESTED,
    "SELECT " + "- " * 61 + "1": NESTED,
    "SELECT " + "case when " * 61: NESTED,
    "SELECT " + "f(" * 61 + "1" + ")" * 61: NESTED,
    "SELECT " + "(select " * 61 + "1" + ")" * 61: NESTED,
    "WITH " * 61: NESTED,
    "SELECT tags" + "[1]" * 300 + " FROM customers": "looks inside of values 299 times, more than 100",
    "SELECT name" + ".lower()" * 300 + " FROM customers": "looks inside of values 299 times, more than 100",
}


@pytest.mark.parametrize("sql", TOO_MUCH, ids=[sql[:40] for sql in TOO_MUCH])
def test_more_sql_than_can_be_read_is_refused_with_the_bound_that_it_passes(sql: str, schema: Schema) -> None:
    with pytest.raises(errors.UnsafeSQL, match=TOO_MUCH[sql]) as refusal:
        checked(sql, schema)
    assert refusal.value.hint.en
    with pytest.raises(errors.UnsafeSQL, match=TOO_MUCH[sql]):
        repair_names(Candidate(sql, 1.0), schema)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "row(1, " * 50 + "1" + ")" * 50, "SELECT tags::" + "decimal(" * 25 + "int" + ")" * 25, "SELECT " + "join a " * 50 + "1",
        "SELECT * FROM sales " + "JOIN max(" * 50 + "sales" + ") ON true" * 50, "SELECT " + "if[" * 50 + "1" + "]" * 50,
        "SELECT " + "enum(x -> " * 50 + "1" + ")" * 50,
    ],
)  # fmt: skip
def test_sql_that_can_be_read_in_too_many_ways_is_given_up(sql: str, schema: Schema) -> None:
    with pytest.raises(errors.UnsafeSQL, match="takes too long to check"):
        checked(sql, schema)


def test_a_function_of_other_databases_is_refused_before_it_is_parsed(schema: Schema) -> None:
    with pytest.raises(errors.UnsafeSQL, match="function sort_array may not be used"):
        checked("SELECT " + "sort_array(1, " * 50 + "1" + ")" * 50, schema)


@pytest.mark.parametrize("blank", "\u00a0\u2003\u3000\u200b\u200d\ufeff\u2028\u202e\u00ad\x0b\x1f")
def test_no_blank_but_a_plain_one_stands_outside_quotation_marks(blank: str, schema: Schema) -> None:
    for sql in (f"SELECT{blank}amount FROM sales", f"SELECT amount FROM{blank}sales", f"SELECT sum{blank}(amount) FROM sales"):
        with pytest.raises(errors.SQLRefused):
            checked(sql, schema)
    assert isinstance(checked(f"SELECT '{blank}' AS \"a{blank}b\" FROM sales -- {blank}", schema), Query)


WORDS = sorted(set(re.findall(r"'[^']*'|\"[^\"]*\"|\w+|[^\w\s]", " ".join([*ACCEPTED, *(sql for sql, _ in REFUSED if len(sql) < 200)]))))
READING = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}


def seen_by_duckdb(sql: str) -> Iterator[str]:
    """What DuckDB's own parser finds in SQL beside the allowed functions and the tables of the tests."""
    with duckdb.connect(":memory:") as connection:
        tree = json.loads(connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0])
    nodes = [] if tree["error"] else list(objects(tree))
    steps = {entry["key"].casefold() for node in nodes for entry in (node.get("cte_map") or {"map": []})["map"]}
    for node in nodes:
        name = str(node.get("function_name") or node.get("table_name")).casefold()
        if node.get("type") == "FUNCTION" and name not in FUNCTIONS and re.search(r"\w", name):
            yield f"function {name}"
        if node.get("type") == "BASE_TABLE" and (node["schema_name"] not in ("", "main") or name not in steps | TABLE_NAMES):
            yield f"table {name}"
        if node.get("type") == "SHOW_REF" or ("cte_map" in node and node["type"] not in READING):
            yield str(node["type"])


def objects(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from objects(part)


def refused_or_harmless(sql: str, schema: Schema) -> bool:
    try:
        query = checked(sql, schema)
    except errors.SQLRefused:
        return True
    return isinstance(query, Refusal) or not list(seen_by_duckdb(query.sql))


@settings(max_examples=400, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), between=st.sampled_from([" ", "", "\n", "\u00a0", "\u200b"]))
def test_of_words_in_any_order_nothing_passes_in_which_duckdb_sees_more_than_is_allowed(
    words: list[str], between: str, schema: Schema
) -> None:
    assert refused_or_harmless("SELECT " + between.join(words), schema)


@settings(max_examples=400, deadline=None)
@given(sql=st.sampled_from(ACCEPTED), words=st.lists(st.tuples(st.integers(0, 60), st.sampled_from(WORDS)), min_size=1, max_size=4))
def test_of_usual_sql_with_words_thrown_in_nothing_passes_in_which_duckdb_sees_more_than_is_allowed(
    sql: str, words: list[tuple[int, str]], schema: Schema
) -> None:
    pieces = re.findall(r"'[^']*'|\"[^\"]*\"|\w+|[^\w\s]", sql)
    for place, word in words:
        pieces.insert(place, word)
    assert refused_or_harmless(" ".join(pieces), schema)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_at_all_ends_in_a_harmless_query_or_a_refusal(text: str, schema: Schema) -> None:
    assert refused_or_harmless("SELECT " + text, schema)


def test_every_allowed_function_is_one_that_duckdb_has() -> None:
    with duckdb.connect(":memory:") as connection:
        known = {name.lower() for (name,) in connection.execute("SELECT function_name FROM duckdb_functions()").fetchall()}
    written_in_the_grammar = {
        "case", "cast", "coalesce", "columns", "current_time", "current_timestamp", "date", "exists", "extract", "grouping", "grouping_id",
        "ifnull", "localtime", "localtimestamp", "percentile_cont", "percentile_disc", "time", "timestamp", "try", "try_cast",
    }  # fmt: skip
    assert FUNCTIONS - known == written_in_the_grammar


def test_a_usual_query_on_a_thousand_columns_takes_a_hundredth_of_the_steps_it_may_take() -> None:
    columns = [tuple(Column(f"c{i}_{j}", "DOUBLE", "measure") for j in range(50)) for i in range(20)]
    wide = Schema(tuple(Table(f"t{i}", columns[i], rows=1) for i in range(20)))
    sql = (
        "SELECT a.c0_1, sum(b.c1_2) AS total FROM t0 a JOIN t1 b ON a.c0_3 = b.c1_3 WHERE a.c0_4 > 3 GROUP BY 1 HAVING total > 1 ORDER BY 2"
    )
    allowance = bounds.Allowance(bounds.MOST_STEPS // 100)
    tree = bounds.tree_of(sql, bounds.tokens_of(sql), allowance)
    assert not resolve_names(tree, wide, allowance).unknown
