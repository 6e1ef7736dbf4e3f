"""Who the page answers: names of this machine and those its owner allows, and pages of its own; paths, only whoever sits at it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from analyst.ui.doors import is_at_this_machine
from analyst.workspace import open_workspace
from tests.browser.visiting import Server, serving

HANDSHAKE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real page, which may also be reached as data.example."""
    with serving(tmp_path_factory.mktemp("home"), hosts="data.example, other.example") as started:
        yield started


def answer(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Status and words for a request with these headers; ORIGIN and HOST stand for the server's own."""
    own = server.url.removeprefix("http://")
    connection = http.client.HTTPConnection(own, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    for name, value in {"Host": own, **headers}.items():
        connection.putheader(name.replace("_", "-"), value.replace("HOST", own))
    connection.endheaders()
    reply = connection.getresponse()
    words = "" if reply.status == 101 else reply.read().decode("utf-8", "replace")
    connection.close()
    return reply.status, words


@pytest.mark.parametrize("path", ["/", "/data", "/_stcore/health", "/_stcore/metrics", "/media/x.csv"])
@pytest.mark.parametrize("host", ["rebound.test", "rebound.test:8501", "localhost.rebound.test", "data.example.rebound.test", ""])
def test_a_name_that_somebody_else_may_own_is_turned_away_in_both_languages(server: Server, path: str, host: str) -> None:
    status, words = answer(server, path, Host=host)
    assert status == 403
    assert "ANALYST_HOSTS" in words
    assert "未被允许" in words


@pytest.mark.parametrize(
    "host", ["HOST", "localhost", "[::1]:8501", "app.localhost", "192.168.1.7:8501", "data.example", "OTHER.example:443"]
)
def test_names_of_this_machine_numbers_and_names_that_are_allowed_are_answered(server: Server, host: str) -> None:
    assert answer(server, "/_stcore/health", Host=host)[0] == 200


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("HOST", "http://HOST", 101),
        ("data.example", "https://data.example", 101),
        ("HOST", "https://data.example", 403),
        ("rebound.test", "http://rebound.test", 403),
        ("HOST", "https://evil.test", 403),
        ("HOST", "http://localhost:1", 403),
        ("HOST", "null", 403),
        ("HOST", "http://[broken", 403),
    ],
)
def test_a_socket_is_opened_to_pages_of_the_same_host_alone(server: Server, host: str, origin: str, status: int) -> None:
    assert answer(server, "/_stcore/stream", **HANDSHAKE, Host=host, Origin=origin)[0] == status


def test_another_page_can_change_nothing(server: Server) -> None:
    status, words = answer(server, "/_stcore/upload_file/a/b", "PUT", Origin="https://evil.test")
    assert (status, "another web page" in words.lower()) == (403, True)


HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}


@pytest.mark.parametrize(
    ("headers", "peer", "here"),
    [
        (HERE, None, True),
        ({"host": "localhost:8501", "origin": "http://localhost:8501"}, "127.0.0.2", True),
        ({"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, "::1", True),
        ({}, None, False),
        ({"Host": "127.0.0.1:8501"}, None, False),
        ({"Host": "data.example", "Origin": "https://data.example"}, None, False),
        ({"Host": "192.168.1.7", "Origin": "http://192.168.1.7"}, None, False),
        (HERE | {"Origin": "https://data.example"}, None, False),
        (HERE, "192.168.1.8", False),
        (HERE, "not an address", False),
        (HERE | {"X-Forwarded-For": "127.0.0.1"}, None, False),
        (HERE | {"x-forwarded-proto": "https"}, None, False),
        (HERE | {"Forwarded": "for=127.0.0.1"}, None, False),
        (HERE | {"Via": "1.1 proxy"}, None, False),
        (HERE | {"X-Real-IP": "127.0.0.1"}, None, False),
    ],
)
def test_only_a_request_made_at_this_machine_itself_may_name_its_files(headers: dict[str, str], peer: str | None, here: bool) -> None:
    assert is_at_this_machine(headers, peer) is here


def test_a_page_without_a_request_offers_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - only this test draws a page

    page = AppTest.from_string("from analyst.ui.data import paths_allowed\nimport streamlit as st\nst.text(paths_allowed())").run()
    assert page.text[0].value == "False"


def test_views_of_an_uploaded_database_read_no_file_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("word\nabracadabra\n")
    with duckdb.connect(str(tmp_path / "sent.duckdb")) as database:
        database.execute("CREATE TABLE plain AS SELECT 1 AS a")
        database.execute(f"CREATE VIEW stolen AS SELECT * FROM read_csv('{tmp_path}/secret.csv')")
        database.execute(f"CREATE MACRO word() AS TABLE SELECT * FROM read_text('{tmp_path}/secret.csv')")
    workspace = open_workspace([tmp_path / "sent.duckdb"])
    assert [table.name for table in workspace.data.connector.tables()] == ["plain"]
    workspace.close()
