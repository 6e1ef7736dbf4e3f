"""The page of pinned answers: one dashboard at a time, its dates, its tiles, and a file of it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from analyst.draw import draw
from analyst.export import Tile as ExportedTile
from analyst.export import dashboard_html
from analyst.store import Dashboard, DateFilter
from analyst.ui import words
from analyst.ui.boundary import calmly
from analyst.ui.export import file_name
from analyst.ui.grid import COLUMNS, rows_of
from analyst.ui.look import widen
from analyst.ui.markdown import escape
from analyst.ui.periods import CUSTOM, choice_of
from analyst.ui.person import dark, home, language, paragraph, say
from analyst.ui.refreshing import refresh, tiles_of_other_days
from analyst.ui.tiles import show_tile


def dashboard_page() -> None:
    """The dashboard that is open, or how to get one."""
    widen()
    dashboard = open_dashboard()
    if dashboard is None or not (dashboard.tiles or len(home().store.dashboards()) > 1):
        show_nothing_pinned()
        return
    with calmly():
        show_head(dashboard)
    late = tiles_of_other_days(dashboard)
    if late:
        refresh(late, dashboard)
        dashboard = home().store.dashboard(dashboard.id) or dashboard
    if not dashboard.tiles:
        show_nothing_pinned()
    for row in rows_of(dashboard.tiles):
        widths = [tile.place.width for tile in row]
        rest = COLUMNS - sum(widths)
        for place, tile in zip(st.columns([*widths, *([rest] if rest else [])]), row, strict=False):
            with place:
                show_tile(tile, dashboard)


def open_dashboard() -> Dashboard | None:
    """The dashboard the person chose, else the first."""
    boards = {board.id: board for board in home().store.dashboards()}
    if not boards:
        return None
    chosen = st.session_state.get("dashboard")
    return home().store.dashboard(chosen if chosen in boards else next(iter(boards)))


def show_nothing_pinned() -> None:
    """An empty dashboard says how it is filled."""
    st.title(say(words.DASHBOARD), anchor=False)
    st.markdown(paragraph(words.NO_TILES, words.NO_TILES_HINT))
    if st.button(say(words.ASK_NOW), icon=":material/forum:", type="primary"):
        st.switch_page(st.session_state["chat-page"])


def show_head(dashboard: Dashboard) -> None:
    """Name, choice of dashboard, dates, refresh and export."""
    boards = {board.id: board.name for board in home().store.dashboards()}
    st.title(escape(dashboard.name), anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if len(boards) > 1:
            chosen = st.selectbox(
                say(words.DASHBOARD), list(boards), index=list(boards).index(dashboard.id), format_func=boards.__getitem__, width=220
            )
            if chosen != dashboard.id:
                st.session_state["dashboard"] = chosen
                st.rerun()
        show_dates(dashboard)
        if st.button(say(words.REFRESH_ALL), icon=":material/refresh:"):
            refresh(dashboard.tiles, dashboard)
            st.rerun()
        st.download_button(
            say(words.EXPORT_HTML),
            lambda: exported(dashboard),
            file_name=f"{file_name(dashboard.name)}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover("", icon=":material/more_horiz:", help=say(words.MORE), key=f"board-menu-{dashboard.id}"), calmly():
            show_menu(dashboard)


def show_menu(dashboard: Dashboard) -> None:
    """Rename, another dashboard, delete."""
    key = f"board-name-{dashboard.id}"
    st.text_input(say(words.NAME), value=dashboard.name, key=key, max_chars=80, on_change=rename, args=(dashboard.id, key))
    st.button(say(words.NEW_DASHBOARD), icon=":material/add:", on_click=begin_dashboard)
    st.divider()
    st.caption(say(words.DELETE_DASHBOARD))
    st.button(say(words.DELETE), icon=":material/delete:", on_click=home().store.delete_dashboard, args=(dashboard.id,), key="delete-board")


def rename(dashboard: int, key: str) -> None:
    """Take the name from the field; an empty one changes nothing."""
    name = str(st.session_state[key]).strip()
    if name:
        home().store.rename_dashboard(dashboard, name)


def begin_dashboard() -> None:
    """Another dashboard, opened at once."""
    st.session_state["dashboard"] = home().store.add_dashboard(say(words.NEW_DASHBOARD))


def show_dates(dashboard: Dashboard) -> None:
    """The period for all tiles; two days where the person wants their own."""
    choice = st.selectbox(
        say(words.DATES),
        list(words.PRESETS),
        index=list(words.PRESETS).index(choice_of(dashboard.dates)),
        format_func=lambda name: say(words.PRESETS[name]),
        key=f"dates-{dashboard.id}-{language()}",
        width=200,
    )
    wanted = own_days(dashboard) if choice == CUSTOM else DateFilter(preset=choice or "")
    if wanted != dashboard.dates:
        home().store.set_dates(dashboard.id, wanted)
        st.rerun()


def own_days(dashboard: Dashboard) -> DateFilter:
    """The days the person picks; at first the year so far."""
    today = date.today()
    first = st.date_input(say(words.FROM_DAY), value=dashboard.dates.start or date(today.year, 1, 1), key=f"from-{dashboard.id}", width=150)
    last = st.date_input(say(words.TO_DAY), value=dashboard.dates.end or today, key=f"to-{dashboard.id}", width=150)
    return replace(DateFilter(), start=min(first, last), end=max(first, last))


def exported(dashboard: Dashboard) -> bytes:
    """The dashboard as one HTML file that asks nothing of any server."""
    tiles = [
        ExportedTile(
            title=tile.title,
            figure=draw(tile.chart, tile.answer.result, language(), dark=dark()),
            result=tile.answer.result,
            commentary=tile.answer.commentary,
            reading=tile.answer.reading.summary.in_language(language()),
            sql=tile.sql,
        )
        for tile in dashboard.tiles
        if tile.answer
    ]
    return dashboard_html(dashboard.name, tiles, language(), dark=dark()).encode()
