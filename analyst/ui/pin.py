"""Pinning an answer to a dashboard."""

from __future__ import annotations

import streamlit as st

from analyst.store import StoredMessage
from analyst.terms import Answer, ChartSpec
from analyst.ui import words
from analyst.ui.boundary import calmly
from analyst.ui.markdown import escape
from analyst.ui.person import home, say

NEW = 0  # stands for a dashboard that is made on the way


def pin_popover(message: StoredMessage, answer: Answer, chart: ChartSpec) -> None:
    """A button that opens title and dashboard, then pins."""
    with st.popover(say(words.PIN), icon=":material/keep:", type="tertiary", key=f"pin-{message.id}"), calmly():
        boards = {board.id: board.name for board in home().store.dashboards()}
        title = st.text_input(say(words.PIN_TITLE), value=chart.title or answer.question.text, key=f"pin-title-{message.id}", max_chars=120)
        choice = st.selectbox(
            say(words.PIN_TO),
            [*boards, NEW],
            format_func=lambda board: boards.get(board) or say(words.NEW_DASHBOARD if boards else words.FIRST_DASHBOARD),
            key=f"pin-to-{message.id}",
        )
        name = st.text_input(say(words.NAME), key=f"pin-name-{message.id}", max_chars=80) if choice == NEW and boards else ""
        if st.button(say(words.PIN_IT), key=f"pin-it-{message.id}", type="primary"):
            board = choice or home().store.add_dashboard(name or say(words.FIRST_DASHBOARD))
            home().store.add_tile(board, title or answer.question.text, answer, chart, data_version=message.data_version)
            st.toast(say(words.PINNED, dashboard=escape(boards.get(board) or name or say(words.FIRST_DASHBOARD))), icon=":material/keep:")
