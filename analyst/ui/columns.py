"""A table's columns as a grid: what was found, and what the person says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from analyst.terms import Bilingual, Column, ColumnEdit, Table
from analyst.ui import words
from analyst.ui.adding import begin_adding, forget_report
from analyst.ui.person import home, language, say
from analyst.ui.sources import source_of
from connectors.errors import FileRejected
from connectors.files import ColumnOptions, LoadedTable, ReadOptions, Source

SAMPLES_SHOWN = 4
LONGEST_SAMPLE = 40  # characters

Row = dict[str, Any]


def show_columns(table: Table, loaded: LoadedTable | None) -> None:
    """The grid, and a button that keeps what was changed in it."""
    st.caption(say(words.COLUMNS_HINT))
    data = home().workspace.data
    before = [row_of(column) for column in table.columns]
    rows = st.data_editor(
        before,
        hide_index=True,
        num_rows="fixed",
        key=f"columns-{table.name}-{data.schema.version if data else ''}-{language()}",
        column_config=column_config(table),
    )
    if st.button(say(words.SAVE_COLUMNS), type="primary", disabled=rows == before, key=f"save-{table.name}", icon=":material/save:"):
        save(table, loaded, before, list(rows))


def row_of(column: Column) -> Row:
    """A column as a row of the grid."""
    return {
        "name": column.name,
        "type": column.type,
        "role": column.role,
        "unit": column.unit,
        "description": column.description,
        "missing": column.missing / column.rows if column.rows else 0.0,
        "distinct": column.distinct,
        "samples": say(words.AND).join(short(value) for value, _ in column.frequent[:SAMPLES_SHOWN]),
        "range": say(words.RANGE_WORDS, low=short(column.minimum), high=short(column.maximum))
        if column.role in ("measure", "time") and column.minimum is not None
        else "",
    }


def short(value: object) -> str:
    """A cell as a sample."""
    text = f"{value:,.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST_SAMPLE else f"{text[:LONGEST_SAMPLE]}…"


def column_config(table: Table) -> Mapping[str, Any]:
    """Headings, choices and widths; what was found cannot be typed over."""
    kinds = list(dict.fromkeys([*words.TYPES, *(column.type for column in table.columns)]))
    grid = st.column_config
    return {
        "name": grid.TextColumn(say(words.COLUMN), required=True, max_chars=120),
        "type": grid.SelectboxColumn(
            say(words.TYPE), options=kinds, required=True, width=125, format_func=lambda kind: type_words(str(kind))
        ),
        "role": grid.SelectboxColumn(say(words.ROLE), options=list(words.ROLES), required=True, width=135, format_func=role_words),
        "unit": grid.TextColumn(say(words.UNIT), width="small", max_chars=20),
        "description": grid.TextColumn(say(words.DESCRIPTION), max_chars=500),
        "missing": grid.NumberColumn(say(words.MISSING_SHARE), format="percent", disabled=True, width="small"),
        "distinct": grid.NumberColumn(say(words.DISTINCT), format="localized", disabled=True, width="small"),
        "samples": grid.TextColumn(say(words.SAMPLES), disabled=True),
        "range": grid.TextColumn(say(words.RANGE), disabled=True),
    }


def role_words(role: object) -> str:
    """A role as a person says it."""
    return next(say(name) for known, name in words.ROLES.items() if known == role)


def type_words(kind: str) -> str:
    """A type as a person says it; a database's own name where there is no plainer one."""
    return say(words.TYPES[kind]) if kind in words.TYPES else kind


def save(table: Table, loaded: LoadedTable | None, before: Sequence[Row], after: Sequence[Row]) -> None:
    """Keep roles, units and descriptions; read the file again where names or types changed. Raises FileRejected."""
    check_names(after)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    reread = [(old, new) for old, new in changed if (old["name"], old["type"]) != (new["name"], new["type"])]
    source = sourced(table, loaded) if reread else None
    store = home().store
    for old, new in changed:
        kept = store.edits().columns.get((table.name, old["name"]), ColumnEdit())
        said = replace(
            kept,
            role=new["role"] if new["role"] != old["role"] else kept.role,
            unit=new["unit"] or "" if new["unit"] != old["unit"] else kept.unit,
            description=new["description"] or "" if new["description"] != old["description"] else kept.description,
        )
        if said != kept:
            store.set_column_edit(table.name, old["name"], said)
    for old, new in reread:
        if old["name"] != new["name"]:
            store.rename_column(table.name, old["name"], new["name"])
    forget_report()
    if source and loaded:
        begin_adding([Source(source.path, with_columns(source.options, loaded, reread))], table.name)
    else:
        home().workspace.edits_changed()
    st.rerun()


def check_names(rows: Sequence[Row]) -> None:
    """Raise FileRejected where a column has no name, or two have the same."""
    seen: set[str] = set()
    for row in rows:
        name = str(row["name"] or "").strip()
        if not name:
            raise FileRejected(words.EMPTY_NAME, words.RENAME_HINT)
        if name.casefold() in seen:
            raise FileRejected(Bilingual(*(text.format(name=name) for text in words.TWICE_NAMED)), words.RENAME_HINT)
        seen.add(name.casefold())


def sourced(table: Table, loaded: LoadedTable | None) -> Source:
    """The file to read again. Raises FileRejected where there is none."""
    source = source_of(loaded) if loaded else None
    if source is None:
        raise FileRejected(Bilingual(*(text.format(table=table.name) for text in words.NOT_REREADABLE)), words.NOT_REREADABLE_HINT)
    return Source(source.path, source.options)


def with_columns(options: ReadOptions, loaded: LoadedTable, changes: Sequence[tuple[Row, Row]]) -> ReadOptions:
    """The file's options with new names and types, by the headers that stand in the file."""
    headers = {column.name: column.header for column in loaded.columns}
    columns = dict(options.columns)
    for old, new in changes:
        header = headers.get(old["name"]) or str(old["name"])
        kept = columns.get(header, ColumnOptions())
        name = str(new["name"]).strip() if new["name"] != old["name"] else kept.name
        kind = str(new["type"]) if new["type"] != old["type"] else kept.type
        columns[header] = replace(kept, name=name, type=kind, format=kept.format if kind == kept.type else None)
    return replace(options, columns=columns)
