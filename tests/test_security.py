"""What docs/security.md says of the whole: the walls and tests that it names are there, and nothing that is shipped is code in disguise."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from analyst.ask import ask
from analyst.workspace import Workspace

ROOT = Path(__file__).parents[1]
WORDS = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TESTS = sorted(set(re.findall(r"`(test_\w+\.py)::(test_\w+)`", WORDS)))
PLACES = sorted(set(re.findall(r"`((?:analyst|connectors|prompts|train|tests)/[\w./]*)`", WORDS)))
WEIGHTS = sorted(path for ending in ("npz", "json") for path in (ROOT / "analyst").rglob(f"*.{ending}"))


@pytest.mark.parametrize(("file", "test"), TESTS)
def test_every_test_that_the_document_names_is_there(file: str, test: str) -> None:
    assert f"def {test}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("place", PLACES)
def test_every_module_that_the_document_names_is_there(place: str) -> None:
    assert (ROOT / place).exists()


def test_each_of_the_ten_risks_has_a_wall_a_test_and_what_remains() -> None:
    rows = [line.strip("|").split("|") for line in WORDS.splitlines() if re.match(r"\| LLM\d\d ", line)]
    assert [row[0].split()[0] for row in rows] == [f"LLM{number:02}" for number in range(1, 11)]
    assert all(len(row) == 4 and "`" in row[1] and "test_" in row[2] and row[3].strip() for row in rows)


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_to_one_version(file: str) -> None:
    lines = [line.partition("#")[0].strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    assert [line for line in lines if line and not re.fullmatch(r"[\w.-]+(\[[\w,.-]+\])?==[\w.]+( ?;.*)?|-r .*", line)] == []


@pytest.mark.parametrize("path", WEIGHTS, ids=lambda path: path.name)
def test_weights_hold_numbers_and_no_code(path: Path) -> None:
    if path.suffix == ".json":
        assert json.loads(path.read_text(encoding="utf-8"))
        return
    with np.load(path, allow_pickle=False) as stored:
        assert all(stored[name].dtype.kind in "iufbUS" for name in stored.files)


def test_asking_changes_no_weight(orders: Workspace) -> None:
    before = [hashlib.sha256(path.read_bytes()).digest() for path in WEIGHTS]
    *_, reply = ask("total Sales by Region", orders)
    *_, other = ask("total Sales by Region", orders)
    assert [hashlib.sha256(path.read_bytes()).digest() for path in WEIGHTS] == before
    assert reply.confidence == other.confidence
