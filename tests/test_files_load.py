"""Loading as a whole: versions, replacement, failures, cancelling, the child process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from reading_files import loaded, rows

from connectors.errors import FileRejected
from connectors.files import ColumnOptions, LoadReport, Progress, ReadOptions, Source, load, load_in_child


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_previous_tables_are_kept_and_the_previous_file_is_not_touched(tmp_path: Path) -> None:
    first = loaded(tmp_path, written(tmp_path, "one.csv", "a\n1\n"))
    before = first.database.read_bytes()
    second = loaded(tmp_path, written(tmp_path, "two.csv", "b\n2\n"), previous=first.database)
    assert (rows(second, "one"), rows(second, "two")) == ([(1,)], [(2,)])
    assert first.database.read_bytes() == before
    assert second.database != first.database


def test_reading_a_file_again_replaces_its_table_and_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "Sales.csv", "a\n1\n")
    first = loaded(tmp_path, path)
    second = loaded(tmp_path, written(tmp_path, "sales.csv", "a\n2\n3\n"), previous=first.database)
    assert [first.tables[0].replaced, second.tables[0].replaced] == [False, True]
    assert rows(second, "sales") == [(2,), (3,)]


def test_two_files_of_one_name_give_two_tables(tmp_path: Path) -> None:
    report = loaded(tmp_path, written(tmp_path / "x", "data.csv", "a\n1\n"), written(tmp_path / "y", "data.csv", "a\n2\n"))
    assert [table.name for table in report.tables] == ["data", "data 2"]


@pytest.mark.parametrize(("ending", "write"), [("csv", "CSV"), ("parquet", "PARQUET"), ("json", "JSON")])
def test_a_file_whose_name_reads_like_a_pattern_is_itself_and_no_other(tmp_path: Path, ending: str, write: str) -> None:
    for name, value in (("k", 1), ("[k]", 2)):
        duckdb.sql(f"COPY (SELECT {value} AS a, i FROM range(50000) AS t(i)) TO '{tmp_path}/plain' (FORMAT {write})")
        (tmp_path / "plain").rename(tmp_path / f"{name}.{ending}")
    report = loaded(tmp_path, tmp_path / f"[k].{ending}")
    assert {row[0] for row in rows(report, "[k]")} == {2}


def test_a_bad_file_stops_no_other_and_leaves_the_previous_tables(tmp_path: Path) -> None:
    first = loaded(tmp_path, written(tmp_path, "one.csv", "a\n1\n"))
    second = loaded(tmp_path, written(tmp_path, "one.csv", ""), written(tmp_path, "two.csv", "b\n2\n"), previous=first.database)
    assert [path.name for path, _ in second.failed] == ["one.csv"]
    assert (rows(second, "one"), rows(second, "two")) == ([(1,)], [(2,)])


def test_progress_grows_and_speaks_both_languages(tmp_path: Path) -> None:
    paths = [written(tmp_path, f"t{at}.csv", "a\n1\n") for at in range(3)]
    *steps, _ = load([Source(path) for path in paths], tmp_path / "loaded")
    shares = [step.share for step in steps if isinstance(step, Progress) and step.share is not None]
    assert shares == sorted(shares)
    assert all(isinstance(step, Progress) and "t" in step.words.en and step.words.zh for step in steps)


@pytest.mark.parametrize("loading", [load, load_in_child])
def test_closing_early_stops_the_work_and_leaves_nothing_behind(tmp_path: Path, loading: Callable[..., Any]) -> None:
    path = written(tmp_path, "big.csv", "a,b\n" + "1,x\n" * 1_500_000)
    steps = loading([Source(path)], tmp_path / "loaded")
    assert isinstance(next(steps), Progress)
    steps.close()
    assert list((tmp_path / "loaded").iterdir()) == []


def test_the_child_reports_what_the_function_reports(tmp_path: Path) -> None:
    path = written(tmp_path, "数据.csv", '日期,金额\n1/2/2024,"¥1,200"\n3/4/2024,无\n5,6,7\n')
    sources = [Source(path, ReadOptions(columns={"金额": ColumnOptions(name="Amount")})), Source(tmp_path / "gone.csv")]
    *_, here = load(sources, tmp_path / "here")
    *_, there = load_in_child(sources, tmp_path / "there")
    assert isinstance(here, LoadReport)
    assert isinstance(there, LoadReport)
    assert there.tables[0].columns == here.tables[0].columns
    assert there.tables[0].notes == here.tables[0].notes
    assert str(there.failed[0][1]) == str(here.failed[0][1])
    assert rows(there, "数据") == rows(here, "数据")


def test_reading_that_takes_longer_than_allowed_ends_in_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    first = loaded(tmp_path, written(tmp_path, "one.csv", "a\n1\n"))
    slow = written(tmp_path, "slow.csv", "a,b\n" + "1,x\n" * 1_500_000)
    with pytest.raises(FileRejected) as refused:
        list(load_in_child([Source(slow)], tmp_path / "loaded", first.database, seconds=0.2))
    assert refused.value.in_language("en").startswith("Reading slow.csv took longer than 0.2 seconds. Nothing was changed.")
    assert "超过 0.2 秒" in refused.value.message.zh
    assert list((tmp_path / "loaded").iterdir()) == [first.database]
    assert rows(first, "one") == [(1,)]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space of a process")
def test_a_child_that_runs_out_of_memory_becomes_a_refusal_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = written(tmp_path, "sales.csv", "a\n1\n")
    with pytest.raises(FileRejected) as refused:
        list(load_in_child([Source(path)], tmp_path / "loaded", memory_bytes=100_000_000))
    assert "sales.csv" in refused.value.message.en
    assert list((tmp_path / "loaded").iterdir()) == []
