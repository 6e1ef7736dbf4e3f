"""The ablation of docs/benchmarks.md measures the model without one part at a time: without any of them a question still ends in a
reply."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyst import Answer, Clarification, Refusal, ask
from analyst.workspace import open_workspace
from benchmarks.accuracy import PARTS, without

QUESTIONS = ("revenue by region", "how many orders in 2024", "amuont in the west", "which customer spent the most")


@pytest.mark.parametrize("part", PARTS)
def test_any_part_of_the_model_can_be_left_out(part: str, orders_file: Path, shops_file: Path, tmp_path: Path) -> None:
    with without(part):
        workspace = open_workspace([orders_file, shops_file], tmp_path / "workspace")
        try:
            replies = [list(ask(question, workspace))[-1] for question in QUESTIONS]
        finally:
            workspace.close()
    assert all(isinstance(reply, Answer | Clarification | Refusal) for reply in replies)
