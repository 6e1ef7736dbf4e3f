"""Delimited text files: find encoding, dialect and header, then read in one typed pass, or record by record where rows are uneven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

import duckdb

from connectors.errors import FileRejected
from connectors.files import encodings
from connectors.files.cells import MISSING_TEXT, OPPOSITES
from connectors.files.dialect import Dialect, find_dialect
from connectors.files.grid import arrow_of
from connectors.files.header import Header, find_header
from connectors.files.names import literal, quoted
from connectors.files.reading import Reading
from connectors.files.records import Record, records
from connectors.files.report import LoadedTable, Progress, ReadOptions
from connectors.files.staging import Draft, Reject, at_cell, decide_all, finished, is_total, settle
from connectors.files.target import Target
from connectors.wording import Bilingual

NATIVE_FROM_BYTES = 3_000_000
"""Smaller files are read record by record: as fast there, and every line number is known."""
BATCH_ROWS = 20_000
SAMPLE_RECORDS = 5_000
LINES_NAMED = 5


@dataclass(frozen=True, slots=True)
class Text:
    """A delimited file and how it is written."""

    path: Path
    encoding: str
    dialect: Dialect
    header: Header
    first_line: int
    """Where the first row of values begins, counted from 1."""
    sample: list[list[str]]
    errors: str = "strict"

    @property
    def width(self) -> int:
        return len(self.header.headers)


def read_delimited(
    target: Target, path: Path, called: str, options: ReadOptions, origin: Path
) -> Generator[Progress, None, list[LoadedTable]]:
    """Read a file as one table. `called` becomes its name, `origin` is the file that the person chose. Raises FileRejected."""
    text = look_at(path, options, origin)
    draft = Draft(
        table=target.name_for(called),
        path=origin,
        headers=text.header.headers,
        units=text.header.units,
        options=options,
        encoding=text.encoding,
        delimiter=text.dialect.delimiter,
        skipped_lines=text.first_line - 1 - text.header.lines if text.header.skipped else 0,
        header_lines=text.header.lines,
        notes=tuple(_header_notes(text.header)),
    )
    if path.stat().st_size >= NATIVE_FROM_BYTES and text.width > 1:
        table = yield from _natively(target, text, draft)
        if table is not None:
            return [table]
    table = yield from _carefully(target, text, draft)
    return [table]


def look_at(path: Path, options: ReadOptions, origin: Path) -> Text:
    """Encoding, dialect and header of a file."""
    if not path.stat().st_size:
        raise FileRejected(Bilingual(f"{origin.name} is empty.", f"{origin.name} 是空文件。"), _EMPTY_HINT)
    encoding = _known_encoding(options.encoding) or encodings.detect(path)
    sample = _head(path, encoding)
    if not sample.strip():
        raise FileRejected(Bilingual(f"{origin.name} holds nothing but blanks.", f"{origin.name} 中只有空白。"), _EMPTY_HINT)
    only = "\t" if origin.suffix.lower() in (".tsv", ".tab") else None
    dialect = find_dialect(sample, options.delimiter, only)
    with path.open("rb") as raw:
        head = list(islice(records(path, raw, encoding, dialect, "replace"), SAMPLE_RECORDS))
    if head and len(head[0].cells) == 1 and head[0].cells[0].lower().startswith("sep="):
        head = head[1:]
    header = find_header([record.cells for record in head], options.header_lines)
    first = header.skipped + header.lines
    first_line = head[first].line if first < len(head) else (head[-1].line + 1 if head else 1)
    return Text(path, encoding, dialect, header, first_line, [record.cells for record in head[first:]])


_EMPTY_HINT = Bilingual("Check that it was saved, then add it again.", "请确认文件已保存后再添加。")


def _known_encoding(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        "".encode(name)
    except LookupError as error:
        raise FileRejected(
            Bilingual(f"No encoding is called {name}.", f"没有名为 {name} 的编码。"),
            Bilingual(
                "Choose utf-8, gb18030, big5, shift_jis, utf-16 or cp1252.", "请选择 utf-8、gb18030、big5、shift_jis、utf-16 或 cp1252。"
            ),
        ) from error
    return name


def _head(path: Path, encoding: str) -> str:
    """The first lines of the file, whole ones where there are any."""
    with path.open("rb") as file:
        piece = file.read(encodings.SAMPLE_BYTES)
        cut = bool(file.read(1))
    text = piece.decode(encoding, "ignore")
    return text[: text.rfind("\n") + 1] or text if cut else text


def _header_notes(header: Header) -> list[Bilingual]:
    notes = []
    if header.skipped:
        notes.append(Bilingual("Lines above the header were left out.", "表头之前的说明行已略过。"))
    if header.merged:
        notes.append(Bilingual("Several header lines were joined into one.", "多行表头已合并为一行。"))
    if header.units_row:
        notes.append(Bilingual("The line under the header is read as units.", "表头下方的一行作为单位。"))
    return notes


# ------------------------------------------------------------------------------------------------ one typed pass
def _natively(target: Target, text: Text, draft: Draft) -> Generator[Progress, None, LoadedTable | None]:
    """Read with the database's own reader; None if a row or a cell is not as the sample promised, so that a slower look is due."""
    path = text.path
    words = Bilingual(f"Reading {draft.path.name}", f"正在读取 {draft.path.name}")
    if text.encoding not in ("utf-8", "utf-8-sig"):
        path = target.scratch / "as-utf8.csv"
        try:
            for share in encodings.as_utf8(text.path, text.encoding, path):
                yield Progress(share / 2, words)
        except UnicodeDecodeError:
            return None
    cells = [Counter(row[at] for row in text.sample if at < len(row) and row[at]) for at in range(text.width)]
    readings = decide_all(draft, cells)
    try:
        yield from target.run(_strict_load(draft, text, path, readings), words)
        return _after_native(target, draft, readings)
    except (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException):
        pass
    try:
        yield from target.run(f"CREATE OR REPLACE TEMP TABLE staged AS SELECT * FROM {_reader(text, path)}", words)
        _drop_empty_rows(target, "staged", [f"c{at}" for at in range(text.width)])
        source = "(SELECT rowid + 1 AS line, * FROM staged)"
        return (yield from settle(target, draft, source, lambda rows: _lines_of_rows(text, rows)))
    except duckdb.InvalidInputException:
        return None
    finally:
        target.rows("DROP TABLE IF EXISTS staged")


def _reader(text: Text, path: Path) -> str:
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(text.width))
    dialect = text.dialect
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = false, skip = {text.first_line - 1}, delim = {literal(dialect.delimiter)},"
        f" quote = {literal(dialect.quote)}, escape = {literal(dialect.escape)}, strict_mode = true,"
        f" columns = {{{columns}}})"
    )


def _strict_load(draft: Draft, text: Text, path: Path, readings: list[Reading]) -> str:
    """The statement that fails at the first cell which is not what its column's sample was."""
    names, _ = draft.names()
    values = []
    text_cell = "replace($cell, chr(13) || chr(10), chr(10))" if any("\r\n" in cell for row in text.sample for cell in row) else "$cell"
    for at, reading in enumerate(readings):
        value = reading.sql if reading.type != "VARCHAR" else text_cell
        if reading.type != "VARCHAR":
            value = f"coalesce({value}, CASE WHEN $cell IS NULL THEN NULL ELSE error('unread: ' || $cell) END)"
        values.append(f"{at_cell(value, at)} AS {quoted(names[at])}")
    return f"CREATE OR REPLACE TABLE {quoted(draft.table)} AS SELECT {', '.join(values)} FROM {_reader(text, path)}"


def _after_native(target: Target, draft: Draft, readings: list[Reading]) -> LoadedTable:
    """Words for missing values in text columns, empty rows and totals, in a table already written."""
    names, notes = draft.names()
    table = quoted(draft.table)
    for name, reading in zip(names, readings, strict=True):
        if reading.type != "VARCHAR" or reading.forced:
            continue
        # The sample may have missed the words, so all of them are looked for; opposites are then looked for as well.
        found = target.rows(_words_in_text(table, quoted(name)))
        if not found:
            continue
        listed = ", ".join(literal(str(word)) for word, _ in found)
        target.rows(f"UPDATE {table} SET {quoted(name)} = NULL WHERE {quoted(name)} IN ({listed})")
        count, said = sum(int(number) for _, number in found), ", ".join(f"“{word}”" for word, _ in found)
        notes.append(
            Bilingual(f"“{name}”: {count} cells say {said} and count as missing.", f"“{name}”：{count} 个单元格写着{said}，视为缺失。")
        )
    notes += _drop_empty_rows(target, table, [quoted(name) for name in names])
    last = target.rows(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 3")
    if any(is_total(row) for row in last):
        notes.append(
            Bilingual(
                "One of the last rows looks like a total; it is counted as a row like any other.",
                "最后几行中有一行像是合计行；目前仍作为普通数据行。",
            )
        )
    return finished(target, draft, readings, draft.rejects, [*draft.notes, *notes], [0] * len(names))


def _words_in_text(table: str, name: str) -> str:
    words = ", ".join(literal(word) for word in MISSING_TEXT)
    opposites = " ".join(
        f"AND NOT ({name} = {literal(word)} AND EXISTS (SELECT 1 FROM {table} WHERE {name} IN ({', '.join(map(literal, others))})))"
        for word, others in OPPOSITES.items()
    )
    return f"SELECT {name}, count(*) FROM {table} WHERE {name} IN ({words}) {opposites} GROUP BY 1"


def _drop_empty_rows(target: Target, table: str, columns: list[str]) -> list[Bilingual]:
    """Rows with nothing in any cell are leftovers of a spreadsheet's grid."""
    empty = " AND ".join(f"{column} IS NULL" for column in columns)
    (count,) = target.row(f"SELECT count(*) FROM {table} WHERE {empty}")
    if not count:
        return []
    target.rows(f"DELETE FROM {table} WHERE {empty}")
    return [_empty_note(count)]


def _empty_note(count: int) -> Bilingual:
    return Bilingual(f"{count} rows with nothing in them were left out.", f"{count} 个全空的行已略过。")


def _lines_of_rows(text: Text, rows: set[int]) -> Mapping[int, int]:
    """Line numbers of the rows with these numbers, counted from 1 in the table."""
    wanted, found, number, last = rows, {}, 0, max(rows)
    with text.path.open("rb") as raw:
        for record in records(text.path, raw, text.encoding, text.dialect):
            if record.line < text.first_line:
                continue
            number += 1
            if number in wanted:
                found[number] = record.line
            if number >= last:
                break
    return found


# ------------------------------------------------------------------------------------------------ record by record
@dataclass(slots=True)
class _Heap:
    """Rows gathered for the next batch, and what was noticed on the way."""

    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    waiting: list[Record] = field(default_factory=list)
    """Short rows that may turn out to be remarks under the table."""
    rejects: list[Reject] = field(default_factory=list)
    short: list[int] = field(default_factory=list)
    open_quotes: list[int] = field(default_factory=list)
    empty: int = 0


def _carefully(target: Target, text: Text, draft: Draft) -> Generator[Progress, None, LoadedTable]:
    """Read record by record: short rows are filled up, rows with too many cells are rejected with their line."""
    words = Bilingual(f"Reading {draft.path.name}", f"正在读取 {draft.path.name}")
    try:
        heap, batches = yield from _gather(target, text, words)
    except UnicodeDecodeError as error:
        text, note = _otherwise_encoded(text, error)
        draft = replace(draft, encoding=text.encoding, notes=(*draft.notes, note))
        heap, batches = yield from _gather(target, text, words)
    notes = [*draft.notes, *_row_notes(heap)]
    draft = replace(draft, notes=tuple(notes), rejects=tuple(heap.rejects))
    if batches:
        table = yield from settle(target, draft, "staged_rows")
        target.rows("DROP TABLE staged_rows")
        return table
    target.connection.register("staged_rows", arrow_of(heap.lines, heap.rows, text.width))
    try:
        return (yield from settle(target, draft, "staged_rows"))
    finally:
        target.connection.unregister("staged_rows")


def _gather(target: Target, text: Text, words: Bilingual) -> Generator[Progress, None, tuple[_Heap, int]]:
    """Rows of the file: the few of a small file stay in the heap, those of a large one go to a staging table batch by batch."""
    heap, batches, size = _Heap(), 0, text.path.stat().st_size
    with text.path.open("rb") as raw:
        for record in records(text.path, raw, text.encoding, text.dialect, text.errors):
            if record.line < text.first_line:
                continue
            _take(heap, record, text)
            if len(heap.rows) >= BATCH_ROWS:
                _stage(target, heap, text.width, batches)
                batches += 1
                yield Progress(raw.tell() / size, words)
    _settle_waiting(heap, text, at_end=True)
    if batches:
        _stage(target, heap, text.width, batches)
    return heap, batches


def _take(heap: _Heap, record: Record, text: Text) -> None:
    cells, width = record.cells, text.width
    if record.open_quote:
        heap.open_quotes.append(record.line)
    if len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            reason = Bilingual(f"{len(cells)} cells where the table has {width} columns", f"有 {len(cells)} 个单元格，而表只有 {width} 列")
            heap.rejects.append(Reject(record.line, "", reason, text.dialect.delimiter.join(cells)))
            return
        cells = cells[:width]
    if len(cells) < width:
        heap.waiting.append(record)
        return
    if not any(cells):
        heap.empty += 1
        return
    if heap.waiting:
        _settle_waiting(heap, text)
    heap.lines.append(record.line)
    heap.rows.append(cells)


def _settle_waiting(heap: _Heap, text: Text, at_end: bool = False) -> None:
    """Short rows followed by a full one are rows; a lone cell after the last full row of a wide table is a remark."""
    for record in heap.waiting:
        if at_end and len(record.cells) == 1 and text.width > 2 and (heap.rows or heap.lines):
            reason = Bilingual("a remark under the table, not a row", "表格下方的说明，不是数据行")
            heap.rejects.append(Reject(record.line, "", reason, record.cells[0]))
            continue
        heap.short.append(record.line)
        heap.lines.append(record.line)
        heap.rows.append(record.cells + [""] * (text.width - len(record.cells)))
    heap.waiting.clear()


def _stage(target: Target, heap: _Heap, width: int, batches: int) -> None:
    target.connection.register("batch", arrow_of(heap.lines, heap.rows, width))
    verb = "INSERT INTO staged_rows" if batches else "CREATE OR REPLACE TEMP TABLE staged_rows AS"
    target.rows(f"{verb} SELECT * FROM batch")
    target.connection.unregister("batch")
    heap.lines.clear()
    heap.rows.clear()


def _row_notes(heap: _Heap) -> list[Bilingual]:
    notes = []
    if heap.short:
        named = ", ".join(map(str, heap.short[:LINES_NAMED])) + (" …" if len(heap.short) > LINES_NAMED else "")
        notes.append(
            Bilingual(
                f"{len(heap.short)} rows have too few cells (line {named}); the missing ones are empty.",
                f"{len(heap.short)} 行单元格不足（第 {named} 行），缺少的部分留空。",
            )
        )
    for line in heap.open_quotes[:LINES_NAMED]:
        notes.append(
            Bilingual(
                f"Line {line} opens a quote that is never closed; it is read as plain text.",
                f"第 {line} 行的引号没有闭合，按普通文本读取。",
            )
        )
    if heap.empty:
        notes.append(_empty_note(heap.empty))
    return notes


def _otherwise_encoded(text: Text, error: UnicodeDecodeError) -> tuple[Text, Bilingual]:
    """The file in an encoding that reads all of it; UTF-8 with marks for the broken characters if it is nearly all UTF-8."""
    whole = text.path.read_bytes() if text.path.stat().st_size < 64_000_000 else text.path.open("rb").read(64_000_000)
    broken = whole.decode("utf-8", "replace").count("\ufffd")
    if text.encoding.startswith("utf") and encodings.is_nearly_utf8(whole):
        note = Bilingual(f"{broken} broken characters are shown as \ufffd.", f"{broken} 个损坏的字符显示为 \ufffd。")
        return replace(text, errors="replace"), note
    scored = [(encodings.pleasantness(whole, encoding), encoding) for encoding in encodings.CANDIDATES if encoding != text.encoding]
    encoding = max(scored)[1]
    note = Bilingual(
        f"The file is not {text.encoding} throughout; it is read as {encoding}.",
        f"文件并非全部为 {text.encoding} 编码，按 {encoding} 读取。",
    )
    return replace(text, encoding=encoding), note
