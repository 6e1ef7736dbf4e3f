"""The learned reader as a model: proposes SQL that runs, keeps to what the tables hold, and says what it did not find."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyst import Answer, Refusal, Workspace, ask, open_workspace
from analyst.mentions import CellMention, Mentions, NumberMention, PeriodMention, TextMention
from analyst.models.choice import model_for
from analyst.models.reader.unread import unread
from analyst.plan import ColumnName, Days, Literal, Operation, Select
from analyst.temporal.periods import periods
from analyst.terms import Reply, Turn

REGION, DAY = ColumnName("orders", "Region"), ColumnName("orders", "Order Date")
ROWS = Operation("rows")


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Orders of a shop."""
    folder: Path = tmp_path_factory.mktemp("reader")
    lines = [f"A-{i},2024-{i % 12 + 1:02d}-15,{['West', 'East', 'North'][i % 3]},{i * 1.5}" for i in range(60)]
    (folder / "orders.csv").write_text("Order ID,Order Date,Region,Sales\n" + "\n".join(lines), encoding="utf-8")
    workspace = open_workspace([folder / "orders.csv"], folder / "workspace")
    yield workspace
    workspace.close()


def replied(question: str, workspace: Workspace, *history: Turn) -> Reply:
    *_, reply = ask(question, workspace, model_for("reader"), history)
    assert isinstance(reply, Reply)
    return reply


def test_a_plain_question_is_answered_with_rows_and_a_chance(sales: Workspace):
    reply = replied("total sales by region", sales)
    assert isinstance(reply, Answer)
    assert reply.model == "reader"
    assert 0 < reply.confidence <= 1
    assert reply.query.tables == ("orders",)


def test_a_name_that_no_cell_holds_is_told_with_the_nearest(sales: Workspace):
    reply = replied("total sales in Atlantis", sales)
    assert isinstance(reply, Refusal)
    assert "Atlantis" in reply.message


def test_a_question_goes_on_from_the_query_before(sales: Workspace):
    before = Turn("total sales by region", "SELECT Region, sum(Sales) FROM orders GROUP BY Region")
    assert isinstance(replied("only West", sales, before), Answer)


@pytest.mark.parametrize(
    ("mentions", "where", "left"),
    [
        (Mentions(texts=(TextMention(0, 5, "Paris", "name"),)), None, 1),
        (Mentions(texts=(TextMention(0, 5, "Paris", "name"),)), Operation("eq", (REGION, Literal("Paris"))), 1),
        (Mentions(texts=(TextMention(0, 5, "Paris", "name"),)), Operation("contains", (REGION, Literal("Paris"))), 0),
        (Mentions(numbers=(NumberMention(0, 3, 500, ""),)), None, 1),
        (Mentions(numbers=(NumberMention(0, 3, 500, ""),)), Operation("gt", (REGION, Literal(500.0))), 0),
        (Mentions(numbers=(NumberMention(0, 1, 2, ""),)), None, 0),
        (
            Mentions(numbers=(NumberMention(5, 6, 9, ""),), cells=(CellMention(0, 6, "orders", "Region", "Area 9", "exact", 1.0),)),
            Operation("eq", (REGION, Literal("Area 9"))),
            0,
        ),
    ],
)
def test_names_and_numbers_that_nothing_in_the_plan_accounts_for_are_left(mentions: Mentions, where: Operation | None, left: int):
    assert len(unread(mentions, Select((ROWS,), where=where))) == left


@pytest.mark.parametrize(("where", "left"), [(None, 1), (Operation("during", (DAY, Days("2024-03-01", "2024-04-01"))), 0)])
def test_a_period_that_no_test_uses_is_left(where: Operation | None, left: int):
    said = tuple(PeriodMention(one.start, one.end, one.period) for one in periods("sales in March 2024"))
    texts = (TextMention(9, 14, "March", "name"),)
    assert bool(unread(Mentions(periods=said, texts=texts), Select((ROWS,), where=where))) == bool(left)
