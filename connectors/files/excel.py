"""Excel and OpenDocument workbooks: each sheet that holds cells becomes a table."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine as calamine

from connectors.errors import FileRejected
from connectors.files.archives import check_unpacked
from connectors.files.grid import read_stacked
from connectors.files.rejection import damaged, without_table
from connectors.files.report import LoadedTable, Progress, ReadOptions
from connectors.files.sheetxml import remarks
from connectors.files.staging import Draft
from connectors.files.target import Target
from connectors.wording import Bilingual

STYLED_ROWS = 60
"""Rows whose number formats are looked at."""


def read_workbook(
    target: Target, path: Path, called: str, options: ReadOptions, origin: Path
) -> Generator[Progress, None, list[LoadedTable]]:
    """Read every sheet with cells. Raises FileRejected."""
    check_unpacked(path, origin)
    workbook = _opened(path, origin)
    sheets = [(name, rows) for name in workbook.sheet_names if (rows := _rows(workbook, name))]
    if not sheets:
        raise without_table(origin.name)
    empty = len(workbook.sheet_names) - len(sheets)
    tables = []
    for number, (sheet, rows) in enumerate(sheets):
        yield Progress(number / len(sheets), Bilingual(f"Reading {origin.name}, sheet {sheet}", f"正在读取 {origin.name} 的工作表 {sheet}"))
        name = target.name_for(called if len(sheets) == 1 else f"{called}_{sheet}")
        styles = _styles(path, sheet)
        notes = _sheet_notes(workbook, path, sheet)
        if empty and not number:
            notes.append(Bilingual(f"{empty} empty sheets were left out.", f"{empty} 个空工作表已略过。"))
        lines = [(at, [_text(cell, styles.get(column, "")) for column, cell in enumerate(row)]) for at, row in enumerate(rows, start=1)]
        draft = Draft(table=name, path=origin, headers=(), options=options, sheet=sheet, notes=tuple(notes))
        tables += yield from read_stacked(target, draft, _aligned(lines), name)
    return tables


def _sheet_notes(workbook: calamine.CalamineWorkbook, path: Path, sheet: str) -> list[Bilingual]:
    """What a person who looks at the sheet in Excel would not see, and what this reading does not."""
    seen = {one.name: one.visible for one in workbook.sheets_metadata}
    notes = []
    if seen.get(sheet, calamine.SheetVisibleEnum.Visible) != calamine.SheetVisibleEnum.Visible:
        notes.append(
            Bilingual(f"The sheet “{sheet}” is hidden; it is read like any other.", f"工作表“{sheet}”是隐藏的，与其他工作表一样读取。")
        )
    return notes + (remarks(path, sheet) if zipfile.is_zipfile(path) else [])


def _opened(path: Path, origin: Path) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as error:
        raise FileRejected(
            Bilingual(f"{origin.name} is protected by a password.", f"{origin.name} 设有密码。"),
            Bilingual(
                "Save it without the password in Excel (File, Info, Protect Workbook), then add it again.",
                "请在 Excel 中取消密码（文件－信息－保护工作簿）后再添加。",
            ),
        ) from error
    except calamine.CalamineError as error:
        raise damaged(origin.name, str(error)) from error


def _rows(workbook: calamine.CalamineWorkbook, name: str) -> list[list[Any]]:
    """The cells of a sheet from A1 on, merged ranges filled with their value; empty for sheets with nothing in them."""
    try:
        sheet = workbook.get_sheet_by_name(name)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except calamine.CalamineError:
        return []  # a chart sheet has no cells
    if not any(cell != "" for row in rows for cell in row):
        return []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        _fill(rows, (top, left), (bottom, right))
    return rows


def _fill(rows: list[list[Any]], begin: tuple[int, int], end: tuple[int, int]) -> None:
    """A merged cell says the same for all it covers, unless it is a title over most of the sheet."""
    (top, left), (bottom, right) = begin, end
    if top >= len(rows) or (right - left + 1) > 0.6 * len(rows[top]):
        return
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [rows[top][left]] * (min(right + 1, len(row)) - left)


def _styles(path: Path, sheet: str) -> Mapping[int, str]:
    """By column: percent, a currency symbol, or the zeros that numbers are filled up with, as the number formats show them."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError):
        return {}
    found: dict[int, set[str]] = {}
    try:
        for row in book[sheet].iter_rows(max_row=STYLED_ROWS):
            for cell in row:
                if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool):
                    found.setdefault(cell.column - 1, set()).add(_style(str(cell.number_format)))
    except (KeyError, ValueError, AttributeError):
        return {}
    finally:
        book.close()
    return {column: styles.pop() for column, styles in found.items() if len(styles) == 1}


def _style(number_format: str) -> str:
    first = number_format.split(";", maxsplit=1)[0]
    if "%" in first:
        return "%"
    if re.fullmatch("0{2,}", first):
        return first
    symbol = re.search(r"\[\$([^\]-]+)|([$€£¥￥])", first)
    return (symbol[1] or symbol[2]).strip() if symbol else ""


def _text(cell: object, style: str) -> str:
    """The cell as a person sees it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _number(float(cell), style)
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        seconds = int(cell.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(cell)


def _number(value: float, style: str) -> str:
    if style == "%":
        value = float(f"{value * 100:.12g}")
    plain = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if style.startswith("00"):
        return plain.zfill(len(style))
    return f"{plain}%" if style == "%" else f"{style}{plain}" if style in ("$", "€", "£", "¥", "￥") and value >= 0 else plain


def _aligned(lines: Sequence[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Days get a midnight where other cells of the column have a time, so that all are of one type."""
    stamped = {at for _, cells in lines for at, cell in enumerate(cells) if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*", cell)}
    if not stamped:
        return list(lines)
    return [
        (line, [f"{cell} 00:00:00" if at in stamped and re.fullmatch(r"\d{4}-\d\d-\d\d", cell) else cell for at, cell in enumerate(cells)])
        for line, cells in lines
    ]
