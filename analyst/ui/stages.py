"""What is going on while a question is answered: one line a stage, the SQL as it is written, the chart as soon as there is one."""

from __future__ import annotations

import streamlit as st

from analyst.draw import draw
from analyst.terms import Bilingual, Candidate, ChartSpec, Facts, Links, Prompt, Query, ResultSet, Step, Token
from analyst.ui import words
from analyst.ui.markdown import escape
from analyst.ui.person import dark, language, rows_words, say

NAMES_SHOWN = 6


class Board:
    """Shows steps as they come; made where it is to stand."""

    def __init__(self) -> None:
        self._status = st.status(say(words.READING), expanded=True)
        self._lines = self._status.container(gap="xsmall")
        self._sql = self._status.empty()
        self._chart = st.empty()
        self._label = words.READING
        self._written = ""
        self._prompts = 0
        self._result: ResultSet | None = None

    def tick(self, seconds: float) -> None:
        """Time goes by; also where the page notices that it was closed."""
        label = say(self._label)
        self._status.update(label=f"{label} · {say(words.SECONDS, seconds=f'{seconds:.0f}')}" if seconds >= 1 else label, expanded=True)

    def show(self, step: Step) -> None:
        """One more step."""
        match step:
            case Links():
                self._show_links(step)
            case Prompt():
                self._prompts += 1
                self._written = step.lead_in
                self._begin(words.WRITING if self._prompts == 1 else words.WRITING_AGAIN)
            case Token():
                self._written += step.text
                self._sql.code(self._written, language="sql", wrap_lines=True)
            case Candidate():
                self._sql.code(step.sql, language="sql", wrap_lines=True)
                self._begin(words.RUNNING)
            case Query():
                self._sql.code(step.sql, language="sql", wrap_lines=True)
            case ResultSet():
                self._result = step
                self._line(say(words.GOT_ROWS, rows=rows_words(step.table.num_rows), seconds=f"{step.seconds:.2f}"))
                self._begin(words.CHOOSING)
            case ChartSpec():
                self._show_chart(step)
            case Facts():
                self._begin(words.COMMENTING)
            case _:
                pass

    def _begin(self, label: Bilingual) -> None:
        self._label = label
        self.tick(0)

    def _line(self, text: str) -> None:
        self._lines.caption(text)

    def _show_links(self, links: Links) -> None:
        named = [match.column or match.table for match in links.columns] + [str(match.value) for match in links.values]
        names = list(dict.fromkeys(named))[:NAMES_SHOWN]
        if names:
            self._line(say(words.SPEAKS_OF, names=say(words.AND).join(map(escape, names))))

    def _show_chart(self, spec: ChartSpec) -> None:
        self._line(say(words.CHOSE, mark=say(words.MARKS[spec.mark])))
        if self._result is not None and spec.mark != "table":
            figure = draw(spec, self._result, language(), dark=dark())
            self._chart.plotly_chart(figure, theme=None, key="arriving", config={"displayModeBar": False})
