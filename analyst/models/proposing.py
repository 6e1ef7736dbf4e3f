"""One proposal of a served model: the greedy text as it is written, and beside it a check and more samples where they are needed."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace

from analyst.errors import ModelUnavailable
from analyst.models import Proposal
from analyst.models.calls import Calls, Served
from analyst.models.completion import statement_so_far
from analyst.models.drafts import UNANSWERABLE_LEAD_IN, Draft, candidates
from analyst.models.endpoints import Wanted, first_token_chances
from analyst.terms import Prompt, Token

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many texts are drawn, and when fewer are enough."""

    n: int = 8
    """Votes: with 8 a model of 7 billion parameters reaches what one of 14 reaches with 1 (docs/serving.md)."""
    temperature: float = 0.8
    """Of all samples but the first, which is greedy."""
    tokens: int = 512
    """Longest query."""
    sure: float = 0.9
    """The chance of the greedy text from which no further samples are drawn: at least that share of them would repeat it."""
    seed: int | None = None
    """With one, the same question gets the same samples. None by default: under load a seed ends the engine of vLLM's CPU build
    (0.32: "CPU Generator does not use offset"), and the greedy text and the vote are steady without."""
    unanswerable_from: float = 0.9
    """The chance of a 'no' to whether the tables can answer, from which a reason is asked for instead of a query; above 1 never asks."""
    prose_tokens: int = 400
    """Longest commentary."""

    def query_tokens(self, context: int) -> int:
        """The longest query; no more than a quarter of a small context, which would leave too little for the tables."""
        return min(self.tokens, context // 4)


async def proposals(prompt: Prompt, calls: Calls, served: Served, sampling: Sampling) -> AsyncGenerator[Proposal, None]:
    """Tokens of the greedy text, then candidates.

    The check and the samples start with the first token: from then on the server has the prompt in its cache, and reads nothing twice.
    """
    wanted = Wanted(prompt.lead_in, tokens=sampling.query_tokens(served.context))
    check: asyncio.Task[bool] | None = None
    samples: asyncio.Task[list[Draft]] | None = None
    first, shown = Draft(), ""
    try:
        async with aclosing(calls.texts(prompt.text, wanted)) as texts:
            async for _, first in texts:
                if check is None:
                    check = asyncio.create_task(cannot_answer(prompt, calls, served, sampling))
                if samples is None and sampling.n > 1 and first.chance < sampling.sure:
                    samples = asyncio.create_task(drawn(prompt, calls, wanted, sampling))
                so_far = statement_so_far(first.text, prompt.lead_in)
                if so_far != shown and so_far.startswith(shown):
                    yield Token(so_far[len(shown) :])
                    shown = so_far
        if check and await check:
            drafts, lead_in = await calls.all_texts(prompt.text, replace(wanted, lead_in=UNANSWERABLE_LEAD_IN)), UNANSWERABLE_LEAD_IN
        else:
            drafts, lead_in = [first, *(await samples if samples else ())], prompt.lead_in
    finally:
        for task in (check, samples):
            if task:
                task.cancel()
    for candidate in candidates(drafts, lead_in):
        yield candidate


async def drawn(prompt: Prompt, calls: Calls, greedy: Wanted, sampling: Sampling) -> list[Draft]:
    """The other n - 1 texts; none where the server fails, since one answer is better than none.

    A server that does not know n is asked for them one by one, side by side.
    """
    count, seed = sampling.n - 1, sampling.seed
    wanted = replace(greedy, n=count, temperature=sampling.temperature, seed=seed)
    try:
        drafts = await calls.all_texts(prompt.text, wanted)
        single = [replace(wanted, n=1, seed=None if seed is None else seed + place) for place in range(len(drafts), count)]
        others = await asyncio.gather(*(calls.all_texts(prompt.text, one) for one in single))
    except ModelUnavailable as error:
        log.warning("no further samples: %s", error.message.en)
        return []
    return drafts + [draft for texts in others for draft in texts]


async def cannot_answer(prompt: Prompt, calls: Calls, served: Served, sampling: Sampling) -> bool:
    """Whether the model says, in one word after the same prompt, that the tables cannot answer; only asked the first time."""
    if not prompt.check or prompt.attempts or not served.profile.prose or sampling.unanswerable_from > 1:
        return False
    chances: dict[str, float] = {}
    try:
        async with aclosing(calls.events(prompt.text + prompt.check, Wanted(tokens=1, stop=(), likeliest=5))) as events:
            async for event in events:
                chances = chances or first_token_chances(event)
    except ModelUnavailable as error:
        log.warning("no check whether it can be answered: %s", error.message.en)
    return chance_of_no(chances) >= sampling.unanswerable_from


def chance_of_no(chances: dict[str, float]) -> float:
    """The chance of 'no' against that of 'yes', 0 to 1; 0 where the server told neither."""
    said = {"yes": 0.0, "no": 0.0}
    for token, logprob in chances.items():
        word = token.strip(" \n▁Ġ.").casefold()
        if word in said:
            said[word] += math.exp(logprob)
    return said["no"] / (said["yes"] + said["no"]) if said["no"] else 0.0
