"""Work that takes a while, in a thread of its own, so that the page can show it, stop it, and let it outlive a click elsewhere."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from threading import Event
from typing import Generic, TypeVar

import pandas  # noqa: F401 - before any thread: plotly would meet it half imported where another thread is first to need it
import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from analyst.ui.turns import aside

TICKS = 5  # of them a second, after which the page shows that time goes by
TICK = 1 / TICKS  # seconds between looks at whether it was stopped: short enough to feel instant, and a hundred pages look at a time

T = TypeVar("T")
Way = Callable[[Event], Iterator[T]]
"""Starts the work, given the event that ends it, and gives its steps as they are done."""


class Errand(Generic[T]):
    """One piece of work on its way: a question being answered, files being read."""

    def __init__(self, name: str, way: Way[T]) -> None:
        self.name = name
        self.cancelled = Event()
        self.done: list[T] = []
        """The steps that have been shown."""
        self._started = time.monotonic()
        self._arriving: queue.SimpleQueue[T] = queue.SimpleQueue()
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="errand")
        self._walk = pool.submit(self._go, way)
        pool.shutdown(wait=False)

    def steps(self) -> Iterator[T | None]:
        """Each step as it arrives, those shown before first; None for a second without one. Raises what the work raised."""
        yield from list(self.done)
        while not (self._walk.done() and self._arriving.empty()):
            step = self._next()
            if step is not None:
                self.done.append(step)
            yield step
        self._walk.result()

    @property
    def last(self) -> T | None:
        """The newest step shown."""
        return self.done[-1] if self.done else None

    @property
    def seconds(self) -> float:
        """Time since it began."""
        return time.monotonic() - self._started

    def cancel(self) -> None:
        """End it within a moment, a database query included."""
        self.cancelled.set()

    def _next(self) -> T | None:
        """The next step; None where none came within a second. Others draw meanwhile, so steps are taken as many as have come."""
        if self._arriving.empty():
            with aside():
                for _ in range(TICKS):
                    st.session_state.get("asked")  # a look at the state ends the run of a page that was closed or clicked
                    wait((self._walk,), timeout=TICK)
                    if self._walk.done() or not self._arriving.empty():
                        break
        with suppress(queue.Empty):
            return self._arriving.get_nowait()
        return None

    def _go(self, way: Way[T]) -> None:
        steps = way(self.cancelled)
        try:
            for step in steps:
                self._arriving.put(step)
                if self.cancelled.is_set():
                    break
        finally:
            if isinstance(steps, Generator):
                steps.close()


@contextmanager
def ending_with_the_page(errand: Errand[T], forget: Callable[[], None] = lambda: None) -> Iterator[None]:
    """End the errand when the tab closes, and forget one that broke so that no later run breaks on it again.

    A click elsewhere only redraws the page: the errand goes on, and the next run shows it again.
    """
    broken = True
    try:
        yield
        broken = False
    except RerunException:
        broken = False
        raise
    finally:
        if broken:
            errand.cancel()
            forget()
