"""A limit ends a question with its own sentence: it does not say that the SQL was wrong, so nothing else is answered in its place."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest

from analyst import Answer, Failure, Workspace, ask, open_workspace, run_sql
from analyst.batch import answer_file
from analyst.cli import main
from analyst.errors import Busy, QueryCancelled, QueryTimeout
from analyst.models.scripted import ScriptedModel
from analyst.settings import settings
from analyst.terms import Candidate, Reply, Step, Waiting
from connectors.base import Limits
from tests.test_duckdb import children, is_running, soon

BY_REGION = 'SELECT Region, sum(Sales) AS "total" FROM orders GROUP BY Region ORDER BY 2 DESC'
CROSSED = ", ".join(f"orders o{number}" for number in range(12))
SLOW = f"SELECT count(*) AS n FROM {CROSSED} WHERE o1.Sales * o2.Sales > 5"
LARGE = "SELECT list(o0.Sales) AS n FROM " + ", ".join(f"orders o{number}" for number in range(10))
BREAKING = "SELECT reservoir_quantile(Sales, 0.5, 1000000000) AS n FROM orders"
ENDED = [(SLOW, "took too long", "耗时过长"), (LARGE, "grew too large", "数据量过大"), (BREAKING, "broke off", "意外中断")]


@pytest.fixture
def tight(orders_file: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace whose queries may use little."""
    workspace = open_workspace([orders_file], tmp_path / "workspace", Limits(seconds=2.0, memory_mb=300))
    yield workspace
    workspace.close()


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings changed for one test."""
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def asked(model: ScriptedModel, workspace: Workspace, question: str = "sales by region", cancelled: Event | None = None) -> Reply:
    *_, reply = ask(question, workspace, model, cancelled=cancelled)
    assert isinstance(reply, Reply)
    return reply


@contextmanager
def another_question(workspace: Workspace) -> Iterator[None]:
    """A question that has the workspace's only place."""
    stop, begun = Event(), Event()

    def run() -> None:
        with suppress(QueryCancelled):
            for _ in ask("sales by region", workspace, ScriptedModel(SLOW), cancelled=stop):
                begun.set()

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    time.sleep(0.3)
    yield
    stop.set()
    thread.join()


@pytest.mark.parametrize(("sql", "en", "zh"), ENDED)
def test_a_limit_ends_the_question_and_neither_the_next_reading_nor_another_writing_is_answered(sql, en, zh, tight: Workspace) -> None:
    model = ScriptedModel([Candidate(sql, 0.6), Candidate(BY_REGION, 0.4)], BY_REGION)
    reply = asked(model, tight)
    assert isinstance(reply, Failure)
    assert en in reply.message
    assert [attempt.sql for attempt in reply.attempts] == [sql]
    assert len(model.prompts) == 1


@pytest.mark.parametrize(("sql", "en", "zh"), ENDED)
def test_a_limit_is_told_in_the_language_of_the_question(sql, en, zh, tight: Workspace) -> None:
    reply = asked(ScriptedModel(sql), tight, "各地区的销售额")
    assert isinstance(reply, Failure)
    assert zh in reply.message


def test_after_a_limit_the_next_question_is_answered(tight: Workspace) -> None:
    for sql, *_ in ENDED:
        asked(ScriptedModel(sql), tight)
        assert isinstance(asked(ScriptedModel(BY_REGION), tight), Answer)


def test_a_lost_connection_ends_the_question_with_its_own_sentence(tight: Workspace) -> None:
    database, workers = tight.database(), children()
    assert database
    database.unlink()
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    assert soon(lambda: not any(map(is_running, workers)))
    reply = asked(ScriptedModel([Candidate(BY_REGION, 0.6), Candidate("SELECT 1 AS n", 0.4)]), tight)
    assert isinstance(reply, Failure)
    assert "does not exist" in reply.message


def test_an_answer_stands_where_only_a_reading_that_could_not_have_won_ran_into_a_limit(tight: Workspace) -> None:
    reply = asked(ScriptedModel([Candidate(BY_REGION, 0.6), Candidate(SLOW, 0.3), Candidate("SELECT 1 AS n", 0.1)]), tight)
    assert isinstance(reply, Answer)
    assert reply.query.sql == BY_REGION


def test_where_the_ended_reading_could_have_won_the_question_ends(tight: Workspace) -> None:
    assert isinstance(asked(ScriptedModel([Candidate(BY_REGION, 0.3), Candidate(SLOW, 0.3)]), tight), Failure)


def test_the_person_who_wrote_the_sql_is_told_of_the_limit(tight: Workspace) -> None:
    with pytest.raises(QueryTimeout):
        list(run_sql(SLOW, "x", tight))


# ------------------------------------------------------------------------------------------------ the whole question
def test_a_question_ends_at_its_deadline_whatever_its_queries_may_use(orders: Workspace, setting: pytest.MonkeyPatch) -> None:
    setting.setenv("ANALYST_QUESTION_SECONDS", "0.5")
    settings.cache_clear()
    reply = asked(ScriptedModel([Candidate(SLOW, 0.6), Candidate(BY_REGION, 0.4)]), orders)
    assert isinstance(reply, Failure)
    assert "It took too long" in reply.message
    assert "for less" in reply.message


def test_a_person_who_stops_a_question_is_not_told_that_it_took_too_long(orders: Workspace) -> None:
    stop = Event()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(QueryCancelled):
        asked(ScriptedModel(SLOW), orders, cancelled=stop)


# ------------------------------------------------------------------------------------------------ the queue
@pytest.fixture
def one_place(orders_file: Path, tmp_path: Path, setting: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace that answers one question at a time, each of which may wait for half a second."""
    setting.setenv("ANALYST_QUESTIONS_AT_ONCE", "1")
    setting.setenv("ANALYST_QUEUE_SECONDS", "0.5")
    settings.cache_clear()
    workspace = open_workspace([orders_file], tmp_path / "workspace")
    yield workspace
    workspace.close()


def test_a_question_waits_for_its_turn_and_says_which_number_it_is(one_place: Workspace, setting: pytest.MonkeyPatch) -> None:
    setting.setenv("ANALYST_QUEUE_SECONDS", "60")
    settings.cache_clear()
    steps: list[Step] = []
    with another_question(one_place):
        waiting = threading.Thread(target=lambda: steps.extend(ask("sales by region", one_place, ScriptedModel(BY_REGION))))
        waiting.start()
        time.sleep(0.5)
    waiting.join()
    assert [step for step in steps if isinstance(step, Waiting)] == [Waiting(1)]
    assert isinstance(steps[-1], Answer)


@pytest.mark.parametrize(("question", "words"), [("sales by region", "number 1 in the queue"), ("各地区的销售额", "排在第 1 位")])
def test_a_question_whose_turn_does_not_come_is_told_its_number(question: str, words: str, one_place: Workspace) -> None:
    with another_question(one_place):
        reply = asked(ScriptedModel(BY_REGION), one_place, question)
    assert isinstance(reply, Failure)
    assert words in reply.message


def test_a_queue_that_is_full_says_so_at_once(one_place: Workspace, setting: pytest.MonkeyPatch) -> None:
    setting.setenv("ANALYST_QUEUE_SECONDS", "3600")
    setting.setenv("ANALYST_QUEUE_LENGTH", "0")
    settings.cache_clear()
    with another_question(one_place), pytest.raises(Busy):
        list(run_sql(BY_REGION, "sales by region", one_place))


def test_a_question_that_waits_can_be_stopped(one_place: Workspace, setting: pytest.MonkeyPatch) -> None:
    setting.setenv("ANALYST_QUEUE_SECONDS", "3600")
    settings.cache_clear()
    stop = Event()
    threading.Timer(0.3, stop.set).start()
    with another_question(one_place), pytest.raises(QueryCancelled):
        asked(ScriptedModel(BY_REGION), one_place, cancelled=stop)


def test_a_question_that_nobody_follows_any_more_gives_its_place_back(one_place: Workspace) -> None:
    steps = ask("sales by region", one_place, ScriptedModel(BY_REGION))
    next(steps)
    next(steps)
    del steps
    assert isinstance(asked(ScriptedModel(BY_REGION), one_place), Answer)


def test_a_hundred_who_ask_at_once_are_all_answered(orders: Workspace) -> None:
    with ThreadPoolExecutor(100) as people:
        replies = list(people.map(lambda _: asked(ScriptedModel(BY_REGION), orders), range(100)))
    assert [type(reply) for reply in replies] == [Answer] * 100


# ------------------------------------------------------------------------------------------------ batch and command line
@pytest.mark.parametrize(("question", "words"), [("total sales by region", "It took too long"), ("各地区的销售额总和", "耗时过长")])
def test_batch_and_command_line_tell_a_limit_in_the_language_of_the_question(
    question: str, words: str, orders_file: Path, tmp_path: Path, setting: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    setting.setenv("ANALYST_QUESTION_SECONDS", "0")
    settings.cache_clear()
    request = {"id": "q", "files": [str(orders_file)], "question": question}
    (tmp_path / "requests.jsonl").write_text(json.dumps(request), encoding="utf-8")
    answer_file(tmp_path / "requests.jsonl", tmp_path / "answers.jsonl")
    line = json.loads((tmp_path / "answers.jsonl").read_text(encoding="utf-8"))
    assert (line["kind"], line["rows"]) == ("error", [])
    assert words in line["message"]
    assert main(["ask", str(orders_file), question]) == 1
    assert words in capsys.readouterr().out


def test_the_batch_tells_a_file_that_cannot_be_read_in_the_language_of_each_question(tmp_path: Path) -> None:
    lines = [{"id": question, "files": [str(tmp_path / "gone.csv")], "question": question} for question in ("how many?", "有多少?")]
    (tmp_path / "requests.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    answer_file(tmp_path / "requests.jsonl", tmp_path / "answers.jsonl")
    answers = {
        line["id"]: line["message"] for line in map(json.loads, (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines())
    }
    assert answers["how many?"].isascii()
    assert not answers["有多少?"].isascii()
