"""Which reader a file needs, told by its first bytes before its name; archives are opened and their files read in turn."""

from __future__ import annotations

import zipfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from connectors.errors import AnalystError, FileRejected
from connectors.files.archives import taken_out
from connectors.files.delimited import read_delimited
from connectors.files.excel import read_workbook
from connectors.files.jsons import read_json
from connectors.files.parquet import read_duckdb, read_parquet
from connectors.files.rejection import READABLE, SAVE_AGAIN, damaged
from connectors.files.report import LoadedTable, Progress, ReadOptions, Source
from connectors.files.sqlite import read_sqlite
from connectors.files.target import Target
from connectors.wording import Bilingual

TEXT_ENDINGS = ("", ".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ".data", ".text", ".asc")
JSON_ENDINGS = (".json", ".ndjson", ".jsonl", ".geojson")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_PICTURE, _PROGRAM = Bilingual("a picture", "图片"), Bilingual("a program", "程序")
STRANGERS = {
    b"\x89PNG": _PICTURE, b"\xff\xd8\xff": _PICTURE, b"GIF8": _PICTURE, b"RIFF": _PICTURE, b"%PDF": Bilingual("a PDF", "PDF 文件"),
    b"\x7fELF": _PROGRAM, b"MZ\x90": _PROGRAM, b"Rar!": Bilingual("a RAR archive", "RAR 压缩包"),
    b"7z\xbc\xaf": Bilingual("a 7z archive", "7z 压缩包"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """What came out of one source."""

    tables: tuple[LoadedTable, ...]
    failed: tuple[tuple[Path, AnalystError], ...] = ()
    """Files of an archive that gave no table."""


def read_source(target: Target, source: Source) -> Generator[Progress, None, Read]:
    """Read every table of a file or archive. Raises FileRejected."""
    path = source.path
    yield Progress(0.0, Bilingual(f"Reading {path.name}", f"正在读取 {path.name}"))
    if path.is_dir():
        raise FileRejected(
            Bilingual(f"{path.name} is a folder.", f"{path.name} 是文件夹。"), Bilingual("Choose the files in it.", "请选择其中的文件。")
        )
    if not path.is_file():
        raise FileRejected(
            Bilingual(f"There is no file {path.name}.", f"找不到文件 {path.name}。"),
            Bilingual("Check its path and name.", "请检查路径和文件名。"),
        )
    if not _is_archive(path):
        return Read(tuple((yield from _read_file(target, path, source.options, path))))
    tables: list[LoadedTable] = []
    failed: list[tuple[Path, AnalystError]] = []
    for inner in taken_out(path, path, target.scratch):
        yield Progress(None, Bilingual(f"Reading {inner.name}", f"正在读取 {inner.name}"))
        try:
            tables += yield from _read_file(target, inner, source.options, path / inner.name)
        except FileRejected as error:
            failed.append((path / inner.name, error))
    if not tables and len(failed) == 1:
        raise failed[0][1]
    return Read(tuple(tables), tuple(failed))


def _is_archive(path: Path) -> bool:
    head = _head(path)
    if head.startswith(b"\x1f\x8b"):
        return True
    return head.startswith(b"PK") and path.suffix.lower() not in WORKBOOK_ENDINGS and not _is_workbook(path)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise damaged(path.name, str(error)) from error
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise FileRejected(
            Bilingual(f"{path.name} is a text document or a presentation.", f"{path.name} 是文档或演示文稿。"),
            Bilingual("Copy its table into Excel, save that and add it.", "请将其中的表格复制到 Excel 保存后再添加。"),
        )
    return "xl/workbook.xml" in names or "xl/workbook.bin" in names


def _read_file(target: Target, path: Path, options: ReadOptions, origin: Path) -> Generator[Progress, None, list[LoadedTable]]:
    """Read one file that is no archive; `origin` is where the person knows it from."""
    head, ending = _head(path), path.suffix.lower()
    called = path.stem
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or (ending in WORKBOOK_ENDINGS and not _is_plain(head)):
        return (yield from read_workbook(target, path, called, options, origin))
    if head.startswith(b"PAR1"):
        return (yield from read_parquet(target, path, called, options, origin))
    if head.startswith(b"SQLite format 3\x00"):
        return (yield from read_sqlite(target, path, options, origin))
    if head[8:12] == b"DUCK":
        return (yield from read_duckdb(target, path, options, origin))
    _refuse_strangers(head, ending, origin)
    if ending in JSON_ENDINGS:
        return (yield from read_json(target, path, called, options, origin))
    return (yield from read_delimited(target, path, called, options, origin))


def _refuse_strangers(head: bytes, ending: str, origin: Path) -> None:
    for mark, what in STRANGERS.items():
        if head.startswith(mark):
            raise FileRejected(Bilingual(f"{origin.name} is {what.en}, not a table.", f"{origin.name} 是{what.zh}，不是表格。"), READABLE)
    if head.lstrip()[:1] == b"<" and (b"<html" in head.lower() or b"<table" in head.lower() or b"<?xml" in head.lower()):
        raise FileRejected(Bilingual(f"{origin.name} is a web page or XML inside.", f"{origin.name} 的内容是网页或 XML。"), SAVE_AGAIN)
    if ending in (".parquet", ".duckdb", ".sqlite", ".sqlite3", ".db"):
        raise damaged(origin.name)
    if ending not in (*TEXT_ENDINGS, *JSON_ENDINGS, *WORKBOOK_ENDINGS):
        raise FileRejected(
            Bilingual(f"Files ending in {ending} cannot be read ({origin.name}).", f"不支持 {ending} 文件（{origin.name}）。"), READABLE
        )


def _is_plain(head: bytes) -> bool:
    """Text under the name of a workbook, as many programs export it."""
    return bool(head) and (head.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\x00" not in head and not head.startswith(b"\x09\x08")))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)
