"""Where tiles stand: in their order, row by row, each as wide as it was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analyst.store import Place, Tile

COLUMNS = 12
HEIGHT = 4


def rows_of(tiles: Sequence[Tile]) -> list[list[Tile]]:
    """The tiles as rows, each at most twelve columns wide."""
    rows: list[list[Tile]] = []
    free = 0
    for tile in tiles:
        if tile.place.width > free:
            rows.append([])
            free = COLUMNS
        rows[-1].append(tile)
        free -= tile.place.width
    return rows


def places_of(widths: Sequence[tuple[int, int]]) -> Mapping[int, Place]:
    """Tile -> place, for tiles (id, width) in their order."""
    places: dict[int, Place] = {}
    x = y = 0
    for tile, width in widths:
        if x + width > COLUMNS:
            x, y = 0, y + HEIGHT
        places[tile] = Place(x, y, width, HEIGHT)
        x += width
    return places


def moved(tiles: Sequence[Tile], tile: int, by: int) -> Mapping[int, Place]:
    """The places after one tile went forward or back in the order."""
    order = [(each.id, each.place.width) for each in tiles]
    here = next(index for index, (each, _) in enumerate(order) if each == tile)
    there = min(max(here + by, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    return places_of(order)


def resized(tiles: Sequence[Tile], tile: int, width: int) -> Mapping[int, Place]:
    """The places after one tile got another width."""
    return places_of([(each.id, width if each.id == tile else each.place.width) for each in tiles])
