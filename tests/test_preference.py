"""Questions over several tables: of the plans near a reading, the one that people mean is taken."""

import csv
from collections.abc import Iterator
from threading import Event

import pytest

from analyst import Answer, Workspace, ask
from analyst.linking import link
from analyst.models.builtin import BuiltinModel
from analyst.models.builtin.build import Builder
from analyst.models.builtin.joining import Unjoinable
from analyst.models.builtin.mentions import mentions
from analyst.models.builtin.model import Understood, catalog_of, read_all
from analyst.models.builtin.variants import chart_variants, variants
from analyst.models.builtin.weighing import applies, neighbours
from analyst.terms import Language, Prompt, Question
from analyst.workspace import open_workspace

AUTHORS = [(1, "Ada Lund", "Norway"), (2, "Ben Ode", "Chile"), (3, "Cy Moss", "Norway"), (4, "Di Park", "Korea")]
BOOKS = [
    (11, "Cold Pier", 1, "Crime", 2001),
    (12, "Long Road", 1, "Travel", 2010),
    (13, "Salt", 2, "Crime", 2004),
    (14, "Fog", 3, "Poetry", 2015),
]
MEMBERS = [(21, "Eve", "Oslo"), (22, "Flo", "Bergen"), (23, "Gus", "Oslo")]
LOANS = [(31, 11, 21, "2023-01-04"), (32, 12, 21, "2023-02-05"), (33, 13, 22, "2023-03-06"), (34, 11, 22, "2023-04-07")]
TABLES = {
    "authors": (("author_id", "name", "country"), AUTHORS),
    "books": (("book_id", "title", "author_id", "genre", "year"), BOOKS),
    "members": (("member_id", "name", "city"), MEMBERS),
    "loans": (("loan_id", "book_id", "member_id", "loan_date"), LOANS),
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A library's books, their authors, its members and what they borrowed."""
    folder = tmp_path_factory.mktemp("library")
    for name, (header, rows) in TABLES.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
    workspace = open_workspace([str(folder / f"{name}.csv") for name in TABLES], folder / "workspace")
    yield workspace
    workspace.close()


def prompt_of(text: str, workspace: Workspace, language: Language = "en") -> Prompt:
    """What the model is given for a question."""
    assert workspace.data
    question = Question(text, language)
    return Prompt("", question, workspace.data.schema, link(question, workspace.data.schema, workspace.data.values))


def read(text: str, workspace: Workspace) -> list[Understood]:
    """The readings before they are weighed."""
    prompt = prompt_of(text, workspace)
    return read_all(prompt, mentions(prompt.question, prompt.links), catalog_of(prompt.schema))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("What are the titles of the books written by authors from Norway?", [("Cold Pier",), ("Long Road",), ("Fog",)]),
        ("What are the names of members who never borrowed a book?", [("Gus",)]),
        ("How many different members have borrowed a book?", [(2,)]),
        ("How many different genres are there?", [(3,)]),
        ("What is the title and year of the oldest book?", [("Cold Pier", 2001)]),
        ("Show the title and the genre of each book.", [(title, genre) for _, title, _, genre, _ in BOOKS]),
        ("Show the titles of books whose genre is not Crime.", [("Long Road",), ("Fog",)]),
        ("Find the names of authors who wrote both Crime books and Travel books.", [("Ada Lund",)]),
        ("How many books did each author write? Show the author name and the count.", [("Ada Lund", 2), ("Ben Ode", 1), ("Cy Moss", 1)]),
    ],
)
def test_a_question_over_several_tables_gets_the_rows_and_columns_people_mean(
    library: Workspace, text: str, rows: list[tuple[object, ...]]
) -> None:
    *_, reply = ask(text, library, BuiltinModel())
    assert isinstance(reply, Answer), reply
    assert sorted(map(repr, map(tuple, reply.result.rows()))) == sorted(map(repr, rows)), reply.query.sql


def test_every_plan_one_step_away_is_another_plan_that_can_be_written_or_not_joined(library: Workspace) -> None:
    first = read("What are the names of authors who wrote Crime books after 2001?", library)[0]
    found = [plan for _, plan in variants(first.draft, first.plan)]
    assert len(found) > 5
    assert first.plan not in found
    for plan in found:
        try:
            assert Builder(first.draft.catalog.schema, "en").sql(plan).startswith(("SELECT", "("))
        except Unjoinable:
            continue


def test_the_first_reading_is_weighed_first_and_no_plan_twice(library: Workspace) -> None:
    readings = read("List the names of members who borrowed books by Ada Lund.", library)
    weighed = neighbours([(one.plan, one.draft, one.logarithm) for one in readings], None)
    assert weighed[0].plan == readings[0].plan
    assert len({one.plan for one in weighed}) == len(weighed)


@pytest.mark.parametrize("text", ["loans by month", "loans by month as a line chart", "growth of loans", "share of genres as a pie chart"])
def test_shorthand_months_and_shares_keep_their_own_customs(library: Workspace, text: str) -> None:
    prompt = prompt_of(text, library)
    first = read(text, library)[0]
    assert not applies(prompt, first.draft, first.plan)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Draw a bar chart of the number of books of each genre.", [("Crime", 2), ("Poetry", 1), ("Travel", 1)]),
        (
            "How many books did each author write? Show a bar chart, and order the y-axis from high to low.",
            [("Ada Lund", 2), ("Ben Ode", 1), ("Cy Moss", 1)],
        ),
        ("What are the countries of the authors, and count them by a pie chart", [("Chile", 1), ("Korea", 1), ("Norway", 2)]),
        ("Show me a scatter plot of the year and the book id of all books.", [(2001, 11), (2010, 12), (2004, 13), (2015, 14)]),
        ("Return a bar chart about the average year of books across genre.", [("Crime", 2002.5), ("Poetry", 2015.0), ("Travel", 2010.0)]),
    ],
)
def test_a_chart_over_several_tables_shows_what_people_mean(library: Workspace, text: str, rows: list[tuple[object, ...]]) -> None:
    *_, reply = ask(text, library, BuiltinModel())
    assert isinstance(reply, Answer), reply
    assert sorted(map(repr, map(tuple, reply.result.rows()))) == sorted(map(repr, rows)), reply.query.sql


def test_a_chart_near_a_chart_shows_every_group_in_the_order_asked_for(library: Workspace) -> None:
    text = "Draw a bar chart of the number of books of each genre, and sort by the x-axis in descending order."
    first = read(text, library)[0]
    found = [plan for _, plan in chart_variants(first.draft, first.plan)]
    assert len(found) > 3
    for plan in found:
        assert set(plan.group) <= set(plan.select)
        assert plan.order[0].by == plan.select[0]


def test_chinese_questions_are_left_as_they_were_read(library: Workspace) -> None:
    prompt = prompt_of("每个城市有多少会员?", library, "zh")
    row = mentions(prompt.question, prompt.links)
    first = read_all(prompt, row, catalog_of(prompt.schema))[0]
    assert not applies(prompt, first.draft, first.plan)


def test_candidates_over_several_tables_come_likeliest_first(library: Workspace) -> None:
    proposals = list(BuiltinModel().propose(prompt_of("What are the names of all members in Oslo?", library), Event()))
    scores = [getattr(proposal, "score", 0.0) for proposal in proposals]
    assert scores == sorted(scores, reverse=True)


FLIGHTS = {
    "airports": (("code", "city"), [("OSL", "Oslo"), ("BGO", "Bergen"), ("LIM", "Lima")]),
    "flights": (
        ("flight_id", "source_airport", "dest_airport", "price"),
        [(1, "OSL", "LIM", 900), (2, "LIM", "OSL", 800), (3, "OSL", "BGO", 90), (4, "BGO", "OSL", 80), (5, "OSL", "LIM", 700)],
    ),
    "pilots": (("pilot_id", "FName", "LName", "age"), [(7, "Ada", "Lund", 41), (8, "Ben", "Ode", 38)]),
    "chiefs": (("chief_id", "Fname", "Lname", "age"), [(5, "Eve", "Moe", 50), (6, "Flo", "Lie", 61)]),
}


@pytest.fixture(scope="module")
def airline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Flights that point to airports twice, and people in two tables whose headers are written differently."""
    folder = tmp_path_factory.mktemp("airline")
    for name, (header, rows) in FLIGHTS.items():
        with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
    workspace = open_workspace([str(folder / f"{name}.csv") for name in FLIGHTS], folder / "workspace")
    yield workspace
    workspace.close()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("How many flights arrive in Oslo?", [(2,)]),
        ("How many flights depart from Oslo?", [(3,)]),
        ("How many flights land in the city Lima?", [(2,)]),
        ("What are the last names of all pilots?", [("Lund",), ("Ode",)]),
        ("What are the minimum and maximum price across all flights?", [(80, 900)]),
        ("Who is the oldest pilot? Give the last name.", [("Lund",)]),
    ],
)
def test_words_say_which_of_two_columns_or_tables_is_meant(airline: Workspace, text: str, rows: list[tuple[object, ...]]) -> None:
    *_, reply = ask(text, airline, BuiltinModel())
    assert isinstance(reply, Answer), reply
    assert sorted(map(repr, map(tuple, reply.result.rows()))) == sorted(map(repr, rows)), reply.query.sql


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("What are the titles of books from in or after 2004?", ["Fog", "Long Road", "Salt"]),
        ("List the titles of books published in or before 2004.", ["Cold Pier", "Salt"]),
    ],
)
def test_in_or_after_a_year_takes_the_year_along(library: Workspace, text: str, titles: list[str]) -> None:
    *_, reply = ask(text, library, BuiltinModel())
    assert isinstance(reply, Answer), reply
    assert sorted(row[0] for row in reply.result.rows()) == titles, reply.query.sql
