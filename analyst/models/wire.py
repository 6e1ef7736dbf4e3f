"""HTTP to an OpenAI-compatible server: streamed events, back-off where it is busy, and every failure as words for a person."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from analyst.errors import ModelUnavailable
from analyst.terms import Bilingual

BUSY = (429, 500, 502, 503, 504)  # what a server says when the same call may go through a little later
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 8.0  # seconds between two tries; doubled each time
WORDS_KEPT = 300  # characters of a server's own words that are shown to a person
LOOPBACK = ("127.0.0.1", "::1", "localhost")

NOT_EVERYWHERE = {
    "continue_final_message": "continue_final_message",
    "add_generation_prompt": "add_generation_prompt",
    "chat_template_kwargs": "chat_template_kwargs",
    "stream_options": "stream_options",
    "logprobs": "logprobs",
    "top_logprobs": "logprobs",
    "n": "only one completion",
}
"""Fields of a request that help and that only some servers know, and by what words a refusal of each is known."""

Event = dict[str, Any]
"""One JSON object of the wire."""

START_IT = Bilingual(
    "Start it with `python -m analyst serve-model`, or choose the built-in model.",
    "请用 `python -m analyst serve-model` 启动它，或改用内置模型。",
)
TRY_AGAIN = Bilingual("Try again in a moment, or choose the built-in model.", "请稍后再试，或改用内置模型。")


class ContextOverflow(Exception):
    """The prompt has more tokens than the model's context; a shorter one may go through."""


class FieldRefused(Exception):
    """The server does not know a field of the request that it named."""


class BrokenOff(ModelUnavailable):
    """The answer ended before it was whole."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds, and how often to try."""

    connect: float = 3.0
    """A server on the same network answers in milliseconds; after this it is away."""
    read: float = 60.0
    """Between two pieces of an answer; a full queue can hold the first token back for long."""
    retries: int = 3


class Server:
    """One server; its coroutines all run in one event loop."""

    def __init__(self, url: str, key: str = "", patience: Patience = Patience()) -> None:
        parts = parsed_url(url)
        host = parts.hostname or ""
        self.place = f"[{host}]" if ":" in host else host
        if parts.port:
            self.place += f":{parts.port}"
        self.root = f"{parts.scheme}://{self.place}{parts.path.rstrip('/').removesuffix('/v1')}"
        self.patience = patience
        self.key = key or parts.password or ""
        self.refused: set[str] = set()
        """Fields of NOT_EVERYWHERE that this server has stumbled over."""
        # a proxy named in the environment is for the world outside, never for a server on this machine
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
            headers={"Authorization": f"Bearer {self.key}"} if self.key else {},
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=32),
            trust_env=parts.hostname not in LOOPBACK,
        )

    def __repr__(self) -> str:
        return f"Server({self.root!r})"

    async def get(self, path: str) -> Event:
        """A JSON object. Raises ModelUnavailable."""
        async with self._opened("GET", path, None) as (response, _):
            return self._json(await response.aread())

    async def stream(self, path: str, body: Event) -> AsyncGenerator[Event, None]:
        """The events of a streamed answer, up to [DONE], with {"retries": n} before them.

        Closing the iterator closes the connection, which is how a server learns that nobody waits any more.
        """
        async with self._opened("POST", path, body) as (response, retries):
            yield {"retries": retries}
            async for line in response.aiter_lines():
                content = line.removeprefix("data:").strip()
                if content == "[DONE]":
                    return
                if line.startswith("data:"):
                    yield self._event(content)
            raise self._broken_off()

    async def status_of(self, path: str, body: Event) -> int:
        """The status that one try gives. Raises ModelUnavailable where the server does not answer."""
        try:
            return (await self._client.post(self.root + path, json=body)).status_code
        except httpx.TransportError as error:
            raise self._away(error) from error

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    # -------------------------------------------------------------------------------------------- the steps of a call
    @asynccontextmanager
    async def _opened(self, method: str, path: str, body: Event | None) -> AsyncIterator[tuple[httpx.Response, int]]:
        """A response of status 200 and the retries it took; closed afterwards whatever happens, and failures while it is read are ours."""
        response, retries = await self._sent(method, path, body)
        try:
            yield response, retries
        except httpx.TransportError as error:
            raise self._away(error) from error
        finally:
            await response.aclose()

    async def _sent(self, method: str, path: str, body: Event | None) -> tuple[httpx.Response, int]:
        """The open response of status 200, and the retries it took."""
        for tries in range(self.patience.retries + 1):
            last = tries == self.patience.retries
            try:
                response = await self._client.send(self._client.build_request(method, self.root + path, json=body), stream=True)
                if response.status_code == 200:
                    return response, tries
                pause = await self._pause_or_raise(response, set(body or ()), tries, last)
            except httpx.TransportError as error:
                if last or isinstance(error, httpx.ReadTimeout | httpx.ProxyError | httpx.UnsupportedProtocol):
                    raise self._away(error) from error
                pause = pause_before(tries + 1)
            await asyncio.sleep(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    async def _pause_or_raise(self, response: httpx.Response, sent: set[str], tries: int, last: bool) -> float:
        """Seconds to wait before the next try; raises where there is to be none. `sent` names the fields of the request."""
        words = self._words_of(await response.aread())
        await response.aclose()
        status = response.status_code
        if status == 400 and is_overflow(words):
            raise ContextOverflow(words)
        if status in (400, 422) and fields_named(words) & sent:
            self.refused |= fields_named(words)
            raise FieldRefused(words)
        if status in BUSY and not last:
            return asked_pause(response) or pause_before(tries + 1)
        raise self._refused(status, words)

    def _event(self, content: str) -> Event:
        """One event of a stream; an error that the server sends in the midst of it is raised."""
        event = self._json(content)
        if "error" in event:
            raise self._refused(500, self._words_of(content.encode()))
        return event

    def _json(self, content: bytes | str) -> Event:
        """The JSON object that the server sent."""
        try:
            event = json.loads(content)
        except ValueError:
            event = None
        if isinstance(event, dict):
            return event
        raise ModelUnavailable(
            Bilingual(f"What answers at {self.place} is no model server.", f"{self.place} 上应答的不是模型服务器。"),
            Bilingual("Check the URL.", "请检查网址。"),
        )

    # -------------------------------------------------------------------------------------------- failures as words
    def _words_of(self, body: bytes) -> str:
        """The server's own words about an error, without our key should it repeat it."""
        text = body.decode("utf-8", "replace")
        try:
            error = json.loads(text)
        except ValueError:
            error = text
        for name in ("error", "message", "detail"):
            error = error.get(name, error) if isinstance(error, dict) else error
        words = " ".join(str(error).split())[:WORDS_KEPT]
        return words.replace(self.key, "…") if self.key else words

    def _away(self, error: httpx.TransportError) -> ModelUnavailable:
        """The server cannot be reached, or fell silent."""
        if isinstance(error, httpx.ReadTimeout):
            seconds, place = f"{self.patience.read:g}", self.place
            silent = Bilingual(f"The model server at {place} sent nothing for {seconds} s.", f"模型服务器 {place} {seconds} 秒没有回应。")
            return ModelUnavailable(silent, TRY_AGAIN)
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol | httpx.ProxyError):
            away = Bilingual(f"The model server at {self.place} does not answer.", f"模型服务器 {self.place} 没有应答。")
            return ModelUnavailable(away, START_IT)
        return self._broken_off()

    def _broken_off(self) -> BrokenOff:
        """The answer ended before it was whole."""
        message = Bilingual(f"The model server at {self.place} broke off its answer.", f"模型服务器 {self.place} 的回答中断了。")
        return BrokenOff(message, TRY_AGAIN)

    def _refused(self, status: int, words: str) -> ModelUnavailable:
        """The server answered, and said no."""
        if status in (401, 403):
            return ModelUnavailable(
                Bilingual(f"The model server at {self.place} does not accept the key.", f"模型服务器 {self.place} 不接受该密钥。"),
                Bilingual("Set ANALYST_MODEL_KEY to the server's key.", "请把 ANALYST_MODEL_KEY 设为服务器的密钥。"),
            )
        if status == 429:
            busy = Bilingual(f"The model server at {self.place} is too busy.", f"模型服务器 {self.place} 太忙。")
            return ModelUnavailable(busy, TRY_AGAIN)
        said = f": {words}" if words else "."
        failed = Bilingual(f"The model server at {self.place} failed ({status}){said}", f"模型服务器 {self.place} 出错（{status}）{said}")
        return ModelUnavailable(failed, TRY_AGAIN)


def parsed_url(url: str) -> SplitResult:
    """The parts of a URL. Raises ModelUnavailable where it is none."""
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0 and parts.scheme in ("http", "https"):
            return parts
    except ValueError:  # the port is no number, or a bracket stands alone
        pass
    raise ModelUnavailable(
        Bilingual("The model server's URL is none.", "模型服务器的网址无效。"),
        Bilingual("Write it like http://127.0.0.1:8000.", "请写成 http://127.0.0.1:8000 这样的形式。"),
    )


def is_overflow(words: str) -> bool:
    """Whether the server says that the prompt is too long, in vLLM's, OpenAI's, SGLang's or llama.cpp's words."""
    text = words.lower()
    return "context length" in text or "context size" in text or ("too long" in text and "prompt" in text) or "exceeds the model" in text


def fields_named(words: str) -> set[str]:
    """The fields over which the server stumbles, of those that only some servers know."""
    text = words.lower()
    return {name for name, mark in NOT_EVERYWHERE.items() if mark in text}


def asked_pause(response: httpx.Response) -> float:
    """The pause that the server asks for, in seconds; 0 where it asks for none."""
    asked = response.headers.get("retry-after", "")
    return min(float(asked), LONGEST_PAUSE) if asked.replace(".", "", 1).isdigit() else 0.0


def pause_before(tries: int) -> float:
    """Seconds, doubled with each try, and scattered so that callers turned away together do not come back together."""
    longest: float = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret hangs on it
