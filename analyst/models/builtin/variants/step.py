"""The type of a step: its kind, and the plan it leads to."""

from __future__ import annotations

from analyst.models.builtin.plan import Plan

Step = tuple[str, Plan]
