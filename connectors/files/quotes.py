"""Quotes in delimited text: when a line is a whole record, when one goes on, and what a record with a stray quote may have meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from connectors.files.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Grammar:
    """The patterns of a dialect: possessive throughout, so that no line makes them try again."""

    whole: re.Pattern[str]
    """One record from its begin to its end."""
    opened: re.Pattern[str]
    """A record whose last cell opens a quote and does not close it."""
    goes_on: re.Pattern[str]
    """A line inside of a quoted cell that ends inside of it as well, or of another one."""
    ends: re.Pattern[str]
    """A line inside of a quoted cell that ends the record."""
    cell: re.Pattern[str]
    """One cell with what divides it from the one before."""


@lru_cache(maxsize=64)
def grammar(dialect: Dialect) -> Grammar:
    """The patterns of a dialect."""
    mark, quote = re.escape(dialect.delimiter), re.escape(dialect.quote)
    inside = rf"(?:[^{quote}]|{quote}{quote})*+"
    if dialect.escape != dialect.quote:
        slash = re.escape(dialect.escape)
        inside = rf"(?:[^{quote}{slash}]|{slash}[\s\S]|{quote}{quote})*+"
    blanks = " *+" if dialect.skip_blank else ""
    cell = rf"{blanks}(?:{quote}{inside}{quote}|(?!{quote})[^{mark}\r\n]*+)"
    end = r"\r?\n?"
    return Grammar(
        whole=re.compile(rf"{cell}(?:{mark}{cell})*+{end}"),
        opened=re.compile(rf"(?:{cell}{mark})*+{blanks}{quote}{inside}"),
        goes_on=re.compile(rf"{inside}(?:{quote}{mark}(?:{cell}{mark})*+{blanks}{quote}{inside})?"),
        ends=re.compile(rf"{inside}{quote}(?:{mark}{cell})*+{end}"),
        cell=re.compile(rf"(?:^|{mark}){blanks}(?:{quote}({inside}){quote}|((?!{quote})[^{mark}\r\n]*+))"),
    )


def cells_of(record: str, dialect: Dialect) -> list[str]:
    """The cells of a whole record."""
    if dialect.quote not in record and not dialect.skip_blank:
        return record.rstrip("\r\n").split(dialect.delimiter)
    found = grammar(dialect).cell.finditer(record.rstrip("\r\n"))
    return [_unquoted(match[1], dialect) if match[1] is not None else match[2] for match in found]


def _unquoted(inside: str, dialect: Dialect) -> str:
    """What stands between the quotes. A backslash before anything but a quote or another is the person's own."""
    if dialect.escape != dialect.quote:
        inside = re.sub(rf"{re.escape(dialect.escape)}([{re.escape(dialect.escape + dialect.quote)}])", r"\1", inside)
    return inside.replace(dialect.quote * 2, dialect.quote)


def mended(line: str, dialect: Dialect, width: int, fits: Callable[[list[str]], bool]) -> list[str] | None:
    """The cells of a record with a stray quote, if a way of reading it gives as many as the table has, and such as its columns hold."""
    bare = line.rstrip("\r\n")
    ways = [_loosely(bare, dialect, pairs_close, strays_open) for strays_open in (True, False) for pairs_close in (False, True)]
    return next((cells for cells in (*ways, bare.split(dialect.delimiter)) if len(cells) == width and fits(cells)), None)


def _loosely(line: str, dialect: Dialect, pairs_close: bool, strays_open: bool) -> list[str]:
    """The cells where a quote closes only before a delimiter or the end; none where that leaves one open.

    `pairs_close`: two quotes before a delimiter are one that is meant and one that closes. Not `strays_open`: a quote that is never
    closed, or would swallow the begin of another quoted cell, is text.
    """
    quote, mark, at, cells = dialect.quote, dialect.delimiter, 0, []
    while at <= len(line):
        begin = at + (len(line[at:]) - len(line[at:].lstrip(" ")) if dialect.skip_blank else 0)
        close = _closing(line, begin + 1, dialect, pairs_close) if line.startswith(quote, begin) else -1
        if line.startswith(quote, begin) and close < 0 and strays_open:
            return []
        if close >= 0 and not strays_open and f"{mark}{quote}" in line[begin + 1 : close].replace(quote * 2, ""):
            close = -1
        end = close + 1 if close >= 0 else line.find(mark, begin)
        end = len(line) if end < 0 else end
        cells.append(_unquoted(line[begin + 1 : close], dialect) if close >= 0 else line[begin:end])
        at = end + len(mark)
    return cells


def _closing(line: str, at: int, dialect: Dialect, pairs_close: bool) -> int:
    """Where the quote stands that closes a cell, -1 if none does."""
    quote, ends = dialect.quote, (dialect.delimiter, "")
    while (at := line.find(quote, at)) >= 0:
        pair = line.startswith(quote, at + 1)
        if pair and pairs_close and line[at + 2 : at + 3] in ends:
            return at + 1
        if not pair and line[at + 1 : at + 2] in ends and (dialect.escape == quote or line[at - 1] != dialect.escape):
            return at
        at += 2 if pair else 1
    return -1
