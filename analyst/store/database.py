"""One SQLite file: opened, brought to the newest form, and never written to where it is not whole or not ours."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from analyst.errors import StoreDamaged, StoreFailed, StoreForeign
from analyst.store.migrations import MIGRATIONS
from analyst.terms import Bilingual

APPLICATION_ID = 0x414E4C59  # "ANLY": tells our file from another program's
BUSY_SECONDS = 10.0  # longer than any of our writes; a second process waits this long for its turn
CHECKED_BYTES = 64 * 2**20  # a file up to this size is read through when opened, which takes under 0.2 s
DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

Value = str | int | float | bytes | None


class Database:
    """A connection that threads take turns on: each of our statements takes milliseconds, and a page has many short-lived threads."""

    def __init__(self, path: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
        self.path = path
        self._lock = RLock()
        self._connection = open_file(path)
        try:
            with failures_named(path):
                check_whole(self._connection, path, len(migrations))
                prepare(self._connection)
                migrate(self._connection, path, migrations)
        except StoreFailed:
            self._connection.close()
            raise

    def rows(self, sql: str, *values: Value) -> list[sqlite3.Row]:
        """The rows of one SELECT."""
        with self._lock, failures_named(self.path):
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Value) -> sqlite3.Row | None:
        """The first row of one SELECT."""
        return next(iter(self.rows(sql, *values)), None)

    def write(self, sql: str, *values: Value) -> int:
        """Run one statement; gives the id of the row it added."""
        with self.transaction() as connection:
            return connection.execute(sql, values).lastrowid or 0

    def change(self, what: Bilingual, sql: str, *values: Value) -> None:
        """Run one statement that must meet a row. Raises StoreFailed if `what` is no longer there."""
        with self.transaction() as connection:
            if connection.execute(sql, values).rowcount == 0:
                raise gone(what)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Statements that all take effect, or none of them."""
        with self._lock, failures_named(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                # A full disk ends a transaction by itself; all else is undone here.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()


class Shelf:
    """A shelf of the store: what it keeps of one concern, in the file it shares with the others."""

    def __init__(self, database: Database) -> None:
        self.database = database


def now() -> str:
    """This moment in UTC, as it is stored."""
    return datetime.now(UTC).isoformat()


def open_file(path: Path) -> sqlite3.Connection:
    """A connection to a file that only its owner may read, made if there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise StoreFailed(
            Bilingual(f"{path} could not be opened: {error}.", f"无法打开 {path}：{error}。"),
            Bilingual(
                "Check that the folder exists and that you may write to it, or set ANALYST_HOME to another folder.",
                "请检查该文件夹是否存在、是否有写入权限，或用 ANALYST_HOME 指定另一个文件夹。",
            ),
        ) from error
    connection.row_factory = sqlite3.Row
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Settings that hold for this connection, and the journal that lets readers read while one writes."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What a person deletes is to be gone from the disk, too.
    connection.execute("PRAGMA secure_delete = ON")


def check_whole(connection: sqlite3.Connection, path: Path, newest: int) -> None:
    """Raise StoreDamaged where the file is damaged, another program's, or newer than this program."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise foreign(path)
    if version > newest:
        raise too_new(path)
    if path.stat().st_size <= CHECKED_BYTES and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise damaged(path)


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Bring the file to the newest form, all steps or none; a copy of the form before stays beside it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if 0 < version < len(migrations):
            keep_copy(path, version)
        for script in migrations[version:]:
            for statement in statements(script):
                connection.execute(statement)
        if version < len(migrations):
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: executescript would commit the transaction around them."""
    begun = ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""


def keep_copy(path: Path, version: int) -> None:
    """A whole copy of the file as it is, named after its version."""
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(path.with_name(f"{path.name}.version-{version}"))) as copy:
        source.backup(copy)


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """SQLite's errors as ours, with the file's name."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise gone(Bilingual("What this belongs to", "它所属的内容")) from error
    except sqlite3.DatabaseError as error:
        # The low byte is the error itself, the rest says more about it.
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGE:
            raise damaged(path) from error
        raise StoreFailed(
            Bilingual(f"{path} could not be read or written: {error}.", f"无法读写 {path}：{error}。"),
            Bilingual(
                "Check that the disk has room and that no other program holds the file, then try again.",
                "请检查磁盘是否还有空间、文件是否被其他程序占用，然后重试。",
            ),
        ) from error


def gone(what: Bilingual) -> StoreFailed:
    """The thing to change was deleted meanwhile."""
    return StoreFailed(
        Bilingual(f"{what.en} is no longer there.", f"{what.zh}已不存在。"),
        Bilingual(
            "It was deleted, perhaps in another window. Reload the page to see what there is.",
            "它可能已在另一个窗口中被删除。请刷新页面查看现有内容。",
        ),
    )


def damaged(path: Path) -> StoreDamaged:
    """The file is no SQLite file, or parts of it are broken."""
    return StoreDamaged(
        Bilingual(f"The file with your conversations and dashboards is damaged: {path}.", f"保存对话和仪表板的文件已损坏：{path}。"),
        Bilingual(
            f"Nothing was changed in it, and your tables are not in it. Put back a copy of it if you have one, or rename it (to "
            f"{path.name}.damaged, say) and start again; a new, empty one will be made.",
            "文件未被改动，您的数据表也不在其中。如有备份请恢复备份；"
            f"也可以把它改名（例如 {path.name}.damaged）后重新启动，届时会新建一个空文件。",
        ),
    )


def foreign(path: Path) -> StoreForeign:
    """The file is a database of another program."""
    return StoreForeign(
        Bilingual(f"{path} is a database of another program.", f"{path} 是其他程序的数据库。"),
        Bilingual(
            "Nothing was changed in it. Move it elsewhere, or set ANALYST_HOME to another folder.",
            "文件未被改动。请把它移到别处，或用 ANALYST_HOME 指定另一个文件夹。",
        ),
    )


def too_new(path: Path) -> StoreForeign:
    """The file was written by a later version of this program."""
    return StoreForeign(
        Bilingual(f"{path} was written by a newer version of this program.", f"{path} 是由本程序的更新版本写入的。"),
        Bilingual(
            "Nothing was changed in it. Install the newer version, or set ANALYST_HOME to another folder.",
            "文件未被改动。请安装更新的版本，或用 ANALYST_HOME 指定另一个文件夹。",
        ),
    )
