"""A home as it is seen: shared by two pages, damaged, and called by a name that is not this machine's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.visiting import Server, Visit, serving

pytestmark = pytest.mark.browser

HEIGHTS = "name,height\n" + "".join(f"person {row},{row / 7:.2f}\n" for row in range(20_000))


def test_the_field_for_a_path_is_there_for_whoever_sits_at_this_machine_and_for_nobody_else(visit: Visit, tmp_path: Path):
    with serving(tmp_path / "home", hosts="data.example") as server:
        here = visit(at=server)
        here.open("data")
        here.page.get_by_text("A very large file, or one that lies on this computer").click()
        here.page.get_by_label("Path of a file on this computer").first.wait_for()
        called = Server(server.url.replace("127.0.0.1", "data.example"), server.home, server.process, server.log)
        away = visit(at=called, locale="zh-CN")
        away.open("data")
        away.page.get_by_text("超大文件", exact=True).click()
        away.page.get_by_text("把大文件拖到这里").wait_for()
        away.shoot("data-by-another-name")
        assert "本机文件路径" not in away.words


def test_two_pages_on_one_home_that_add_files_at_once_both_have_them_all(visit: Visit, tmp_path: Path):
    files = [tmp_path / "left.csv", tmp_path / "right.csv"]
    for file in files:
        file.write_text(HEIGHTS, encoding="utf-8")
    with serving(tmp_path / "home") as one, serving(tmp_path / "home") as other:
        visitors = [visit(at=one), visit(at=other)]
        for visitor in visitors:
            visitor.open("data")
        for visitor, file in zip(visitors, files, strict=True):
            visitor.page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files([file])
        for visitor, file in zip(visitors, files, strict=True):
            visitor.page.get_by_text(f"{file.stem} was added: 20,000 rows").wait_for()
        for visitor in visitors:
            visitor.open("data")
            for table in ("left", "right", "orders"):
                visitor.page.get_by_text(f"{table} (").first.wait_for()
        visitors[0].shoot("data-shared")


def test_a_damaged_home_says_what_was_read_again_until_that_is_read(visit: Visit, tmp_path: Path):
    with serving(tmp_path / "home") as server:
        visit(at=server).open()
    data = tmp_path / "home" / "workspace" / "data"
    (data / (data / "current").read_text()).write_bytes(b"\x07" * 9_000)
    with serving(tmp_path / "home") as server:
        visitor = visit(at=server)
        visitor.open()
        visitor.page.get_by_text("They were read again from the files they came from").wait_for()
        visitor.shoot("read-again")
        visitor.page.get_by_role("button", name="Understood").click()
        visitor.settle()
        assert "read again" not in visitor.words
        assert "orders" in visitor.words
