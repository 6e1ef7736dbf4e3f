"""The sets beside this file: a folder each, with its tables and `questions.jsonl`; and how many of each must be answered right."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.judging import Item, read_lines

FOLDER = Path(__file__).parent
THRESHOLDS = FOLDER / "thresholds.toml"


@dataclass(frozen=True, slots=True)
class Set:
    """Questions over tables that lie in one folder."""

    name: str
    folder: Path
    items: list[Item]

    @property
    def languages(self) -> str:
        """The languages in which it asks."""
        return ", ".join(sorted({item["language"] for item in self.items}))


def names(folder: Path = FOLDER) -> list[str]:
    """The sets there are."""
    return sorted(path.parent.name for path in folder.glob("*/questions.jsonl"))


def read_set(name: str, folder: Path = FOLDER) -> Set:
    """One set. Raises OSError where there is none of that name."""
    return Set(name, folder / name, read_lines(folder / name / "questions.jsonl"))


def thresholds(path: Path = THRESHOLDS) -> dict[str, float]:
    """The least share of right answers of each set, in percent."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
