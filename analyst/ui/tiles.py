"""One tile of a dashboard: its chart, how fresh it is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from analyst.datefilter import within_period
from analyst.store import Dashboard, Place, Tile
from analyst.ui import words
from analyst.ui.boundary import calmly, show_error
from analyst.ui.charts import show_chart
from analyst.ui.grid import moved, resized
from analyst.ui.markdown import escape, escape_lines
from analyst.ui.periods import period_of
from analyst.ui.person import home, language, say
from analyst.ui.refreshing import SEPARATOR, error_of, refresh


def show_tile(tile: Tile, dashboard: Dashboard) -> None:
    """A frame with title, menu, chart and what is known of its freshness."""
    with st.container(border=True, height="stretch", key=f"tile-{tile.id}"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False):
            st.markdown(f"**{escape(tile.title)}**", width="stretch")
            with st.popover("", icon=":material/more_horiz:", type="tertiary", help=say(words.MORE), key=f"tile-menu-{tile.id}"), calmly():
                show_menu(tile, dashboard)
        with calmly():
            show_body(tile, dashboard)


def show_body(tile: Tile, dashboard: Dashboard) -> None:
    """The chart as last seen, and why it may not be the newest."""
    if tile.answer is None:
        st.info(say(words.UNREADABLE_TILE))
    else:
        show_chart(replace(tile.chart, title=""), tile.answer.result, f"tile-chart-{tile.id}", str(tile.refreshed))
    error = error_of(tile, dashboard)
    if error:
        show_error(error)
    elif tile.data_version.partition(SEPARATOR)[0] != home().version:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/update: {say(words.STALE)}")
            if st.button(say(words.REFRESH), key=f"refresh-{tile.id}", icon=":material/refresh:", type="tertiary"):
                refresh([tile], dashboard)
                st.rerun()
    unfiltered(tile, dashboard)


def unfiltered(tile: Tile, dashboard: Dashboard) -> None:
    """Say so where the dashboard's dates cannot hold for this tile."""
    period, data = period_of(dashboard.dates, date.today()), home().workspace.data
    if period and data and not within_period(tile.sql, period, data.schema).columns:
        st.caption(f":material/filter_alt_off: {say(words.UNFILTERED)}")


def show_menu(tile: Tile, dashboard: Dashboard) -> None:
    """What the tile says, its name and place, refresh and removal."""
    if tile.answer:
        st.markdown(escape_lines(tile.answer.commentary))
        st.caption(escape(tile.answer.reading.summary.in_language(language())))
        st.code(tile.sql, language="sql", wrap_lines=True)
        st.caption(say(words.SEEN, when=f"{tile.refreshed.astimezone():%Y-%m-%d %H:%M}"))
    key = f"tile-title-{tile.id}"
    st.text_input(say(words.PIN_TITLE), value=tile.title, key=key, max_chars=120, on_change=rename, args=(tile.id, key))
    show_place(tile, dashboard)
    if st.button(say(words.REFRESH), key=f"menu-refresh-{tile.id}", icon=":material/refresh:"):
        refresh([tile], dashboard)
        st.rerun()
    st.button(
        say(words.REMOVE_TILE), key=f"remove-tile-{tile.id}", icon=":material/delete:", on_click=home().store.remove_tile, args=(tile.id,)
    )


def show_place(tile: Tile, dashboard: Dashboard) -> None:
    """Forward and back in the order, and how wide."""
    with st.container(horizontal=True, gap="small"):
        for label, icon, by in ((words.EARLIER_PLACE, "arrow_back", -1), (words.LATER_PLACE, "arrow_forward", 1)):
            st.button(
                say(label), icon=f":material/{icon}:", key=f"move{by}-{tile.id}", on_click=put, args=(moved(dashboard.tiles, tile.id, by),)
            )
    key = f"width-{tile.id}-{tile.place.width}"
    width = st.segmented_control(
        say(words.WIDTH),
        list(words.WIDTHS),
        default=tile.place.width if tile.place.width in words.WIDTHS else None,
        format_func=lambda width: say(words.WIDTHS[width]),
        key=key,
    )
    if width and width != tile.place.width:
        put(resized(dashboard.tiles, tile.id, width))
        st.rerun()


def put(places: Mapping[int, Place]) -> None:
    """Keep the tiles' places."""
    home().store.place_tiles(places)


def rename(tile: int, key: str) -> None:
    """Take the title from the field; an empty one changes nothing."""
    title = str(st.session_state[key]).strip()
    if title:
        home().store.rename_tile(tile, title)
