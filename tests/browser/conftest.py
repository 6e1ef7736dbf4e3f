"""A real browser; no request of a page in it may leave this machine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.browser.visiting import PATIENCE, Server, Visit, Visitor, serving

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP data.example 127.0.0.1",
]


def missing(what: str) -> None:
    """Skip where a browser is not to be had, fail where one must be."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is needed for the browser tests.")
    pytest.skip(f"{what} is not installed, so the page is not tried in a real browser.")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page with its sample data, for all tests that need no other."""
    with serving(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once."""
    playwright = pytest.importorskip("playwright.sync_api") if not os.environ.get("CI") else __import__("playwright.sync_api").sync_api
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        missing("Chromium")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, server: Server) -> Iterator[Visit]:
    """Opens the page as a person with a screen, a language and a theme; no request may leave this machine."""
    visitors: list[Visitor] = []

    def open_as(width: int = 1280, height: int = 900, dark: bool = False, locale: str = "en-US", at: Server = server) -> Visitor:
        scheme = "dark" if dark else "light"
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale=locale, accept_downloads=True
        )
        context.set_default_timeout(PATIENCE * 1000)
        visitors.append(Visitor(context.new_page(), at))
        return visitors[-1]

    yield open_as
    for visitor in visitors:
        assert visitor.elsewhere == []
        assert "Traceback" not in visitor.words
        visitor.page.context.close()
