"""What is going on while a question is answered: one line a stage, the SQL as it is written, the chart as soon as there is one."""

from __future__ import annotations

import time

import streamlit as st

from analyst.draw import draw
from analyst.terms import Bilingual, Candidate, ChartSpec, Facts, Links, Prompt, Query, ResultSet, Step, Token, Waiting
from analyst.ui import words
from analyst.ui.markdown import escape
from analyst.ui.person import dark, language, rows_words, say

NAMES_SHOWN = 6
PATIENCE = 0.4  # seconds without an answer before its chart is shown alone: drawing costs more than all else in an answer


class Board:
    """Shows steps as they come; made where it is to stand."""

    def __init__(self) -> None:
        self._status = st.status(say(words.READING), expanded=True)
        self._lines = self._status.container(gap="xsmall")
        self._sql = self._status.empty()
        self._chart = st.empty()
        self._label = self._shown = say(words.READING)
        self._written = ""
        self._prompts = 0
        self._result: ResultSet | None = None
        self._arrived: tuple[ChartSpec, float] | None = None

    def tick(self, seconds: float) -> None:
        """Time goes by."""
        label = f"{self._label} · {say(words.SECONDS, seconds=f'{seconds:.0f}')}" if seconds >= 1 else self._label
        if label != self._shown:
            self._status.update(label=label, expanded=True)
            self._shown = label
        if self._arrived and time.monotonic() - self._arrived[1] > PATIENCE:
            self._draw(self._arrived[0])

    def show(self, step: Step) -> None:
        """One more step."""
        match step:
            case Waiting():
                self._begin(words.WAITING, number=step.number)
            case Links():
                self._begin(words.READING)
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
                self._line(say(words.CHOSE, mark=say(words.MARKS[step.mark])))
                self._arrived = (step, time.monotonic())
            case Facts():
                self._begin(words.COMMENTING)
            case _:
                pass

    def _begin(self, label: Bilingual, **values: object) -> None:
        self._label = say(label, **values)
        self.tick(0)

    def _line(self, text: str) -> None:
        self._lines.caption(text)

    def _show_links(self, links: Links) -> None:
        named = [match.column or match.table for match in links.columns] + [str(match.value) for match in links.values]
        names = list(dict.fromkeys(named))[:NAMES_SHOWN]
        if names:
            self._line(say(words.SPEAKS_OF, names=say(words.AND).join(map(escape, names))))

    def _draw(self, spec: ChartSpec) -> None:
        self._arrived = None
        if self._result is not None and spec.mark != "table":
            figure = draw(spec, self._result, language(), dark=dark())
            self._chart.plotly_chart(figure, theme=None, key="arriving", config={"displayModeBar": False})
