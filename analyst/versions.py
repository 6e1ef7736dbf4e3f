"""The versions of a workspace's tables on disk: which one is current, who is on which, and what may be cleared away.

Several processes may share the folder. Whoever changes it holds one lock for that long; whoever reads a version holds a lock on
that version. What no lock holds and nothing points to is a leftover, whether of a load that was given up or of a process that died.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass
from pathlib import Path

from analyst.errors import AnalystError
from analyst.locks import Held, try_lock
from analyst.terms import Bilingual
from connectors.files import Progress

STEM = re.compile(r"\.?(tables-[0-9a-f]{12})(?:\..+)?")
"""What loading calls its files, by which they are told from whatever else a person keeps in the folder."""

LOOK_SECONDS = 0.1  # between looks whether another process has done with the tables
PATIENCE_SECONDS = 10.0  # that a click waits for them; files wait as long as it takes, and can be given up
ANOTHER_CHANGES = Bilingual("Waiting until other files have been read", "正在等待其他文件读取完毕")
STILL_CHANGING = Bilingual("The tables are being changed in another window or program just now.", "另一个窗口或程序正在更改这些数据表。")
WHEN_DONE = Bilingual("Try again when that is done.", "请等它完成后再试。")


@dataclass(frozen=True, slots=True)
class Reading:
    """A version that this process reads; nobody removes it until the lock is opened."""

    database: Path
    lock: Held


class Versions:
    """The folder in which the versions lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> Path | None:
        """The version in use; None before the first, and where it is lost."""
        gone = ""
        while (name := self._pointed_to()) != gone:
            if (self.folder / name).is_file():
                return self.folder / name
            gone = name  # unless it was replaced, and removed, just as it was looked for
        return None

    def _pointed_to(self) -> str:
        try:
            name = (self.folder / "current").read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return ""
        return name if STEM.fullmatch(name) else ""

    def point_to(self, database: Path) -> None:
        """Make a version the current one; a crash leaves the old name or the new one, never half of one."""
        fresh = self.folder / "current.new"
        fresh.write_text(database.name, encoding="utf-8")
        os.replace(fresh, self.folder / "current")

    def changing(self) -> Held | None:
        """The lock of whoever changes the tables; None while another does. Raises OSError where the folder cannot be written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return try_lock(self.folder / "lock")

    def turn(self) -> Generator[Progress, None, Held]:
        """Wait until nobody else changes the tables, as long as it takes; gives the lock that keeps it so."""
        while not (lock := self.changing()):
            yield Progress(None, ANOTHER_CHANGES)
            time.sleep(LOOK_SECONDS)
        return lock

    def turn_soon(self) -> Held:
        """The same for a click, which does not wait for long. Raises AnalystError."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not (lock := self.changing()):
            if time.monotonic() > until:
                raise AnalystError(STILL_CHANGING, WHEN_DONE)
            time.sleep(LOOK_SECONDS)
        return lock

    def read(self, database: Path) -> Reading | None:
        """Take a version for reading; None where it is just being removed, or none of this folder's."""
        stem = STEM.fullmatch(database.name)
        if database.parent != self.folder or not stem or not database.exists():
            return None
        lock = try_lock(self.folder / f"{stem[1]}.readers", shared=True)
        return Reading(database, lock) if lock else None

    def read_current(self) -> Reading | None:
        """Take the current version for reading, whoever changes it meanwhile; None where there is none."""
        while database := self.current():
            reading = self.read(database)
            # The current version is never removed, so the lock holds if the version is still current once it is taken.
            if reading and self.current() == database:
                return reading
            if reading:
                reading.lock.release()
        return None

    def aside(self, database: Path) -> Path:
        """Where a version lies once it is set aside."""
        return self.folder / f"damaged-{database.name}"

    def set_aside(self) -> Path | None:
        """Put the current version, which cannot be opened, where nothing clears it away; gives its former place, None without one."""
        current = self.current()
        return current and current.rename(self.aside(current)) and current

    def put_back(self, database: Path) -> None:
        """Undo setting aside."""
        self.aside(database).rename(database)

    def clear(self, kept: Collection[Path] = ()) -> None:
        """Remove every version that is neither current nor read by anybody, and what was left half made.

        Only for whoever holds `changing`: then no other process has a version in the making.
        """
        current = self.current()
        for stem, paths in self._by_version().items():
            if current and current.stem == stem:
                remove(path for path in paths if path.name.startswith("."))
            elif lock := try_lock(self.folder / f"{stem}.readers"):
                remove(path for path in {*paths, self.folder / f"{stem}.readers"} if path not in kept)
                lock.release()

    def _by_version(self) -> dict[str, list[Path]]:
        found: dict[str, list[Path]] = defaultdict(list)
        for path in self.folder.iterdir():
            stem = STEM.fullmatch(path.name)
            if stem:
                found[stem[1]].append(path)
        return found


def remove(paths: Iterable[Path]) -> None:
    """Remove files, and folders with all that is in them."""
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
