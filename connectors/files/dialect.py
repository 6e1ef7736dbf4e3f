"""How a delimited file is written: delimiter, quote and escape, decided from a sample by which gives the most even rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DELIMITERS = (",", "\t", ";", "|")
# A cell may hold a document; a cell longer than this is a quote that was never closed.
LONGEST_CELL = 16_000_000
SAMPLE_ROWS = 400


@dataclass(frozen=True, slots=True)
class Dialect:
    """The marks that divide a line into cells."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    """The quote itself where quotes are doubled, a backslash where they are escaped."""
    skip_blank: bool = False
    """True if a blank follows every delimiter, so that it belongs to none of the cells."""


def rows_of(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """The cells of each record. Its `line_num` is the last physical line read."""
    csv.field_size_limit(LONGEST_CELL)
    doubled = dialect.escape == dialect.quote
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        doublequote=doubled,
        escapechar=None if doubled else dialect.escape,
        skipinitialspace=dialect.skip_blank,
    )


def find_dialect(sample: str, delimiter: str | None = None, only: str | None = None) -> Dialect:
    """The dialect that divides the sample's lines most evenly.

    A `delimiter` that the person set is taken as it is; `only` is the one the file's name promises, taken unless it divides nothing.
    """
    lines = sample.splitlines(keepends=True)
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        delimiter = delimiter or lines[0].strip()[4]
    delimiters = (delimiter,) if delimiter else DELIMITERS
    scored = [(evenness(lines, dialect), dialect) for mark in delimiters for dialect in _variants(mark, sample)]
    if only and not delimiter:
        promised = [(score, dialect) for score, dialect in scored if dialect.delimiter == only and score > 0]
        scored = promised or scored
    best, dialect = max(scored, key=lambda pair: pair[0])
    return dialect if best > 0 or delimiter else Dialect()


def evenness(lines: list[str], dialect: Dialect) -> float:
    """0 where nothing is divided; else the share of rows of the usual width, a little more for wider rows."""
    try:
        widths = [len(row) for row, _ in zip(rows_of(lines, dialect), range(SAMPLE_ROWS), strict=False) if row]
    except csv.Error:
        return 0.0
    divided = Counter(width for width in widths if width > 1)
    if not divided:
        return 0.0
    usual, count = max(divided.items(), key=lambda pair: (pair[1], pair[0]))
    return count / len(widths) * (1 + min(usual, 50) / 100) * _records_per_line(widths, lines)


def _records_per_line(widths: list[int], lines: list[str]) -> float:
    """Near 1 unless most lines were swallowed by quotes, as happens with the wrong quote or escape."""
    return 1.0 if len(widths) >= SAMPLE_ROWS else 0.8 + 0.2 * min(1.0, len(widths) / max(1, len(lines)))


def _variants(delimiter: str, sample: str) -> list[Dialect]:
    found = [Dialect(delimiter)]
    if '\\"' in sample:
        found.append(Dialect(delimiter, '"', "\\"))
    if f'{delimiter} "' in sample:
        found.append(Dialect(delimiter, skip_blank=True))
    lines = sample.count("\n")
    if sample.count(f"'{delimiter}") + sample.count(f"{delimiter}'") > lines // 2 and sample.count('"') <= lines // 4:
        found.insert(0, Dialect(delimiter, "'", "'"))
    return found
