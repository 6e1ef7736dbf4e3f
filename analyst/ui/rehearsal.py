"""What is loaded once a process, loaded before the first person needs it: a suggested question is answered for nobody, and not kept."""

from __future__ import annotations

from contextlib import suppress

from streamlit import runtime

from analyst.ask import ask
from analyst.draw import draw
from analyst.errors import AnalystError
from analyst.suggestions import suggest
from analyst.terms import Answer
from analyst.workspace import Workspace
from connectors.files.spare import spare_child
from connectors.soon import Soon

SETTLE_SECONDS = 1.0  # the page itself is drawn first


def prepare(workspace: Workspace) -> None:
    """In a moment, rehearse and start a child for the first file; only where a page is really being served."""
    if runtime.exists():
        spare_child.start_soon()
        Soon(SETTLE_SECONDS, lambda: rehearse(workspace)).ask()


def rehearse(workspace: Workspace) -> None:
    """Answer one of the questions that the page suggests, with the built-in model, as far as its chart."""
    with suppress(AnalystError):  # what the person's own question meets, it tells
        for choice in suggest(workspace.data.schema, "en", 1) if workspace.data else ():
            *_, reply = ask(choice.question, workspace)
            if isinstance(reply, Answer):
                draw(reply.chart, reply.result, "en")
