"""How long loading a CSV takes beside a bare read_csv of the same file, and the memory it needs.

    python benchmarks/load.py [MEGABYTES]      # 1000 by default; the file is made on the spot

Each measurement runs in a process of its own, so that peak memory is its own; the two take turns.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from connectors.files import LoadReport, Source, load

ROUNDS = 3
BLOCK_ROWS = 100_000


def main() -> None:
    """Make the file, measure both ways in turn, print them side by side."""
    if len(sys.argv) == 4:
        measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
        return
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sales.csv"
        rows = write_sales(file, megabytes)
        print(f"{file.stat().st_size / 1e6:,.0f} MB, {rows:,} rows, 8 columns")
        figures: dict[str, list[tuple[float, float, float]]] = {"bare": [], "load": []}
        for number in range(ROUNDS):
            for way, found in figures.items():
                found.append(in_own_process(way, file, Path(folder) / f"{way}{number}"))
        print(f"{'':20}{'seconds (best)':>16}{'processor':>12}{'all rounds':>24}{'peak memory':>14}")
        for way, found in figures.items():
            every = "  ".join(f"{seconds:.2f}" for seconds, *_ in found)
            name = {"bare": "bare read_csv", "load": "load()"}[way]
            best, busy, peak = min(found)[0], min(cpu for _, cpu, _ in found), max(memory for *_, memory in found)
            print(f"{name:20}{best:>16.2f}{busy:>12.2f}{every:>24}{peak:>11,.0f} MB")
        print(f"ratio of the best: {min(figures['load'])[0] / min(figures['bare'])[0]:.2f}")


def write_sales(file: Path, megabytes: int) -> int:
    """Plain sales with text, whole numbers, decimals, days and times; returns the number of rows."""
    draw = random.Random(1)
    rows = 0
    with file.open("w", encoding="utf-8") as out:
        out.write("id,date,region,product,quantity,price,customer,created\n")
        while out.tell() < megabytes * 1_000_000:
            out.writelines(
                f"{row},2024-{row % 12 + 1:02}-{row % 28 + 1:02},{draw.choice(('West', 'East', 'North'))},Product {row % 97},{row % 50},"
                f"{draw.random() * 1000:.2f},C{draw.randrange(10**6):06},2024-01-{row % 28 + 1:02} 10:{row % 60:02}:00\n"
                for row in range(rows, rows + BLOCK_ROWS)
            )
            rows += BLOCK_ROWS
    return rows


def in_own_process(way: str, file: Path, folder: Path) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak megabytes of one way of loading."""
    said = subprocess.run([sys.executable, __file__, way, str(file), str(folder)], capture_output=True, text=True, check=True)
    seconds, busy, peak = said.stdout.split()[-3:]
    return float(seconds), float(busy), float(peak)


def measure(way: str, file: Path, folder: Path) -> None:
    """Load once and print seconds, processor seconds and peak megabytes."""
    folder.mkdir()
    begin, busy = time.perf_counter(), time.process_time()
    if way == "bare":
        with duckdb.connect(str(folder / "bare.duckdb")) as connection:
            connection.execute("SET enable_progress_bar = false").fetchall()
            connection.execute("CREATE TABLE sales AS SELECT * FROM read_csv(?)", [str(file)]).fetchall()
    else:
        *_, report = load([Source(file)], folder)
        if not isinstance(report, LoadReport) or report.failed:
            raise SystemExit("loading failed")
    seconds, busy = time.perf_counter() - begin, time.process_time() - busy
    print(seconds, busy, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


if __name__ == "__main__":
    main()
