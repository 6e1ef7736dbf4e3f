"""Files of any size from the browser straight to the disk, by a route on the page's own port.

A browser carries requests from any page it shows, so who sends is checked four ways before a byte is kept: the Host must be this
machine (against names rebound to it), the Origin must be this page, the token must be one that this page was given, and what the
file is called decides nothing but its last name. The token says which folder a file goes to; the request cannot.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
import unicodedata
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from analyst.errors import FileRejected
from analyst.parts import part_in, remove_abandoned
from analyst.settings import settings
from analyst.terms import Bilingual
from analyst.ui.doors import host_name, is_same_page, is_this_machine
from analyst.ui.upload_words import (
    BROKE_OFF,
    DISK_FAILED,
    DISK_FULL,
    FILE_NAMELESS,
    FOREIGN_HOST,
    FOREIGN_PAGE,
    MAKE_ROOM,
    NO_TOKEN,
    OPEN_HERE,
    RELOAD,
    SEND_AGAIN,
    TOO_LARGE,
    TOO_LARGE_HINT,
    size_words,
)

ROUTE = "/api/upload"
TOKEN_HEADER = "X-Upload-Token"  # noqa: S105 - its name, not its value
GIGABYTE = 2**30
WRITTEN_AT_ONCE = 2**20  # a jump to another thread for each of the server's 64 KB pieces would cost more than the writing
SILENCE_SECONDS = 120.0  # a browser that sends nothing for this long has gone
VISITS_KEPT = 1000  # a token each for this many open pages; older ones get a new token when they are next drawn
LONGEST_NAME = 180  # bytes: file systems allow 255, and loading adds to it
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}

log = logging.getLogger("analyst.uploads")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the route takes."""

    limit: int
    """The largest file, in bytes."""
    hosts: tuple[str, ...] = ()
    """Names under which the page is served, beside this machine's own."""
    silence: float = SILENCE_SECONDS
    """Seconds without a byte after which the sender is taken to have gone."""


class UploadRefused(FileRejected):
    """A file that was sent is not kept; `status` is the HTTP status that says so."""

    def __init__(self, status: int, message: Bilingual, hint: Bilingual) -> None:
        super().__init__(message, hint)
        self.status = status


@dataclass(slots=True)
class Visit:
    """One open page: where its files go, and which have come since it was last drawn."""

    folder: Path
    arrived: list[Path] = field(default_factory=list)


class Uploads:
    """Which pages may send files, and what they sent; shared by the page's threads and the server's."""

    def __init__(self) -> None:
        self._visits: dict[str, Visit] = {}
        self._lock = Lock()

    def admit(self, folder: Path) -> str:
        """A token with which files may be sent to that folder."""
        remove_abandoned(folder)
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._visits[token] = Visit(folder)
            while len(self._visits) > VISITS_KEPT:
                del self._visits[next(iter(self._visits))]
        return token

    def folder(self, token: str) -> Path | None:
        """Where the files of a page go; None if the token is none of ours."""
        with self._lock:
            visit = self._visits.pop(token, None)
            if not visit:
                return None
            # The page least lately drawn is to be the first that loses its token.
            self._visits[token] = visit
            return visit.folder

    def arrive(self, token: str, path: Path) -> None:
        """Note a file for the page that sent it."""
        with self._lock:
            if token in self._visits:
                self._visits[token].arrived.append(path)

    def take(self, token: str) -> tuple[Path, ...]:
        """The files that came since the last call, in order; a file sent twice stands once."""
        with self._lock:
            visit = self._visits.get(token)
            if not visit:
                return ()
            arrived, visit.arrived = visit.arrived, []
            return tuple(dict.fromkeys(arrived))


UPLOADS = Uploads()
"""Of this process: the server answers and the page is drawn in one."""


def upload_routes(uploads: Uploads = UPLOADS, rules: Rules | None = None) -> list[Route]:
    """The route that takes files; by default up to the size in the settings, from pages under names of this machine or its owner's."""
    rules = rules or Rules(upload_limit(), tuple(settings().allowed_hosts))

    async def receive(request: Request) -> JSONResponse:
        try:
            token, folder = check_sender(request, uploads, rules.hosts)
            path = await keep(request, folder, rules)
        except UploadRefused as refusal:
            log.warning("Upload refused: %s", refusal)
            answer = {"message": refusal.message._asdict(), "hint": refusal.hint._asdict()}
            # The rest of the body is not read, so nothing else can come over this connection.
            return JSONResponse(answer, refusal.status, headers={"Connection": "close"})
        uploads.arrive(token, path)
        return JSONResponse({"name": path.name})

    return [Route(ROUTE, receive, methods=["POST"])]


def upload_limit() -> int:
    """The largest upload, in bytes."""
    return int(settings().upload_limit_gb * GIGABYTE)


# ------------------------------------------------------------------------------------------------ who sends
def check_sender(request: Request, uploads: Uploads, hosts: Collection[str]) -> tuple[str, Path]:
    """The token of the page that sends, and where its files go. Raises UploadRefused if it is not a page of ours."""
    host = request.headers.get("host", "")
    if not is_this_machine(host_name(host)) and host_name(host) not in {name.casefold() for name in hosts}:
        raise UploadRefused(403, FOREIGN_HOST.filled(host=host), OPEN_HERE)
    if not is_same_page(request.headers) or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise UploadRefused(403, FOREIGN_PAGE, OPEN_HERE)
    token = request.headers.get(TOKEN_HEADER, "")
    folder = uploads.folder(token)
    if not folder:
        raise UploadRefused(403, NO_TOKEN, RELOAD)
    return token, folder


# ------------------------------------------------------------------------------------------------ what is kept
async def keep(request: Request, folder: Path, rules: Rules) -> Path:
    """Write the body into the folder; gives where it lies. Raises UploadRefused, and then leaves nothing behind."""
    name = safe_name(request.query_params.get("name", ""))
    announced = announced_size(request)
    check_size(name, announced, rules.limit)
    try:
        # The name in the making is ours alone, so two uploads of one file do not meet before the last step.
        with part_in(folder) as part:
            check_room(folder, announced)
            await write(request, part, name, rules)
            os.replace(part, folder / name)
    except (ClientDisconnect, TimeoutError) as error:
        raise UploadRefused(408, BROKE_OFF.filled(name=name), SEND_AGAIN) from error
    except OSError as error:
        raise not_written(error) from error
    return folder / name


def not_written(error: OSError) -> UploadRefused:
    """The disk did not take the file."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    message = DISK_FULL if full else DISK_FAILED.filled(error=error.strerror or str(error))
    return UploadRefused(507 if full else 500, message, MAKE_ROOM)


async def write(request: Request, part: Path, name: str, rules: Rules) -> None:
    """Write the body piece by piece, holding no more than one megabyte of it."""
    size = 0
    async with await anyio.open_file(part, "wb") as file:
        async for piece in pieces(request, rules.silence):
            size += len(piece)
            check_size(name, size, rules.limit)
            await file.write(piece)


async def pieces(request: Request, silence: float) -> AsyncIterator[bytes]:
    """The body in pieces of about a megabyte. Raises TimeoutError when the sender falls silent."""
    stream = request.stream()
    waiting = bytearray()
    while True:
        with anyio.fail_after(silence):
            chunk = await anext(stream, None)
        if chunk is None:
            break
        waiting += chunk
        if len(waiting) >= WRITTEN_AT_ONCE:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)


def announced_size(request: Request) -> int:
    """The bytes that the sender says will come; 0 where it does not say."""
    try:
        return int(request.headers.get("content-length", 0))
    except ValueError:
        return 0


def check_size(name: str, size: int, limit: int) -> None:
    """Raise UploadRefused for a file over the limit."""
    if size > limit:
        raise UploadRefused(413, TOO_LARGE.filled(name=name, limit=size_words(limit)), TOO_LARGE_HINT)


def check_room(folder: Path, size: int) -> None:
    """Raise UploadRefused for a file that the disk cannot take."""
    if shutil.disk_usage(folder).free < size:
        raise UploadRefused(507, DISK_FULL, MAKE_ROOM)


def safe_name(given: str) -> str:
    """A name that means a file in its own folder on every system, as like the given one as can be. Raises UploadRefused."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    # Control characters, and those that turn the direction of writing, so that a name is what it looks like.
    shown = "".join(character for character in last if unicodedata.category(character)[0] != "C")
    plain = "".join("_" if character in '<>:"|?*' else character for character in shown).strip(" .")
    if plain.partition(".")[0].casefold() in DEVICES:
        plain = f"_{plain}"
    if not plain:
        raise UploadRefused(400, FILE_NAMELESS, SEND_AGAIN)
    return shortened(plain)


def shortened(name: str) -> str:
    """A name cut in its stem to what a file system takes; its endings, such as .csv.gz, stay."""
    stem, dot, ending = name.partition(".") if name.count(".") <= 2 else name.rpartition(".")
    room = LONGEST_NAME - len((dot + ending).encode())
    if room < 1:
        return name.encode()[:LONGEST_NAME].decode("utf-8", "ignore")
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending
