"""Dashboards: pinned answers on a grid twelve columns wide, under one date filter."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from analyst.store.conversations import chart_of, question_of, storable
from analyst.store.database import Shelf, now
from analyst.store.packing import Unreadable, pack, pack_reply, unpack, unpack_reply
from analyst.store.values import Dashboard, DateFilter, Place, Tile
from analyst.terms import Answer, Bilingual, ChartSpec

GRID_WIDTH = 12
DASHBOARD = Bilingual("This dashboard", "这个仪表板")
TILE = Bilingual("This tile", "这个图块")


class Dashboards(Shelf):
    """The shelf of the store that holds what was pinned."""

    def add_dashboard(self, name: str) -> int:
        """Begin one; gives its id."""
        moment = now()
        return self.database.write(
            "INSERT INTO dashboards (name, dates, created, updated) VALUES (?, ?, ?, ?)", storable(name), pack(DateFilter()), moment, moment
        )

    def dashboards(self) -> tuple[Dashboard, ...]:
        """All of them without their tiles, oldest first."""
        return tuple(as_dashboard(row, ()) for row in self.database.rows("SELECT * FROM dashboards ORDER BY id"))

    def dashboard(self, dashboard: int) -> Dashboard | None:
        """One of them with its tiles; None if it was deleted."""
        row = self.database.row("SELECT * FROM dashboards WHERE id = ?", dashboard)
        return as_dashboard(row, self.tiles(dashboard)) if row else None

    def rename_dashboard(self, dashboard: int, name: str) -> None:
        """Give it another name."""
        self.database.change(DASHBOARD, "UPDATE dashboards SET name = ?, updated = ? WHERE id = ?", storable(name), now(), dashboard)

    def set_dates(self, dashboard: int, dates: DateFilter) -> None:
        """Hold all its tiles to a period."""
        self.database.change(DASHBOARD, "UPDATE dashboards SET dates = ?, updated = ? WHERE id = ?", pack(dates), now(), dashboard)

    def delete_dashboard(self, dashboard: int) -> None:
        """Remove it with all its tiles."""
        self.database.write("DELETE FROM dashboards WHERE id = ?", dashboard)

    def tiles(self, dashboard: int) -> tuple[Tile, ...]:
        """The tiles of one, top to bottom, left to right."""
        return tuple(as_tile(row) for row in self.database.rows("SELECT * FROM tiles WHERE dashboard = ? ORDER BY y, x, id", dashboard))

    def tile(self, tile: int) -> Tile | None:
        """One tile; None if it was removed."""
        row = self.database.row("SELECT * FROM tiles WHERE id = ?", tile)
        return as_tile(row) if row else None

    def add_tile(
        self,
        dashboard: int,
        title: str,
        answer: Answer,
        chart: ChartSpec | None = None,
        data_version: str = "",
        *,
        place: Place | None = None,
    ) -> int:
        """Pin an answer with its chart or the person's own; without a place it takes the first free one. Gives the tile's id."""
        text, result = pack_reply(answer)
        with self.database.transaction() as connection:
            if place is None:
                taken = connection.execute("SELECT x, y, width, height FROM tiles WHERE dashboard = ?", (dashboard,)).fetchall()
                place = free_place([Place(*row) for row in taken])
            connection.execute("UPDATE dashboards SET updated = ? WHERE id = ?", (now(), dashboard))
            added = connection.execute(
                "INSERT INTO tiles (dashboard, title, words, question, sql, chart, x, y, width, height, "
                "reply, result, data_version, refreshed) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    dashboard, storable(title), storable(answer.question.text), pack(answer.question), storable(answer.query.sql),
                    pack(chart or answer.chart), place.x, place.y, place.width, place.height, text, result, data_version, now(),
                ),
            )  # fmt: skip
            return added.lastrowid or 0

    def rename_tile(self, tile: int, title: str) -> None:
        """Give it another title."""
        self.database.change(TILE, "UPDATE tiles SET title = ? WHERE id = ?", storable(title), tile)

    def set_tile_chart(self, tile: int, chart: ChartSpec) -> None:
        """Draw it otherwise from now on."""
        self.database.change(TILE, "UPDATE tiles SET chart = ? WHERE id = ?", pack(chart), tile)

    def place_tiles(self, places: Mapping[int, Place]) -> None:
        """Move and resize tiles, all at once; one that was removed meanwhile is passed over."""
        with self.database.transaction() as connection:
            connection.executemany(
                "UPDATE tiles SET x = ?, y = ?, width = ?, height = ? WHERE id = ?",
                [(place.x, place.y, place.width, place.height, tile) for tile, place in places.items()],
            )

    def refresh_tile(self, tile: int, answer: Answer, data_version: str) -> None:
        """Keep what its SQL gives now; title, chart and place stay."""
        text, result = pack_reply(answer)
        self.database.change(
            TILE,
            "UPDATE tiles SET sql = ?, reply = ?, result = ?, data_version = ?, refreshed = ? WHERE id = ?",
            storable(answer.query.sql), text, result, data_version, now(), tile,
        )  # fmt: skip

    def remove_tile(self, tile: int) -> None:
        """Take it off its dashboard."""
        self.database.write("DELETE FROM tiles WHERE id = ?", tile)


def free_place(taken: Sequence[Place]) -> Place:
    """The first place, row by row, where a tile of the usual size overlaps no other."""
    usual = Place()
    bottom = max((place.y + place.height for place in taken), default=0)
    free = (
        Place(x, y)
        for y in range(bottom + 1)
        for x in range(0, GRID_WIDTH - usual.width + 1, usual.width)
        if not any(overlap(Place(x, y), place) for place in taken)
    )
    return next(free)


def overlap(one: Place, other: Place) -> bool:
    """Whether two places share a cell of the grid."""
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not (beside or one.y + one.height <= other.y or other.y + other.height <= one.y)


def as_dashboard(row: sqlite3.Row, tiles: tuple[Tile, ...]) -> Dashboard:
    """A row as a value; a filter that cannot be read any more is no filter."""
    try:
        dates = unpack(DateFilter, row["dates"])
    except Unreadable:
        dates = DateFilter()
    created, updated = (datetime.fromisoformat(row[name]) for name in ("created", "updated"))
    return Dashboard(row["id"], row["name"], created, updated, dates, tiles)


def as_tile(row: sqlite3.Row) -> Tile:
    """A row as a value; without an answer where it cannot be read any more."""
    answer = answer_of(row)
    return Tile(
        id=row["id"],
        dashboard=row["dashboard"],
        title=row["title"],
        question=question_of(row),
        sql=row["sql"],
        chart=chart_of(row["chart"]) or (answer.chart if answer else ChartSpec("table")),
        place=Place(row["x"], row["y"], row["width"], row["height"]),
        answer=answer,
        data_version=row["data_version"],
        refreshed=datetime.fromisoformat(row["refreshed"]),
    )


def answer_of(row: sqlite3.Row) -> Answer | None:
    """The rows and words last seen; None where they cannot be read any more."""
    try:
        reply = unpack_reply("answer", row["reply"], row["result"])
    except Unreadable:
        return None
    return reply if isinstance(reply, Answer) else None
