"""How sure a reading is: the chance that its rows are the ones meant, learned from how the question was read."""

from __future__ import annotations
