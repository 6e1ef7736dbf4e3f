"""What a language model promises, whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from analyst.terms import Bilingual, Candidate, Clarification, Prompt, Refusal, Token, Usage

Proposal = Token | Candidate | Clarification | Refusal


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a model can answer now."""

    ready: bool
    words: Bilingual
    """Such as 'Answers on this machine' or 'The server at … does not answer'."""
    running: int | None = None
    """Texts that its server is writing, for everybody; None where there is no server or it does not tell."""
    waiting: int | None = None
    """Texts that wait their turn there."""


class LanguageModel(Protocol):
    """Turns a prompt into SQL, and facts into words."""

    name: str
    grounds: bool
    """Whether it wants all that code finds in the question's words (Prompt.mentions)."""

    def health(self) -> Health:
        """Whether it can answer now; returns within a second."""

    def propose(self, prompt: Prompt, cancelled: Event) -> Iterator[Proposal]:
        """Yield tokens as they are written, then candidates, likeliest first; or one clarification or refusal.

        Raises ModelUnavailable.
        """

    def word(self, instructions: str, cancelled: Event) -> Iterator[str] | None:
        """Text that goes on from the instructions, piece by piece; None if this model writes no prose."""

    def take_usage(self) -> Usage:
        """What this thread's questions have cost since it was last asked."""
