"""What passes validation stays cheap for everything that walks its tree later: reading, cautions, lineage, periods, export."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from threading import Event
from types import FrameType

import pyarrow as pa
import pytest

from analyst.datefilter import Period, within_period
from analyst.export import to_sql
from analyst.meaning import cautions
from analyst.prompt.repair import render_attempt
from analyst.reading import explain, name_choice, read
from analyst.sql.lineage import lineage
from analyst.terms import Attempt, Candidate, Column, Links, Query, Schema, Table
from analyst.validation import validate
from connectors.base import Limits, ResultSet
from tests.memory_connector import MemoryConnector

MOST_CALLS = 1_500_000  # Python calls of all stages together; a usual query takes some thousands
STEPS = 48
NAMES = ("id", "amount", "a", "b")
SCHEMA = Schema(tuple(Table(name, tuple(Column(one, "DOUBLE", "measure", missing=1) for one in NAMES), rows=3) for name in ("sales", "t")))


def chained(first: str, inner: str, last: str) -> str:
    """A query of many steps, each of which reads the one before."""
    steps = ", ".join(f"s{number} AS (SELECT {inner} FROM s{number - 1})" for number in range(1, STEPS))
    return f"WITH s0 AS (SELECT {first} FROM sales), {steps} SELECT {last} FROM s{STEPS - 1}"


LARGE = {
    "conditions": "SELECT id FROM sales WHERE " + " OR ".join(["id = 1"] * 190),
    "sums": "SELECT id" + " + id" * 190 + " FROM sales",
    "columns": "SELECT " + ", ".join(["id"] * 490) + " FROM sales",
    "unions": "SELECT id FROM sales" + " UNION ALL SELECT id FROM sales" * STEPS,
    "values within values": "SELECT " + "(SELECT max(id) FROM sales WHERE id < " * 28 + "1" + ")" * 28 + " FROM sales",
    "tests within tests": "SELECT id FROM sales WHERE " + "id IN (SELECT id FROM t WHERE " * 38 + "true" + ")" * 38,
    "names used twice in each step": chained("id", "id + id AS id", "id"),
    "names used often in each step": chained("id, a, b", "id+a+b AS id, id*a AS a, id-b AS b", "id"),
    "steps within steps": "WITH s AS (" * 28 + "SELECT id FROM sales" + ") SELECT id FROM s" * 28,
    "joins": "SELECT sum(sales.amount) FROM sales" + "".join(f" JOIN t t{n} ON t{n}.id = sales.id" for n in range(60)),
    "totals": "SELECT " + ", ".join(["sum(sum(amount)) OVER (PARTITION BY id)"] * 100) + " FROM sales GROUP BY id",
}


def calls(work: Callable[[], object]) -> int:
    """How many Python functions are called."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"
        if count > MOST_CALLS:
            pytest.fail(f"More than {MOST_CALLS:,} calls")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("sql", LARGE.values(), ids=LARGE)
def test_what_passes_validation_is_read_and_judged_in_bounded_work(sql: str) -> None:
    query = validate(Candidate(sql, 1.0), SCHEMA)
    assert isinstance(query, Query)
    connector, result = (
        MemoryConnector("CREATE TABLE sales (id INT, amount INT, a INT, b INT); CREATE TABLE t AS FROM sales"),
        ResultSet(pa.table({"id": [1]}), False, 0.0),
    )

    def everything() -> None:
        read(query, SCHEMA, connector, Limits(), Event())
        explain(query, SCHEMA)
        name_choice(query, query, SCHEMA)
        cautions(query, SCHEMA, result)
        lineage(query, SCHEMA, 1)
        to_sql(query)
        within_period(query.sql, Period(date(2024, 1, 1), None), SCHEMA)

    assert calls(everything) < MOST_CALLS


def test_refused_sql_that_can_be_read_in_too_many_ways_is_told_to_the_model_without_being_read_again() -> None:
    sql = "SELECT " + "row(1, " * 50 + "1" + ")" * 50
    assert sql in render_attempt(Attempt(sql, "It takes too long."), SCHEMA, Links())
