"""Calls to one server: which model it serves, and texts as they are written, with what each call cost."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from analyst.errors import ModelUnavailable
from analyst.models.drafts import Draft
from analyst.models.endpoints import Wanted, pieces, request
from analyst.models.profiles import BASE, CHAT, ModelProfile, known_profile
from analyst.models.wire import NOT_EVERYWHERE, BrokenOff, FieldRefused, Server
from analyst.terms import Bilingual, Usage

UNKNOWN_CONTEXT = 8192  # tokens, where the server does not say; what most servers and models of the last years have at least


@dataclass(frozen=True, slots=True)
class Served:
    """What the server says of itself."""

    model: str
    profile: ModelProfile
    context: int


class Calls:
    """The calls that one proposal or one commentary makes."""

    served: Served
    """Set once the server has said what it serves."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.usage = Usage()

    async def all_texts(self, text: str, wanted: Wanted) -> list[Draft]:
        """The n texts of a call, whole."""
        drafts: dict[int, Draft] = {}
        async with aclosing(self.texts(text, wanted)) as texts:
            async for index, draft in texts:
                drafts[index] = draft
        return list(drafts.values())

    async def texts(self, text: str, wanted: Wanted) -> AsyncGenerator[tuple[int, Draft], None]:
        """Each text as far as it is written, after each piece. A call that breaks off is made once more, from the start."""
        for last in (False, True):
            drafts: dict[int, Draft] = {}
            try:
                async with aclosing(self.events(text, wanted)) as events:
                    async for event in events:
                        for piece in pieces(event):
                            draft = drafts.setdefault(piece.index, Draft())
                            draft.add(piece)
                            yield piece.index, draft
                return
            except BrokenOff:
                if last:
                    raise
                self.usage += Usage(retries=1)

    async def events(self, text: str, wanted: Wanted) -> AsyncGenerator[dict[str, Any], None]:
        """The events of one call; fields that this server refuses are left out from then on."""
        for _ in range(len(NOT_EVERYWHERE) + 1):
            path, body = request(self.served.model, self.served.profile, text, wanted, self._server.refused)
            started = time.perf_counter()
            retries, first = 0, 0.0
            told: dict[str, Any] = {}
            try:
                async with aclosing(self._server.stream(path, body)) as events:
                    async for event in events:
                        retries += event.get("retries", 0)
                        first = first or time.perf_counter() - started
                        told = event.get("usage") or told
                        yield event
                return
            except FieldRefused:
                continue
            finally:
                self.usage += usage_of(told, retries, first, time.perf_counter() - started)


async def describe(server: Server, wanted_name: str, profile: ModelProfile | None) -> Served:
    """The model of that name (the first, if none is given), with the profile given or the one its name or the server tells."""
    listed = await server.get("/v1/models")
    entries = [entry for entry in listed.get("data") or () if isinstance(entry, dict) and entry.get("id")]
    entry = next((entry for entry in entries if wanted_name in ("", entry["id"])), None)
    if entry is None:
        raise no_such_model(server.place, wanted_name, [str(entry["id"]) for entry in entries])
    name = str(entry["id"])
    known = profile or known_profile(name, str(entry.get("root") or "")) or await probed_profile(server, name)
    return Served(name, known, int(entry.get("max_model_len") or UNKNOWN_CONTEXT))


async def probed_profile(server: Server, name: str) -> ModelProfile:
    """BASE if the server says that the model has no chat template, else CHAT."""
    status = await server.status_of("/tokenize", {"model": name, "messages": [{"role": "user", "content": "?"}]})
    return BASE if status in (400, 500) else CHAT


def usage_of(told: dict[str, Any], retries: int, first: float, seconds: float) -> Usage:
    """The cost of one call, as the server told it."""
    details = told.get("prompt_tokens_details") or {}
    return Usage(
        calls=1,
        retries=retries,
        prompt_tokens=told.get("prompt_tokens") or 0,
        cached_tokens=details.get("cached_tokens") or 0,
        completion_tokens=told.get("completion_tokens") or 0,
        first_token_seconds=first,
        seconds=seconds,
    )


def no_such_model(place: str, wanted: str, names: Sequence[str]) -> ModelUnavailable:
    """The server serves other models."""
    there = ", ".join(names)
    return ModelUnavailable(
        Bilingual(f"The model server at {place} has no model called {wanted}.", f"模型服务器 {place} 上没有名为 {wanted} 的模型。")
        if wanted
        else Bilingual(f"The model server at {place} serves no model.", f"模型服务器 {place} 没有提供模型。"),
        Bilingual(f"Set ANALYST_MODEL_NAME to one of: {there}.", f"请把 ANALYST_MODEL_NAME 设为其中之一：{there}。")
        if there
        else Bilingual("Start it with a model.", "请在启动时指定模型。"),
    )
