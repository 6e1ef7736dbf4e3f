"""The contract of a language model, over every kind there is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

import pytest
from wire_server import serving

from analyst.errors import QueryCancelled
from analyst.linking import link
from analyst.models import LanguageModel
from analyst.models.builtin import BuiltinModel
from analyst.models.scripted import ScriptedModel
from analyst.models.vllm import ServedModel
from analyst.prompt import write_prompt
from analyst.terms import Candidate, Clarification, Prompt, Question, Refusal, Token, Usage
from analyst.validation import validate
from analyst.workspace import Workspace

SUM = " SUM(Sales) FROM orders"


@pytest.fixture(params=["builtin", "scripted", "served"])
def model(request: pytest.FixtureRequest) -> Iterator[LanguageModel]:
    if request.param == "served":
        with serving(texts=[SUM]) as wire:
            yield ServedModel(wire.url)
    else:
        yield BuiltinModel() if request.param == "builtin" else ScriptedModel("SELECT" + SUM)


@pytest.fixture
def prompt(orders: Workspace) -> Prompt:
    question = Question("total sales", "en")
    return write_prompt(question, orders.data.schema, link(question, orders.data.schema, orders.data.values))


def test_it_proposes_candidates_whose_chances_sum_to_one_at_most_the_likeliest_first(model: LanguageModel, prompt: Prompt) -> None:
    proposed = list(model.propose(prompt, Event()))
    candidates = [step for step in proposed if isinstance(step, Candidate)]
    assert all(isinstance(step, Token | Candidate | Clarification | Refusal) for step in proposed)
    assert candidates[0].score == max(candidate.score for candidate in candidates)
    assert 0 < sum(candidate.score for candidate in candidates) <= 1.0 + 1e-9


def test_what_it_writes_passes_the_check_and_begins_with_the_lead_in(model: LanguageModel, prompt: Prompt) -> None:
    best = next(step for step in model.propose(prompt, Event()) if isinstance(step, Candidate))
    assert best.sql.startswith(prompt.lead_in)
    assert validate(best, prompt.schema).tables == ("orders",)


def test_its_health_is_told_within_a_second_in_both_languages(model: LanguageModel) -> None:
    started = time.perf_counter()
    health = model.health()
    assert time.perf_counter() - started < 1.0
    assert health.ready
    assert health.words.en
    assert health.words.zh


def test_prose_comes_in_pieces_or_not_at_all(model: LanguageModel) -> None:
    pieces = model.word("Say something.", Event())
    assert pieces is None or all(isinstance(piece, str) for piece in pieces)


def test_its_cost_is_handed_over_once(model: LanguageModel, prompt: Prompt) -> None:
    list(model.propose(prompt, Event()))
    assert isinstance(model.take_usage(), Usage)
    assert model.take_usage() == Usage()


def test_a_question_that_was_stopped_gives_no_candidate_of_a_server(prompt: Prompt) -> None:
    stopped = Event()
    stopped.set()
    with serving(texts=[SUM]) as wire, pytest.raises(QueryCancelled):
        list(ServedModel(wire.url).propose(prompt, stopped))
