"""A question's wait for its turn: its number in the line as it moves up, or a word that too many are before it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event

from analyst.deadline import STOPPED
from analyst.errors import Busy, QueryCancelled
from analyst.settings import settings
from analyst.terms import Bilingual, Waiting
from connectors.line import Ticket

LOOK_UP_SECONDS = 0.25  # how long a stopped question may go unnoticed, and a number stay behind

AGAIN = Bilingual("Ask again in a moment.", "请稍后重试。")


def until_called(ticket: Ticket, stopped: Event) -> Iterator[Waiting]:
    """The number in the line whenever it changes; ends once it is this question's turn. Raises Busy and QueryCancelled."""
    deadline = time.monotonic() + settings().queue_seconds
    shown = 0
    while not ticket.called.wait(LOOK_UP_SECONDS if shown else 0):
        number = ticket.number
        if stopped.is_set():
            raise QueryCancelled(STOPPED)
        if number > settings().queue_length or time.monotonic() >= deadline:
            raise Busy(busy_words(number), AGAIN)
        if number and number != shown:
            shown = number
            yield Waiting(number)


def busy_words(number: int) -> Bilingual:
    """What a person is told whose turn does not come."""
    return Bilingual(
        f"Too many questions are being asked just now: yours is number {number} in the queue, and it has not been worked on.",
        f"目前提问的人太多：您的问题排在第 {number} 位，尚未开始处理。",
    )
