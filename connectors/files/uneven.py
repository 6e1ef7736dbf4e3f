"""A delimited file record by record: short rows are filled up, rows with too many cells are rejected, each with its true line."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from itertools import dropwhile

from connectors.files import encodings
from connectors.files.grid import arrow_of
from connectors.files.records import Record, records
from connectors.files.report import LoadedTable, Progress
from connectors.files.staging import Draft, Reject, empty_rows_note, settle
from connectors.files.target import Target
from connectors.files.textfile import Text
from connectors.wording import Bilingual

BATCH_ROWS = 20_000
LINES_NAMED = 5
MOST_WAITING = 200
"""So many lone cells in a row are no remarks any more."""


@dataclass(slots=True)
class _Heap:
    """Rows gathered for the next batch, and what was noticed on the way."""

    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    waiting: list[Record] = field(default_factory=list)
    """Lone cells that may turn out to be remarks under the table."""
    rejects: list[Reject] = field(default_factory=list)
    short: int = 0
    first_short: list[int] = field(default_factory=list)
    open_quotes: list[int] = field(default_factory=list)
    empty: int = 0


def read_record_by_record(target: Target, text: Text, draft: Draft) -> Generator[Progress, None, LoadedTable]:
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
    heap, batches, size, width, begin = _Heap(), 0, text.path.stat().st_size, text.width, text.first_line
    with text.path.open("rb") as raw:
        found = records(text.path, raw, text.encoding, text.dialect, text.errors)
        for record in dropwhile(lambda record: record.line < begin, found):
            if len(record.cells) == width and not heap.waiting and not record.open_quote and any(record.cells):
                heap.lines.append(record.line)
                heap.rows.append(record.cells)
            else:
                _take(heap, record, text)
            if len(heap.rows) >= BATCH_ROWS:
                _stage(target, heap, width, batches)
                batches += 1
                yield Progress(raw.tell() / size, words)
    _settle_waiting(heap, text, at_end=True)
    if batches:
        _stage(target, heap, width, batches)
    return heap, batches


def _take(heap: _Heap, record: Record, text: Text) -> None:
    """A record that is not simply a full row."""
    cells, width = record.cells, text.width
    if record.open_quote:
        heap.open_quotes.append(record.line)
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        reason = Bilingual(f"{len(cells)} cells where the table has {width} columns", f"有 {len(cells)} 个单元格，而表只有 {width} 列")
        heap.rejects.append(Reject(record.line, "", reason, text.dialect.delimiter.join(cells)))
    elif not any(cells):
        heap.empty += 1
    elif len(cells) == 1 and width > 2:
        heap.waiting.append(record)
        if len(heap.waiting) > MOST_WAITING:
            _settle_waiting(heap, text)
    else:
        _settle_waiting(heap, text)
        _add(heap, record, width)


def _add(heap: _Heap, record: Record, width: int) -> None:
    missing = width - len(record.cells)
    if missing > 0:
        heap.short += 1
        if len(heap.first_short) < LINES_NAMED:
            heap.first_short.append(record.line)
    heap.lines.append(record.line)
    heap.rows.append([*record.cells[:width], *[""] * missing])


def _settle_waiting(heap: _Heap, text: Text, at_end: bool = False) -> None:
    """Lone cells followed by a row are rows; after the last row of a wide table they are remarks."""
    for record in heap.waiting:
        if at_end and heap.rows:
            reason = Bilingual("a remark under the table, not a row", "表格下方的说明，不是数据行")
            heap.rejects.append(Reject(record.line, "", reason, record.cells[0]))
        else:
            _add(heap, record, text.width)
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
        named = ", ".join(map(str, heap.first_short)) + (" …" if heap.short > LINES_NAMED else "")
        rows = "1 row has" if heap.short == 1 else f"{heap.short} rows have"
        notes.append(
            Bilingual(
                f"{rows} too few cells (line {named}); the missing ones are empty.",
                f"{heap.short} 行单元格不足（第 {named} 行），缺少的部分留空。",
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
        notes.append(empty_rows_note(heap.empty))
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
