"""A delimited file before its rows are read: encoding, dialect, header and a sample."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from connectors.errors import FileRejected
from connectors.files import encodings
from connectors.files.cells import is_valuelike
from connectors.files.dialect import Dialect, find_dialect
from connectors.files.header import LOOKED_AT, Header, find_header, is_year, usual_width
from connectors.files.kinds import Kinds, kinds_of
from connectors.files.quotes import mended
from connectors.files.records import Record, records
from connectors.files.rejection import MOST_COLUMNS, too_wide
from connectors.files.report import ReadOptions
from connectors.files.stacked import cut, first_table, lines_of
from connectors.wording import Bilingual

SAMPLE_RECORDS = 3_000
SAMPLE_CELLS = 300_000


@dataclass(frozen=True, slots=True)
class Text:
    """A delimited file, or one of the tables in it, and how it is written."""

    path: Path
    encoding: str
    dialect: Dialect
    header: Header
    first_line: int
    """Where the first row of values begins, counted from 1."""
    sample: list[list[str]]
    kinds: Kinds
    errors: str = "strict"
    outer: int = 0
    """Cells of a row of the file, where those of the table are fewer and the others blank; 0 where they are as many."""
    controls: bool = False
    """Whether characters are left over from another encoding."""
    above: tuple[str, ...] = ()
    """The lines above the header, as far as they are not blank."""
    notes: tuple[Bilingual, ...] = ()
    """What is odd about the header line."""

    @property
    def width(self) -> int:
        return len(self.header.headers)


def look_at(path: Path, options: ReadOptions, origin: Path) -> Text:
    """Encoding, dialect and header of a file, or of the first table in it."""
    if not path.stat().st_size:
        raise FileRejected(Bilingual(f"{origin.name} is empty.", f"{origin.name} 是空文件。"), _EMPTY_HINT)
    encoding = _known_encoding(options.encoding) or encodings.detect(path)
    sample = _head(path, encoding)
    if not sample.strip():
        raise FileRejected(Bilingual(f"{origin.name} holds nothing but blanks.", f"{origin.name} 中只有空白。"), _EMPTY_HINT)
    only = "\t" if origin.suffix.lower() in (".tsv", ".tab") else None
    dialect = find_dialect(sample, options.delimiter, only)
    with path.open("rb") as raw:
        head = list(_sampled(records(path, raw, encoding, dialect, "replace"), origin))
    if head and len(head[0].cells) == 1 and head[0].cells[0].lower().startswith("sep="):
        head = head[1:]
    text = text_of(path, encoding, dialect, head, options.header_lines)
    controls = sorted(set(encodings.CONTROLS.findall(sample)))
    return replace(text, controls=True, notes=(*text.notes, _windows_marks(controls))) if controls else text


def _windows_marks(controls: Sequence[str]) -> Bilingual:
    shown = " ".join(encodings.as_meant("".join(controls)))
    return Bilingual(
        f"Some characters are left over from the encoding of Windows; they are read as what they stand for there: {shown}",
        f"部分字符是 Windows 编码的残留，已按其原意读取：{shown}",
    )


def _sampled(found: Iterator[Record], origin: Path) -> Iterator[Record]:
    """The first records, fewer where they are wide. Raises FileRejected where they are wider than any table that is read."""
    cells = 0
    for at, record in enumerate(islice(found, SAMPLE_RECORDS)):
        if len(record.cells) > MOST_COLUMNS and not record.stray:
            raise too_wide(origin.name, len(record.cells))
        cells += len(record.cells)
        if cells > SAMPLE_CELLS and at > LOOKED_AT:
            break
        yield record


def text_of(path: Path, encoding: str, dialect: Dialect, head: Sequence[Record], lines: int | None = None) -> Text:
    """The first table of these records, with what stands above it; `lines` is what the person said of the header."""
    until = first_table(lines_of([record.cells for record in head], [record.blanks > 0 for record in head]))
    whole = [record.cells for record in head[:until] if not record.stray]
    outer = usual_width(whole[:LOOKED_AT])
    if until < len(head):
        cells = cut([record.cells for record in head[:until]])
        head = [record._replace(cells=list(row)) for record, row in zip(head, cells, strict=False)]
        whole = [record.cells for record in head if not record.stray]
    width = usual_width(whole[:LOOKED_AT])
    kinds = kinds_of(whole[:LOOKED_AT], width)
    rows = [mended(record.stray, dialect, width, kinds.fit) or record.cells if record.stray else record.cells for record in head]
    rows, notes = _header_aligned(rows, width)
    header = find_header(rows, lines)
    first = header.skipped + header.lines
    first_line = head[first].line if first < len(head) else (head[-1].line + 1 if head else 1)
    strays = [record.line for record in head[header.skipped : first] if record.stray]
    notes += [_stray_in_header(line) for line in strays]
    width = len(header.headers)
    title = rows[header.skipped] if header.lines and header.skipped < len(rows) else []
    if 1 < len(title) < width:
        notes.append(_too_few_names(len(title), width))
    return Text(
        path=path,
        encoding=encoding,
        dialect=dialect,
        header=header,
        first_line=first_line,
        sample=[list(row) for row in rows[first:]],
        kinds=kinds_of(rows[first : first + LOOKED_AT], width),
        outer=outer if outer > width else 0,
        above=tuple(dialect.delimiter.join(filter(str.strip, row)) for row in rows[: header.skipped]),
        notes=tuple(notes),
    )


def _header_aligned(rows: list[list[str]], width: int) -> tuple[list[list[str]], list[Bilingual]]:
    """The rows; a header that is longer than all rows by its own empty names has a separator too many, so these are left out."""
    for at, row in enumerate(rows[:5]):
        filled = [cell for cell in row if cell.strip()]
        is_longer = len(row) > width == len(filled) > 1 and row[: len(filled)] != filled
        if not is_longer or any(is_valuelike(cell) and not is_year(cell) for cell in filled):
            continue
        if sum(len(other) == width for other in rows[at + 1 : LOOKED_AT]) * 10 >= len(rows[at + 1 : LOOKED_AT]) * 9:
            more = len(row) - width
            note = Bilingual(
                f"The header has {more} more separators than the rows; its empty names were left out.",
                f"表头比数据行多 {more} 个分隔符，其中的空列名已略去。",
            )
            return [*rows[:at], filled, *rows[at + 1 :]], [note]
    return rows, []


def _stray_in_header(line: int) -> Bilingual:
    return Bilingual(
        f"The header (line {line}) has a quote that opens or closes nothing; it is read as text.",
        f"表头（第 {line} 行）中有不成对的引号，按普通文本读取。",
    )


def _too_few_names(names: int, width: int) -> Bilingual:
    return Bilingual(
        f"The header has {names} names for {width} columns; they are given from the left, so check that each stands over its column.",
        f"表头有 {names} 个列名，而数据有 {width} 列；列名从左起依次对应，请核对。",
    )


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
