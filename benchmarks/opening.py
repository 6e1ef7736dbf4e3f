"""`python -m benchmarks.opening [ROWS ...]`: from a path to ready for a question, beside a bare DuckDB that reads the same file.

Each measurement runs in a process of its own whose imports are not counted, and the ways take turns. `ready` is what open_workspace
takes: every cell read, verified and on disk; the profile goes on behind it. `first rows` adds a query that a person wrote, `first
answer` a question to the built-in model instead, which waits for the profile.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb

from analyst.ask import ask, run_sql
from analyst.terms import Answer, ResultSet
from analyst.workspace import open_workspace

SIZES = (10_000, 1_000_000, 5_000_000)
ROUNDS = 5
SQL = "SELECT region, sum(price) AS total FROM sales GROUP BY region"
QUESTION = "total price by region"
HEADER = "id,date,region,product,quantity,price\n"
WAYS = ("bare, in memory", "bare, in a file", "ready", "first rows", "first answer")


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Make the files, measure every way in turn, print the best and the median of each side by side."""
    print(f"Seconds, the best of {ROUNDS} rounds (their median); {os.cpu_count()} cores\n")
    print(f"| rows | MB | {' | '.join(WAYS)} | ready / bare in memory | in a file |")
    print("|---" * (len(WAYS) + 4) + "|")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            file = Path(folder) / str(rows) / "sales.csv"
            file.parent.mkdir()
            write_sales(file, rows)
            print(line(rows, file), flush=True)
            file.unlink()


def write_sales(file: Path, rows: int) -> None:
    """Sales with whole numbers, a day, text and decimals."""
    draw = random.Random(1)
    with file.open("w", encoding="utf-8") as out:
        out.write(HEADER)
        out.writelines(
            f"{row},2024-{row % 12 + 1:02}-{row % 28 + 1:02},{draw.choice(('West', 'East', 'North'))},Product {row % 97},{row % 50},"
            f"{draw.random() * 1000:.2f}\n"
            for row in range(rows)
        )


def line(rows: int, file: Path) -> str:
    """One row of the table."""
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for way in ("bare, in memory", "bare, in a file", "first rows", "first answer"):
            for name, seconds in in_own_process(way, file).items():
                found[name].append(seconds)
    best = {name: min(found[name]) for name in WAYS}
    cells = [f"{best[name]:.2f} ({sorted(found[name])[len(found[name]) // 2]:.2f})" for name in WAYS]
    ratios = [f"{best['ready'] / best[way]:.1f}" for way in WAYS[:2]]
    return f"| {rows:,} | {file.stat().st_size / 1e6:,.1f} | {' | '.join(cells)} | {' | '.join(ratios)} |"


def in_own_process(way: str, file: Path) -> dict[str, float]:
    """Seconds of one way by what was reached."""
    said = subprocess.run([sys.executable, "-m", "benchmarks.opening", ONE, way, str(file)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return found


ONE = "--one"


def measure(way: str, file: Path) -> dict[str, float]:
    """Open the file in one way, timed."""
    if way.startswith("bare"):
        with tempfile.TemporaryDirectory() as folder:
            return {way: timed(lambda: open_bare(file, ":memory:" if way == "bare, in memory" else f"{folder}/bare.duckdb"))}
    started = time.perf_counter()
    workspace = open_workspace([file])
    ready = time.perf_counter() - started
    if way == "first rows":
        reached = next(step for step in run_sql(SQL, QUESTION, workspace) if isinstance(step, ResultSet))
    else:
        *_, answer = ask(QUESTION, workspace)
        assert isinstance(answer, Answer)
        reached = answer.result
    seconds = time.perf_counter() - started
    assert reached.table.num_rows == 3
    workspace.close()
    return {"ready": ready, way: seconds}


def open_bare(file: Path, database: str) -> None:
    """What a person would write; closing it writes a file to its end."""
    with duckdb.connect(database) as connection:
        connection.execute("CREATE TABLE sales AS SELECT * FROM read_csv(?)", [str(file)]).fetchall()


def timed(action: Callable[[], object]) -> float:
    """Seconds that an action takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__" and sys.argv[1:2] == [ONE]:
    print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
elif __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
