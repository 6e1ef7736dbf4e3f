"""From staged text to a typed table: decide each column, verify every cell, keep a line about whatever did not fit."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from connectors.files.cells import TOTALS
from connectors.files.column import TEXT, TOLERATED, Habits, Reading
from connectors.files.names import column_names, quoted, tidy
from connectors.files.reading import decide
from connectors.files.report import ColumnOptions, LoadedColumn, LoadedTable, Progress, ReadOptions
from connectors.files.target import Target
from connectors.wording import Bilingual

SAMPLED = 3_000
"""Rows whose cells propose the types; every cell is verified afterwards."""
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or cell that is not in the table, and why."""

    line: int
    column: str
    """Empty where the whole row is meant."""
    reason: Bilingual
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of a table before its cells are read."""

    table: str
    path: Path
    headers: tuple[str, ...]
    units: tuple[str, ...] = ()
    options: ReadOptions = field(default_factory=ReadOptions)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    skipped_lines: int = 0
    header_lines: int = 1
    notes: tuple[Bilingual, ...] = ()
    rejects: tuple[Reject, ...] = ()
    fixed: Mapping[int, Reading] = field(default_factory=dict)
    """Columns whose type is known already, by position."""

    def names(self) -> tuple[list[str], list[Bilingual]]:
        """The columns' names, with the notes about them."""
        names, notes = column_names(self.headers)
        if self.header_lines == 0:
            said = Bilingual("There is no header line; the columns are numbered.", "没有表头行，列以序号命名。")
            notes = [said] if names else []
        for at, header in enumerate(self.headers):
            wanted = self.options_of(at, header).name
            if wanted and wanted.strip():
                names[at] = column_names([*names[:at], wanted])[0][at]
        return names, notes

    def options_of(self, at: int, header: str) -> ColumnOptions:
        """What the person set for a column, by its header as written, as tidied, or `column 3` where it has none."""
        for key in (header, tidy(header), f"column {at + 1}"):
            if key in self.options.columns:
                return self.options.columns[key]
        return ColumnOptions()


def settle(
    target: Target, draft: Draft, source: str, lines_of: Callable[[set[int]], Mapping[int, int]] | None = None
) -> Generator[Progress, None, LoadedTable]:
    """Make the table from `source`, a relation with `line` and the text columns c0, c1, ...; returns the report on it.

    `lines_of` turns the source's row numbers into line numbers where `line` holds only the former.
    """
    words = Bilingual(f"Reading the cells of {draft.table}", f"正在识别 {draft.table} 的单元格")
    readings = decide_all(draft, sample_cells(target, source, len(draft.headers)))
    readings, counts = verify(target, draft, source, readings)
    names, name_notes = draft.names()
    selected = ", ".join(
        f"{at_cell(reading.value(), at)} AS {quoted(name)}" for at, (reading, name) in enumerate(zip(readings, names, strict=True))
    )
    yield from target.run(f"CREATE OR REPLACE TABLE {quoted(draft.table)} AS SELECT {selected} FROM {source}", words)
    rejects = [*draft.rejects, *_unread_cells(target, source, names, readings, counts)]
    if lines_of and rejects:
        known = lines_of({reject.line for reject in rejects})
        rejects = [replace(reject, line=known.get(reject.line, reject.line)) for reject in rejects]
    notes = [*draft.notes, *name_notes, *_total_notes(target, source, len(names)), *_missing_notes(names, readings, counts)]
    return finished(target, draft, readings, rejects, notes, [count.unread for count in counts])


def finished(
    target: Target, draft: Draft, readings: Sequence[Reading], rejects: Sequence[Reject], notes: Sequence[Bilingual], unread: Sequence[int]
) -> LoadedTable:
    """The report on a table that has been written."""
    names, _ = draft.names()
    counted = ", ".join(f"count({quoted(name)})" for name in names)
    rows, *filled = target.row(f"SELECT count(*), {counted} FROM {quoted(draft.table)}")
    units = draft.units or ("",) * len(names)
    columns = tuple(
        LoadedColumn(
            name=name,
            header=header,
            type=reading.type,
            format=reading.format,
            other_formats=reading.other_formats,
            unit=reading.unit or unit,
            missing=rows - present - left_out,
            unread=left_out,
        )
        for name, header, reading, unit, present, left_out in zip(names, draft.headers, readings, units, filled, unread, strict=True)
    )
    whole_rows = sum(not reject.column for reject in rejects)
    column_notes = [note for reading in readings for note in reading.notes]
    return LoadedTable(
        name=draft.table,
        path=draft.path,
        rows=rows,
        columns=columns,
        sheet=draft.sheet,
        encoding=draft.encoding,
        delimiter=draft.delimiter,
        skipped_lines=draft.skipped_lines,
        header_lines=draft.header_lines,
        notes=tuple(dict.fromkeys([*notes, *column_notes, *_reject_notes(whole_rows, sum(unread), rows)])),
        rejected=whole_rows,
        rejects_file=_write_rejects(target, draft.table, rejects) if rejects else None,
        replaced=draft.table.casefold() in target.there,
    )


def at_cell(sql: str, at: int) -> str:
    """The expression over column number `at` of the staged text."""
    return sql.replace("$cell", f"c{at}")


# ------------------------------------------------------------------------------------------------ deciding
def sample_cells(target: Target, source: str, width: int) -> list[Counter[str]]:
    """The distinct non-empty cells of each column with their counts, from all rows or a spread sample of them."""
    chosen = ", ".join(f"c{at}" for at in range(width))
    (rows,) = target.row(f"SELECT count(*) FROM {source}")
    part = f" USING SAMPLE reservoir({SAMPLED} ROWS) REPEATABLE (1)" if rows > SAMPLED else ""
    fetched = target.rows(f"SELECT {chosen} FROM {source}{part}")
    columns = zip(*fetched, strict=True) if fetched else [()] * width
    return [Counter(cell for cell in column if isinstance(cell, str)) for column in columns]


def decide_all(draft: Draft, cells: Sequence[Counter[str]]) -> list[Reading]:
    """How each column is read; what one column shows of the file's habits settles others that leave it open."""
    asked = [
        (draft.fixed.get(at), counter, header, draft.options_of(at, header))
        for at, (counter, header) in enumerate(zip(cells, draft.headers, strict=True))
    ]
    readings = [fixed or decide(counter, tidy(header), options) for fixed, counter, header, options in asked]
    habits = _habits(draft, readings)
    if habits == Habits():
        return readings
    return [
        decide(counter, tidy(header), options, habits) if reading.other_formats and not fixed else reading
        for reading, (fixed, counter, header, options) in zip(readings, asked, strict=True)
    ]


def _habits(draft: Draft, readings: Sequence[Reading]) -> Habits:
    certain = [reading.format for reading in readings if reading.format and not reading.other_formats]
    day_first = any(name.startswith(("%d/%m", "%d-%m", "%d.%m")) for name in certain)
    month_first = any(name.startswith(("%m/%d", "%m-%d")) for name in certain)
    comma = "1.234,5" in certain or "1 234,5" in certain
    points = any(reading.type == "DOUBLE" and reading.format in ("", "1,234.5") and not reading.other_formats for reading in readings)
    european = (draft.delimiter == ";" or comma) and not points
    order = True if day_first and not month_first else False if month_first and not day_first else (True if european else None)
    return Habits(order, european)


@dataclass(frozen=True, slots=True)
class Count:
    """What verifying a column found."""

    present: int
    unread: int
    words: int
    """Cells that say in words that the value is missing."""


def verify(target: Target, draft: Draft, source: str, readings: list[Reading]) -> tuple[list[Reading], list[Count]]:
    """Try every cell; a column that does not hold for all but a few is decided again with those cells in view, at last as text."""
    for attempt in range(ROUNDS + 1):
        counts = _count(target, source, readings)
        failing = [
            at
            for at, (reading, count) in enumerate(zip(readings, counts, strict=True))
            if count.unread and not _tolerable(reading, count, attempt)
        ]
        if not failing:
            break
        for at in failing:
            readings[at] = TEXT if attempt == ROUNDS - 1 else _decided_again(target, draft, source, readings[at], at)
    return readings, counts


def _tolerable(reading: Reading, count: Count, attempt: int) -> bool:
    allowed = max(TOLERATED * count.present, reading.totals)
    return reading.forced or (attempt > 0 and reading.type != "VARCHAR" and count.unread <= allowed)


def _count(target: Target, source: str, readings: Sequence[Reading]) -> list[Count]:
    parts = []
    for at, reading in enumerate(readings):
        missing = reading.is_word_for_missing()
        said = f"count(*) FILTER ({missing})" if missing else "0"
        read = "count(*)" if reading.type == "VARCHAR" and reading.sql == "$cell" else f"count({reading.value()})"
        parts.append(at_cell(f"count($cell), {'count($cell)' if read == 'count(*)' else read + ' + ' + said}, {said}", at))
    found = target.row(f"SELECT {', '.join(parts)} FROM {source}")
    return [Count(present, present - read, said) for present, read, said in zip(found[0::3], found[1::3], found[2::3], strict=True)]


def _unread(reading: Reading) -> str:
    missing = reading.is_word_for_missing()
    return f"$cell IS NOT NULL AND ({reading.value()}) IS NULL" + (f" AND NOT ({missing})" if missing else "")


def _decided_again(target: Target, draft: Draft, source: str, reading: Reading, at: int) -> Reading:
    unread = at_cell(_unread(reading), at)
    strange = target.rows(f"SELECT c{at}, count(*) FROM {source} WHERE {unread} GROUP BY 1 ORDER BY 2 DESC LIMIT 1000")
    usual = target.rows(
        f"SELECT c{at}, count(*) FROM {source} WHERE c{at} IS NOT NULL AND NOT ({unread}) GROUP BY 1 ORDER BY 2 DESC LIMIT {SAMPLED}"
    )
    header = draft.headers[at]
    return decide(Counter({str(cell): count for cell, count in [*usual, *strange]}), tidy(header), draft.options_of(at, header))


# ------------------------------------------------------------------------------------------------ what is said
def _unread_cells(target: Target, source: str, names: Sequence[str], readings: Sequence[Reading], counts: Sequence[Count]) -> list[Reject]:
    rejects = []
    for at, (name, reading, count) in enumerate(zip(names, readings, counts, strict=True)):
        if not count.unread:
            continue
        reason = Bilingual(f"not a {_SAID[reading.type][0]}; left empty", f"不是{_SAID[reading.type][1]}，留空")
        found = target.rows(f"SELECT line, c{at} FROM {source} WHERE {at_cell(_unread(reading), at)} ORDER BY line")
        rejects += [Reject(int(line), name, reason, str(text)) for line, text in found]
    return rejects


_SAID = {
    "BIGINT": ("whole number", "整数"), "DOUBLE": ("number", "数字"), "DATE": ("date", "日期"), "TIMESTAMP": ("date and time", "日期时间"),
    "TIME": ("time of day", "时间"), "BOOLEAN": ("yes or no", "是/否"), "VARCHAR": ("text", "文本"),
}  # fmt: skip


def _missing_notes(names: Sequence[str], readings: Sequence[Reading], counts: Sequence[Count]) -> list[Bilingual]:
    notes = []
    for name, reading, count in zip(names, readings, counts, strict=True):
        if not count.words:
            continue
        listed = ", ".join(f"“{word}”" for word in reading.missing if word)
        cells = "1 cell says" if count.words == 1 else f"{count.words} cells say"
        if not listed:
            continue
        notes.append(
            Bilingual(f"“{name}”: {cells} {listed} and count as missing.", f"“{name}”：{count.words} 个单元格写着{listed}，视为缺失。")
        )
    return notes


def _total_notes(target: Target, source: str, width: int) -> list[Bilingual]:
    chosen = ", ".join(f"c{at}" for at in range(width))
    last = target.rows(f"SELECT line, {chosen} FROM {source} ORDER BY line DESC LIMIT 3")
    return [
        Bilingual(
            f"Line {line} looks like a total; it is counted as a row like any other.", f"第 {line} 行像是合计行；目前仍作为普通数据行。"
        )
        for line, *cells in reversed(last)
        if is_total(cells)
    ]


def empty_rows_note(count: int) -> Bilingual:
    """Rows with nothing in any cell are leftovers of a spreadsheet's grid."""
    rows = "1 row" if count == 1 else f"{count} rows"
    return Bilingual(f"{rows} with nothing in the cells left out.", f"{count} 个全空的行已略过。")


def is_total(cells: Iterable[object]) -> bool:
    """Whether the first of the cells that says anything says total."""
    first = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
    return TOTALS.fullmatch(str(first).strip()) is not None


def _reject_notes(whole_rows: int, cells: int, rows: int) -> list[Bilingual]:
    notes = []
    if not rows:
        notes.append(Bilingual("There are no rows under the header.", "表头下没有数据行。"))
    if whole_rows:
        notes.append(
            Bilingual(
                f"{whole_rows} of {rows + whole_rows} rows could not be read.", f"{rows + whole_rows} 行中有 {whole_rows} 行未能读取。"
            )
        )
    if cells:
        said = "1 cell did not fit" if cells == 1 else f"{cells} cells did not fit"
        notes.append(Bilingual(f"{said} the type of the column; left empty.", f"{cells} 个单元格与所在列的类型不符，已留空。"))
    return notes


def _write_rejects(target: Target, table: str, rejects: Sequence[Reject]) -> Path:
    safe = re.sub(r"[^\w-]+", "_", table)[:60]
    path = target.database.with_name(f"{target.database.stem}.{len(target.made)}.{safe}.rejects.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["line", "column", "reason_en", "reason_zh", "text"])
        ordered = sorted(rejects, key=lambda reject: (reject.line, reject.column))
        out.writerows([reject.line, reject.column, reject.reason.en, reject.reason.zh, reject.text] for reject in ordered)
    return path
