"""The command line: run the page, ask a question of files, answer a batch, serve a model."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from analyst.errors import AnalystError
from analyst.language import language_of
from analyst.settings import settings
from analyst.terms import Answer, Clarification, Language, Refusal, Reply
from analyst.writing.plain import spelled, visible

ROWS_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code: 0 for an answer, 1 for none, 2 for a wrong call."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # argparse takes options before the first positional for its own, and serve-model's are read by analyst.serving
    serving = words[:1] == ["serve-model"]
    options = argparse.Namespace(command=serve_model, rest=words[1:]) if serving else parser().parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        return int(options.command(options))
    except AnalystError as error:
        write(error.in_language(terminal_language()), to=sys.stderr)
    except OSError as error:
        write(f"{error.strerror}: {error.filename}" if error.filename else str(error), to=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    root = argparse.ArgumentParser(prog="python -m analyst", description="Ask tables in plain English or Chinese.")
    commands = root.add_subparsers(required=True, metavar="COMMAND")
    page = commands.add_parser("run", help="open the page in the browser")
    page.add_argument("--port", type=int, default=8501)
    page.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    page.set_defaults(command=run_page)
    question = commands.add_parser("ask", help="ask one question of files")
    question.add_argument("files", nargs="+", metavar="FILE")
    question.add_argument("question", help="in English or Chinese")
    question.add_argument("--model", default=settings().model, help="builtin, reader, or the URL of a model server")
    question.add_argument("--chart", type=Path, metavar="OUT", help="write the chart to OUT.html, OUT.png or OUT.svg")
    question.add_argument("--json", action="store_true", help="print the answer as one JSON object")
    question.set_defaults(command=ask_files)
    batch = commands.add_parser("batch", help="answer a file of questions, one JSON object a line")
    batch.add_argument("--input", type=Path, required=True, metavar="REQUESTS.jsonl")
    batch.add_argument("--output", type=Path, required=True, metavar="ANSWERS.jsonl")
    batch.add_argument("--model", default=settings().model, help="builtin, reader, or the URL of a model server")
    batch.add_argument("--workers", type=int, default=1, metavar="N", help="sets of files answered at the same time")
    batch.set_defaults(command=answer_batch)
    server = commands.add_parser("serve-model", help="start vLLM with settings that fit this machine's GPUs", add_help=False)
    server.add_argument("rest", nargs=argparse.REMAINDER)
    server.set_defaults(command=serve_model)
    return root


def terminal_language() -> Language:
    """The language that the terminal's locale asks for."""
    return "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh") else "en"


def run_page(options: argparse.Namespace) -> int:
    """Serve the page on this machine's own address only."""
    from streamlit.web import cli as streamlit  # noqa: PLC0415 - slow to import, and only the page needs it

    os.chdir(Path(__file__).parent.parent)  # where .streamlit/config.toml stands: without it the page would answer the whole network
    switches = ["--server.port", str(options.port), "--server.headless", "true" if options.no_browser else "false"]
    sys.argv = ["streamlit", "run", "app.py", *switches]
    print(f"\n  Analyst: http://127.0.0.1:{options.port}\n", flush=True)
    streamlit.main()
    return 0


def ask_files(options: argparse.Namespace) -> int:
    """Answer one question and print the answer."""
    from analyst.ask import ask  # noqa: PLC0415 - keeps --help quick
    from analyst.batch import reply_line  # noqa: PLC0415
    from analyst.models.choice import model_for  # noqa: PLC0415
    from analyst.workspace import open_workspace  # noqa: PLC0415

    workspace = open_workspace(options.files)
    try:
        *_, reply = ask(options.question, workspace, model_for(options.model))
        assert isinstance(reply, Reply)
        if options.json:
            line = json.dumps(reply_line("", reply, reply.seconds if isinstance(reply, Answer) else 0.0), ensure_ascii=False, indent=1)
            print(spelled(line))
        else:
            print_reply(reply, language_of(options.question))
        if options.chart and isinstance(reply, Answer):
            write_chart(reply, options.chart)
        return 0 if isinstance(reply, Answer) else 1
    finally:
        workspace.close()


def print_reply(reply: Reply, language: Language) -> None:
    """The answer as text: how it was read, the rows, a chart of characters, the words, the SQL."""
    from analyst.draw import terminal_chart  # noqa: PLC0415
    from analyst.writing.terminal import terminal_table  # noqa: PLC0415

    if isinstance(reply, Answer):
        blocks = (reply.reading.summary.in_language(language), terminal_table(reply.result, ROWS_SHOWN, language),
                  terminal_chart(reply.chart, reply.result, language), reply.commentary)  # fmt: skip
        write(*(f"{block} \n" for block in blocks))
        write(*(f"! {caution.message.in_language(language)}" for caution in reply.cautions))
        write(reply.query.sql)
        return
    write(reply.message)
    if isinstance(reply, Clarification):
        write(*(f"  - {choice.label}" for choice in reply.choices))
    elif isinstance(reply, Refusal):
        write(*(f"  - {choice.question}" for choice in reply.suggestions))
    else:
        write(*(f"  {attempt.sql}\n    {attempt.error}" for attempt in reply.attempts))


def write(*texts: str, to: TextIO | None = None) -> None:
    """Texts of data and of models, a line each, without what would steer the terminal."""
    for text in texts:
        print(visible(text), file=to)


def write_chart(reply: Answer, path: Path) -> None:
    """Write the chart to a file whose ending says how."""
    from analyst.draw import draw  # noqa: PLC0415
    from analyst.export import to_html, to_png, to_svg  # noqa: PLC0415

    figure = draw(reply.chart, reply.result, reply.question.language)
    match path.suffix.lower():
        case ".png":
            path.write_bytes(to_png(figure))
        case ".svg":
            path.write_bytes(to_svg(figure))
        case _:
            path.write_text(to_html(figure, reply.chart.title), encoding="utf-8")


def answer_batch(options: argparse.Namespace) -> int:
    """Answer a file of questions."""
    from analyst.batch import answer_file  # noqa: PLC0415

    count = answer_file(options.input, options.output, options.model, options.workers)
    print(f"{count} answers in {options.output}", file=sys.stderr)
    return 0


def serve_model(options: argparse.Namespace) -> int:
    """Start the model server on this machine."""
    from analyst.serving import main as serve  # noqa: PLC0415

    return serve(options.rest)
