"""A question on its way in a thread of its own, so that the page can show it, stop it, and outlive a click elsewhere."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from analyst.terms import Answer, Clarification, Failure, Refusal, Reply, Step

TICK = 0.1  # seconds between looks at the queue: short enough that Stop feels instant

Way = Callable[[Event], Iterator[Step]]
"""Starts ask() or run_sql(), given the event that ends it."""


class Inquiry:
    """One question being answered; `cancelled` ends it within a moment, database query included."""

    def __init__(self, text: str, way: Way) -> None:
        self.text = text
        self.cancelled = Event()
        self.started = time.monotonic()
        self.seen: list[Step] = []
        self._arriving: queue.SimpleQueue[Step] = queue.SimpleQueue()
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="question")
        self._walk = pool.submit(self._go, way)
        pool.shutdown(wait=False)

    def steps(self) -> Iterator[Step | None]:
        """Each step as it arrives, those seen before first; None on every tick without one.

        Raises what the way raised: AnalystError where the question could not be answered.
        """
        yield from list(self.seen)
        while not (self._walk.done() and self._arriving.empty()):
            try:
                step = self._arriving.get(timeout=TICK)
            except queue.Empty:
                yield None
            else:
                self.seen.append(step)
                yield step
        self._walk.result()

    @property
    def reply(self) -> Reply | None:
        """How it ended; None while it is on its way."""
        last = self.seen[-1] if self.seen else None
        return last if isinstance(last, Answer | Clarification | Refusal | Failure) else None

    @property
    def seconds(self) -> float:
        """Time since it was asked."""
        return time.monotonic() - self.started

    def _go(self, way: Way) -> None:
        for step in way(self.cancelled):
            self._arriving.put(step)
