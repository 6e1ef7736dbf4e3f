"""How sure an answer is said to be, and what that is made of."""

from pathlib import Path
from threading import Event

import pytest

from analyst import Answer, Workspace, ask
from analyst.linking import link
from analyst.models.builtin import BuiltinModel
from analyst.models.builtin.confidence import CALLED_SURE, learned, reordered, shown_as, shown_together, votes
from analyst.models.builtin.model import gathered
from analyst.terms import Candidate, Prompt, Question


def prompt_of(text: str, workspace: Workspace) -> Prompt:
    """What the model is given for a question."""
    assert workspace.data
    question = Question(text, "en")
    return Prompt("", question, workspace.data.schema, link(question, workspace.data.schema, workspace.data.values))


def surest(text: str, workspace: Workspace) -> float:
    """The score of the likeliest reading."""
    proposals = BuiltinModel().propose(prompt_of(text, workspace), Event())
    return max(proposal.score for proposal in proposals if isinstance(proposal, Candidate))


@pytest.mark.parametrize(
    "text", ["sales by region", "average profit by product", "how many orders", "top 3 products by sales", "orders in the West since March"]
)
def test_scores_are_chances_and_sum_to_at_most_one(orders: Workspace, text: str) -> None:
    scores = [proposal.score for proposal in BuiltinModel().propose(prompt_of(text, orders), Event()) if isinstance(proposal, Candidate)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert sum(scores) <= 1.0001


def test_a_question_in_the_headers_words_is_surer_than_one_that_is_half_understood(orders: Workspace) -> None:
    assert surest("total Sales by Region", orders) > surest("sales of the region and the other thing", orders)


def test_the_same_query_from_several_ways_is_proposed_once(orders: Workspace) -> None:
    queries = [
        proposal.sql
        for proposal in BuiltinModel().propose(prompt_of("sales by region", orders), Event())
        if isinstance(proposal, Candidate)
    ]
    assert len(queries) == len(set(queries))


def test_a_first_question_is_read_by_itself_alone(orders: Workspace) -> None:
    assert {option.way for option in gathered(prompt_of("sales by region", orders))} == {"alone"}


def test_agreeing_readings_add_only_a_part_of_what_is_left() -> None:
    voices = votes({"a": 0.6, "b": 0.6, "c": 0.3})
    assert voices["a"] == 0.6
    assert sum(voices.values()) < 0.85


def test_below_the_proved_chance_no_answer_is_called_sure() -> None:
    assert shown_as(0.89, sure_from=0.9) < CALLED_SURE <= shown_as(0.9, sure_from=0.9)
    assert shown_as(0.3, sure_from=0.9) == 0.3


def test_what_was_learned_lies_beside_the_code_and_is_small() -> None:
    path = Path("analyst/models/builtin/confidence.json")
    assert set(learned()) >= {"weights", "trees", "names", "sure from"}
    assert path.stat().st_size < 200_000


def test_the_answer_shows_how_sure_it_is(orders: Workspace) -> None:
    *_, reply = ask("total Sales by Region", orders)
    assert isinstance(reply, Answer)
    assert 0.3 < reply.confidence <= 1


def test_the_reading_that_belongs_first_takes_the_largest_chance() -> None:
    assert reordered([0.2, 0.6, 0.1], [1.0, 0.5, 2.0]) == [0.2, 0.1, 0.6]
    assert reordered([0.2, 0.6], []) == [0.2, 0.6]


def test_readings_that_agree_are_sure_together_only_where_their_chances_are() -> None:
    unsure = shown_together({"a": 0.85, "b": 0.05, "c": 0.02}, 0.937)
    assert 0.78 < sum(unsure.values()) < CALLED_SURE
    assert list(unsure) == ["a", "b", "c"]
    sure = shown_together({"a": 0.9, "b": 0.06}, 0.937)
    assert sure["a"] < CALLED_SURE < sum(sure.values()) < 1
