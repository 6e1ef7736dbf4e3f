"""Cells as people write them: numbers, dates, missing values, codes."""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_files import Reader

from connectors.files import ColumnOptions


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


@pytest.mark.parametrize(
    ("cells", "kind", "values", "unit"),
    [
        (["1", "-2", "30"], "BIGINT", [1, -2, 30], ""),
        (["1.5", "-.5", "1e3"], "DOUBLE", [1.5, -0.5, 1000.0], ""),
        (["1,234.5", "12", "1,234,567.25"], "DOUBLE", [1234.5, 12.0, 1234567.25], ""),
        (["1.234,5", "12", "1.234.567,25"], "DOUBLE", [1234.5, 12.0, 1234567.25], ""),
        (["1 234,5", "12,25"], "DOUBLE", [1234.5, 12.25], ""),
        (["1\u00a0234,5", "1\u202f000"], "DOUBLE", [1234.5, 1000.0], ""),
        (["1'234.50", "2'000.00"], "DOUBLE", [1234.5, 2000.0], ""),
        (["12,34,567", "1,00,000"], "BIGINT", [1234567, 100000], ""),
        (["$1,200", "$-30", "-$5", "($7)"], "BIGINT", [1200, -30, -5, -7], "$"),
        (["¥100", "￥200"], "BIGINT", [100, 200], "¥"),
        (["10 €", "2,50 €"], "DOUBLE", [10.0, 2.5], "€"),
        (["£3.20", "4.10"], "DOUBLE", [3.2, 4.1], "£"),
        (["30元", "45.5元"], "DOUBLE", [30.0, 45.5], "元"),
        (["USD 10", "USD 20"], "BIGINT", [10, 20], "USD"),
        (["12.5%", "100%", "-3%"], "DOUBLE", [12.5, 100.0, -3.0], "%"),
        (["(123)", "45"], "BIGINT", [-123, 45], ""),
        (["123-", "45", "+6"], "BIGINT", [-123, 45, 6], ""),
        (["1.2万", "3.5亿", "800"], "DOUBLE", [12000.0, 350000000.0, 800.0], ""),
        ([" 1.5e3", "2 E-2 ", "-1e+2"], "DOUBLE", [1500.0, 0.02, -100.0], ""),
        (["1.2k", "3K", "800"], "DOUBLE", [1200.0, 3000.0, 800.0], ""),
        (["3千", "2百万", "1.5千万", "800"], "DOUBLE", [3000.0, 2000000.0, 15000000.0, 800.0], ""),
        (["¥3.2万", "￥5千"], "DOUBLE", [32000.0, 5000.0], "¥"),
        (["１２３", "４，５６７"], "BIGINT", [123, 4567], ""),
        (["１２．５％", "３％"], "DOUBLE", [12.5, 3.0], "%"),
        (["–5", "−6", "－７", "‒8", "9"], "BIGINT", [-5, -6, -7, -8, 9], ""),
        (["–1.5", "$–2", "$3"], "DOUBLE", [-1.5, -2.0, 3.0], "$"),
        (["5 kg", "7 kg"], "BIGINT", [5, 7], "kg"),
        (["true", "False"], "BOOLEAN", [True, False], ""),
        (["123456789012345678", "1"], "BIGINT", [123456789012345678, 1], ""),
    ],
)
def test_a_number_is_read_as_people_write_it(read: Reader, cells: list[str], kind: str, values: list[Any], unit: str) -> None:
    column, found = read.column(cells)
    assert (column.type, found, column.unit) == (kind, values, unit)
    assert column.unread == 0


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["2024-01-05", "2024-12-31"], [date(2024, 1, 5), date(2024, 12, 31)]),
        (["2024/1/5", "2024/12/31"], [date(2024, 1, 5), date(2024, 12, 31)]),
        (["05.01.2024", "31.12.2024"], [date(2024, 1, 5), date(2024, 12, 31)]),
        (["1/5/2024", "1/31/2024"], [date(2024, 1, 5), date(2024, 1, 31)]),
        (["5/1/2024", "31/1/2024"], [date(2024, 1, 5), date(2024, 1, 31)]),
        (["Jan 2024", "Feb 2024"], [date(2024, 1, 1), date(2024, 2, 1)]),
        (["5 Jan 2024", "6 May 2024"], [date(2024, 1, 5), date(2024, 5, 6)]),
        (["January 5, 2024", "May 6, 2024"], [date(2024, 1, 5), date(2024, 5, 6)]),
        (["2024年1月5日", "2024年12月31日"], [date(2024, 1, 5), date(2024, 12, 31)]),
        (["2024年1月", "2024年2月"], [date(2024, 1, 1), date(2024, 2, 1)]),
        (["Q1 2024", "Q4 2024"], [date(2024, 1, 1), date(2024, 10, 1)]),
        (["2024Q1", "2024Q3"], [date(2024, 1, 1), date(2024, 7, 1)]),
        (["2024年第1季度", "2024年第二季度"], [date(2024, 1, 1), date(2024, 4, 1)]),
        (["7/1/62", "12/31/05"], [date(1962, 7, 1), date(2005, 12, 31)]),
        (["2024-01-05", "2024/1/6"], [date(2024, 1, 5), date(2024, 1, 6)]),
        (["2024-01-05 10:30", "2024-01-05 10:30:15"], [datetime(2024, 1, 5, 10, 30), datetime(2024, 1, 5, 10, 30, 15)]),
        (["2024-01-05T10:30:00Z", "2024-01-05T10:30:00+08:00"], [datetime(2024, 1, 5, 10, 30), datetime(2024, 1, 5, 2, 30)]),
        (["1/25/2024 3:04 PM", "1/26/2024 11:00 AM"], [datetime(2024, 1, 25, 15, 4), datetime(2024, 1, 26, 11, 0)]),
        (["2024-01-05", "2024-01-05 10:30:00"], [datetime(2024, 1, 5), datetime(2024, 1, 5, 10, 30)]),
        (["13:08", "09:10"], [time(13, 8), time(9, 10)]),
    ],
)
def test_a_date_is_read_as_people_write_it(read: Reader, cells: list[str], values: list[Any]) -> None:
    column, found = read.column(cells, header="when")
    assert found == values
    assert column.unread == 0


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["00123", "45678"], "leading zeros"),
        (["12345678901234567890", "1"], "too long"),
        (["$5", "€6"], "mixes units"),
        (["5%", "6"], "mixes units"),
        (["A12", "13", "14"], ""),
        (["yes", "no"], ""),
        (["是", "否"], ""),
        (["3:45", "4:10"], ""),
        (["+49 711 2842222", "+1 780 4289482"], ""),
        (["13/13/2024", "2024-99-99"], ""),
        (["1.2.3", "1.2.4"], ""),
        (["31/1/2024", "1/31/2024"], ""),
        (["273 K", "300 K"], ""),
        (["5–10", "10–20"], ""),
        (["1e5x", "2e6x"], ""),
    ],
)
def test_what_is_no_number_stays_as_it_was_written(read: Reader, cells: list[str], why: str) -> None:
    column, found = read.column(cells)
    assert column.type == "VARCHAR"
    assert found == cells
    assert why in " ".join(note.en for note in read.report.tables[0].notes)


def test_eight_digits_are_dates_under_a_header_of_dates_and_numbers_under_one_of_codes(read: Reader) -> None:
    cells = ["20240105", "20240106", "20240107"]
    assert read.column(cells, header="order_date")[1][0] == date(2024, 1, 5)
    assert read.column(cells, header="order_id")[1][0] == 20240105
    assert read.column([*cells, "20241399"], header="value")[0].type == "BIGINT"


def test_an_ambiguous_day_and_month_are_said_and_can_be_switched(read: Reader) -> None:
    column, found = read.column(["1/5/2024", "2/6/2024"], header="day")
    assert (column.format, column.other_formats, found[0]) == ("%m/%d/%Y", ("%d/%m/%Y",), date(2024, 1, 5))
    assert "could also be day first" in " ".join(note.en for note in read.report.tables[0].notes)
    switched, found = read.column(["1/5/2024", "2/6/2024"], header="day", columns={"day": ColumnOptions(format="%d/%m/%Y")})
    assert (switched.type, switched.format, found[0]) == ("DATE", "%d/%m/%Y", date(2024, 5, 1))


def test_a_certain_column_settles_an_ambiguous_one_of_the_same_file(read: Reader) -> None:
    read("ordered,shipped\n1/2/2024,25/2/2024\n3/2/2024,26/2/2024\n")
    assert read.rows()[0] == (date(2024, 2, 1), date(2024, 2, 25))


def test_a_decimal_comma_in_one_column_settles_another(read: Reader) -> None:
    read("a;b\n12,5;1,250\n13,75;2,500\n")
    assert read.rows() == [(12.5, 1.25), (13.75, 2.5)]


@pytest.mark.parametrize("word", ["N/A", "NA", "-", "--", "无", "null", "NULL", "空", "#N/A", "nan", ""])
def test_a_word_for_missing_among_numbers_is_missing_and_said(read: Reader, word: str) -> None:
    column, found = read.column(["1", word, "3"])
    assert (column.type, found, column.missing, column.unread) == ("BIGINT", [1, None, 3], 1, 0)
    assert not word or f"1 cell says “{word.casefold()}”" in " ".join(note.en for note in read.report.tables[0].notes)


def test_a_word_that_could_be_a_value_stays_in_a_column_of_text(read: Reader) -> None:
    column, found = read.column(["NA", "DE", "N/A", "Null", "none"], header="country")
    assert found == ["NA", "DE", None, "Null", "none"]
    assert column.missing == 1


def test_none_beside_its_opposite_is_a_value(read: Reader) -> None:
    assert read.column(["有", "无", "有"])[1] == ["有", "无", "有"]
    assert read.column(["gift", "无", "sale"])[1] == ["gift", None, "sale"]


def test_a_few_strangers_among_numbers_are_left_out_with_line_and_reason(read: Reader) -> None:
    column, found = read.column([*map(str, range(200)), "to be fixed"])
    assert (column.type, column.unread, column.missing, found[-1]) == ("BIGINT", 1, 0, None)
    path = read.report.tables[0].rejects_file
    assert path is not None
    (reject,) = csv.DictReader(path.open(encoding="utf-8", newline=""))
    assert (reject["line"], reject["column"], reject["text"]) == ("202", "amount", "to be fixed")


def test_a_multiple_or_a_unit_far_down_is_never_read_as_the_bare_number(read: Reader) -> None:
    cells = [*(f"$1,{at % 1000:03}" for at in range(4000)), "$3千", "$5k", "$1,000"]
    column, found = read.column(cells)
    assert (column.type, found[-3:]) == ("DOUBLE", [3000.0, 5000.0, 1000.0])
    column, found = read.column([*["5 kg"] * 4000, "7 g"])
    assert (column.type, found[-1]) == ("VARCHAR", "7 g")


def test_more_than_a_few_strangers_keep_the_column_as_text(read: Reader) -> None:
    column, found = read.column([*map(str, range(20)), "to be fixed"])
    assert (column.type, found[-1]) == ("VARCHAR", "to be fixed")


def test_a_decimal_or_a_leading_zero_far_down_changes_the_type_not_the_value(read: Reader) -> None:
    table = read("n,code\n" + "1,2\n" * 400_000 + "1.5,2\n" + "1,007\n")
    assert [column.type for column in table.columns] == ["DOUBLE", "VARCHAR"]
    assert read.rows()[-2:] == [(1.5, "2"), (1.0, "007")]


def test_a_stranger_far_down_a_large_file_is_rejected_with_its_true_line(read: Reader) -> None:
    table = read('n,note\n1,"two\nlines"\n' + "1,x\n" * 800_000 + "soon,x\n" + "1,x\n" * 10)
    assert (table.columns[0].type, table.columns[0].unread, table.rows) == ("BIGINT", 1, 800_012)
    assert table.rejects_file is not None
    (reject,) = csv.DictReader(table.rejects_file.open(encoding="utf-8", newline=""))
    assert (reject["line"], reject["text"]) == ("800004", "soon")


def test_what_the_person_set_for_a_column_is_done(read: Reader) -> None:
    wanted = {
        "a": ColumnOptions(name="Alpha", type="VARCHAR"),
        "b": ColumnOptions(type="BOOLEAN"),
        "c": ColumnOptions(type="DOUBLE", format="1.234,5"),
        "d": ColumnOptions(type="DATE"),
    }
    table = read('a,b,c,d\n1,yes,"1,250",2024-01-05\n2,no,"2,500",soon\n', columns=wanted)
    assert [(column.name, column.type) for column in table.columns] == [
        ("Alpha", "VARCHAR"),
        ("b", "BOOLEAN"),
        ("c", "DOUBLE"),
        ("d", "DATE"),
    ]
    assert read.rows() == [("1", True, 1.25, date(2024, 1, 5)), ("2", False, 2.5, None)]
    assert table.columns[3].unread == 1


def test_a_month_that_is_the_same_in_every_row_stays_as_written(read: Reader) -> None:
    assert read.column(["2024年01月", "2024年01月"])[1] == ["2024年01月", "2024年01月"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=20), st.sampled_from(["{:,}", "{}", "${:,}", "{:,}%"]))
def test_any_whole_number_survives_any_writing(read: Reader, numbers: list[int], writing: str) -> None:
    column, found = read.column([writing.format(number) for number in numbers])
    assert found == numbers
    assert column.type == "BIGINT"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=20), st.booleans())
def test_any_amount_survives_with_point_or_comma(read: Reader, amounts: list[Any], comma: bool) -> None:
    swapped = str.maketrans(",.", ".,") if comma else {}
    _, found = read.column([f"{amount:,.2f}".translate(swapped) for amount in amounts])
    assert found == [float(amount) for amount in amounts]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.dates(date(1930, 1, 1), date(2029, 12, 31)), min_size=2, max_size=20, unique=True),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%Y年%m月%d日", "%d %b %Y", "%B %d, %Y", "%d-%b-%y"]),
)
def test_any_day_survives_any_unambiguous_writing(read: Reader, days: list[date], writing: str) -> None:
    assert read.column([day.strftime(writing) for day in days], header="day")[1] == days
