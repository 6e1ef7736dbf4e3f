"""What this process and its workers agree on: how messages are told apart, and what an exit status means."""

from __future__ import annotations

import shutil
import struct
import tempfile
from pathlib import Path

LENGTH = struct.Struct(">I")
"""Stands before every message: its length in bytes."""

OUT_OF_MEMORY = 77
"""Exit status of a worker that ended itself because it had grown past its bound."""


def spill_prefix(pid: int) -> str:
    """How the names of the folders begin in which a worker puts what does not fit its memory."""
    return f"analyst-spill-{pid}-"


def remove_spill(pid: int) -> None:
    """Remove what a worker has put on the disk."""
    for folder in Path(tempfile.gettempdir()).glob(spill_prefix(pid) + "*"):
        shutil.rmtree(folder, ignore_errors=True)
