"""Rows gathered for one table of a delimited file, and all that was noticed on the way: nothing is left out without a line about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.files.quotes import mended
from connectors.files.records import Record
from connectors.files.staging import Reject, empty_rows_note
from connectors.files.textfile import Text
from connectors.wording import Bilingual

LINES_NAMED = 5
MOST_WAITING = 200
"""So many lone cells in a row are no remarks any more."""


@dataclass(slots=True)
class Noticed:
    """Lines of one kind: how many, and the first of them."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        """One more."""
        self.count += 1
        if len(self.first) < LINES_NAMED:
            self.first.append(line)

    def named(self, mark: str = ", ") -> str:
        """Their numbers, as far as they are kept."""
        return mark.join(map(str, self.first)) + (" …" if self.count > len(self.first) else "")


@dataclass(slots=True)
class Heap:
    """Rows for the next batch, and what was noticed."""

    text: Text
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    waiting: list[Record] = field(default_factory=list)
    """Lone cells that may turn out to be remarks under the table."""
    rejects: list[Reject] = field(default_factory=list)
    short: Noticed = field(default_factory=Noticed)
    trailing: Noticed = field(default_factory=Noticed)
    strays: Noticed = field(default_factory=Noticed)
    headers: Noticed = field(default_factory=Noticed)
    """Lines that are the header once more."""
    empty: int = 0
    blank: int = 0
    batches: int = 0
    """Times that rows went on to the staging table."""

    def take(self, record: Record) -> None:
        """A record that is not simply a full row."""
        cells, width, kinds = record.cells, self.text.width, self.text.kinds
        if record.stray:
            found = mended(record.stray, self.text.dialect, width, kinds.fit)
            if found is None:
                return self.reject(record, "a quote opens or closes nothing", "引号不成对")
            self.strays.add(record.line)
            cells = found
        if not any(cell.strip() for cell in cells):
            self.empty += 1
        elif len(cells) > width and not kinds.trailing(cells):
            self.reject(record, f"{len(cells)} cells where the table has {width} columns", f"有 {len(cells)} 个单元格，而表只有 {width} 列")
        elif len(cells) == 1 and width > 2:
            self.waiting.append(record)
            if len(self.waiting) > MOST_WAITING:
                self.settle_waiting()
        else:
            self.settle_waiting()
            self.add(record, cells)
        return None

    def add(self, record: Record, cells: list[str]) -> None:
        """A row, unless its cells stand under columns of another kind."""
        width, kinds = self.text.width, self.text.kinds
        if len(cells) < width and not kinds.fit(cells):
            said = f"{len(cells)} cells where the table has {width} columns, and they do not stand under the right ones"
            return self.reject(record, said, f"只有 {len(cells)} 个单元格，而表有 {width} 列，且与所在列不符")
        if len(cells) == width and kinds.is_none(cells):
            return self.reject(record, "none of its values is what its column holds", "所有数值均与所在列不符")
        if len(cells) != width:
            (self.short if len(cells) < width else self.trailing).add(record.line)
        self.lines.append(record.line)
        self.rows.append([*cells[:width], *[""] * (width - len(cells))])
        return None

    def reject(self, record: Record, en: str, zh: str) -> None:
        """Leave a row out and say why."""
        shown = record.stray.rstrip("\r\n") or self.text.dialect.delimiter.join(record.cells)
        self.rejects.append(Reject(record.line, "", Bilingual(en, zh), shown))

    def settle_waiting(self, at_end: bool = False) -> None:
        """Lone cells followed by a row are rows; after the last row of a wide table they are remarks."""
        for record in self.waiting:
            if at_end and (self.rows or self.batches):
                self.reject(record, "a remark under the table, not a row", "表格下方的说明，不是数据行")
            else:
                self.add(record, record.cells)
        self.waiting.clear()

    def notes(self) -> list[Bilingual]:
        """What a careful person would want to be told."""
        found = [
            _of(self.short, "{} too few cells (line {}); the missing ones are empty.", "{} 行单元格不足（第 {} 行），缺少的部分留空。"),
            _of(
                self.trailing,
                "{} blank cells after the last column (line {}); they were left out.",
                "{} 行末尾多出空单元格（第 {} 行），已略去。",
            ),
            _of(
                self.strays,
                "{} a quote that opens or closes nothing (line {}); it is read as text.",
                "{} 行有不成对的引号（第 {} 行），按普通文本读取。",
            ),
            repeated_header_note(self.headers),
        ]
        if self.empty:
            found.append(empty_rows_note(self.empty))
        if self.blank:
            lines = "1 blank line" if self.blank == 1 else f"{self.blank} blank lines"
            found.append(Bilingual(f"{lines} left out.", f"{self.blank} 个空行已略过。"))
        return [note for note in found if note is not None]


def repeated_header_note(headers: Noticed) -> Bilingual | None:
    """That lines were left out since they are the header once more."""
    if not headers.count:
        return None
    lines, they = ("1 line is", "it is no row") if headers.count == 1 else (f"{headers.count} lines are", "they are no rows")
    return Bilingual(
        f"{lines} the header once more (line {headers.named()}); {they} and left out.",
        f"{headers.count} 行是重复的表头（第 {headers.named('、')} 行），不是数据行，已略去。",
    )


def _of(noticed: Noticed, en: str, zh: str) -> Bilingual | None:
    if not noticed.count:
        return None
    rows = "1 row has" if noticed.count == 1 else f"{noticed.count} rows have"
    return Bilingual(en.format(rows, noticed.named()), zh.format(noticed.count, noticed.named("、")))
