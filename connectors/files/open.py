"""Which reader a file needs: by its first bytes and its name."""

from __future__ import annotations

from collections.abc import Generator

from connectors.errors import FileRejected
from connectors.files.delimited import read_delimited
from connectors.files.report import LoadedTable, Progress, Source
from connectors.files.target import Target
from connectors.wording import Bilingual


def read_source(target: Target, source: Source) -> Generator[Progress, None, list[LoadedTable]]:
    """Read every table of a file. Raises FileRejected."""
    path = source.path
    yield Progress(0.0, Bilingual(f"Reading {path.name}", f"正在读取 {path.name}"))
    if not path.exists():
        raise FileRejected(
            Bilingual(f"There is no file {path.name}.", f"找不到文件 {path.name}。"), Bilingual("Check the path.", "请检查路径。")
        )
    return (yield from read_delimited(target, path, path.stem, source.options, path))
