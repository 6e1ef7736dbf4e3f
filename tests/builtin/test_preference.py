"""The plans near a reading, which are weighed: all can be written or not joined, none comes twice."""

import csv
from collections.abc import Iterator
from threading import Event

import pytest

from analyst import Workspace
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
