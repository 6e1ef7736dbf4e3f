"""The tables on the Data page: what was read, how, and what was not."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import streamlit as st

from analyst.export import defused_csv
from analyst.preview import first_rows
from analyst.terms import Table
from analyst.ui import words
from analyst.ui.adding import forget_report
from analyst.ui.boundary import calmly
from analyst.ui.columns import show_columns
from analyst.ui.dateorder import show_date_orders
from analyst.ui.export import file_name
from analyst.ui.lines import show_lines
from analyst.ui.markdown import escape
from analyst.ui.person import counted, home, language, rows_words, say, schema_of
from analyst.ui.rows import show_rows
from analyst.ui.sources import source_of
from analyst.writing.plain import visible
from connectors.files import LoadedTable

PREVIEWED = 50  # rows
REJECTS_SHOWN = 1_000  # the rest stand in the file that can be downloaded
LISTED_AS_PILLS = 8  # more tables than this are easier to find in a list that can be searched
DELIMITERS = {"\t": words.TAB, " ": words.SPACE}


def show_tables() -> None:
    """A choice of tables, and everything about the chosen one."""
    data = home().workspace.data
    st.header(say(words.TABLES), anchor=False)
    if data is None or not data.names.tables:
        st.info(say(words.NO_TABLES), icon=":material/table:")
        return
    table = chosen_table(schema_of(data).tables)
    loaded = {read.name.casefold(): read for read in home().workspace.loaded}.get(table.name.casefold())
    rejected = loaded.rejected if loaded else 0
    names = [say(words.COLUMNS_TAB), say(words.FIRST_ROWS_TAB), say(words.REPORT_TAB)]
    tabs = st.tabs(
        [*names, *([say(words.REJECTED_TAB, count=f"{rejected:,}")] if loaded and loaded.rejects_file else [])], key=f"about-{table.name}"
    )
    with tabs[0], calmly():
        show_columns(table, loaded)
    with tabs[1], calmly():
        rows = first_rows(data, table.name, PREVIEWED, home().workspace.limits)
        if rows:
            show_rows(rows, f"first-{table.name}")
    with tabs[2], calmly():
        show_reading(table, loaded)
    if loaded and loaded.rejects_file:
        with tabs[3], calmly():
            show_rejected(loaded)


def chosen_table(tables: tuple[Table, ...]) -> Table:
    """The table the person looks at."""
    by_name = {table.name: table for table in tables}
    names = list(by_name)
    kept = st.session_state.get("table-chosen")
    index = names.index(kept) if kept in names else 0
    label = say(words.TABLES)
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(names) <= LISTED_AS_PILLS:
            name = st.pills(
                label,
                names,
                default=names[index],
                format_func=lambda name: titled(by_name[name]),
                required=True,
                wrap=True,
                label_visibility="collapsed",
                key=f"table-pills-{kept}",
            )
        else:
            name = st.selectbox(
                label,
                names,
                index=index,
                format_func=lambda name: titled(by_name[name], visible),
                label_visibility="collapsed",
                key=f"table-list-{kept}",
            )
        st.session_state["table-chosen"] = name
        show_removal(by_name[name or names[index]])
    return by_name[name or names[index]]


def titled(table: Table, shown: Callable[[str], str] = escape) -> str:
    """A table's name with its size, as Markdown or as `shown` writes it."""
    return say(words.TABLE_WITH_ROWS, table=shown(table.name), rows=rows_words(table.rows))


def show_removal(table: Table) -> None:
    """Taking the table out, asked twice."""
    with st.popover(say(words.REMOVE_TABLE), icon=":material/delete:", type="tertiary", key=f"removal-{table.name}"), calmly():
        st.markdown(say(words.REMOVE_TABLE_SURE, table=f"**{escape(table.name)}**"))
        if st.button(say(words.REMOVE), key=f"remove-{table.name}", type="primary"):
            home().workspace.remove_table(table.name)
            forget_report()
            st.rerun()


def show_reading(table: Table, loaded: LoadedTable | None) -> None:
    """File, encoding, delimiter and everything a careful person would want to be told; date orders can be switched."""
    size = f"{rows_words(table.rows)}, {counted(len(table.columns), words.ONE_COLUMN, words.MANY_COLUMNS)}"
    st.caption(size)
    if loaded is None:
        return
    show_lines(reading_lines(loaded), f"reading-{table.name}")
    remarks = [*(note.in_language(language()) for note in loaded.notes), *unread(loaded)]
    for remark in remarks:
        st.markdown(f":material/info: {escape(remark)}")
    if not remarks:
        st.caption(say(words.NOTHING_TO_REPORT))
    source = source_of(loaded)
    if source:
        show_date_orders(loaded, source)


def reading_lines(loaded: LoadedTable) -> Iterator[tuple[str, str]]:
    """How the file was read, line by line."""
    yield say(words.FILE), escape(loaded.path.name)
    if loaded.sheet:
        yield say(words.SHEET), escape(loaded.sheet)
    if loaded.encoding:
        yield say(words.ENCODING), escape(loaded.encoding)
    if loaded.delimiter:
        spelled = DELIMITERS.get(loaded.delimiter)
        yield say(words.DELIMITER), say(spelled) if spelled else escape(loaded.delimiter)
    yield say(words.HEADER), str(loaded.header_lines)
    if loaded.skipped_lines:
        yield say(words.SKIPPED), str(loaded.skipped_lines)


def unread(loaded: LoadedTable) -> Iterator[str]:
    """Columns some of whose cells did not fit their type."""
    for column in loaded.columns:
        if column.unread:
            type_name = words.TYPES.get(column.type)
            yield say(words.UNREAD_CELLS, column=column.name, count=f"{column.unread:,}", type=say(type_name) if type_name else column.type)


def show_rejected(loaded: LoadedTable) -> None:
    """The rows that are not in the table, with line and reason."""
    if loaded.rejects_file is None or not loaded.rejects_file.exists():
        return
    st.caption(say(words.REJECTED_HINT))
    st.dataframe(rejected_rows(loaded.rejects_file), hide_index=True, key=f"rejects-{loaded.name}")
    st.download_button(
        say(words.DOWNLOAD_REJECTED),
        defused_csv(loaded.rejects_file.read_text(encoding="utf-8-sig")),
        file_name=f"{file_name(loaded.name)}-rejected.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def rejected_rows(path: Path) -> list[dict[str, str]]:
    """The first of them, the reason in the person's language."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(islice(csv.DictReader(file), REJECTS_SHOWN))
    reason = f"reason_{language()}"
    return [
        {
            say(words.LINE): row.get("line", ""),
            say(words.COLUMN): row.get("column", ""),
            say(words.REASON): row.get(reason, ""),
            say(words.TEXT): row.get("text", ""),
        }
        for row in rows
    ]
