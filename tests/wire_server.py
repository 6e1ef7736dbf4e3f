"""A small local server that speaks the OpenAI wire format over real HTTP and misbehaves on request."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Wire:
    """What the server serves, how it behaves, and what it was asked."""

    url: str = ""
    model: dict[str, Any] = field(default_factory=lambda: {"id": "tiny-instruct", "max_model_len": 4096})
    texts: list[str] = field(default_factory=lambda: [" 1"])
    """What each of the n texts of a call is, $question in it standing for the question; the last goes on for the rest."""
    chance: float | None = 0.99
    """Of each text; None tells no logprobs."""
    no: float = 0.01
    """The chance of 'no' in the check."""
    failures: list[tuple[int, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    """Status, body and headers of the next calls, before any succeeds."""
    breaks: int = 0
    """So many streams end in the midst."""
    pause: float = 0.0
    """Seconds before each event."""
    most_tokens: int | None = None
    """A longer prompt is refused, at four characters a token."""
    unknown_fields: tuple[str, ...] = ()
    one_text_only: bool = False
    many_refused: bool = False
    many_fail: bool = False
    key: str = ""
    chat_template: bool = True
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    gone: int = 0
    """Streams whose client went away."""

    def asked(self) -> list[dict[str, Any]]:
        """The bodies of the calls for text, checks left out."""
        return [body for path, body in self.calls if path.endswith("completions") and body["max_tokens"] > 1]


@contextmanager
def serving(**behaviour: Any) -> Iterator[Wire]:
    """The server, on a free port of this machine, until the block ends."""
    wire = Wire(**behaviour)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if wire.key and self.headers.get("Authorization") != f"Bearer {wire.key}":
                self.answer(401, {"error": {"message": f"wrong key: {self.headers.get('Authorization')}"}})
            elif self.path == "/v1/models":
                self.answer(200, {"data": [wire.model] if wire.model else []})
            elif self.path == "/metrics":
                self.answer(200, 'vllm:num_requests_running{engine="0"} 3.0\nvllm:num_requests_waiting{engine="0"} 2.0\n')
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/tokenize":
                return self.answer(200 if wire.chat_template else 400, {"error": {"message": "no chat template"}})
            wire.calls.append((self.path, body))
            unknown = [name for name in wire.unknown_fields if name in body]
            prompt = body.get("prompt") or "".join(message["content"] for message in body["messages"])
            if wire.failures:
                status, words, headers = wire.failures.pop(0)
                self.answer(status, words, headers)
            elif body.get("n", 1) > 1 and (wire.many_refused or wire.many_fail):
                words = "Only one completion choice is allowed" if wire.many_refused else "n is out of range"
                self.answer(400, {"error": {"message": words}})
            elif unknown:
                self.answer(400, {"error": {"message": f"unknown field {unknown[0]}"}})
            elif wire.most_tokens and len(prompt) / 4 > wire.most_tokens:
                self.answer(400, {"error": {"message": f"This model's maximum context length is {wire.most_tokens} tokens."}})
            else:
                self.stream(body)

        def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
            content = (body if isinstance(body, str) else json.dumps(body)).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def stream(self, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            breaking = wire.breaks > 0 and body["max_tokens"] > 1
            wire.breaks -= breaking
            try:
                for place, event in enumerate(events(wire, self.path, body)):
                    if breaking and place == 2:
                        self.close_connection = True
                        return
                    time.sleep(wire.pause)
                    self.chunk(f"data: {event}\n\n")
                self.chunk("")
            except (BrokenPipeError, ConnectionResetError):
                wire.gone += 1
                self.close_connection = True

        def chunk(self, text: str) -> None:
            content = text.encode()
            self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wire.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield wire
    server.shutdown()
    server.server_close()


def events(wire: Wire, path: str, body: dict[str, Any]) -> Iterator[str]:
    """The events of one call: a word of each text at a time, then usage, then [DONE]."""
    chat = path.endswith("chat/completions")
    if body["max_tokens"] == 1:
        yield json.dumps({"choices": [check(wire.no, chat)]})
    else:
        count = 1 if wire.one_text_only else body.get("n", 1)
        drawn = [wire.texts.pop(0) if len(wire.texts) > 1 else wire.texts[0] for _ in range(count)]
        prompt = body.get("prompt") or body["messages"][0]["content"]
        question = prompt.split("# Question\n")[-1].split("\n")[0]
        for index, text in enumerate(drawn):
            words = text.replace("$question", question).split(" ")
            for place, word in enumerate(words):
                last = place == len(words) - 1
                yield json.dumps({"choices": [choice(wire, index, word if last else f"{word} ", last, len(words), chat)]})
    usage = {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 64}}
    yield json.dumps({"choices": [], "usage": usage})
    yield "[DONE]"


def choice(wire: Wire, index: int, text: str, last: bool, pieces: int, chat: bool) -> dict[str, Any]:
    """A piece of one text."""
    logprob = None if wire.chance is None else math.log(wire.chance) / pieces
    told = None if logprob is None else {"content": [{"token": text, "logprob": logprob}]} if chat else {"token_logprobs": [logprob]}
    content = {"delta": {"content": text}} if chat else {"text": text}
    return {"index": index, "logprobs": told, "finish_reason": "stop" if last else None, **content}


def check(no: float, chat: bool) -> dict[str, Any]:
    """The one word of the check."""
    chances = {" no": math.log(no), " yes": math.log(1 - no)}
    listed = [{"token": token, "logprob": logprob} for token, logprob in chances.items()]
    if chat:
        told = {"content": [{"token": " no", "logprob": 0.0, "top_logprobs": listed}]}
        return {"index": 0, "logprobs": told, "finish_reason": "length", "delta": {"content": " no"}}
    return {"index": 0, "logprobs": {"token_logprobs": [0.0], "top_logprobs": [chances]}, "finish_reason": "length", "text": " no"}
