"""The upload route: files of any size reach the disk whole and under their own name, and only from the page itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from analyst.ui.upload_words import BOX, size_words
from analyst.ui.uploads import ROUTE, TOKEN_HEADER, UPLOADS, Rules, UploadRefused, Uploads, safe_name, upload_routes

LIMIT = 100 * 2**20
MEGABYTE = b"2026-10-31,West,12.50\n" * 47_663


@dataclass
class Page:
    """A page of the server, and what it would send with a file."""

    address: str
    folder: Path
    uploads: Uploads
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Origin": self.address, TOKEN_HEADER: self.token, "Sec-Fetch-Site": "same-origin"}

    def send(self, name: str, body: bytes | Iterator[bytes] = b"a,b\n1,2\n", **headers: str) -> httpx.Response:
        sent = {key: value for key, value in (self.headers | headers).items() if value}
        return httpx.post(f"{self.address}{ROUTE}", params={"name": name}, content=body, headers=sent, timeout=30, trust_env=False)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Uploads]]:
    """A real server on a free port of this machine."""
    uploads = Uploads()
    app = Starlette(routes=upload_routes(uploads, Rules(LIMIT, hosts=("data.example",), silence=0.5)))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", uploads
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(server: tuple[str, Uploads], tmp_path: Path) -> Page:
    address, uploads = server
    return Page(address, tmp_path / "originals", uploads, uploads.admit(tmp_path / "originals"))


# ------------------------------------------------------------------------------------------------ what arrives
def test_a_file_arrives_whole_under_its_own_name(page: Page) -> None:
    body = os.urandom(3_000_001)
    assert page.send("门店 2026.csv", body).json() == {"name": "门店 2026.csv"}
    assert (page.folder / "门店 2026.csv").read_bytes() == body
    assert page.files() == ["门店 2026.csv"]


def test_the_page_is_told_once_of_each_file_that_came(page: Page) -> None:
    other = page.uploads.admit(page.folder)
    for name in ("b.csv", "a.csv", "b.csv"):
        page.send(name)
    assert page.uploads.take(page.token) == (page.folder / "b.csv", page.folder / "a.csv")
    assert page.uploads.take(page.token) == ()
    assert page.uploads.take(other) == ()


def test_a_file_sent_again_replaces_the_one_before(page: Page) -> None:
    page.send("a.csv", b"old and longer")
    page.send("a.csv", b"new")
    assert (page.folder / "a.csv").read_bytes() == b"new"


def test_files_sent_at_once_do_not_mix(page: Page) -> None:
    with ThreadPoolExecutor(8) as senders:
        list(senders.map(lambda n: page.send(f"{n}.csv", str(n).encode() * 500_000), range(8)))
    assert all((page.folder / f"{n}.csv").read_bytes() == str(n).encode() * 500_000 for n in range(8))


def test_an_empty_file_arrives_too(page: Page) -> None:
    assert page.send("empty.csv", b"").status_code == 200
    assert (page.folder / "empty.csv").read_bytes() == b""


def test_memory_stays_flat_while_a_large_file_streams(page: Page) -> None:
    tracemalloc.start()
    try:
        page.send("large.csv", (MEGABYTE for _ in range(60)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (page.folder / "large.csv").stat().st_size == 60 * len(MEGABYTE)
    assert peak < 12 * 2**20


# ------------------------------------------------------------------------------------------------ what does not
def test_a_file_announced_over_the_limit_is_refused_in_both_languages_before_it_is_read(page: Page) -> None:
    sender = socket.create_connection(page.address.removeprefix("http://").split(":"))
    head = [f"POST {ROUTE}?name=big.csv HTTP/1.1", f"Host: {page.address.removeprefix('http://')}", f"Content-Length: {LIMIT + 1}"]
    sender.sendall("\r\n".join([*head, *(f"{key}: {value}" for key, value in page.headers.items()), "", ""]).encode())
    answer = sender.makefile("rb").read().decode()
    assert answer.startswith("HTTP/1.1 413")
    assert "big.csv is larger than 100 MB" in answer
    assert "上传上限 100 MB" in answer
    assert page.files() == []


def test_a_file_that_grows_over_the_limit_unannounced_is_refused_and_nothing_of_it_stays(page: Page) -> None:
    # The server may hang up while more is being sent.
    with suppress(httpx.WriteError):
        assert page.send("big.csv", (MEGABYTE for _ in range(102))).status_code == 413
    wait_for(lambda: page.files() == [])


def test_a_broken_off_file_leaves_nothing_behind(page: Page) -> None:
    begin(page, b"x" * 100_000).close()
    wait_for(lambda: page.files() == [])
    assert page.uploads.take(page.token) == ()


def test_a_sender_that_falls_silent_is_given_up(page: Page) -> None:
    sender = begin(page, b"x" * 100_000)
    assert sender.makefile("rb").read().startswith(b"HTTP/1.1 408")
    assert page.files() == []


def test_what_a_crash_left_is_removed_and_what_is_being_written_stays(page: Page) -> None:
    sender = begin(page, b"x" * 100_000)
    wait_for(lambda: len(page.files()) == 1)
    being_written = page.files()
    for name in (".0123456789abcdef.part", "mine.part"):
        (page.folder / name).write_bytes(b"x")
    page.uploads.admit(page.folder)
    assert page.files() == [*being_written, "mine.part"]
    sender.close()


def test_a_folder_that_cannot_be_written_to_is_said(page: Page) -> None:
    page.folder.write_text("in the way")
    answer = page.send("a.csv")
    assert answer.status_code == 500
    assert "could not be written" in answer.json()["message"]["en"]


# ------------------------------------------------------------------------------------------------ who sends
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {TOKEN_HEADER: ""},
        {TOKEN_HEADER: "guessed"},
        {"Host": "rebound.test", "Origin": "http://rebound.test"},
        {"Host": "localhost.rebound.test", "Origin": "http://localhost.rebound.test"},
        {"Host": "192.168.1.7", "Origin": "http://192.168.1.7"},
        {"Host": "[broken", "Origin": "http://[broken"},
    ],
)
def test_nothing_but_the_page_itself_can_send_a_file(page: Page, headers: dict[str, str]) -> None:
    answer = page.send("a.csv", **headers)
    assert answer.status_code == 403
    assert answer.json()["message"]["zh"]
    assert page.files() == []


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "[::1]:8501", "app.localhost", "data.example"])
def test_names_of_this_machine_and_names_allowed_by_its_owner_are_taken(page: Page, host: str) -> None:
    assert page.send("a.csv", Host=host, Origin=f"http://{host}").status_code == 200


def test_a_foreign_page_gets_no_leave_to_ask(page: Page) -> None:
    asked = httpx.options(
        f"{page.address}{ROUTE}", headers={"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"}, trust_env=False
    )
    assert asked.status_code == 405
    assert not [name for name in asked.headers if name.startswith("access-control")]


def test_the_token_decides_the_folder(page: Page, tmp_path: Path) -> None:
    other = page.uploads.admit(tmp_path / "other")
    page.send("a.csv", **{TOKEN_HEADER: other})
    assert (page.files(), (tmp_path / "other" / "a.csv").exists()) == ([], True)


# ------------------------------------------------------------------------------------------------ names
@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/abs/销售 数据.csv", "销售 数据.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("sales\u202evsc.exe", "salesvsc.exe"),
        ('a<b>:"c|?*.csv', "a_b___c___.csv"),
        ("con.csv", "_con.csv"),
        ("cafe\u0301.csv", "café.csv"),
        ("trailing. ", "trailing"),
    ],
)
def test_a_name_is_made_safe_and_stays_as_like_as_can_be(given: str, kept: str) -> None:
    assert safe_name(given) == kept


@pytest.mark.parametrize("given", ["", "..", "/", "a/..", " . ", "\u200b"])
def test_a_file_without_a_name_is_refused(given: str) -> None:
    with pytest.raises(UploadRefused):
        safe_name(given)


def test_a_long_name_is_cut_in_its_stem() -> None:
    kept = safe_name("销" * 200 + ".csv.gz")
    assert kept.endswith("销.csv.gz")
    assert len(kept.encode()) <= 180


def test_a_path_in_the_name_stays_in_the_folder(page: Page, tmp_path: Path) -> None:
    assert page.send("../outside.csv").json() == {"name": "outside.csv"}
    assert [path.name for path in tmp_path.iterdir()] == ["originals"]


# ------------------------------------------------------------------------------------------------ words and box
@pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (1536, "1.5 KB"), (5 * 2**30, "5 GB"), (2**20, "1 MB")])
def test_sizes_are_said_as_people_say_them(size: int, words: str) -> None:
    assert size_words(size) == words


def test_the_box_has_words_for_all_that_its_script_asks_for() -> None:
    script = (Path(__file__).parent.parent / "analyst" / "ui" / "upload_box.js").read_text(encoding="utf-8")
    assert [name for name in BOX if name not in script] == []


BUSY = """
import tempfile
from pathlib import Path
import streamlit as st
from analyst.ui.upload_box import upload_box

came = upload_box(Path(tempfile.gettempdir()) / "box", "zh", taking=st.session_state.get("ready", True))
st.text(" ".join(map(str, came)))
"""


def test_files_that_come_while_the_page_is_busy_wait_for_it() -> None:
    page = AppTest.from_string(BUSY).run()
    UPLOADS.arrive(page.session_state["upload_box_token"], Path("late.csv"))
    page.session_state["ready"] = False
    assert page.run().text[0].value == ""
    page.session_state["ready"] = True
    assert page.run().text[0].value == "late.csv"
    assert page.run().text[0].value == ""


APP = """
import sys
from pathlib import Path
import streamlit as st
from analyst.ui.uploads import upload_routes

if __name__ == "__main__":
    from analyst.ui.upload_box import upload_box

    came = upload_box(Path(__file__).parent / "originals", "zh")
    st.session_state.setdefault("came", []).extend(came)
    st.button("again")
    st.text(" ".join(path.name for path in st.session_state.came))
else:
    app = st.App(__file__, routes=upload_routes())
"""


@pytest.mark.browser
def test_a_browser_sends_a_file_through_the_box_and_the_page_is_drawn_again(tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    (tmp_path / "订单.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true", "--browser.gatherUsageStats=false"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *flags, "--server.fileWatcherType=none"]
    root = str(Path(__file__).parent.parent)
    server = subprocess.Popen(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": root}, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(port), seconds=30)
        with playwright.sync_playwright() as player:
            browser = player.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}")
            page.locator("input.files").set_input_files(tmp_path / "订单.csv")
            playwright.expect(page.get_by_text("订单.csv 已上传完成。")).to_be_visible(timeout=20_000)
            playwright.expect(page.get_by_test_id("stText")).to_have_text("订单.csv", timeout=20_000)
            browser.close()
    finally:
        server.terminate()
        server.wait(10)
    assert (tmp_path / "originals" / "订单.csv").read_text(encoding="utf-8") == "a,b\n1,2\n"


# ------------------------------------------------------------------------------------------------ helpers
def begin(page: Page, sent: bytes) -> socket.socket:
    """A sender who announces more than it has sent so far."""
    sender = socket.create_connection(page.address.removeprefix("http://").split(":"))
    head = [f"POST {ROUTE}?name=a.csv HTTP/1.1", f"Host: {page.address.removeprefix('http://')}", "Content-Length: 1000000"]
    sender.sendall("\r\n".join([*head, *(f"{key}: {value}" for key, value in page.headers.items()), "", ""]).encode() + sent)
    wait_for(lambda: page.files() != [])
    return sender


def answers(port: int) -> bool:
    """Whether a page is served there."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/_stcore/health", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def wait_for(condition: object, seconds: float = 5.0) -> None:
    """Look until it is so, or fail."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.02)
