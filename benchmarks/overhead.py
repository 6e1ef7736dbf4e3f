"""What the child process costs: a query through the connector against the same query on DuckDB in this process."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

import duckdb

from analyst.prompt import write_prompt
from analyst.terms import Candidate, Column, Links, Question, Schema, Table
from analyst.validation import validate
from connectors.base import Limits, Query
from connectors.duckdb import THREADS, LocalDuckDB

ROUNDS = 60
QUERIES = {
    "one value": "SELECT sum(amount) AS total FROM sales",
    "groups": "SELECT region, sum(amount) AS total, count(*) AS n FROM sales GROUP BY region ORDER BY total DESC",
    "months": "SELECT date_trunc('month', sold_on) AS month, avg(amount) AS mean FROM sales GROUP BY month ORDER BY month",
    "1,000 rows": "SELECT * FROM sales WHERE quantity > 2 LIMIT 1000",
    "10,000 rows": "SELECT * FROM sales LIMIT 10000",
}


def make_sales(path: Path, rows: int) -> None:
    """A table of sales with some usual columns."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE sales AS SELECT i AS id, 'region ' || i % 20 AS region, 'product ' || i % 300 AS product, i % 7 AS quantity, "
            "(i * 7919 % 100003) / 100.0 AS amount, DATE '2022-01-01' + (i % 1000)::INTEGER AS sold_on FROM range($rows) AS r(i)",
            {"rows": rows},
        )


def milliseconds(run: Callable[[], object]) -> list[float]:
    """How long each of some rounds took; a first one, which warms what can be warmed, is not counted."""
    run()
    durations = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run()
        durations.append(1000 * (time.perf_counter() - started))
    return sorted(durations)


def p50_p95(durations: list[float]) -> str:
    return f"{statistics.median(durations):7.2f} {durations[int(0.95 * len(durations))]:7.2f}"


def run_bare(connection: duckdb.DuckDBPyConnection, sql: str) -> object:
    return connection.sql(sql).to_arrow_table()


def compare(path: Path) -> None:
    """Print p50 and p95 of both ways for every query."""
    connector = LocalDuckDB(path)
    bare = duckdb.connect(str(path), read_only=True, config={"threads": THREADS, "enable_external_access": "false"})
    bare.execute("SET enable_progress_bar = false")
    for name, sql in QUERIES.items():
        inside = milliseconds(partial(run_bare, bare, sql))
        outside = milliseconds(partial(connector.execute, Query(sql, "duckdb", ("sales",)), Limits(), Event()))
        difference = statistics.median(outside) - statistics.median(inside)
        print(f"{name:12} {p50_p95(inside)} {p50_p95(outside)} {difference:8.2f}")
    bare.close()
    connector.close()


def opening(path: Path) -> list[float]:
    """How long it takes to open a file, ask for one value and close it, with a spare process at hand."""

    def open_and_ask() -> None:
        connector = LocalDuckDB(path)
        connector.execute(Query("SELECT 1", "duckdb", ()), Limits(), Event())
        connector.close()

    return milliseconds(open_and_ask)


def validation() -> list[float]:
    """How long it takes to check a usual query against 50 tables of 50 columns."""
    columns = [tuple(Column(f"c{t}_{c}", "DOUBLE", "measure") for c in range(50)) for t in range(50)]
    schema = Schema(tuple(Table(f"t{t}", columns[t], rows=1) for t in range(50)))
    sql = "SELECT a.c0_1, sum(b.c1_2) AS total FROM t0 a JOIN t1 b ON a.c0_3 = b.c1_3 WHERE a.c0_4 > 3 GROUP BY 1 ORDER BY total DESC"
    return milliseconds(lambda: validate(Candidate(sql, 1.0), schema))


def prompting() -> list[float]:
    """How long it takes to write the prompt of a next question over 20 tables of 50 columns, each with its values."""
    values = tuple((f"value {place}", 1) for place in range(20))
    columns = tuple(Column(f"column {place}", "VARCHAR", "dimension", distinct=90, frequent=values) for place in range(50))
    schema = Schema(tuple(Table(f"table{place}", columns, 10) for place in range(20)), version="big")
    return milliseconds(lambda: write_prompt(Question("total by column 3", "en"), schema, Links((), ())))


def main(sizes: tuple[int, ...] = (10_000, 1_000_000)) -> None:
    """Print every comparison, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / f"{rows}.duckdb"
            make_sales(path, rows)
            print(f"{rows:,} rows      in process: p50 p95   connector: p50 p95   difference (ms)")
            compare(path)
        print(f"open, ask, close    {p50_p95(opening(path))}")
    print(f"validation          {p50_p95(validation())}")
    print(f"prompt              {p50_p95(prompting())}")


if __name__ == "__main__":
    main()
