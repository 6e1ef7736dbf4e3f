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


MOST_COLUMNS = 2_000
"""Each is verified on its own, and a question can only ever mean a few; wider tables are lists that were laid on their side."""


def too_wide(name: str, columns: int) -> FileRejected:
    """The table has more columns than are read."""
    return FileRejected(
        Bilingual(
            f"{name} has {columns:,} columns; at most {MOST_COLUMNS:,} are read.",
            f"{name} 有 {columns:,} 列，最多读取 {MOST_COLUMNS:,} 列。",
        ),
        Bilingual(
            "Keep the columns you need, or write what stands in the header as a column of its own, one row for each value.",
            "请只保留需要的列，或将表头内容改为一列，每个值占一行。",
        ),
    )


def without_table(name: str) -> FileRejected:
    """The file was read and has no rows or columns anywhere."""
    return FileRejected(Bilingual(f"{name} holds no table.", f"{name} 中没有表格。"), READABLE)
