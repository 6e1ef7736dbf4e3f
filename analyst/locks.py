"""Locks that hold between processes; the system opens a lock when the process that holds it ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Held:
    """A lock that this process holds on a file."""

    descriptor: int

    def release(self) -> None:
        """Open the lock; once only."""
        os.close(self.descriptor)


def try_lock(path: Path, shared: bool = False) -> Held | None:
    """The lock on a file, made if there is none; None while another holds it, in this process or in any other.

    A shared lock bears other shared ones beside it. Raises OSError where the file cannot be made or the file system knows no locks.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        held = locked(descriptor, shared)
        # Whoever held it before may have removed the file: then this lock would stand for nothing.
        if held is None or is_at(descriptor, path):
            return held
        held.release()


def locked(descriptor: int, shared: bool = False) -> Held | None:
    """The lock on an open file; None, and the file closed, while another holds it."""
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return Held(descriptor)


def is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file is the one that lies at the path now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
