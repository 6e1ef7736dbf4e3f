"""Rows as a grid."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import streamlit as st

from analyst.terms import ResultSet
from analyst.ui import words
from analyst.ui.person import counted, rows_words, say


def show_rows(result: ResultSet, key: str) -> None:
    """The rows as a grid that can be sorted and searched."""
    rows, columns = rows_words(result.table.num_rows), counted(len(result.columns), words.ONE_COLUMN, words.MANY_COLUMNS)
    st.dataframe(result.table, hide_index=True, key=key, height="auto", column_config=number_columns(result))
    why = words.TRUNCATED_SIZE if result.cut_by_size else words.TRUNCATED
    cut = say(why, rows=rows) if result.truncated else say(words.SHOWN_ROWS, rows=rows, columns=columns)
    st.caption(cut)


def number_columns(result: ResultSet) -> dict[str, Any]:
    """Fractions with their thousands set apart; whole numbers stay bare, since years and ids are among them."""
    numbers = [field.name for field in result.table.schema if pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)]
    return {name: st.column_config.NumberColumn(format="localized") for name in numbers}
