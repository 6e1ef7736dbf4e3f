"""Many questions from a file of JSON lines to a file of answers, one JSON line each; one bad line never stops the others."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from analyst.ask import ask
from analyst.errors import AnalystError
from analyst.language import language_of
from analyst.models import LanguageModel
from analyst.models.choice import model_for
from analyst.settings import settings
from analyst.terms import Answer, ChartSpec, Reply, Turn
from analyst.workspace import Workspace, open_workspace

MOST_ROWS = 1_000  # rows of one answer; the rest is cut and said so
log = logging.getLogger(__name__)


class RequestTurn(BaseModel):
    """An earlier question and the SQL that answered it."""

    model_config = ConfigDict(extra="ignore")
    question: str
    sql: str = ""


class Request(BaseModel):
    """One line of the input."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)
    id: str
    files: tuple[str, ...]
    question: str
    history: tuple[RequestTurn, ...] = ()
    evidence: str | None = None


AnswerLine = dict[str, Any]


def answer_file(requests: Path, answers: Path, model: str = "builtin", workers: int = 1) -> int:
    """Answer every line of `requests` into `answers`; gives the number of lines. Each set of files is loaded once.

    Raises AnalystError where the model's name is none, OSError where a file cannot be opened.
    """
    model_for(model)  # a wrong name is told before any work
    sets, bad = read_requests(requests)
    with open(answers, "w", encoding="utf-8") as out:
        for line in chain(bad, chain.from_iterable(run_sets(sets, model, workers))):
            out.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
            out.flush()  # a run that is stopped keeps what it has
    return sum(map(len, sets)) + len(bad)


def read_requests(path: Path) -> tuple[list[list[Request]], list[AnswerLine]]:
    """The requests, grouped by the files they speak of, and an error line for each that could not be read."""
    sets: dict[tuple[str, ...], list[Request]] = defaultdict(list)
    bad: list[AnswerLine] = []
    with open(path, encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                request = Request.model_validate_json(line)
                sets[request.files].append(request)
            except ValidationError as error:
                bad.append(error_line(identity(line, number), f"Line {number} is no request: {error.errors()[0]['msg']}"))
    return list(sets.values()), bad


def identity(line: str, number: int) -> str:
    """The id of a line that is no request, or its line number."""
    try:
        found = json.loads(line)
    except ValueError:
        return f"line {number}"
    return str(found["id"]) if isinstance(found, Mapping) and "id" in found else f"line {number}"


def run_sets(sets: list[list[Request]], model: str, workers: int) -> Iterator[list[AnswerLine]]:
    """The answers of each set of files, in order with one worker, as they come with several."""
    if workers <= 1:
        for requests in sets:
            yield list(answer_set(requests, model))
        return
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // workers)))  # read when a process starts
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:  # a fork would copy threads' locks as they are held
        for future in as_completed([pool.submit(list_of_answers, requests, model) for requests in sets]):
            yield future.result()


def list_of_answers(requests: list[Request], model: str) -> list[AnswerLine]:
    """answer_set() as a list, since a generator cannot leave its process."""
    return list(answer_set(requests, model))


def answer_set(requests: Iterable[Request], model: str) -> Iterator[AnswerLine]:
    """Load one set of files and answer its questions; nothing but these files is read."""
    requests = list(requests)
    folder = Path(tempfile.mkdtemp(prefix="analyst-batch-"))
    workspace = None
    try:
        limits = replace(settings().limits(), rows=MOST_ROWS)
        workspace = open_workspace(requests[0].files, folder, limits)
        speaker = model_for(model)
        for request in requests:
            yield answer_line(request, workspace, speaker)
    except AnalystError as error:
        yield from (error_line(request.id, error.in_language(language_of(request.question))) for request in requests)
    finally:
        if workspace:
            workspace.close()
        shutil.rmtree(folder, ignore_errors=True)


def answer_line(request: Request, workspace: Workspace, model: LanguageModel) -> AnswerLine:
    """Answer one question; any error becomes a line that says so."""
    started = time.perf_counter()
    history = tuple(Turn(turn.question, turn.sql) for turn in request.history)
    try:
        *_, reply = ask(request.question, workspace, model, history, request.evidence or "")
    except AnalystError as error:
        return error_line(request.id, error.in_language(language_of(request.question)), time.perf_counter() - started)
    except Exception:
        log.exception("Question %s could not be answered", request.id)
        return error_line(request.id, "An error of ours; see the log.", time.perf_counter() - started)
    return reply_line(request.id, reply, time.perf_counter() - started)  # type: ignore[arg-type]


def reply_line(identifier: str, reply: Reply, seconds: float) -> AnswerLine:
    """A reply in the form of the batch protocol."""
    if not isinstance(reply, Answer):
        return error_line(identifier, reply.message, seconds) | {"kind": KINDS[type(reply).__name__]}
    return {
        "id": identifier,
        "kind": "answer",
        "sql": reply.query.sql,
        "columns": list(reply.result.columns),
        "rows": reply.result.rows(),
        "truncated": reply.result.truncated,
        "chart": chart_line(reply.chart),
        "commentary": reply.commentary,
        "confidence": round(reply.confidence, 4),
        "seconds": round(seconds, 4),
        "message": "",
    }


KINDS = {"Clarification": "clarification", "Refusal": "refusal", "Failure": "error"}


def chart_line(chart: ChartSpec) -> dict[str, str | None] | None:
    """A chart's mark and the columns it reads; None for a plain table."""
    if chart.mark == "table":
        return None
    return {"mark": chart.mark, "x": chart.x, "y": chart.y[0] if chart.y else None, "color": chart.color}


def error_line(identifier: str, message: str, seconds: float = 0.0) -> AnswerLine:
    """An answer line that holds a message and no rows."""
    empty: AnswerLine = {"id": identifier, "kind": "error", "sql": "", "columns": [], "rows": [], "truncated": False, "chart": None}
    return empty | {"commentary": "", "confidence": 0.0, "seconds": round(seconds, 4), "message": message}
