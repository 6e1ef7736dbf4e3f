"""A hostile file at the page: its name, headers and cells are words to be read, and nothing else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.browser.visiting import Visit, Visitor

pytestmark = pytest.mark.browser

HEADERS = [
    "Shop [x](http://evil.example/h)",
    "<img src=//evil.example/i onerror=alert(1)>",
    "www.evil.example $latex$ :material/home:",
    "Amount",
]
CELLS = [
    "http://evil.example/c",
    "<a href='http://evil.example'>y</a>",
    "\u202e![x](http://evil.example/p.png)",
    "me@evil.example &copy; $x^2$",
]
NAME = "www.evil.example [x](http\u2236evil) :material-home: $latex$.csv"
LIVE = """() => [...document.querySelectorAll('a[href], img[src], image, iframe[src], .katex, [onerror]')]
    .map(it => it.href?.baseVal ?? it.getAttribute('href') ?? it.getAttribute('src') ?? it.className)
    .filter(it => /evil|mailto|katex|latex/.test(it))"""


def hostile(folder: Path) -> Path:
    path = folder / NAME
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADERS)
        writer.writerows([CELLS[row % 4], CELLS[(row + 1) % 4], CELLS[(row + 2) % 4], row * 3 + 1] for row in range(12))
    return path


def nothing_is_live(visitor: Visitor) -> None:
    for tab in visitor.page.get_by_role("tab").all():
        tab.click()
        visitor.page.wait_for_timeout(150)
    assert visitor.page.evaluate(LIVE) == []
    assert visitor.elsewhere == []
    assert "\u202e" not in visitor.words


def test_links_pictures_formulas_and_icons_in_a_file_are_shown_as_plain_text(visit: Visit, tmp_path: Path):
    visitor, opened = visit(), []
    visitor.page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    visitor.upload(hostile(tmp_path))
    nothing_is_live(visitor)
    assert "www.evil.example" in visitor.words.replace("\u2060", "")
    visitor.open()
    nothing_is_live(visitor)
    for question in ("total Amount by Shop [x](http://evil.example/h)", "show me www.evil.example ![x](http://evil.example/q.png) :smile:"):
        visitor.ask(question)
        assert question in visitor.words.replace("\u2060", "")
        nothing_is_live(visitor)
    visitor.shoot("hostile")
    assert opened == []
