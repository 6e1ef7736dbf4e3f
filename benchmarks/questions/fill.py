"""Fill in the rows, columns and ranks of gold that has its query alone: `python -m benchmarks.questions.fill SET`.

Whoever writes a set writes questions and SQL; what the SQL gives is written down here, to be read once more before it counts.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from benchmarks.questions.gold import cut_at_a_tie, gold_of
from benchmarks.questions.sets import FOLDER, read_set
from connectors.files import LoadReport, Source, load


@contextmanager
def tables_of(folder: Path, tables: tuple[str, ...]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the tables, as the product reads their files."""
    with tempfile.TemporaryDirectory() as temporary:
        *_, report = load([Source(folder / table) for table in tables], Path(temporary))
        assert isinstance(report, LoadReport)
        with duckdb.connect(str(report.database), read_only=True) as connection:
            yield connection


def main(name: str, folder: Path = FOLDER) -> None:
    """Fill a set in place, and say which queries give nothing or cut through a tie. Raises OSError and duckdb.Error."""
    one = read_set(name, folder)
    for tables in dict.fromkeys(tuple(item["tables"]) for item in one.items):
        with tables_of(one.folder, tables) as connection:
            for item in one.items:
                if tuple(item["tables"]) == tables:
                    item["gold"] = [gold if "rows" in gold else filled(connection, gold["sql"], item["id"]) for gold in item["gold"]]
    lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in one.items)
    (one.folder / "questions.jsonl").write_text(lines, encoding="utf-8")


def filled(connection: duckdb.DuckDBPyConnection, sql: str, identifier: str) -> dict[str, object]:
    """The gold of a query; what makes it poor gold is printed."""
    gold = gold_of(connection, sql)
    if not gold["rows"]:
        print(f"{identifier}: the query gives no rows, which any answer without rows would match")
    if cut_at_a_tie(connection, sql):
        print(f"{identifier}: the LIMIT cuts through a tie, so another answer is as right")
    return gold


if __name__ == "__main__":
    main(sys.argv[1])
