"""One person's data: the files it came from, the database it lies in, and what is known of it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from analyst.errors import FileRejected
from analyst.linking import ValueIndex
from analyst.profile import profile
from analyst.settings import settings
from analyst.store import Store
from analyst.terms import Bilingual, Edits, Schema, Turn
from connectors.base import Connector, Limits
from connectors.duckdb import LocalDuckDB
from connectors.files import LoadedTable, LoadReport, Progress, Source, load, load_in_child
from connectors.files.removal import without_table

SAMPLES = Path(__file__).parent / "sample"
NO_FILE = Bilingual("No file was given.", "没有给出文件。")
NAME_ONE = Bilingual("Name at least one file.", "请至少给出一个文件。")


@dataclass(frozen=True, slots=True)
class Data:
    """One version of the data: where it is queried, what is known of it, and an index of its values."""

    connector: Connector
    schema: Schema
    values: ValueIndex


class Workspace:
    """A folder with one person's tables; `data` is replaced as a whole when files are added or something is said of them.

    With a store, what was read and what the person said of it outlive the process.
    """

    def __init__(self, folder: Path, limits: Limits | None = None, store: Store | None = None) -> None:
        self.folder = folder
        self.limits = limits or settings().limits()
        self.store = store
        self.data: Data | None = None
        self.temporary = False
        self._tables: dict[str, LoadedTable] = {}
        self._retired: list[Connector] = []
        self._changing = Lock()
        if store:
            self._tables = {table.name: table for source in store.sources() for table in source.tables}

    @property
    def originals(self) -> Path:
        """Where copies of uploaded files are kept, as they came."""
        return self.folder / "originals"

    @property
    def loaded(self) -> tuple[LoadedTable, ...]:
        """How each table was read."""
        return tuple(self._tables.values())

    def load(self, sources: Sequence[Source], in_child: bool = True) -> Iterator[Progress | LoadReport]:
        """Add files, or read them again; each table replaces one of the same name. Questions see the old rows until it is done.

        Closing the iterator early cancels and leaves everything as it was.
        """
        with self._changing:
            loading = partial(load_in_child, seconds=settings().load_seconds) if in_child else load
            for step in loading(sources, self.folder / "data", self.database()):
                if isinstance(step, LoadReport):
                    self._take(step, sources)
                yield step

    def remove_table(self, table: str) -> None:
        """Take a table out of the data; the file it came from stays."""
        database = self.database()
        if not database:
            return
        with self._changing:
            self._tables.pop(table, None)
            self._keep_sources()
            self.open(without_table(database, table))

    def examples(self) -> tuple[Turn, ...]:
        """Questions with SQL that the person found right."""
        return tuple(Turn(example.question, example.sql) for example in self.store.examples()) if self.store else ()

    def database(self) -> Path | None:
        """The database file in use; None before the first load."""
        pointer = self.folder / "data" / "current"
        path = pointer.with_name(pointer.read_text(encoding="utf-8")) if pointer.exists() else None
        return path if path and path.exists() else None

    def open(self, database: Path) -> None:
        """Put a database file in the place of the present one, which is removed once no question can be on it."""
        self._replace(LocalDuckDB(database))
        if database.parent == self.folder / "data":
            before = self.database()
            point(self.folder / "data" / "current", database.name)
            for path in (self.folder / "data").glob("tables-*.duckdb*"):
                if path not in (database, before):
                    path.unlink(missing_ok=True)

    def edits_changed(self) -> None:
        """Take what the person said of columns, joins and words into account from now on."""
        if self.data:
            self._replace(self.data.connector)

    def close(self) -> None:
        """Give back processes; the folder stays unless it was a temporary one."""
        for connector in (*self._retired, *([self.data.connector] if self.data else [])):
            connector.close()
        self._retired, self.data = [], None
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _take(self, report: LoadReport, sources: Sequence[Source]) -> None:
        self._tables |= {table.name: table for table in report.tables}
        if self.store:
            for source in sources:
                made = [table for table in report.tables if table.path == source.path]
                if made:
                    self.store.save_source(source.path, source.options, made)
        if report.tables:
            self.open(report.database)

    def _keep_sources(self) -> None:
        for source in self.store.sources() if self.store else ():
            left = [table for table in source.tables if table.name in self._tables]
            if self.store and len(left) != len(source.tables):
                self.store.save_source(source.path, source.options, left)
                if not left:
                    self.store.remove_source(source.path)

    def _replace(self, connector: Connector) -> None:
        units = {f"{table.name}.{column.name}": column.unit for table in self.loaded for column in table.columns if column.unit}
        schema = profile(connector, self.store.edits() if self.store else Edits(), units)
        before, self.data = self.data, Data(connector, schema, ValueIndex(connector, schema))
        if before and before.connector is not connector:
            self._retire(before.connector)

    def _retire(self, connector: Connector) -> None:
        """Keep the connector of the version before for questions still on their way; close older ones."""
        for older in self._retired:
            older.close()
        self._retired = [connector]


def point(pointer: Path, name: str) -> None:
    """Write a name into a pointer file so that a crash leaves the old or the new one, never half of one."""
    fresh = pointer.with_suffix(".new")
    fresh.write_text(name, encoding="utf-8")
    os.replace(fresh, pointer)


def open_workspace(files: Sequence[Path | str], folder: Path | None = None, limits: Limits | None = None) -> Workspace:
    """A workspace over these files, and nothing else, ready for questions.

    Raises FileRejected if one of the files gives no table. Without a folder it lives in a temporary one that close() removes.
    """
    if not files:
        raise FileRejected(NO_FILE, NAME_ONE)
    workspace = Workspace(folder or Path(tempfile.mkdtemp(prefix="analyst-")), limits)
    workspace.temporary = folder is None
    for step in workspace.load([Source(Path(file)) for file in files], in_child=False):
        if isinstance(step, LoadReport) and step.failed:
            workspace.close()
            raise step.failed[0][1]
    return workspace


def open_home(folder: Path, store: Store) -> Workspace:
    """The workspace that a person comes back to; the first time it holds the sample tables."""
    workspace = Workspace(folder, store=store)
    database = workspace.database()
    if database:
        workspace.open(database)
    elif not store.sources():
        workspace.originals.mkdir(parents=True, exist_ok=True)
        copies = [Path(shutil.copy(sample, workspace.originals)) for sample in sorted(SAMPLES.glob("*.csv"))]
        for _ in workspace.load([Source(copy) for copy in copies]):
            pass
    return workspace
