"""First questions are made from the data, and the built-in model can answer them."""

import pytest

from analyst import Answer, Workspace, ask
from analyst.suggestions import suggest
from analyst.terms import Schema
from analyst.workspace import open_workspace


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_suggested_question_gets_an_answer(orders: Workspace, language) -> None:
    asked = suggest(orders.data.schema, language)
    assert len(asked) == 4
    for choice in asked:
        *_, reply = ask(choice.question, orders)
        assert isinstance(reply, Answer), choice.question


def test_suggestions_speak_of_each_large_table_first(orders_file, shops_file, tmp_path) -> None:
    workspace = open_workspace([orders_file, shops_file], tmp_path / "both")
    labels = " ".join(choice.label for choice in suggest(workspace.data.schema, "zh"))
    workspace.close()
    assert "Sales" in labels
    assert "销售额" in labels


def test_without_tables_nothing_is_suggested() -> None:
    assert suggest(Schema(()), "en") == ()
