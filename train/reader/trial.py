"""Read held-out questions as the product does, and say how many give the right rows.

    python -m train.reader.trial BENCH WORK [--suites NAME ...] [--each N] [--weights FILE] [--wrong]

Right is what gives the rows of the gold plan. Three figures a suite: the likeliest plan, the likeliest that runs and finds rows, and any
plan of the beam; and the time that reading takes, without grounding and queries.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb

from analyst.models.reader.inputs import Before, inputs_of
from analyst.models.reader.network import PlanSteps, encode
from analyst.models.reader.search import search, tokens_of
from analyst.models.reader.weights import Model, load
from analyst.plan import Inexpressible, compile_plan, from_tokens
from analyst.plan.grammar import UNANSWERABLE
from analyst.plan.tokens import Token
from analyst.terms import Schema
from train.reader.lessons import Grounded
from train.reader.shards import kept
from train.suites import SUITES, Database, Example, Row, databases, held_out, rows_of, same_rows
from train.tables import Opened

RUN = 8  # plans of a beam that are run, at most

Rows = list[Row] | None
"""What a plan gives; None where it cannot be run."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question."""

    example: Example
    right: tuple[bool, ...]
    """For each plan of the beam, likeliest first."""
    found: tuple[bool, ...]
    """Whether each ran and gave rows."""
    plans: tuple[tuple[Token, ...], ...]
    seconds: float

    @property
    def of_running(self) -> bool:
        """Whether the likeliest plan that ran and gave rows is right; where none did, the likeliest."""
        return next((right for right, found in zip(self.right, self.found, strict=True) if found), any(self.right[:1]))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--suites", nargs="*", default=list(SUITES))
    parser.add_argument("--each", type=int, default=100, help="questions of a suite")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print the questions that are read wrong")
    args = parser.parse_args()
    model = load(args.weights or args.work / "reader.npz")
    for suite in args.suites:
        results = list(tried(args.bench, args.work, suite, args.each, model))
        print(suite, summary(results), flush=True)
        for result in results if args.wrong else []:
            if not any(result.right[:1]):
                print(f"  {result.example.id} {result.example.question}\n    gold {words(result.example.plan)}")
                print(f"    read {words(result.plans[0]) if result.plans else '-'}")


def summary(results: Sequence[Result]) -> str:
    """The figures of a suite."""
    count = max(len(results), 1)
    first = sum(any(result.right[:1]) for result in results) / count
    running = sum(result.of_running for result in results) / count
    best = sum(any(result.right) for result in results) / count
    pace = median(result.seconds for result in results) * 1000 if results else 0.0
    return f"{len(results)} questions: likeliest {first:.1%}, that finds rows {running:.1%}, of the beam {best:.1%}; {pace:.0f} ms"


def words(tokens: Sequence[Token]) -> str:
    """A plan as a line."""
    return " ".join(token if isinstance(token, str) else getattr(token, "column", "") or str(token[1]) for token in tokens)


def tried(bench: Path, work: Path, suite: str, count: int, model: Model) -> Iterator[Result]:
    """Some held-out questions of a suite, read and run."""
    schemas: dict[str, Schema] = {}
    waiting: list[Grounded] = []
    for shard in kept(work, suite):
        schemas.update(shard.schemas)
        waiting += [grounded for grounded in shard.examples if held_out(grounded.example.database)]
    chosen = random.Random(0).sample(waiting, min(count, len(waiting)))
    needed = {grounded.example.database for grounded in chosen}
    for database in databases(bench, work, suite) if needed else ():
        if database.name in needed:
            yield from tried_on(database, [one for one in chosen if one.example.database == database.name], work, model)


def tried_on(database: Database, chosen: Sequence[Grounded], work: Path, model: Model) -> Iterator[Result]:
    """Questions about one database."""
    opened = database.open(work / "tables")
    opened.connection.execute("SET memory_limit = '2GB'")
    for grounded in chosen:
        yield trial(grounded, opened, model)
    opened.connection.close()


def trial(grounded: Grounded, opened: Opened, model: Model) -> Result:
    """One question."""
    example, gold = grounded.example, rows_by(grounded.example.plan, opened)
    started = time.perf_counter()
    before = Before(example.question_before, example.before) if example.before else None
    inputs = inputs_of(example.question, opened.schema, grounded.mentions, model.pieces, before)
    written = search(PlanSteps(model.weights, encode(model.weights, inputs)), inputs.items)
    seconds = time.perf_counter() - started
    plans = tuple(tuple(tokens_of(one.numbers, inputs.items)) for one in written[:RUN])
    rows = [rows_by(plan, opened) for plan in plans]
    right = tuple(plan == example.plan or matches(found, gold) for plan, found in zip(plans, rows, strict=True))
    return Result(example, right, tuple(bool(found) for found in rows), plans, seconds)


def matches(found: Rows, gold: Rows) -> bool:
    """Whether two plans give the same rows."""
    return found is not None and gold is not None and same_rows(found, gold)


def rows_by(tokens: Sequence[Token], opened: Opened) -> Rows:
    """The rows of a plan."""
    if tuple(tokens) == (UNANSWERABLE,):
        return None
    try:
        return rows_of(opened.connection, compile_plan(from_tokens(tokens), opened.schema).sql("duckdb"))
    except (Inexpressible, duckdb.Error):
        return None


if __name__ == "__main__":
    main()
