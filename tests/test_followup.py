"""Questions that go on from the one before, in English and Chinese, with the earlier SQL as anybody may have written it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from analyst import Answer, Workspace, ask, open_workspace
from analyst.models.builtin.cues import cues, to_the_point
from analyst.models.builtin.exchange import meant
from analyst.models.builtin.reparse import reparse
from analyst.terms import Candidate, Refusal, Turn
from analyst.validation import validate

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
LOANS = """借阅号,读者,分馆,类别,日期,册数,罚款
1,王芳,东区馆,小说,2023-01-03,2,0
2,李雷,西区馆,科普,2023-01-20,1,5
3,王芳,东区馆,科普,2023-02-11,3,0
4,赵敏,南区馆,小说,2023-02-15,1,8
5,李雷,西区馆,历史,2024-01-09,2,3
6,钱进,东区馆,历史,2024-03-01,4,12
"""
BY_CITY = "SELECT city, sum(price) AS total FROM bookings GROUP BY city"
LISTED = 'SELECT b.guest FROM bookings AS b WHERE b.city = "Lisbon"'
BY_BRANCH = "select 分馆, sum(册数) s from 借阅 group by 1"


@pytest.fixture
def bookings(tmp_path: Path) -> Iterator[Workspace]:
    """Eight bookings in three cities."""
    yield from opened(tmp_path, "bookings.csv", BOOKINGS)


@pytest.fixture
def loans(tmp_path: Path) -> Iterator[Workspace]:
    """Six loans in three branches, in Chinese."""
    yield from opened(tmp_path, "借阅.csv", LOANS)


def opened(folder: Path, name: str, text: str) -> Iterator[Workspace]:
    """A workspace over one table."""
    (folder / name).write_text(text, encoding="utf-8")
    workspace = open_workspace([folder / name], folder / "workspace")
    yield workspace
    workspace.close()


def rows_after(workspace: Workspace, before: tuple[str, str], question: str) -> list[list[Any]]:
    """The rows that answer a question after another, sorted."""
    *_, reply = ask(question, workspace, history=(Turn(*before),))
    assert isinstance(reply, Answer), reply
    return sorted(reply.result.rows(), key=str)


def test_a_value_alone_filters_the_query_before(bookings: Workspace) -> None:
    rows = rows_after(bookings, ("revenue by city", BY_CITY), "only double rooms")
    assert rows == [["Lisbon", 180], ["Porto", 460]]


def test_another_year_takes_the_place_of_the_one_before(bookings: Workspace) -> None:
    sql = "SELECT city, sum(price) AS total FROM bookings WHERE year(arrival) = 2023 GROUP BY city"
    assert rows_after(bookings, ("revenue by city in 2023", sql), "and for 2024?") == [["Faro", 540], ["Lisbon", 90], ["Porto", 190]]


def test_another_value_takes_the_place_of_the_one_before(bookings: Workspace) -> None:
    rows = rows_after(bookings, ("guests in Lisbon", LISTED), "what about Faro?")
    assert rows == [["Dan"], ["Eva"]]


def test_how_many_are_there_counts_what_was_listed(bookings: Workspace) -> None:
    assert rows_after(bookings, ("guests in Lisbon", LISTED), "how many are there?") == [[3]]


def test_a_pronoun_shows_another_column_of_the_same_rows(bookings: Workspace) -> None:
    rows = rows_after(bookings, ("guests in Lisbon", LISTED), "what are their room types?")
    assert rows == [["double"], ["single"], ["suite"]]


def test_also_adds_a_column(bookings: Workspace) -> None:
    rows = rows_after(bookings, ("guests in Lisbon", LISTED), "also show their room type")
    assert rows == [["Ana", "double"], ["Ben", "single"], ["Cleo", "suite"]]


def test_which_one_has_the_most_takes_the_largest(bookings: Workspace) -> None:
    rows = rows_after(bookings, ("revenue by city", BY_CITY), "which one has the highest?")
    assert [row[0] for row in rows] == ["Faro"]


def test_the_bottom_ones_are_asked_for_after_the_top_ones(bookings: Workspace) -> None:
    sql = "SELECT city, sum(price) AS total FROM bookings GROUP BY city ORDER BY total DESC LIMIT 2"
    assert rows_after(bookings, ("top 2 cities by revenue", sql), "and the bottom 2?") == [["Lisbon", 670], ["Porto", 530]]


def test_another_aggregate_of_the_same_column(bookings: Workspace) -> None:
    before = ("longest stay in Lisbon", "SELECT max(nights) FROM bookings WHERE city = 'Lisbon'")
    assert rows_after(bookings, before, "what about the minimum?") == [[1]]


def test_only_a_chart_is_changed(bookings: Workspace) -> None:
    *_, reply = ask("show it as a pie chart", bookings, history=(Turn("revenue by city", BY_CITY),))
    assert isinstance(reply, Answer)
    assert reply.chart.mark == "pie"
    assert len(reply.result.rows()) == 3


def test_a_question_of_its_own_forgets_the_one_before(bookings: Workspace) -> None:
    rows = rows_after(bookings, ("guests in Lisbon", LISTED), "What is the average price of all bookings by room type?")
    assert [row[0] for row in rows] == ["double", "single", "suite"]
    assert rows[2][1] == 470


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("只看小说", [["东区馆", 2], ["南区馆", 1]]),
        ("2024年呢", [["东区馆", 4], ["西区馆", 2]]),
        ("换成罚款", [["东区馆", 12], ["南区馆", 8], ["西区馆", 8]]),
        ("哪个最多？", [["东区馆", 9]]),
    ],
)
def test_chinese_follow_ups_change_one_thing(loans: Workspace, question: str, rows: list[list[Any]]) -> None:
    assert rows_after(loans, ("各分馆借了多少册", BY_BRANCH), question) == rows


def test_chinese_counts_what_was_listed(loans: Workspace) -> None:
    before = ("东区馆有哪些借阅", "select * from 借阅 where 分馆 = '东区馆'")
    assert rows_after(loans, before, "一共有多少条？") == [[3]]


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


def test_what_was_counted_is_listed(bookings: Workspace) -> None:
    """After 'how many' a plural asks for the rows, not for a figure over them."""
    before = ("How many bookings are in Lisbon?", "SELECT count(*) FROM bookings WHERE city = 'Lisbon'")
    assert rows_after(bookings, before, "What are their prices?") == [[180], [400], [90]]


def test_a_bare_number_is_compared_with_what_was_listed(bookings: Workspace) -> None:
    """Whoever lists nights and says 'more than 2' means nights."""
    before = ("List the guests and their nights.", "SELECT guest, nights FROM bookings")
    assert rows_after(bookings, before, "How many of them are above 3?") == [[1]]


def test_several_aggregates_are_of_what_was_listed(bookings: Workspace) -> None:
    """The largest and the smallest of the column before."""
    before = ("Show the price of all bookings.", "SELECT price FROM bookings")
    assert rows_after(bookings, before, "What are the maximum and the minimum?") == [[540, 70]]


def test_a_column_is_sorted_by_in_chinese_though_words_stand_between(loans: Workspace) -> None:
    """'按读者对结果进行排序' sorts what was listed and counts nothing."""
    before = ("列出读者和类别", "select 读者, 类别 from 借阅")
    assert [len(row) for row in rows_after(loans, before, "按读者对结果进行排序")] == [2] * 6


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
def test_two_queries_in_one_become_one_that_can_be_changed(bookings: Workspace, sql: str, rows: list[list[Any]]) -> None:
    """Without changing what it gives."""
    assert bookings.data
    found = reparse(sql, bookings.data.schema)
    assert found is not None
    assert found.select.args["from_"].this.name == "bookings"
    assert given(bookings, found.sql()) == rows


def test_of_compared_lists_another_column_is_shown(bookings: Workspace) -> None:
    """The rows stay those that are in one list and not in the other."""
    rows = rows_after(bookings, ("Which guests never stayed in Faro?", TWO_LISTS), "What are their cities?")
    assert {row[-1] for row in rows} == {"Lisbon", "Porto"}


def test_thanks_before_a_question_hide_no_leaning() -> None:
    """'Great! And …' leans on the question before as 'And …' does."""
    assert to_the_point("Great! Thanks. And their names?") == "And their names?"
    assert to_the_point("好的，那他们的姓名呢？") == "那他们的姓名呢？"
    assert "whatabout" in cues("Great! And the price?")


def test_the_others_are_those_not_listed(bookings: Workspace) -> None:
    """The complement of the answer before."""
    before = ("Which bookings are in Lisbon?", "SELECT booking_id FROM bookings WHERE city = 'Lisbon'")
    assert rows_after(bookings, before, "And the others?") == [[2], [3], [5], [7], [8]]


def given(workspace: Workspace, sql: str) -> list[list[Any]]:
    """The rows of a query, sorted."""
    assert workspace.data
    query = validate(Candidate(sql, 1.0), workspace.data.schema)
    assert not isinstance(query, Refusal)
    return sorted(workspace.data.connector.execute(query, workspace.limits, Event()).rows(), key=str)


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


FEBRUARY = "select sum(price) total from bookings where arrival >= '2023-02-01' and arrival < '2023-03-01'"
OF_2024 = "select sum(price) total from bookings where year(arrival) = 2024"


@pytest.mark.parametrize(
    ("before", "question", "total"),
    [
        (FEBRUARY, "and the month before?", 250),
        (FEBRUARY, "the month after", 640),
        (FEBRUARY, "and the year after", 730),
        (OF_2024, "what about the year before", 1160),
    ],
)
def test_a_period_is_moved_by_itself_or_by_the_unit_that_is_named(bookings: Workspace, before: str, question: str, total: float) -> None:
    assert rows_after(bookings, ("total price", before), question) == [[total]]


def test_chinese_periods_are_moved(loans: Workspace) -> None:
    before = ("2024年1月借了几册", "select sum(册数) s from 借阅 where 日期 >= '2024-01-01' and 日期 < '2024-02-01'")
    assert rows_after(loans, before, "前一年呢") == [[3]]
    assert rows_after(loans, before, "下一个月") == [[None]]


def test_a_piece_of_a_question_keeps_the_groups_and_tests_before_it(bookings: Workspace) -> None:
    before = ("revenue per year in Lisbon", "SELECT year(arrival) AS y, sum(price) AS s FROM bookings WHERE city = 'Lisbon' GROUP BY 1")
    assert rows_after(bookings, before, "split by room type") == [[2023, "double", 180], [2023, "suite", 400], [2024, "single", 90]]


def test_what_moved_most_is_compared_over_the_two_periods_asked_about(bookings: Workspace) -> None:
    by_year = "SELECT city, sum(price) AS total FROM bookings WHERE year(arrival) = {} GROUP BY city"
    history = (Turn("revenue by city in 2023", by_year.format(2023)), Turn("and 2024", by_year.format(2024)))
    *_, reply = ask("which one dropped the most", bookings, history=history)
    assert isinstance(reply, Answer), reply
    assert reply.result.rows() == [["Lisbon", -490]]


def test_what_moved_most_keeps_the_rows_before_it(loans: Workspace) -> None:
    before = ("东区馆各类别的册数", "select 类别, sum(册数) s from 借阅 where 分馆 = '东区馆' group by 1")
    assert rows_after(loans, before, "2024年哪个类别增长最多")[0][0] == "历史"


def test_the_other_end_of_a_twin_column_keeps_the_aggregate(tmp_path: Path) -> None:
    text = "day,temp_max,temp_min\n2023-01-01,10,2\n2023-06-01,30,12\n2024-01-01,8,-2\n2024-06-01,28,10\n"
    for workspace in opened(tmp_path, "weather.csv", text):
        before = ("average max temp by year", "select year(day) y, avg(temp_max) v from weather group by 1")
        assert rows_after(workspace, before, "add the min too") == [[2023, 20, 7], [2024, 18, 4]]


def test_a_question_that_names_columns_of_a_table_apart_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "bookings.csv").write_text(BOOKINGS, encoding="utf-8")
    (tmp_path / "借阅.csv").write_text(LOANS, encoding="utf-8")
    workspace = open_workspace([tmp_path / "bookings.csv", tmp_path / "借阅.csv"], tmp_path / "workspace")
    before = ("which city earned the most", "SELECT city, sum(price) AS s FROM bookings GROUP BY city ORDER BY s DESC LIMIT 1")
    assert rows_after(workspace, before, "各分馆的册数") == [["东区馆", 9], ["南区馆", 1], ["西区馆", 3]]
    workspace.close()
