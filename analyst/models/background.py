"""An event loop in a thread of its own, so that a plain generator can take what coroutines yield and end them at any moment."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import aclosing
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from analyst.errors import QueryCancelled
from analyst.terms import Bilingual

Item = TypeVar("Item")

LOOK_UP = 0.05  # seconds between two looks at whether the person stopped the question; items themselves are handed on at once
STOPPED: Final = Bilingual("The question was stopped.", "问题已停止。")


class BackgroundLoop:
    """Runs coroutines; the thread starts with the first one and ends with the process or close()."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="model-server", daemon=True)
        self._starting = threading.Lock()

    def iterate(self, source: AsyncGenerator[Item, None], cancelled: threading.Event) -> Iterator[Item]:
        """The items of `source` as they come. Raises what it raises, and QueryCancelled once `cancelled` is set.

        Whichever way it ends, `source` is closed, and with it the connections it holds.
        """
        self._start()
        items: SimpleQueue[tuple[Item] | None] = SimpleQueue()
        pumping = asyncio.run_coroutine_threadsafe(pump(source, items), self._loop)
        pumping.add_done_callback(lambda _: items.put(None))
        try:
            while (item := next_item(items, cancelled)) is not None:
                yield item[0]
            pumping.result()
        finally:
            pumping.cancel()

    def close(self, last: Coroutine[None, None, None]) -> None:
        """Run one last coroutine and end the thread; what else still runs in it is dropped."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(last, self._loop).result(timeout=1)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=1)
        else:
            last.close()

    def _start(self) -> None:
        with self._starting:
            if not self._thread.is_alive():
                self._thread.start()


async def pump(source: AsyncGenerator[Item, None], items: SimpleQueue[tuple[Item] | None]) -> None:
    """Move items from the loop to the thread that waits for them."""
    async with aclosing(source):
        async for item in source:
            items.put((item,))


def next_item(items: SimpleQueue[tuple[Item] | None], cancelled: threading.Event) -> tuple[Item] | None:
    """The next item in a tuple of one; None at the end. Raises QueryCancelled."""
    while not cancelled.is_set():
        try:
            return items.get(timeout=LOOK_UP)
        except Empty:
            continue
    raise QueryCancelled(STOPPED)
