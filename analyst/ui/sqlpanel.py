"""The SQL of an answer: shown, explained in words, edited and run."""

from __future__ import annotations

import streamlit as st

from analyst.ask import run_sql
from analyst.reading import explain
from analyst.store import StoredMessage
from analyst.terms import Answer, Reply, Step
from analyst.ui import words
from analyst.ui.boundary import calmly, escape
from analyst.ui.errand import Errand, ending_with_the_page
from analyst.ui.person import home, language, say


def show_sql(message: StoredMessage, answer: Answer) -> None:
    """The SQL with a copy button, what it says in words, and an editor."""
    st.code(answer.query.sql, language="sql", wrap_lines=True)
    data = home().workspace.data
    if data:
        told = [escape(sentence.in_language(language())) for sentence in explain(answer.query, data.schema)]
        st.markdown("\n".join([f"**{say(words.SQL_EXPLAINED)}**", "", *(f"- {sentence}" for sentence in told)]))
    with st.expander(say(words.EDIT_SQL), key=f"edit-{message.id}"), calmly():
        with st.form(f"sql-form-{message.id}", border=False):
            sql = st.text_area(say(words.SQL_BOX), value=answer.query.sql, height=160, key=f"sql-{message.id}-{answer.seconds}")
            run = st.form_submit_button(say(words.RUN), icon=":material/play_arrow:", type="primary")
        if run:
            run_edited(message, sql or "")
        undo(message)


def run_edited(message: StoredMessage, sql: str) -> None:
    """Run the person's SQL and put its answer in the place of this one. Raises AnalystError, which stands by the editor then."""
    me = home()
    before = message.reply
    errand: Errand[Step] = Errand(message.question.text, lambda cancelled: run_sql(sql, message.question.text, me.workspace, cancelled))
    clock = st.empty()
    with ending_with_the_page(errand):
        for step in errand.steps():
            if step is None:
                clock.caption(f"{say(words.RUNNING)} · {say(words.SECONDS, seconds=f'{errand.seconds:.0f}')}")
    clock.empty()
    reply = errand.last
    if isinstance(reply, Reply):
        me.log(message.question, reply)
        me.store.replace_reply(message.id, reply, me.version)
        st.session_state[f"before-{message.id}"] = before
        st.rerun()


def undo(message: StoredMessage) -> None:
    """Go back to the reply before the edit, as long as this session remembers it."""
    before = st.session_state.get(f"before-{message.id}")
    if isinstance(before, Reply) and st.button(say(words.UNDO), icon=":material/undo:", key=f"undo-{message.id}"):
        home().store.replace_reply(message.id, before, message.data_version)
        st.session_state.pop(f"before-{message.id}")
        st.rerun()
