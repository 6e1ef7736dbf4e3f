"""When a question ends at the latest: once its person stops it, or once its time is over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from analyst.errors import QueryCancelled, QuestionTimeout
from analyst.terms import Bilingual

STOPPED = Bilingual("The question was stopped.", "问题已停止。")
TOO_LONG = Bilingual("It took too long, and was ended.", "耗时过长，已被终止。")
FOR_LESS = Bilingual(
    "Ask again, or for less: one thing at a time, or a shorter period.", "请重试，或缩小范围：一次只问一件事，或选择更短的时间。"
)


class Deadline(Event):
    """Set from either moment on, so that whatever ends for a person who stops a question ends in time, too."""

    def __init__(self, stopped: Event, seconds: float) -> None:
        """The time runs from now on."""
        super().__init__()
        self.stopped = stopped
        """Set by the person."""
        self._ends = time.monotonic() + seconds

    def is_set(self) -> bool:
        """Whether the question is to end now."""
        return self.stopped.is_set() or time.monotonic() >= self._ends

    @contextmanager
    def told_apart(self) -> Iterator[None]:
        """What ends inside because the time is over, and not because the person stopped it, raises QuestionTimeout; so nothing begins."""
        try:
            if self.is_set():
                raise QueryCancelled(STOPPED)
            yield
        except QueryCancelled as error:
            if self.stopped.is_set():
                raise
            raise QuestionTimeout(TOO_LONG, FOR_LESS) from error
