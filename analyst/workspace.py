"""One person's data: the files it came from, the database it lies in, and what is known of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Event, RLock

from analyst.data import Data
from analyst.errors import AnalystError, Busy, ConnectionFailed, FileRejected, QueryUnfinished
from analyst.locks import Held
from analyst.settings import settings
from analyst.store import Store
from analyst.terms import Bilingual, Edits, Turn
from analyst.versions import Versions
from connectors.base import Connector, Limits
from connectors.duckdb import LocalDuckDB, start_ahead
from connectors.files import LoadedTable, LoadReport, Progress, Source, load, load_in_child
from connectors.files.removal import without_table
from connectors.line import Line

NO_FILE = Bilingual("No file was given.", "没有给出文件。")
NAME_ONE = Bilingual("Name at least one file.", "请至少给出一个文件。")
FILE_LOST = Bilingual("The file that holds your tables was removed or damaged.", "保存数据表的文件已被删除或损坏。")
READ_AGAIN = Bilingual("Reload the page: the tables are then read again from their files.", "请刷新页面，届时将从原始文件重新读取数据表。")

__all__ = ["Data", "Workspace", "open_workspace"]


class Workspace:
    """A folder with one person's tables; `data` is replaced as a whole when files are added or something is said of them.

    With a store, what was read and what the person said of it outlive the process. Several processes may have the folder open:
    one at a time changes it, and follow() takes up what the others did.
    """

    def __init__(self, folder: Path, limits: Limits | None = None, store: Store | None = None) -> None:
        self.folder = folder
        self.versions = Versions(folder / "data")
        self.limits = limits or settings().limits()
        self.line = Line(settings().places())
        """In which questions wait for their turn."""
        self.store = store
        self.data: Data | None = None
        self.notes: tuple[AnalystError, ...] = ()
        """What the person should be told of the state in which the data was found."""
        self.temporary = False
        self._tables: dict[str, LoadedTable] = {}
        self._edits = Edits()
        self._seen: Path | None = None
        """The database file last opened, or tried."""
        self._damaged = False
        """Whether the file of the current version was found to be so."""
        self._retired: list[Connector] = []
        self._locks: dict[Connector, Held] = {}
        self._opening = RLock()
        self._recall()

    @property
    def originals(self) -> Path:
        """Where copies of uploaded files are kept, as they came."""
        return self.folder / "originals"

    @property
    def loaded(self) -> tuple[LoadedTable, ...]:
        """How each table was read."""
        return tuple(self._tables.values())

    @property
    def lost(self) -> bool:
        """Whether the file behind the present tables was removed or damaged since it was opened."""
        ours = self._seen is not None and self._seen.parent == self.versions.folder
        return self.data is not None and (self._damaged or (ours and not self.versions.current()))

    def let_go(self) -> None:
        """Give up tables whose file was lost, so that they can be made again."""
        with self._opening:
            if self.data:
                self._retire(self.data.connector)
            self.data = None

    def load(self, sources: Sequence[Source], in_child: bool = True) -> Iterator[Progress | LoadReport]:
        """Add files, or read them again; each table replaces one of the same name. Questions see the old rows until it is done.

        Waits while another process or thread changes the tables. Closing the iterator early cancels and leaves everything as it was.
        What the tables hold is found out once they are in; whoever needs it waits for it (see Data).
        """
        start_ahead()
        lock = yield from self.versions.turn()
        try:
            self.follow()
            yield from self._load(sources, in_child)
        finally:
            lock.release()

    def recover(self, sources: Sequence[Source]) -> Iterator[Progress | LoadReport]:
        """Make the tables again from these files, unless another process has done so meanwhile."""
        lock = yield from self.versions.turn()
        try:
            self.follow()
            if not self.data:
                yield from self._load(sources, in_child=True)
        finally:
            lock.release()

    def remove_table(self, table: str) -> None:
        """Take a table out of the data; the file it came from stays. Raises AnalystError while another process changes the tables."""
        lock = self.versions.turn_soon()
        try:
            self.follow()
            database = self.database()
            if not database:
                return
            with self._opening:
                self._tables.pop(table, None)
                smaller = without_table(database, table)
                self._put(smaller, known=True)
                self._keep_sources()
                self.versions.point_to(smaller)
            self.clear()
        finally:
            lock.release()

    def follow(self) -> None:
        """Take up what another process has made of the data since, and what was said of it there; does not wait for others."""
        if not self._opening.acquire(blocking=False):
            return
        try:
            current = self.versions.current()
            if current and current != self._seen:
                self.open_current()
            elif self.data and self.store and self.store.edits() != self._edits:
                self.edits_changed()
        finally:
            self._opening.release()

    def examples(self) -> tuple[Turn, ...]:
        """Questions with SQL that the person found right."""
        return tuple(Turn(example.question, example.sql) for example in self.store.examples()) if self.store else ()

    def database(self) -> Path | None:
        """The database file in use; None before the first load."""
        return self.versions.current()

    def open(self, database: Path) -> None:
        """Put a database file in the place of the present one, which is removed once no question can be on it."""
        with self._opening:
            self._put(database, known=True)
            if database.parent == self.versions.folder and database != self.database():
                self.versions.point_to(database)

    def open_current(self) -> None:
        """Open the version that is in use, whatever becomes of it meanwhile; nothing where there is none. Raises AnalystError."""
        reading = self.versions.read_current()
        if reading:
            try:
                with self._opening:
                    self._recall()
                    self._put(reading.database, known=True)
            except (QueryUnfinished, Busy):
                raise
            except AnalystError:
                self._damaged = True
                raise
            finally:
                reading.lock.release()

    def edits_changed(self) -> None:
        """Take what the person said of columns, joins and words into account from now on."""
        if self.data:
            self._replace(self._data(self.data.connector), known=True)

    def clear(self) -> None:
        """Remove versions that nobody reads and what dead processes left half made. Only for whoever holds the lock of a change."""
        known = [*self._tables.values(), *(table for source in (self.store.sources() if self.store else ()) for table in source.tables)]
        # Rows that were rejected can still be looked at, whichever version they were left out of.
        self.versions.clear({table.rejects_file for table in known if table.rejects_file})

    def close(self) -> None:
        """Give back processes; the folder stays unless it was a temporary one."""
        for connector in (*self._retired, *([self.data.connector] if self.data else [])):
            self._close(connector)
        self._retired, self.data = [], None
        if self.temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _load(self, sources: Sequence[Source], in_child: bool) -> Iterator[Progress | LoadReport]:
        """Load onto the present tables; where their file was found damaged, onto none, and it is set aside.

        Raises ConnectionFailed where their file was lost since: a load onto none would lose them for good.
        """
        if self.lost:
            raise ConnectionFailed(FILE_LOST, READ_AGAIN)
        unopened = self.versions.set_aside() if self._damaged else None
        loading = partial(load_in_child, seconds=settings().load_seconds) if in_child else load
        steps = loading(sources, self.versions.folder, self.database())
        try:
            for step in steps:
                if isinstance(step, LoadReport):
                    self._take(step, sources)
                yield step
        except FileRejected as error:
            self._damaged = not self._opens(self.database())
            if self._damaged:
                raise ConnectionFailed(FILE_LOST, READ_AGAIN) from error
            raise
        finally:
            if isinstance(steps, Generator):
                steps.close()
            if unopened and not self.data:
                self.versions.put_back(unopened)

    def _opens(self, database: Path | None) -> bool:
        """Whether a database, if there is one, can still be opened."""
        if database is None:
            return True
        connector = LocalDuckDB(database, workers=1)
        try:
            connector.tables()
        except AnalystError:
            return False
        finally:
            connector.close()
        return True

    def _take(self, report: LoadReport, sources: Sequence[Source]) -> None:
        """Put what loading made in the place of the present tables; of a load that gave none, nothing stays."""
        if report.tables:
            with self._opening:
                before = self._tables
                self._tables = before | {table.name: table for table in report.tables}
                try:
                    self._put(report.database)
                except AnalystError:
                    self._tables = before
                    raise
                self._save_sources(report, sources)
                self.versions.point_to(report.database)
        self.clear()

    def _save_sources(self, report: LoadReport, sources: Sequence[Source]) -> None:
        for source in sources:
            made = [table for table in report.tables if table.path == source.path or source.path in table.path.parents]
            if made and self.store:
                self.store.save_source(source.path, source.options, made)

    def _keep_sources(self) -> None:
        for source in self.store.sources() if self.store else ():
            left = [table for table in source.tables if table.name in self._tables]
            if self.store and len(left) != len(source.tables):
                self.store.save_source(source.path, source.options, left)
                if not left:
                    self.store.remove_source(source.path)

    def _recall(self) -> None:
        """Take from the store how each table was read."""
        if self.store:
            self._tables = {table.name: table for source in self.store.sources() for table in source.tables}

    def _put(self, database: Path, known: bool = False) -> None:
        """Let questions go to this file from now on, or once all is `known` of it, which also shows that it is whole.

        Raises ConnectionFailed or QueryFailed, and then all is as it was.
        """
        self._seen = database
        connector = LocalDuckDB(database)
        reading = self.versions.read(database)
        if reading:
            self._locks[connector] = reading.lock
        try:
            self._replace(self._data(connector), known)
        except BaseException:
            self._close(connector)
            raise

    def _data(self, connector: Connector) -> Data:
        units = {f"{table.name}.{column.name}": column.unit for table in self.loaded for column in table.columns if column.unit}
        self._edits = self.store.edits() if self.store else Edits()
        return Data(connector, self._edits, units)

    def _replace(self, data: Data, known: bool = False) -> None:
        if known:
            data.wait(Event())
        before, self.data = self.data, data
        self._damaged = False
        if before and before.connector is not data.connector:
            self._retire(before.connector)

    def _retire(self, connector: Connector) -> None:
        """Keep the connector of the version before for questions still on their way; close older ones."""
        for older in self._retired:
            self._close(older)
        self._retired = [connector]

    def _close(self, connector: Connector) -> None:
        connector.close()
        lock = self._locks.pop(connector, None)
        if lock:
            lock.release()


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
