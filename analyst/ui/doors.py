"""Who may knock: the page answers only under names that mean this machine, or that its owner allows, and only to its own pages.

A browser sends requests for any page it shows, and whoever owns a name may point it at 127.0.0.1 after their page has been loaded
under it. So the Host that a request names decides, and a socket or a change must come from a page of that same Host.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from analyst.settings import settings
from analyst.ui.upload_words import FOREIGN_PAGE_ASKS, NAME_NOT_ALLOWED, Blank

READING = ("GET", "HEAD", "OPTIONS")
POLICY_VIOLATION = 1008  # RFC 6455
PROXIES = ("forwarded", "via", "x-real-ip", "x-client-ip", "x-original-host", "true-client-ip", "cf-connecting-ip")
"""Beside everything that begins with x-forwarded: what a proxy adds to the requests it passes on."""


class Doors:
    """The outermost layer of the server."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or turn it away with a sentence that says why."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        why = objection(headers, reading=scope["type"] == "http" and scope["method"] in READING)
        if why is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await WebSocketClose(POLICY_VIOLATION)(scope, receive, send)
        else:
            said = why.filled(host=host_name(headers.get("host", "")))
            await PlainTextResponse(f"{said.en}\n{said.zh}\n", 403, headers={"Connection": "close"})(scope, receive, send)


def objection(headers: Mapping[str, str], reading: bool) -> Blank | None:
    """Why a request is turned away; None where it is not."""
    name = host_name(headers.get("host", ""))
    # A number cannot be pointed elsewhere, so a page that was loaded under it came from there.
    if not (is_this_machine(name) or is_number(name) or name in settings().allowed_hosts):
        return NAME_NOT_ALLOWED
    return None if reading or "origin" not in headers or is_same_page(headers) else FOREIGN_PAGE_ASKS


def is_at_this_machine(headers: Mapping[str, str], peer: str | None) -> bool:
    """Whether whoever sent this request sits at this machine: by the name they called, their page, their address, and no proxy between.

    `peer` is None for the machine's own address, as Streamlit tells it.
    """
    asked = Headers(dict(headers))
    if any(name in PROXIES or name.startswith("x-forwarded") for name in asked):
        return False
    return is_this_machine(host_name(asked.get("host", ""))) and is_same_page(asked) and (peer is None or is_this_machine(peer))


def is_same_page(headers: Mapping[str, str]) -> bool:
    """Whether a request comes from a page of the Host it goes to; served over TLS by a proxy, that has another scheme but no other host."""
    origin, host = headers.get("origin", ""), headers.get("host", "")
    return bool(host) and origin.casefold() in {f"{scheme}://{host}".casefold() for scheme in ("http", "https")}


def host_name(host: str) -> str:
    """The name in a Host header, without its port and the brackets of an IPv6 address."""
    try:
        return (urlsplit(f"//{host}").hostname or "").casefold()
    except ValueError:
        return ""


def is_this_machine(name: str) -> bool:
    """Whether a name can only mean the machine it is spoken on."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def is_number(name: str) -> bool:
    """Whether a name is an address in numbers."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
