"""Every place that rows can come from, by the scheme of its address: a new connector is one line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from connectors.base import Connector
from connectors.duckdb import LocalDuckDB
from connectors.errors import ConnectionFailed
from connectors.wording import Bilingual


def _local_duckdb(address: str) -> Connector:
    return LocalDuckDB(Path(unquote(urlsplit(address).path)))


CONNECTORS: Mapping[str, Callable[[str], Connector]] = {
    "duckdb": _local_duckdb,  # duckdb:///folder/file.duckdb
}


def connect(address: str) -> Connector:
    """The connector for an address such as duckdb:///folder/file.duckdb. Raises ConnectionFailed if none knows its scheme."""
    scheme = urlsplit(address).scheme
    if scheme not in CONNECTORS:
        known = ", ".join(f"{name}://" for name in CONNECTORS)
        raise ConnectionFailed(
            Bilingual(f"No connector knows addresses that begin with {scheme}://.", f"没有连接器支持以 {scheme}:// 开头的地址。"),
            Bilingual(f"It can begin with: {known}.", f"地址可以这样开头:{known}。"),
        )
    return CONNECTORS[scheme](address)
