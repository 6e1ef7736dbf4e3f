"""Where the table begins in rows of text: junk lines, header lines made into one, a units row, and whether there is a header at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from connectors.files.cells import MISSING, is_valuelike

UNIT_WORDS = (
    "kg|g|mg|t|lb|lbs|oz|km|m|cm|mm|mi|ft|in|km/h|mph|m/s|h|hr|hrs|hours?|min|mins|s|sec|ms|days?|years?|months?|yrs?|l|ml|"
    "m2|m²|m3|m³|㎡|kw|kwh|mw|mwh|w|v|a|°c|℃|°f|c|f|pct|percent|count|units?|pcs|people|persons?|usd|eur|gbp|jpy|cny|rmb|hkd|"
    "k|kusd|musd|million|thousand|bn|mio|[$€£¥￥%‰]|[$€£¥￥] ?(?:k|m|mn|bn|million|thousand|000s?)|"
    "元|万元|亿元|千元|百万元|美元|万美元|亿美元|港元|日元|欧元|人|万人|件|个|台|套|次|天|岁|年|月|日|小时|分钟|秒|吨|万吨|公斤|千克|克|斤|"
    "公里|千米|米|厘米|毫米|平方米|平方公里|立方米|升|度|千瓦时|只|辆|家|户|人次|册|篇|分"
)
UNIT = re.compile(rf"[(\[（【]\s*([^()\[\]（）【】]{{1,12}})\s*[)\]）】]|({UNIT_WORDS})", re.IGNORECASE)
UNIT_IN_HEADER = re.compile(rf"[(\[（【]\s*(?:单位[:：]?\s*)?({UNIT_WORDS})\s*[)\]）】]\s*$|[,，_ ]\s*(%|[$€£¥])$", re.IGNORECASE)
LOOKED_AT = 200
FEWEST_LOOKED_AT = 30
CELLS_LOOKED_AT = 40_000


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table and where it stands."""

    skipped: int
    """Rows before the header."""
    lines: int
    """Rows of the header, the units row included; 0 where there is none."""
    headers: tuple[str, ...]
    """One for each column, as written; several rows are joined by a blank."""
    units: tuple[str, ...]
    """From the units row or from brackets in the header; empty where there is none."""
    merged: bool = False
    units_row: bool = False


def find_header(rows: Sequence[Sequence[str]], lines: int | None = None) -> Header:
    """The header of the rows; `lines` is what the person said, counting no junk lines."""
    sample = [list(row) for row in islice(rows, rows_looked_at(rows))]
    width = usual_width(sample)
    skipped = first_row(sample, width)
    body = _without_repeats(sample[skipped:], width)
    found = header_lines(body, width) if lines is None else (lines, _has_units_row(body[:lines], width) if lines > 1 else False)
    count, units_row = found
    title_rows = body[: count - 1 if units_row else count]
    if count:
        width = max(width, *(at for at, cell in enumerate(body[0], start=1) if cell.strip()), 0)
    headers = joined(title_rows, width)
    units = [_unit_of(header) for header in headers]
    if units_row:
        row = body[count - 1]
        units = [_bare(row[at]) if at < len(row) and row[at].strip() else unit for at, unit in enumerate(units)]
    return Header(skipped, count, tuple(headers), tuple(units), merged=len(title_rows) > 1, units_row=units_row)


def rows_looked_at(rows: Sequence[Sequence[str]]) -> int:
    """So many rows say what a table is; fewer of a wide one, which says as much in fewer."""
    return max(FEWEST_LOOKED_AT, min(LOOKED_AT, CELLS_LOOKED_AT // max(1, len(rows[0]) if rows else 1)))


def _without_repeats(body: list[list[str]], width: int) -> list[list[str]]:
    """The rows without those that are the first once more, where it is words over values: they would look like rows it is one of."""
    rest = [row for row in body[1:] if row != body[0]]
    if not body or len(rest) == len(body) - 1 or any(is_valuelike(cell) and not is_year(cell) for cell in body[0]):
        return body
    over = [at for at in value_columns([body[0], *rest], width) if at < len(body[0]) and body[0][at].strip()]
    return [body[0], *rest] if over else body


def usual_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of cells that most rows have; the wider of equals; rows with nothing in them do not count."""
    widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
    wide = {width: count for width, count in widths.items() if width > 1} or widths
    return max(wide.items(), key=lambda pair: (pair[1], pair[0]))[0] if wide else 0


def first_row(rows: Sequence[Sequence[str]], width: int) -> int:
    """The index of the first row that fills about half of the columns, as a title line or a remark does not."""
    need = 1 if width < 2 else max(2, (width + 1) // 2)
    for at, row in enumerate(rows[:50]):
        if _filled(row) >= need:
            above_is_group = at > 0 and _filled(rows[at - 1]) >= 2 and len(rows[at - 1]) == len(row) and _has_gaps(rows[at - 1])
            return at - 1 if above_is_group and not any(is_valuelike(cell) for cell in rows[at - 1][:1]) else at
    return next((at for at, row in enumerate(rows) if _filled(row)), 0)


def header_lines(body: Sequence[Sequence[str]], width: int) -> tuple[int, bool]:
    """How many rows the header has, and whether the last of them names units."""
    if not body:
        return 0, False
    valued = value_columns(body, width)
    if len(body) > 1 and not _is_header(body[0], body[1:], valued):
        return 0, False
    count = 1
    if len(body) > 2 and _has_gaps(body[0], ignore_first=False) and _speaks(body[1], valued) and not _is_units(body[1], valued):
        count = 2
    has_units = len(body) > count + 1 and _is_units(body[count], valued)
    return count + has_units, has_units


def joined(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """One header a column: an upper row's cell spans the empty cells to its right where a lower row goes on."""
    if not rows:
        return [""] * width
    padded = [[*row, *[""] * (width - len(row))][:width] for row in rows]
    for at, row in enumerate(padded[:-1]):
        _spread(row, padded[at + 1])
    parts = [[cell for cell in column if cell.strip()] for column in zip(*padded, strict=True)]
    return [" ".join(dict.fromkeys(part.strip() for part in column)) if len(column) > 1 else "".join(column) for column in parts]


def _spread(upper: list[str], lower: Sequence[str]) -> None:
    spanning = ""
    for at, cell in enumerate(upper):
        if cell.strip():
            spanning = cell if lower[at].strip() else ""
        elif lower[at].strip() and spanning:
            upper[at] = spanning
        else:
            spanning = ""


def value_columns(body: Sequence[Sequence[str]], width: int) -> list[int]:
    """Columns whose cells below the first rows are mostly numbers or dates."""
    # Up to two rows may still belong to the header, so they have no say where there are others.
    below = body[2:] if len(body) > 3 else body[1:]
    found = []
    for at in range(width):
        cells = [row[at] for row in below if at < len(row) and not _missing(row[at])]
        if cells and sum(map(is_valuelike, cells)) >= 0.8 * len(cells):
            found.append(at)
    return found


def _is_header(row: Sequence[str], below: Sequence[Sequence[str]], valued: Sequence[int]) -> bool:
    over_values = [row[at] for at in valued if at < len(row) and not _missing(row[at])]
    if over_values:
        values = [cell for cell in over_values if is_valuelike(cell)]
        if not values:
            return True
        # Years make good headers (country, 2019, 2020), but only beside words or each other.
        periods = all(is_year(cell) for cell in values)
        different = len({cell.strip() for cell in values}) == len(values) or _speaks(below[0], valued)
        in_company = len(row) > 1 and (len(values) > 1 or len(values) < _filled(row))
        return periods and different and in_company and not _repeats_below(values[0], below)
    filled = [cell.strip() for cell in row if cell.strip()]
    seen_below = sum(_repeats_below(cell, below) for cell in filled)
    return seen_below * 2 <= len(filled) or len(below) < 3


def is_year(cell: str) -> bool:
    """Whether the cell is a year and nothing else."""
    return re.fullmatch(r"(19|20)\d\d", cell.strip()) is not None


def _repeats_below(cell: str, below: Sequence[Sequence[str]]) -> bool:
    return any(cell.strip() == other.strip() for row in below for other in row)


def _speaks(row: Sequence[str], valued: Sequence[int]) -> bool:
    """Whether the row has words, and nothing else, over columns of numbers or dates."""
    cells = [row[at] for at in valued if at < len(row) and row[at].strip()]
    years = all(is_year(cell) for cell in cells)
    return bool(cells) and len(cells) * 2 >= len(valued) and (years or not any(is_valuelike(cell) or _missing(cell) for cell in cells))


def _is_units(row: Sequence[str], valued: Sequence[int]) -> bool:
    cells = [row[at].strip() for at in valued if at < len(row) and not _missing(row[at])]
    everywhere = [cell.strip() for cell in row if cell.strip()]
    named = [cell for cell in everywhere if UNIT.fullmatch(cell)]
    return bool(cells) and all(UNIT.fullmatch(cell) and not is_valuelike(cell) for cell in cells) and len(named) * 2 >= len(everywhere)


def _has_units_row(rows: Sequence[Sequence[str]], width: int) -> bool:
    return bool(rows) and _is_units(rows[-1], range(width))


def _has_gaps(row: Sequence[str], ignore_first: bool = True) -> bool:
    """Whether cells are empty or repeat, as in the upper row of a merged header."""
    cells = [cell.strip() for cell in (row[1:] if ignore_first else row)]
    return "" in cells or len(set(cells)) < len(cells)


def _unit_of(header: str) -> str:
    found = UNIT_IN_HEADER.search(header.strip())
    return next((part for part in found.groups() if part), "") if found else ""


def _bare(cell: str) -> str:
    found = UNIT.fullmatch(cell.strip())
    return (found.group(1) or found.group(2) or "").strip() if found else cell.strip()


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _missing(cell: str) -> bool:
    return cell.strip().casefold() in MISSING or not cell.strip()
