"""Pages are drawn in turn, a few at a time: all at once, each would wait for all, and none would hear from the server meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from analyst.ui import words
from analyst.ui.person import say
from connectors.line import Line, Ticket

LOOK_UP_SECONDS = 0.2  # how long the run of a page that was closed may stand in line
PATIENCE = 1.0  # seconds before a person is told of the line, and between two numbers that are told

_turn: ContextVar[Ticket | None] = ContextVar("turn", default=None)


@st.cache_resource
def line() -> Line:
    """The one line of this process: drawing is work of one core, whatever else runs."""
    return Line(os.cpu_count() or 1)


@contextmanager
def in_turn() -> Iterator[None]:
    """Draw once it is this page's turn, and tell its number where that takes a while."""
    with line().join() as ticket:
        until_called(ticket)
        before = _turn.set(ticket)
        try:
            yield
        finally:
            _turn.reset(before)


@contextmanager
def aside() -> Iterator[None]:
    """Let others draw while this page only waits; then it is the next."""
    ticket = _turn.get()
    if ticket is None:
        yield
        return
    ticket.step_aside()
    yield
    ticket.step_back()
    until_called(ticket)


def until_called(ticket: Ticket) -> None:
    """Stand in line; a page that is closed or clicked meanwhile ends its run at a look at the state."""
    told = time.monotonic()
    while not ticket.called.wait(LOOK_UP_SECONDS):
        st.session_state.get("asked")
        if time.monotonic() - told > PATIENCE and (number := ticket.number):
            st.toast(say(words.WAITING, number=number), icon=":material/hourglass:", duration="short")
            told = time.monotonic()
