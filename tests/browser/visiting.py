"""The page served for a test, and a person who visits it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts"
HERE = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost|\[::1\]|data\.example)[:/]|data:|blob:|about:|file:")
PATIENCE = 180.0  # seconds until an event is taken never to come; a machine with ten other programs at work took more than 60
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@dataclass(frozen=True)
class Server:
    """A page that is being served."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Server]:
    """Serve the page on a free port with a home of its own; only this process is ended."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home.mkdir(parents=True, exist_ok=True)
    log = home / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port), "--server.headless", "true"]
    environment = os.environ | {"ANALYST_HOME": str(home)} | {f"ANALYST_{name.upper()}": value for name, value in settings.items()}
    with log.open("wb") as out, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out) as process:
        try:
            wait_until_served(f"http://127.0.0.1:{port}", process, log)
            yield Server(f"http://127.0.0.1:{port}", home, process, log)
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


def wait_until_served(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"The page was not served:\n{log.read_text(errors='replace')}")


class Visitor:
    """A person at the page: what they do in the tests' words."""

    def __init__(self, page, server: Server) -> None:
        self.page = page
        self.server = server
        self.elsewhere: list[str] = []
        page.on("request", lambda request: None if HERE.match(request.url) else self.elsewhere.append(request.url))
        page.on("websocket", lambda socket: None if HERE.match(socket.url) else self.elsewhere.append(socket.url))

    def open(self, path: str = "") -> None:
        """Go to a page of the server and wait until it is drawn."""
        self.page.goto(f"{self.server.url}/{path}")
        self.page.locator("[data-testid=stSidebarNavLink], [data-testid=stExpandSidebarButton]").first.wait_for(state="attached")
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is being drawn any more."""
        self.page.wait_for_timeout(250)
        self.page.wait_for_selector(IDLE, timeout=PATIENCE * 1000, state="attached")

    def ask(self, question: str) -> None:
        """Type a question and wait for its reply."""
        self.say(question)
        self.settle()

    def say(self, question: str) -> None:
        """Type a question and press Enter."""
        field = self.page.get_by_test_id("stChatInputTextArea")
        field.fill(question)
        field.press("Enter")

    def upload(self, *files: Path) -> None:
        """Drop files onto the Data page and wait until they are in."""
        self.open("data")
        self.page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(list(files))
        self.settle()

    def shoot(self, name: str) -> None:
        """Keep a picture of what is seen."""
        ARTEFACTS.mkdir(exist_ok=True)
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")

    @property
    def words(self) -> str:
        """All that the page says."""
        return self.page.get_by_test_id("stApp").inner_text()


Visit = Callable[..., Visitor]
