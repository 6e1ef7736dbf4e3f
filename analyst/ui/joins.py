"""How tables belong together: a small diagram, and a list in which a person confirms, removes or adds a relation."""

from __future__ import annotations

import streamlit as st

from analyst.terms import Join, JoinEnds, Schema
from analyst.ui import words
from analyst.ui.boundary import calmly
from analyst.ui.markdown import escape
from analyst.ui.person import dark, home, say, schema_of
from analyst.writing.plain import visible

INK, PAPER, LINE = {False: "#1f2733", True: "#e5e9ef"}, {False: "#f3f5f8", True: "#1e242d"}, {False: "#5b6675", True: "#a3adba"}


def show_joins() -> None:
    """Diagram, list and addition; nothing where there is only one table."""
    data = home().workspace.data
    if data is None or len(data.names.tables) < 2:
        return
    st.header(say(words.JOINS), anchor=False)
    schema = schema_of(data)
    if schema.joins:
        st.graphviz_chart(diagram(schema))
        st.caption(say(words.JOINS_HINT))
    else:
        st.caption(say(words.NO_JOINS))
    for number, join in enumerate(schema.joins):
        with calmly():
            show_join(join, number)
    with calmly():
        show_addition(schema)


def diagram(schema: Schema) -> str:
    """The joined tables as boxes, each join as an arrow from the many to the one, in Graphviz's language."""
    names = {join.table for join in schema.joins} | {join.parent_table for join in schema.joins}
    ink, paper, line = INK[dark()], PAPER[dark()], LINE[dark()]
    boxes = [f"{dot(table.name)} [label={dot(table.name)}]" for table in schema.tables if table.name in names]
    arrows = [f"{dot(join.table)} -> {dot(join.parent_table)} [label={dot(label(join))}, style={line_of(join)}]" for join in schema.joins]
    look = (
        f'graph [rankdir=LR, bgcolor=transparent, nodesep=0.35, ranksep=1.1] node [shape=box, style="rounded,filled", fillcolor="{paper}", '
        f'color="{line}", fontcolor="{ink}", fontname="sans-serif", fontsize=12, margin="0.2,0.1"] '
        f'edge [color="{line}", fontcolor="{ink}", fontname="sans-serif", fontsize=10, arrowsize=0.7, arrowtail=crow, dir=both]'
    )
    return "digraph {" + ";".join([look, *boxes, *arrows]) + "}"


def line_of(join: Join) -> str:
    """Dashed for a join that nobody has confirmed."""
    return "dashed" if join.origin == "proved" else "solid"


def label(join: Join) -> str:
    """The joined columns: one name where both are called the same."""
    return join.column if join.column == join.parent_column else f"{join.column} = {join.parent_column}"


def dot(text: str) -> str:
    """A string in Graphviz's language."""
    return '"' + visible(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') + '"'


def show_join(join: Join, number: int) -> None:
    """One relation with what it rests on, and what can be said of it."""
    left = say(words.COLUMN_OF, table=f"**{escape(join.table)}**", column=escape(join.column))
    right = say(words.COLUMN_OF, table=f"**{escape(join.parent_table)}**", column=escape(join.parent_column))
    basis = f"{say(words.JOIN_ORIGIN[join.origin])}, {say(words.JOIN_SHARE, share=f'{join.containment:.0%}')}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"join-{number}"):
        st.markdown(f"{left} :material/arrow_forward: {right}  \n:gray[{basis}]", width="stretch")
        if join.origin == "proved":
            st.button(say(words.CONFIRM), icon=":material/check:", key=f"confirm-{number}", on_click=confirm, args=(join.ends,))
        st.button(say(words.REMOVE), icon=":material/close:", key=f"unjoin-{number}", type="tertiary", on_click=unjoin, args=(join.ends,))


def confirm(ends: JoinEnds) -> None:
    """The person says that it is right."""
    home().store.set_join(ends, "confirmed")
    home().workspace.edits_changed()


def unjoin(ends: JoinEnds) -> None:
    """The person says that it is wrong."""
    home().store.set_join(ends, "removed")
    home().workspace.edits_changed()


def show_addition(schema: Schema) -> None:
    """Two columns to relate."""
    places = [(table.name, column.name) for table in schema.tables for column in table.columns]
    with st.expander(say(words.ADD_JOIN), key="add-join"), st.form("new-join", border=False):
        many = st.selectbox(say(words.FROM_COLUMN), places, index=None, format_func=named, key="join-many")
        one = st.selectbox(say(words.TO_COLUMN), places, index=None, format_func=named, key="join-one")
        if st.form_submit_button(say(words.ADD), icon=":material/add:") and many and one and many[0] != one[0]:
            home().store.set_join(JoinEnds(*many, *one), "added")
            home().workspace.edits_changed()
            st.rerun()


def named(place: tuple[str, str]) -> str:
    """A column with its table."""
    return say(words.COLUMN_OF, table=place[0], column=place[1])
