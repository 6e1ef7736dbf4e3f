"""Linking finds the columns, tables and values that a question speaks of, whatever their spelling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyst.language import language_of
from analyst.linking import link
from analyst.models.builtin.dates import periods
from analyst.models.builtin.numbers import numbers
from analyst.terms import Links, Question
from analyst.words.homophones import sounds_alike
from analyst.words.spelling import Speller
from analyst.words.tokens import header_stems, stems
from analyst.workspace import Workspace, open_workspace


@pytest.fixture
def shops(shops_file: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace over the sales of three shops."""
    workspace = open_workspace([shops_file], tmp_path / "workspace")
    yield workspace
    workspace.close()


def links(workspace: Workspace, text: str) -> Links:
    """The links of a question over a workspace."""
    assert workspace.data
    return link(Question(text, language_of(text)), workspace.data.schema, workspace.data.values)


@pytest.mark.parametrize(
    ("words", "column"),
    [
        ("sales", "Sales"),
        ("revenue", "Sales"),
        ("turnover", "Sales"),
        ("order date", "Order Date"),
        ("qty", "Quantity"),
        ("regions", "Region"),
        ("profits", "Profit"),
    ],
)
def test_a_column_is_found_by_its_header_and_by_other_words(words: str, column: str, orders: Workspace) -> None:
    found = links(orders, f"show {words}").columns
    assert column in [match.column for match in found if match.score > 0.5]


@pytest.mark.parametrize(
    ("words", "value"), [("West", "West"), ("west", "West"), ("lamps", "Lamp"), ("northern", "North"), ("Sotuh", "South")]
)
def test_a_value_is_found_whatever_its_case_number_and_spelling(words: str, value: str, orders: Workspace) -> None:
    assert value in [match.value for match in links(orders, f"sales of {words}").values]


@pytest.mark.parametrize(("words", "column"), [("营业额", "销售额"), ("店铺", "门店"), ("类别", "品类"), ("件数", "数量")])
def test_a_chinese_column_is_found_by_other_words(words: str, column: str, shops: Workspace) -> None:
    assert column in [match.column for match in links(shops, f"各{words}").columns]


def test_a_place_in_one_language_finds_the_cell_in_the_other(shops: Workspace) -> None:
    assert "上海" in [match.value for match in links(shops, "sales in shanghai").values]


def test_a_match_says_where_its_words_stand(orders: Workspace) -> None:
    text = "total profit of the West"
    for match in (*links(orders, text).columns, *links(orders, text).values):
        assert text[match.start : match.start + len(match.words)] == match.words


def test_the_likeliest_matches_come_first(orders: Workspace) -> None:
    scores = [match.score for match in links(orders, "sales by product and region").columns]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("in 2023", "2023-01-01", "2024-01-01"),
        ("March 2024", "2024-03-01", "2024-04-01"),
        ("since 2020", "2020-01-01", "None"),
        ("before 2020-05-06", "None", "2020-05-06"),
        ("2019 to 2021", "2019-01-01", "2022-01-01"),
        ("Q2 2024", "2024-04-01", "2024-07-01"),
        ("in the 90s", "1990-01-01", "2000-01-01"),
        ("2024年3月上旬", "2024-03-01", "2024-03-11"),
        ("2020年以前", "None", "2020-01-01"),
        ("2024年3月到5月", "2024-03-01", "2024-06-01"),
        ("2023年下半年", "2023-07-01", "2024-01-01"),
    ],
)
def test_periods_are_read_in_both_languages(text: str, start: str, end: str) -> None:
    (spoken,) = periods(text)
    assert (str(spoken.period.start), str(spoken.period.end)) == (start, end)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200", 1200),
        ("1.5k", 1500),
        ("3 million", 3_000_000),
        ("two", 2),
        ("三百二十", 320),
        ("1.2万", 12_000),
        ("3亿", 300_000_000),
        ("五万", 50_000),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float) -> None:
    assert value in [number.value for number in numbers(text)]


def test_headers_are_cut_into_their_words() -> None:
    assert header_stems("CustomerID") == ("customer", "id")
    assert header_stems("order_date") == ("order", "date")
    assert header_stems("OPENDATE", frozenset({"open", "date"})) == ("open", "date")
    assert stems("Women's shoes, 上海") == ("woman", "shoe", "上", "海")


def test_a_slip_of_a_letter_is_corrected_and_a_known_word_is_left_alone() -> None:
    speller = Speller(["revenue", "region", "payment"])
    assert speller.correct("revnue") == "revenue"
    assert speller.correct("payemnt") == "payment"
    assert speller.correct("zebra") is None


def test_chinese_words_of_the_same_sound_are_told_from_others() -> None:
    assert sounds_alike("耐比多", "内比都")
    assert not sounds_alike("北京市", "上海市")


@pytest.mark.parametrize("header", ["mileage", "Download", "password", "undertime", "keyword_no", "Overage"])
def test_a_header_is_found_by_its_own_word_even_where_it_holds_others(header: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(f"place,{header}\nNorth,1\nSouth,2\n", encoding="utf-8")
    workspace = open_workspace([tmp_path / "log.csv"], tmp_path / "workspace")
    links = link(Question(f"total {header.replace('_', ' ')} by place", "en"), workspace.data.schema, workspace.data.values)
    workspace.close()
    assert header in {match.column for match in links.columns}


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of a music agency, whose headers say singer and country."""
    (tmp_path / "singers.csv").write_text("singer id,name,country\n1,Ada,France\n2,Bo,Chile\n3,Cy,Chile\n", encoding="utf-8")
    (tmp_path / "concerts.csv").write_text("concert id,singer id,attendance\n1,1,200\n2,2,150\n", encoding="utf-8")
    workspace = open_workspace([tmp_path / "singers.csv", tmp_path / "concerts.csv"], tmp_path / "workspace")
    yield workspace
    workspace.close()


@pytest.mark.parametrize(("words", "place"), [("vocalists", ("singers", "")), ("musicians", ("singers", ""))])
def test_a_word_that_no_list_holds_finds_the_name_nearest_in_meaning(words: str, place: tuple[str, str], agency: Workspace) -> None:
    found = links(agency, f"how many {words} are there?").columns
    assert place in [(match.table, match.column) for match in found if 0.5 < match.score < 0.9]


@pytest.mark.parametrize("words", ["zebras", "receipts", "unicycles"])
def test_a_word_that_is_like_no_name_stays_unknown(words: str, agency: Workspace) -> None:
    assert not links(agency, f"how many {words} are there?").columns


def test_a_word_of_a_header_is_not_given_a_second_meaning(agency: Workspace) -> None:
    assert {match.score for match in links(agency, "show each singer").columns if not match.column} == {1.0}
