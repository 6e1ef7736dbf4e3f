"""What a question gets, whichever model reads it when none is served: a reply of a known kind, in its language, that runs and can be
checked. How often the reading is right is measured by `python -m benchmarks.questions`, over sets of questions."""

from __future__ import annotations

import pytest

from analyst import Answer, Clarification, Failure, Refusal, Workspace, ask
from analyst.language import language_of
from analyst.terms import Turn
from benchmarks.comparing import Rows, same_rows

BY_REGION = [["West", 930.5], ["East", 360.0], ["North", 210.0], ["South", 52.5]]


def test_a_question_in_the_headers_own_words_is_answered_in_rows_words_and_a_chart(orders: Workspace) -> None:
    *_, reply = ask("total Sales by Region", orders)
    assert isinstance(reply, Answer)
    assert same_rows(Rows.of(BY_REGION), Rows.of(reply.result.rows()))
    assert reply.chart.mark == "bar"
    assert language_of(reply.commentary) == "en"
    assert reply.reading.summary.en
    assert 0 < reply.confidence <= 1


def test_an_english_table_is_asked_in_chinese(orders: Workspace) -> None:
    *_, reply = ask("各地区的销售额", orders)
    assert isinstance(reply, Answer)
    assert same_rows(Rows.of(BY_REGION), Rows.of(reply.result.rows()))
    assert language_of(reply.commentary) == "zh"


@pytest.mark.parametrize("text", ["Who wrote the famous novel about a white whale?", "写一首关于春天的诗"])
def test_what_the_data_does_not_hold_is_refused_in_its_language_with_questions_that_are_answered(text: str, orders: Workspace) -> None:
    *_, reply = ask(text, orders)
    assert isinstance(reply, Refusal)
    assert language_of(reply.message) == language_of(text)
    assert reply.suggestions
    assert all(isinstance(list(ask(choice.question, orders))[-1], Answer) for choice in reply.suggestions)


def test_what_is_missing_is_named(orders: Workspace) -> None:
    *_, reply = ask("What is the average satisfaction of passengers?", orders)
    assert isinstance(reply, Refusal)
    assert "satisfaction" in reply.message


@pytest.mark.parametrize(
    "text", ["?", "....", "🙂🙂", "SELECT * FROM orders; DROP TABLE orders", "a " * 3000, "销" * 500, "ﷺ\u202e\x00 sales"]
)
def test_whatever_is_typed_ends_in_a_reply_and_the_data_stands(text: str, orders: Workspace) -> None:
    *_, reply = ask(text, orders)
    assert isinstance(reply, Answer | Clarification | Refusal | Failure)
    *_, after = ask("total Sales by Region", orders)
    assert isinstance(after, Answer)


@pytest.mark.parametrize("sql", ["SELECT Region FROM orders", "SELECT nothing FROM nowhere", "not sql at all (", ""])
def test_whatever_was_asked_before_a_question_of_its_own_is_answered(sql: str, orders: Workspace) -> None:
    *_, reply = ask("total Sales by Region", orders, history=(Turn("an earlier question", sql),))
    assert isinstance(reply, Answer)
