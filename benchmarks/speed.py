"""What a question costs beyond its query and its model, and what the built-in model costs, by the number of rows.

python -m benchmarks.speed [ROWS ...]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

import duckdb

from analyst.ask import ask
from analyst.linking import link
from analyst.models.builtin import BuiltinModel
from analyst.models.builtin.encoder.network import network
from analyst.models.scripted import ScriptedModel
from analyst.prompt import write_prompt
from analyst.terms import Question
from analyst.workspace import Workspace

ROUNDS = 15
SQL = "SELECT region, sum(amount) AS total FROM sales GROUP BY region ORDER BY total DESC"
QUESTIONS = (
    Question("total amount by region", "en"),
    Question("average price by product for the west region", "en"),
    Question("amount by month in 2024", "en"),
    Question("top 5 products by quantity", "en"),
    Question("how many sales are there in the north?", "en"),
    Question("各region的amount总和", "zh"),
    Question("2024年每月的amount", "zh"),
    Question("amount最高的前5个product", "zh"),
)
TABLE = """
CREATE TABLE sales AS SELECT
    i AS sale_id,
    DATE '2022-01-01' + (i % 1200)::INTEGER AS sold_on,
    ['West', 'East', 'North', 'South', 'Centre'][1 + i % 5] AS region,
    'product ' || (hash(i) % 400) AS product,
    'city ' || (hash(i * 7) % 150) AS city,
    ['card', 'cash', 'transfer'][1 + (hash(i * 3) % 3)::BIGINT] AS payment,
    1 + (hash(i * 11) % 20)::BIGINT AS quantity,
    round(5 + (hash(i * 13) % 10000) / 37.0, 2) AS price,
    round((1 + hash(i * 11) % 20) * (5 + (hash(i * 13) % 10000) / 37.0), 2) AS amount,
    {more}
FROM range({rows}) t(i)
"""
MORE = ", ".join(f"(hash(i * {17 + n}) % 1000) / 10.0 AS measure_{n}" for n in range(11))  # 20 columns in all


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one thing done many times."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: list[float]) -> Timing:
        """From seconds of each round."""
        ordered = sorted(seconds)
        return cls(statistics.median(ordered) * 1000, ordered[int(0.95 * (len(ordered) - 1))] * 1000)


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def measure(rows: int, folder: Path) -> None:
    """Print the figures of one table size."""
    database = folder / f"sales-{rows}.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(TABLE.format(rows=rows, more=MORE))
    workspace = Workspace(folder / f"workspace-{rows}")
    opened = timed(lambda: workspace.open(database))
    assert workspace.data is not None
    bare = duckdb.connect(str(database), read_only=True)
    bare.execute("SET threads=2")
    query = Timing.of([timed(lambda: bare.sql(SQL).to_arrow_table()) for _ in range(ROUNDS)])
    bare.close()
    whole = Timing.of([timed(lambda: list(ask("total amount by region", workspace, ScriptedModel(SQL)))) for _ in range(ROUNDS)])
    model, data = BuiltinModel(), workspace.data
    speaking = [timed(partial(spoken, model, question, workspace)) for _ in range(3) for question in QUESTIONS]
    thought = Timing.of(speaking[len(QUESTIONS) :])  # the first round fills the caches
    memory = subprocess.run(
        [sys.executable, "-m", "benchmarks.speed", MEMORY, str(database)], check=True, capture_output=True, text=True
    ).stdout.strip()
    print(
        f"| {rows:,} | {opened:.2f} | {query.p50:.1f} | {whole.p50:.1f} | {whole.p50 - query.p50:.1f} | "
        f"{whole.p95 - query.p50:.1f} | {thought.p50:.1f} | {thought.p95:.1f} | {memory} |",
        flush=True,
    )
    assert data.schema.tables[0].rows == rows
    workspace.close()


MEMORY = "--memory"


def remember(database: str) -> None:
    """Print the peak memory, in MB, of a process that answers all questions with the encoder at hand, and of the one that runs queries."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        workspace.open(Path(database))
        network()
        model = BuiltinModel()
        for question in QUESTIONS:
            spoken(model, question, workspace)
            list(ask(question.text, workspace, model))
        queries = max(map(peak, children_of(os.getpid())), default=0.0)
        workspace.close()
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f}, {queries:.0f}")


def children_of(process: int) -> list[int]:
    """The processes below one, on Linux; none elsewhere."""
    found = [int(child) for path in Path(f"/proc/{process}/task").glob("*/children") for child in path.read_text().split()]
    return found + [other for child in found for other in children_of(child)]


def peak(process: int) -> float:
    """The peak memory of a process in MB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)


def spoken(model: BuiltinModel, question: Question, workspace: Workspace) -> None:
    """All that stands between a question and its candidates."""
    assert workspace.data is not None
    links = link(question, workspace.data.schema, workspace.data.values)
    list(model.propose(write_prompt(question, workspace.data.schema, links), Event()))


def main(sizes: list[int]) -> None:
    """Print a table of figures, one line a table size."""
    print(
        "| rows (20 columns) | open and profile, s | query, ms | question, ms | overhead p50, ms | p95, ms "
        "| built-in model p50, ms | p95, ms | memory, MB: model, queries |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            measure(rows, Path(folder))


if __name__ == "__main__" and sys.argv[1:2] == [MEMORY]:
    remember(sys.argv[2])
elif __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 1_000_000, 50_000_000])
