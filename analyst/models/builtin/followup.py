"""A follow-up question and the query before it to the changed query."""

from __future__ import annotations
