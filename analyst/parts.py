"""Files on their way to the disk: written beside their place under a name of their own, and put there whole or not at all."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from analyst.locks import try_lock

PART = re.compile(r"\.[0-9a-f]{16}\.part")


@contextmanager
def part_in(folder: Path) -> Iterator[Path]:
    """An empty file to write to and then move to its place; removed where it was not. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{secrets.token_hex(8)}.part"
    lock = try_lock(path)
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink()
        if lock:
            lock.release()


def remove_abandoned(folder: Path) -> None:
    """Remove the parts whose writers are dead; those being written, by whatever process, stay."""
    for path in folder.glob(".*.part"):
        lock = try_lock(path) if PART.fullmatch(path.name) else None
        if lock:
            path.unlink(missing_ok=True)
            lock.release()
