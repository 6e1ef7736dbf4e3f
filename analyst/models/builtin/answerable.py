"""Whether the data can answer: declines what it cannot, and asks back where words mean two things equally."""

from __future__ import annotations
