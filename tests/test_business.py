"""Questions of a business over several tables, with keys that nothing declares, are answered right without any server."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from analyst import Answer, ask
from analyst.workspace import Workspace, open_workspace
from tests.business_tables import clinic, household, roster, school, support, trader

GOLDEN = yaml.safe_load((Path(__file__).parent / "golden" / "business.yaml").read_text(encoding="utf-8"))
CASES = [(group["tables"], one["q"], one["sql"]) for group in GOLDEN for one in group["asked"] if "sql" in one]
DECLINED = [(group["tables"], one["q"]) for group in GOLDEN for one in group["asked"] if one.get("declined")]


@pytest.fixture(scope="module")
def businesses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Workspace]]:
    opened = {}
    for name, make in (
        ("trader", trader),
        ("clinic", clinic),
        ("support", support),
        ("household", household),
        ("school", school),
        ("roster", roster),
    ):
        folder = tmp_path_factory.mktemp(name)
        opened[name] = open_workspace(make(folder), folder / "workspace")
    yield opened
    for workspace in opened.values():
        workspace.close()


def plain(value: object) -> str:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return str(round(float(value), 2))
    return str(value.date() if isinstance(value, datetime.datetime) else value)


def columns(rows: list[list[object]]) -> list[Counter[str]]:
    return [Counter(map(plain, column)) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(("name", "question", "sql"), CASES, ids=lambda text: text if " " in text else "")
def test_a_business_question_is_answered_right(name: str, question: str, sql: str, businesses: dict[str, Workspace]) -> None:
    workspace = businesses[name]
    *_, reply = ask(question, workspace)
    assert isinstance(reply, Answer), reply
    with duckdb.connect(str(workspace.database()), read_only=True) as connection:
        expected = [list(row) for row in connection.execute(sql).fetchall()]
    found = reply.result.rows()
    assert len(found) == len(expected), reply.query.sql
    assert all(column in columns(found) for column in columns(expected)), reply.query.sql


@pytest.mark.parametrize(("name", "question"), DECLINED)
def test_what_a_business_does_not_keep_is_declined(name: str, question: str, businesses: dict[str, Workspace]) -> None:
    *_, reply = ask(question, businesses[name])
    assert not isinstance(reply, Answer)
