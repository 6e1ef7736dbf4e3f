"""The rows as CSV or Excel, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from analyst.terms import Cell, ResultSet
from analyst.writing.terminal import width
from connectors.base import as_cell

FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet takes for the start of a formula (OWASP, CSV Injection), full-width forms included."""

PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?%?")

SEPARATOR = re.compile(r"([,;|\t\r\n])")
"""What some country's spreadsheets take fields or rows apart at."""
BEFORE_FORMULA = ' "\u00a0\ufeff'
"""What may stand before a formula's first sign without hiding it."""

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Signs that a worksheet cannot hold."""

LONGEST_CELL = 32_767
"""Characters that a worksheet's cell can hold."""
MOST_ROWS = 1_048_575
"""Rows of a worksheet beside its header."""
EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number; longer ones are written as text."""

WIDEST_COLUMN = 48
SAMPLED_ROWS = 200


def defused(text: str) -> str:
    """The text, with an apostrophe in front if a spreadsheet would run it as a formula; numbers such as -5 stay as they are."""
    return f"'{text}" if FORMULA.match(text) and not PLAIN_NUMBER.fullmatch(text) else text


def defused_field(text: str) -> str:
    """The same for a field of a CSV, whose separators differ from country to country: also what follows any of them is no formula."""
    parts = SEPARATOR.split(text)
    return defused("".join(part if SEPARATOR.fullmatch(part) else _defused_part(part) for part in parts))


def _defused_part(part: str) -> str:
    bare = part.lstrip(BEFORE_FORMULA)
    if not FORMULA.match(bare) or PLAIN_NUMBER.fullmatch(part.strip()):
        return part
    return f"{part[: len(part) - len(bare)]}'{bare}"


def defused_csv(text: str) -> bytes:
    """A CSV as it stands with its fields defused."""
    return _written(csv.reader(io.StringIO(text, newline="")))


def to_csv(result: ResultSet) -> bytes:
    """UTF-8 with a byte order mark, without which Excel garbles Chinese; all texts in quotation marks, none of them a formula."""
    return _written([list(result.columns), *result.rows()])


def _written(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC)
    for row in rows:
        writer.writerow([defused_field(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def to_excel(result: ResultSet, title: str = "") -> bytes:
    """A workbook of one sheet: types kept, header that stays in view, columns as wide as their cells; formulas defused as in CSV."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_sheet_name(title))
    columns = [column.to_pylist() for column in result.table.columns]
    for index, name in enumerate(result.columns):
        sheet.column_dimensions[get_column_letter(index + 1)].width = _width(name, columns[index])
    sheet.freeze_panes = "A2"
    sheet.append([_header(sheet, name) for name in result.columns])
    for row in zip(*(column[:MOST_ROWS] for column in columns), strict=True):
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    # Excel allows 31 characters and none of these in the name of a sheet.
    return re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")[:31] or "Sheet1"


def _width(name: str, values: list[Any]) -> int:
    longest = max((width(str(value)) for value in values[:SAMPLED_ROWS] if value is not None), default=0)
    return min(max(width(name), longest, 8) + 2, WIDEST_COLUMN)


def _header(sheet: WriteOnlyWorksheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=_text(name))
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E8EEF4")
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: object) -> WriteOnlyCell:
    """One value in the spreadsheet's own type; what it cannot hold exactly as text."""
    if value is None or isinstance(value, bool | date | time):
        naive = value.replace(tzinfo=None) if isinstance(value, datetime | time) else value
        return _typed(sheet, _after_1900(naive))
    if isinstance(value, int):
        return _typed(sheet, value if len(str(abs(value))) <= EXACT_DIGITS else str(value))
    if isinstance(value, float | Decimal):
        number = as_cell(float(value))
        return _typed(sheet, number)
    return _typed(sheet, _text(str(as_cell(value))))


def _after_1900(value: object) -> object:
    """Dates before 1900 as text: spreadsheets count days from there."""
    return value.isoformat() if isinstance(value, date) and value.year < 1900 else value


def _typed(sheet: WriteOnlyWorksheet, value: object) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        # A leading = would make openpyxl write a formula.
        cell.data_type = "s"
    return cell


def _text(text: str) -> str:
    return defused(UNPRINTABLE.sub("", text)[:LONGEST_CELL])
