"""How the built-in model takes the query and the words before a question, as anybody may have written them."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from analyst import Workspace, open_workspace
from analyst.models.builtin.cues import cues, to_the_point
from analyst.models.builtin.exchange import meant
from analyst.models.builtin.reparse import reparse
from analyst.terms import Candidate, Refusal
from analyst.validation import validate
from benchmarks.comparing import Rows, same_rows

BOOKINGS = """booking_id,guest,city,room_type,arrival,nights,price
1,Ana,Lisbon,double,2023-01-05,2,180
2,Ben,Porto,single,2023-01-19,1,70
3,Ana,Porto,double,2023-02-02,3,270
4,Cleo,Lisbon,suite,2023-03-11,2,400
5,Dan,Faro,single,2023-03-15,4,240
6,Ben,Lisbon,single,2024-01-08,1,90
7,Eva,Faro,suite,2024-02-20,3,540
8,Cleo,Porto,double,2024-02-21,2,190
"""


@pytest.fixture
def bookings(tmp_path: Path) -> Iterator[Workspace]:
    """Eight bookings in three cities."""
    (tmp_path / "bookings.csv").write_text(BOOKINGS, encoding="utf-8")
    workspace = open_workspace([tmp_path / "bookings.csv"], tmp_path / "workspace")
    yield workspace
    workspace.close()


def given(workspace: Workspace, sql: str) -> Rows:
    """The rows of a query."""
    assert workspace.data
    query = validate(Candidate(sql, 1.0), workspace.data.schema)
    assert not isinstance(query, Refusal)
    result = workspace.data.connector.execute(query, workspace.limits, Event())
    return Rows.of(result.rows(), len(result.columns))


def test_texts_in_double_quotes_and_places_are_understood(bookings: Workspace) -> None:
    assert bookings.data
    previous = reparse('SELECT city, count(*) FROM bookings WHERE guest = "Ana" GROUP BY 1 ORDER BY 2', bookings.data.schema)
    assert previous
    assert "'Ana'" in previous.sql()
    assert previous.group[0].sql(dialect="duckdb") == '"bookings"."city"'


def test_cleaning_that_a_typed_column_no_longer_needs_is_left_out(bookings: Workspace) -> None:
    assert bookings.data
    previous = reparse("SELECT avg(replace(price, '$', '')::double) FROM bookings WHERE arrival LIKE '2023%'", bookings.data.schema)
    assert previous
    assert "REPLACE" not in previous.sql().upper()
    assert "2023" in previous.sql()


def test_what_is_no_query_over_these_tables_is_none(bookings: Workspace) -> None:
    assert bookings.data
    assert reparse("not sql at all (", bookings.data.schema) is None


TWO_LISTS = "SELECT guest FROM bookings EXCEPT SELECT guest FROM bookings WHERE city = 'Faro'"


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (TWO_LISTS, [["Ana"], ["Ben"], ["Cleo"]]),
        (
            "SELECT guest FROM bookings WHERE city = 'Porto' INTERSECT SELECT guest FROM bookings WHERE city = 'Lisbon'",
            [["Ana"], ["Ben"], ["Cleo"]],
        ),
        ("SELECT guest FROM bookings WHERE city = 'Faro' UNION SELECT guest FROM bookings WHERE nights = 1", [["Ben"], ["Dan"], ["Eva"]]),
        (
            "SELECT guest, city FROM bookings EXCEPT SELECT guest, city FROM bookings WHERE nights > 1",
            [["Ben", "Lisbon"], ["Ben", "Porto"]],
        ),
    ],
)
def test_two_queries_in_one_become_one_that_can_be_changed(bookings: Workspace, sql: str, rows: list[list[str]]) -> None:
    """Without changing what it gives."""
    assert bookings.data
    found = reparse(sql, bookings.data.schema)
    assert found is not None
    assert found.select.args["from_"].this.name == "bookings"
    assert same_rows(Rows.of(rows), given(bookings, found.sql()))


def test_thanks_before_a_question_hide_no_leaning() -> None:
    """'Great! And …' leans on the question before as 'And …' does."""
    assert to_the_point("Great! Thanks. And their names?") == "And their names?"
    assert to_the_point("好的，那他们的姓名呢？") == "那他们的姓名呢？"
    assert "whatabout" in cues("Great! And the price?")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("How old is he? | Do you mean the oldest guest? | Yes", "the oldest guest?"),
        ("What is the price for Ana? | Which booking? | in 2023", "What is the price for Ana? in 2023"),
        ("Show the guests | All of their columns? | Just show me the names of them", "Just show me the names of them"),
        ("房价是多少 | 您是指平均房价吗 | 是的", "平均房价吗"),
        ("Which city | comes first?", "Which city comes first?"),
    ],
)
def test_a_question_asked_back_means_what_was_settled_in_the_end(text: str, words: str) -> None:
    """What was agreed to, else the reply by itself, else the question and its reply."""
    assert " ".join(meant(text).split()) == words
