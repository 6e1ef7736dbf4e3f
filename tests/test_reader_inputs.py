"""What the reader is shown of a question and its tables, and what it can write."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyst.mentions import CellMention, HeaderMention, Mentions, NumberMention, PeriodMention
from analyst.models.reader.inputs import ROOM, Before, Inputs, inputs_of
from analyst.models.reader.marks import Link, Mark
from analyst.models.reader.offers import offers
from analyst.models.reader.pieces import END, PAD, START, UNKNOWN, WORD_START, Pieces
from analyst.models.reader.search import search, tokens_of
from analyst.plan.algebra import ColumnName, Days, Literal
from analyst.plan.grammar import KEYWORDS
from analyst.plan.tokens import from_tokens, well_formed
from analyst.temporal.period import Period
from analyst.terms import Column, Join, Schema, Table

WORDS = ("sales", "west", "region", "total", "march", "销售额", "unit", "price")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789?年的最高产品"
REGION = Column("region", "VARCHAR", "dimension", distinct=2, frequent=(("West", 9), ("East", 4)))
SALES = Column("sales", "DOUBLE", "measure", distinct=90)
DAY = Column("day", "DATE", "time", distinct=90, maximum="2024-05-20")
ORDERS = Table("orders", (Column("customer", "BIGINT", "identifier"), REGION, SALES, DAY), 100)
CUSTOMERS = Table("customers", (Column("id", "BIGINT", "identifier"), Column("name", "VARCHAR", "dimension", distinct=70)), 70, (("id",),))
SCHEMA = Schema((ORDERS, CUSTOMERS), (Join("orders", "customer", "customers", "id", 1.0),))
QUESTION = "total sales in west"
MENTIONS = Mentions(
    cells=(CellMention(15, 19, "orders", "region", "West", "exact", 1.0),),
    headers=(HeaderMention(6, 11, "orders", "sales", "whole", 1.0),),
)


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    """A small vocabulary: some words, and all letters."""
    texts = ("<s>", "<pad>", "</s>", "<unk>", WORD_START, *(WORD_START + word for word in WORDS), *LETTERS)
    return Pieces(texts, [0.0] * 4 + [-3.0] + [-5.0] * len(WORDS) + [-9.0] * len(LETTERS))


def shown(inputs: Inputs, mark: Mark) -> list[int]:
    """The places of pieces with a mark."""
    return [at for at, marks in enumerate(inputs.marks) if marks >> mark & 1]


def test_a_text_is_cut_into_the_likeliest_pieces_and_each_knows_its_place(pieces: Pieces) -> None:
    text = "Total ＳＡＬＥＳ 销售额最高?"
    cut = [text[piece.start : piece.end] for piece in pieces.cut(text)]
    assert cut == ["Total", "ＳＡＬＥＳ", "销售额", "最", "高", "?"]


def test_a_character_that_no_piece_holds_is_unknown_and_keeps_its_place(pieces: Pieces) -> None:
    assert [(piece.row, piece.start, piece.end) for piece in pieces.cut("a☃")][-1] == (UNKNOWN, 1, 2)


@pytest.mark.parametrize("header", ["unitPrice", "unit_price", "Unit Price", "UNIT-PRICE"])
def test_a_header_is_the_same_however_its_words_are_joined(header: str, pieces: Pieces) -> None:
    assert pieces.name(header) == pieces.name("unit price")


def test_the_words_and_the_header_that_speak_of_each_other_are_marked_and_linked(pieces: Pieces) -> None:
    inputs = inputs_of(QUESTION, SCHEMA, MENTIONS, pieces)
    words, header = shown(inputs, Mark.HEADER_WHOLE)[:1], shown(inputs, Mark.HEADER_WHOLE)[1:]
    assert words == [2]
    assert (Link.WORD_HEADER, 2, 3, header[0], header[-1] + 1) in inputs.links
    assert (Link.HEADER_WORD, header[0], header[-1] + 1, 2, 3) in inputs.links


def test_a_plan_can_point_at_every_table_column_and_value_that_was_found(pieces: Pieces) -> None:
    tokens = {item.token for item in inputs_of(QUESTION, SCHEMA, MENTIONS, pieces).items}
    columns = {ColumnName(table.name, column.name) for table in SCHEMA.tables for column in table.columns}
    assert tokens == {("t", "orders"), ("t", "customers"), *columns, ("v", Literal("West")), ("v", Literal("East"))}


def test_the_turn_before_is_laid_out_with_its_plan_linked_to_the_columns(pieces: Pieces) -> None:
    before = Before("total by region", ("select", ColumnName("orders", "region"), "rows", "end"))
    inputs = inputs_of("only west", SCHEMA, Mentions(), pieces, before)
    plan = shown(inputs, Mark.EARLIER_PLAN)
    assert [inputs.keywords[at] > 0 for at in plan] == [True, False, True, True]
    assert any(link[0] == Link.EARLIER_ITEM and link[1] == plan[1] for link in inputs.links)


def test_a_value_of_the_plan_before_can_be_pointed_at_again(pieces: Pieces) -> None:
    before = Before("over 70", ("select", "rows", "where", "gt", ColumnName("orders", "sales"), ("v", Literal(70)), "end"))
    items = inputs_of("and by region", SCHEMA, Mentions(), pieces, before).items
    assert ("v", Literal(70)) in {item.token for item in items}


def test_of_five_hundred_columns_those_that_the_question_speaks_of_are_shown(pieces: Pieces) -> None:
    columns = tuple(Column(f"measure{number}", "DOUBLE", "measure") for number in range(500))
    schema = Schema((Table("wide", (*columns, SALES), 10), *SCHEMA.tables))
    mentions = Mentions(headers=(HeaderMention(6, 11, "wide", "sales", "whole", 1.0),))
    inputs = inputs_of(QUESTION, schema, mentions, pieces)
    assert len(inputs.pieces) <= ROOM
    assert ColumnName("wide", "sales") in {item.token for item in inputs.items}


def test_the_cells_offered_unasked_are_those_of_columns_that_are_shown(pieces: Pieces) -> None:
    flags = tuple(Column(f"flag{at}", "VARCHAR", "dimension", distinct=2, frequent=((f"a{at}", 1), (f"b{at}", 1))) for at in range(300))
    schema = Schema((Table("wide", (*flags, REGION), 10),))
    mentions = Mentions(headers=(HeaderMention(0, 6, "wide", "region", "whole", 1.0),))
    tokens = {item.token for item in inputs_of("region west", schema, mentions, pieces).items}
    assert {("v", Literal("West")), ("v", Literal("East"))} <= tokens


def test_every_place_of_the_sequence_has_its_marks_and_every_range_lies_within(pieces: Pieces) -> None:
    inputs = inputs_of(QUESTION, SCHEMA, MENTIONS, pieces)
    length = len(inputs.pieces)
    assert inputs.pieces[0] == START
    assert inputs.pieces[-1] == END
    assert PAD not in inputs.pieces
    assert len(inputs.marks) == len(inputs.keywords) == length
    assert all(0 <= top < bottom <= length and 0 <= left < right <= length for _, top, bottom, left, right in inputs.links)
    assert all(0 < start < end < length for item in inputs.items for start, end in item.places)


def test_a_value_said_twice_is_offered_once() -> None:
    twice = Mentions(cells=(MENTIONS.cells[0], replace(MENTIONS.cells[0], start=0, end=4)))
    west = [offer for offer in offers(twice, SCHEMA) if offer.value == Literal("West")]
    assert [offer.spans for offer in west] == [[(0, 4), (15, 19)]]


def test_true_and_one_are_two_values() -> None:
    said = Mentions(cells=(CellMention(0, 4, "orders", "region", True, "exact", 1.0),), numbers=(NumberMention(5, 6, 1, ""),))
    assert [type(offer.value.value) for offer in offers(said, Schema((CUSTOMERS,))) if isinstance(offer.value, Literal)] == [bool, int]


def test_a_month_is_offered_as_its_number_and_as_its_latest_days() -> None:
    march = Mentions(periods=(PeriodMention(0, 5, Period("recurring", "month", numbers=(3,))),))
    values = [offer.value for offer in offers(march, SCHEMA)]
    assert values[:2] == [Days("2024-03-01", "2024-04-01"), Literal(3)]


def test_last_month_counts_from_the_last_day_that_the_tables_hold() -> None:
    last_month = Mentions(periods=(PeriodMention(0, 10, Period("relative", "month", back=1)),))
    assert offers(last_month, SCHEMA)[0].value == Days("2024-04-01", "2024-05-01")


class Shuffled:
    """A decoder that has learned nothing."""

    def __init__(self, seed: int, width: int) -> None:
        self.random, self.width = np.random.default_rng(seed), width

    def next(self, written: list[int], parents: list[int]) -> np.ndarray:
        """Scores by chance; those of what ends a plan are raised, so that it does end."""
        scores = self.random.normal(size=(len(written), self.width)).astype(np.float32)
        scores[:, [KEYWORDS.index("end"), *range(len(KEYWORDS), self.width)]] += 3
        return scores


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_scores_are_only_plans_are_written(seed: int, pieces: Pieces) -> None:
    items = inputs_of(QUESTION, SCHEMA, MENTIONS, pieces).items
    found = search(Shuffled(seed, len(KEYWORDS) + len(items)), items)
    assert found
    for written in found:
        well_formed(tokens_of(written.numbers, items))


class Knowing:
    """A decoder that knows what to write."""

    def __init__(self, numbers: list[int], width: int) -> None:
        self.numbers, self.width, self.step = numbers, width, 0

    def next(self, written: list[int], parents: list[int]) -> np.ndarray:
        """A high score for the token that is due."""
        scores = np.zeros((len(written), self.width), np.float32)
        scores[:, self.numbers[min(self.step, len(self.numbers) - 1)]] = 20
        self.step += 1
        return scores


def test_the_likeliest_plan_comes_first(pieces: Pieces) -> None:
    items = inputs_of(QUESTION, SCHEMA, MENTIONS, pieces).items
    places = {item.token: len(KEYWORDS) + at for at, item in enumerate(items)}
    tokens = ["select", "sum", ColumnName("orders", "sales"), "where", "eq", ColumnName("orders", "region"), ("v", Literal("West")), "end"]
    numbers = [KEYWORDS.index(token) if isinstance(token, str) else places[token] for token in tokens]
    found = search(Knowing(numbers, len(KEYWORDS) + len(items)), items)
    assert from_tokens(tokens_of(found[0].numbers, items)) == from_tokens(tokens)
