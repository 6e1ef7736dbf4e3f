"""Fit the weights by which the plan that people mean is found among those near a reading; prints how often it is found.

    python -m train.preference BENCH [--charts | --encoder] [--examples FILE] [--most N] [--offset N] [--write]

BENCH is the folder with the items and databases. Questions over several tables are taken and
preference.json is written; with --charts questions that ask for a chart, and preference_charts.json. Of every database --most
questions are taken at most, evenly spaced from --offset on. A question is judged by weights that never saw its database. Plans two
steps away are taken along where weights exist already, so a second run learns from what the first one would have preferred. With
--encoder the weights of the words stay, and what the encoder counts for beside them is fitted over the databases that it did not learn
from. --examples keeps what was gathered.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from analyst.errors import AnalystError
from analyst.linking import link
from analyst.models.builtin.build import Builder
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.encoder.believed import beliefs_of
from analyst.models.builtin.joining import Unjoinable
from analyst.models.builtin.mentions import mentions
from analyst.models.builtin.model import catalog_of, read_all
from analyst.models.builtin.preference import CHARTS, WEIGHTS
from analyst.models.builtin.preference.weights import learned
from analyst.models.builtin.variants import is_chart
from analyst.models.builtin.weighing import applies, neighbours
from analyst.terms import Prompt, Question
from benchmarks.judging import golds, read_lines, right_rows
from train.boosting import Matrix
from train.confidence import ROWS, Opened, open_files
from train.encoder import held_out

Places = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
SUITES = {WEIGHTS: "spider.train", CHARTS: "nvbench.train"}
MOST = 30  # questions of a database
BELIEVED, WORDS = "believed ", "words"
FOLDS = 4
FEWEST = 6  # questions in which a trait must turn up
RIDGE = 1.0  # of the squared weights, in questions
STEPS = 300
RATE = 0.05
SMALLEST = 0.02  # weights below say nothing


@dataclass(slots=True)
class Example:
    """A question and the plans weighed for it, the one that was read first."""

    database: str
    known: list[dict[str, float]] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)


def main() -> None:
    """Gather, cross-validate, print, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--charts", dest="weights", action="store_const", const=CHARTS, default=WEIGHTS)
    parser.add_argument("--encoder", action="store_true")
    parser.add_argument("--examples", type=Path)
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if args.examples and args.examples.exists():
        examples = [Example(**json.loads(line)) for line in args.examples.read_text(encoding="utf-8").splitlines()]
    else:
        examples = list(gather(args.bench, args))
        if args.examples:
            lines = [json.dumps({name: getattr(one, name) for name in Example.__slots__}) for one in examples]
            args.examples.write_text("\n".join(lines), encoding="utf-8")
    words = {name: value for name, value in learned(WEIGHTS).items() if not name.startswith(BELIEVED)}
    taken = [summed(one, words) for one in examples] if args.encoder else examples
    study(taken)
    if args.write:
        path = Path(__file__).parent.parent / "analyst" / "models" / "builtin" / args.weights
        kept = {
            name: round(value, 3)
            for name, value in sorted((words | counted(taken) if args.encoder else fitted(taken)).items())
            if abs(value) >= SMALLEST
        }
        path.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def gather(bench: Path, args: argparse.Namespace) -> Iterator[Example]:
    """The plans of every question taken, with whether their rows are right."""
    items = read_lines(bench / f"{SUITES[args.weights]}.jsonl")
    fit = [item for item in items if item.get("duckdb_same", True) and golds(item)]
    fit = [item for item in fit if not args.encoder or held_out(item["database"])]
    for tables, of_tables in groupby(sorted(fit, key=itemgetter("tables")), itemgetter("tables")):
        held = list(of_tables)
        seen: dict[str, Any] = {}
        with closing(open_files([bench / table for table in tables])) as opened:
            for item in held[args.offset % len(held) :: -(-len(held) // args.most)]:
                if found := example(item, opened, seen, args):
                    yield found


def example(item: dict[str, Any], opened: Opened, seen: dict[str, Any], args: argparse.Namespace) -> Example | None:
    """One question's plans; None where they are not weighed, or the gold leaves out what the question says."""
    question = Question(item["question"], item["language"], (), item["evidence"] or "")
    prompt = Prompt("", question, opened.schema, link(question, opened.schema, opened.values))
    read = read_all(prompt, mentions(question, prompt.links), catalog_of(prompt.schema))
    charts = args.weights == CHARTS
    if not read or not applies(prompt, read[0].draft, read[0].plan) or is_chart(read[0].draft) != charts:
        return None
    if charts and not keeps_numbers(read[0].draft, item["gold_sql"]):
        return None
    builder = Builder(prompt.schema, question.language)
    found = Example(item["database"])
    beliefs = beliefs_of(prompt, read[0].draft.catalog) if args.encoder else None
    for one in neighbours([(reading.plan, reading.draft, reading.logarithm) for reading in read], beliefs):
        try:
            sql = builder.sql(one.plan)
        except Unjoinable:
            continue
        found.known.append(one.known)
        found.right.append(rightly(sql, item, opened, seen))
    return found


def keeps_numbers(draft: Draft, gold: str) -> bool:
    """Whether the numbers of a question stand in its gold: many published charts drop 'at least 3', which nobody shall learn."""
    said = [str(mention.number) for mention in draft.mentions if mention.kind == "number" and mention.number not in (0, 1)]
    return all(re.search(rf"(?<![\w.]){re.escape(number)}(?!\d)", gold) for number in said)


def rightly(sql: str, item: dict[str, Any], opened: Opened, seen: dict[str, Any]) -> bool:
    """Whether a query gives the rows asked for."""
    if sql not in seen:
        try:
            seen[sql] = opened.rows(sql)
        except AnalystError:
            seen[sql] = None
    if seen[sql] is None:
        return False
    columns, rows = seen[sql]
    return right_rows(item, {"kind": "answer", "columns": columns, "rows": rows, "truncated": len(rows) >= ROWS})


# ---------------------------------------------------------------------------------------- fitting
@dataclass(frozen=True, slots=True)
class Table:
    """All traits of all plans: value number i belongs to a plan and a trait, plans belong to questions."""

    trait: Places
    value: Matrix
    plan: Places
    question: Places
    first: Places
    """The first plan of each question."""
    right: Matrix


def table(examples: list[Example], names: dict[str, int]) -> Table:
    """The traits that have a place."""
    cells: list[tuple[int, float, int]] = []
    question: list[int] = []
    first: list[int] = []
    right: list[float] = []
    for number, one in enumerate(examples):
        first.append(len(right))
        for known, good in zip(one.known, one.right, strict=True):
            cells += [(names[name], value, len(right)) for name, value in known.items() if name in names]
            question.append(number)
            right.append(float(good))
    trait, value, plan = (np.array(part) for part in zip(*cells, strict=True))
    return Table(trait, value, plan, np.array(question), np.array(first), np.array(right))


def fitted(examples: list[Example]) -> dict[str, float]:
    """Weights under which the right plans of each question have the largest share; found by steps along the slope (Adam)."""
    told = [one for one in examples if any(one.right) and not all(one.right)]
    turns = Counter(name for one in told for name in {name for known in one.known for name in known})
    names = {name: at for at, name in enumerate(sorted(name for name, count in turns.items() if count >= FEWEST))}
    seen = table(told, names)
    weights, mean, square = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, STEPS + 1):
        slope = slope_of(seen, weights) / len(told) + RIDGE * weights / len(told)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope * slope
        weights = weights - RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return {name: float(weights[at]) for name, at in names.items()}


def slope_of(seen: Table, weights: Matrix) -> Matrix:
    """Of minus the logarithm of the right plans' share, summed over the questions."""
    score = np.bincount(seen.plan, weights=seen.value * weights[seen.trait], minlength=len(seen.right)).astype(float)
    share: Matrix = np.exp(score - np.maximum.reduceat(score, seen.first)[seen.question])
    share /= np.add.reduceat(share, seen.first)[seen.question]
    wanted: Matrix = share * seen.right
    wanted /= np.maximum(np.add.reduceat(wanted, seen.first)[seen.question], 1e-12)
    return np.bincount(seen.trait, weights=seen.value * (share - wanted)[seen.plan], minlength=len(weights)).astype(float)


def study(examples: list[Example]) -> None:
    """Print how often the first reading, the preferred plan and any plan is right, by weights that never saw the database."""
    right: Counter[str] = Counter()
    for held, weights in turns(examples):
        for one in held:
            right["read"] += one.right[0]
            right["by words"] += picked(one, {WORDS: 1.0})
            right["preferred"] += picked(one, weights)
            right["best"] += any(one.right)
    shares = ", ".join(f"{name} {number / len(examples):.1%}" for name, number in right.items())
    print(f"{len(examples)} questions of {len({one.database for one in examples})} databases: {shares}")


def turns(examples: list[Example]) -> Iterator[tuple[list[Example], dict[str, float]]]:
    """Questions of some databases with the weights that those of the others give, until all had their turn."""
    databases = sorted({one.database for one in examples})
    fold_of = {database: number % FOLDS for number, database in enumerate(databases)}
    for fold in range(FOLDS):
        weights = fitted([one for one in examples if fold_of[one.database] != fold])
        yield [one for one in examples if fold_of[one.database] == fold and one.known], weights


def picked(one: Example, weights: dict[str, float]) -> bool:
    """Whether the plan that the weights prefer is right."""
    scores = [sum(weights.get(name, 0.0) * value for name, value in known.items()) for known in one.known]
    return one.right[scores.index(max(scores))]


def summed(one: Example, words: dict[str, float]) -> Example:
    """A question whose plans have one trait for all that its words say, beside those of the encoder."""
    known = [
        {WORDS: sum(words.get(name, 0.0) * value for name, value in each.items())}
        | {name: value for name, value in each.items() if name.startswith(BELIEVED)}
        for each in one.known
    ]
    return replace(one, known=known)


def counted(examples: list[Example]) -> dict[str, float]:
    """What each trait of the encoder counts for where all the words together count once."""
    weights = fitted(examples)
    share = weights.pop(WORDS)
    return {name: value / share for name, value in weights.items()}


if __name__ == "__main__":
    main()
