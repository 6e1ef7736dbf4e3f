"""Delimited text as people have it: encodings, dialects, headers, uneven rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from reading_files import Reader

CHINESE = "日期,区域,销售额\n2024-01-05,华东,100\n2024-01-06,华南,200\n"
TAIWAN = "日期,地區,銷售額\n2024-01-05,臺北,100\n2024-01-06,高雄,200\n"
JAPANESE = "日付,店舗,売上\n2024-01-05,東京ラーメン,100\n2024-01-06,大阪,200\n"
FRENCH = "nom,ville,montant\nJosé,Orléans,100\nHélène,Besançon,200\n"


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def said(table: object) -> str:
    return " ".join(note.en for note in table.notes)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(CHINESE, encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk")]
    + [(TAIWAN, "big5"), (TAIWAN, "utf-16"), (JAPANESE, "shift_jis"), (FRENCH, "cp1252"), (FRENCH, "latin-1")],
)
def test_text_is_the_same_in_whatever_encoding_it_was_saved(read: Reader, text: str, encoding: str) -> None:
    table = read(text, encoding=encoding)
    header, *expected = csv.reader(text.splitlines())
    assert [column.name for column in table.columns] == header
    assert [[str(cell) for cell in row] for row in read.rows()] == expected


@pytest.mark.parametrize(
    ("text", "encoding"), [("姓名,年龄\n张伟,3\n", "gbk"), ("姓名,年齡\n陳怡君,3\n", "big5"), ("氏名,年齢\n田中太郎,3\n", "shift_jis")]
)
def test_even_a_two_line_file_is_not_mistaken_for_another_language(read: Reader, text: str, encoding: str) -> None:
    read(text, encoding=encoding)
    assert read.rows()[0][0] == text.splitlines()[1].split(",")[0]


def test_an_encoding_that_the_person_chose_is_used(read: Reader) -> None:
    read(CHINESE.encode("gbk"), encoding="gb18030")
    assert read.report.tables[0].encoding == "gb18030"


def test_chinese_after_much_ascii_does_not_break_a_file_that_began_as_ascii(read: Reader) -> None:
    text = "id,city\n" + "".join(f"{at},plain\n" for at in range(40_000)) + "40000,上海市\n"
    table = read(text.encode("gb18030"))
    assert read.rows()[-1] == (40000, "上海市")
    assert table.rows == 40_001


def test_a_single_broken_character_does_not_change_the_reading_of_all_others(read: Reader) -> None:
    broken = ("a,b\n" + "é,ü\n" * 500).encode() + b"\xff,x\n"
    assert "broken" in said(read(broken))
    assert read.rows()[0] == ("é", "ü")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_if_cells_hold_others(read: Reader, delimiter: str) -> None:
    lines = [["name", "note", "n"], ["a", "x, y; z", "1"], ["b", "p | q", "2"], ["c", "", "3"]]
    text = "\n".join(delimiter.join(f'"{cell}"' if not cell.isdigit() else cell for cell in line) for line in lines)
    table = read(text + "\n")
    assert table.delimiter == delimiter
    assert read.rows() == [("a", "x, y; z", 1), ("b", "p | q", 2), ("c", None, 3)]


def test_quotes_newlines_and_backslashes_survive(read: Reader) -> None:
    read('a,b\n1,"he said ""hi"", twice"\n2,"line one\r\nline two"\n3,back\\slash\n')
    assert [row[1] for row in read.rows()] == ['he said "hi", twice', "line one\r\nline two", "back\\slash"]


def test_quotes_escaped_by_a_backslash_are_understood(read: Reader) -> None:
    read('a,b\n1,"he said \\"hi, you\\""\n2,"x"\n')
    assert read.rows()[0] == (1, 'he said "hi, you"')


def test_blanks_around_text_are_kept(read: Reader) -> None:
    read("a,b\n1, west \n2,east\n")
    assert read.rows()[0][1] == " west "


def test_a_short_row_is_filled_up_and_said(read: Reader) -> None:
    table = read("a,b,c\n1,2,3\n4,5\n6,7,8\n")
    assert read.rows()[1] == (4, 5, None)
    assert "line 3" in said(table)
    assert table.rejected == 0


def test_a_row_with_too_many_cells_is_rejected_with_its_true_line(read: Reader) -> None:
    table = read('a,b\n1,"two\nlines"\n\n3,x,extra\n4,y\n')
    assert [row[0] for row in read.rows()] == [1, 4]
    assert table.rejected == 1
    assert table.rejects_file is not None
    with table.rejects_file.open(encoding="utf-8", newline="") as file:
        (reject,) = csv.DictReader(file)
    assert (reject["line"], reject["text"]) == ("5", "3,x,extra")
    assert reject["reason_zh"]


def test_one_ragged_row_among_many_does_not_make_one_column_of_all(read: Reader) -> None:
    table = read("a,b,c\n" + "1,2,3\n" * 300_000 + "1,2\n" + "1,2,3\n" * 300_000)
    assert (len(table.columns), table.rows) == (3, 600_001)
    assert "line 300002" in said(table)


def test_a_quote_never_closed_costs_only_its_own_line(read: Reader) -> None:
    table = read('a,b\n1,x\n2,"never closed\n3,y\n4,z\n')
    assert [row[0] for row in read.rows()] == [1, 2, 3, 4]
    assert "line 3" in said(table)


def test_lines_above_the_header_and_remarks_below_the_table_are_told_apart_from_rows(read: Reader) -> None:
    table = read("Sales report 2024\nprinted by hand\n\nRegion,Month,Amount\nWest,1,10\nEast,2,20\nSource: the ledger\n")
    assert [column.name for column in table.columns] == ["Region", "Month", "Amount"]
    assert (table.skipped_lines, table.rows, table.rejected) == (3, 2, 1)


def test_a_file_without_a_header_keeps_its_first_row(read: Reader) -> None:
    table = read("West,10,2024-01-05\nEast,20,2024-01-06\nWest,30,2024-01-07\n")
    assert [column.name for column in table.columns] == ["column 1", "column 2", "column 3"]
    assert (table.header_lines, table.rows) == (0, 3)


def test_years_in_the_header_stay_the_header(read: Reader) -> None:
    table = read("country,2019,2020\nFrance,10,20\nSpain,30,40\n")
    assert [column.name for column in table.columns] == ["country", "2019", "2020"]


def test_a_header_over_text_alone_is_still_a_header(read: Reader) -> None:
    table = read("name,city\nAnn,Paris\nBob,Rome\nCid,Oslo\n")
    assert [column.name for column in table.columns] == ["name", "city"]


def test_headers_are_made_unique_without_regard_to_case_and_never_empty(read: Reader) -> None:
    table = read("Amount,amount,,  Unit\tprice ,Amount\n1,2,3,4,5\n6,7,8,9,10\n")
    assert [column.name for column in table.columns] == ["Amount", "amount 2", "column 3", "Unit price", "Amount 3"]
    assert table.columns[3].header == "  Unit\tprice "
    assert "occurs more than once" in said(table)


def test_a_header_with_a_double_quote_in_it_works(read: Reader) -> None:
    table = read('name,"size 5"""\na,1\nb,2\n')
    assert table.columns[1].name == 'size 5"'
    assert read.rows() == [("a", 1), ("b", 2)]


def test_a_units_row_gives_units_and_is_no_data(read: Reader) -> None:
    table = read("city,weight,price\n,(kg),USD\nParis,10,2.5\nRome,20,3.5\nOslo,30,4.5\n")
    assert [column.unit for column in table.columns] == ["", "kg", "USD"]
    assert (table.rows, table.header_lines) == (3, 2)
    assert table.columns[1].type == "BIGINT"


def test_a_unit_in_the_header_is_found(read: Reader) -> None:
    table = read("城市,销售额（万元）,Weight (kg)\n上海,1,2\n北京,3,4\n")
    assert [column.unit for column in table.columns] == ["", "万元", "kg"]


def test_two_header_lines_are_joined_where_the_upper_spans(read: Reader) -> None:
    table = read("Region,2023,,2024,\n,Q1,Q2,Q1,Q2\nWest,1,2,3,4\nEast,5,6,7,8\n")
    assert [column.name for column in table.columns] == ["Region", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"]
    assert table.rows == 2


def test_what_the_person_says_of_the_header_and_the_delimiter_wins(read: Reader) -> None:
    table = read("a;b,c\n1;2,3\n", delimiter=";", header_lines=0)
    assert [column.name for column in table.columns] == ["column 1", "column 2"]
    assert read.rows() == [("a", "b,c"), ("1", "2,3")]


def test_a_total_line_is_said_and_kept(read: Reader) -> None:
    table = read("Region,Amount\nWest,10\nEast,20\n合计,30\n")
    assert table.rows == 3
    assert "Line 4 looks like a total" in said(table)


def test_a_total_line_does_not_make_text_of_a_column_of_dates(read: Reader) -> None:
    table = read("day,amount\n2024-01-05,10\n2024-01-06,20\nTotal,30\n")
    assert [(column.type, column.unread) for column in table.columns] == [("DATE", 1), ("BIGINT", 0)]
    assert table.rejects_file is not None


def test_rows_with_nothing_in_them_are_left_out_and_said(read: Reader) -> None:
    table = read("a,b\n1,2\n,\n,\n3,4\n")
    assert table.rows == 2
    assert "2 rows with nothing in the cells" in said(table)


def test_the_separator_line_that_excel_writes_is_no_row(read: Reader) -> None:
    table = read("sep=;\na;b\n1;2\n")
    assert [column.name for column in table.columns] == ["a", "b"]
    assert read.rows() == [(1, 2)]


def test_old_mac_line_ends_divide_rows(read: Reader) -> None:
    read("a,b\r1,2\r3,4\r")
    assert read.rows() == [(1, 2), (3, 4)]


def test_a_header_alone_is_a_table_without_rows(read: Reader) -> None:
    table = read("a,b,c\n")
    assert (len(table.columns), table.rows) == (3, 0)
    assert "no rows" in said(table)
