"""The page as a person meets it, in a real browser; pictures are kept under artefacts/."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.visiting import ARTEFACTS, Visit, Visitor, serving

pytestmark = pytest.mark.browser

BOOKS = """Sold On,Shop,Genre,Copies,Revenue
2024-01-05,Harbour,Crime,12,240.5
2024-01-19,Station,Poetry,3,45
2024-02-02,Harbour,Travel,8,176
2024-02-17,Market,Crime,20,410
2024-03-09,Station,Travel,5,115
2024-03-23,Market,Poetry,6,
"""

TEAS = """日期,门店,茶类,销售额
2024-01-05,城南,绿茶,1200
2024-01-18,城北,红茶,800
2024-02-11,城南,乌龙,950
2024-02-26,城北,绿茶,1430
"""

SLOW_SQL = "SELECT SUM(a.Sales * b.Sales * c.Sales) AS total FROM orders AS a CROSS JOIN orders AS b CROSS JOIN orders AS c"
OPEN = "it => it.open && !it.getAnimations().length && it.scrollHeight <= it.clientHeight"
"""An expander at rest: while it opens, a click begins on a button and ends beside it, and is none."""


def chart(visitor: Visitor):
    return visitor.page.get_by_test_id("stPlotlyChart").last


def held_uploads(visitor: Visitor) -> float:
    """Bytes that the upload widget holds in the server's memory."""
    told = visitor.page.request.get(f"{visitor.server.url}/_stcore/metrics").text()
    return sum(float(line.split()[-1]) for line in told.splitlines() if "UploadedFileManager" in line)


def edit_sql(visitor: Visitor, sql: str) -> None:
    page = visitor.page
    page.get_by_role("tab", name="SQL").last.click()
    if not page.get_by_label("SQL (one SELECT)").last.is_visible():
        page.get_by_text("Edit the SQL").last.click()
        page.wait_for_function(OPEN, arg=page.locator("details", has_text="Edit the SQL").last.element_handle())
        visitor.settle()
    page.get_by_label("SQL (one SELECT)").last.fill(sql)
    page.get_by_role("button", name="Run").last.click()


def pin(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="Pin").last.click()
    visitor.page.get_by_role("button", name="Pin to dashboard").click()
    visitor.page.get_by_text("Pinned to").first.wait_for()
    visitor.settle()
    visitor.page.keyboard.press("Escape")


def test_the_first_visit_offers_questions_about_the_sample_tables_and_a_click_answers_one(visit: Visit):
    visitor = visit()
    visitor.open()
    visitor.page.get_by_role("heading", name="What would you like to know?").wait_for()
    visitor.shoot("welcome")
    visitor.page.locator("[class*=st-key-chips-] button").first.click()
    chart(visitor).wait_for()
    visitor.settle()
    visitor.shoot("first-answer")


def test_a_dropped_csv_is_answered_in_english_with_chart_rows_and_how_it_was_read(visit: Visit, tmp_path: Path):
    books = tmp_path / "books.csv"
    books.write_text(BOOKS, encoding="utf-8")
    visitor = visit()
    visitor.upload(books)
    visitor.page.get_by_text("books was added: 6 rows, 5 columns.").wait_for()
    assert held_uploads(visitor) == 0
    visitor.shoot("data")
    visitor.open()
    visitor.ask("total Revenue by Shop")
    chart(visitor).locator(".bars .point").first.wait_for()
    assert chart(visitor).locator(".bars .point").count() == 3
    visitor.shoot("english")
    visitor.page.get_by_role("tab", name="Rows (3)").click()
    visitor.page.get_by_role("tab", name="How I read this").click()
    assert "Left out because missing" in visitor.words
    visitor.shoot("receipt")


def test_a_question_offered_beside_the_file_just_read_is_answered_by_one_click(visit: Visit, tmp_path: Path):
    books = tmp_path / "books.csv"
    books.write_text(BOOKS, encoding="utf-8")
    visitor = visit()
    visitor.upload(books)
    offered = visitor.page.locator(".st-key-added-0 button")
    question = offered.inner_text()
    offered.click()
    chart(visitor).wait_for()
    visitor.settle()
    assert question in visitor.words
    assert "conversation=" in visitor.page.url


def test_a_dropped_csv_is_answered_in_chinese(visit: Visit, tmp_path: Path):
    teas = tmp_path / "茶叶.csv"
    teas.write_text(TEAS, encoding="gb18030")
    visitor = visit(locale="zh-CN")
    visitor.upload(teas)
    visitor.page.get_by_text("已添加“茶叶”：4 行，4 列。").wait_for()
    visitor.shoot("data-chinese")
    visitor.open()
    visitor.ask("各门店的销售额总和")
    chart(visitor).wait_for()
    assert "城南" in visitor.words
    visitor.shoot("chinese")


def test_edited_sql_draws_and_words_the_answer_anew_and_a_wrong_name_is_told_by_the_editor(visit: Visit):
    visitor = visit()
    visitor.open()
    visitor.ask("total Sales by Region")
    chart(visitor).wait_for()
    edit_sql(visitor, "SELECT nowhere FROM orders")
    visitor.page.get_by_text("No column is called nowhere in orders.").wait_for()
    visitor.shoot("sql-error")
    edit_sql(visitor, "SELECT Category, COUNT(*) AS orders_placed FROM orders GROUP BY Category")
    visitor.page.get_by_role("tab", name="Rows (3)").wait_for()
    visitor.page.get_by_role("tab", name="Chart").last.click()
    chart(visitor).get_by_text("Furniture").first.wait_for()
    visitor.shoot("sql-edited")


def test_a_query_that_takes_long_is_ended_by_stop(visit: Visit):
    visitor = visit()
    visitor.open()
    visitor.ask("total Sales by Region")
    edit_sql(visitor, SLOW_SQL)
    visitor.page.get_by_role("button", name="Stop").click(timeout=30_000)
    visitor.page.get_by_text("Stopped; the answer is as it was.").wait_for(timeout=15_000)


def test_history_and_dashboard_are_there_after_a_reload_and_a_restart_and_export_as_one_file(visit: Visit, tmp_path: Path):
    with serving(tmp_path / "home") as first:
        visitor = visit(at=first)
        visitor.open()
        visitor.ask("total Sales by Region")
        chart(visitor).wait_for()
        pin(visitor)
        visitor.page.reload()
        chart(visitor).wait_for()
        visitor.settle()
        assert "total Sales by Region" in visitor.words
        address = visitor.page.url.partition(first.url)[2].lstrip("/")
    with serving(tmp_path / "home") as second:
        visitor = visit(at=second)
        visitor.open(address)
        chart(visitor).wait_for()
        visitor.open("dashboard")
        chart(visitor).wait_for()
        visitor.shoot("dashboard")
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("button", name="Export as HTML").click()
        download.value.save_as(ARTEFACTS / "dashboard.html")
    check_alone(visit, ARTEFACTS / "dashboard.html")


def check_alone(visit: Visit, file: Path) -> None:
    """The file draws its chart by itself: no server runs any more, and it asks for nothing."""
    visitor = visit()
    visitor.page.goto(file.as_uri())
    visitor.page.locator(".chart .bars .point").first.wait_for()
    visitor.page.screenshot(path=ARTEFACTS / "dashboard-file.png")
    visitor.open()


def test_an_answer_goes_out_as_csv_excel_sql_python_and_picture(visit: Visit):
    visitor = visit()
    visitor.open()
    visitor.ask("total Sales by Region")
    visitor.page.get_by_role("button", name="Export").last.click()
    names = []
    for label in ("CSV", "Excel", "SQL", "Python"):
        with visitor.page.expect_download() as download:
            visitor.page.get_by_test_id("stPopoverBody").get_by_role("button", name=label).click()
        names.append(download.value.suggested_filename)
    assert [Path(name).suffix for name in names] == [".csv", ".xlsx", ".sql", ".py"]
    visitor.page.get_by_role("button", name="Image (PNG, SVG)").click()
    panel = visitor.page.frame_locator("[data-testid=stPopoverBody] iframe")
    for form in ("PNG", "SVG"):
        with visitor.page.expect_download() as download:
            panel.get_by_role("button", name=f"Save as {form}").click()
        download.value.save_as(ARTEFACTS / f"chart.{form.lower()}")
    assert (ARTEFACTS / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in (ARTEFACTS / "chart.svg").read_bytes()[:200]


@pytest.mark.parametrize(("dark", "locale"), [(False, "en-US"), (True, "zh-CN")])
def test_on_a_phone_nothing_is_cut_off_at_the_side(visit: Visit, dark: bool, locale: str):
    visitor = visit(width=390, height=844, dark=dark, locale=locale)
    for path in ("", "data", "dashboard"):
        visitor.open(path)
        if not path:
            visitor.ask("total Sales by Region")
            chart(visitor).wait_for()
        visitor.shoot(f"phone-{path or 'chat'}-{locale}")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_file_dropped_into_the_field_is_read_before_its_question_is_asked(visit: Visit, tmp_path: Path):
    (tmp_path / "ferries.csv").write_text("Ferry,Line,Cars\nAda,North,40\nBo,South,25\nCy,North,31\n", encoding="utf-8")
    visitor = visit()
    visitor.open()
    with visitor.page.expect_response(lambda response: "upload_file" in response.url and response.request.method == "PUT"):
        visitor.page.locator("input[type=file]").first.set_input_files(tmp_path / "ferries.csv")
    visitor.page.get_by_text("ferries.csv").first.wait_for()
    visitor.settle()
    visitor.ask("total Cars by Line")
    visitor.page.get_by_text("ferries was added: 3 rows, 3 columns.").wait_for()
    chart(visitor).locator(".bars .point").nth(1).wait_for()
    visitor.shoot("dropped-with-question")


def test_the_tabs_and_the_first_question_are_reached_by_keyboard_alone(visit: Visit):
    visitor = visit()
    visitor.open()
    visitor.page.locator("[class*=st-key-chips-] button").first.focus()
    visitor.page.keyboard.press("Enter")
    chart(visitor).wait_for()
    visitor.settle()
    visitor.page.get_by_role("tab", name="Chart").last.focus()
    visitor.page.keyboard.press("ArrowRight")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.get_by_role("tab", name="Rows").last.get_attribute("aria-selected") == "true"


@pytest.fixture
def silent_model() -> Iterator[str]:
    """The address of a model server that takes questions and never answers."""
    ended = threading.Event()

    class Silent(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"object": "list", "data": [{"id": "silent", "object": "model", "max_model_len": 8192}]}')

        def do_POST(self) -> None:
            ended.wait(60)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/v1"
        ended.set()
        listening.shutdown()


def test_a_question_to_a_silent_model_is_stopped_and_can_be_asked_again(visit: Visit, silent_model: str, tmp_path: Path):
    with serving(tmp_path / "home", model=silent_model) as slow:
        visitor = visit(at=slow)
        visitor.open()
        visitor.say("total Sales by Region")
        visitor.page.get_by_role("button", name="Stop").wait_for()
        visitor.page.wait_for_timeout(1200)
        visitor.shoot("busy")
        visitor.page.get_by_role("button", name="Stop").click()
        visitor.page.get_by_role("button", name="Ask again").wait_for(timeout=5_000)
        visitor.shoot("stopped")


def test_a_model_server_that_is_not_there_is_told_with_what_to_do(visit: Visit, tmp_path: Path):
    with serving(tmp_path / "home", model="http://127.0.0.1:9/v1") as gone:
        visitor = visit(at=gone)
        visitor.open()
        visitor.ask("total Sales by Region")
        visitor.page.get_by_role("button", name="Ask again").wait_for(timeout=40_000)
        visitor.shoot("model-gone")
        visitor.page.get_by_role("button", name="Answer with the built-in model").click()
        visitor.page.get_by_role("tab", name="Chart").wait_for(timeout=20_000)
        visitor.shoot("model-gone-answered")
        assert "127.0.0.1:9" in visitor.words
