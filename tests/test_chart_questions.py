"""What is drawn where a question names figures and axes in ways that need a second look."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from analyst import Answer, Workspace, ask
from analyst.models.builtin import BuiltinModel
from analyst.workspace import open_workspace

TABLES = {
    "flats": (
        ("flat_id", "room_count", "kind", "rent"),
        [(1, 2, "Loft", 900), (2, 3, "Loft", 1200), (3, 1, "Studio", 600), (4, 1, "Studio", 650), (5, 4, "Loft", 1500)],
    ),
    "screenings": (
        ("screening_id", "Date", "price", "state"),
        [(1, "11 July", 8, "Return"), (2, "11 July", 9, "Sold"), (3, "12 July", 7, "Sold")],
    ),
    "forecasts": (("town", "day_of_week", "high"), [("Ulm", "Monday", 20), ("Ulm", "Tuesday", 24), ("Jena", "Monday", 30)]),
    "放映": (("编号", "日期", "票价"), [(1, "七月十一", 8), (2, "七月十一", 9), (3, "七月十二", 7)]),
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Workspace]]:
    """Each table by itself."""
    folder = tmp_path_factory.mktemp("tables")
    opened = {}
    for name, (header, rows) in TABLES.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        opened[name] = open_workspace([str(folder / f"{name}.csv")], folder / f"of {name}")
    yield opened
    for workspace in opened.values():
        workspace.close()


@pytest.mark.parametrize(
    ("table", "text", "rows"),
    [
        ("flats", "Show the minimum room count of flats of each kind in a bar chart.", [("Loft", 2), ("Studio", 1)]),
        ("flats", "Draw a bar chart of the number of flats with rent above 1400 or below 620 of each kind.", [("Loft", 1), ("Studio", 1)]),
        ("flats", "Plot the average of rent over kind in a bar chart", [("Loft", 1200.0), ("Studio", 625.0)]),
        ("screenings", "Return a bar chart of the number of screenings of each state.", [("Return", 1), ("Sold", 2)]),
        ("screenings", "Show the sum of price for each day in a bar chart.", [("11 July", 17), ("12 July", 7)]),
        ("screenings", "What are the number of the states of the screenings?", [("Return", 1), ("Sold", 2)]),
        ("forecasts", "What is the average high for each day of week? Plot them as a bar chart.", [("Monday", 25.0), ("Tuesday", 24.0)]),
        ("放映", "每天的票价总和, 画成柱状图", [("七月十一", 17), ("七月十二", 7)]),
    ],
)
def test_a_chart_shows_the_figure_along_the_column_that_is_named(
    tables: dict[str, Workspace], table: str, text: str, rows: list[tuple[object, ...]]
) -> None:
    *_, reply = ask(text, tables[table], BuiltinModel())
    assert isinstance(reply, Answer), reply
    assert sorted(map(repr, map(tuple, reply.result.rows()))) == sorted(map(repr, rows)), reply.query.sql
