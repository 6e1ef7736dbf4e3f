"""The questions of a set put to a model through the batch protocol, as a person's files and words would be."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analyst.batch import answer_file
from benchmarks.judging import MISSING, Item, Judged, read_lines


def asked(items: Sequence[Item], folder: Path, model: str = "builtin", workers: int = 1) -> list[Judged]:
    """The items with the lines that answer them; `folder` is where their tables' paths start. Raises AnalystError for an unknown model."""
    with tempfile.TemporaryDirectory() as temporary:
        requests, answers = Path(temporary) / "requests.jsonl", Path(temporary) / "answers.jsonl"
        requests.write_text("".join(json.dumps(request(item, folder)) + "\n" for item in items), encoding="utf-8")
        answer_file(requests, answers, model, workers)
        given = {answer["id"]: answer for answer in read_lines(answers)}
    return [(item, given.get(item["id"], MISSING)) for item in items]


def request(item: Item, folder: Path) -> Item:
    """What the system is given of an item; nothing of its gold."""
    files = [str((folder / table).resolve()) for table in item["tables"]]
    return {"id": item["id"], "files": files, "question": item["question"], "history": item["history"], "evidence": item.get("evidence")}
