"""Files on their way into the data: kept on disk, read in a child process, told of when they are in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analyst.errors import QueryCancelled
from analyst.parts import part_in
from analyst.ui import words
from analyst.ui.boundary import show_error
from analyst.ui.errand import Errand, ending_with_the_page
from analyst.ui.markdown import escape
from analyst.ui.person import counted, home, language, rows_words, say
from analyst.ui.uploads import not_written, safe_name
from connectors.files import LoadedTable, LoadReport, Progress, Source

PIECE = 1 << 20  # bytes copied at once
Adding = Errand[Progress | LoadReport]


def keep_upload(name: str, content: BinaryIO) -> Path:
    """Write an uploaded file to disk as it came; gives its path. The one that bore the name before is replaced at the last step.

    Raises UploadRefused where the disk does not take it.
    """
    path = home().workspace.originals / safe_name(name)
    try:
        with part_in(path.parent) as part:
            with part.open("wb") as file:
                shutil.copyfileobj(content, file, PIECE)
            os.replace(part, path)
    except OSError as error:
        raise not_written(error) from error
    return path


def let_go_of(files: Sequence[UploadedFile]) -> None:
    """Drop the widget's copies in memory, which it would hold until the session ends; they must be on disk by now."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for file in files:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def begin_adding(sources: Sequence[Source], name: str = "") -> None:
    """Read files into the data; one reading at a time."""
    if sources and adding() is None:
        workspace = home().workspace
        names = name or say(words.AND).join(source.path.name for source in sources)
        st.session_state["adding"] = Errand(names, lambda cancelled: workspace.load(sources))


def adding() -> Adding | None:
    """The reading on its way."""
    found = st.session_state.get("adding")
    return found if isinstance(found, Errand) else None


def show_adding() -> tuple[LoadedTable, ...]:
    """Progress with a way to cancel, until the files are in; then what was read, also after the next click. Gives the tables read."""
    errand = adding()
    if errand is not None:
        report = follow(errand)
        forget_adding()
        st.session_state["added"] = report
        if isinstance(report, LoadReport) and report.tables:
            st.session_state["table-chosen"] = report.tables[0].name
    added = st.session_state.get("added")
    if added is False:
        st.info(say(words.ADD_STOPPED), icon=":material/block:")
    if not isinstance(added, LoadReport):
        return ()
    show_report(added)
    return added.tables


def follow(errand: Adding) -> LoadReport | bool:
    """The report of the reading; False where it was cancelled."""
    place = st.empty()
    with place.container(border=True), ending_with_the_page(errand, forget_adding), suppress(QueryCancelled):
        bar = st.progress(0.0, say(words.ADDING, names=escape(errand.name)))
        st.button(say(words.CANCEL), on_click=errand.cancel, key="cancel-adding", icon=":material/close:")
        share, told = 0.0, ""
        for step in errand.steps():
            if isinstance(step, Progress):
                share, told = step.share or share, step.words.in_language(language())
            bar.progress(min(share, 1.0), f"{escape(told or errand.name)} · {say(words.SECONDS, seconds=f'{errand.seconds:.0f}')}")
    place.empty()
    report = errand.last
    return report if isinstance(report, LoadReport) else False


def show_report(report: LoadReport) -> None:
    """What was added, what replaced something, what failed."""
    if report.tables:
        st.success("\n\n".join(told(table) for table in report.tables), icon=":material/check_circle:")
    for path, error in report.failed:
        if path.name not in error.message.en:
            st.caption(escape(path.name))
        show_error(error)


def told(table: LoadedTable) -> str:
    """One table's line."""
    line = say(
        words.ADDED_OVER if table.replaced else words.ADDED_NEW,
        table=escape(table.name),
        rows=rows_words(table.rows),
        columns=counted(len(table.columns), words.ONE_COLUMN, words.MANY_COLUMNS),
    )
    return f"{line} {say(words.ADDED_REJECTED, rows=rows_words(table.rejected))}" if table.rejected else line


def forget_adding() -> None:
    """Nothing is being read any more."""
    st.session_state.pop("adding", None)


def forget_report() -> None:
    """The last report has been read."""
    st.session_state.pop("added", None)
