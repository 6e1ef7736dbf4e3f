"""Fit the weights of answerable.py: questions of a database against questions of another one, and against its own with a column taken away.

    python -m train.answerable BENCH [--every N] [--write]

Databases are the unit of the cross-validation: what is printed for a question was said by weights that never saw its database.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from analyst.linking import ValueIndex, link
from analyst.models.builtin.answerable import WEIGHTS, signs, unexplained, vouched_for
from analyst.models.builtin.declining import declined
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import mentions
from analyst.models.builtin.model import catalog_of, readings, unanswerable
from analyst.terms import Prompt, Question, Schema, Turn
from benchmarks.judging import read_lines
from train.boosting import Matrix
from train.confidence import Opened, matrix, open_files

SHARES = {"spider.train": 12, "nvbench.train": 60, "retqa.train": 14, "bi.dev": 1, "defog.test": 1, "spider.dev": 3, "nvbench.dev": 6,
          "retqa.validation": 8, "sparc.dev": 3, "cosql.dev": 3, "chase.dev": 3}  # fmt: skip
"""Every how many-th item of a file is taken; items that have no answer are all taken."""
FOREIGN, BEREFT = 0.6, 0.5  # of the questions taken: how many are asked of other data as well, and of their own with a column less
FOLDS = 5
RIDGE = 2.0
FALSE_ALARMS = 0.012  # of answerable questions that may be declined, by which the thresholds are set; suites count alike


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of some data."""

    suite: str
    database: str
    outside: bool
    made: bool
    """Whether it was made here rather than written for this data."""
    signs: dict[str, float]
    spoken_before: bool
    text: str
    ruled: bool
    """Whether the rules decline it already."""


def main() -> None:
    """Gather, fit, choose the threshold, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    study(args.bench, args.every, open_files, args.write)


def study(bench: Path, every: int, opener: Callable[[list[Path]], Opened], write: bool) -> list[Case]:
    """The whole of it; gives the cases."""
    cases = list(gather(bench, every, opener))
    fit(cases, write)
    return cases


def fit(cases: list[Case], write: bool) -> list[tuple[Case, float]]:
    """Cross-validate, choose the thresholds, print, and write what was learned from all."""
    names = sorted({name for case in cases for name in case.signs})
    fold_of = {database: number % FOLDS for number, database in enumerate(sorted({case.database for case in cases}))}
    judged: list[tuple[Case, float]] = []
    for fold in range(FOLDS):
        weights = fitted([case for case in cases if fold_of[case.database] != fold], names)
        judged += [(case, score(case, weights, names)) for case in cases if fold_of[case.database] == fold]
    thresholds = {
        "first": threshold([one for one in judged if not one[0].spoken_before]),
        "after": threshold([one for one in judged if one[0].spoken_before]),
    }
    made = [said >= thresholds["first"] for case, said in judged if case.made and not case.spoken_before]
    print(f"{len(cases)} questions, {sum(case.outside for case in cases)} of them of other data")
    print(f"thresholds {thresholds}; declined of those made: {np.mean(made):.3f}")
    report(judged, thresholds)
    if write:
        weights = fitted(cases, names)
        kept = {"weights": {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}, "thresholds": thresholds}
        path = Path(__file__).parent.parent / "analyst" / "models" / "builtin" / WEIGHTS
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return judged


def threshold(judged: list[tuple[Case, float]]) -> float:
    """The chance from which on no more answerable questions than allowed are declined."""
    fine = [(case, said) for case, said in judged if not case.outside]
    sizes = Counter(case.suite for case, _ in fine)
    ranked = sorted(fine, key=lambda one: -one[1])
    alarms = np.cumsum([1 / sizes[case.suite] / len(sizes) for case, _ in ranked])
    return round(float(ranked[int(np.searchsorted(alarms, FALSE_ALARMS))][1]), 4)


def gather(bench: Path, every: int, opener: Callable[[list[Path]], Opened]) -> Iterator[Case]:
    """Questions of their own data, of other data, and of their own with a column taken away."""
    chance = random.Random(0)
    for suite, share in SHARES.items():
        found = enumerate(read_lines(bench / f"{suite}.jsonl"))
        items = sorted(
            (item for number, item in found if item["kind"] == "refusal" or number % (share * every) == 0), key=lambda item: item["tables"]
        )
        for tables, of_tables in groupby(items, itemgetter("tables")):
            with closing(opener([bench / table for table in tables])) as opened:
                for item in of_tables:
                    yield from cases(suite, item, items, opened, chance)


def cases(suite: str, item: dict[str, Any], items: Sequence[dict[str, Any]], opened: Opened, chance: random.Random) -> Iterator[Case]:
    """A question of its own data, now and then one of other data, and the question again with a column taken away."""
    yield case(suite, item, opened.schema, opened.values, item["kind"] == "refusal", False)
    if item["kind"] == "refusal" or item["history"]:
        return
    if chance.random() < FOREIGN:
        stranger = chance.choice([other for other in items if other["tables"] != item["tables"]])
        moved = stranger | {"history": [], "database": item["database"], "tables": item["tables"]}
        yield case(suite, moved, opened.schema, opened.values, True, True)
    poorer = bereft(item, opened.schema, chance) if chance.random() < BEREFT else None
    if poorer:
        yield case(suite, item, poorer, opened.values, True, True)


def bereft(item: dict[str, Any], schema: Schema, chance: random.Random) -> Schema | None:
    """The schema without a column whose whole header the question says."""
    text = f" {item['question'].lower()} "
    said = [
        (table, column)
        for table in schema.tables
        for column in table.columns
        if len(column.name) > 3 and column.name.lower().replace("_", " ") in text
    ]
    if not said:
        return None
    _, column = chance.choice(said)
    stems = column.name.lower().replace("_", " ").split()

    def kept(name: str) -> bool:
        return not any(stem in name.lower() for stem in stems if len(stem) > 3) and name != column.name

    tables = tuple(
        replace(
            other,
            columns=tuple(one for one in other.columns if kept(one.name)),
            keys=tuple(key for key in other.keys if all(map(kept, key))),
        )
        for other in schema.tables
    )
    if not all(other.columns for other in tables):
        return None
    return replace(schema, tables=tables, joins=tuple(join for join in schema.joins if kept(join.column) and kept(join.parent_column)))


def case(suite: str, item: dict[str, Any], schema: Schema, values: ValueIndex, outside: bool, made: bool) -> Case:
    """A question and its signs."""
    history = tuple(Turn(turn["question"], turn["sql"]) for turn in item["history"])
    question = Question(item["question"], item["language"], history, item.get("evidence") or "")
    links = link(question, schema, values)
    known = {(table.name, column.name) for table in schema.tables for column in table.columns}
    links = replace(links, values=tuple(match for match in links.values if (match.table, match.column) in known))
    prompt = Prompt("", question, schema, links)
    catalog = catalog_of(schema)
    row = mentions(question, links)
    found = readings(prompt, row, catalog)
    draft: Draft | None = found[0].draft if found else None
    database = item["database"] or item["tables"][0]
    if draft is None:
        return Case(suite, database, outside, made, {"always": 1.0}, bool(history), item["question"], False)
    ruled = declined(prompt, row, catalog) is not None or unanswerable(prompt, found, row, catalog) is not None
    return Case(suite, database, outside, made, signs(unexplained(row, prompt), draft), bool(history), item["question"], ruled)


def fitted(cases: list[Case], names: list[str]) -> Matrix:
    """Weights of a logistic regression with a ridge, by Newton's method."""
    seen = matrix([case.signs for case in cases], names)
    outside = np.array([float(case.outside) for case in cases])
    weights = np.zeros(len(names))
    for _ in range(25):
        chance = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (outside - chance) - RIDGE * weights
        bend = (seen * (chance * (1 - chance))[:, None]).T @ seen + RIDGE * np.eye(len(names))
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def score(case: Case, weights: Matrix, names: list[str]) -> float:
    """The chance that a question is one of other data."""
    if vouched_for(case.signs):
        return 0.0
    return float(1 / (1 + np.exp(-(matrix([case.signs], names) @ weights)[0])))


def report(judged: list[tuple[Case, float]], thresholds: dict[str, float]) -> None:
    """Precision and recall of declining, and false alarms, a suite: by the rules, by what was learned, by both."""
    for suite in dict.fromkeys(case.suite for case, _ in judged):
        mine = [
            (case, said >= thresholds["after" if case.spoken_before else "first"])
            for case, said in judged
            if case.suite == suite and not case.made
        ]
        for way, said in (
            ("rules", [case.ruled for case, _ in mine]),
            ("learned", [says for _, says in mine]),
            ("both", [case.ruled or says for case, says in mine]),
        ):
            due = sum(case.outside for case, _ in mine)
            hits = sum(case.outside and says for (case, _), says in zip(mine, said, strict=True))
            alarms = sum(says and not case.outside for (case, _), says in zip(mine, said, strict=True))
            wrong = f"false alarms {alarms} of {len(mine) - due}"
            print(f"{suite:18} {way:8} {len(mine):4} recall {hits}/{due}  precision {hits / ((hits + alarms) or 1):.3f}  {wrong}")


if __name__ == "__main__":
    main()
