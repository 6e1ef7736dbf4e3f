"""The records of a delimited file with their true line numbers, whatever quotes were left open in it."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from connectors.errors import FileRejected
from connectors.files.dialect import LONGEST_CELL, Dialect
from connectors.files.encodings import as_meant
from connectors.files.quotes import cells_of, grammar
from connectors.wording import Bilingual

MOST_OPEN_QUOTES = 50
"""Quotes that run to the end of the file; each costs a look at all that follows."""
MOST_READ_AGAIN = 2_000_000
"""Lines looked at twice since a quote before them made no sense; quotes that cost more are no quotes."""


class Record(NamedTuple):
    """One row as it stands in the file; a tuple, since there are millions."""

    line: int
    """Where it begins, counted from 1."""
    cells: list[str]
    stray: str = ""
    """The line itself where a quote in it opens or closes nothing; its cells are then divided at every delimiter."""
    blanks: int = 0
    """Blank lines before it."""


def records(path: Path, raw: BinaryIO, encoding: str, dialect: Dialect, errors: str = "strict") -> Iterator[Record]:
    """Every record that is not blank. `raw` is the open file, whose position tells how far reading is.

    Raises UnicodeDecodeError, and FileRejected where quotes make no sense at all.
    """
    raw.seek(0)
    text = io.TextIOWrapper(raw, encoding, errors=errors, newline="")
    try:
        yield from _Lines(path, text, dialect).records()
    finally:
        if not raw.closed:  # whoever read only the first ones may have let go of these long before they end
            text.detach()


class _Lines:
    """The lines of a file, of which some are looked at again."""

    def __init__(self, path: Path, text: io.TextIOWrapper, dialect: Dialect) -> None:
        self.path, self.text, self.dialect = path, text, dialect
        self.again: deque[str] = deque()
        self.number = 0
        self.unclosed = self.read_again = 0

    def records(self) -> Iterator[Record]:
        whole, quote, blanks = grammar(self.dialect).whole, self.dialect.quote, 0
        while line := self.next():
            begin = self.number
            if not line.strip("\r\n"):
                blanks += 1
                continue
            if quote not in line or whole.fullmatch(line):
                yield Record(begin, cells_of(line, self.dialect), "", blanks)
            elif (record := self.longer(line)) is not None:
                yield Record(begin, cells_of(record, self.dialect), "", blanks)
            else:
                yield Record(begin, line.rstrip("\r\n").split(self.dialect.delimiter), line, blanks)
            blanks = 0

    def next(self) -> str:
        """The next line, empty at the end of the file."""
        line = self.again.popleft() if self.again else as_meant(self.text.readline(LONGEST_CELL + 1))
        self.number += bool(line)
        if len(line) > LONGEST_CELL:
            raise FileRejected(
                Bilingual(
                    f"Line {self.number} has more than {LONGEST_CELL:,} characters.", f"第 {self.number} 行超过 {LONGEST_CELL:,} 个字符。"
                ),
                Bilingual("A table has one row a line: check how the file was made.", "表格应当一行一条记录，请检查文件的生成方式。"),
            )
        return line

    def longer(self, line: str) -> str | None:
        """The record of several lines that begins with this one; None, and only that line taken, if its quotes make none."""
        patterns = grammar(self.dialect)
        if not patterns.opened.fullmatch(line):
            return None
        taken, size = [line], len(line)
        while size <= LONGEST_CELL and (more := self.next()):
            taken.append(more)
            size += len(more)
            if patterns.goes_on.fullmatch(more):
                continue
            if patterns.ends.fullmatch(more):
                return "".join(taken)
            break
        else:
            self.unclosed += 1
        self.give_back(taken[1:])
        return None

    def give_back(self, lines: list[str]) -> None:
        """Lines that are to be read again. Raises FileRejected where that would take for ever."""
        self.again.extendleft(reversed(lines))
        self.number -= len(lines)
        self.read_again += len(lines)
        if self.unclosed > MOST_OPEN_QUOTES or self.read_again > MOST_READ_AGAIN:
            raise FileRejected(
                Bilingual(
                    f"{self.path.name}: more than {MOST_OPEN_QUOTES} quotes are opened and never closed.",
                    f"{self.path.name}：有 {MOST_OPEN_QUOTES} 处以上引号未闭合。",
                ),
                Bilingual(
                    "Choose another delimiter, or save the file again as CSV from the program that made it.",
                    "请改选分隔符，或用生成它的软件重新另存为 CSV。",
                ),
            )
