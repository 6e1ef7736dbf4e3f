"""Checks a file of written sets: every table is built, every query runs, gives rows and is a plan; says which lines to mend.

python -m train.corpus.check FILE ...

REAL_TABLES and DATABASES in the environment name the folders of real tables and of databases (a folder each) that sets speak of.
"""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb

from analyst.plan import Inexpressible, compile_plan, recover_plan, to_tokens
from analyst.plan.recover import WRITTEN_SHORT
from analyst.profile import profile
from analyst.terms import Schema
from train.corpus.invented import build_tables
from train.corpus.read import real_files, translated
from train.corpus.written import WrittenSet, read_sets
from train.tables import InProcess

REAL, DATABASES = Path(os.environ.get("REAL_TABLES", "tables")), Path(os.environ.get("DATABASES", "databases"))


def main() -> int:
    """Check the files named on the command line; 1 where something is wrong."""
    wrong = 0
    for name in sys.argv[1:]:
        counts: Counter[str] = Counter()
        for written in read_sets(Path(name).read_text("utf-8").splitlines()):
            for problem in problems(written, counts):
                wrong += 1
                print(f"{Path(name).name} {written.name}: {problem}")
        print(f"{Path(name).name}: {dict(counts)}")
    return int(wrong > 0)


def opened(written: WrittenSet) -> tuple[Schema, duckdb.DuckDBPyConnection]:
    """The tables of a set with their profile."""
    connection = duckdb.connect()
    connection.execute("SET threads=1")
    files = real_files(written, REAL, DATABASES)
    if written.real and not files:
        raise ValueError(f"no such table: {written.real}")
    tables = dict(translated(path, written.names) for path in files) if files else build_tables(written.tables)
    for table, rows in tables.items():
        connection.register("given", rows)
        connection.execute(f'CREATE TABLE "{table}" AS SELECT * FROM given')
        connection.unregister("given")
    return profile(InProcess(connection)), connection


def problems(written: WrittenSet, counts: Counter[str]) -> Iterator[str]:
    """What is wrong with a set, a sentence each; what is right is counted."""
    try:
        schema, connection = opened(written)
    except (KeyError, ValueError, IndexError, TypeError, duckdb.Error) as error:
        yield f"its tables cannot be built: {type(error).__name__} {error}"
        return
    counts["declined"] += len(written.declined)
    queries = [(turn.wordings[0], turn.sql) for dialogue in written.dialogues for turn in dialogue]
    queries += [(question, sql) for question, sqls in written.ambiguous for sql in sqls]
    for question, sql in queries:
        problem = problem_of(sql, schema, connection)
        counts["right" if not problem else "wrong"] += 1
        if problem:
            yield f"{problem} -- {question} -- {sql}"
    counts["wordings"] += sum(len(turn.wordings) for dialogue in written.dialogues for turn in dialogue)
    counts["follow-ups"] += sum(len(dialogue) - 1 for dialogue in written.dialogues)


def problem_of(sql: str, schema: Schema, connection: duckdb.DuckDBPyConnection) -> str:
    """What is wrong with a query; empty where nothing is."""
    if not sql:
        return "no query"
    try:
        plan = recover_plan(sql, schema)
        to_tokens(plan)
        compiled = compile_plan(plan, schema).sql("duckdb")
    except Inexpressible as error:
        return f"is no plan ({error})"
    try:
        rows = connection.execute(compiled).fetchall()
        said = rows if WRITTEN_SHORT & set(re.findall(r"\w+", sql)) else connection.execute(sql).fetchall()
    except duckdb.Error as error:
        return f"does not run: {str(error).splitlines()[0]}"
    if not rows or all(cell is None for row in rows for cell in row):
        return "gives nothing"
    return "" if len(rows) == len(said) else "its plan gives other rows"


if __name__ == "__main__":
    sys.exit(main())
