"""Questions of a business over several tables, with keys that nothing declares, are answered right without any server."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from analyst import Answer, Clarification, ask
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


def test_which_thing_grew_most_asks_back_where_several_figures_could_have(tmp_path: Path) -> None:
    rows = [
        f"{land},{year},{size * (year - 1990)},{100 - size}"
        for land, size in (("Aland", 3), ("Borduria", 7))
        for year in (2000, 2005, 2010)
    ]
    (tmp_path / "lands.csv").write_text("land,year,people,steel\n" + "\n".join(rows), encoding="utf-8")
    with closing(open_workspace([tmp_path / "lands.csv"], tmp_path / "workspace")) as workspace:
        *_, reply = ask("which land grew the most", workspace)
        assert isinstance(reply, Clarification)
        assert len(reply.choices) > 1
        *_, named = ask("which land's people grew the most since 2001", workspace)
        assert isinstance(named, Answer)
        assert named.result.rows() == [["Borduria", 35]]


def test_one_row_without_a_date_stays_out_of_a_series_of_averages(tmp_path: Path) -> None:
    days = "\n".join(f"2024-{month:02d}-{day:02d},{month}" for month in (1, 2) for day in range(1, 29))
    (tmp_path / "prices.csv").write_text(f"date,price\n{days}\n,99\n", encoding="utf-8")
    with closing(open_workspace([tmp_path / "prices.csv"], tmp_path / "workspace")) as workspace:
        *_, reply = ask("average price by month", workspace)
        assert isinstance(reply, Answer)
        assert [row[1] for row in reply.result.rows()] == [1, 2]


def test_items_are_the_sum_of_their_quantities(tmp_path: Path) -> None:
    (tmp_path / "lines.csv").write_text("order,title,quantity,state\n1,Pen,3,PA\n2,Pen,2,NY\n3,Ink,4,PA\n", encoding="utf-8")
    with closing(open_workspace([tmp_path / "lines.csv"], tmp_path / "workspace")) as workspace:
        *_, reply = ask("how many items were sent to PA", workspace)
        assert isinstance(reply, Answer)
        assert reply.result.rows() == [[7]]


def test_that_one_record_is_a_row_and_no_average(businesses: dict[str, Workspace]) -> None:
    *_, reply = ask("各部门月薪最高的那条记录是什么学历", businesses["roster"])
    assert isinstance(reply, Answer)
    assert "AVG" not in reply.query.sql
    assert {row[-1] for row in reply.result.rows()} == best_paid(businesses["roster"])


def best_paid(workspace: Workspace) -> set[object]:
    """The highest pay of each department."""
    with duckdb.connect(str(workspace.database()), read_only=True) as connection:
        return {row[0] for row in connection.execute("select max(月薪) from 员工名册 group by 部门").fetchall()}


@pytest.mark.parametrize(
    "question",
    [
        "how many sales had a discount above 20%",
        "how many sales had a discount over 20 percent",
        "折扣大于百分之20的有多少条记录",
        "折扣大于百分之二十的有多少条",
    ],
)
def test_a_percentage_is_part_of_one_where_the_column_holds_parts_of_one(question: str, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("id,discount,amount\n1,0.1,5\n2,0.25,6\n3,0.3,7\n4,0,8\n", encoding="utf-8")
    with closing(open_workspace([tmp_path / "sales.csv"], tmp_path / "workspace")) as workspace:
        *_, reply = ask(question, workspace)
        assert isinstance(reply, Answer)
        assert reply.result.rows() == [[2]]
