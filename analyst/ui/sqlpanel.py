"""The SQL of an answer: shown, explained in words, edited and run."""

from __future__ import annotations

import streamlit as st

from analyst.ask import run_sql
from analyst.errors import AnalystError, QueryCancelled
from analyst.reading import explain
from analyst.store import StoredMessage
from analyst.terms import Answer, Reply, Step
from analyst.ui import words
from analyst.ui.boundary import calmly, show_error
from analyst.ui.errand import Errand, ending_with_the_page
from analyst.ui.markdown import escape
from analyst.ui.person import home, language, say


def show_sql(message: StoredMessage, answer: Answer) -> None:
    """The SQL with a copy button, what it says in words, and an editor."""
    st.code(answer.query.sql, language="sql", wrap_lines=True)
    data = home().workspace.data
    if data:
        lines = [escape(sentence.in_language(language())) for sentence in explain(answer.query, data.schema)]
        st.markdown("\n".join([f"**{say(words.SQL_EXPLAINED)}**", "", *(f"- {sentence}" for sentence in lines)]))
    with st.expander(say(words.EDIT_SQL), key=f"edit-{message.id}"), calmly():
        with st.form(f"sql-form-{message.id}", border=False):
            sql = st.text_area(say(words.SQL_BOX), value=answer.query.sql, height=160, key=f"sql-{message.id}-{answer.seconds}")
            if st.form_submit_button(say(words.RUN), icon=":material/play_arrow:", type="primary") and sql:
                begin(message, sql)
                st.rerun()
        told = st.session_state.get(f"told-{message.id}")
        if isinstance(told, AnalystError):
            show_error(told)
        elif told:
            st.info(say(words.SQL_STOPPED), icon=":material/stop_circle:")
        undo(message)


def begin(message: StoredMessage, sql: str) -> None:
    """Run the person's SQL, unless another is running here."""
    me, text = home(), message.question.text
    st.session_state.pop(f"told-{message.id}", None)
    st.session_state.setdefault(running(message), Errand(text, lambda cancelled: run_sql(sql, text, me.workspace, cancelled)))


def running(message: StoredMessage) -> str:
    """Where the session keeps the SQL that runs."""
    return f"running-{message.id}"


def follow_sql(message: StoredMessage) -> None:
    """Wait for SQL that runs, then let its answer stand in the place of the one before; what stopped it is told by the editor.

    Not for use in a fragment: a click in a fragment, on Stop say, waits for the fragment to end.
    """
    errand: Errand[Step] | None = st.session_state.get(running(message))
    if errand is None:
        return
    with ending_with_the_page(errand, lambda: forget(message)), st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        clock = st.empty()
        st.button(say(words.STOP), icon=":material/stop_circle:", key=f"stop-sql-{message.id}", on_click=errand.cancel)
        try:
            for _ in errand.steps():
                clock.caption(f"{say(words.RUNNING)} · {say(words.SECONDS, seconds=f'{errand.seconds:.0f}')}")
        except QueryCancelled:
            st.session_state[f"told-{message.id}"] = True
        except AnalystError as error:
            st.session_state[f"told-{message.id}"] = error
    forget(message)
    if isinstance(errand.last, Reply):
        take(message, errand.last)
    st.rerun()


def take(message: StoredMessage, reply: Reply) -> None:
    """Put the new reply in the place of the old one, which this session remembers for undo."""
    home().log(message.question, reply)
    home().store.replace_reply(message.id, reply, home().version)
    st.session_state[f"before-{message.id}"] = message.reply


def forget(message: StoredMessage) -> None:
    """Nothing runs here any more."""
    st.session_state.pop(running(message), None)


def undo(message: StoredMessage) -> None:
    """Go back to the reply before the edit, as long as this session remembers it."""
    before = st.session_state.get(f"before-{message.id}")
    if isinstance(before, Reply) and st.button(say(words.UNDO), icon=":material/undo:", key=f"undo-{message.id}"):
        home().store.replace_reply(message.id, before, message.data_version)
        st.session_state.pop(f"before-{message.id}")
        st.rerun()
