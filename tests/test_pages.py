"""Many pages at once, over the websockets that browsers speak, against the real server."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from analyst.ui import turns
from benchmarks.sessions import server, visit_all
from tests.test_duckdb import soon

AT_ONCE = 6
BOARD = """
from analyst.terms import Links, Waiting
from analyst.ui.stages import Board
board = Board()
board.show(Waiting(3))
"""
IN_TURN = """
import streamlit as st
from analyst.ui.turns import in_turn
with in_turn():
    st.write("drawn")
"""


@pytest.mark.parametrize("settings", [{}, {"questions_at_once": "1", "queue_length": "1"}], ids=["usual", "one place"])
def test_pages_that_ask_at_the_same_time_are_answered_or_told_that_they_are_many(settings: dict[str, str]) -> None:
    with server(**settings) as url:
        tally = asyncio.run(visit_all(url, AT_ONCE, seconds=1, pause=(0.0, 0.2)))
    assert set(tally.outcomes) <= {"answer", "busy"}
    assert tally.outcomes["answer"]
    assert tally.outcomes.total() >= AT_ONCE


def test_a_question_that_waits_shows_its_number() -> None:
    page = AppTest.from_string(BOARD, default_timeout=60).run()
    assert "number 3 in the queue" in page.status[0].label


def test_a_page_that_waits_to_be_drawn_tells_its_number_and_is_drawn_in_the_end() -> None:
    pages: list[AppTest] = []
    places = [turns.line().join() for _ in range(20)]  # more than there are
    before = turns.line().length
    waiting = threading.Thread(target=lambda: pages.append(AppTest.from_string(IN_TURN, default_timeout=60).run()))
    waiting.start()
    assert soon(lambda: turns.line().length > before, seconds=60)
    time.sleep(turns.PATIENCE + 1)
    for ticket in places:
        turns.line().leave(ticket)
    waiting.join()
    assert "in the queue" in pages[0].toast[0].value
    assert pages[0].markdown[0].value == "drawn"
