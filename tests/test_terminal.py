"""Rows in a terminal line up, in Chinese too."""

import pyarrow as pa

from analyst.terms import ResultSet
from analyst.writing.terminal import terminal_table, width


def result(**columns: list[object]) -> ResultSet:
    return ResultSet(pa.table(columns), False, 0.0)


def test_columns_line_up_with_chinese_cells() -> None:
    lines = terminal_table(result(城市=["上海", "NY"], 销售额=[1200.5, 3.0]), 20, "zh").splitlines()
    assert {width(line) for line in lines} == {width(lines[0])}


def test_rows_that_are_not_shown_are_counted() -> None:
    assert terminal_table(result(n=list(range(25))), 20, "en").endswith("… 5 more rows")


def test_a_long_cell_is_cut_and_marked() -> None:
    assert "…" in terminal_table(result(text=["x" * 100]), 20, "en")


def test_a_missing_cell_is_blank_and_a_cell_with_line_breaks_stays_on_its_line() -> None:
    lines = terminal_table(result(a=[None, "one\ntwo"]), 20, "en").splitlines()
    assert lines[2].strip() == ""
    assert lines[3] == "one two"
