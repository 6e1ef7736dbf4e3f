"""`python -m benchmarks.sessions`: people who ask on open pages at the same time, and how long each waits for an answer.

Starts the real server on this machine with a home of its own and speaks to it as browsers do: a websocket a page, Streamlit's own
messages, every answer drawn. What is printed depends on the cores, which the pages played here share with the server.

    python -m benchmarks.sessions [--pages 100] [--seconds 60] [--pause 3 7] [--url URL]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    "total sales by region", "average profit by category", "sales by month", "how many orders are there?", "top 5 products by sales",
    "orders by segment", "profit by quarter", "total quantity by city", "各地区的销售额总和", "每月的利润", "sales in 2025 by category",
    "average discount by region",
)  # fmt: skip
LONGEST_WAIT = 90.0  # seconds for one answer; a page whose answer has not come by then counts as an error
OPENING = 0.05  # seconds between two pages that open


@dataclass
class Tally:
    """What the pages have seen."""

    waits: list[float] = field(default_factory=list)
    """Seconds from a question to its answer as it stands on the page."""
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    """From the first question to the last answer."""
    openings: list[float] = field(default_factory=list)
    """Seconds until a page could be asked."""


class Page:
    """One open page."""

    def __init__(self, connection: ClientConnection, draw: random.Random) -> None:
        self._connection = connection
        self._draw = draw
        self._field = ""
        self._query = ""
        self._hashes: set[str] = set()

    async def open(self) -> None:
        """Wait until there is a field to ask in."""
        await self._run("")

    async def ask(self) -> str:
        """Ask something and give what came: answer, busy, reply (a question back, a refusal) or error."""
        return await self._run(self._draw.choice(QUESTIONS))

    async def _run(self, question: str) -> str:
        back = BackMsg()
        back.rerun_script.query_string = self._query
        back.rerun_script.cached_message_hashes.extend(self._hashes)
        if question:
            widget = back.rerun_script.widget_states.widgets.add(id=self._field)
            widget.chat_input_value.data = question
        await self._connection.send(back.SerializeToString())
        outcome = "error"
        async for message in self._connection:
            forward = ForwardMsg.FromString(message if isinstance(message, bytes) else message.encode())
            outcome = self._seen(forward, question) or outcome
            if forward.WhichOneof("type") == "script_finished" and self._ends(forward):
                break
        return outcome

    def _ends(self, forward: ForwardMsg) -> bool:
        """Whether the page stands still; a run that another one cut short is followed by that one."""
        return forward.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _seen(self, forward: ForwardMsg, question: str) -> str:
        """What a message says of the question: empty where nothing; the last one said is what stands."""
        if forward.metadata.cacheable:
            self._hashes.add(forward.hash)
        if forward.WhichOneof("type") == "page_info_changed":
            self._query = forward.page_info_changed.query_string
        if forward.WhichOneof("type") != "delta":
            return ""
        element = forward.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "chat_input":
            self._field = element.chat_input.id
        if kind == "markdown" and element.markdown.body == question:
            return "reply"
        if kind == "alert":
            return "busy" if "queue" in element.alert.body or "排在第" in element.alert.body else "error"
        block = forward.delta.add_block
        return "answer" if block.WhichOneof("type") == "tab" and block.tab.label.startswith(("Rows", "数据行", "行")) else ""


async def visit(url: str, number: int, until: float, pause: tuple[float, float], tally: Tally) -> None:
    """A person who opens the page and asks every few seconds, once at least."""
    draw = random.Random(number)
    await asyncio.sleep(number * OPENING)
    started = time.perf_counter()
    try:
        async with connect(
            f"{url.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=["streamlit"], max_size=None, ping_interval=None
        ) as connection:  # type: ignore[list-item]
            page = Page(connection, draw)
            await asyncio.wait_for(page.open(), LONGEST_WAIT)
            tally.openings.append(time.perf_counter() - started)
            while True:
                await asyncio.sleep(draw.uniform(*pause))
                asked = time.perf_counter()
                outcome = await asyncio.wait_for(page.ask(), LONGEST_WAIT)
                tally.outcomes[outcome] += 1
                if outcome == "answer":
                    tally.waits.append(time.perf_counter() - asked)
                if time.perf_counter() >= until:
                    break
    except (TimeoutError, ConnectionClosed, OSError) as error:
        tally.outcomes[f"error ({type(error).__name__})"] += 1


async def visit_all(url: str, pages: int, seconds: float, pause: tuple[float, float]) -> Tally:
    """So many people at the same time."""
    await visit(url, 0, 0.0, pause, Tally())  # the first page of a new home waits for the sample tables, the first answer for the model
    tally, started = Tally(), time.perf_counter()
    await asyncio.gather(*(visit(url, number, started + seconds, pause, tally) for number in range(pages)))
    tally.seconds = time.perf_counter() - started
    return tally


@contextmanager
def server(**settings: str) -> Iterator[str]:
    """The product's own server over the sample tables, on a free port, with these ANALYST_* settings; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"ANALYST_HOME": folder} | {f"ANALYST_{name.upper()}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "analyst", "run", "--port", str(port), "--no-browser"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as running:
            try:
                await_health(url)
                yield url
            finally:
                running.terminate()


def await_health(url: str) -> None:
    """Wait until the server answers; raises SystemExit where it does not within a minute."""
    for _ in range(240):
        try:
            if httpx.get(f"{url}/_stcore/health", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.25)
    raise SystemExit(f"{url} does not answer")


def processor_seconds() -> float:
    """Processor time of the processes started here that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def report(tally: Tally, pages: int) -> None:
    """One figure a line."""
    print(f"pages                {pages}")
    print(f"opened in p50 / p95  {two(tally.openings)}")
    print(f"answers served       {tally.outcomes['answer']}  ({tally.outcomes['answer'] / tally.seconds:.1f} a second)")
    print(f"waiting p50 / p95    {two(tally.waits)}")
    print(f"busy replies         {tally.outcomes['busy']}")
    print(f"other replies        {tally.outcomes['reply']}")
    print(f"errors               {sum(count for name, count in tally.outcomes.items() if name.startswith('error'))}", end="  ")
    print(*(f"{name}: {count}" for name, count in tally.outcomes.items() if name.startswith("error")))


def two(seconds: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"{statistics.median(seconds):.2f} / {sorted(seconds)[int(0.95 * (len(seconds) - 1))]:.2f} s" if seconds else "-"


def main(arguments: Sequence[str]) -> None:
    """Start the server, let people ask, print what they saw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions")
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, nargs=2, default=(3.0, 7.0), metavar=("FROM", "TO"), help="between answer and question")
    parser.add_argument("--url", help="of a server that runs already")
    options = parser.parse_args(arguments)
    if options.url:
        report(asyncio.run(visit_all(options.url, options.pages, options.seconds, tuple(options.pause))), options.pages)
        return
    before = processor_seconds()
    with server() as url:
        tally = asyncio.run(visit_all(url, options.pages, options.seconds, tuple(options.pause)))
    report(tally, options.pages)
    print(f"processor an answer  {(processor_seconds() - before) / max(tally.outcomes['answer'], 1):.2f} s of the server and its processes")


if __name__ == "__main__":
    main(sys.argv[1:])
