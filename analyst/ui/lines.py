"""A list of names and what is to be said of each, as two columns without a heading."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st


def show_lines(lines: Iterable[tuple[str, str]], key: str) -> None:
    """Draw them; both parts are Markdown."""
    with st.container(key=f"lines-{key}"):
        st.markdown("\n".join(["| | |", "|---|---|", *(f"| {name} | {told} |" for name, told in lines)]))
