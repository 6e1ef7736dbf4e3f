"""What the tests of reading files share: write a file, load it, look at the table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from connectors.files import LoadedColumn, LoadedTable, LoadReport, Progress, ReadOptions, Source, load


def loaded(folder: Path, *paths: Path, options: ReadOptions = ReadOptions(), previous: Path | None = None) -> LoadReport:  # noqa: B008
    """The report after loading these files with the same options."""
    *steps, report = load([Source(path, options) for path in paths], folder / "loaded", previous)
    assert all(isinstance(step, Progress) for step in steps)
    assert isinstance(report, LoadReport)
    return report


def rows(report: LoadReport, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table of the new database."""
    with duckdb.connect(str(report.database), read_only=True) as connection:
        return connection.execute(f'SELECT * FROM "{table}"').fetchall()


class Reader:
    """Writes text to a file of its own and reads it back as one table."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report: LoadReport

    def __call__(self, text: str | bytes, name: str = "sales.csv", encoding: str = "utf-8", **options: Any) -> LoadedTable:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        self.report = loaded(self.folder, path, options=ReadOptions(**options))
        assert not self.report.failed, self.report.failed[0][1].in_language("en")
        return self.report.tables[0]

    def rows(self) -> list[tuple[Any, ...]]:
        return rows(self.report, self.report.tables[0].name)

    def column(self, cells: list[str], header: str = "amount", **options: Any) -> tuple[LoadedColumn, list[Any]]:
        """The column that these cells become, and its values; a second column keeps the rows from being blank."""
        quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
        table = self("\n".join([f'row,"{header}"', *(f"r{at},{cell}" for at, cell in enumerate(quoted))]) + "\n", **options)
        return table.columns[1], [row[1] for row in self.rows()]

    def refusal(self, content: str | bytes, name: str = "sales.csv") -> str:
        """The words with which the file is refused."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        report = loaded(self.folder, path)
        assert not report.tables
        ((refused, error),) = report.failed
        assert refused == path
        assert error.message.zh
        assert error.hint.zh
        return error.in_language("en")


ReadText = Callable[..., LoadedTable]
