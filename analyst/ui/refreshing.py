"""Tiles run again: on the data as it is now, within the dashboard's dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from threading import Event

import streamlit as st

from analyst.ask import run_sql
from analyst.datefilter import Period, within_period
from analyst.errors import AnalystError, QueryCancelled
from analyst.store import Dashboard, Tile
from analyst.terms import Answer
from analyst.ui import words
from analyst.ui.errand import Errand, ending_with_the_page
from analyst.ui.markdown import escape
from analyst.ui.periods import period_of
from analyst.ui.person import Home, home, say

SEPARATOR = "|"  # between the data's version and the period, in what a tile remembers

Outcome = tuple[Tile, AnalystError | None]


def stamp(dashboard: Dashboard) -> str:
    """What a tile that is up to date remembers: the data's version and the days shown."""
    period = period_of(dashboard.dates, date.today())
    return f"{home().version}{SEPARATOR}{period.first}{SEPARATOR}{period.last}" if period else home().version


def days_of(version: str) -> str:
    """The days in what a tile remembers; empty for all."""
    return version.partition(SEPARATOR)[2]


def tiles_of_other_days(dashboard: Dashboard) -> list[Tile]:
    """Tiles whose rows are not those of the dashboard's dates: just pinned, or seen on another day."""
    days = days_of(stamp(dashboard))
    failed = st.session_state.get("tile-errors", {})
    return [tile for tile in dashboard.tiles if days_of(tile.data_version) != days and (tile.id, stamp(dashboard)) not in failed]


def refresh(tiles: Sequence[Tile], dashboard: Dashboard) -> None:
    """Run tiles again, one after another, and keep what they give; what fails is told at its tile."""
    me, period, version = home(), period_of(dashboard.dates, date.today()), stamp(dashboard)
    errand: Errand[Outcome] = Errand(dashboard.name, lambda cancelled: outcomes(me, tiles, period, version, cancelled))
    errors = st.session_state.setdefault("tile-errors", {})
    place, done = st.empty(), 0
    with ending_with_the_page(errand):
        for outcome in errand.steps():
            if outcome:
                tile, error = outcome
                done += 1
                errors.pop((tile.id, version), None)
                if error:
                    errors[(tile.id, version)] = error
            title = tiles[min(done, len(tiles) - 1)].title
            place.progress(done / len(tiles), say(words.REFRESHING, title=escape(title)))
    place.empty()


def outcomes(me: Home, tiles: Sequence[Tile], period: Period | None, version: str, cancelled: Event) -> Iterator[Outcome]:
    """Each tile as it is done, with the error it ended in."""
    for tile in tiles:
        try:
            answer = rerun(me, tile, period, cancelled)
            # The tile keeps its own SQL: the period is laid over it anew each time.
            kept = replace(answer, query=replace(answer.query, sql=tile.sql))
            me.store.refresh_tile(tile.id, kept, version)
            yield tile, None
        except QueryCancelled:
            return
        except AnalystError as error:
            yield tile, error


def rerun(me: Home, tile: Tile, period: Period | None, cancelled: Event) -> Answer:
    """The tile's answer on the present data. Raises AnalystError."""
    data = me.workspace.data
    sql = within_period(tile.sql, period, data.schema).sql if period and data else tile.sql
    *_, reply = run_sql(sql, tile.question.text, me.workspace, cancelled)
    if not isinstance(reply, Answer):
        raise AnalystError(words.UNREADABLE_TILE)
    return reply


def error_of(tile: Tile, dashboard: Dashboard) -> AnalystError | None:
    """Why the tile could not be refreshed, if it could not."""
    found = st.session_state.get("tile-errors", {}).get((tile.id, stamp(dashboard)))
    return found if isinstance(found, AnalystError) else None
