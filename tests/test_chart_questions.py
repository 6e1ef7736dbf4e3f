"""Questions that say how a chart is drawn: what its axes show and how it is sorted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from analyst.ask import ask
from analyst.terms import Answer
from analyst.workspace import Workspace, open_workspace

BOATS = """BoatID,LName,Harbour,Deck,Length,Licence
1,Hansen,Bergen,I,12.5,7
2,Olsen,Bergen,A,9.0,9
3,Dahl,Oslo,A,15.0,3
4,Lund,Tromso,B,7.5,5
5,Moen,Oslo,I,11.0,4
"""
TRIPS = """TripID,BoatID,Hours
1,1,4
2,1,6
3,3,5
4,4,2
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Boats and their trips."""
    folder = tmp_path_factory.mktemp("boats")
    for name, text in (("boats", BOATS), ("trips", TRIPS)):
        Path(folder / f"{name}.csv").write_text(text, encoding="utf-8")
    opened = open_workspace([folder / "boats.csv", folder / "trips.csv"])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Bar chart of boats per harbour, I want to sort the x axis from high to low please.", [("Tromso", 1), ("Oslo", 2), ("Bergen", 2)]),
        ("A bar chart of the number of boats in each harbour, and could you show Harbour in asc order?",
         [("Bergen", 2), ("Oslo", 2), ("Tromso", 1)]),
        ("What are the licences and lnames of all boats? Draw a bar chart, and rank by the x-axis in ascending.",
         [("Dahl", 3), ("Hansen", 7), ("Lund", 5), ("Moen", 4), ("Olsen", 9)]),
        ("Bar chart with x axis LName and y axis length, list Y in descending order.",
         [("Dahl", 15.0), ("Hansen", 12.5), ("Moen", 11.0), ("Olsen", 9.0), ("Lund", 7.5)]),
        ("Show the length as the y-axis and the last name as the x-axis in a bar chart, order by the Y in asc.",
         [("Lund", 7.5), ("Olsen", 9.0), ("Moen", 11.0), ("Hansen", 12.5), ("Dahl", 15.0)]),
        ("Give me the comparison about length over LName with a bar chart, and sort the x-axis in desc.",
         [("Olsen", 9.0), ("Moen", 11.0), ("Lund", 7.5), ("Hansen", 12.5), ("Dahl", 15.0)]),
        ("A pie chart of the harbours of the boats, order by the bars in asc.", [("Bergen", 2), ("Oslo", 2), ("Tromso", 1)]),
        ("Draw a bar chart about the distribution of harbour and the average of length, sort Harbour in asc order.",
         [("Bergen", 10.75), ("Oslo", 13.0), ("Tromso", 7.5)]),
        ("Draw a pie chart of the number of lnames of all boats, order by the names in asc.",
         [("Dahl", 1), ("Hansen", 1), ("Lund", 1), ("Moen", 1), ("Olsen", 1)]),
        ("A bar chart of the number of harbours when the lname is not 'Dahl', sort the bars in asc.",
         [("Bergen", 2), ("Oslo", 1), ("Tromso", 1)]),
        ("What is the relationship between Length and Licence?", [(12.5, 7), (9.0, 9), (15.0, 3), (7.5, 5), (11.0, 4)]),
        ("用柱状图显示每个Harbour的船只数量，按Harbour升序", [("Bergen", 2), ("Oslo", 2), ("Tromso", 1)]),
    ],
)  # fmt: skip
def test_a_chart_shows_what_its_axes_are_said_to_show_in_the_order_that_is_asked_for(
    question: str, rows: list[tuple[object, ...]], workspace: Workspace
) -> None:
    """The words of sorting clauses are taken for no cells (deck 'I', 'a'), and the category comes before its figure."""
    *_, reply = ask(question, workspace)
    assert isinstance(reply, Answer), reply
    assert [tuple(float(cell) if not isinstance(cell, str) else cell for cell in row) for row in reply.result.rows()] == rows
