"""Thumbs for an answer, with a reason."""

from __future__ import annotations

import streamlit as st

from analyst.store import Feedback, StoredMessage
from analyst.terms import Answer
from analyst.ui import words
from analyst.ui.person import home, say


def thumbs(message: StoredMessage) -> None:
    """Two thumbs; once one is chosen, a line for the reason."""
    key = f"thumb-{message.id}"
    given = message.feedback
    st.feedback(
        "thumbs", key=key, default=None if given is None else int(given.thumb == "up"), on_change=keep_thumb, args=(message.id, key)
    )
    chosen = st.session_state.get(key)
    if chosen is None:
        return
    with st.popover(say(words.REASON_UP if chosen else words.REASON_DOWN), type="tertiary", key=f"reason-of-{message.id}"):
        reason = st.text_area(
            say(words.REASON_UP if chosen else words.REASON_DOWN),
            value=given.reason if given else "",
            max_chars=1_000,
            key=f"reason-{message.id}",
        )
        if st.button(say(words.SEND), key=f"send-{message.id}", type="primary"):
            home().store.set_feedback(message.id, Feedback("up" if chosen else "down", reason or ""))
            st.toast(say(words.THANKS))


def keep_thumb(message: int, key: str) -> None:
    """Keep the thumb at once; a reason may follow. A second click takes it back."""
    chosen = st.session_state.get(key)
    store = home().store
    store.set_feedback(message, None if chosen is None else Feedback("up" if chosen else "down"))
    rated = store.message(message)
    if rated and isinstance(rated.reply, Answer):
        keep_example(rated.question.text, rated.reply.query.sql, bool(chosen))


def keep_example(question: str, sql: str, right: bool) -> None:
    """An answer that was found right is shown to a served model beside questions like it; one that no longer is, is not."""
    store = home().store
    if right:
        store.add_example(question, sql)
        return
    for example in store.examples():
        if (example.question, example.sql) == (question, sql):
            store.remove_example(example.id)
