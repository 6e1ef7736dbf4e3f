"""The corpus as questions over tables: written sets with their invented tables, worded batches over real ones, in either language.

train/corpus/sets/*.txt           written sets (written.py says how they read)
train/corpus/words/*.tsv          wordings of sampled plans, and Chinese names of tables, columns and cells
train/corpus/words/*.plans.jsonl  the plans they are wordings of
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from analyst.plan.grammar import UNANSWERABLE
from analyst.plan.tokens import Token
from train.corpus.invented import build_tables
from train.corpus.written import Translation, WrittenSet, from_json, read_sets

HOME = Path(__file__).parent
WORDINGS = "ab"
NAMES = "TCV"
"""Lines of a wordings file that put a table, a column or a cell into Chinese."""


@dataclass(frozen=True, slots=True)
class Question:
    """Words with the plan or the SQL that answers them; neither where the tables hold no answer."""

    id: str
    text: str
    plan: tuple[Token, ...] = ()
    sql: str = ""
    before: Question | None = None
    """The question that it goes on from."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Some tables and the questions about them."""

    name: str
    language: str
    questions: tuple[Question, ...]
    files: tuple[Path, ...] = ()
    """CSV files, where the tables are real ones."""
    translation: Translation | None = None
    invented: tuple[Mapping[str, Any], ...] = ()
    """Descriptions, where they are invented ones."""

    def tables(self) -> dict[str, pa.Table]:
        """The rows of the tables by name."""
        if self.invented:
            return build_tables(self.invented)
        return dict(translated(path, self.translation) for path in self.files)


def corpora(real_tables: Path, databases: Path, home: Path = HOME) -> Iterator[Corpus]:
    """All of the corpus; batches named multi… are about folders in `databases`, the others about files in `real_tables`."""
    for path in sorted((home / "sets").glob("*.txt")):
        for written in read_sets(path.read_text("utf-8").splitlines()):
            yield _of_set(written, real_files(written, real_tables, databases))
    for path in sorted((home / "words").glob("*.tsv")):
        plans = path.with_suffix("").with_suffix(".plans.jsonl")
        lines = [json.loads(line) for line in plans.read_text("utf-8").splitlines()]
        yield from _of_batch(path, lines, databases if path.stem.startswith("multi") else real_tables)


def real_files(written: WrittenSet, real_tables: Path, databases: Path) -> tuple[Path, ...]:
    """The files of the real tables that a set is about."""
    alone = all((real_tables / f"{name}.csv").exists() for name in written.real)
    return _files(real_tables if alone else databases, written.real) if written.real else ()


def _of_set(written: WrittenSet, files: tuple[Path, ...]) -> Corpus:
    questions: list[Question] = []
    for number, dialogue in enumerate(written.dialogues):
        before: Question | None = None
        for at, turn in enumerate(dialogue):
            asked = [Question(f"{written.name}.{number}.{at}.{w}", words, (), turn.sql, before) for w, words in enumerate(turn.wordings)]
            questions += asked
            before = asked[0]
    for number, (why, words) in enumerate(written.declined):
        questions.append(Question(f"{written.name}.{why}.{number}", words, (UNANSWERABLE,)))
    for number, (words, readings) in enumerate(written.ambiguous):
        questions += [Question(f"{written.name}.two.{number}.{at}", words, (), sql) for at, sql in enumerate(readings)]
    name = "+".join(written.real)[:80] or written.name
    return Corpus(f"corpus/{name}", written.language, tuple(questions), files, written.names, tuple(written.tables))


def _of_batch(path: Path, plans: Sequence[Mapping[str, Any]], folder: Path) -> Iterator[Corpus]:
    """One corpus for each of the batch's table sets."""
    names, words = _lines(path)
    by_tables: dict[tuple[str, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for line in plans:
        by_tables[tuple(line["tables"])].append(line)
    for tables, lines in by_tables.items():
        translation = names if any(table in names.tables for table in tables) else None
        questions = tuple(question for line in lines for question in _worded(path.stem, line, words, translation))
        files = _files(folder, tables)
        if questions and files:
            yield Corpus(f"corpus/{tables[0]}", "zh" if translation else "en", questions, files, translation)


def _lines(path: Path) -> tuple[Translation, Mapping[str, str]]:
    """The names and the wordings (by number and letter) of a file."""
    names, words = Translation(), dict[str, str]()
    for line in path.read_text("utf-8").splitlines():
        head, *rest = line.split("\t")
        if head == "T" and len(rest) == 2:
            names.tables[rest[0]] = rest[1]
        elif head == "C" and len(rest) == 3:
            names.columns[rest[0], rest[1]] = rest[2]
        elif head == "V" and len(rest) == 4:
            names.cells[rest[0], rest[1]][rest[2]] = rest[3]
        elif len(rest) == 1 and rest[0].strip() and head not in NAMES:
            words[head.strip()] = rest[0].strip()
    return names, words


def _worded(batch: str, line: Mapping[str, Any], words: Mapping[str, str], names: Translation | None) -> Iterator[Question]:
    number = line["number"]
    plan = tuple(from_json(line["plan"]))
    plan = names.plan(plan) if names else plan
    first: Question | None = None
    for letter in WORDINGS:
        text = words.get(f"{number}{letter}")
        if text:
            question = Question(f"{batch}.{number}{letter}", text, plan)
            first = first or question
            yield question
    further = words.get(f"{number}f")
    if further and first and "follow" in line:
        changed = tuple(from_json(line["follow"]["plan"]))
        yield Question(f"{batch}.{number}f", further, names.plan(changed) if names else changed, "", first)


def _files(folder: Path, tables: Sequence[str]) -> tuple[Path, ...]:
    """The CSV files of tables: of one file, or of the folder that holds them all."""
    direct = [folder / f"{table}.csv" for table in tables]
    if all(path.exists() for path in direct):
        return tuple(direct)
    for database in sorted(folder.iterdir()):
        found = [database / f"{table}.csv" for table in tables]
        if database.is_dir() and all(path.exists() for path in found) and len(list(database.glob("*.csv"))) == len(tables):
            return tuple(found)
    return ()


def translated(path: Path, names: Translation | None) -> tuple[str, pa.Table]:
    """A file's name and rows, in Chinese where there are names for them."""
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT * FROM read_csv(?, sample_size=-1)", [str(path)]).to_arrow_table()
    if not names:
        return path.stem, rows
    for at, column in enumerate(rows.column_names):
        cells = names.cells.get((path.stem, column))
        if cells:
            values = [cells.get(str(value), value) if value is not None else None for value in rows.column(column).to_pylist()]
            rows = rows.set_column(at, column, pa.array([None if value is None else str(value) for value in values]))
    called = [names.columns.get((path.stem, column), column) for column in rows.column_names]
    unique = [name if called.count(name) == 1 else f"{name}{called[:at].count(name) + 1}" for at, name in enumerate(called)]
    return names.tables.get(path.stem, path.stem), rows.rename_columns(unique)
