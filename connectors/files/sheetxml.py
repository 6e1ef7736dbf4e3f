"""What the XML of a sheet says beyond its values: errors, formulas whose result was never stored, and rows that are hidden."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from connectors.wording import Bilingual

LARGEST = 500_000_000
"""Bytes of a sheet that is looked through; a larger one is read without these remarks, and that is said."""
NAMED = 5
ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+[0-9]+)"[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?\s*<v>([^<]*)</v>')
NEVER_STORED = re.compile(
    rb'<c\b(?![^>]*\bt="str")[^>]*\br="([A-Z]+[0-9]+)"[^>]*>\s*(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
HIDDEN_ROW = re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"[^>/]*>')
ELEMENT = re.compile(rb"<(?:[\w]+:)?(?:sheet|Relationship)\b[^>]*>")
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Remark:
    """Cells of one kind."""

    count: int
    first: tuple[str, ...]

    def named(self, mark: str) -> str:
        """The first of them."""
        return mark.join(self.first) + (" …" if self.count > len(self.first) else "")


def remarks(path: Path, sheet: str) -> list[Bilingual]:
    """What is to be said of a sheet of an .xlsx file; nothing for workbooks of other kinds."""
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        if member is None:
            return []
        if archive.getinfo(member).file_size > LARGEST:
            return [
                Bilingual(f"“{sheet}” is too large to be searched for errors and hidden rows.", f"“{sheet}”过大，未检查错误值和隐藏行。")
            ]
        text = archive.read(member)
    found = []
    errors = _of(f"{match[1].decode()} {match[2].decode('utf-8', 'replace')}" for match in ERROR.finditer(text))
    if errors.count:
        cells = "1 cell with an error" if errors.count == 1 else f"{errors.count} cells with errors"
        found.append(
            Bilingual(
                f"{cells} of Excel left empty: {errors.named(', ')}.",
                f"{errors.count} 个单元格是 Excel 错误值（{errors.named('、')}），视为缺失。",
            )
        )
    unstored = _of(match[1].decode() for match in NEVER_STORED.finditer(text))
    if unstored.count:
        cells = "1 formula without a stored result is" if unstored.count == 1 else f"{unstored.count} formulas without a stored result are"
        found.append(
            Bilingual(
                f"{cells} left empty: {unstored.named(', ')}. Save the file in Excel, then add it again.",
                f"{unstored.count} 个公式没有保存结果（{unstored.named('、')}），视为缺失。请在 Excel 中打开并保存后重新添加。",
            )
        )
    hidden = len(HIDDEN_ROW.findall(text))
    if hidden:
        rows = "1 row is" if hidden == 1 else f"{hidden} rows are"
        found.append(
            Bilingual(
                f"{rows} hidden in the sheet, by a filter or by hand; hidden rows are read like all others.",
                f"工作表中有 {hidden} 行被筛选或隐藏；隐藏行与其他行一样读取。",
            )
        )
    return found


def _of(cells: Iterable[str]) -> Remark:
    first, count = [], 0
    for cell in cells:
        count += 1
        if count <= NAMED:
            first.append(cell)
    return Remark(count, tuple(first))


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file in the archive that holds the sheet of that name."""
    try:
        book, relations = archive.read("xl/workbook.xml"), archive.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return None
    targets = {found.get("Id"): found.get("Target", "") for found in map(_attributes, ELEMENT.findall(relations))}
    sheets = map(_attributes, ELEMENT.findall(book))
    wanted = next((targets.get(_relation(found)) for found in sheets if found.get("name") == sheet and _relation(found)), None)
    if not wanted:
        return None
    member = wanted.lstrip("/") if wanted.startswith("/") else str(PurePosixPath("xl") / wanted)
    return member if member in archive.namelist() else None


def _attributes(element: bytes) -> dict[str, str]:
    """Attributes by name; read by pattern, since a parser of XML from strangers would have to be guarded itself."""
    return {match[1].decode(): html.unescape(match[2].decode("utf-8", "replace")) for match in ATTRIBUTE.finditer(element)}


def _relation(attributes: Mapping[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")
