"""From the cells of one column to how the column is read: what the person chose, or dates, numbers, truth values, text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from connectors.files import dates
from connectors.files.cells import MISSING_TEXT, OPPOSITES, TOTALS, WRITINGS, is_missing, number_in
from connectors.files.column import LOOKED_AT_FIRST, MOST_TOTALS, TEXT, Habits, Reading
from connectors.files.date_columns import formats_said, read_dates
from connectors.files.number_columns import dressed_sql, read_numbers
from connectors.files.report import ColumnOptions

NO_OPTIONS, NO_HABITS = ColumnOptions(), Habits()


def decide(cells: Mapping[str, int], header: str, options: ColumnOptions = NO_OPTIONS, habits: Habits = NO_HABITS) -> Reading:
    """How to read a column whose non-empty cells are these, each with its count."""
    if options.type == "VARCHAR":
        return replace(TEXT, forced=True)
    present = {cell: count for cell, count in cells.items() if not is_missing(cell)}
    words = tuple(sorted({cell.strip().casefold() for cell in cells if is_missing(cell)}))
    if not present:
        return _text(cells)
    totals = {cell: count for cell, count in present.items() if TOTALS.fullmatch(cell.strip())}
    spared = sum(totals.values()) if sum(totals.values()) <= MOST_TOTALS else 0
    values = {cell: count for cell, count in present.items() if cell not in totals} if spared else present
    found = _chosen(values or present, options) if options.type or options.format else _found(values or present, header, habits)
    if found.type == "VARCHAR":
        return replace(_text(cells), notes=found.notes, unit=found.unit, forced=found.forced)
    return replace(found, missing=words, totals=spared)


def _found(present: Mapping[str, int], header: str, habits: Habits) -> Reading:
    first = list(present)[:LOOKED_AT_FIRST]
    if {cell.strip().casefold() for cell in first} <= {"true", "false"}:
        return Reading("BOOLEAN", "CASE lower(trim($cell)) WHEN 'true' THEN true WHEN 'false' THEN false END")
    as_numbers = sum(number_in(cell) is not None for cell in first)
    as_dates = sum(bool(dates.formats_of(cell)) for cell in first)
    if max(as_numbers, as_dates) * 2 < len(first):
        return TEXT
    dated = read_dates(present, header, habits) if as_dates * 2 >= len(first) else None
    return dated or read_numbers(present, header, habits) or TEXT


def _text(cells: Mapping[str, int]) -> Reading:
    """Text as written; only words that can mean nothing else than a missing value are taken as such."""
    values = {cell.strip() for cell in cells}
    words = [word for word in MISSING_TEXT if word in cells and not any(other in values for other in OPPOSITES.get(word, ()))]
    return replace(TEXT, missing=tuple(words))


# ------------------------------------------------------------------------------------------------ what the person chose
def _chosen(present: Mapping[str, int], options: ColumnOptions) -> Reading:
    wanted = options.type or ""
    if (options.format and "%" in options.format) or options.format == dates.QUARTER:
        names = [name.strip() for name in (options.format or "").split(" | ")]
        kind = wanted if wanted in ("DATE", "TIMESTAMP") else dates.type_of(names[0])
        return Reading(kind, f"CAST({dates.expression(names)} AS {kind})", formats_said(names), forced=True)
    if wanted in ("DATE", "TIMESTAMP", "TIME"):
        found = read_dates(present, "date", NO_HABITS)
        sql = found.sql if found and found.type != "VARCHAR" else f"try_cast($cell AS {wanted})"
        return Reading(
            wanted, f"try_cast({sql} AS {wanted})", found.format if found else "", found.other_formats if found else (), forced=True
        )
    if wanted == "BOOLEAN":
        yes, no = "'true', 't', 'yes', 'y', '1', '是', '真', '有', '对'", "'false', 'f', 'no', 'n', '0', '否', '假', '无', '错'"
        sql = f"CASE WHEN lower(trim($cell)) IN ({yes}) THEN true WHEN lower(trim($cell)) IN ({no}) THEN false END"
        return Reading("BOOLEAN", sql, forced=True)
    return _chosen_number(present, options)


def _chosen_number(present: Mapping[str, int], options: ColumnOptions) -> Reading:
    found = {cell: number for cell in present if (number := number_in(cell)) is not None}
    writing = next((one for one in WRITINGS if one.name == options.format), None)
    if writing is None:
        writing = max(WRITINGS, key=lambda one: sum(present[cell] for cell, number in found.items() if number.fits(one)))
    times = any(one.times for one in found.values())
    kind = options.type if options.type in ("BIGINT", "DOUBLE") else None
    if kind is None:
        kind = "DOUBLE" if times or any(writing.point in one.digits for one in found.values()) else "BIGINT"
    unit = next((one.unit for one in found.values() if one.unit), "")
    return Reading(kind, dressed_sql(kind, writing, found), writing.name if writing.grouping else "", unit=unit, forced=True)
