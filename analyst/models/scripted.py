"""A model whose answers are queued beforehand, for tests: it is asked like any other, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event

from analyst.errors import ModelUnavailable, QueryCancelled
from analyst.models import Health, Proposal
from analyst.terms import Bilingual, Candidate, Clarification, Prompt, Refusal, Token, Usage

Scripted = str | Sequence[Candidate] | Clarification | Refusal | ModelUnavailable
"""One answer: SQL, several candidates, another reply, or the server being away."""

READY = Bilingual("Answers as it was told to.", "按预设回答。")
STOPPED = Bilingual("The question was stopped.", "问题已停止。")
NOTHING_LEFT = Bilingual("The script holds no further answer.", "预设的回答已用完。")


class ScriptedModel:
    """Gives the queued answers in order; `prompts` and `instructions` hold what it was asked."""

    grounds = False

    def __init__(self, *answers: Scripted, words: Sequence[str] | None = None, name: str = "scripted") -> None:
        """`words` are commentaries in order; without them it writes no prose."""
        self.name = name
        self.prompts: list[Prompt] = []
        self.instructions: list[str] = []
        self._answers = list(answers)
        self._words = None if words is None else list(words)

    def health(self) -> Health:
        """Always ready."""
        return Health(True, READY)

    def propose(self, prompt: Prompt, cancelled: Event) -> Iterator[Proposal]:
        """The next answer, its first SQL word by word before. Raises ModelUnavailable once none is left, and QueryCancelled."""
        self.prompts.append(prompt)
        answer = self._answers.pop(0) if self._answers else ModelUnavailable(NOTHING_LEFT)
        if isinstance(answer, ModelUnavailable):
            raise answer
        if isinstance(answer, Clarification | Refusal):
            yield answer
            return
        candidates = (Candidate(answer, 1.0),) if isinstance(answer, str) else tuple(answer)
        for word in candidates[0].sql.split(" ") if candidates else ():
            if cancelled.is_set():
                raise QueryCancelled(STOPPED)
            yield Token(f"{word} ")
        yield from candidates

    def word(self, instructions: str, cancelled: Event) -> Iterator[str] | None:
        """The next commentary; None if it was given none."""
        self.instructions.append(instructions)
        return iter([self._words.pop(0)]) if self._words else None

    def take_usage(self) -> Usage:
        """It costs nothing."""
        return Usage()
