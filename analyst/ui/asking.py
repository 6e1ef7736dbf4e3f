"""A question of this session on its way to its conversation: asked, kept when answered, stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

import streamlit as st

from analyst.ask import ask, run_sql
from analyst.errors import AnalystError, QueryCancelled
from analyst.language import language_of
from analyst.models.builtin import BuiltinModel
from analyst.store.conversations import turns
from analyst.terms import Failure, Question, Reply, Step
from analyst.ui.errand import Errand
from analyst.ui.person import Home, home

TITLE = 60  # characters of the first question that name a conversation
LONGEST = 2_000  # characters of a question; a longer one is a paste by mistake


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on its way."""

    text: str
    conversation: int
    errand: Errand[Step]
    after: int
    """The conversation's last message before it; its own reply has a higher id."""


def current_conversation() -> int | None:
    """The conversation the address names, else the one this session was in; None for a new one."""
    named = st.query_params.get("conversation", "")
    number = int(named) if named.isdecimal() else st.session_state.get("conversation")
    if number is None or home().store.conversation(number) is None:
        st.session_state.pop("conversation", None)
        return None
    open_conversation(number)
    return int(number)


def open_conversation(conversation: int | None) -> None:
    """Go to a conversation; None begins a new one with the next question."""
    if conversation is None:
        st.session_state.pop("conversation", None)
        st.query_params.pop("conversation", None)
    else:
        st.session_state["conversation"] = conversation
        st.query_params["conversation"] = str(conversation)


def asked() -> Asked | None:
    """The question on its way; None where there is none, or where its reply has been kept."""
    found = st.session_state.get("asked")
    return found if isinstance(found, Asked) else None


def begin(text: str, sql: str = "", builtin: bool = False) -> None:
    """Ask in the current conversation, or in a new one named after the question; with SQL, answer by that SQL.

    With `builtin` this one question goes to the built-in model, because the person chose so.
    """
    text = text.strip()[:LONGEST]
    if not text or asked():
        return
    me = home()
    conversation = current_conversation() or me.store.add_conversation(text[:TITLE])
    open_conversation(conversation)
    messages = me.store.messages(conversation)
    history = turns(messages)
    st.session_state.pop("stopped", None)

    model = BuiltinModel() if builtin else me.model

    def way(cancelled: Event) -> Iterator[Step]:
        steps = run_sql(sql, text, me.workspace, cancelled) if sql else ask(text, me.workspace, model, history, cancelled=cancelled)
        return kept(steps, me, conversation, text)

    st.session_state["asked"] = Asked(text, conversation, Errand(text, way), messages[-1].id if messages else 0)


def kept(steps: Iterator[Step], me: Home, conversation: int, text: str) -> Iterator[Step]:
    """The steps, the last of them kept in the conversation whatever page is open by then; an error is kept as a failure."""
    question = Question(text, language_of(text))
    try:
        for step in steps:
            if isinstance(step, Question):
                question = step
            if isinstance(step, Reply):
                me.log(question, step)
                me.store.save_reply(conversation, question, step, me.version)
            yield step
    except QueryCancelled:
        raise
    except AnalystError as error:
        failure = Failure(error.in_language(question.language))
        me.log(question, failure)
        me.store.save_reply(conversation, question, failure, me.version)
        yield failure


def end(stopped: bool = False) -> None:
    """Nothing is on its way any more."""
    ended = st.session_state.pop("asked", None)
    if stopped and isinstance(ended, Asked):
        st.session_state["stopped"] = ended


def stopped_question() -> Asked | None:
    """The question that was stopped last, to be asked again."""
    found = st.session_state.get("stopped")
    return found if isinstance(found, Asked) else None
