"""The parent's side of the child processes: started ahead, lent to one file, killed when they overrun."""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import IO, Any

from connectors.framing import LENGTH, OUT_OF_MEMORY, remove_spill
from connectors.line import Line, Ticket
from connectors.soon import Soon

ROOT = Path(__file__).resolve().parent.parent
POLL_SECONDS = 0.04  # how long a cancelled question may go unnoticed
START_SECONDS = 60.0  # a start takes a fifth of a second; a loaded machine may need far longer
CLOSE_SECONDS = 5.0  # closing a file takes a few milliseconds
SETTLE_SECONDS = 1.0  # after a file was opened, before spares are started: their start would take the processor from the first question
SPARES = 2  # started ahead and bound to no file yet: one for the next workspace, one for a worker that had to be killed
KEPT = 4  # workers kept after their file was closed; each holds about 90 MB
PIPE_BYTES = 1 << 20  # the most Linux grants; a result of ten thousand rows then passes without waiting


class WorkerLost(Exception):
    """The process ended by itself; holds its exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.out_of_memory = status == OUT_OF_MEMORY


class WorkerOverran(Exception):
    """No reply came in time."""


class WorkerCancelled(Exception):
    """The question was cancelled before the reply came."""


class NoneFree(Exception):
    """No worker was free all the time that could be waited; holds the number in the line."""

    def __init__(self, number: int) -> None:
        super().__init__(f"number {number}")
        self.number = number


class CrewClosed(Exception):
    """The file was closed before a worker was free."""


class NotStarted(Exception):
    """The process ended before it was ready for a first request."""


class OpenFailed(Exception):
    """The database file could not be opened; holds DuckDB's words."""


class Worker:
    """One child process. After any exception from ask() it must be killed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "connectors.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, cwd="/", env=_environment(),
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests: IO[bytes] = self._process.stdin
        self._replies = self._process.stdout.fileno()
        os.set_blocking(self._replies, False)
        if sys.platform == "linux":
            fcntl.fcntl(self._replies, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._poll = select.poll()
        self._poll.register(self._replies, select.POLLIN)
        self._ready = False
        self._owner = os.getpid()

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the process still runs and is ours: a fork of this process must leave its parent's workers alone."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, request: Mapping[str, object], seconds: float, cancelled: Event) -> tuple[dict[str, Any], bytes]:
        """The head of the reply and its rows as Arrow IPC. Raises NotStarted, WorkerLost, WorkerOverran, WorkerCancelled."""
        if not self._ready:
            self._await_start(cancelled)
        deadline = time.monotonic() + seconds
        body = json.dumps(request).encode()
        try:
            self._requests.write(LENGTH.pack(len(body)) + body)
        except BrokenPipeError as error:
            raise WorkerLost(self._process.wait()) from error
        head = json.loads(self._message(deadline, cancelled))
        return head, self._message(deadline, cancelled) if head.get("rows") else b""

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        if self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
            remove_spill(self.pid)
        self._requests.close()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _await_start(self, cancelled: Event) -> None:
        try:
            self._message(time.monotonic() + START_SECONDS, cancelled)
        except (WorkerLost, WorkerOverran) as error:
            raise NotStarted from error
        self._ready = True

    def _message(self, deadline: float, cancelled: Event) -> bytes:
        return self._read(LENGTH.unpack(self._read(LENGTH.size, deadline, cancelled))[0], deadline, cancelled)

    def _read(self, size: int, deadline: float, cancelled: Event) -> bytes:
        read = bytearray(size)
        left = memoryview(read)
        while left:
            if not self._poll.poll(1000 * max(0.0, min(POLL_SECONDS, deadline - time.monotonic()))):
                if cancelled.is_set():
                    raise WorkerCancelled
                if time.monotonic() >= deadline:
                    raise WorkerOverran
                continue
            count = os.readv(self._replies, [left])
            if count == 0:
                raise WorkerLost(self._process.wait())
            left = left[count:]
        return bytes(read)


def _environment() -> dict[str, str]:
    """What the child may know of its surroundings: where the code and the temporary files are and which time zone it is."""
    kept = {name: os.environ[name] for name in ("TZ", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    # Few arenas, because each reserves address space that the memory bound would count.
    return {**kept, "PYTHONPATH": path, "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class SpareWorkers:
    """Workers that are bound to no file, shared by the whole process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._idle: list[Worker] = []
        self._soon = Soon(SETTLE_SECONDS, self._fill)

    def start_ahead(self) -> None:
        """Start one if none is at hand, so that it is ready when it is taken."""
        with self._lock:
            self._start(1)

    def take(self) -> Worker:
        """A worker, the longest waiting first."""
        with self._lock:
            self._start(1)
            return self._idle.pop(0)

    def fill_soon(self) -> None:
        """Start as many as are to be at hand, a little later."""
        self._soon.ask()

    def _fill(self) -> None:
        with self._lock:
            self._start(SPARES)

    def _start(self, wanted: int) -> None:
        for worker in self._idle:
            if not worker.alive():
                worker.kill()  # also takes away what it left behind
        self._idle = [worker for worker in self._idle if worker.alive()]
        while len(self._idle) < wanted:
            self._idle.append(Worker())

    def give(self, worker: Worker) -> None:
        """Take back a worker whose file was closed."""
        with self._lock:
            if len(self._idle) < KEPT:
                # In front: it is certainly ready, which one just started may not be.
                self._idle.insert(0, worker)
                return
        worker.kill()

    def end(self) -> None:
        """Kill them all, and start no more."""
        self._soon.forget()
        with self._lock:
            for worker in self._idle:
                worker.kill()
            self._idle.clear()


spare_workers = SpareWorkers()
atexit.register(spare_workers.end)


class Crew:
    """The workers of one database file: at most `size` at a time; further questions stand in line for one to be free."""

    def __init__(self, opening: Mapping[str, object], size: int) -> None:
        self._opening = opening
        self._line = Line(size)
        self._lock = Lock()
        self._idle: list[Worker] = []
        self._closed = False

    @contextmanager
    def worker(self, wait_seconds: float, cancelled: Event) -> Iterator[Worker]:
        """A worker with the file open; it is killed if the body raises, and a spare stands in for it later.

        Raises NoneFree, CrewClosed, NotStarted, OpenFailed, WorkerCancelled and WorkerLost.
        """
        with self._line.join() as ticket:
            self._await(ticket, time.monotonic() + wait_seconds, cancelled)
            worker = self._idle_worker() or self._bound(cancelled)
            try:
                yield worker
            except BaseException:
                worker.kill()
                raise
            self._return(worker)

    def close(self) -> None:
        """Close the file in idle workers and give them back as spares; busy ones follow when they are done."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            _release(worker)

    def _await(self, ticket: Ticket, deadline: float, cancelled: Event) -> None:
        while not ticket.called.wait(POLL_SECONDS) and not self._closed:
            if cancelled.is_set():
                raise WorkerCancelled
            if time.monotonic() >= deadline:
                raise NoneFree(ticket.number)
        if self._closed:
            raise CrewClosed

    def _idle_worker(self) -> Worker | None:
        with self._lock:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive():
                    return worker
                worker.kill()
        return None

    def _bound(self, cancelled: Event) -> Worker:
        """A worker with the file open. One that died while it waited is replaced once, as nothing of the query has run yet."""
        try:
            worker = self._opened(cancelled)
        except WorkerLost:
            worker = self._opened(cancelled)
        spare_workers.fill_soon()
        return worker

    def _opened(self, cancelled: Event) -> Worker:
        worker = spare_workers.take()
        try:
            head, _ = worker.ask(self._opening, START_SECONDS, cancelled)
            if "error" in head:
                raise OpenFailed(head["words"])
        except WorkerOverran as error:
            worker.kill()
            raise NotStarted from error
        except BaseException:
            worker.kill()
            raise
        return worker

    def _return(self, worker: Worker) -> None:
        with self._lock:
            closed = self._closed
            if not closed:
                self._idle.append(worker)
        if closed:
            _release(worker)


def _release(worker: Worker) -> None:
    try:
        worker.ask({"do": "close"}, CLOSE_SECONDS, Event())
    except (NotStarted, WorkerLost, WorkerOverran):
        worker.kill()
    else:
        spare_workers.give(worker)
