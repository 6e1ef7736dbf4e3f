"""What reading files takes and tells: sources with options in, progress and a report out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from connectors.errors import AnalystError
from connectors.wording import Bilingual


@dataclass(frozen=True, slots=True)
class ColumnOptions:
    """What the person set for one column; None leaves it to be found out."""

    name: str | None = None
    type: str | None = None
    """BIGINT, DOUBLE, VARCHAR, DATE, TIMESTAMP or BOOLEAN."""
    format: str | None = None
    """How dates or numbers are written, such as %d/%m/%Y."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the person set for one file; None leaves it to be found out."""

    encoding: str | None = None
    delimiter: str | None = None
    header_lines: int | None = None
    columns: Mapping[str, ColumnOptions] = field(default_factory=dict)
    """By the column's header as it stands in the file."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read: a table file, an archive of such, or an existing database."""

    path: Path
    options: ReadOptions = ReadOptions()


@dataclass(frozen=True, slots=True)
class LoadedColumn:
    """How one column was read."""

    name: str
    """Its name in the database: the header, trimmed, made unique."""
    header: str
    """As it stands in the file; empty where there is none."""
    type: str
    format: str = ""
    """How its dates or numbers are written, such as %d/%m/%Y or 1.234,5; empty where plain."""
    other_formats: tuple[str, ...] = ()
    """Formats that fit every cell as well, such as %m/%d/%Y; the person can switch to one."""
    unit: str = ""
    """Taken from the cells, the header or a units row, such as $, %, kg."""
    missing: int = 0
    unread: int = 0
    """Cells that hold text which the type cannot; they are NULL in the table and stand in the rejects file."""


@dataclass(frozen=True, slots=True)
class LoadedTable:
    """How one table was read."""

    name: str
    path: Path
    rows: int
    columns: tuple[LoadedColumn, ...]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    skipped_lines: int = 0
    """Junk lines before the header."""
    header_lines: int = 1
    notes: tuple[Bilingual, ...] = ()
    """All that a careful person would want to be told."""
    rejected: int = 0
    """Rows that could not be read."""
    rejects_file: Path | None = None
    """CSV of line, column, reason (en), reason (zh), text; None where nothing was rejected."""
    replaced: bool = False
    """True if a table of this name was there before."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far loading is."""

    share: float | None
    """0 to 1; None where it cannot be known."""
    words: Bilingual


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading made."""

    database: Path
    """The new database file."""
    tables: tuple[LoadedTable, ...]
    failed: tuple[tuple[Path, AnalystError], ...] = ()
    """Files that gave no table, with the reason."""
