"""Everyday questions on the sample data and on a stranger's CSV are answered right, in both languages, without any server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import yaml

from analyst import Answer, ask
from analyst.sample import FILES
from analyst.workspace import Workspace, open_workspace

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "everyday.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Asked:
    """A question and the SQL whose rows a right answer gives."""

    table: str
    text: str
    sql: str
    ordered: bool
    more: bool
    """Further columns are welcome."""
    years: bool
    """A year may come as 2025 or as 2025-01-01."""
    listed: bool
    """The rows themselves are as good as their count."""


CASES = [
    Asked(group["tables"][0], one["q"], one["sql"], *(bool(one.get(key)) for key in ("ordered", "more", "years", "listed")))
    for group in GOLDEN
    for one in group["asked"]
    if not one.get("share")
]


def employees() -> str:
    """A stranger's file: people, where they work and what they earn."""
    rng = random.Random(4)
    lines = ["Name,Department,Office,Age,Salary,Hired On"]
    for number in range(80):
        hired = date(2016, 1, 1) + timedelta(days=rng.randrange(3500))
        place = rng.choice(["Berlin", "Lyon", "Porto"])
        team = rng.choice(["Engineering", "Sales", "Finance", "Support"])
        lines.append(f"Person {number:02d},{team},{place},{rng.randrange(22, 64)},{rng.randrange(30_000, 120_000)},{hired.isoformat()}")
    return "\n".join(lines) + "\n"


def temperatures() -> str:
    """A stranger's file in Chinese: two weather stations over half a year."""
    rng = random.Random(9)
    lines = ["站点,日期,气温,降水量"]
    for day in range(180):
        for place in ("北站", "南站"):
            lines.append(f"{place},{date(2024, 1, 1) + timedelta(days=day)},{rng.uniform(-5, 30):.1f},{max(0, rng.uniform(-20, 40)):.1f}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Workspace]]:
    folder = tmp_path_factory.mktemp("everyday")
    (folder / "employees.csv").write_text(employees(), encoding="utf-8")
    (folder / "气温记录.csv").write_text(temperatures(), encoding="gb18030")
    files = {path.stem: path for path in (*FILES, folder / "employees.csv", folder / "气温记录.csv")}
    opened = {name: open_workspace([files[name]], folder / f"workspace-{number}") for number, name in enumerate(files)}
    yield opened
    for workspace in opened.values():
        workspace.close()


def rows(found: list[list[object]], years: bool) -> list[tuple[object, ...]]:
    """Rows in a form that compares: numbers rounded, years as numbers where both forms are right, columns in one order."""
    plain = [[cell(value, years) for value in row] for row in found]
    return [tuple(sorted(row, key=str)) for row in plain]


def cell(value: object, years: bool) -> object:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return round(float(value), 4)
    text = str(value)[:10]
    return float(text[:4]) if years and text[4:] == "-01-01" else text


def gold(workspace: Workspace, asked: Asked) -> list[list[object]]:
    with duckdb.connect(str(workspace.database()), read_only=True) as connection:
        return [list(row) for row in connection.execute(asked.sql).fetchall()]


@pytest.mark.parametrize("asked", CASES, ids=lambda asked: asked.text)
def test_an_everyday_question_is_answered_right(asked: Asked, workspaces: dict[str, Workspace]) -> None:
    workspace = workspaces[asked.table]
    *_, reply = ask(asked.text, workspace)
    assert isinstance(reply, Answer), reply
    expected, found = rows(gold(workspace, asked), asked.years), rows(reply.result.rows(), asked.years)
    if asked.listed and len(found) != 1:
        assert float(len(found)) == expected[0][0], reply.query.sql
    elif asked.more:
        assert [set(row) & set(other) for row, other in zip(expected, found, strict=True)] == [set(row) for row in expected], (
            reply.query.sql
        )
    else:
        assert (found if asked.ordered else sorted(found, key=str)) == (expected if asked.ordered else sorted(expected, key=str)), (
            reply.query.sql
        )
    assert reply.commentary
    assert reply.reading.summary.in_language(reply.question.language)
