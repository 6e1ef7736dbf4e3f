"""The page on which a person adds data and sees how it was read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import streamlit as st

from analyst.settings import settings
from analyst.suggestions import suggest
from analyst.terms import Bilingual, Schema
from analyst.ui import asking, words
from analyst.ui.adding import adding, begin_adding, forget_report, keep_upload, let_go_of, show_adding
from analyst.ui.boundary import calmly
from analyst.ui.doors import is_at_this_machine
from analyst.ui.joins import show_joins
from analyst.ui.look import word_uploader
from analyst.ui.markdown import escape
from analyst.ui.person import home, language, say, schema_of
from analyst.ui.tables import show_tables
from analyst.ui.upload_box import upload_box
from connectors.errors import FileRejected
from connectors.files import Source

FIRST_QUESTIONS = 3
WIDGET_MB = 200  # the widget holds a file in memory until it is on disk; larger ones take the streaming box


def data_page() -> None:
    """Adding on top, tables below, how they belong together last."""
    st.title(say(words.DATA), anchor=False)
    st.caption(say(words.DATA_CAPTION))
    ways = st.empty()
    with calmly():
        if adding():
            with ways.container():
                show_uploader(busy=True)
        added = show_adding()
        if added:
            show_ways_on({table.name for table in added})
    with calmly(), ways.container():
        show_uploader(busy=False)
        show_other_ways()
    with calmly():
        show_tables()
    with calmly():
        show_joins()


def show_ways_on(added: Collection[str]) -> None:
    """To the page where questions are asked, and first questions about what has just come in, each a click from here."""
    with st.container(horizontal=True, gap="small", key="chips-added"):
        if st.button(say(words.ASK_NOW), icon=":material/forum:", key="ask-now"):
            st.switch_page(st.session_state["chat-page"])
        data = home().workspace.data
        tables = [table for table in schema_of(data).tables if table.name in added] if data else []
        for number, choice in enumerate(suggest(Schema(tuple(tables)), language(), FIRST_QUESTIONS)):
            if st.button(escape(choice.label), key=f"added-{number}"):
                asking.open_conversation(None)
                asking.begin(choice.question)
                st.switch_page(st.session_state["chat-page"])


def show_uploader(busy: bool) -> None:
    """The drop zone, closed while files are being read. After each upload it is a new one, under a new key."""
    word_uploader(WIDGET_MB)
    number = st.session_state.setdefault("upload-number", 0)
    key = "upload-busy" if busy else f"upload-{number}"
    files = st.file_uploader(say(words.UPLOAD), accept_multiple_files=True, key=key, max_upload_size=WIDGET_MB, disabled=busy)
    if files:
        forget_report()
        begin_adding([Source(keep_upload(file.name, file)) for file in files])
        let_go_of(files)
        st.session_state["upload-number"] = number + 1
        st.rerun()


def show_other_ways() -> None:
    """The streaming box for large files, and a path on this computer where that is allowed."""
    local = paths_allowed()
    with st.expander(say(words.LARGE_OR_LOCAL if local else words.LARGE), key="other-ways"):
        arrived = upload_box(home().workspace.originals, language())
        if local:
            show_path_field()
    if arrived:
        forget_report()
        begin_adding([Source(path) for path in arrived])
        st.rerun()


def paths_allowed() -> bool:
    """A path names a file of the machine that serves the page, so only the person who sits at it may give one: their request tells."""
    return settings().files_by_path and is_at_this_machine(st.context.headers, st.context.ip_address)


def show_path_field() -> None:
    """A field for a path."""
    with st.form("by-path", border=False):
        given = st.text_input(say(words.BY_PATH), help=say(words.BY_PATH_HINT), placeholder=say(words.BY_PATH_EXAMPLE), key="path")
        if st.form_submit_button(say(words.ADD), icon=":material/add:") and given:
            forget_report()
            begin_adding([Source(existing(given))])
            st.rerun()


def existing(given: str) -> Path:
    """The file that the path names. Raises FileRejected if there is none."""
    path = Path(given.strip().strip("'\"")).expanduser()
    if not path.is_absolute() or not path.is_file():
        raise FileRejected(Bilingual(*(text.format(path=given) for text in words.NO_SUCH_FILE)), words.NO_SUCH_FILE_HINT)
    return path
