"""What the built-in model proposes, and what it asks back."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

from analyst import Answer, Clarification, Workspace, ask, run_sql
from analyst.linking import link
from analyst.models.builtin import BuiltinModel
from analyst.terms import Attempt, Candidate, Prompt, Question


def prompt_of(text: str, workspace: Workspace) -> Prompt:
    """What the model is given for a question."""
    assert workspace.data
    question = Question(text, "en")
    return Prompt("", question, workspace.data.schema, link(question, workspace.data.schema, workspace.data.values))


def test_a_refused_query_is_not_proposed_again(orders: Workspace) -> None:
    prompt = prompt_of("which product sold best", orders)
    first = next(proposal for proposal in BuiltinModel().propose(prompt, Event()) if isinstance(proposal, Candidate))
    again = replace(prompt, attempts=(Attempt(first.sql, "refused"),))
    assert first.sql not in [proposal.sql for proposal in BuiltinModel().propose(again, Event()) if isinstance(proposal, Candidate)]


def test_a_chart_that_is_named_is_the_candidates_mark(orders: Workspace) -> None:
    first = next(iter(BuiltinModel().propose(prompt_of("pie chart of sales by region", orders), Event())))
    assert isinstance(first, Candidate)
    assert first.mark == "pie"


def test_each_choice_is_a_whole_question_whose_sql_runs(orders: Workspace) -> None:
    *_, reply = ask("which region is the best?", orders, BuiltinModel())
    assert isinstance(reply, Clarification)
    assert len({choice.sql for choice in reply.choices}) == len(reply.choices) >= 2
    for choice in reply.choices:
        *_, answer = run_sql(choice.sql, choice.question, orders)
        assert isinstance(answer, Answer)
        assert len(answer.result.rows()) == 1
