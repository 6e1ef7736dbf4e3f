"""Only one SELECT whose parts, functions and names are all known becomes a Query."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyst import errors
from analyst.terms import Candidate, Column, Query, Refusal, Schema, Table
from analyst.validation import LONGEST_SQL, repair_names, validate
from analyst.validation.allowed_sql import FUNCTIONS
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


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 5000, "SELECT " + "[" * 5000, "SELECT " + "not " * 3000 + "true", "SELECT " + "- " * 4000 + "1",
        "SELECT " + "case when " * 500, "SELECT " + "f(" * 500 + "1" + ")" * 500, "SELECT " + "(select " * 500 + "1" + ")" * 500,
        "SELECT '" + "x" * LONGEST_SQL + "'", "WITH " * 1000, "SELECT 1" + " UNION SELECT 1" * 1300,
        "SELECT a" + ".a" * 5000 + " FROM sales",
    ],
)  # fmt: skip
def test_sql_made_to_exhaust_the_parser_ends_in_a_refusal_or_a_query(sql: str, schema: Schema) -> None:
    with suppress(errors.SQLRefused):
        assert isinstance(checked(sql, schema), (Query, Refusal))


PIECES = sorted(set(" ".join([*ACCEPTED, *(sql for sql, _ in REFUSED if len(sql) < 200)]).replace("(", " ( ").replace(")", " ) ").split()))


@settings(max_examples=400, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), min_size=1, max_size=30))
def test_any_words_in_any_order_end_in_a_query_or_a_refusal(pieces: list[str], schema: Schema) -> None:
    try:
        validated = checked(" ".join(["SELECT", *pieces]), schema)
    except errors.SQLRefused:
        return
    assert isinstance(validated, (Query, Refusal))


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_any_text_at_all_ends_in_a_query_or_a_refusal(text: str, schema: Schema) -> None:
    try:
        validated = checked("SELECT " + text, schema)
    except errors.SQLRefused:
        return
    assert isinstance(validated, (Query, Refusal))


def test_every_allowed_function_is_one_that_duckdb_has() -> None:
    with duckdb.connect(":memory:") as connection:
        known = {name.lower() for (name,) in connection.execute("SELECT function_name FROM duckdb_functions()").fetchall()}
    written_in_the_grammar = {
        "case", "cast", "coalesce", "columns", "current_time", "current_timestamp", "date", "exists", "extract", "grouping", "grouping_id",
        "ifnull", "localtime", "localtimestamp", "percentile_cont", "percentile_disc", "time", "timestamp", "try", "try_cast",
    }  # fmt: skip
    assert FUNCTIONS - known == written_in_the_grammar
