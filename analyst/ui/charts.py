"""A chart on the page, drawn once and remembered for the session: drawing costs more than all else in an answer."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from analyst.draw import CONFIG, describe, draw
from analyst.terms import ChartSpec, ResultSet
from analyst.ui import words
from analyst.ui.person import dark, language, say
from analyst.ui.rows import show_rows

FONT = "Source Sans, Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"  # as in .streamlit/config.toml
CLEAR = "rgba(0,0,0,0)"  # a chart lies on the page, whatever colour that has
MARGIN = 16  # pixels above a chart whose title stands elsewhere
REMEMBERED = 60  # figures a session keeps; a small one has 20 KB


def show_chart(chart: ChartSpec, result: ResultSet, key: str, version: str) -> None:
    """The chart; the rows themselves where the chart is a table; a sentence where there are none.

    `version` changes whenever the rows under the key do.
    """
    if not result.table.num_rows:
        st.info(say(words.EMPTY_RESULT), icon=":material/search_off:")
        return
    figure = remembered(chart, result, f"{key} {version}")
    if figure is None:
        show_rows(result, f"{key}-rows")
        return
    st.plotly_chart(figure, theme=None, key=key, config=dict(CONFIG), alt=describe(chart, result, language()))


def remembered(chart: ChartSpec, result: ResultSet, rows: str) -> go.Figure | None:
    """The figure, drawn unless this session has drawn the same chart of the same rows; None for a table."""
    figures: dict[tuple[str, str, str, bool], go.Figure | None] = st.session_state.setdefault("figures", {})
    which = (rows, repr(chart), language(), dark())
    if which not in figures:
        while len(figures) >= REMEMBERED:
            del figures[next(iter(figures))]
        figures[which] = fitted(draw(chart, result, language(), dark=dark()), chart)
    return figures[which]


def fitted(figure: go.Figure | None, chart: ChartSpec) -> go.Figure | None:
    """The figure in the page's font and on its ground; without the room for a title where it has none."""
    if figure is None:
        return None
    layout: dict[str, object] = {"font_family": FONT, "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR}
    if not chart.title:
        layout |= {"margin_t": MARGIN, "height": figure.layout.height - figure.layout.margin.t + MARGIN}
    return figure.update_layout(**layout)
