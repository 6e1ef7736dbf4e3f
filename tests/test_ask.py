"""The way of a question from its words to the reply, with a model whose words are known."""

from threading import Event

import pytest

from analyst import Answer, Clarification, Failure, Refusal, Workspace, ask, run_sql
from analyst.errors import AnalystError, QueryCancelled, UnknownName
from analyst.models.scripted import ScriptedModel
from analyst.store import Store
from analyst.terms import Candidate, ChartSpec, Facts, Links, Prompt, Query, Question, ResultSet, Token, Turn
from analyst.workspace import Workspace as EmptyWorkspace
from connectors.files import Source

BY_REGION = 'SELECT Region, sum(Sales) AS "total" FROM orders GROUP BY Region ORDER BY 2 DESC'


def test_each_value_comes_the_moment_it_exists_and_the_reply_comes_last(orders: Workspace) -> None:
    model = ScriptedModel(BY_REGION)
    kinds = [type(step) for step in ask("sales by region", orders, model) if not isinstance(step, Token)]
    assert kinds == [Question, Links, Prompt, Candidate, Query, ResultSet, ChartSpec, Facts, Answer]


def test_an_answer_holds_rows_chart_words_and_how_it_was_read(orders: Workspace) -> None:
    *_, reply = ask("sales by region", orders, ScriptedModel(BY_REGION))
    assert isinstance(reply, Answer)
    assert reply.result.rows()[0] == ["West", 930.5]
    assert reply.chart.mark == "bar"
    assert "West" in reply.commentary
    assert "Sales" in reply.reading.summary.en
    assert reply.confidence == 1.0


def test_a_refused_query_is_written_again_with_the_refusal_in_the_prompt(orders: Workspace) -> None:
    model = ScriptedModel("SELECT wages FROM orders", [Candidate(BY_REGION, 1.0)])
    steps = list(ask("sales by region", orders, model))
    prompts = [step for step in steps if isinstance(step, Prompt)]
    assert "wages" in prompts[1].attempts[0].error
    assert "wages" in prompts[1].text
    assert isinstance(steps[-1], Answer)
    assert len(steps[-1].attempts) == 1


def test_a_near_miss_among_the_names_is_put_right_without_asking_the_model_again(orders: Workspace) -> None:
    model = ScriptedModel('SELECT Regoin, sum(Sales) AS "total" FROM orders GROUP BY Regoin')
    *_, reply = ask("sales by region", orders, model)
    assert isinstance(reply, Answer)
    assert len(model.prompts) == 1
    assert "Region" in reply.query.sql


def test_a_database_error_goes_back_to_the_model_too(orders: Workspace) -> None:
    model = ScriptedModel([Candidate("SELECT CAST(Region AS INTEGER) FROM orders", 1.0)], [Candidate(BY_REGION, 1.0)])
    *_, reply = ask("sales by region", orders, model)
    assert isinstance(reply, Answer)
    assert "West" in reply.attempts[0].error


def test_after_three_refusals_the_failure_says_what_was_tried(orders: Workspace) -> None:
    model = ScriptedModel(*(f"SELECT nope{number} FROM orders" for number in range(3)))
    *_, reply = ask("sales by region", orders, model)
    assert isinstance(reply, Failure)
    assert [attempt.sql for attempt in reply.attempts] == [f"SELECT nope{number} FROM orders" for number in range(3)]


def test_the_reserved_form_becomes_a_refusal(orders: Workspace) -> None:
    *_, reply = ask("tell me a joke", orders, ScriptedModel("SELECT 'No jokes in the data' AS unanswerable"))
    assert reply == Refusal("No jokes in the data")


def test_two_readings_about_as_likely_are_asked_back_with_choices(orders: Workspace) -> None:
    other = "SELECT Region, sum(Profit) FROM orders GROUP BY Region"
    *_, reply = ask("result by region", orders, ScriptedModel([Candidate(BY_REGION, 0.3), Candidate(other, 0.28)]))
    assert isinstance(reply, Clarification)
    assert [choice.sql for choice in reply.choices] == [BY_REGION, other]
    assert len({choice.label for choice in reply.choices}) == 2


def test_a_less_likely_reading_with_other_rows_is_offered_beside_the_answer(orders: Workspace) -> None:
    other = "SELECT Region, sum(Profit) FROM orders GROUP BY Region"
    *_, reply = ask("result by region", orders, ScriptedModel([Candidate(BY_REGION, 0.7), Candidate(other, 0.2)]))
    assert isinstance(reply, Answer)
    assert [choice.sql for choice in reply.alternatives] == [other]


def test_a_chinese_question_is_answered_in_chinese(orders: Workspace) -> None:
    *_, reply = ask("各地区的销售额", orders, ScriptedModel(BY_REGION))
    assert isinstance(reply, Answer)
    assert any("一" <= letter <= "鿿" for letter in reply.commentary)


def test_numbers_that_a_model_made_up_are_never_shown(orders: Workspace) -> None:
    model = ScriptedModel(BY_REGION, words=["West sold 4,711 pieces, a rise of 99 %."])
    *_, reply = ask("sales by region", orders, model)
    assert isinstance(reply, Answer)
    assert "4,711" not in reply.commentary
    assert reply.notes


def test_a_models_own_words_are_kept_where_their_numbers_are_in_the_facts(orders: Workspace) -> None:
    model = ScriptedModel(BY_REGION, words=["West leads with 930.5."])
    *_, reply = ask("sales by region", orders, model)
    assert isinstance(reply, Answer)
    assert reply.commentary == "West leads with 930.5."


def test_earlier_turns_reach_the_model(orders: Workspace) -> None:
    history = (Turn("sales by region", BY_REGION),)
    steps = list(ask("only the West", orders, ScriptedModel(BY_REGION), history))
    assert next(step for step in steps if isinstance(step, Prompt)).question.history == history


def test_a_cancelled_question_ends_as_cancelled(orders: Workspace) -> None:
    cancelled = Event()
    cancelled.set()
    crossed = ", ".join(f"orders o{number}" for number in range(12))
    model = ScriptedModel(f"SELECT count(*) FROM {crossed}")
    with pytest.raises(QueryCancelled):
        list(ask("sales by region", orders, model, cancelled=cancelled))


def test_sql_that_a_person_edited_takes_the_same_way(orders: Workspace) -> None:
    *_, reply = run_sql(BY_REGION, "sales by region", orders)
    assert isinstance(reply, Answer)
    assert reply.chart.mark == "bar"
    assert reply.commentary


def test_an_error_in_a_persons_sql_is_told_to_the_person(orders: Workspace) -> None:
    with pytest.raises(UnknownName, match="amout"):
        list(run_sql("SELECT amout FROM orders", "x", orders))


def test_without_data_the_person_is_told_to_add_a_file(tmp_path) -> None:
    with pytest.raises(AnalystError) as caught:
        list(ask("sales by region", EmptyWorkspace(tmp_path), ScriptedModel()))
    assert "Add a file" in caught.value.hint.en


def test_a_value_that_is_not_there_is_looked_for_again_with_the_nearest_values_in_the_prompt(orders: Workspace) -> None:
    model = ScriptedModel(
        "SELECT sum(Sales) FROM orders WHERE Region = 'Westt' HAVING count(*) > 0", "SELECT sum(Sales) FROM orders WHERE Region = 'West'"
    )
    *_, reply = ask("sales in the westt", orders, model)
    assert isinstance(reply, Answer)
    assert reply.result.rows() == [[930.5]]
    assert "'West'" in model.prompts[1].text


def test_where_nothing_else_is_found_the_answer_without_rows_stands(orders: Workspace) -> None:
    nothing = "SELECT Sales FROM orders WHERE Region = 'Atlantis'"
    *_, reply = ask("sales in Atlantis", orders, ScriptedModel(nothing, nothing))
    assert isinstance(reply, Answer)
    assert reply.result.rows() == []


def test_a_made_up_number_is_named_when_the_model_words_it_again(orders: Workspace) -> None:
    model = ScriptedModel(BY_REGION, words=["West sold 4,711 pieces.", "West leads with 930.5.", "Sales by region"])
    *_, reply = ask("sales by region", orders, model)
    assert isinstance(reply, Answer)
    assert "4,711" in model.instructions[1]
    assert (reply.commentary, reply.chart.title) == ("West leads with 930.5.", "Sales by region")


def test_a_title_with_a_number_of_its_own_is_not_taken(orders: Workspace) -> None:
    *_, reply = ask("sales by region", orders, ScriptedModel(BY_REGION, words=["West leads with 930.5.", "4,711 reasons to love the West"]))
    assert isinstance(reply, Answer)
    assert "4,711" not in reply.chart.title


def test_asking_back_needs_no_rival_that_is_likely(orders: Workspace) -> None:
    candidates = [Candidate(BY_REGION, 0.05), Candidate("SELECT Region, sum(Profit) FROM orders GROUP BY Region", 0.04)]
    *_, reply = ask("result by region", orders, ScriptedModel(candidates))
    assert isinstance(reply, Clarification)
    assert len(reply.choices) == 2


def test_questions_that_were_found_right_are_shown_to_the_model(orders_file, tmp_path) -> None:
    store = Store(tmp_path / "store.sqlite")
    store.add_example("sales per region", BY_REGION)
    workspace = EmptyWorkspace(tmp_path / "home", store=store)
    list(workspace.load([Source(orders_file)], in_child=False))
    model = ScriptedModel(BY_REGION)
    list(ask("sales of each region", workspace, model))
    workspace.close()
    assert "sales per region" in model.prompts[0].text
