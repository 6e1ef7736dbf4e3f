"""The client of a served model, against a real local server that speaks the wire format and misbehaves on request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from wire_server import serving

from analyst.errors import ModelUnavailable, QueryCancelled
from analyst.models.completion import statement, statement_so_far
from analyst.models.profiles import CHAT, SQL_TUNED, THINKING, known_profile
from analyst.models.proposing import Sampling
from analyst.models.vllm import ServedModel
from analyst.models.wire import Patience
from analyst.prompt import write_prompt
from analyst.terms import Attempt, Candidate, Column, Links, Prompt, Question, Schema, Table, Token, Turn

TABLE = Table("orders", (Column("Region", "VARCHAR", "dimension"), Column("Sales", "DOUBLE", "measure")), 10)
WIDE = tuple(Table(f"t{place}", tuple(Column(f"column_{place}_{at}", "VARCHAR", "text") for at in range(20)), 10) for place in range(20))
IMPATIENT = Patience(connect=0.5, read=0.5, retries=2)


def prompt_for(text: str = "total sales", tables: tuple[Table, ...] = (TABLE,), **more: object) -> Prompt:
    return write_prompt(Question(text, "en", **more), Schema(tables), Links())


def ask(model: ServedModel, prompt: Prompt | None = None) -> list[Candidate]:
    return [step for step in model.propose(prompt or prompt_for(), threading.Event()) if isinstance(step, Candidate)]


def refusal(model: ServedModel, prompt: Prompt | None = None) -> ModelUnavailable:
    with pytest.raises(ModelUnavailable) as caught:
        ask(model, prompt)
    assert caught.value.message.en
    assert caught.value.message.zh
    assert caught.value.hint.zh
    return caught.value


# ------------------------------------------------------------------------------------------------ the lead-in
def test_a_chat_model_goes_on_from_a_last_assistant_message() -> None:
    with serving(texts=[" SUM(Sales) FROM orders"]) as wire:
        assert ask(ServedModel(wire.url)) == [Candidate("SELECT SUM(Sales) FROM orders", pytest.approx(0.99))]
    (body,) = wire.asked()
    assert body["messages"][-1] == {"role": "assistant", "content": "SELECT"}
    assert body["continue_final_message"] is True
    assert body["add_generation_prompt"] is False


def test_a_base_model_goes_on_from_the_end_of_the_prompt() -> None:
    with serving(model={"id": "starcoder2"}, texts=[" 1"]) as wire:
        assert [candidate.sql for candidate in ask(ServedModel(wire.url))] == ["SELECT 1"]
    ((path, body),) = wire.calls
    assert path == "/v1/completions"
    assert body["prompt"].endswith("\n# Query\nSELECT")


def test_a_model_of_an_unknown_family_is_asked_whether_it_has_a_chat_template() -> None:
    for chat_template, path in ((True, "/v1/chat/completions"), (False, "/v1/completions")):
        with serving(model={"id": "somebody's"}, chat_template=chat_template) as wire:
            ask(ServedModel(wire.url))
        assert wire.calls[0][0] == path


def test_a_model_tuned_on_sql_is_shown_no_examples_and_asked_for_no_prose() -> None:
    with serving(model={"id": "XiYanSQL-QwenCoder-7B-2504"}) as wire:
        model = ServedModel(wire.url)
        ask(model)
        assert model.word("Say it.", threading.Event()) is None
    assert "landings" not in wire.asked()[0]["prompt"]
    assert len(wire.calls) == 1


def test_the_profile_is_found_by_the_name_a_model_was_loaded_by() -> None:
    assert known_profile("analyst", "Qwen/Qwen2.5-Coder-7B-Instruct") is CHAT
    assert known_profile("seeklhy/OmniSQL-7B") is SQL_TUNED
    assert known_profile("Qwen/Qwen3-8B") is THINKING
    assert known_profile("Qwen/Qwen3-Coder-30B-A3B-Instruct") is CHAT


def test_a_server_that_refuses_a_field_is_asked_without_it_from_then_on() -> None:
    with serving(unknown_fields=("continue_final_message", "add_generation_prompt", "logprobs")) as wire:
        model = ServedModel(wire.url, sampling=Sampling(n=1))
        assert ask(model)[0].sql == "SELECT 1"
        calls = len(wire.calls)
        ask(model)
    assert len(wire.calls) - calls == 2  # the text and the check


# ------------------------------------------------------------------------------------------------ what was written
@pytest.mark.parametrize(
    ("written", "sql"),
    [
        (" a FROM t", "SELECT a FROM t"),
        (" a FROM t;\nSELECT b", "SELECT a FROM t"),
        (" ';' FROM t; DROP TABLE t", "SELECT ';' FROM t"),
        (" 'it''s; so' FROM t;", "SELECT 'it''s; so' FROM t"),
        ("<think>Let me see; SELECT x</think>\n\n a FROM t", "SELECT a FROM t"),
        ("hm, SELECT x?</think> a FROM t", "SELECT a FROM t"),
        ("<think>without end", "SELECT"),
        (" a FROM t\n```\nThat is it.", "SELECT a FROM t"),
        ("Here it is:\n```sql\nSELECT a FROM t\n```", "SELECT a FROM t"),
        ("\nSELECT a FROM t", "SELECT a FROM t"),
        (" a FROM t<|im_end|>", "SELECT a FROM t"),
        (" a FROM t WHERE a < 3", "SELECT a FROM t WHERE a < 3"),
        (' "销售额; 元" FROM 订单', 'SELECT "销售额; 元" FROM 订单'),
    ],
)
def test_thoughts_fences_and_all_after_the_statement_are_left_out(written: str, sql: str) -> None:
    assert statement(written, "SELECT") == sql


def test_text_that_may_turn_out_to_be_a_mark_is_held_back_while_it_is_written() -> None:
    assert statement_so_far(" a FROM t <thi", "SELECT") == "SELECT a FROM t"
    assert statement_so_far(" a FROM t\n``", "SELECT") == "SELECT a FROM t"


def test_the_tokens_shown_make_up_the_first_text() -> None:
    with serving(texts=[" Region, SUM(Sales) FROM orders GROUP BY Region"]) as wire:
        steps = list(ServedModel(wire.url).propose(prompt_for(), threading.Event()))
    tokens = [step.text for step in steps if isinstance(step, Token)]
    assert len(tokens) > 3
    assert "".join(tokens) == steps[-1].sql


# ------------------------------------------------------------------------------------------------ votes
def test_a_sure_text_costs_one_call_and_one_check_in_its_shadow() -> None:
    with serving(chance=0.95) as wire:
        assert ask(ServedModel(wire.url))[0].score == pytest.approx(0.95)
    assert len(wire.asked()) == 1
    assert wire.asked()[0]["temperature"] == 0


def test_an_unsure_text_is_put_to_the_vote_of_eight() -> None:
    with serving(chance=0.3, texts=[" 1", " 2", " 2", " 2", " 2", " 2", " 1", " 3"]) as wire:
        candidates = ask(ServedModel(wire.url))
    assert candidates == [Candidate("SELECT 2", 5 / 8), Candidate("SELECT 1", 2 / 8), Candidate("SELECT 3", 1 / 8)]
    greedy, samples = wire.asked()
    assert (greedy["n"], samples["n"], samples["temperature"]) == (1, 7, 0.8)


def test_a_server_that_tells_no_chances_is_always_asked_for_the_vote() -> None:
    with serving(chance=None, texts=[" 1"]) as wire:
        assert ask(ServedModel(wire.url)) == [Candidate("SELECT 1", 1.0)]
    assert len(wire.asked()) == 2


def test_a_server_that_gives_one_text_a_call_is_asked_eight_times() -> None:
    with serving(chance=0.3, one_text_only=True, texts=[" 1", " 2"]) as wire:
        assert sum(candidate.score for candidate in ask(ServedModel(wire.url, sampling=Sampling(seed=7)))) == pytest.approx(1)
    assert len(wire.asked()) == 8
    assert len({body.get("seed") for body in wire.asked()}) == 8


def test_a_server_that_refuses_several_texts_a_call_is_asked_eight_times() -> None:
    with serving(chance=0.3, many_refused=True, texts=[" 1", " 2"]) as wire:
        assert [candidate.score for candidate in ask(ServedModel(wire.url))] == [7 / 8, 1 / 8]


def test_where_the_samples_fail_the_first_text_counts_with_its_own_chance() -> None:
    with serving(chance=0.3, many_fail=True) as wire:
        assert ask(ServedModel(wire.url)) == [Candidate("SELECT 1", pytest.approx(0.3))]


def test_a_refusal_in_many_words_is_one_vote_and_counts_only_where_it_wins() -> None:
    no = [" 'no such data' AS unanswerable", " 'nothing there' AS unanswerable"]
    with serving(chance=0.3, texts=[*no, " 1", " 1", " 1", " 1", " 1", " 1"]) as wire:
        assert ask(ServedModel(wire.url)) == [Candidate("SELECT 1", 6 / 8)]
        wire.texts = [" 1", " 1", *no, *no, *no]
        assert ask(ServedModel(wire.url)) == [
            Candidate("SELECT 'no such data' AS unanswerable", 6 / 8),
            Candidate("SELECT 1", 2 / 8),
        ]


def test_where_the_check_says_no_a_reason_is_asked_for_instead_of_a_query() -> None:
    with serving(no=0.97, texts=[" 1", "The tables hold no weather.' AS unanswerable"]) as wire:
        candidates = ask(ServedModel(wire.url), prompt_for("How is the weather?"))
    assert [candidate.sql for candidate in candidates] == ["SELECT 'The tables hold no weather.' AS unanswerable"]
    assert wire.asked()[-1]["messages"][-1]["content"] == "SELECT '"


def test_the_check_shares_the_prompt_up_to_its_last_words() -> None:
    with serving() as wire:
        ask(ServedModel(wire.url))
    texts = [body["messages"][0]["content"] for _, body in wire.calls]
    assert texts[1].startswith(texts[0])


def test_a_question_tried_before_is_not_checked_again() -> None:
    prompt = write_prompt(Question("x", "en"), Schema((TABLE,)), Links(), (Attempt("SELECT y", "No column is called y"),))
    with serving(no=0.97) as wire:
        assert ask(ServedModel(wire.url), prompt)[0].sql == "SELECT 1"
    assert len(wire.calls) == 1


# ------------------------------------------------------------------------------------------------ a server in trouble
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_after_a_pause(status: int) -> None:
    with serving(failures=[(status, {}, {}), (status, {}, {"Retry-After": "0.1"})]) as wire:
        model = ServedModel(wire.url)
        assert ask(model)[0].sql == "SELECT 1"
        assert model.take_usage().retries == 2


def test_a_server_that_stays_busy_is_said_to_be_too_busy() -> None:
    with serving(failures=[(429, {}, {"Retry-After": "0"})] * 9) as wire:
        assert "too busy" in refusal(ServedModel(wire.url, patience=IMPATIENT)).message.en
    assert len(wire.calls) == 3


def test_a_server_that_fails_is_quoted() -> None:
    with serving(failures=[(500, {"error": {"message": "CUDA out of memory"}}, {})] * 9) as wire:
        assert "CUDA out of memory" in refusal(ServedModel(wire.url, patience=IMPATIENT)).message.en


def test_where_no_server_is_the_person_is_told_how_to_start_one() -> None:
    with serving() as wire:
        url = wire.url
    error = refusal(ServedModel(url, patience=IMPATIENT))
    assert "does not answer" in error.message.en
    assert "serve-model" in error.hint.en


def test_what_is_no_model_server_is_said_to_be_none() -> None:
    with serving(model={}) as wire:
        assert "serves no model" in refusal(ServedModel(wire.url)).message.en


def test_a_server_that_falls_silent_is_given_up() -> None:
    with serving(pause=2.0) as wire:
        started = time.perf_counter()
        assert "sent nothing for 0.5 s" in refusal(ServedModel(wire.url, patience=IMPATIENT)).message.en
    assert time.perf_counter() - started < 5


def test_a_stream_that_breaks_off_is_asked_for_once_more_and_no_token_shows_twice() -> None:
    with serving(breaks=1, texts=[" a FROM orders WHERE b"]) as wire:
        model = ServedModel(wire.url)
        steps = list(model.propose(prompt_for(), threading.Event()))
        assert model.take_usage().retries == 1
    assert steps[-1].sql == "SELECT a FROM orders WHERE b"
    assert "".join(step.text for step in steps if isinstance(step, Token)) == steps[-1].sql


def test_a_stream_that_keeps_breaking_off_is_an_error() -> None:
    with serving(breaks=9, texts=[" a FROM orders WHERE b"]) as wire:
        assert "broke off" in refusal(ServedModel(wire.url)).message.en


def test_an_unknown_model_is_answered_with_the_names_there_are() -> None:
    with serving() as wire:
        error = refusal(ServedModel(wire.url, "other"))
    assert "other" in error.message.en
    assert "tiny-instruct" in error.hint.en


# ------------------------------------------------------------------------------------------------ room
def test_a_prompt_longer_than_the_context_is_cut_before_it_is_sent() -> None:
    with serving(model={"id": "tiny-instruct", "max_model_len": 3000}) as wire:
        ask(ServedModel(wire.url), prompt_for(tables=(TABLE, *WIDE)))
    text = wire.asked()[0]["messages"][0]["content"]
    assert "landings" not in text
    assert "total sales" in text


def test_a_prompt_that_the_server_finds_too_long_is_cut_and_asked_again() -> None:
    history = tuple(Turn(f"question {place} " + "long " * 50, "SELECT 1") for place in range(6))
    with serving(most_tokens=900) as wire:
        assert ask(ServedModel(wire.url), prompt_for(history=history))[0].sql == "SELECT 1"
    sent = wire.asked()[-1]["messages"][0]["content"]
    assert "question 5" in sent
    assert "question 0" not in sent


def test_tables_that_fit_in_no_way_are_said_to_be_too_much() -> None:
    with serving(most_tokens=100) as wire:
        assert "more room" in refusal(ServedModel(wire.url)).message.en


# ------------------------------------------------------------------------------------------------ stopping
def test_a_stopped_question_ends_at_once_and_closes_its_stream() -> None:
    with serving(pause=0.2, texts=[" a" * 50]) as wire:
        stopped = threading.Event()
        steps = ServedModel(wire.url).propose(prompt_for(), stopped)
        next(steps)
        stopped.set()
        started = time.perf_counter()
        with pytest.raises(QueryCancelled):
            list(steps)
        assert time.perf_counter() - started < 0.2
        until(lambda: wire.gone >= 1)


def test_a_question_left_in_the_midst_closes_its_stream() -> None:
    with serving(pause=0.05, texts=[" a" * 200]) as wire:
        steps = ServedModel(wire.url).propose(prompt_for(), threading.Event())
        next(steps)
        steps.close()
        until(lambda: wire.gone >= 1)


def test_a_question_can_be_stopped_while_it_waits_for_its_turn() -> None:
    with serving(pause=0.2, texts=[" a" * 50]) as wire:
        model = ServedModel(wire.url, concurrency=1)
        first = model.propose(prompt_for(), threading.Event())
        next(first)
        stopped = threading.Event()
        threading.Timer(0.2, stopped.set).start()
        with pytest.raises(QueryCancelled):
            list(model.propose(prompt_for(), stopped))
        first.close()


def test_fifty_conversations_at_once_each_get_their_own_answer() -> None:
    def own(place: int) -> str:
        return ask(model, prompt_for(f"question {place}"))[0].sql

    with serving(texts=[" '$question'"], pause=0.01) as wire, ThreadPoolExecutor(50) as threads:
        model = ServedModel(wire.url, concurrency=8)
        answers = list(threads.map(own, range(50)))
    assert answers == [f"SELECT 'question {place}'" for place in range(50)]


# ------------------------------------------------------------------------------------------------ words, accounts, health
def test_a_commentary_comes_piece_by_piece_without_thoughts() -> None:
    with serving(texts=["<think>well</think>Sales rose by 3 percent."]) as wire:
        assert "".join(ServedModel(wire.url).word("Say it.", threading.Event()) or ()) == "Sales rose by 3 percent."


def test_tokens_and_seconds_of_a_question_are_counted_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with serving(chance=0.3) as wire, caplog.at_level(logging.INFO, "analyst.models.vllm"):
        model = ServedModel(wire.url)
        ask(model)
        usage = model.take_usage()
    assert (usage.calls, usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens) == (3, 300, 192, 15)
    assert usage.seconds > 0
    assert "3 calls, 300 prompt tokens (192 from the cache)" in caplog.text
    assert model.take_usage().calls == 0


def test_health_names_the_model_and_the_queue() -> None:
    with serving() as wire:
        model = ServedModel(wire.url)
        health = model.health()
    assert (health.ready, health.running, health.waiting, model.name) == (True, 3, 2, "tiny-instruct")
    assert "2 waiting" in health.words.en


def test_a_server_that_is_away_is_not_ready_and_said_so_within_a_second() -> None:
    with serving() as wire:
        model = ServedModel(wire.url)
    started = time.perf_counter()
    assert not model.health().ready
    assert time.perf_counter() - started < 1


def test_the_key_is_in_no_error_no_log_and_no_repr(caplog: pytest.LogCaptureFixture) -> None:
    with serving(key="right") as wire, caplog.at_level(logging.DEBUG):
        model = ServedModel(wire.url, api_key="sk-secret-1")
        error = refusal(model)
        health = model.health()
    assert "ANALYST_MODEL_KEY" in error.hint.en
    assert not health.ready
    assert "sk-secret-1" not in f"{model!r} {model.__dict__!r} {error} {error.message} {health} {caplog.text}"


@pytest.mark.parametrize("url", ["http://here:port", "http://", "http://[here", "here:8000", "ftp://here"])
def test_a_url_that_is_none_is_said_to_be_none(url: str) -> None:
    with pytest.raises(ModelUnavailable, match="URL"):
        ServedModel(url)


def test_a_url_may_hold_a_path_a_version_or_an_address_in_brackets() -> None:
    assert repr(ServedModel("http://[::1]:8000/v1")) == "ServedModel('http://[::1]:8000', '[::1]:8000')"
    assert repr(ServedModel("https://here/models/v1/")) == "ServedModel('https://here/models', 'here')"


def test_a_key_in_the_url_is_used_and_shown_nowhere() -> None:
    with serving(key="sk-in-url") as wire:
        model = ServedModel(wire.url.replace("http://", "http://me:sk-in-url@"))
        assert ask(model)[0].sql == "SELECT 1"
    assert "sk-in-url" not in repr(model)


def until(true: Callable[[], bool], seconds: float = 3.0) -> None:
    """Wait until it holds."""
    deadline = time.perf_counter() + seconds
    while not true():
        assert time.perf_counter() < deadline, "it did not come about"
        time.sleep(0.02)
