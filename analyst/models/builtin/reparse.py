"""The SQL of an earlier turn back to a plan, with what the plan has no word for taken over as it is."""

from __future__ import annotations
