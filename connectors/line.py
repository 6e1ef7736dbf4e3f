"""A line before a few places: whoever came first goes first, and each can see how many are before them."""

from __future__ import annotations

from collections import deque
from threading import Event, Lock
from types import TracebackType


class Line:
    """So many places at a time; further ones wait in the order in which they came."""

    def __init__(self, places: int) -> None:
        self._lock = Lock()
        self._free = places
        self._waiting: deque[Ticket] = deque()

    @property
    def length(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def join(self) -> Ticket:
        """A ticket, called at once where a place is free; whoever holds it leaves in the end, called or not."""
        ticket = Ticket(self)
        with self._lock:
            self._waiting.append(ticket)
            self._call()
        return ticket

    def rejoin(self, ticket: Ticket) -> None:
        """Let one that had its place before be the next: what was begun is finished before others begin."""
        with self._lock:
            self._waiting.appendleft(ticket)
            self._call()

    def number_of(self, ticket: Ticket) -> int:
        """1 for the next to be called; 0 for one that was called."""
        with self._lock:
            return self._waiting.index(ticket) + 1 if ticket in self._waiting else 0

    def leave(self, ticket: Ticket) -> None:
        """Give back the place, or the spot in the line."""
        with self._lock:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            elif ticket.called.is_set():
                ticket.called.clear()
                self._free += 1
            self._call()

    def _call(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._waiting.popleft().called.set()


class Ticket:
    """A spot in a line, then a place, until the end of a `with`."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.called = Event()
        """Set once the place is there."""

    @property
    def number(self) -> int:
        """The number in the line, 1 for the next to be called; 0 once called."""
        return self._line.number_of(self)

    def step_aside(self) -> None:
        """Give the place to the next."""
        self._line.leave(self)

    def step_back(self) -> None:
        """Be the next in the line."""
        self._line.rejoin(self)

    def __enter__(self) -> Ticket:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._line.leave(self)
