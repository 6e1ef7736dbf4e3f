"""Work that can wait until the person has an answer."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Timer


class Soon:
    """Does something a while after it was asked for; asked again meanwhile, it still does it once."""

    def __init__(self, seconds: float, action: Callable[[], None]) -> None:
        self._seconds = seconds
        self._action = action
        self._lock = Lock()
        self._timer: Timer | None = None

    def ask(self) -> None:
        """Have it done, later."""
        with self._lock:
            if self._timer is None:
                self._timer = Timer(self._seconds, self._do)
                self._timer.daemon = True
                self._timer.start()

    def forget(self) -> None:
        """Do not do it, unless it has begun."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None

    def _do(self) -> None:
        with self._lock:
            wanted, self._timer = self._timer is not None, None
        if wanted:
            self._action()
