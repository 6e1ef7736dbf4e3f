"""What a person comes back to: tidied after dead processes, read again from its files where it is damaged, and always open for more."""

from __future__ import annotations

import atexit
import logging
import shutil
import tempfile
import time
from pathlib import Path

from analyst.errors import AnalystError, Busy, QueryUnfinished, StoreDamaged, StoreFailed, StoreForeign
from analyst.locks import try_lock
from analyst.parts import remove_abandoned
from analyst.restoring import Lost, lost_of, put_aside, read_again, surplus, temporary_home, unreadable
from analyst.store import Store
from analyst.workspace import Workspace
from connectors.files import LoadReport, Source

SAMPLES = Path(__file__).parent / "sample"
LOOK_SECONDS = 0.05  # between looks whether another process is done

log = logging.getLogger("analyst.home")


def open_person(folder: Path) -> tuple[Workspace, Store]:
    """Workspace and store of a home, whatever its state: where it cannot be used, of a temporary one. The workspace's notes say so."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # tables and originals are as private as the store
        store, notes = open_store(folder / "store.sqlite")
        workspace = open_home(folder / "workspace", store)
    except (StoreFailed, OSError) as error:
        elsewhere = Path(tempfile.mkdtemp(prefix="analyst-"))
        atexit.register(shutil.rmtree, elsewhere, ignore_errors=True)
        store, notes = Store(elsewhere / "store.sqlite"), (temporary_home(folder, error),)
        workspace = open_home(elsewhere / "workspace", store)
        workspace.temporary = True
    workspace.notes = (*notes, *workspace.notes)
    return workspace, store


def open_store(path: Path) -> tuple[Store, tuple[AnalystError, ...]]:
    """The store; a damaged one is put aside and a new one begun, which the note says. Raises StoreFailed."""
    try:
        return Store(path), ()
    except StoreForeign:
        raise
    except StoreDamaged:
        while not (lock := try_lock(path.with_name("lock"))):
            time.sleep(LOOK_SECONDS)
    try:
        return Store(path), ()  # another process may have put it aside meanwhile
    except StoreDamaged:
        aside = put_store_aside(path)
        return Store(path), (put_aside(path, aside),)
    finally:
        lock.release()


def put_store_aside(path: Path) -> Path:
    """Rename a store's files; gives the new name of the first."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in ("-wal", "-shm"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    return aside


def open_home(folder: Path, store: Store) -> Workspace:
    """The workspace in a home; the first time it holds the sample tables.

    What dead processes left in it is cleared away, and tables whose file is lost or damaged are read again; its notes tell of it.
    """
    workspace = Workspace(folder, store=store)
    tidy(workspace)
    try:
        workspace.open_current()
    except (QueryUnfinished, Busy) as error:
        workspace.notes = (error,)
        return workspace
    except AnalystError:
        restore(workspace, store)
        return workspace
    if workspace.data is None:
        restore(workspace, store)
    return workspace


def tidy(workspace: Workspace) -> None:
    """Clear away what dead processes left, unless a living one is changing the tables just now."""
    lock = workspace.versions.changing()
    if lock:
        workspace.clear()
        lock.release()
    remove_abandoned(workspace.originals)


def restore(workspace: Workspace, store: Store) -> None:
    """Read again what the workspace held, or the sample tables where it never held any."""
    lost, damaged = lost_of(store, workspace.originals), workspace.database()
    if not (lost.found or lost.missing or damaged):
        read(workspace, sample_sources(workspace.originals))
        return
    report = read(workspace, [again.source for again in lost.found]) if lost.found else None
    if workspace.data is None:
        workspace.notes = (unreadable(lost, workspace.database()),)
    elif report:
        forget_former_places(store, lost)
        for table in surplus(lost, report):
            workspace.remove_table(table)
        whole = not (lost.missing or report.failed)
        aside = workspace.versions.aside(damaged) if damaged else None
        if aside and whole:
            aside.unlink(missing_ok=True)
        workspace.notes = (read_again(lost, report, aside),)


def mend(workspace: Workspace, store: Store) -> None:
    """Read the tables again where their file was lost or damaged while the program ran."""
    if workspace.lost:
        workspace.let_go()
        restore(workspace, store)


def read(workspace: Workspace, sources: list[Source]) -> LoadReport | None:
    """Read files into a workspace without tables; None where another process has done so meanwhile, or none could be read."""
    report = None
    try:
        for step in workspace.recover(sources):
            report = step if isinstance(step, LoadReport) else None
    except AnalystError:
        log.exception("The files could not be read again")
    return report


def sample_sources(originals: Path) -> list[Source]:
    """Copies of the sample tables' files, beside which the person's own will lie."""
    originals.mkdir(parents=True, exist_ok=True)
    return [Source(Path(shutil.copy(sample, originals))) for sample in sorted(SAMPLES.glob("*.csv"))]


def forget_former_places(store: Store, lost: Lost) -> None:
    """Forget where files lay that were found in another place, as after the home was moved."""
    for again in lost.found:
        if again.former != again.source.path:
            store.remove_source(again.former)
