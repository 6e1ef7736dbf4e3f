"""Workbooks, JSON, Parquet, databases and archives, and files that are none of these."""

from __future__ import annotations

import datetime
import gzip
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from reading_files import Reader, loaded, rows

from connectors.files import LoadReport


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def workbook(path: Path, sheets: dict[str, list[list[Any]]], merged: dict[str, list[str]] | None = None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
        for cells in (merged or {}).get(name, []):
            sheet.merge_cells(cells)
    book.save(path)
    return path


def columns(report: LoadReport, at: int = 0) -> list[tuple[str, str]]:
    return [(column.name, column.type) for column in report.tables[at].columns]


# ------------------------------------------------------------------------------------------------ workbooks
def test_each_sheet_with_cells_becomes_a_table(tmp_path: Path) -> None:
    path = workbook(tmp_path / "公司.xlsx", {"销售": [["区域", "金额"], ["华东", 10]], "Staff": [["name"], ["Ann"]], "empty": []})
    report = loaded(tmp_path, path)
    assert [(table.name, table.sheet, table.rows) for table in report.tables] == [("公司_销售", "销售", 1), ("公司_Staff", "Staff", 1)]


def test_a_lone_sheet_is_named_after_the_file_and_keeps_its_types(tmp_path: Path) -> None:
    day = datetime.datetime(2024, 1, 5)
    lines = [["id", "price", "day", "paid", "code"], [1, 2.5, day, True, "007"], [2, 3, day, False, "012"]]
    report = loaded(tmp_path, workbook(tmp_path / "orders.xlsx", {"Sheet1": lines}))
    assert report.tables[0].name == "orders"
    assert columns(report) == [("id", "BIGINT"), ("price", "DOUBLE"), ("day", "DATE"), ("paid", "BOOLEAN"), ("code", "VARCHAR")]
    assert rows(report, "orders")[0] == (1, 2.5, day.date(), True, "007")


def test_merged_header_cells_are_joined_with_the_row_below(tmp_path: Path) -> None:
    lines = [
        ["Report of the year", None, None, None],
        [],
        ["Region", "2023", None, "Note"],
        [None, "Q1", "Q2", None],
        ["West", 1, 2, "x"],
        ["East", 3, 4, "y"],
    ]
    path = workbook(tmp_path / "r.xlsx", {"S": lines}, {"S": ["A1:D1", "A3:A4", "B3:C3", "D3:D4"]})
    report = loaded(tmp_path, path)
    assert [name for name, _ in columns(report)] == ["Region", "2023 Q1", "2023 Q2", "Note"]
    assert rows(report, "r") == [("West", 1, 2, "x"), ("East", 3, 4, "y")]


def test_a_cell_merged_over_several_rows_counts_for_each(tmp_path: Path) -> None:
    lines = [["Region", "City", "Sales"], ["West", "A", 1], [None, "B", 2], ["East", "C", 3]]
    report = loaded(tmp_path, workbook(tmp_path / "r.xlsx", {"S": lines}, {"S": ["A2:A3"]}))
    assert [row[0] for row in rows(report, "r")] == ["West", "West", "East"]


def test_percents_and_zeros_that_only_the_cell_format_shows_are_kept(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"S": [["margin", "zip"], [0.125, 123], [0.5, 4567]]})
    book = openpyxl.load_workbook(path)
    for row in book["S"].iter_rows(min_row=2):
        row[0].number_format, row[1].number_format = "0.0%", "00000"
    book.save(path)
    report = loaded(tmp_path, path)
    assert rows(report, "r") == [(12.5, "00123"), (50.0, "04567")]
    assert report.tables[0].columns[0].unit == "%"


def notes(report: LoadReport, at: int = 0) -> str:
    return " ".join(note.en for note in report.tables[at].notes)


def test_errors_and_formulas_without_a_result_are_said_and_empty(tmp_path: Path) -> None:
    path = workbook(tmp_path / "r.xlsx", {"S": [["a", "b"], [1, "=A2*2"], [2, "#DIV/0!"], [3, 4]]})
    report = loaded(tmp_path, path)
    assert rows(report, "r") == [(1, None), (2, None), (3, 4)]
    assert "1 cell with an error of Excel left empty: B3 #DIV/0!" in notes(report)
    assert "1 formula without a stored result is left empty: B2" in notes(report)


def test_hidden_sheets_and_rows_are_read_and_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "公司.xlsx", {"销售": [["区域", "金额"], ["华东", 1], ["华南", 2]], "旧账": [["区域", "金额"], ["华北", 3]]})
    book = openpyxl.load_workbook(path)
    book["销售"].row_dimensions[3].hidden = True
    book["旧账"].sheet_state = "hidden"
    book.save(path)
    report = loaded(tmp_path, path)
    assert [table.rows for table in report.tables] == [2, 1]
    assert "1 row is hidden in the sheet" in notes(report)
    assert "The sheet “旧账” is hidden" in notes(report, 1)


def test_tables_below_each_other_in_a_sheet_are_told_apart(tmp_path: Path) -> None:
    first, second = (
        [["区域", "金额"], ["华东", 1], ["华南", 2]],
        [["项目", "成本", "日期"], ["房租", 5, "2024-01-01"], ["水电", 6, "2024-01-02"]],
    )
    report = loaded(tmp_path, workbook(tmp_path / "t.xlsx", {"S": [["销售表"], [], *first, [], ["成本表"], *second]}))
    assert [(table.name, table.rows) for table in report.tables] == [("t", 2), ("t_成本表", 2)]
    assert rows(report, "t") == [("华东", 1), ("华南", 2)]


def test_a_header_row_that_comes_again_in_a_sheet_is_no_row(tmp_path: Path) -> None:
    lines = [["region", "amount"], ["West", 1], ["East", 2], ["region", "amount"], ["North", 3]]
    report = loaded(tmp_path, workbook(tmp_path / "t.xlsx", {"S": lines}))
    assert rows(report, "t") == [("West", 1), ("East", 2), ("North", 3)]
    assert "1 line is the header once more (line 4)" in notes(report)


# ------------------------------------------------------------------------------------------------ json
@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1, "b": "x"}, {"a": 2, "b": null}]',
        '{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n',
        '{"count": 2, "data": [{"a": 1, "b": "x"}, {"a": 2, "b": null}]}',
        '{"a": [1, 2], "b": ["x", null]}',
        '{"a": {"0": 1, "1": 2}, "b": {"0": "x", "1": null}}',
        '[["a", "b"], [1, "x"], [2, null]]',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_of_any_shape_is_one_table(read: Reader, text: str, encoding: str) -> None:
    read(text.encode(encoding), name="t.json")
    assert read.rows() == [(1, "x"), (2, None)]


def test_records_inside_records_become_columns_and_lists_stay_json(read: Reader) -> None:
    table = read(json.dumps([{"id": 1, "to": {"city": "Rome", "at": {"lat": 1.5}}, "tags": ["a", "b"]}]), name="t.json")
    assert [column.name for column in table.columns] == ["id", "to.city", "to.at.lat", "tags"]
    assert read.rows() == [(1, "Rome", 1.5, '["a","b"]')]


def test_several_lists_in_one_object_are_several_tables(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_text('{"orders": [{"id": 1}], "people": [{"name": "Ann"}]}')
    assert [table.name for table in loaded(tmp_path, path).tables] == ["shop_orders", "shop_people"]


# ------------------------------------------------------------------------------------------------ typed files
def test_parquet_keeps_its_types_and_loses_no_nested_value(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    duckdb.connect().execute(
        "COPY (SELECT 1::SMALLINT AS a, 2.50::DECIMAL(5, 2) AS b, '007' AS c, DATE '2024-01-05' AS d, [1, 2] AS e, {'x': 'q'} AS f,"
        f" TIMESTAMPTZ '2024-01-05 10:00:00+02' AS g) TO '{path}'"
    ).fetchall()
    report = loaded(tmp_path, path)
    assert columns(report)[:4] == [("a", "BIGINT"), ("b", "DOUBLE"), ("c", "VARCHAR"), ("d", "DATE")]
    assert rows(report, "p") == [(1, 2.5, "007", datetime.date(2024, 1, 5), "[1,2]", "q", datetime.datetime(2024, 1, 5, 8))]


def test_a_duckdb_file_gives_each_of_its_tables(tmp_path: Path) -> None:
    path = tmp_path / "d.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE one AS SELECT 1 AS a").fetchall()
        connection.execute("CREATE SCHEMA s").fetchall()
        connection.execute("CREATE TABLE s.two AS SELECT 'x' AS b").fetchall()
    report = loaded(tmp_path, path)
    assert {table.name: rows(report, table.name) for table in report.tables} == {"one": [(1,)], "two": [("x",)]}


def test_a_sqlite_file_is_typed_by_what_its_cells_hold(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE "订单" (id INTEGER, zip TEXT, price REAL, day TEXT, loose)')
    connection.executemany(
        'INSERT INTO "订单" VALUES (?, ?, ?, ?, ?)', [(1, "12", 1.5, "2024-01-05", 3), (2, "34", None, "2024-01-06", "x")]
    )
    connection.commit()
    connection.close()
    report = loaded(tmp_path, path)
    assert [kind for _, kind in columns(report)] == ["BIGINT", "VARCHAR", "DOUBLE", "DATE", "VARCHAR"]
    assert rows(report, "订单")[0] == (1, "12", 1.5, datetime.date(2024, 1, 5), "3")


# ------------------------------------------------------------------------------------------------ archives
def test_every_table_file_of_a_zip_is_read_and_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("deep/one.csv", "a\n1\n")
        archive.writestr("二.csv", "b\n2\n")
        archive.writestr("photo.png", b"\x89PNG\r\n")
        archive.writestr("__MACOSX/._one.csv", "x")
    report = loaded(tmp_path, path)
    assert [table.name for table in report.tables] == ["one", "二"]
    assert [failed.name for failed, _ in report.failed] == ["photo.png"]


def test_a_gz_file_is_read_as_the_file_inside(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    assert rows(loaded(tmp_path, path), "sales") == [(1, 2)]


def test_a_file_that_unpacks_to_far_more_than_tables_do_is_refused(read: Reader) -> None:
    bomb = gzip.compress(b"\0" * 250_000_000)
    assert "unpacks to more than" in read.refusal(bomb, "sales.csv.gz")
    assert not list((read.folder / "loaded").glob(".tables-*"))


def test_a_workbook_that_unpacks_to_far_more_than_tables_do_is_refused(read: Reader) -> None:
    path = workbook(read.folder / "b.xlsx", {"S": [["a"], [1]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/filling.xml", b"<x>" + b" " * 250_000_000)
    assert "unpacks to more than 200 MB" in read.refusal(path.read_bytes(), "bomb.xlsx")


def test_a_workbook_that_lies_about_its_size_is_refused(read: Reader) -> None:
    path = workbook(read.folder / "b.xlsx", {"S": [["a"], *([at] for at in range(3000))]})
    content = bytearray(path.read_bytes())
    at = content.find(b"xl/worksheets/sheet1.xml", content.find(b"PK\x01\x02")) - 46
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert "is damaged or incomplete" in read.refusal(bytes(content), "liar.xlsx")


# ------------------------------------------------------------------------------------------------ what cannot be read
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("sales.csv", b"", "is empty"),
        ("sales.csv", b" \n\n \n", "nothing but blanks"),
        ("sales.csv", bytes(range(256)) * 40, "not a text file"),
        ("sales.csv", b"a,b\n1,x\0\0\0\0y\n", "not a text file"),
        ("sales.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 300, "is a picture"),
        ("sales.csv", b"%PDF-1.7\n", "is a PDF"),
        ("sales.foo", b"a,b\n", "Files ending in .foo"),
        ("sales.xlsx", b"PK\x03\x04 no zip", "is damaged"),
        ("sales.xls", b"<html><table></table></html>", "web page"),
        ("sales.csv.gz", gzip.compress(b"a,b\n" + bytes(range(48, 58)) * 5000, mtime=0)[:60], "is damaged"),
        ("sales.zip", b"PK\x03\x04 no zip", "is damaged"),
        ("sales.json", b'{"a": 1', "is damaged"),
        ("sales.json", b"hello", "is no JSON"),
        ("sales.json", b"[]", "holds no table"),
        ("sales.parquet", b"PAR1 nothing more", "is damaged"),
        ("sales.sqlite", b"SQLite format 3\0 nothing more" + b"0" * 100, "is damaged"),
        ("sales.db", b"hello", "is damaged"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(read: Reader, name: str, content: bytes, words: str) -> None:
    assert words in read.refusal(content, name)


def test_one_line_without_end_is_refused(read: Reader) -> None:
    assert "more than 16,000,000 characters" in read.refusal("x" * 17_000_000)


def test_a_folder_and_a_missing_file_are_refused_by_name(tmp_path: Path) -> None:
    report = loaded(tmp_path, tmp_path, tmp_path / "gone.csv")
    assert ["is a folder" in report.failed[0][1].message.en, "no file gone.csv" in report.failed[1][1].message.en] == [True, True]
