"""One person's data: the files it came from, the database it lies in, and what is known of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyst.errors import FileRejected
from analyst.linking import ValueIndex
from analyst.profile import profile
from analyst.settings import settings
from analyst.terms import Bilingual, Edits, Schema
from connectors.base import Connector, Limits
from connectors.duckdb import LocalDuckDB
from connectors.files import LoadReport, Progress, Source, load, load_in_child


@dataclass(frozen=True, slots=True)
class Data:
    """One version of the data: where it is queried, what is known of it, and an index of its values."""

    connector: Connector
    schema: Schema
    values: ValueIndex
    report: LoadReport | None = None


class Workspace:
    """A folder with one person's tables; `data` is replaced as a whole when files are added or edited."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.folder = folder
        self.limits = limits or settings().limits()
        self.edits = Edits()
        self.data: Data | None = None
        self._retired: list[Connector] = []

    @property
    def originals(self) -> Path:
        """Where copies of uploaded files are kept, as they came."""
        return self.folder / "originals"

    def load(self, sources: Sequence[Source], in_child: bool = True) -> Iterator[Progress | LoadReport]:
        """Add files, or read them again; each table replaces one of the same name. Questions see the old rows until it is done.

        Closing the iterator early cancels and leaves everything as it was.
        """
        previous = self.database()
        for step in (load_in_child if in_child else load)(sources, self.folder / "data", previous):
            if isinstance(step, LoadReport):
                self.open(step.database, step)
            yield step

    def database(self) -> Path | None:
        """The newest database file; None before the first load."""
        files = sorted((self.folder / "data").glob("*.duckdb"), key=lambda path: path.stat().st_mtime_ns)
        return files[-1] if files else None

    def open(self, database: Path, report: LoadReport | None = None) -> None:
        """Put a database file in the place of the present one."""
        connector = LocalDuckDB(database)
        self._replace(connector, report)

    def edit(self, edits: Edits) -> None:
        """Take what the person said of columns, joins and words into account from now on."""
        self.edits = edits
        if self.data:
            self._replace(self.data.connector, self.data.report)

    def close(self) -> None:
        """Give back processes; the folder stays."""
        for connector in (*self._retired, *([self.data.connector] if self.data else [])):
            connector.close()
        self._retired, self.data = [], None

    def _replace(self, connector: Connector, report: LoadReport | None) -> None:
        units = {
            f"{table.name}.{column.name}": column.unit
            for table in (report.tables if report else ())
            for column in table.columns
            if column.unit
        }
        schema = profile(connector, self.edits, units)
        before, self.data = self.data, Data(connector, schema, ValueIndex(connector, schema), report)
        if before and before.connector is not connector:
            self._retire(before.connector)

    def _retire(self, connector: Connector) -> None:
        """Keep the connector of the version before for questions still running on it; close older ones."""
        for older in self._retired:
            older.close()
        self._retired = [connector]


def open_workspace(files: Sequence[Path | str], folder: Path | None = None, limits: Limits | None = None) -> Workspace:
    """A workspace over these files, and nothing else, ready for questions.

    Raises FileRejected if one of the files gives no table. Without a folder it lives in a temporary one.
    """
    workspace = Workspace(folder or Path(tempfile.mkdtemp(prefix="analyst-")), limits)
    for step in workspace.load([Source(Path(file)) for file in files], in_child=False):
        if isinstance(step, LoadReport) and step.failed:
            raise step.failed[0][1]
    if not workspace.data:
        raise FileRejected(Bilingual("No file was given.", "没有给出文件。"), Bilingual("Name at least one file.", "请至少给出一个文件。"))
    return workspace
