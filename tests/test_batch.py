"""Many questions from a file: one bad line never stops the others."""

import json
from pathlib import Path

import pytest

from analyst.batch import answer_file
from analyst.errors import AnalystError


def run(tmp_path: Path, *lines: object, workers: int = 1) -> dict[str, dict]:
    requests, answers = tmp_path / "requests.jsonl", tmp_path / "answers.jsonl"
    requests.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    answer_file(requests, answers, workers=workers)
    return {line["id"]: line for line in map(json.loads, answers.read_text(encoding="utf-8").splitlines())}


def request(identifier: str, files: list[Path], question: str, **more: object) -> dict[str, object]:
    return {"id": identifier, "files": [str(file) for file in files], "question": question, "history": [], "evidence": None} | more


def test_an_answer_line_has_the_form_of_the_protocol(tmp_path: Path, orders_file: Path) -> None:
    line = run(tmp_path, request("q1", [orders_file], "total sales by region"))["q1"]
    assert list(line) == ["id", "kind", "sql", "columns", "rows", "truncated", "chart", "commentary", "confidence", "seconds", "message"]
    assert line["kind"] == "answer"
    assert sorted(line["rows"]) == [["East", 360.0], ["North", 210.0], ["South", 52.5], ["West", 930.5]]
    assert line["chart"]["mark"] == "bar"


def test_lines_that_are_no_request_and_files_that_are_not_there_do_not_stop_the_others(tmp_path: Path, orders_file: Path) -> None:
    lines = run(
        tmp_path,
        "no json",
        {"id": "half"},
        request("gone", [tmp_path / "gone.csv"], "how many rows?"),
        request("good", [orders_file], "how many orders are there?"),
    )
    assert {key: line["kind"] for key, line in lines.items()} == {"line 1": "error", "half": "error", "gone": "error", "good": "answer"}
    assert "gone.csv" in lines["gone"]["message"]
    assert lines["good"]["rows"] == [[8]]


def test_several_workers_give_the_same_answers(tmp_path: Path, orders_file: Path, shops_file: Path) -> None:
    asked = [request("en", [orders_file], "total sales by region"), request("zh", [shops_file], "各城市的销售额总和")]
    one, two = run(tmp_path, *asked), run(tmp_path, *asked, workers=2)
    assert {key: line["rows"] for key, line in one.items()} == {key: line["rows"] for key, line in two.items()}


def test_tables_are_named_after_the_file(tmp_path: Path, shops_file: Path) -> None:
    assert "门店销售" in run(tmp_path, request("q", [shops_file], "各城市的销售额总和"))["q"]["sql"]


def test_more_than_a_thousand_rows_are_cut_and_said_so(tmp_path: Path) -> None:
    many = tmp_path / "many.csv"
    many.write_text("n,name\n" + "".join(f"{n},name {n}\n" for n in range(1_500)), encoding="utf-8")
    line = run(tmp_path, request("q", [many], "list all rows of many"))["q"]
    assert (len(line["rows"]), line["truncated"]) == (1_000, True)


def test_a_wrong_model_is_told_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "requests.jsonl").write_text("")
    with pytest.raises(AnalystError, match="gpt"):
        answer_file(tmp_path / "requests.jsonl", tmp_path / "answers.jsonl", model="gpt")
