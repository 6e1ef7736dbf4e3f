"""A model served over HTTP by vLLM or another OpenAI-compatible server: the prompt ends in SELECT and the model goes on from there.

A question costs one text where the model is sure: the first, greedy one is streamed, and the chance of its words says what share of
further samples would be the same. As soon as that chance falls too low, the other n - 1 samples are drawn beside it in one more call,
which finds the prompt in the server's prefix cache. The share of samples that wrote the same is a candidate's score.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import TypeVar

from analyst.errors import ModelUnavailable
from analyst.models import Health, Proposal
from analyst.models.background import BackgroundLoop
from analyst.models.calls import Calls, Served, describe
from analyst.models.completion import without_thoughts
from analyst.models.endpoints import PROSE_STOP, Wanted
from analyst.models.health import look_at
from analyst.models.profiles import ModelProfile
from analyst.models.proposing import Sampling, proposals
from analyst.models.wire import ContextOverflow, Patience, Server
from analyst.prompt.budget import estimated_tokens, fitted
from analyst.terms import Bilingual, Prompt, Usage

log = logging.getLogger(__name__)
Item = TypeVar("Item")

TEMPLATE_TOKENS = 64  # for what a chat template puts around the prompt
SHRINK = 0.75  # of the room, each time the server counts more tokens than we did
SHORTER_TRIES = 5
NOT_FOR_SQL_TUNED = ("forms", "examples")


class ServedModel:
    """The LanguageModel behind a URL. One value serves any number of conversations at once."""

    grounds = False

    def __init__(
        self,
        url: str,
        model_name: str = "",
        api_key: str = "",
        *,
        profile: ModelProfile | None = None,
        sampling: Sampling | None = None,
        patience: Patience | None = None,
        concurrency: int = 64,
    ) -> None:
        """`model_name` may be left empty: then it is the first model the server names. `concurrency` questions are asked at a time."""
        self._server = Server(url, api_key, patience or Patience())
        self.name = model_name or self._server.place
        self.sampling = sampling or Sampling()
        self._wanted_name = model_name
        self._profile = profile
        self._served: Served | None = None
        self._loop = BackgroundLoop()
        self._slots = asyncio.Semaphore(concurrency)
        self._used = threading.local()

    def __repr__(self) -> str:
        return f"ServedModel({self._server.root!r}, {self.name!r})"

    # -------------------------------------------------------------------------------------------- what a LanguageModel promises
    def health(self) -> Health:
        """Whether the server answers, with which model, and how many texts it is at; within a second."""
        health, name = look_at(self._server.root, self._server.place, self._server.key, self._wanted_name)
        self.name = name or self.name
        return health

    def propose(self, prompt: Prompt, cancelled: threading.Event) -> Iterator[Proposal]:
        """Tokens of the first text as they come, then the distinct texts, likeliest first, each with its share of the votes.

        Raises ModelUnavailable and QueryCancelled.
        """
        calls = Calls(self._server)
        return self._metered(self._fitting(prompt, calls), calls, cancelled)

    def word(self, instructions: str, cancelled: threading.Event) -> Iterator[str] | None:
        """A commentary, piece by piece; None from a model that only writes SQL. Raises ModelUnavailable and QueryCancelled."""
        if self._served and not self._served.profile.prose:
            return None
        calls = Calls(self._server)
        return self._metered(self._prose(instructions, calls), calls, cancelled)

    def take_usage(self) -> Usage:
        """What was used by this thread's questions since it last asked."""
        usage: Usage = getattr(self._used, "usage", Usage())
        self._used.usage = Usage()
        return usage

    def close(self) -> None:
        """Give back the connections and the thread."""
        self._loop.close(self._server.close())

    # -------------------------------------------------------------------------------------------- behind it
    def _metered(self, source: AsyncGenerator[Item, None], calls: Calls, cancelled: threading.Event) -> Iterator[Item]:
        """The items of `source`; in the end a line in the log, which holds no word of prompt or answer."""
        try:
            yield from self._loop.iterate(source, cancelled)
        finally:
            self._used.usage = getattr(self._used, "usage", Usage()) + calls.usage
            log.info("%s: %s", self.name, calls.usage)

    async def _fitting(self, prompt: Prompt, calls: Calls) -> AsyncGenerator[Proposal, None]:
        """One proposal; the prompt is shortened and asked again while the server finds it too long."""
        waiting = time.perf_counter()
        async with self._slots:
            calls.usage += Usage(waited_seconds=time.perf_counter() - waiting)
            served = await self._described(calls)
            without = () if served.profile.few_shot else NOT_FOR_SQL_TUNED
            room = served.context - self.sampling.query_tokens(served.context) - TEMPLATE_TOKENS
            for _ in range(SHORTER_TRIES):
                text = fitted(prompt.parts, room, without) if prompt.parts else prompt.text
                try:
                    async with aclosing(proposals(replace(prompt, text=text), calls, served, self.sampling)) as proposed:
                        async for proposal in proposed:
                            yield proposal
                    return
                except ContextOverflow:
                    room = int(min(room, estimated_tokens(text)) * SHRINK)
            raise too_long(served)

    async def _prose(self, instructions: str, calls: Calls) -> AsyncGenerator[str, None]:
        """What is said, piece by piece, thoughts left out; nothing from a model that only writes SQL."""
        async with self._slots:
            served = await self._described(calls)
            if not served.profile.prose:
                return
            wanted, shown = Wanted(tokens=self.sampling.prose_tokens, stop=PROSE_STOP), ""
            async with aclosing(calls.texts(instructions, wanted)) as texts:
                async for _, draft in texts:
                    said = without_thoughts(draft.text)
                    if said != shown and said.startswith(shown):
                        yield said[len(shown) :]
                        shown = said

    async def _described(self, calls: Calls) -> Served:
        """What the server says of itself, asked once."""
        if self._served is None:
            self._served = await describe(self._server, self._wanted_name, self._profile)
            self.name = self._served.model
        calls.served = self._served
        return self._served


def too_long(served: Served) -> ModelUnavailable:
    """Even the shortest prompt does not fit."""
    return ModelUnavailable(
        Bilingual(
            f"The question and the tables it speaks of take more room than {served.model} has ({served.context} tokens).",
            f"问题及其涉及的表超出了 {served.model} 的容量（{served.context} 个词元）。",
        ),
        Bilingual(
            "Serve the model with a longer --max-model-len, or work with fewer tables at a time.",
            "请用更大的 --max-model-len 启动模型，或一次少用几张表。",
        ),
    )
