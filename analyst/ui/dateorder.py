"""Columns whose dates fit more than one order: the order taken, and a switch to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from analyst.store import StoredSource
from analyst.ui import words
from analyst.ui.adding import begin_adding, forget_report
from analyst.ui.markdown import escape
from analyst.ui.person import say
from connectors.files import ColumnOptions, LoadedColumn, LoadedTable, Source

EXAMPLE = date(2024, 12, 31)  # its day is past 12, so that day and month cannot be mistaken


def show_date_orders(loaded: LoadedTable, source: StoredSource) -> None:
    """A choice for each such column, and a way back for each that the person chose for."""
    for column in loaded.columns:
        chosen = source.options.columns.get(header_of(column), ColumnOptions()).format
        if column.other_formats:
            show_order(loaded, source, column)
        elif chosen:
            show_choice(loaded, source, column, chosen)


def show_order(loaded: LoadedTable, source: StoredSource, column: LoadedColumn) -> None:
    """The orders that fit, the one in use first; another one reads the file again."""
    formats = list(dict.fromkeys([column.format, *column.other_formats]))
    with st.container(border=True):
        st.markdown(f":material/calendar_month: {say(words.DATE_ORDER, column=f'**{escape(column.name)}**')}")
        key = f"order-{loaded.name}-{column.name}"
        wanted = st.radio(
            say(words.TYPE),
            formats,
            format_func=lambda form: escape(format_words(form)),
            key=key,
            horizontal=True,
            label_visibility="collapsed",
        )
        if st.button(say(words.SWITCH), key=f"switch-{key}", disabled=wanted == column.format):
            read_again(loaded, source, column, wanted)


def show_choice(loaded: LoadedTable, source: StoredSource, column: LoadedColumn, chosen: str) -> None:
    """The order that the person chose, and the way back."""
    with st.container(border=True):
        order = escape(format_words(chosen))
        st.markdown(f":material/calendar_month: {say(words.ORDER_CHOSEN, column=f'**{escape(column.name)}**', order=order)}")
        if st.button(say(words.FIND_ORDER), key=f"order-back-{loaded.name}-{column.name}"):
            read_again(loaded, source, column, None)


def read_again(loaded: LoadedTable, source: StoredSource, column: LoadedColumn, order: str | None) -> None:
    """Read the file with the column's dates in that order; None lets it be found out."""
    header = header_of(column)
    options = replace(source.options.columns.get(header, ColumnOptions()), format=order)
    forget_report()
    begin_adding([Source(source.path, replace(source.options, columns={**source.options.columns, header: options}))], loaded.name)
    st.rerun()


def header_of(column: LoadedColumn) -> str:
    """The column's name in the file."""
    return column.header or column.name


def format_words(form: str) -> str:
    """An order with an example, such as day/month/year (31/12/2024)."""
    spelled = form
    for part, name in words.DATE_PARTS.items():
        spelled = spelled.replace(part, say(name))
    return f"{spelled} ({EXAMPLE.strftime(form)})" if "%" in form else form
