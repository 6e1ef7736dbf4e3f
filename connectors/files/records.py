"""The records of a delimited file with their true line numbers, whatever quotes were left open in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

from connectors.errors import FileRejected
from connectors.files.dialect import LONGEST_CELL, Dialect, rows_of
from connectors.wording import Bilingual

MOST_OPEN_QUOTES = 50


class Record(NamedTuple):
    """One row as it stands in the file; a tuple, since there are millions."""

    line: int
    """Where it begins, counted from 1."""
    cells: list[str]
    open_quote: bool = False
    """True if a quote in it is never closed, so that it is read as plain text."""


def records(path: Path, raw: BinaryIO, encoding: str, dialect: Dialect, errors: str = "strict") -> Iterator[Record]:
    """Every record that is not blank. `raw` is the open file, whose position tells how far reading is.

    Raises UnicodeDecodeError, and FileRejected where quotes make no sense at all.
    """
    begin = 1
    for _ in range(MOST_OPEN_QUOTES):
        raw.seek(0)
        text = io.TextIOWrapper(raw, encoding, errors=errors, newline="")
        try:
            opened = yield from _until_open_quote(text, dialect, begin)
        finally:
            text.detach()
        if opened is None:
            return
        yield Record(opened[0], opened[1].rstrip("\r\n").split(dialect.delimiter), open_quote=True)
        begin = opened[0] + 1
    raise FileRejected(
        Bilingual(
            f"{path.name}: more than {MOST_OPEN_QUOTES} quotes are opened and never closed.",
            f"{path.name}：有 {MOST_OPEN_QUOTES} 处以上引号未闭合。",
        ),
        Bilingual(
            "Choose another delimiter, or save the file again as CSV from the program that made it.",
            "请改选分隔符，或用生成它的软件重新另存为 CSV。",
        ),
    )


def _until_open_quote(text: io.TextIOWrapper, dialect: Dialect, begin: int) -> Generator[Record, None, tuple[int, str] | None]:
    """Yield records from a line on; returns the line with a quote never closed and its text, None if all is well."""
    lines = islice(text, begin - 1, None)
    reader = rows_of(lines, dialect)
    held: Record | None = None
    start = begin
    try:
        for cells in reader:
            if held is not None:
                yield held
            held = Record(start, cells) if cells else None
            last, start = start, begin + reader.line_num  # type: ignore[attr-defined]
    except csv.Error:
        if held is not None:
            yield held
        return start, _line(text, start)
    if held is not None and start - last > 1 and _is_open(text, last, dialect):
        return last, _line(text, last)
    if held is not None:
        yield held
    return None


def _is_open(text: io.TextIOWrapper, start: int, dialect: Dialect) -> bool:
    """Whether the record that begins there runs to the end of the file inside a quote."""
    text.seek(0)
    doubled = dialect.escape == dialect.quote
    strict = csv.reader(
        islice(text, start - 1, None),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=doubled,
        escapechar=None if doubled else dialect.escape,
        strict=True,
    )
    try:
        for _ in strict:
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _line(text: io.TextIOWrapper, number: int) -> str:
    text.seek(0)
    line = next(islice(text, number - 1, None), "")
    if len(line) > LONGEST_CELL:
        raise FileRejected(
            Bilingual(f"Line {number} has more than {LONGEST_CELL:,} characters.", f"第 {number} 行超过 {LONGEST_CELL:,} 个字符。"),
            Bilingual("A table has one row a line: check how the file was made.", "表格应当一行一条记录，请检查文件的生成方式。"),
        )
    return line
