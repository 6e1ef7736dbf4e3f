"""Which model answers, whether it can, and how busy it is; looked at again while the page is open."""

from __future__ import annotations

import streamlit as st

from analyst.models.builtin import BuiltinModel
from analyst.ui import words
from analyst.ui.markdown import escape
from analyst.ui.person import home, language, say
from analyst.ui.receipt import model_words

LOOK_AGAIN = 15  # seconds; a server that comes back is seen soon, and a look costs it next to nothing


def is_served() -> bool:
    """Whether questions go to a model server, and the built-in model could stand in for it."""
    return not isinstance(home().model, BuiltinModel)


def show_model() -> None:
    """A line in the side bar; only a server's line is looked at again."""
    with st.sidebar:
        if is_served():
            watch_server()
        else:
            st.caption(say(words.ANSWERED_BY, model=escape(model_words(home().model.name))))


@st.fragment(run_every=LOOK_AGAIN)
def watch_server() -> None:
    """The server's model, what it says of itself, and its queue."""
    model = home().model
    health = model.health()
    lines = [say(words.ANSWERED_BY, model=escape(model_words(model.name))), escape(health.words.in_language(language()))]
    if health.running is not None:
        lines.append(say(words.QUEUE, running=health.running, waiting=health.waiting or 0))
    for line in lines:
        st.caption(line if health.ready else f":orange[{line}]")
