"""The refusals that several readers share, each with what to do about it."""

from __future__ import annotations

from connectors.errors import FileRejected
from connectors.wording import Bilingual

SAVE_AGAIN = Bilingual(
    "Open it in the program that made it, save it as CSV or Excel, and add that file.",
    "请用生成它的软件打开，另存为 CSV 或 Excel 后再添加。",
)
READABLE = Bilingual(
    "What can be read: CSV, TSV, JSON, Parquet, Excel, DuckDB and SQLite files, and zip or gz of these.",
    "可以读取：CSV、TSV、JSON、Parquet、Excel、DuckDB、SQLite 文件，以及它们的 zip 或 gz 压缩包。",
)


def damaged(name: str, said: str = "") -> FileRejected:
    """The file breaks off or contradicts itself; `said` are the reader's own words."""
    more = f": {said}" if said else ""
    return FileRejected(
        Bilingual(f"{name} is damaged or incomplete{more}.", f"{name} 已损坏或不完整{more.replace(': ', '：')}。"),
        Bilingual("Copy or download it again, then add it again.", "请重新复制或下载后再添加。"),
    )


def without_table(name: str) -> FileRejected:
    """The file was read and has no rows or columns anywhere."""
    return FileRejected(Bilingual(f"{name} holds no table.", f"{name} 中没有表格。"), READABLE)
