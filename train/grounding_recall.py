"""How many of the literals that gold queries compare columns with are among what grounding finds, by suite, kind and how.

    python -m train.grounding_recall BENCH CACHE [--half even|odd] [--every N] [--suites spider,wikisql,...] [--misses FILE]

Only training questions are read. Halves are by database: tune on the even one, report the odd one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple, TextIO

import pyarrow as pa
import sqlglot
from sqlglot import exp

from analyst.grounding import CellIndex, Mentions, ground
from analyst.grounding.index import holds_words
from analyst.temporal.period import resolve
from analyst.terms import Column, Schema
from train.tables import Opened, Renamed, open_folder, open_rows

SUITES = ("spider", "nvbench", "retqa", "wikisql", "chase")
KINDS = ("cell", "translated", "like", "number", "time", "flag", "absent")
COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.ILike)


class Asked(NamedTuple):
    """A question of a suite, with the texts of its earlier turns."""

    suite: str
    texts: tuple[str, ...]
    sql: str
    dialect: str


class Literal(NamedTuple):
    """A value that a gold query compares columns with; which of some tables holds the column may be left open."""

    columns: tuple[tuple[str, Column], ...]
    value: str
    like: bool


@dataclass
class Tally:
    """What was counted of a suite."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    how: Counter[str] = field(default_factory=Counter)
    elsewhere: int = 0
    """Cells that were found, but in another column only."""
    questions: int = 0
    cells: int = 0
    headers: int = 0
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    arguments = _arguments()
    misses = arguments.misses.open("w", encoding="utf-8") if arguments.misses else None
    for suite in arguments.suites.split(","):
        tally = Tally()
        for opened, asked in _databases(suite, arguments):
            for question in asked:
                _count(question, opened.schema, opened.cells, tally, misses)
            opened.connection.close()
        print(_line(suite, tally), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("bench", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--half", choices=("even", "odd", "both"), default="even")
    parser.add_argument("--every", type=int, default=1, help="every how many-th question is taken")
    parser.add_argument("--suites", default=",".join(SUITES))
    parser.add_argument("--misses", type=Path)
    return parser.parse_args()


def in_half(database: str, half: str) -> bool:
    """Whether a database belongs to a half, by its name's hash."""
    even = int(hashlib.sha256(database.encode()).hexdigest(), 16) % 2 == 0
    return half == "both" or even == (half == "even")


# ------------------------------------------------------------------------------------------------ the suites
def _databases(suite: str, arguments: argparse.Namespace) -> Iterator[tuple[Opened, list[Asked]]]:
    """Each database with the questions taken of it."""
    public = arguments.bench / "public"
    read = {"wikisql": _wikisql, "chase": _chase}.get(suite)
    if read:
        yield from read(arguments)
        return
    groups: dict[tuple[str, ...], list[Asked]] = {}
    for at, item in enumerate(_lines(public / f"{suite}.train.jsonl")):
        name = item["database"] or item["tables"][0]
        if at % arguments.every == 0 and in_half(name, arguments.half) and item["gold_sql"]:
            dialect = "sqlite"
            groups.setdefault(tuple(item["tables"]), []).append(Asked(suite, (item["question"],), item["gold_sql"], dialect))
    for tables, asked in groups.items():
        yield open_folder([public / table for table in tables], arguments.cache), asked


def _wikisql(arguments: argparse.Namespace) -> Iterator[tuple[Opened, list[Asked]]]:
    home = arguments.bench / "train"
    groups: dict[str, list[Asked]] = {}
    for at, item in enumerate(_lines(home / "wikisql.questions.jsonl.xz")):
        if at % arguments.every == 0 and in_half(item["table"], arguments.half):
            groups.setdefault(item["table"], []).append(Asked("wikisql", (item["question"],), item["sql"], "duckdb"))
    for item in _lines(home / "wikisql.tables.jsonl.xz"):
        if item["table"] in groups:
            yield open_rows({"wiki": _rows(item)}, arguments.cache), groups[item["table"]]


def _rows(item: dict[str, Any]) -> pa.Table:
    """A table as a CSV reader would type it: whole numbers as such."""
    columns = {}
    for at, (name, kind) in enumerate(zip(item["columns"], item["kinds"], strict=True)):
        values = [row[at] for row in item["rows"]]
        if kind == "num":
            numbers = [None if value is None else float(value) for value in values]
            whole = all(value is None or value.is_integer() for value in numbers)
            columns[name] = pa.array([None if value is None else int(value) for value in numbers] if whole else numbers)
        else:
            columns[name] = pa.array([None if value is None else str(value) for value in values], pa.string())
    return pa.table(columns)


def _chase(arguments: argparse.Namespace) -> Iterator[tuple[Opened, list[Asked]]]:
    home, folder = arguments.bench / "train", arguments.bench / "public" / "databases" / "spider"
    groups: dict[str, list[Asked]] = {}
    for at, item in enumerate(_lines(home / "chase.train.jsonl.xz")):
        if at % arguments.every == 0 and in_half(item["database"], arguments.half):
            texts = (*(turn["question"] for turn in item["history"]), item["question"])
            groups.setdefault(item["database"], []).append(Asked("chase", texts, item["sql"], "duckdb"))
    for item in _lines(home / "chase.schemas.jsonl.xz"):
        if item["database"] in groups:
            names = {
                table["origin"].casefold(): Renamed(table["table"], {column["origin"]: column["name"] for column in table["columns"]})
                for table in item["tables"]
            }
            paths = sorted(path for path in (folder / item["database"]).glob("*.csv") if path.stem.casefold() in names)
            named = {path.stem: names[path.stem.casefold()] for path in paths}
            yield open_folder(paths, arguments.cache, named), groups[item["database"]]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


# ------------------------------------------------------------------------------------------------ literals of a query
def literals(sql: str, dialect: str, schema: Schema) -> list[Literal]:
    """What a query compares columns with."""
    try:
        tree = sqlglot.parse_one(sql, read=dialect)
    except sqlglot.errors.SqlglotError:
        return []
    return list(dict.fromkeys(_of_comparisons(tree, schema)))


def _of_comparisons(tree: exp.Expression, schema: Schema) -> Iterator[Literal]:
    for node in tree.find_all(*COMPARISONS, exp.Between, exp.In):
        others = [node.args.get("low"), node.args.get("high")] if isinstance(node, exp.Between) else node.expressions or [node.expression]
        sides = [(node.this, other) for other in others if other is not None]
        for column, other in [*sides, *((other, column) for column, other in sides)]:
            value = _value(other, schema)
            held = _columns(column, schema)
            if value is not None and value.casefold() != "null" and held:
                yield Literal(held, value, isinstance(node, (exp.Like, exp.ILike)))


def _value(node: exp.Expression, schema: Schema) -> str | None:
    """The text of a literal; SQLite takes a name in double quotes that no column has for one."""
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
        return f"-{node.this.this}"
    if isinstance(node, exp.Literal):
        return str(node.this)
    unknown = isinstance(node, exp.Column) and node.this.args.get("quoted") and not node.table and not _columns(node, schema)
    return str(node.name) if unknown else None


def _columns(node: exp.Expression, schema: Schema) -> tuple[tuple[str, Column], ...]:
    """The columns that a node can be, of the tables of the queries around it."""
    if isinstance(node, exp.Cast):
        node = node.this
    if not isinstance(node, exp.Column):
        return ()
    tables, query = [], node.find_ancestor(exp.Select)
    while query is not None and not tables:
        sources = [table for part in (query.args.get("from_") or query.args.get("from"), *(query.args.get("joins") or ())) if part
                   for table in part.find_all(exp.Table)]  # fmt: skip
        tables = [table for table in sources if not node.table or node.table.casefold() == table.alias_or_name.casefold()]
        query = query.find_ancestor(exp.Select)
    held = [(table, table.column(node.name)) for name in tables if (table := schema.table(name.name))]
    return tuple((table.name, column) for table, column in held if column)


# ------------------------------------------------------------------------------------------------ counting
def _count(asked: Asked, schema: Schema, index: CellIndex, tally: Tally, misses: TextIO | None) -> None:
    started = process_time()
    mentions = [ground(text, schema, index) for text in asked.texts]
    tally.seconds.append((process_time() - started) / len(mentions))
    tally.questions += 1
    tally.cells += len(mentions[-1].cells)
    tally.headers += len(mentions[-1].headers)
    for literal in literals(asked.sql, asked.dialect, schema):
        kind = kind_of(literal, index, asked.texts)
        how = _found(literal, kind, mentions, asked.texts)
        if how:
            tally.found[kind] += 1
            tally.how[f"{kind}:{how}"] += 1
            continue
        tally.missed[kind] += 1
        value = literal.value.casefold()
        away = kind == "cell" and any(str(cell.value).casefold() == value for one in mentions for cell in one.cells)
        tally.elsewhere += away
        if misses:
            where = "/".join(f"{table}.{column.name}" for table, column in literal.columns)
            print(
                asked.suite,
                kind,
                "elsewhere" if away else "-",
                f"{where} = {literal.value!r}",
                " | ".join(asked.texts),
                sep="\t",
                file=misses,
            )


def kind_of(literal: Literal, index: CellIndex, texts: Sequence[str]) -> str:
    """cell: of a column of texts, that it holds; translated: one that a question in Chinese must name in other words, as it is English;
    absent: one that the column does not hold; like: a pattern; number, time or flag by the column's type."""
    columns = [column for _, column in literal.columns]
    if literal.like:
        return "like"
    if any(holds_words(column) for column in columns):
        held = values_of(index, {(table, column.name) for table, column in literal.columns})
        if literal.value.casefold().strip() in held:
            return "translated" if _is_translated(literal.value, " ".join(texts)) else "cell"
        return "time" if _is_time(literal.value) else "absent"
    if any(column.type == "BOOLEAN" for column in columns):
        return "flag"
    return "time" if any(column.type.startswith(("DATE", "TIME")) for column in columns) else "number"


def _is_translated(value: str, text: str) -> bool:
    """Whether a cell in Latin letters shares no word with a question in Chinese."""
    words = re.findall(r"[a-z0-9]+", value.casefold())
    return bool(re.search("[一-鿿]", text)) and value.isascii() and not any(word in text.casefold() for word in words)


def values_of(index: CellIndex, homes: set[tuple[str, str]]) -> set[str]:
    """The cells of some columns in lower case; kept beside the index, as they are asked for again and again."""
    kept: dict[tuple[str, str], set[str]] = index.__dict__.setdefault("_measured", {})
    for home in homes - kept.keys():
        wanted = {at for at, name in enumerate(index.columns) if name == home}
        kept[home] = {str(value).casefold().strip() for value, at in zip(index.values, index.homes.tolist(), strict=True) if at in wanted}
    return set().union(*(kept[home] for home in homes))


def _is_time(value: str) -> bool:
    return value[:4].isdigit() and value[4:5] in ("-", "/", "") and len(value) >= 4


def _found(literal: Literal, kind: str, mentions: Sequence[Mentions], texts: Sequence[str]) -> str:
    """How a literal was found; empty where it was not."""
    value = literal.value.casefold().strip()
    for one, text in zip(reversed(mentions), reversed(texts), strict=True):
        how = FINDERS[kind](literal, value, one, text)
        if how:
            return how
    return ""


def _as_cell(literal: Literal, value: str, mentions: Mentions, text: str) -> str:
    homes = {(table, column.name) for table, column in literal.columns}
    return next(
        (cell.how for cell in mentions.cells if (cell.table, cell.column) in homes and str(cell.value).casefold().strip() == value), ""
    )


def _as_text(literal: Literal, value: str, mentions: Mentions, text: str) -> str:
    bare = value.strip("%").strip()
    spans = [("text", one.start, one.end) for one in mentions.texts] + [("cell", one.start, one.end) for one in mentions.cells]
    spans += [("number", one.start, one.end) for one in mentions.numbers] + [("period", one.start, one.end) for one in mentions.periods]
    return next((how for how, start, end in spans if text[start:end].casefold() == bare), "") or _as_number(literal, bare, mentions, text)


def _as_number(literal: Literal, value: str, mentions: Mentions, text: str) -> str:
    try:
        wanted = float(value)
    except ValueError:
        return ""
    for number in mentions.numbers:
        if number.value == wanted or (number.unit == "%" and number.value == wanted * 100):
            return "number"
    years = {period.period.start.year for period in mentions.periods if period.period.start}
    ends = {period.period.end.year for period in mentions.periods if period.period.end}
    return "period" if wanted in years | ends else "cell" if any(str(cell.value) == value for cell in mentions.cells) else ""


def _as_time(literal: Literal, value: str, mentions: Mentions, text: str) -> str:
    for period in mentions.periods:
        start, end = resolve(period.period, date(2020, 12, 31))
        if start <= value[:10] <= end:
            return "period"
    return _as_text(literal, value, mentions, text)


FINDERS = {"cell": _as_cell, "translated": _as_cell, "like": _as_text, "number": _as_number, "time": _as_time, "flag": _as_text,
           "absent": _as_text}  # fmt: skip


def _line(suite: str, tally: Tally) -> str:
    """A suite's figures."""
    shares = []
    for kind in KINDS:
        total = tally.found[kind] + tally.missed[kind]
        if total:
            shares.append(f"{kind} {100 * tally.found[kind] / total:.1f}% of {total}")
    times = sorted(tally.seconds) or [0.0]
    speed = f"{1000 * sum(times) / len(times):.1f} ms of processor time, {1000 * times[int(0.95 * (len(times) - 1))]:.1f} at 95 %"
    counts = f"{tally.cells / max(1, tally.questions):.1f} cells, {tally.headers / max(1, tally.questions):.1f} headers a question"
    ways = ", ".join(f"{how} {count}" for how, count in tally.how.most_common(24))
    return f"{suite}: {tally.questions} questions; {'; '.join(shares)}; in another column {tally.elsewhere}; {counts}; {speed}\n  {ways}"


if __name__ == "__main__":
    sys.exit(main())
