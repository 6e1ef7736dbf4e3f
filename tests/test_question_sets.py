"""The sets of benchmarks/questions are whole, their gold is what it says, and the command that asks them tells when a set is below its
threshold."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from benchmarks.comparing import same_rows
from benchmarks.judging import gold_rows, golds, right
from benchmarks.questions.__main__ import main
from benchmarks.questions.fill import main as fill
from benchmarks.questions.fill import tables_of
from benchmarks.questions.gold import gold_of
from benchmarks.questions.sets import names, read_set, thresholds

KINDS = {"answer", "clarification", "refusal"}


@pytest.mark.parametrize("name", names())
def test_a_set_is_whole(name: str) -> None:
    one = read_set(name)
    assert len({item["id"] for item in one.items}) == len(one.items)
    assert len({(item["question"], str(item["history"]), *item["tables"]) for item in one.items}) == len(one.items)
    for item in one.items:
        assert {item["kind"], *item.get("kinds", ())} <= KINDS
        assert all((one.folder / table).is_file() for table in item["tables"]), item["id"]
        assert item["kind"] != "answer" or golds(item) or item.get("charts"), item["id"]
        assert all(gold.rows for gold in golds(item)), f"{item['id']}: an answer without rows proves nothing"


def test_each_set_has_a_threshold_and_each_threshold_a_set() -> None:
    assert sorted(thresholds()) == names()
    assert all(0 < least <= 100 for least in thresholds().values())


@pytest.mark.parametrize("name", names())
def test_gold_rows_are_what_their_query_gives(name: str) -> None:
    one = read_set(name)
    for tables in dict.fromkeys(tuple(item["tables"]) for item in one.items):
        with tables_of(one.folder, tables) as connection:
            for item in one.items:
                for gold in item["gold"] if tuple(item["tables"]) == tables else ():
                    assert "sql" not in gold or same_rows(gold_rows(gold_of(connection, gold["sql"])), gold_rows(gold)), item["id"]


def test_a_new_set_is_filled_from_its_queries(orders_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"id": "1", "tables": [str(orders_file)], "gold": [{"sql": "select Product from orders order by Quantity desc limit 1"}]}
    lost = {"id": "2", "tables": [str(orders_file)], "gold": [{"sql": "select Product from orders where Region = 'Moon'"}]}
    tied = {"id": "3", "tables": [str(orders_file)], "gold": [{"sql": "select Product from orders order by Region desc limit 2"}]}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "questions.jsonl").write_text("\n".join(map(json.dumps, (asked, lost, tied))))
    fill("mine", tmp_path)
    assert read_set("mine", tmp_path).items[0]["gold"][0]["rows"] == [["Pen"]]
    told = capsys.readouterr().out.splitlines()
    assert ["2" in told[0], "3" in told[1], len(told)] == [True, True, 2]


def test_a_query_with_an_order_says_which_rows_may_swap() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table sold as from (values ('Pen', 2), ('Ink', 1), ('Cap', 2), ('Pad', 1)) t(item, pieces)")
        assert "order_rank" not in gold_of(connection, "select item from sold")
        assert gold_of(connection, "select item from sold order by pieces desc")["order_rank"] == [0, 0, 1, 1]
        assert gold_of(connection, "select item, sum(pieces) n from sold group by 1 order by n, 1")["rows"][0] == ["Ink", 1]


@pytest.mark.parametrize(
    ("kind", "reply", "rightly"),
    [
        ("refusal", {"kind": "refusal", "message": "No column profit"}, True),
        ("refusal", {"kind": "refusal", "message": "No"}, False),
        ("refusal", {"kind": "clarification", "message": "profit?"}, False),
        ("refusal", {"kind": "answer", "columns": ["n"], "rows": [[1]]}, False),
        ("refusal", {"kind": "error", "message": "profit"}, False),
        ("clarification", {"kind": "clarification", "message": "profit?"}, True),
    ],
)
def test_declining_is_right_where_it_was_due_and_names_what_is_missing(kind: str, reply: dict[str, object], rightly: bool) -> None:
    assert right({"kind": kind, "gold": [], "names": ["profit"]}, reply) is rightly


def test_rows_that_were_cut_off_are_never_right() -> None:
    item = {"kind": "answer", "gold": [{"rows": [[1]], "columns": ["n"]}]}
    answer = {"kind": "answer", "columns": ["n"], "rows": [[1]]}
    assert right(item, answer | {"truncated": False})
    assert not right(item, answer | {"truncated": True})


@pytest.mark.parametrize(("total", "end"), [(1553.0, 0), (1552.0, 1)])
def test_a_set_below_its_threshold_ends_the_command_with_an_error(
    total: float, end: int, orders_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = {"id": "1", "language": "en", "question": "total Sales", "history": [], "kind": "answer", "tables": [str(orders_file)]}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "questions.jsonl").write_text(json.dumps(item | {"gold": [{"rows": [[total]], "columns": ["n"]}]}))
    (tmp_path / "thresholds.toml").write_text("mine = 100\n")
    assert main(["mine"], tmp_path) == end
    assert ("below" in capsys.readouterr().out) is bool(end)
    assert main(["yours"], tmp_path) == 2
