"""The page's logic without a browser: what it draws for whom, what it keeps, where errors end."""

from __future__ import annotations

import csv
import gc
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analyst.datefilter import Period
from analyst.home import open_home
from analyst.settings import settings
from analyst.store import DateFilter, Place, Store
from analyst.terms import Answer
from analyst.ui import person
from analyst.ui.grid import places_of
from analyst.ui.periods import period_of

SCRIPT = str(Path(__file__).parents[1] / "analyst" / "ui" / "page.py")
QUESTION = "total Sales by Region"


@pytest.fixture(scope="module")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample tables, read once for all tests."""
    folder = tmp_path_factory.mktemp("home")
    store = Store(folder / "store.sqlite")
    open_home(folder / "workspace", store).close()
    store.close()
    return folder


@pytest.fixture
def page(first_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """A person's first visit to a home of their own."""
    monkeypatch.setenv("ANALYST_HOME", str(shutil.copytree(first_home, tmp_path / "home")))
    settings.cache_clear()
    person.home.clear()
    yield AppTest.from_file(SCRIPT, default_timeout=60).run()
    person.home().workspace.close()
    person.home().store.close()
    person.home.clear()
    settings.cache_clear()


def opened(name: str) -> AppTest:
    """Another page of the same home, in a session of its own."""
    lines = ("from analyst.ui.boundary import calmly", f"from analyst.ui.{name} import {name}_page", "with calmly():", f"    {name}_page()")
    return AppTest.from_string("\n".join(lines), default_timeout=60).run()


def asked(page: AppTest, question: str = QUESTION) -> AppTest:
    return page.chat_input[0].set_value(question).run()


def button(page: AppTest, label: str):
    return next(button for button in page.button if button.label == label)


def said(page: AppTest) -> str:
    return "\n".join(element.value for kind in ("markdown", "caption", "info", "error", "warning", "title") for element in page.get(kind))


def test_the_first_visit_names_the_sample_tables_and_offers_questions(page: AppTest):
    assert page.title[0].value == "What would you like to know?"
    assert "orders" in said(page)
    assert sum(button.key.startswith("first-") for button in page.button if button.key) == 4


def test_an_answer_shows_chart_words_sql_and_receipt_and_is_kept(page: AppTest):
    asked(page)
    assert not page.exception
    assert page.get("plotly_chart")
    assert [tab.label for tab in page.tabs] == ["Chart", "Rows (4)", "SQL", "How I read this"]
    assert any("SUM" in code.value for code in page.code)
    conversation = person.home().store.conversations()[0]
    assert conversation.title == QUESTION
    assert isinstance(person.home().store.messages(conversation.id)[0].reply, Answer)


def test_every_question_is_written_down_in_the_audit_log_without_any_cell(page: AppTest):
    asked(page)
    line = person.home().store.audit()[0]
    assert (line.question, line.rows, line.outcome) == (QUESTION, 4, "answer")


def test_what_lives_as_long_as_the_process_is_left_out_when_a_page_looks_for_garbage(page: AppTest):
    assert gc.get_freeze_count() > 100_000


def test_a_new_session_finds_the_conversation_by_its_address(page: AppTest):
    asked(page)
    again = AppTest.from_file(SCRIPT, default_timeout=60)
    again.query_params["conversation"] = str(person.home().store.conversations()[0].id)
    again.run()
    assert QUESTION in said(again)
    assert again.get("plotly_chart")


def test_an_address_of_a_conversation_that_is_gone_opens_a_new_one(page: AppTest):
    page.query_params["conversation"] = "999"
    assert page.run().title[0].value == "What would you like to know?"


def test_the_language_switch_turns_the_page_and_stays_for_the_next_session(page: AppTest):
    switch = next(group for group in page.button_group if group.key == "language-switch")
    switch.set_value("zh").run()
    assert page.title[0].value == "想了解什么？"
    assert AppTest.from_file(SCRIPT, default_timeout=60).run().title[0].value == "想了解什么？"


def test_a_follow_up_knows_the_question_before(page: AppTest):
    asked(page)
    asked(page, "only the West")
    newest = person.home().store.messages(person.home().store.conversations()[0].id)[-1]
    assert [turn.question for turn in newest.question.history] == [QUESTION]


def test_the_second_best_reading_is_a_button_that_asks_it(page: AppTest):
    asked(page, "orders by segment")
    button(page, "By Category").click().run()
    first, second = person.home().store.messages(person.home().store.conversations()[0].id)
    assert "Segment" in first.reply.query.sql
    assert "Category" in second.reply.query.sql
    assert second.question.text == "orders by segment (By Category)"
    assert not page.exception


def test_sql_that_is_edited_takes_the_place_of_the_answer_and_can_be_undone(page: AppTest):
    asked(page)
    page.text_area[0].set_value("SELECT COUNT(*) AS orders_placed FROM orders")
    button(page, "Run").click().run()
    kept = person.home().store.messages(1)[0].reply
    assert isinstance(kept, Answer)
    assert kept.result.rows() == [[1900]]
    button(page, "Undo").click().run()
    assert [tab.label for tab in page.tabs][1] == "Rows (4)"


def test_sql_with_a_wrong_name_is_told_by_the_editor_and_changes_nothing(page: AppTest):
    asked(page)
    page.text_area[0].set_value("SELECT nowhere FROM orders")
    button(page, "Run").click().run()
    assert "No column is called nowhere in orders." in page.error[0].value.replace("\\", "")
    assert [tab.label for tab in page.tabs][1] == "Rows (4)"


def test_another_kind_of_chart_is_kept_with_the_answer(page: AppTest):
    asked(page)
    next(box for box in page.selectbox if box.label == "Kind").set_value("pie").run()
    stored = person.home().store.messages(1)[0]
    assert stored.chart
    assert stored.chart.mark == "pie"
    button(page, "Back to the first chart").click().run()
    assert person.home().store.messages(1)[0].chart is None


def test_a_thumb_down_is_kept_with_its_reason(page: AppTest):
    asked(page)
    page.feedback[0].set_value(0).run()
    next(area for area in page.text_area if area.key == "reason-1").set_value("wrong region").run()
    button(page, "Send").click().run()
    feedback = person.home().store.messages(1)[0].feedback
    assert feedback
    assert (feedback.thumb, feedback.reason) == ("down", "wrong region")


def test_a_pinned_answer_stands_on_the_dashboard_under_its_dates(page: AppTest):
    asked(page)
    button(page, "Pin to dashboard").click().run()
    store = person.home().store
    store.set_dates(1, DateFilter(start=date(2026, 1, 1), end=date(2026, 1, 31)))
    board = opened("dashboard")
    assert not board.exception
    tile = store.tiles(1)[0]
    assert tile.answer
    assert "2026-01" not in tile.sql
    assert sum(row[1] for row in tile.answer.result.rows()) == pytest.approx(january_sales())


def january_sales() -> float:
    with (person.home().workspace.originals / "orders.csv").open(encoding="utf-8", newline="") as file:
        return sum(float(row["Sales"]) for row in csv.DictReader(file) if row["Order Date"].startswith("2026-01"))


def test_a_tile_whose_data_changed_says_so_and_is_refreshed_on_demand(page: AppTest, tmp_path: Path):
    asked(page)
    button(page, "Pin to dashboard").click().run()
    orders = person.home().workspace.originals / "orders.csv"
    lines = orders.read_text(encoding="utf-8").splitlines()
    opened("data").file_uploader[0].upload("orders.csv", "\n".join(lines[:101]).encode(), "text/csv").run()
    board = opened("dashboard")
    assert "The data has changed since." in said(board)
    button(board, "Refresh").click().run()
    assert "The data has changed since." not in said(board)


def test_an_uploaded_file_becomes_a_table_and_the_widget_lets_go_of_it(page: AppTest):
    data = opened("data")
    data.file_uploader[0].upload("heights.csv", b"name,height\nAda,1.7\nBo,1.8\n", "text/csv").run()
    assert "heights was added: 2 rows, 2 columns." in data.success[0].value
    assert not data.file_uploader[0].value
    assert (person.home().workspace.originals / "heights.csv").read_bytes() == b"name,height\nAda,1.7\nBo,1.8\n"


def test_an_upload_of_the_same_name_says_that_it_replaced_the_table(page: AppTest):
    data = opened("data")
    for height in (b"1.7", b"1.9"):
        data.file_uploader[0].upload("heights.csv", b"name,height\nAda," + height + b"\n", "text/csv").run()
    assert "heights was read anew and replaced" in data.success[0].value


def test_a_file_that_is_no_table_is_told_with_its_name_and_leaves_the_others(page: AppTest):
    data = opened("data")
    data.file_uploader[0].upload("picture.xlsx", b"\x89PNG not a table", "image/png").run()
    assert data.error
    assert "orders" in said(data) or "orders" in str(data.button_group)
    assert person.home().workspace.data


def test_an_unexpected_error_ends_in_calm_words_and_in_the_log(page: AppTest, monkeypatch: pytest.MonkeyPatch, caplog):
    monkeypatch.setattr("analyst.ui.chat.suggest", lambda *_: 1 / 0)
    page.run()
    assert not page.exception
    assert "could not be shown" in page.error[0].value
    assert "ZeroDivisionError" in caplog.text


def test_a_deleted_conversation_leaves_its_tiles(page: AppTest):
    asked(page)
    button(page, "Pin to dashboard").click().run()
    button(page, "Delete").click().run()
    assert person.home().store.conversations() == ()
    assert len(person.home().store.tiles(1)) == 1


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        ("last_30_days", date(2026, 2, 12), date(2026, 3, 13)),
        ("this_year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last_year", date(2025, 1, 1), date(2025, 12, 31)),
        ("last_12_months", date(2025, 3, 1), date(2026, 2, 28)),
    ],
)
def test_a_moving_period_means_days_that_follow_the_calendar(preset: str, first: date, last: date):
    assert period_of(DateFilter(preset=preset), date(2026, 3, 13)) == Period(first, last)


def test_tiles_fill_rows_of_twelve_columns_in_their_order():
    assert places_of([(1, 6), (2, 6), (3, 12), (4, 4)]) == {
        1: Place(0, 0, 6, 4),
        2: Place(6, 0, 6, 4),
        3: Place(0, 4, 12, 4),
        4: Place(0, 8, 4, 4),
    }


SAVE_UNDER_ANOTHER_NAME = """
from analyst.ui.adding import show_adding
from analyst.ui.columns import row_of, save
from analyst.ui.person import home
import streamlit as st

table = home().workspace.data.schema.table("heights")
if table.column("height") and "saved" not in st.session_state:
    st.session_state["saved"] = True
    before = [row_of(column) for column in table.columns]
    after = [row | ({"name": "tallness", "unit": "m"} if row["name"] == "height" else {}) for row in before]
    save(table, next(read for read in home().workspace.loaded if read.name == "heights"), before, after)
show_adding()
"""


def test_a_column_takes_the_name_and_unit_that_the_person_gives_it(page: AppTest):
    opened("data").file_uploader[0].upload("heights.csv", b"name,height\nAda,1.7\nBo,1.8\n", "text/csv").run()
    AppTest.from_string(SAVE_UNDER_ANOTHER_NAME, default_timeout=60).run()
    data = person.home().workspace.data
    assert data
    table = data.schema.table("heights")
    assert table
    assert [(column.name, column.unit) for column in table.columns] == [("name", ""), ("tallness", "m")]


@pytest.fixture
def broken_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a home that a test breaks before anybody visits it."""
    monkeypatch.setenv("ANALYST_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    settings.cache_clear()
    person.home.clear()
    yield tmp_path / "home"
    person.home().workspace.close()
    person.home.clear()
    settings.cache_clear()


def test_a_damaged_store_is_kept_aside_and_told_with_its_path_and_what_to_do(broken_home: Path):
    damaged = b"SQLite format 3\x00" + b"\x07" * 4096
    (broken_home / "store.sqlite").write_bytes(damaged)
    page = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert not page.exception
    assert "store.sqlite" in page.warning[0].value.replace("\\", "")
    assert (broken_home / "store.sqlite.damaged-1").read_bytes() == damaged
    assert opened("data").file_uploader[0].upload("few.csv", b"a,b\n1,2\n", "text/csv").run().success
    assert not button(page, "Understood").click().run().warning


def foreign_store(home: Path) -> None:
    with closing(sqlite3.connect(home / "store.sqlite")) as connection:
        connection.execute("CREATE TABLE theirs (a)")


def file_in_the_way(home: Path) -> None:
    (home / "workspace").write_text("in the way")


def home_is_a_file(home: Path) -> None:
    home.rmdir()
    home.write_text("in the way")


@pytest.mark.parametrize("breaking", [foreign_store, file_in_the_way, home_is_a_file])
def test_a_home_that_cannot_be_used_is_left_as_it_is_and_files_can_still_be_added(broken_home: Path, breaking: Callable[[Path], None]):
    breaking(broken_home)
    before = sorted(path for path in broken_home.parent.rglob("*") if path.is_file() and "store.sqlite" not in path.name)
    page = AppTest.from_file(SCRIPT, default_timeout=60).run()
    assert str(broken_home) in page.warning[0].value.replace("\\", "")
    assert "nothing of it is kept" in page.warning[0].value
    assert opened("data").file_uploader[0].upload("few.csv", b"a,b\n1,2\n", "text/csv").run().success
    assert sorted(path for path in broken_home.parent.rglob("*") if path.is_file() and "store.sqlite" not in path.name) == before
