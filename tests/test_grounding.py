"""What a question's words can speak of: cells, headers, numbers, periods and texts, in both languages; the cases are data."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from analyst.grounding import CellIndex, ground
from analyst.terms import Column, Schema, Table

HOME = Path(__file__).parent / "grounding"


def rows(name: str) -> list[list[str]]:
    lines = (HOME / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def schema_of(tables: dict[str, dict[str, list[str]]]) -> Schema:
    return Schema(
        tuple(
            Table(name, tuple(Column(column, "VARCHAR", "dimension", distinct=len(cells)) for column, cells in columns.items()), 9)
            for name, columns in tables.items()
        )
    )


def index_of(tables: dict[str, dict[str, list[str]]]) -> tuple[Schema, CellIndex]:
    schema = schema_of(tables)
    return schema, CellIndex(schema, lambda table, column, limit: tables[table][column][:limit])


@pytest.fixture(scope="module")
def business() -> tuple[Schema, CellIndex]:
    return index_of(json.loads((HOME / "tables.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def named() -> tuple[Schema, CellIndex]:
    headers = json.loads((HOME / "headers.json").read_text(encoding="utf-8"))
    return index_of({table: {column: ["1"] for column in columns} for table, columns in headers.items()})


@pytest.mark.parametrize(("question", "place", "cell", "how"), rows("cells.tsv"))
def test_a_cell_is_found_however_it_is_said(business: tuple[Schema, CellIndex], question: str, place: str, cell: str, how: str) -> None:
    found = [one for one in ground(question, *business).cells if f"{one.table}.{one.column}" == place and one.value == cell]
    assert how in {one.how for one in found}, found


@pytest.mark.parametrize(("question", "table", "column", "how"), rows("headers.tsv"))
def test_a_header_is_found_however_it_is_said(named: tuple[Schema, CellIndex], question: str, table: str, column: str, how: str) -> None:
    found = [one for one in ground(question, *named).headers if (one.table, one.column) == (table, column)]
    assert how in {one.how for one in found}, found


def test_a_mention_tells_where_its_words_stand(business: tuple[Schema, CellIndex]) -> None:
    question = "orders to Rio by German staff"
    said = {one.value: question[one.start : one.end] for one in ground(question, *business).cells}
    assert said["Rio de Janeiro"] == "Rio"
    assert said["Germany"] == "German"


def test_the_cell_itself_comes_before_one_that_holds_it() -> None:
    found = ground("flights to York", *index_of({"flights": {"city": ["New York", "York", "Yorktown"]}})).cells
    assert found[0].value == "York"
    assert {one.value for one in found if one.score < found[0].score} == {"New York", "Yorktown"}


def test_a_span_names_at_most_six_cells_and_a_question_forty() -> None:
    many = {"people": {f"name_{at}": [f"Smith {at} {letter}" for letter in "abcdefghij"] for at in range(20)}}
    assert len(ground("Smith", *index_of(many)).cells) == 6
    assert len(ground(" and ".join(f"Smith {at}" for at in range(20)), *index_of(many)).cells) == 40


def test_the_same_cell_is_found_in_every_column_that_holds_it() -> None:
    tables = {"airports": {"city": ["Oslo", "Lyon"]}, "flights": {"origin": ["Oslo"], "destination": ["Oslo", "Lyon"]}}
    found = {(one.table, one.column) for one in ground("from Oslo", *index_of(tables)).cells if one.how == "exact"}
    assert found == {("airports", "city"), ("flights", "origin"), ("flights", "destination")}


def test_of_many_columns_the_one_whose_header_is_said_comes_first() -> None:
    tables = {"flights": {f"stop_{at}": ["Oslo"] for at in range(9)} | {"destination": ["Oslo"]}}
    assert ground("flights with destination Oslo", *index_of(tables)).cells[0].column == "destination"


def test_an_article_is_hardly_the_grade_that_is_written_like_it() -> None:
    index = index_of({"exams": {"grade": ["A", "B", "In"]}})
    scores = {question: {one.value: one.score for one in ground(question, *index).cells} for question in ("a pass in May", "who got an A")}
    assert scores["a pass in May"].get("A", 0) < 0.5 < scores["who got an A"]["A"]


@pytest.mark.parametrize(
    ("question", "text", "how"),
    [
        ('songs that contain the word "Rain Dance"', "Rain Dance", "quoted"),
        ("名字里有“小雨”的歌", "小雨", "quoted"),
        ("《长河落日》卖了多少", "长河落日", "title"),
        ("names that start with M", "M", "letter"),
        ("名字含b的客户", "b", "letter"),
        ("orders shipped to Port Louis", "Port Louis", "name"),
        ("the reading at 2005-08-23 02:06:01", "2005-08-23 02:06:01", "moment"),
    ],
)
def test_words_that_stand_for_themselves_are_texts(business: tuple[Schema, CellIndex], question: str, text: str, how: str) -> None:
    assert (text, how) in {(one.text, one.how) for one in ground(question, *business).texts}


def test_a_name_that_a_whole_cell_accounts_for_is_no_text(business: tuple[Schema, CellIndex]) -> None:
    assert not ground("orders to Los Angeles", *business).texts


def test_numbers_and_periods_are_told_with_their_places(business: tuple[Schema, CellIndex]) -> None:
    question = "more than 1.5k orders in March 2024"
    found = ground(question, *business)
    assert ("1.5k", 1500) in {(question[one.start : one.end], one.value) for one in found.numbers}
    assert [question[one.start : one.end] for one in found.periods] == ["March 2024"]


def test_an_index_comes_back_from_a_pickle_the_same(business: tuple[Schema, CellIndex]) -> None:
    schema, index = business
    question = "German employees in NYC who paid with credit cards"
    assert ground(question, schema, pickle.loads(pickle.dumps(index))) == ground(question, schema, index)


def test_columns_that_a_schema_no_longer_has_are_not_named(business: tuple[Schema, CellIndex]) -> None:
    schema, index = business
    without = Schema(tuple(table for table in schema.tables if table.name != "orders"))
    found = ground("Cancelled orders of employees", without, index)
    assert {one.table for one in (*found.cells, *found.headers)} == {"employees"}


def test_the_persons_own_words_for_a_column_are_its_name() -> None:
    table = Table("t", (Column("amt_x", "DOUBLE", "measure", synonyms=("takings",)),), 1)
    found = ground("takings per day", Schema((table,)), CellIndex(Schema((table,)), lambda *_: ())).headers
    assert [(one.column, one.how) for one in found] == [("amt_x", "synonym")]


def test_tables_without_texts_and_questions_without_words_give_nothing() -> None:
    schema, index = index_of({"t": {}})
    assert ground("", schema, index).cells == ground("?!", schema, index).headers == ()
