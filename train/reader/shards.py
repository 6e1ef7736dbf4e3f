"""Grounded examples kept in files, so that a step of training costs only the network."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from analyst.terms import Schema
from train.reader.lessons import Grounded


@dataclass(slots=True)
class Shard:
    """Grounded examples with their schemas, by database."""

    schemas: dict[str, Schema] = field(default_factory=dict)
    examples: list[Grounded] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    """Why questions became no examples -> how many."""


def keep(file: Path, shard: Shard) -> None:
    """Write a shard, whole or not at all."""
    part = file.with_suffix(".part")
    part.write_bytes(pickle.dumps(shard, protocol=5))
    part.replace(file)


def kept(work: Path, suite: str) -> Iterator[Shard]:
    """The shards of a suite."""
    for file in sorted((work / "shards" / suite).glob("*.pickle")):
        shard: Shard = pickle.loads(file.read_bytes())
        yield shard
