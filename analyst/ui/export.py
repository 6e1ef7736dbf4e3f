"""Taking an answer away: rows, picture, SQL, Python."""

from __future__ import annotations

import re
from collections.abc import Callable

import streamlit as st

from analyst.draw import draw
from analyst.export import image_panel_html, to_csv, to_excel, to_python, to_sql
from analyst.store import StoredMessage
from analyst.terms import Answer, ChartSpec
from analyst.ui import words
from analyst.ui.boundary import calmly
from analyst.ui.person import dark, home, language, say
from analyst.writing.plain import visible

EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 60  # characters
PANEL_HEIGHT = 60  # pixels: a row of two buttons


def export_popover(message: StoredMessage, answer: Answer, chart: ChartSpec) -> None:
    """A button that opens every way to take the answer away; each file is made when it is asked for."""
    name, question = file_name(chart.title or answer.question.text), answer.question.text
    with st.popover(say(words.EXPORT), icon=":material/download:", type="tertiary", key=f"export-{message.id}"), calmly():
        with st.container(horizontal=True, gap="small"):
            offer("CSV", lambda: to_csv(answer.result), f"{name}.csv", "text/csv", message.id)
            offer("Excel", lambda: to_excel(answer.result, chart.title), f"{name}.xlsx", EXCEL_TYPE, message.id)
            offer("SQL", lambda: to_sql(answer.query, question).encode(), f"{name}.sql", "application/sql", message.id)
            offer("Python", lambda: python_of(answer).encode(), f"{name}.py", "text/x-python", message.id)
        show_picture_buttons(message, answer, chart, name)


def offer(label: str, make: Callable[[], bytes], name: str, kind: str, message: int) -> None:
    """One download."""
    key = f"download-{label}-{message}"
    st.download_button(label, make, file_name=name, mime=kind, key=key, on_click="ignore", icon=":material/download:")


def show_picture_buttons(message: StoredMessage, answer: Answer, chart: ChartSpec, name: str) -> None:
    """PNG and SVG, drawn in the person's own browser; its drawing code is sent only to those who want a picture."""
    if chart.mark == "table" or not answer.result.table.num_rows:
        return
    wanted = f"picture-{message.id}"
    if st.button(say(words.IMAGE), key=f"want-{wanted}", icon=":material/image:"):
        st.session_state[wanted] = True
    figure = draw(chart, answer.result, language(), dark=dark()) if st.session_state.get(wanted) else None
    if figure is not None:
        st.iframe(image_panel_html(figure, language(), name), height=PANEL_HEIGHT)


def python_of(answer: Answer) -> str:
    """A program that reads the same files and gives the same rows."""
    used = {name.casefold() for name in answer.query.tables}
    tables = [table for table in home().workspace.loaded if table.name.casefold() in used]
    return to_python(answer.query, tables, answer.question.text)


def file_name(title: str) -> str:
    """The title as a file name that every system takes."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", visible(title)).strip(" .")[:LONGEST_NAME] or "answer"
