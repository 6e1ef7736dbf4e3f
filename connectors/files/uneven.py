"""A delimited file record by record: what is no row of its table is rejected with its true line, and each table in it is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from connectors.files import encodings
from connectors.files.drafting import draft_of
from connectors.files.grid import arrow_of
from connectors.files.heap import Heap
from connectors.files.names import tidy
from connectors.files.records import Record, records
from connectors.files.report import LoadedTable, Progress
from connectors.files.stacked import AHEAD, Above, begins_table, lines_of
from connectors.files.staging import Draft, settle
from connectors.files.target import Target
from connectors.files.textfile import Text, text_of
from connectors.wording import Bilingual

BATCH_ROWS = 20_000
LOOKED_AT = 400
"""Records ahead from which a later table's header is found."""
MOST_TITLE = 40
"""Characters of the line above a later table that go into its name."""


@dataclass(slots=True)
class _Ahead:
    """Records of which the next ones can be looked at."""

    rest: Iterator[Record]
    seen: deque[Record] = field(default_factory=deque)

    def peek(self, count: int) -> list[Record]:
        """The next ones, without taking them."""
        self.seen.extend(islice(self.rest, max(0, count - len(self.seen))))
        return list(islice(self.seen, count))

    def take(self) -> Record | None:
        """The next one; None at the end."""
        return self.seen.popleft() if self.seen else next(self.rest, None)


def read_record_by_record(target: Target, text: Text, draft: Draft, called: str) -> Generator[Progress, None, list[LoadedTable]]:
    """Every table of the file: short rows are filled up, rows that are shifted or too long are rejected with their line."""
    made = len(target.made)
    try:
        return (yield from _read(target, text, draft, called))
    except UnicodeDecodeError as error:
        text, note = _otherwise_encoded(text, error)
        del target.made[made:]
    return (yield from _read(target, text, replace(draft, encoding=text.encoding, notes=(*draft.notes, note)), called))


def _read(target: Target, text: Text, draft: Draft, called: str) -> Generator[Progress, None, list[LoadedTable]]:
    words = Bilingual(f"Reading {draft.path.name}", f"正在读取 {draft.path.name}")
    tables: list[LoadedTable] = []
    with text.path.open("rb") as raw:
        found = _Ahead(records(text.path, raw, text.encoding, text.dialect, text.errors))
        while (begun := found.peek(1)) and begun[0].line < text.first_line:
            found.take()
        while True:
            heap = Heap(text)
            yield from _gather(target, text, found, heap, raw.tell, words)
            tables.append((yield from _settled(target, text, draft, heap)))
            following = found.peek(LOOKED_AT)
            if not following:
                break
            text, draft = _next_table(target, text, draft, called, following)
            while (begun := found.peek(1)) and begun[0].line < text.first_line:
                found.take()
    return _counted(tables)


def _gather(
    target: Target, text: Text, found: _Ahead, heap: Heap, tell: Callable[[], int], words: Bilingual
) -> Generator[Progress, None, None]:
    """Rows up to the next table: the few of a small file stay in the heap, those of a large one go to a staging table."""
    width, size, kinds, header = text.width, text.path.stat().st_size, text.kinds, list(text.header.headers)
    above, gap = Above(text.header.headers, kinds), False
    while record := found.take():
        if text.outer and len(record.cells) == text.outer and not any(map(str.strip, record.cells[width:])):
            record = record._replace(cells=record.cells[:width])
        cells = record.cells
        even = len(cells) == width and not record.stray and not heap.waiting and any(cells)
        if even and not gap and not record.blanks and cells != header and kinds.glance(cells):
            heap.lines.append(record.line)
            heap.rows.append(cells)
        elif not any(map(str.strip, cells)):
            heap.empty += 1
            heap.blank += record.blanks
            gap = True
        elif above.repeats_header(cells):
            heap.headers.add(record.line)
            heap.blank += record.blanks
        elif _ends_here(found, record, above, gap):
            break
        else:
            heap.blank += record.blanks
            heap.take(record)
            gap = False
        if len(heap.rows) >= BATCH_ROWS:
            _stage(target, heap, width)
            yield Progress(tell() / size, words)
    heap.settle_waiting(at_end=True)
    if heap.batches:
        _stage(target, heap, width)


def _ends_here(found: _Ahead, record: Record, above: Above, gap: bool) -> bool:
    """Whether the record begins another table; if so it is put back."""
    if above.width < 2 or record.stray:
        return False
    ahead = [record, *found.peek(AHEAD)]
    ends = begins_table(
        lines_of([each.cells for each in ahead], [gap or record.blanks > 0, *(each.blanks > 0 for each in ahead[1:])]), above
    )
    if ends:
        found.seen.appendleft(record)
    return ends


def _next_table(target: Target, text: Text, draft: Draft, called: str, following: Sequence[Record]) -> tuple[Text, Draft]:
    """The table that begins with these records."""
    text = replace(text_of(text.path, text.encoding, text.dialect, following), errors=text.errors)
    title = tidy(text.above[0])[:MOST_TITLE] if text.above else ""
    begun = following[0].line
    note = Bilingual(f"It begins at line {begun} of the file.", f"该表从文件第 {begun} 行开始。")
    draft = replace(draft, table=target.name_for(f"{called}_{title}" if title else called), rejects=())
    return text, replace(draft_of(text, draft, note), skipped_lines=text.first_line - 1 - text.header.lines)


def _settled(target: Target, text: Text, draft: Draft, heap: Heap) -> Generator[Progress, None, LoadedTable]:
    draft = replace(draft, notes=(*draft.notes, *heap.notes()), rejects=(*draft.rejects, *heap.rejects))
    if heap.batches:
        table = yield from settle(target, draft, "staged_rows")
        target.rows("DROP TABLE staged_rows")
        return table
    target.connection.register("staged_rows", arrow_of(heap.lines, heap.rows, text.width))
    try:
        return (yield from settle(target, draft, "staged_rows"))
    finally:
        target.connection.unregister("staged_rows")


def _stage(target: Target, heap: Heap, width: int) -> None:
    target.connection.register("batch", arrow_of(heap.lines, heap.rows, width))
    verb = "INSERT INTO staged_rows" if heap.batches else "CREATE OR REPLACE TEMP TABLE staged_rows AS"
    target.rows(f"{verb} SELECT * FROM batch")
    target.connection.unregister("batch")
    heap.batches += 1
    heap.lines.clear()
    heap.rows.clear()


def _counted(tables: list[LoadedTable]) -> list[LoadedTable]:
    """The tables, each told that it is not alone."""
    if len(tables) < 2:
        return tables
    names = ", ".join(f"“{table.name}”" for table in tables)
    note = Bilingual(
        f"{len(tables)} tables stand below each other in this file: {names}.", f"此文件中上下排列着 {len(tables)} 个表：{names}。"
    )
    return [replace(table, notes=(note, *table.notes)) for table in tables]


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
