"""How a model wants to be asked, by its name: which endpoint takes the lead-in, whether examples help, whether it thinks aloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Endpoint = Literal["completions", "chat"]


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """How to ask one family of models."""

    endpoint: Endpoint
    """completions: the text goes on from the lead-in. chat: the server goes on from a last assistant message that holds the lead-in."""
    few_shot: bool = True
    """Whether examples are shown; they take accuracy from models tuned on text-to-SQL (docs/prompts.md)."""
    prose: bool = True
    """Whether it can answer yes or no and word a commentary; models tuned on nothing but SQL cannot."""
    thinks: bool = False
    """Whether it has to be told to answer without thinking aloud first."""


CHAT = ModelProfile("chat")
THINKING = ModelProfile("chat", thinks=True)
BASE = ModelProfile("completions", prose=False)
SQL_TUNED = ModelProfile("completions", few_shot=False, prose=False)

KNOWN: tuple[tuple[re.Pattern[str], ModelProfile], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), profile)
    for pattern, profile in (
        (r"omnisql|xiyan-?sql|sqlcoder|duckdb-nsql|\bcodes-\d|text-?(2|to)-?sql|natural-sql", SQL_TUNED),
        (r"qwen3(?!.*(instruct|coder|base))|qwq|deepseek-r1|thinking|reason|magistral", THINKING),
        (r"base\b|-pt\b|starcoder", BASE),
        (r"instruct|chat|coder-v2-lite|[-_:]it\b", CHAT),
    )
)
"""Looked through in this order; a model that none fits is asked whether it has a chat template."""


def known_profile(*names: str) -> ModelProfile | None:
    """The profile of a model by its served name or the name it was loaded by; None for a family not known here."""
    return next((profile for pattern, profile in KNOWN for name in names if pattern.search(name)), None)
