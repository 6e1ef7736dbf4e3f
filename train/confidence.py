"""Fit the weights of confidence.py on questions with known rows; prints the risk-coverage curve.

    python -m train.confidence BENCH [--examples FILE] [--every N] [--write]

BENCH is the folder with the items and databases. Databases are the unit of the cross-validation: a question is judged by weights that
never saw its database. --examples keeps what was gathered.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from analyst.errors import AnalystError
from analyst.linking import ValueIndex, link
from analyst.models.builtin.confidence import AFTER, CALLED_SURE, WEIGHTS, in_turn, reordered, shown_as, traits, votes
from analyst.models.builtin.model import gathered
from analyst.terms import Candidate, Prompt, Question, Refusal, Schema, Turn
from analyst.validation import validate
from analyst.workspace import open_workspace
from benchmarks.judging import golds, read_lines, right_rows
from connectors.base import Limits
from train.boosting import Boosted, Matrix, boosted, ordering

SHARES = {"spider.train": 8, "nvbench.train": 40, "retqa.train": 8, "bi.dev": 1, "sparc.dev": 1, "cosql.dev": 1, "chase.dev": 1,
          "defog.test": 1, "spider.dev": 2, "nvbench.dev": 4, "retqa.validation": 6}  # fmt: skip
"""Every how many-th item of a file is taken: a few thousand in all, no suite more than a third."""
FOLDS = 5
RIDGE = 3.0  # of the squared weights, in examples
ROWS = 1_000
TREES = 0.7  # of the logit; the weights have the rest, and smooth it
SURELY = 0.965  # of the answers that are called sure, so many shall be right; more than promised, for data never seen
FEWEST = 60  # answers, below which a share says little
RUN = 4  # candidates that a question runs at most, as the way of a question does
COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
Rows = tuple[list[str], list[list[Any]]]


@dataclass(slots=True)
class Example:
    """A question and its readings."""

    suite: str
    database: str
    options: list[dict[str, float]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    """A text that is equal for equal rows."""
    right: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Opened:
    """Tables that questions can be asked of."""

    schema: Schema
    values: ValueIndex
    rows: Callable[[str], Rows]
    """Runs SQL. Raises AnalystError."""
    close: Callable[[], None]
    """Ends the processes that run it."""


def main() -> None:
    """Gather, cross-validate, print, and write the weights if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("--examples", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    if args.examples and args.examples.exists():
        examples = [Example(**json.loads(line)) for line in args.examples.read_text(encoding="utf-8").splitlines()]
    else:
        examples = list(gather(args.bench, args.every, open_files))
        if args.examples:
            keep(examples, args.examples)
    study(examples, args.write)


def keep(examples: list[Example], path: Path) -> None:
    """Write examples, one a line."""
    path.write_text(
        "\n".join(json.dumps({name: getattr(example, name) for name in Example.__slots__}) for example in examples), encoding="utf-8"
    )


def open_files(files: list[Path]) -> Opened:
    """Load files as a person would."""
    workspace = open_workspace([str(path) for path in files], Path(tempfile.mkdtemp(prefix="train-")), Limits(30, 1024, ROWS))
    data = workspace.data
    assert data

    def rows(sql: str) -> Rows:
        query = validate(Candidate(sql, 1.0), data.schema)
        assert not isinstance(query, Refusal)
        result = data.connector.execute(query, workspace.limits, Event())
        return list(result.columns), [list(row) for row in result.rows()]

    return Opened(data.schema, data.values, rows, workspace.close)


def gather(bench: Path, every: int, opener: Callable[[list[Path]], Opened]) -> Iterator[Example]:
    """Every reading of every question taken, with whether its rows are right."""
    for suite, share in SHARES.items():
        path = bench / f"{suite}.jsonl"
        fit = [item for item in read_lines(path) if item["kind"] == "answer" and item.get("duckdb_same", True) and golds(item)]
        items = fit[:: share * every]
        for tables, of_tables in groupby(sorted(items, key=itemgetter("tables")), itemgetter("tables")):
            with closing(opener([bench / table for table in tables])) as opened:
                yield from (example(suite, item, opened) for item in of_tables)


def example(suite: str, item: dict[str, Any], opened: Opened) -> Example:
    """One question's readings."""
    history = tuple(Turn(turn["question"], turn["sql"]) for turn in item["history"])
    question = Question(item["question"], item["language"], history, item["evidence"] or "")
    prompt = Prompt("", question, opened.schema, link(question, opened.schema, opened.values))
    options = gathered(prompt)
    found = Example(suite, item["database"] or item["tables"][0])
    for option in options:
        found.options.append(traits(option, options, prompt))
        found.queries.append(option.sql)
        try:
            columns, rows = opened.rows(option.sql)
        except AnalystError:
            found.results.append("")
            found.right.append(False)
            continue
        found.results.append(str((len(columns), sorted(map(str, rows)))))
        answer = {"kind": "answer", "columns": columns, "rows": rows, "truncated": len(rows) >= ROWS}
        found.right.append(right_rows(item, answer))
    return found


# ---------------------------------------------------------------------------------------- fitting
def study(examples: list[Example], write: bool) -> None:
    """Cross-validate by database, print how sure and how right, and write what was learned from all."""
    examples = [one for one in examples if one.options]
    names = sorted({name for one in examples for option in one.options for name in option})
    fold_of = {database: number % FOLDS for number, database in enumerate(sorted({plain(one.database) for one in examples}))}
    judged: list[Judged] = []
    for fold in range(FOLDS):
        rest = [one for one in examples if fold_of[plain(one.database)] != fold]
        first, after = learn([one for one in rest if not is_after(one)], names), with_order(learn(rest, names), rest)
        held = [one for one in examples if fold_of[plain(one.database)] == fold]
        judged += [Judged(one, *elected(one, (after if is_after(one) else first).chances(one))) for one in held]
    sure_from = surely(judged)
    print(f"sure from {sure_from:.3f} on")
    report([replace(one, sure=shown_as(one.sure, sure_from)) for one in judged], examples)
    if write:
        path = Path(__file__).parent.parent / "analyst" / "models" / "builtin" / WEIGHTS
        known = {"sure from": round(sure_from, 3), "examples": len(examples)}
        later = with_order(learn(examples, names), examples).kept() | known
        kept = learn([one for one in examples if not is_after(one)], names).kept() | known | {"after": later}
        path.write_text(json.dumps(kept, ensure_ascii=False) + "\n", encoding="utf-8")


def plain(database: str) -> str:
    """A database's own name: suites share databases, some under translated headers, and these fall into one fold."""
    return database.rpartition("/")[2]


def is_after(one: Example) -> bool:
    """Whether a question comes after others; what is learned of these is learned from all, and first questions from their like."""
    return bool(one.options[0].get(AFTER))


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, how sure the vote on it was, and whether its winner is right."""

    one: Example
    sure: float
    right: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights and trees over named traits; the logit is a mean of theirs."""

    names: list[str]
    weights: Matrix
    boosted: Boosted
    order: Boosted | None = None
    """Which of several readings belongs first."""

    def chances(self, one: Example) -> Matrix:
        """Of each reading of a question, to be right."""
        seen = matrix(one.options, self.names)
        said: Matrix = 1 / (1 + np.exp(-(TREES * self.boosted.logits(seen) + (1 - TREES) * seen @ self.weights)))
        places = self.order.logits(seen).tolist() if self.order else in_turn(one.options)
        return np.array(reordered(said.tolist(), places))

    def kept(self) -> dict[str, Any]:
        """As the model reads it."""
        weights = {name: round(float((1 - TREES) * value), 4) for name, value in zip(self.names, self.weights, strict=True)}
        first = round(TREES * self.boosted.first, 4)
        found = {"weights": weights, "names": self.names, "first": first, "share": TREES, "trees": self.boosted.trees}
        return found | ({"order": {"names": self.names, "trees": self.order.trees}} if self.order else {})


def learn(examples: list[Example], names: list[str]) -> Learned:
    """From examples; each suite counts by the root of its size."""
    seen = np.concatenate([matrix(one.options, names) for one in examples])
    right = np.array([float(value) for one in examples for value in one.right])
    sizes = Counter(one.suite for one in examples)
    heft = np.array([(300 / sizes[one.suite]) ** 0.5 for one in examples for _ in one.right])
    return Learned(names, fitted(seen, right, heft), boosted(seen, right, heft))


def with_order(learned: Learned, examples: list[Example]) -> Learned:
    """With the order among readings of questions that come after others, which is learned from these alone."""
    after = [one for one in examples if is_after(one)]
    seen = np.concatenate([matrix(one.options, learned.names) for one in after])
    right = np.array([float(value) for one in after for value in one.right])
    starts = np.cumsum([0, *(len(one.right) for one in after[:-1])])
    return replace(learned, order=ordering(seen, right, starts))


def matrix(options: list[dict[str, float]], names: list[str]) -> Matrix:
    """One row a reading, one column a trait."""
    at = {name: number for number, name in enumerate(names)}
    found = np.zeros((len(options), len(names)))
    for row, option in enumerate(options):
        for name, value in option.items():
            if name in at:
                found[row, at[name]] = value
    return found


def fitted(seen: Matrix, right: Matrix, heft: Matrix) -> Matrix:
    """Weights of a logistic regression with a ridge, by Newton's method."""
    weights = np.zeros(seen.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-seen @ weights))
        slope = seen.T @ (heft * (right - chance)) - RIDGE * weights
        bend = (seen * (heft * chance * (1 - chance))[:, None]).T @ seen + RIDGE * np.eye(seen.shape[1])
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def elected(one: Example, chances: Matrix) -> tuple[float, bool]:
    """How sure the vote is, and whether its winner is right; as the way of a question votes."""
    best: dict[str, int] = {}
    for at, query in enumerate(one.queries):
        if query not in best or chances[at] > chances[best[query]]:
            best[query] = at
    voices = votes({query: float(chances[at]) for query, at in best.items()})
    groups: dict[str, list[int]] = {}
    for at in sorted(best.values(), key=lambda at: -chances[at])[:RUN]:
        if one.results[at]:
            groups.setdefault(one.results[at], []).append(at)
    if not groups:
        return 0.0, False
    totals = {result: sum(voices[one.queries[at]] for at in group) for result, group in groups.items()}
    winner = max(totals, key=lambda result: totals[result])
    return min(1.0, totals[winner]), one.right[groups[winner][0]]


def surely(judged: list[Judged]) -> float:
    """From which chance on answers are right as often as they are said to be when they are called sure; suites count alike."""
    sizes = Counter(one.one.suite for one in judged)
    ranked = sorted(judged, key=lambda one: -one.sure)
    heft = np.array([1 / sizes[one.one.suite] for one in ranked])
    held = (np.array([one.right for one in ranked]) * heft).cumsum() / heft.cumsum()
    enough = [at for at, share in enumerate(held) if share >= SURELY and at >= FEWEST]
    return ranked[enough[-1]].sure if enough else 0.99


# ---------------------------------------------------------------------------------------- reporting
def report(judged: list[Judged], examples: list[Example]) -> None:
    """Accuracy a suite, the risk-coverage curve, and how well the figure holds."""
    print(f"{len(examples)} questions of {len({one.database for one in examples})} databases")
    print("suite               n  right  best  0.8+  of them right   " + " ".join(f"{share:.0%}".rjust(6) for share in COVERAGES))
    for suite in [*dict.fromkeys(entry.one.suite for entry in judged), "all"]:
        mine = sorted((entry for entry in judged if suite in (entry.one.suite, "all")), key=lambda entry: -entry.sure)
        sure = [entry for entry in mine if entry.sure >= CALLED_SURE]
        curve = " ".join(f"{np.mean([entry.right for entry in mine[: max(1, round(share * len(mine)))]]):6.3f}" for share in COVERAGES)
        held = np.mean([entry.right for entry in sure]) if sure else float("nan")
        best = np.mean([any(entry.one.right) for entry in mine])
        right = np.mean([entry.right for entry in mine])
        print(f"{suite:18} {len(mine):4} {right:6.3f} {best:5.3f} {len(sure) / len(mine):5.2f} {held:10.3f}        {curve}")
    for low in np.arange(0, 1, 0.1):
        inside = [entry.right for entry in judged if low <= entry.sure < low + 0.1 or (low > 0.85 and entry.sure >= 1)]
        if inside:
            print(f"said {low:.1f} to {low + 0.1:.1f}: {len(inside):5} questions, {np.mean(inside):.3f} right")


if __name__ == "__main__":
    main()
