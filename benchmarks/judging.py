"""Whether an answer to a question of a set is right: its rows, its declining, its chart; and the figures of many.

An item: `question`, `language`, `history`, `tables`, `kind` (answer, refusal, clarification), `gold` (a list: any of them is right; each
has `rows`, `columns`, and where the question orders, `ordered` and `order_rank`), `extra_columns_ok`; optional `kinds` (replies that are
as good as `kind`), `names` (what the message must name), `charts` (marks that are right).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.comparing import Rows, same_rows

Item = dict[str, Any]
Judged = tuple[Item, Item]
"""An item and the line that answers it."""

MISSING: Item = {"kind": "missing"}
ALIASES = {"column": "bar", "horizontal_bar": "bar", "histogram": "bar", "stacked_column": "stacked_bar", "arc": "pie", "point": "scatter"}
COLOURED = {"bar": "stacked_bar", "line": "line+color", "scatter": "scatter+color"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of a set; None where nothing could be measured."""

    questions: int
    right: float | None
    """Of all questions: the rows asked for, or the reply that was due."""
    strict: float | None
    """Of those with rows: exactly the rows and columns asked for."""
    lenient: float | None
    """The same, where further columns are no harm."""
    declined_rightly: float | None
    """Of the replies that decline or ask back, those that were due."""
    due_declined: float | None
    """Of the questions to be declined or asked back, those that were."""
    mark: float | None
    """Of the charts asked for, those with the right mark."""
    p50: float
    p95: float
    """Seconds."""


def read_lines(path: Path) -> list[Item]:
    """A file of JSON lines."""
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def golds(item: Item) -> list[Rows]:
    """The results that are right; none where the item has no rows to compare with."""
    found = item.get("gold")
    if not found and item.get("gold_rows") is not None:
        found = [item | {"rows": item["gold_rows"], "columns": item.get("gold_columns")}]
    return [gold_rows(gold) for gold in found or ()]


def gold_rows(gold: Item) -> Rows:
    """One result that is right."""
    rows = gold["rows"]
    ranks = (gold.get("order_rank") or list(range(len(rows)))) if gold.get("ordered") else None
    return Rows.of(rows, len(rows[0]) if rows else len(gold.get("columns") or []), ranks)


def right_rows(item: Item, answer: Item, *, extra: bool = False) -> bool:
    """Whether the answer's rows are one of the right results; rows that were cut off are never right."""
    if answer["kind"] != "answer" or answer.get("truncated"):
        return False
    found = Rows.of(answer["rows"], len(answer["columns"]))
    return any(same_rows(gold, found, extra=extra or bool(item.get("extra_columns_ok"))) for gold in golds(item))


def right(item: Item, answer: Item) -> bool:
    """Whether the reply is right: the rows, or the declining or asking back that was due, and what else the item asks for."""
    due = item.get("kinds") or [item.get("kind", "answer")]
    if answer["kind"] != "answer":
        return answer["kind"] in due and all(name in answer["message"] for name in item.get("names", ()))
    if golds(item):
        return right_rows(item, answer)
    return "answer" in due and right_mark(item, answer) is not False


def right_mark(item: Item, answer: Item) -> bool | None:
    """Whether the chart has a mark that was asked for; None where none was."""
    wanted = item.get("charts") or ([item["chart"]["mark"]] if item.get("chart") else [])
    if not wanted:
        return None
    chart = answer.get("chart") or {}
    plain = str(chart.get("mark") or "none").lower().replace(" ", "_").replace("-", "_")
    plain = ALIASES.get(plain, plain)
    full = COLOURED.get(plain, plain) if chart.get("color") not in (None, "", chart.get("x")) else plain
    return bool({full, plain} & set(wanted)) if item.get("charts") else full in wanted


def figures(pairs: Sequence[Judged]) -> Figures:
    """The figures of some items and their answers."""
    with_rows = [(item, answer) for item, answer in pairs if item.get("kind", "answer") == "answer" and golds(item)]
    declined = [item for item, answer in pairs if answer["kind"] in ("refusal", "clarification")]
    due = [answer for item, answer in pairs if item.get("kind", "answer") != "answer"]
    marks = [mark for item, answer in pairs if item.get("kind", "answer") == "answer" and (mark := right_mark(item, answer)) is not None]
    seconds = sorted(float(answer.get("seconds") or 0) for _, answer in pairs)
    return Figures(
        len(pairs),
        share([right(item, answer) for item, answer in pairs]),
        share([right_rows(item, answer) for item, answer in with_rows]),
        share([right_rows(item, answer, extra=True) for item, answer in with_rows]),
        share([item.get("kind", "answer") != "answer" for item in declined]),
        share([answer["kind"] in ("refusal", "clarification") for answer in due]),
        share(marks),
        seconds[(len(seconds) - 1) // 2] if seconds else 0.0,
        seconds[math.ceil(0.95 * len(seconds)) - 1] if seconds else 0.0,
    )


def share(hits: Sequence[bool]) -> float | None:
    """The part that is true."""
    return sum(hits) / len(hits) if hits else None


def percent(value: float | None) -> str:
    """A share as a percentage with one digit; a dash where nothing was measured."""
    return "-" if value is None else f"{100 * value:.1f}"
