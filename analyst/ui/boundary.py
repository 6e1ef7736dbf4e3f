"""Where errors end: a known one in its own words, an unknown one in the log with calm words on the page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from analyst.errors import AnalystError
from analyst.ui import words
from analyst.ui.markdown import escape
from analyst.ui.person import language, say

log = logging.getLogger("analyst.page")


@contextmanager
def calmly() -> Iterator[None]:
    """Show whatever goes wrong inside as a message with what to do; no traceback reaches the page."""
    try:
        yield
    except AnalystError as error:
        show_error(error)
    except Exception:
        log.exception("A part of the page could not be drawn")
        st.error(say(words.UNEXPECTED), icon=":material/error:")


def show_error(error: AnalystError) -> None:
    """What happened in bold, what to do beneath it."""
    message, hint = (escape(text.in_language(language())) for text in (error.message, error.hint))
    st.error(f"**{message}**" + (f"\n\n{hint}" if hint else ""), icon=":material/error:")
