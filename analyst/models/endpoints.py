"""The two ways to have a text go on from the lead-in: completions goes on from the prompt, chat from a last assistant message."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from analyst.models.profiles import ModelProfile

STOP = (";\n", "```", "\n#", "\n\n")
"""Where a query has ended: models that do not stop by themselves go on with a fence, another heading of the prompt or a blank line."""
PROSE_STOP = ('"""', "\n#")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of one call."""

    lead_in: str = ""
    n: int = 1
    temperature: float = 0.0
    tokens: int = 512
    stop: tuple[str, ...] = STOP
    seed: int | None = None
    likeliest: int = 0
    """So many other tokens are told at each place, with their chances."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of one of the n texts."""

    index: int
    text: str
    logprob: float | None
    """Natural logarithm of the chance of this piece; None where the server tells none."""
    finished: str
    """stop, length, or empty while it goes on."""


def request(model: str, profile: ModelProfile, text: str, wanted: Wanted, refused: Collection[str] = ()) -> tuple[str, dict[str, Any]]:
    """Path and body of a streamed call, without the fields that this server has refused before."""
    chat = profile.endpoint == "chat"
    body: dict[str, Any] = {
        "model": model,
        "n": wanted.n,
        "temperature": wanted.temperature,
        "max_tokens": wanted.tokens,
        "stop": list(wanted.stop),
        "seed": wanted.seed,
        "stream": True,
        "stream_options": {"include_usage": True},
        **(chat_fields(profile, text, wanted) if chat else {"prompt": text + wanted.lead_in, "logprobs": wanted.likeliest}),
    }
    sent = {name: value for name, value in body.items() if value is not None and name not in refused}
    return ("/v1/chat/completions" if chat else "/v1/completions"), sent


def chat_fields(profile: ModelProfile, text: str, wanted: Wanted) -> dict[str, Any]:
    """Messages, and for a lead-in the two fields that make vLLM and SGLang go on from it; others go on from a last assistant message."""
    fields: dict[str, Any] = {"messages": [{"role": "user", "content": text}], "logprobs": True}
    if wanted.likeliest:
        fields["top_logprobs"] = wanted.likeliest
    if profile.thinks:
        fields |= {"chat_template_kwargs": {"enable_thinking": False}, "stop": None}  # what it thinks aloud nevertheless has blank lines
    if wanted.lead_in:
        fields["messages"].append({"role": "assistant", "content": wanted.lead_in})
        fields |= {"continue_final_message": True, "add_generation_prompt": False}
    return fields


def pieces(event: dict[str, Any]) -> list[Piece]:
    """What an event adds to each of the texts."""
    return [
        Piece(choice.get("index") or 0, text_of(choice), logprob_of(choice), choice.get("finish_reason") or "")
        for choice in event.get("choices") or ()
    ]


def text_of(choice: dict[str, Any]) -> str:
    """The text of a choice of either endpoint; what a server sets apart as reasoning is none of it."""
    return str(choice.get("text") or (choice.get("delta") or {}).get("content") or "")


def logprob_of(choice: dict[str, Any]) -> float | None:
    """The summed logarithms of its tokens' chances."""
    told = choice.get("logprobs") or {}
    tokens = told.get("token_logprobs") or [entry.get("logprob") for entry in told.get("content") or ()]
    return sum(logprob for logprob in tokens if logprob is not None) if tokens else None


def first_token_chances(event: dict[str, Any]) -> dict[str, float]:
    """Token -> natural logarithm of its chance, at the first place of the text; empty where the server tells none."""
    for choice in event.get("choices") or ():
        told = choice.get("logprobs") or {}
        if told.get("top_logprobs"):
            return dict(told["top_logprobs"][0])
        if told.get("content"):
            return {entry["token"]: entry["logprob"] for entry in told["content"][0].get("top_logprobs") or ()}
    return {}
