"""What this process and its workers agree on: how messages are told apart, and what an exit status means."""

from __future__ import annotations

import struct

LENGTH = struct.Struct(">I")
"""Stands before every message: its length in bytes."""

OUT_OF_MEMORY = 77
"""Exit status of a worker that ended itself because it had grown past its bound."""
