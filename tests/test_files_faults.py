"""Files with faults: what is no row of a table is shown and never read, and nothing is left out without a word."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from reading_files import Reader, loaded, rows

from connectors.files import LoadedTable
from connectors.files.dialect import Dialect
from connectors.files.header import find_header
from connectors.files.records import records


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def said(table: LoadedTable, language: str = "en") -> str:
    return " ".join(getattr(note, language) for note in table.notes)


def rejected(table: LoadedTable) -> list[tuple[int, str]]:
    """Line and text of every row that was left out."""
    if table.rejects_file is None:
        return []
    with table.rejects_file.open(encoding="utf-8", newline="") as file:
        return [(int(row["line"]), row["text"]) for row in csv.DictReader(file)]


EVEN = "name,qty,price,note\n" + "".join(f"p{at},{at},{at}.5,\n" for at in range(1, 6))


# ------------------------------------------------------------------------------------------------ shifted rows
@pytest.mark.parametrize(
    "shifted",
    ["q,,6,6.5,", "q,6,,6.5,", "q,6,6.5,,x", ",q,6,6.5,", "q,6,6.5,x,", "q,1,234,6.5,"],
)
def test_a_row_shifted_by_an_extra_separator_is_rejected_and_shown(read: Reader, shifted: str) -> None:
    table = read(EVEN + shifted + "\nr,7,7.5,\n")
    assert [row[0] for row in read.rows()] == ["p1", "p2", "p3", "p4", "p5", "r"]
    assert rejected(table) == [(7, shifted)]
    assert "1 of 7 rows could not be read" in said(table)


def test_a_shifted_row_is_rejected_where_the_last_column_is_full_as_well(read: Reader) -> None:
    table = read("日期,店铺,金额\n" + "2024-01-05,东店,10\n" * 5 + "2024-01-06,,西店,20\n2024-01-07,西店,30,\n")
    assert (table.rows, rejected(table)) == (6, [(7, "2024-01-06,,西店,20")])
    assert "1 行末尾多出空单元格（第 8 行）" in said(table, "zh")


def test_a_row_that_lost_a_separator_is_rejected_where_its_cells_stand_under_the_wrong_columns(read: Reader) -> None:
    table = read("day,shop,amount\n" + "2024-01-05,East,10\n" * 5 + "2024-01-06West,20\n")
    assert (table.rows, rejected(table)) == (5, [(7, "2024-01-06West,20")])


def test_a_row_of_which_no_value_fits_its_column_is_no_row(read: Reader) -> None:
    table = read("day,shop,amount\n" + "2024-01-05,East,10\n" * 20 + "closed,West,closed\n")
    assert (table.rows, [kind.type for kind in table.columns]) == (20, ["DATE", "VARCHAR", "BIGINT"])
    assert rejected(table) == [(22, "closed,West,closed")]


def test_a_separator_too_many_in_the_header_does_not_move_the_names(read: Reader) -> None:
    table = read("name,,qty,price\na,1,1.5\nb,2,2.5\nc,3,3.5\n")
    assert [column.name for column in table.columns] == ["name", "qty", "price"]
    assert "1 more separators than the rows" in said(table)


def test_a_header_with_too_few_names_is_said(read: Reader) -> None:
    assert "3 names for 4 columns" in said(read("name,qty,price\na,1,1.5,x\nb,2,2.5,y\nc,3,3.5,z\n"))


# ------------------------------------------------------------------------------------------------ quotes
@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('x,""odd",1', ("x", '"odd', 1)),
        ('x,"say "hi" twice",1', ("x", 'say "hi" twice', 1)),
        ('x,"4"",1', ("x", '4"', 1)),
        ('"x,"b, c",1', ('"x', "b, c", 1)),
        ('x,"open,1', ("x", '"open', 1)),
    ],
)
def test_a_stray_quote_costs_no_other_row_and_is_said(read: Reader, line: str, cells: tuple[object, ...]) -> None:
    table = read('a,b,n\nk,"l, m",1\n' + line + '\nu,"v",2\nw,"y",3\n')
    assert read.rows() == [("k", "l, m", 1), cells, ("u", "v", 2), ("w", "y", 3)]
    assert "(line 3)" in said(table)


def test_a_row_whose_quotes_make_no_sense_is_rejected(read: Reader) -> None:
    table = read('a,b,n\nk,l,1\nx,"y" z,"p, q\nu,v,2\n')
    assert (table.rows, rejected(table)) == (2, [(3, 'x,"y" z,"p, q')])


def test_apostrophes_that_quote_and_blanks_after_separators_are_no_part_of_cells(read: Reader) -> None:
    read("a,b\n'x, y',1\n'don''t',2\n'z',3\n")
    assert read.rows() == [("x, y", 1), ("don't", 2), ("z", 3)]
    read('a, b, c\n1, "x, y", 2\n3, "z", 4\n')
    assert read.rows() == [(1, "x, y", 2), (3, "z", 4)]


def test_a_backslash_that_escapes_nothing_stays(read: Reader) -> None:
    read('a,b\n1,"say \\"hi\\", c:\\dir"\n2,"x"\n')
    assert read.rows()[0] == (1, 'say "hi", c:\\dir')


def test_characters_left_over_from_windows_are_read_as_meant_and_said(read: Reader) -> None:
    table = read("name,n\nO\x92Neill,1\n5 \x96 6,2\n")
    assert [row[0] for row in read.rows()] == ["O’Neill", "5 – 6"]
    assert "encoding of Windows" in said(table)


# ------------------------------------------------------------------------------------------------ header lines and stacked tables
@pytest.mark.parametrize("text", ["区域,金额\n华东,1\n华南,2\n区域,金额\n华北,3\n", "区域,金额\n区域,金额\n华东,1\n华南,2\n华北,3\n"])
def test_a_header_line_that_comes_again_is_no_row(read: Reader, text: str) -> None:
    table = read(text)
    assert read.rows() == [("华东", 1), ("华南", 2), ("华北", 3)]
    assert "1 行是重复的表头" in said(table, "zh")


def test_a_header_line_that_comes_again_in_a_large_file_is_no_row(read: Reader) -> None:
    part = "region,city\n" + "".join(f"r{at % 7},c{at}\n" for at in range(60_000))
    table = read(part + part)
    assert table.rows == 120_000
    assert "1 line is the header once more" in said(table)


STACKED = [
    "Region,Amount\nWest,1\nEast,2\n\nCosts\nitem,cost,day\nrent,5,2024-01-01\nfood,6,2024-02-01\n",
    "Region,Amount\nWest,1\nEast,2\nitem,cost,day\nrent,5,2024-01-01\nfood,6,2024-02-01\n",
    "Region,Amount,,\nWest,1,,\nEast,2,,\n,,,\nitem,cost,day,\nrent,5,2024-01-01,\nfood,6,2024-02-01,\n",
]


@pytest.mark.parametrize("text", STACKED)
def test_tables_below_each_other_are_told_apart(read: Reader, text: str) -> None:
    read(text)
    first, second = read.report.tables
    assert rows(read.report, first.name) == [("West", 1), ("East", 2)]
    assert [column.name for column in second.columns][:3] == ["item", "cost", "day"]
    assert [row[1] for row in rows(read.report, second.name)] == [5, 6]
    assert "2 tables stand below each other" in said(first)


def test_a_later_table_is_named_by_the_title_above_it(read: Reader) -> None:
    read("区域,金额\n华东,1\n华南,2\n\n成本表\n项目,成本\n房租,5\n水电,6\n")
    assert [table.name for table in read.report.tables] == ["sales", "sales_成本表"]


def test_a_table_of_the_same_width_without_a_blank_line_is_told_apart_far_down(read: Reader) -> None:
    read("区域,金额\n" + "华东,1\n" * 500 + "商品,数量\n苹果,5\n梨,6\n")
    assert [(table.rows, table.columns[0].name) for table in read.report.tables] == [(500, "区域"), (2, "商品")]


def test_a_row_with_a_word_among_the_numbers_and_a_cell_like_those_below_begins_no_table(read: Reader) -> None:
    table = read("amount,shop\n" + "10,East\n20,West\n" * 200 + "soon,West\n" + "30,East\n40,West\n" * 5)
    assert (len(read.report.tables), table.rows, table.columns[0].unread) == (1, 411, 1)


def test_a_gap_in_a_table_and_its_total_make_no_second_table(read: Reader) -> None:
    table = read("name,amount\nA,1\nB,2\n\nC,3\n\nTotal,6\n")
    assert len(read.report.tables) == 1
    assert table.rows == 4
    assert "2 blank lines left out" in said(table)


def test_lines_above_the_header_are_counted_and_shown(read: Reader) -> None:
    table = read("Sales report 2024\nprinted by hand\n\nRegion,Month,Amount\nWest,1,10\nEast,2,20\n")
    assert "2 lines above the header were left out: “Sales report 2024…”" in said(table)


def test_every_line_of_a_file_is_a_row_a_header_or_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Title\n\na,b,c\n1,2,3\n\n,,\na,b,c\n4,5,6,7\n8,9,10\nremark\n")
    (table,) = loaded(tmp_path, path).tables
    words = said(table)
    assert table.rows == 2
    assert [text for _, text in rejected(table)] == ["4,5,6,7", "remark"]
    for part in ("1 line above the header", "1 blank line", "1 row with nothing", "1 line is the header once more", "2 of 4 rows"):
        assert part in words


def test_whoever_needs_only_the_first_records_may_close_the_file(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    with path.open("rb") as raw:
        found = records(path, raw, "utf-8", Dialect())
        assert next(found).cells == ["a", "b"]
    found.close()


# ------------------------------------------------------------------------------------------------ width
def test_ten_thousand_columns_are_refused_with_their_number(read: Reader) -> None:
    wide = "\n".join(",".join(f"{word}{at}" for at in range(10_000)) for word in ("c", "1", "2")) + "\n"
    assert "has 10,000 columns; at most 2,000 are read" in read.refusal(wide)


def test_a_table_of_some_hundred_columns_is_read(read: Reader) -> None:
    table = read("\n".join(",".join(f"{word}{at}" for at in range(400)) for word in ("c", "1", "2", "3")) + "\n")
    assert (len(table.columns), table.rows) == (400, 3)


@pytest.mark.parametrize("lines", [[], [[""]], [["", ""]] * 3, [[]]])
def test_lines_in_which_nothing_stands_have_no_header(lines: list[list[str]]) -> None:
    assert not any(find_header(lines).headers)
