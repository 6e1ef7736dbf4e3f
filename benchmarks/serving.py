"""`python -m benchmarks.serving URL`: what a model server gives at 1, 8 and 64 questions at a time, and what we add to its time.

Says nothing of how good the answers are. The key is taken from ANALYST_MODEL_KEY.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from analyst.linking import link
from analyst.models.proposing import Sampling
from analyst.models.vllm import ServedModel
from analyst.prompt import write_prompt
from analyst.sample import FILES
from analyst.settings import settings
from analyst.terms import Prompt, Question, Token, Usage
from analyst.workspace import Data, open_workspace

AT_A_TIME = (1, 8, 64)
EACH = 4  # questions that each of them asks, one after the other
MEASURES = ("sales", "profit", "quantity", "discount", "orders")
GROUPS = ("region", "city", "category", "product", "segment", "month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Timing:
    """One question."""

    first_token: float
    whole: float
    usage: Usage


def main(arguments: Sequence[str]) -> None:
    """Ask, and print a table in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("url")
    parser.add_argument("--n", type=int, default=8, help="texts a question")
    options = parser.parse_args(arguments)
    workspace = open_workspace(FILES)
    assert workspace.data
    # never sure: every question draws all its texts, as with a model that is new to the data
    model = ServedModel(options.url, api_key=settings().model_key, sampling=Sampling(n=options.n, sure=2.0, unanswerable_from=2))
    ask(model, prompt_for(workspace.data, 0))
    print(f"{model.name}, {options.n} texts a question\n")
    print("| at a time | first token p50 / p95 | question p50 / p95 | questions a second | tokens a second | prompt from cache |")
    print("|---|---|---|---|---|---|")
    for count in AT_A_TIME:
        print(row(model, workspace.data, count), flush=True)
    print(f"\nAdded by us to the server's own time, p50 of 50 questions: {1000 * added(options.url, workspace.data):.1f} ms")
    model.close()
    workspace.close()


def prompt_for(data: Data, place: int) -> Prompt:
    """A question of its own for each place."""
    measure, group = MEASURES[place % len(MEASURES)], GROUPS[place // len(MEASURES) % len(GROUPS)]
    question = Question(f"total {measure} by {group}, number {place}", "en")
    return write_prompt(question, data.schema, link(question, data.schema, data.values))


def ask(model: ServedModel, prompt: Prompt) -> Timing:
    """One question, timed."""
    model.take_usage()
    started = time.perf_counter()
    first = 0.0
    for step in model.propose(prompt, threading.Event()):
        if isinstance(step, Token) and not first:
            first = time.perf_counter() - started
    return Timing(first, time.perf_counter() - started, model.take_usage())


def row(model: ServedModel, data: Data, count: int) -> str:
    """So many people who ask at the same time."""
    prompts = [prompt_for(data, 1 + place) for place in range(count * EACH)]
    started = time.perf_counter()
    with ThreadPoolExecutor(count) as people:
        timings = list(people.map(lambda prompt: ask(model, prompt), prompts))
    seconds = time.perf_counter() - started
    firsts, wholes = [timing.first_token for timing in timings], [timing.whole for timing in timings]
    written = sum(timing.usage.completion_tokens for timing in timings)
    read = sum(timing.usage.prompt_tokens for timing in timings)
    cached = sum(timing.usage.cached_tokens for timing in timings)
    cells = (
        f"{count}",
        two(firsts),
        two(wholes),
        f"{len(timings) / seconds:.1f}",
        f"{written / seconds:.0f}",
        f"{cached / max(read, 1):.0%}",
    )
    return f"| {' | '.join(cells)} |"


def two(seconds: Sequence[float]) -> str:
    """Median and 95th percentile."""
    return f"{statistics.median(seconds):.2f} / {sorted(seconds)[int(0.95 * (len(seconds) - 1))]:.2f} s"


def added(url: str, data: Data) -> float:
    """Seconds from question to candidates less the server's own: linking, prompt, HTTP client and reading the stream."""
    model = ServedModel(url, api_key=settings().model_key, sampling=Sampling(n=1, unanswerable_from=2))
    ask(model, prompt_for(data, 0))
    differences = []
    for place in range(50):
        model.take_usage()
        started = time.perf_counter()
        list(model.propose(prompt_for(data, 1 + place), threading.Event()))
        differences.append(time.perf_counter() - started - model.take_usage().seconds)
    model.close()
    return statistics.median(differences)


if __name__ == "__main__":
    main(sys.argv[1:])
