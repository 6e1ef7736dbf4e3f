"""Thumbs for an answer, with a reason."""

from __future__ import annotations

import streamlit as st

from analyst.store import Feedback, StoredMessage
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
    home().store.set_feedback(message, None if chosen is None else Feedback("up" if chosen else "down"))
