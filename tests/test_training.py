"""What the reader learns from: other faces of one example, and rows that are compared honestly."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import Decimal

import pytest

from analyst.mentions import CellMention, HeaderMention, Mentions
from analyst.models.reader.offers import offers
from analyst.models.reader.pieces import Pieces
from analyst.models.reader.search import tokens_of
from analyst.plan import ColumnName, compile_plan, from_tokens, recover_plan, to_tokens
from analyst.terms import Column, Join, Schema, Table
from train.reader.disguise import Face, disguised
from train.reader.lessons import Grounded, plain_lesson
from train.suites import Example, held_out, same_rows

CITIES = Table("cities", (Column("id", "BIGINT", "identifier"), Column("city name", "VARCHAR", "dimension", distinct=60)), 60, (("id",),))
SHOPS = Table("shops", (Column("id", "BIGINT", "identifier"), Column("city", "BIGINT", "identifier")), 40, (("id",),))
SALES = Table(
    "sales", (Column("shop", "BIGINT", "identifier"), Column("amount", "DOUBLE", "measure"), Column("note", "VARCHAR", "text")), 900
)
JOINS = (Join("sales", "shop", "shops", "id", 1.0), Join("shops", "city", "cities", "id", 1.0))
SCHEMA = Schema((CITIES, SHOPS, SALES), JOINS)
SQL = """
    SELECT sum(amount) FROM sales JOIN shops ON shop = shops.id JOIN cities ON city = cities.id WHERE "city name" = 'Lyon'
"""
PLAN = tuple(to_tokens(recover_plan(SQL, SCHEMA)))
MENTIONS = Mentions(
    cells=(CellMention(16, 20, "cities", "city name", "Lyon", "exact", 1.0),),
    headers=(HeaderMention(6, 12, "sales", "amount", "whole", 1.0), HeaderMention(0, 5, "cities", "", "stem", 0.9)),
)
SEEDS = range(40)


def faces(least: bool = False) -> list[Face]:
    """Many faces of one example."""
    return [disguised(Face(SCHEMA, MENTIONS, PLAN), random.Random(seed), nameless=seed % 2 == 0, least=least) for seed in SEEDS]


@pytest.mark.parametrize("least", [False, True])
def test_every_face_of_an_example_still_has_all_that_its_plan_needs(least: bool) -> None:
    for face in faces(least):
        query = compile_plan(from_tokens(face.plan), face.schema).sql("duckdb")
        assert query.count("JOIN") == 2
        assert "Lyon" in query


def test_what_was_found_speaks_of_columns_that_the_face_has() -> None:
    for face in faces():
        columns = {ColumnName(table.name, column.name) for table in face.schema.tables for column in table.columns}
        assert {ColumnName(cell.table, cell.column) for cell in face.mentions.cells} <= columns
        assert {ColumnName(one.table, one.column) for one in face.mentions.headers if one.column} <= columns


def test_faces_differ_in_order_names_and_size() -> None:
    found = faces()
    assert len({face.schema.tables[0].name for face in found}) > 1
    assert len({len(table.columns) for face in found for table in face.schema.tables if table.name == "sales"}) > 1
    assert len({token for face in found for token in face.plan if isinstance(token, ColumnName)}) > 2


def test_what_is_to_be_written_is_the_plan() -> None:
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    pieces = Pieces(["<s>", "<pad>", "</s>", "<unk>", "▁", *letters], [0.0] * 5 + [-5.0] * len(letters))
    example = Example("one", "suite", "database", "en", "total amount in Lyon", PLAN)
    lesson = plain_lesson(Grounded(example, MENTIONS), SCHEMA, pieces)
    assert lesson is not None
    assert tuple(tokens_of(lesson.target, lesson.inputs.items)) == PLAN


def test_cells_said_are_offered_whatever_the_column_is_called() -> None:
    assert all("Lyon" in [getattr(offer.value, "value", None) for offer in offers(face.mentions, face.schema)] for face in faces())


SAME = [
    ([(1, "a"), (2, "b")], [(2, "b"), (1, "a")]),
    ([(1.0000001,)], [(Decimal(1),)]),
    ([(date(2024, 1, 1),)], [(datetime(2024, 1, 1),)]),
    ([(None,)], [("",)]),
]
OTHER = [
    ([(1, 2)], [(2, 1)]),
    ([(1, "a"), (2, "b")], [(1, "b"), (2, "a")]),
    ([(1,), (1,)], [(1,)]),
    ([(1.001,)], [(1.0,)]),
    ([("a",)], [("A",)]),
    ([], [(0,)]),
]


@pytest.mark.parametrize(("rows", "others"), SAME)
def test_rows_are_the_same_in_any_order_and_in_any_type(rows: list[tuple[object, ...]], others: list[tuple[object, ...]]) -> None:
    assert same_rows(rows, others)


@pytest.mark.parametrize(("rows", "others"), OTHER)
def test_rows_differ_where_a_cell_its_column_or_its_number_does(rows: list[tuple[object, ...]], others: list[tuple[object, ...]]) -> None:
    assert not same_rows(rows, others)


def test_a_database_is_held_out_in_every_suite_or_in_none() -> None:
    names = [f"database_{number}" for number in range(400)]
    assert all(held_out(f"spider/{name}") == held_out(f"chase/{name}") for name in names)
    assert 5 < sum(held_out(name) for name in names) < 40
