"""An answer as it stands in a conversation: chart, words, rows, receipt, SQL, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analyst.settings import settings
from analyst.store import StoredMessage
from analyst.terms import Answer, Bilingual, Choice, Clarification, Failure, Refusal
from analyst.ui import asking, words
from analyst.ui.boundary import calmly
from analyst.ui.charts import show_chart
from analyst.ui.chartswitch import chart_popover
from analyst.ui.export import export_popover
from analyst.ui.feedback import thumbs
from analyst.ui.markdown import escape, escape_lines
from analyst.ui.modelstate import is_served
from analyst.ui.person import language, say
from analyst.ui.pin import pin_popover
from analyst.ui.receipt import show_receipt
from analyst.ui.rows import show_rows
from analyst.ui.sqlpanel import follow_sql, show_sql

FAIRLY_FROM = 0.5  # below this the next reading may well be the one that was meant

USER, ASSISTANT = ":material/person:", str(Path(__file__).parent / "art" / "icon.svg")


def show_message(message: StoredMessage) -> None:
    """A question and its reply."""
    show_question(message.question.text, str(message.id))
    show_answered(message)


def show_answered(message: StoredMessage) -> None:
    """The reply, and the person's own SQL as long as it runs."""
    with st.chat_message("assistant", avatar=ASSISTANT):
        show_reply(message)
        follow_sql(message)


def show_question(text: str, key: str) -> None:
    """What the person asked."""
    with st.container(key=f"question-{key}"), st.chat_message("user", avatar=USER):
        st.markdown(escape_lines(text))


@st.fragment
def show_reply(message: StoredMessage) -> None:
    """The reply; what is clicked in it draws only it again."""
    with calmly():
        match message.reply:
            case Answer():
                show_answer(message, message.reply)
            case Clarification():
                st.markdown(escape_lines(message.reply.message))
                show_choices(message.reply.choices, f"clarify-{message.id}")
            case Refusal():
                st.markdown(escape_lines(message.reply.message))
                show_choices(message.reply.suggestions, f"suggest-{message.id}")
            case Failure():
                show_failure(message, message.reply)


def show_answer(message: StoredMessage, answer: Answer) -> None:
    """Chart first, then the words about it; rows, SQL and receipt one click away, the receipt's first line always there."""
    chart = message.chart or answer.chart
    show_summary(answer)
    chart_tab, rows_tab, sql_tab, receipt_tab = st.tabs(
        [
            say(words.CHART_TAB),
            f"{say(words.ROWS_TAB)} ({answer.result.table.num_rows:,})",
            say(words.SQL_TAB),
            say(words.RECEIPT_TAB),
        ],
        key=f"tabs-{message.id}",
    )
    with chart_tab:
        show_chart(chart, answer.result, f"chart-{message.id}", str(answer.seconds))
        st.markdown(escape_lines(answer.commentary))
        show_cautions(answer)
    with rows_tab:
        show_rows(answer.result, f"rows-{message.id}")
    with sql_tab:
        show_sql(message, answer)
    with receipt_tab:
        show_receipt(answer, f"receipt-{message.id}")
    if answer.alternatives:
        show_choices(answer.alternatives, f"alternative-{message.id}", say(words.OR_MEAN))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"actions-{message.id}"):
        chart_popover(message, answer, chart)
        export_popover(message, answer, chart)
        pin_popover(message, answer, chart)
        thumbs(message)


def show_summary(answer: Answer) -> None:
    """The receipt's first line: what was computed, and how sure that this was meant."""
    st.caption(f"{escape(answer.reading.summary.in_language(language()))} · {say(sureness(answer))}")


def sureness(answer: Answer) -> Bilingual:
    """Confidence in words."""
    if answer.model == "person":
        return words.BY_PERSON
    if answer.confidence >= settings().confident_from:
        return words.SURE
    return words.FAIRLY if answer.confidence >= FAIRLY_FROM else words.UNSURE


def show_cautions(answer: Answer) -> None:
    """What to be careful of: seen, but quiet."""
    for caution in answer.cautions:
        st.caption(f":material/warning: {escape(caution.message.in_language(language()))}")


def show_choices(choices: tuple[Choice, ...], key: str, lead: str = "") -> None:
    """Readings or questions to click, after a word that says what they are."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"chips-{key}"):
        if lead:
            st.caption(lead, width="content")
        for number, choice in enumerate(choices):
            if st.button(escape(choice.label), key=f"{key}-{number}"):
                choose(choice)
                st.rerun()


def choose(choice: Choice) -> None:
    """Ask what the choice stands for."""
    text = f"{choice.question} ({choice.label})" if choice.sql and choice.label != choice.question else choice.question
    asking.begin(text, choice.sql)


def show_failure(message: StoredMessage, failure: Failure) -> None:
    """What went wrong, what was tried, and another try."""
    st.warning(escape(failure.message), icon=":material/error:")
    if failure.attempts:
        with st.expander(say(words.TRIED)):
            for attempt in failure.attempts:
                if attempt.sql:
                    st.code(attempt.sql, language="sql", wrap_lines=True)
                st.caption(say(words.TRIED_ERROR, error=escape(attempt.error)))
    with st.container(horizontal=True):
        again = st.button(say(words.ASK_AGAIN), key=f"again-{message.id}")
        by_builtin = is_served() and st.button(say(words.ASK_BUILTIN), key=f"builtin-{message.id}")
    if again or by_builtin:
        asking.begin(message.question.text, builtin=by_builtin)
        st.rerun()
