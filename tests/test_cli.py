"""The command line, as a person types it."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from analyst.cli import main

ROOT = Path(__file__).parent.parent


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


def test_the_page_starts_at_once_for_a_new_user_and_on_this_machine_only(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"HOME": str(tmp_path), "ANALYST_HOME": str(tmp_path / "analyst"), "BROWSER": "true"}
    command = [sys.executable, "-m", "analyst", "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as page:
        try:
            assert answers(f"http://127.0.0.1:{port}/_stcore/health")
        finally:
            page.terminate()
        printed = page.stdout.read() if page.stdout else ""
    assert "Email" not in printed
    assert "Network URL" not in printed


def answers(url: str) -> bool:
    for _ in range(120):
        try:
            return httpx.get(url, timeout=2.0).status_code == 200
        except httpx.HTTPError:
            time.sleep(0.25)
    return False
