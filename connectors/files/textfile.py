"""A delimited file before its rows are read: encoding, dialect, header and a sample."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from connectors.errors import FileRejected
from connectors.files import encodings
from connectors.files.dialect import Dialect, find_dialect
from connectors.files.header import Header, find_header
from connectors.files.records import records
from connectors.files.report import ReadOptions
from connectors.wording import Bilingual

SAMPLE_RECORDS = 3_000


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
