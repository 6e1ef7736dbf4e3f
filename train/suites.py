"""Public training sets as examples: a question over tables, with the plan that answers it.

A query becomes an example only where the plan that stands for it, compiled again, gives the same rows.
"""

from __future__ import annotations

import hashlib
import json
import lzma
import math
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import expressions as exp
from sqlglot import parse_one
from sqlglot.errors import SqlglotError

from analyst.plan import Inexpressible, compile_plan, from_tokens, recover_plan, to_tokens
from analyst.plan.grammar import UNANSWERABLE
from analyst.plan.recover import WRITTEN_SHORT
from analyst.plan.tokens import Token
from analyst.terms import Schema
from train.corpus.read import Corpus, Question, corpora
from train.tables import Opened, Renamed, open_folder, open_rows

Item = Mapping[str, Any]
Row = tuple[Any, ...]

SUITES = ("corpus", "spider", "chase", "retqa", "nvbench", "wikisql")
HELD_OUT = 20  # of so many databases one judges
WORDINGS = 2  # of one nvBench query that are kept; it asks each in about five
ALIKE = 0.6  # share of common words from which on two wordings are one
MOST_ROWS = 2000
DIGITS = 6  # in which two figures agree
TABLE = "wiki"
WIKI_GROUP = 200  # tables that are worked on together


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a conversation and what answers it, as SQL or as a plan."""

    question: str
    sql: str
    plan: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what was asked before it, and its plan as tokens."""

    id: str
    suite: str
    database: str
    language: str
    question: str
    plan: tuple[Token, ...]
    before: tuple[Token, ...] = ()
    """The plan of the turn before, where there is one."""
    question_before: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A question as a suite has it."""

    id: str
    language: str
    question: str
    sql: str
    dialect: str
    history: tuple[Asked, ...] = ()
    rows: tuple[Row, ...] | None = None
    """What is known to be right; None where the query's own rows are."""
    plan: tuple[Token, ...] = ()
    """In place of SQL, where the suite holds plans."""


@dataclass(frozen=True, slots=True)
class Database:
    """Tables and the questions about them; how to open them depends on the suite."""

    suite: str
    name: str
    tasks: tuple[Task, ...]
    files: tuple[Path, ...] = ()
    names: Mapping[str, Renamed] = field(default_factory=dict)
    rows: pa.Table | Corpus | None = None

    def open(self, cache: Path) -> Opened:
        """The tables, opened."""
        if isinstance(self.rows, Corpus):
            return open_rows(self.rows.tables(), cache)
        if self.rows is not None:
            return open_rows({TABLE: self.rows}, cache)
        return open_folder(self.files, cache, self.names)


def held_out(database: str) -> bool:
    """Whether a database judges rather than teaches; the same in every run, and in every suite that has it."""
    return int(hashlib.sha256(database.rsplit("/", maxsplit=1)[-1].encode()).hexdigest(), 16) % HELD_OUT == 0


def databases(bench: Path, work: Path, suite: str) -> Iterator[Database]:
    """A suite's databases in a fixed order; real tables are unpacked into the work folder."""
    if suite == "corpus":
        yield from own(bench, work)
    elif suite == "wikisql":
        yield from wikisql(bench)
    elif suite == "chase":
        yield from chase(bench)
    else:
        yield from public(bench, suite)


def examples(database: Database, opened: Opened) -> Iterator[Example | str]:
    """An example for each question that the algebra can say, and for the others why it cannot."""
    for task in database.tasks:
        try:
            plan = checked_plan(task, opened)
        except (Inexpressible, SqlglotError, duckdb.Error) as error:
            yield f"{type(error).__name__}: {str(error).splitlines()[0]}"
            continue
        before = earlier_plan(task, opened.schema)
        question_before = task.history[-1].question if before else ""
        yield Example(task.id, database.suite, database.name, task.language, task.question, plan, before, question_before)


def checked_plan(task: Task, opened: Opened) -> tuple[Token, ...]:
    """The plan of a task's query. Raises Inexpressible where there is none, or where it gives other rows."""
    if task.plan:
        return run_plan(task.plan, opened)
    sql = plain_sql(task.sql, opened.schema, task.dialect)
    plan = recover_plan(sql, opened.schema)
    tokens = tuple(to_tokens(plan))
    found = rows_of(opened.connection, compile_plan(from_tokens(tokens), opened.schema).sql("duckdb"))
    short = WRITTEN_SHORT & {one.name.casefold() for one in parse_one(sql, dialect="duckdb").find_all(exp.Anonymous)}
    if short or (task.rows is not None and same_rows(found, task.rows)):
        return tokens
    if not same_rows(found, rows_of(opened.connection, sql)):
        raise Inexpressible("the plan gives other rows")
    return tokens


def run_plan(tokens: Sequence[Token], opened: Opened) -> tuple[Token, ...]:
    """A plan that runs, or the word that there is none. Raises Inexpressible or duckdb.Error where it does not."""
    if tuple(tokens) != (UNANSWERABLE,):
        opened.connection.execute(compile_plan(from_tokens(tokens), opened.schema).sql("duckdb")).fetchmany(1)
    return tuple(tokens)


def earlier_plan(task: Task, schema: Schema) -> tuple[Token, ...]:
    """The plan of the turn before; nothing where there is none or the algebra cannot say it."""
    if not task.history or task.history[-1].plan:
        return task.history[-1].plan if task.history else ()
    try:
        return tuple(to_tokens(recover_plan(plain_sql(task.history[-1].sql, schema, task.dialect), schema)))
    except (Inexpressible, SqlglotError):
        return ()


def plain_sql(sql: str, schema: Schema, dialect: str) -> str:
    """SQL for DuckDB: a name in double quotes that no column or alias bears was meant as a text."""
    tree = parse_one(sql, dialect=dialect)
    known = {column.name.casefold() for table in schema.tables for column in table.columns}
    known |= {alias.alias.casefold() for alias in tree.find_all(exp.Alias)}
    for column in list(tree.find_all(exp.Column)):
        name = column.this
        if isinstance(name, exp.Identifier) and name.quoted and not column.table and name.name.casefold() not in known:
            column.replace(exp.Literal.string(name.name))
    return tree.sql("duckdb")


# ------------------------------------------------------------------------------------------------ rows
def rows_of(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    """The rows of a query. Raises Inexpressible where there are too many to compare."""
    rows = connection.execute(sql).fetchmany(MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise Inexpressible("more rows than can be compared")
    return rows


def same_rows(rows: Sequence[Sequence[Any]], others: Sequence[Sequence[Any]]) -> bool:
    """Whether two results hold the same rows, in whatever order."""
    return len(rows) == len(others) and Counter(map(comparable_row, rows)) == Counter(map(comparable_row, others))


def comparable_row(row: Sequence[Any]) -> Row:
    """A row whose cells can be compared with those of another engine."""
    return tuple(map(comparable, row))


def comparable(cell: Any) -> Any:  # noqa: ANN401 - whatever an engine gives
    """Figures to six digits, all else as text."""
    if cell is None or (isinstance(cell, str) and not cell):
        return None
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return str(cell).removesuffix(" 00:00:00")
    return f"{number:.{DIGITS}g}" if math.isfinite(number) else str(number)


# ------------------------------------------------------------------------------------------------ the suites
def public(bench: Path, suite: str) -> Iterator[Database]:
    """Spider, nvBench and RETQA: CSV files that each question names."""
    with (bench / "public" / f"{suite}.train.jsonl").open(encoding="utf-8") as lines:
        items = [item for item in map(json.loads, lines) if item["kind"] == "answer" and item["gold_rows"] is not None]
    key = itemgetter("tables")
    for tables, group in groupby(sorted(items, key=key), key=key):
        chosen = list(group)
        chosen = unlike(chosen) if suite == "nvbench" else chosen
        name = chosen[0]["database"] or f"{suite}/{Path(tables[0]).stem}"
        tasks = tuple(public_task(item, suite) for item in chosen)
        yield Database(suite, name, tasks, tuple(bench / "public" / table for table in tables))


def public_task(item: Item, suite: str) -> Task:
    """A line of a public file."""
    dialect = "duckdb" if suite == "retqa" else "sqlite"
    rows = tuple(map(tuple, item["gold_rows"]))
    return Task(item["id"], item["language"], item["question"], item["gold_sql"].rstrip("; "), dialect, (), rows)


def unlike(items: Sequence[Item]) -> list[Item]:
    """A few wordings of each query, no two of which are nearly the same."""
    kept: dict[str, list[set[str]]] = {}
    found: list[Item] = []
    for item in items:
        words = set(item["question"].casefold().split())
        others = kept.setdefault(item["gold_sql"], [])
        if len(others) < WORDINGS and all(len(words & other) < ALIKE * len(words | other) for other in others):
            others.append(words)
            found.append(item)
    return found


def own(bench: Path, work: Path) -> Iterator[Database]:
    """The corpus: real tables, and tables of ours."""
    real = work / "real"
    if not real.exists():
        with tarfile.open(bench / "tables" / "real-tables.tar.xz") as packed_tables:
            packed_tables.extractall(real, filter="data")
    for corpus in corpora(real / "tables", bench / "public" / "databases" / "spider"):
        yield Database("corpus", corpus.name, tuple(own_task(question, corpus.language) for question in corpus.questions), rows=corpus)


def own_task(question: Question, language: str) -> Task:
    """A question of the corpus."""
    before = question.before
    history = (Asked(before.text, before.sql, before.plan),) if before else ()
    return Task(question.id, language, question.text, question.sql, "duckdb", history, plan=question.plan)


def chase(bench: Path) -> Iterator[Database]:
    """CHASE's dialogues: Spider's rows under Chinese names."""
    schemas = {schema["database"]: schema["tables"] for schema in packed(bench / "train" / "chase.schemas.jsonl.xz")}
    key = itemgetter("database")
    for name, group in groupby(sorted(packed(bench / "train" / "chase.train.jsonl.xz"), key=key), key=key):
        folder = bench / "public" / "databases" / "spider" / name
        renamed = {table["origin"]: renamed_table(table) for table in schemas[name]}
        files = {path.stem.casefold(): path for path in folder.glob("*.csv")}
        paths = {origin: files[origin.casefold()] for origin in renamed if origin.casefold() in files}
        names = {path.stem: renamed[origin] for origin, path in paths.items()}
        tasks = tuple(chase_task(item) for item in group)
        if paths:
            yield Database("chase", f"chase/{name}", tasks, tuple(sorted(paths.values())), names)


def renamed_table(table: Item) -> Renamed:
    """A table's Chinese names."""
    return Renamed(table["table"], {column["origin"]: column["name"] for column in table["columns"]})


def chase_task(item: Item) -> Task:
    """A turn of a dialogue."""
    history = tuple(Asked(turn["question"], turn["sql"]) for turn in item["history"])
    return Task(f"chase.{item['id']}", "zh", item["question"], item["sql"], "duckdb", history)


def wikisql(bench: Path) -> Iterator[Database]:
    """WikiSQL's tables, one a database."""
    key = itemgetter("table")
    questions = groupby(sorted(packed(bench / "train" / "wikisql.questions.jsonl.xz"), key=key), key=key)
    tables = {table["table"]: table for table in packed(bench / "train" / "wikisql.tables.jsonl.xz")}
    for name, group in questions:
        tasks = tuple(Task(item["id"], "en", item["question"], item["sql"], "duckdb") for item in group)
        yield Database("wikisql", f"wikisql/{name}", tasks, rows=wiki_rows(tables[name]))


def wiki_rows(table: Item) -> pa.Table:
    """A table's rows, figures as numbers."""
    columns = list(zip(*table["rows"], strict=True))
    arrays = [wiki_column(cells, kind) for cells, kind in zip(columns, table["kinds"], strict=True)]
    return pa.table(arrays, names=list(table["columns"]))


def wiki_column(cells: Sequence[Any], kind: str) -> pa.Array:
    """A column's cells: numbers where all are, else texts."""
    if kind == "number" and all(cell is None or isinstance(cell, int | float) for cell in cells):
        return pa.array([None if cell is None else float(cell) for cell in cells])
    return pa.array([None if cell is None else str(cell) for cell in cells])


def packed(path: Path) -> Iterator[Item]:
    """The objects of a packed file."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
