"""The command line, as a person types it."""

import json
from pathlib import Path

import pytest

from analyst.cli import main


def test_ask_prints_how_it_was_read_the_rows_the_words_and_the_sql(orders_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", str(orders_file), "total sales by region"]) == 0
    printed = capsys.readouterr().out
    assert "930.5" in printed
    assert "SELECT" in printed


def test_ask_takes_several_files_and_chinese(orders_file: Path, shops_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", str(orders_file), str(shops_file), "各城市的销售额总和"]) == 0
    assert "上海" in capsys.readouterr().out


def test_json_is_one_object_with_the_rows(orders_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["ask", str(orders_file), "how many orders are there?", "--json"])
    assert json.loads(capsys.readouterr().out)["rows"] == [[8]]


def test_the_chart_is_written_as_a_page_of_its_own(orders_file: Path, tmp_path: Path) -> None:
    main(["ask", str(orders_file), "total sales by region", "--chart", str(tmp_path / "chart.html")])
    assert "West" in (tmp_path / "chart.html").read_text(encoding="utf-8")


def test_a_file_that_is_not_there_is_named_and_the_exit_code_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", str(tmp_path / "gone.csv"), "how many rows?"]) == 1
    assert "gone.csv" in capsys.readouterr().err


def test_what_is_no_question_about_the_data_gets_a_short_refusal(orders_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", str(orders_file), "hello"]) == 1
    assert capsys.readouterr().out.strip()
