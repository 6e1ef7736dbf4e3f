"""Ground every training question once, and keep what was found in shards.

    python -m train.reader.prepare BENCH WORK [--suites NAME ...] [--part K/N]

WORK gets shards/<suite>/<number>.pickle and table files. What is there already stays, so a run goes on where one was stopped; several
runs side by side each take a part.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb

from analyst.grounding import ground
from train.reader.lessons import Grounded
from train.reader.shards import Shard, keep
from train.suites import SUITES, Database, Example, databases, examples

TOGETHER = {"wikisql": 200, "retqa": 100}
"""Databases in a shard; else one."""


def main() -> None:
    """Make the shards that are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--suites", nargs="*", default=list(SUITES))
    parser.add_argument("--part", default="0/1", help="which of how many parts this run takes, counted from 0")
    parser.add_argument("--most", type=int, default=10**9, help="shards of a suite")
    args = parser.parse_args()
    part, parts = map(int, args.part.split("/"))
    for suite in args.suites:
        folder = args.work / "shards" / suite
        folder.mkdir(parents=True, exist_ok=True)
        groups = islice(grouped(databases(args.bench, args.work, suite), TOGETHER.get(suite, 1)), args.most)
        wanted: set[Path] = set()
        for number, group in enumerate(groups):
            file = folder / f"{mark_of(group)}.pickle"
            wanted.add(file)
            if number % parts == part and not file.exists():
                shard = made(group, args.work / "tables")
                keep(file, shard)
                print(suite, number, len(shard.examples), dict(shard.left_out.most_common(2)), flush=True)
        for stale in set(folder.glob("*.pickle")) - wanted:
            stale.unlink()


def mark_of(group: Sequence[Database]) -> str:
    """A name for a group that changes with its questions and their answers."""
    return hashlib.sha256(repr([(database.name, database.tasks) for database in group]).encode()).hexdigest()[:24]


def grouped(found: Iterable[Database], size: int) -> Iterator[list[Database]]:
    """Databases in groups."""
    rest = iter(found)
    while group := list(islice(rest, size)):
        yield group


def made(group: Iterable[Database], cache: Path) -> Shard:
    """The shard of a group."""
    shard = Shard()
    for database in group:
        try:
            opened = database.open(cache)
        except (duckdb.Error, UnicodeDecodeError) as error:
            shard.left_out[f"{database.name}: {error}"] += len(database.tasks)
            continue
        shard.schemas[database.name] = opened.schema
        for example in examples(database, opened):
            if isinstance(example, Example):
                shard.examples.append(Grounded(example, ground(example.question, opened.schema, opened.cells)))
            else:
                shard.left_out[example] += 1
        opened.connection.close()
    return shard


if __name__ == "__main__":
    main()
