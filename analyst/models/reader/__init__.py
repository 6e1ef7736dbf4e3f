"""Our own small model: reads question, tables and what the code found between them, and writes a plan of names that are there."""

from __future__ import annotations

from analyst.models.reader.model import ReaderModel

__all__ = ["ReaderModel"]
