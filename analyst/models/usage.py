"""What a question cost at the model server: calls, tokens and seconds."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts that add up over the calls of a question."""

    calls: int = 0
    retries: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    """Of the prompt's tokens those that the server had from before, where it tells."""
    completion_tokens: int = 0
    waited_seconds: float = 0.0
    """In our own queue, before a call could start."""
    first_token_seconds: float = 0.0
    """From the start of a call to its first token, summed over calls."""
    seconds: float = 0.0
    """From the start of a call to its end, summed over calls; calls that run side by side count twice."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, {self.prompt_tokens} prompt tokens ({self.cached_tokens} from the cache), "
            f"{self.completion_tokens} written, {self.seconds:.2f} s"
        )
