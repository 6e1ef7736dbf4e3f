"""The child process that reads the next files: started ahead, so that its imports are behind it when files come."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from pathlib import Path
from threading import Lock

from connectors.soon import Soon

SETTLE_SECONDS = 2.0  # after files were read, before the next child is started: its start would take the processor from the first question


class SpareChild:
    """At most one child that waits for its request. Each serves one request, so nothing of a file outlives its reading."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: subprocess.Popen[str] | None = None
        self._soon = Soon(SETTLE_SECONDS, self.start_ahead)

    def take(self) -> subprocess.Popen[str]:
        """A child that nobody else will use: the one that waits, or a new one."""
        with self._lock:
            child, self._waiting = self._waiting, None
        if child and child.poll() is None:
            return child
        if child:
            _end(child)
        return _started()

    def start_ahead(self) -> None:
        """Have one waiting from now on."""
        with self._lock:
            if self._waiting is None:
                self._waiting = _started()

    def start_soon(self) -> None:
        """Have one waiting in a moment."""
        self._soon.ask()

    def end(self) -> None:
        """End the one that waits."""
        self._soon.forget()
        with self._lock:
            child, self._waiting = self._waiting, None
        if child:
            _end(child)


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "connectors.files"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """Ours, with this package found wherever the child is started from."""
    root = str(Path(__file__).resolve().parents[2])
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")])),
        "PYTHONIOENCODING": "utf-8",
    }


def _end(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.communicate()


spare_child = SpareChild()
atexit.register(spare_child.end)
