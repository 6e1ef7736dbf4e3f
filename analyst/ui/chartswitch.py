"""Another mark or other axes for an answer's chart; the choice is kept with the answer."""

from __future__ import annotations

import streamlit as st

from analyst.chart import possible_marks, with_axes, with_mark
from analyst.store import StoredMessage
from analyst.terms import Answer, ChartSpec
from analyst.ui import words
from analyst.ui.boundary import calmly
from analyst.ui.person import home, say


def chart_popover(message: StoredMessage, answer: Answer, chart: ChartSpec) -> None:
    """A button that opens the choice of mark, axes and colour."""
    if not answer.result.table.num_rows:
        return
    with st.popover(say(words.CHANGE_CHART), icon=":material/bar_chart:", type="tertiary", key=f"switch-{message.id}"), calmly():
        changed = edited_chart(answer, chart, f"{message.id}")
        if changed != chart:
            home().store.set_chart(message.id, changed)
            st.rerun()
        if message.chart and st.button(say(words.ORIGINAL_CHART), key=f"original-{message.id}"):
            home().store.set_chart(message.id, None)
            st.rerun()


def edited_chart(answer: Answer, chart: ChartSpec, key: str) -> ChartSpec:
    """The chart as the choices in the popover make it. Raises AnalystError where the rows do not allow it."""
    marks = possible_marks(answer.result)
    stamp = f"{key}-{chart.mark}-{chart.x}-{chart.y}-{chart.color}"
    mark = st.selectbox(
        say(words.CHART_KIND),
        marks,
        index=marks.index(chart.mark) if chart.mark in marks else 0,
        format_func=lambda mark: say(words.MARKS[mark]),
        key=f"mark-{stamp}",
    )
    if mark != chart.mark:
        return with_mark(chart, mark, answer.result)
    if mark in ("table", "number"):
        return chart
    columns = list(answer.result.columns)
    x = st.selectbox(say(words.X_AXIS), columns, index=place(columns, chart.x), key=f"x-{stamp}")
    y = st.multiselect(say(words.Y_AXIS), columns, default=[name for name in chart.y if name in columns], key=f"y-{stamp}")
    colors = ["", *columns]
    color = st.selectbox(
        say(words.COLOR),
        colors,
        index=place(colors, chart.color or ""),
        format_func=lambda name: name or say(words.NO_COLOR),
        key=f"color-{stamp}",
    )
    asked = (x, tuple(y), color or None)
    return chart if asked == (chart.x, chart.y, chart.color) else with_axes(chart, answer.result, *asked)


def place(names: list[str], name: str | None) -> int | None:
    """Where a name stands in a list; None where it does not."""
    return names.index(name) if name in names else None
