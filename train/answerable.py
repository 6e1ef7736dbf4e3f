"""Fit the weights of answerable.py: questions of a database against questions of another one, and against its own with a column taken away.

    python -m train.answerable BENCH TOOLS [--every N] [--write]

Only train splits are fitted on. What is printed for other suites was never seen; their items that have no answer are told apart.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from analyst.linking import ValueIndex, link
from analyst.models.builtin.answerable import WEIGHTS, chance_outside, learned, signs
from analyst.models.builtin.declining import declined
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import mentions
from analyst.models.builtin.model import catalog_of, readings, unanswerable
from analyst.terms import Prompt, Question, Schema, Turn
from train.boosting import Matrix
from train.confidence import Opened, matrix, open_files, scorer

FITTED = {"spider.train": 10, "nvbench.train": 60, "retqa.train": 12}
SEEN = {"bi.dev": 1, "defog.test": 1, "spider.dev": 3, "nvbench.dev": 6, "retqa.validation": 8, "sparc.dev": 3, "cosql.dev": 3, "chase.dev": 3}
FOREIGN, BEREFT = 0.6, 0.5  # of the questions taken: how many are asked of other data as well, and of their own with a column less
RIDGE = 2.0
FALSE_ALARMS = 0.012  # of answerable questions that may be declined, by which the threshold is set
CAREFUL = 0.6  # how far the threshold for follow-ups lies on from there to 1, since fragments name little


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of some data."""

    suite: str
    outside: bool
    signs: dict[str, float]
    spoken_before: bool
    text: str
    ruled: bool
    """Whether the rules decline it already."""


def main() -> None:
    """Gather, fit, choose the threshold, print, and write if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("tools", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    study(args.bench, scorer(args.tools), args.every, open_files, args.write)


def study(bench: Path, judge: ModuleType, every: int, opener: Callable[[list[Path]], Opened], write: bool) -> list[Case]:
    """The whole of it; gives the cases that were only looked at."""
    cases = list(fitting_cases(bench, judge, every, opener))
    names = sorted({name for case in cases for name in case.signs})
    weights = fitted(cases, names)
    scored = sorted((score(case, weights, names) for case in cases if not case.outside), reverse=True)
    first = scored[int(FALSE_ALARMS * len(scored))]
    kept = {"weights": {name: round(float(value), 4) for name, value in zip(names, weights, strict=True)}, "thresholds": {"first": round(first, 4), "after": round(first + CAREFUL * (1 - first), 4)}}
    print(f"{len(cases)} questions, {sum(case.outside for case in cases)} of them of other data; threshold {first:.3f}")
    print(f"declined there: {np.mean([score(case, weights, names) >= first for case in cases if case.outside]):.3f}")
    if write:
        path = Path(__file__).parent.parent / "analyst" / "models" / "builtin" / WEIGHTS
        path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        learned.cache_clear()
    seen = list(seen_cases(bench, judge, every, opener))
    report(seen, weights, names, kept["thresholds"])
    return seen


def fitting_cases(bench: Path, judge: ModuleType, every: int, opener: Callable[[list[Path]], Opened]) -> Iterator[Case]:
    """Questions of train splits: of their own data, of other data, and of their own with a column taken away."""
    chance = random.Random(0)
    for suite, share in FITTED.items():
        items = sorted(judge.read_jsonl(bench / f"{suite}.jsonl")[:: share * every], key=lambda item: item["tables"])
        before: tuple[str, ...] = ()
        for item in items:
            if tuple(item["tables"]) != before:
                before = tuple(item["tables"])
                opened = opener([bench / table for table in before])
            yield case(suite, item, opened.schema, opened.values, False)
            if chance.random() < FOREIGN:
                yield case(suite, chance.choice([other for other in items if other["tables"] != item["tables"]]), opened.schema, opened.values, True)
            poorer = bereft(item, opened.schema, chance) if chance.random() < BEREFT else None
            if poorer:
                yield case(suite, item, poorer, opened.values, True)


def bereft(item: dict[str, Any], schema: Schema, chance: random.Random) -> Schema | None:
    """The schema without a column whose whole header the question says."""
    text = f" {item['question'].lower()} "
    said = [(table, column) for table in schema.tables for column in table.columns if len(column.name) > 3 and column.name.lower().replace("_", " ") in text]
    if not said:
        return None
    table, column = chance.choice(said)
    stems = column.name.lower().replace("_", " ").split()

    def kept(name: str) -> bool:
        return not any(stem in name.lower() for stem in stems if len(stem) > 3) and name != column.name

    tables = tuple(
        replace(other, columns=tuple(one for one in other.columns if kept(one.name)), keys=tuple(key for key in other.keys if all(map(kept, key))))
        for other in schema.tables
    )
    if not all(other.columns for other in tables):
        return None
    return replace(schema, tables=tables, joins=tuple(join for join in schema.joins if kept(join.column) and kept(join.parent_column)))


def case(suite: str, item: dict[str, Any], schema: Schema, values: ValueIndex, outside: bool) -> Case:
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
    if draft is None:
        return Case(suite, outside, {"always": 1.0}, bool(history), item["question"], False)
    ruled = declined(prompt, row, catalog) is not None or unanswerable(prompt, found, row, catalog) is not None
    return Case(suite, outside, signs(row, draft), bool(history), item["question"], ruled)


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
    return float(1 / (1 + np.exp(-(matrix([case.signs], names) @ weights)[0])))


def seen_cases(bench: Path, judge: ModuleType, every: int, opener: Callable[[list[Path]], Opened]) -> Iterator[Case]:
    """Questions that nothing was fitted on."""
    for suite, share in SEEN.items():
        before: tuple[str, ...] = ()
        items = [item for number, item in enumerate(judge.read_jsonl(bench / f"{suite}.jsonl")) if item["kind"] == "refusal" or number % (share * every) == 0]
        for item in sorted(items, key=lambda item: item["tables"]):
            if tuple(item["tables"]) != before:
                before = tuple(item["tables"])
                opened = opener([bench / table for table in before])
            yield case(suite, item, opened.schema, opened.values, item["kind"] == "refusal")


def report(cases: list[Case], weights: Matrix, names: list[str], thresholds: dict[str, float]) -> None:
    """Precision and recall of declining, and false alarms, a suite: by the rules, by what was learned, by both."""
    for suite in dict.fromkeys(case.suite for case in cases):
        mine = [case for case in cases if case.suite == suite]
        learned_says = [score(case, weights, names) >= thresholds["after" if case.spoken_before else "first"] for case in mine]
        for way, said in (("rules", [case.ruled for case in mine]), ("learned", learned_says), ("both", [case.ruled or says for case, says in zip(mine, learned_says, strict=True)])):
            due = sum(case.outside for case in mine)
            hits = sum(case.outside and says for case, says in zip(mine, said, strict=True))
            alarms = sum(says and not case.outside for case, says in zip(mine, said, strict=True))
            print(f"{suite:18} {way:8} {len(mine):4} recall {hits}/{due}  precision {hits / ((hits + alarms) or 1):.3f}  false alarms {alarms} of {len(mine) - due}")


__all__ = ["chance_outside"]

if __name__ == "__main__":
    main()
