"""Cuts sampled plans into batch files for writers, who see a table, a query and a way of speaking, and write only the words.

    python -m train.corpus.batches TABLES_FOLDER OUT --first 0 --count 380 --plans 14
    python -m train.corpus.batches TABLES_FOLDER OUT --first 0 --count 380 --plans 0      tables alone, for questions of the writers' own

A batch file shows each table with its columns and some cells, then numbered queries. A writer answers with lines `number<TAB>words`:
1a and 1b are two wordings of query 1, 1f goes on from it. The plans stand beside it in a .plans.jsonl of the same name.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from analyst.plan import Plan, compile_plan, to_tokens
from analyst.profile import profile
from analyst.terms import Column, Schema, Table
from train.corpus.sampler import Sampler
from train.corpus.written import as_json
from train.tables import InProcess

PERSONAS = (
    "owner of a small firm, on the phone, in a hurry", "clerk, polite whole sentences", "analyst, terse keywords", "teacher, plain words",
    "manager, spoken", "newcomer who does not know the headers", "typist with a slip or two in spelling", "colleague in chat, lower case",
    "careful person who says exactly what is meant", "somebody who thinks aloud",
)  # fmt: skip
STYLES = (
    "with the header's words", "without the columns' own words: say what they mean", "as short as it can be", "as a full question",
    "as a request (show, give, list)", "as people talk", "with the period, number or cell written otherwise than in the data",
    "with a synonym for the main noun",
)  # fmt: skip
FOLLOWED = 0.3  # of the plans
SHOWN_CELLS = 8
SHOWN_ROWS = 3


def main() -> None:
    """Write the batches."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", default="a")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--plans", type=int, default=14)
    parser.add_argument("--together", type=int, default=10, help="table sets of one batch")
    parser.add_argument("--folders", action="store_true", help="each folder in TABLES is one database")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sources = (
        [sorted(path.glob("*.csv")) for path in sorted(args.tables.iterdir()) if path.is_dir()]
        if args.folders
        else [[path] for path in sorted(args.tables.glob("*.csv"))]
    )
    sources.sort(key=lambda paths: hashlib.sha256(str([path.stem for path in paths]).encode()).hexdigest())
    chosen = sources[args.first : args.first + args.count]
    for number, at in enumerate(range(0, len(chosen), args.together)):
        write_batch(args.out / f"{args.name}{number:03d}", chosen[at : at + args.together], args.plans)


def write_batch(stem: Path, sources: Sequence[Sequence[Path]], plans: int) -> None:
    """One batch file with its plans beside it."""
    texts: list[str] = []
    lines: list[dict[str, Any]] = []
    for paths in sources:
        for text, line in shown(paths, plans, start=len(lines)):
            texts.append(text)
            lines.extend([line] if line else [])
    stem.with_suffix(".txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
    if lines:
        stem.with_suffix(".plans.jsonl").write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8"
        )


def shown(paths: Sequence[Path], plans: int, start: int) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """The tables of one source as text, then each plan as text and as a line."""
    connection = duckdb.connect()
    for path in paths:
        connection.execute(f'CREATE TABLE "{path.stem}" AS SELECT * FROM read_csv(?, sample_size=-1)', [str(path)])
    try:
        schema = profile(InProcess(connection))
    except duckdb.Error:
        return
    if not plans:
        yield "\n".join(described(table) + sampled(table, connection) for table in schema.tables), None
        return
    sampler = Sampler(schema, connection, seed=1)
    drawn = list(sampler.plans(plans))
    if len(drawn) < min(4, plans):
        return
    yield "\n".join(described(table) for table in schema.tables), None
    chance = random.Random(str(paths))
    for at, (kind, plan) in enumerate(drawn):
        further = sampler.follow(plan) if chance.random() < FOLLOWED else None
        number = start + at + 1
        text = [f"[{number}] {as_sql(plan, schema)}"]
        text.append(f"   a: {chance.choice(PERSONAS)}; {chance.choice(STYLES)}")
        text.append(f"   b: {chance.choice(PERSONAS)}; {chance.choice(STYLES)}")
        line: dict[str, Any] = {"number": number, "tables": [path.stem for path in paths], "kind": kind, "plan": as_json(to_tokens(plan))}
        if further:
            text.append(f"   f: then ({further[0]}) {as_sql(further[1], schema)}")
            line["follow"] = {"kind": further[0], "plan": as_json(to_tokens(further[1]))}
        yield "\n".join(text), line


def described(table: Table) -> str:
    """A table with its columns and some of their cells."""
    return f"\n## {table.name} ({table.rows} rows)\n" + "\n".join(f"- {_column(column)}" for column in table.columns[:40])


def sampled(table: Table, connection: duckdb.DuckDBPyConnection) -> str:
    """Some of a table's rows."""
    rows = connection.execute(f'SELECT * FROM "{table.name}" USING SAMPLE {SHOWN_ROWS} ROWS (reservoir, 1)').fetchall()
    return "\n" + "\n".join("| " + " | ".join(str(cell)[:28] for cell in row[:40]) for row in rows)


def _column(column: Column) -> str:
    cells = [str(value)[:40] for value, _ in column.frequent[:SHOWN_CELLS]]
    extent = f"{column.minimum} … {column.maximum}" if column.role in ("measure", "time") else " | ".join(cells)
    return f"{column.name} {column.type}: {extent}" + (f" ({column.missing} missing)" if column.missing else "")


def as_sql(plan: Plan, schema: Schema) -> str:
    """The query of a plan, short enough to be read at a glance."""
    sql = compile_plan(plan, schema).sql("duckdb")
    if len(schema.tables) == 1:
        sql = sql.replace(f'"{schema.tables[0].name}".', "")
    return re.sub(r"CAST\(DATE_TRUNC\('(\w+)', (.*?)\) AS DATE\)", r"each \1 of \2", sql)


if __name__ == "__main__":
    main()
