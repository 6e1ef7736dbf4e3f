"""Names of tables and columns: the person's own words, made unique and safe to quote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

from connectors.wording import Bilingual

# Byte order mark, zero-width marks and control characters: nobody sees them, and a name that holds one cannot be typed.
UNSEEN = re.compile("[\ufeff\u200b-\u200f\u2060\x00-\x08\x0e-\x1f\x7f]")

PATTERN_SIGNS = re.compile(r"[\[*?]")


def quoted(name: str) -> str:
    """The name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """The text as a SQL string."""
    return "'" + text.replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """The path as a SQL string that means this very file, whatever stands in its name: DuckDB takes [, * and ? for patterns of names."""
    return literal(PATTERN_SIGNS.sub(r"[\g<0>]", str(path)))


def tidy(text: str) -> str:
    """The text without unseen characters, trimmed, with every run of whitespace as one blank."""
    return " ".join(UNSEEN.sub("", text).split())


def unique(name: str, taken: Iterable[str]) -> str:
    """The name, or the name with the first free number from 2; DuckDB does not tell case apart, so neither do we."""
    return _free(name, {other.casefold() for other in taken})


def _free(name: str, used: Set[str]) -> str:
    """The name, or with the first free number; `used` is case-folded."""
    if name.casefold() not in used:
        return name
    number = 2
    while f"{name} {number}".casefold() in used:
        number += 1
    return f"{name} {number}"


def table_name(words: str, taken: Iterable[str]) -> str:
    """A name for a table that none of `taken` has."""
    return unique(tidy(words) or "table", taken)


def column_names(headers: Sequence[str]) -> tuple[list[str], list[Bilingual]]:
    """Names for columns in order, with a note for each that differs from its header by more than blanks."""
    names: list[str] = []
    taken: set[str] = set()
    notes: list[Bilingual] = []
    written = {tidy(header).casefold() for header in headers if tidy(header)}
    for number, header in enumerate(headers, start=1):
        wanted = tidy(header) or f"column {number}"
        free = _free(wanted, taken if tidy(header) else taken | written)
        if not tidy(header):
            notes.append(Bilingual(f"Column {number} has no header; it is called “{free}”.", f"第 {number} 列没有表头，命名为“{free}”。"))
        elif free != wanted:
            notes.append(
                Bilingual(
                    f"The header “{wanted}” occurs more than once; column {number} is called “{free}”.",
                    f"表头“{wanted}”重复出现，第 {number} 列命名为“{free}”。",
                )
            )
        names.append(free)
        taken.add(free.casefold())
    return names, notes
