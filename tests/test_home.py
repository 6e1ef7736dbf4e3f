"""A home that several programs share, that one of them dies in, or that is damaged: no table is lost, and more can always be added."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from analyst.errors import ConnectionFailed
from analyst.home import mend, open_home, open_person
from analyst.parts import part_in
from analyst.store import Store
from analyst.workspace import Workspace
from connectors.duckdb import LocalDuckDB
from connectors.files import LoadReport, Source

ROOT = Path(__file__).parents[1]

PROGRAM = """
import sys
from pathlib import Path
from analyst.store import Store
from analyst.home import mend, open_home, open_person
from connectors.files import Source

home, files = Path(sys.argv[1]), sys.argv[2:]
workspace = open_home(home / "workspace", Store(home / "store.sqlite"))
for line in sys.stdin:
    print("done", flush=True) if line.strip() == "ready?" else None
    if line.strip() == "add":
        for file in files:
            list(workspace.load([Source(Path(file))]))
        print("done", flush=True)
    if line.strip() == "begin":
        loading = workspace.load([Source(Path(files[0]))])
        next(loading)
        print("done", flush=True)
    if line.strip() == "finish":
        list(loading)
        print("done", flush=True)
"""


class Program:
    """Another program that has the home open."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def say(self, word: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def wait(self) -> None:
        assert self.process.stdout
        assert self.process.stdout.readline() == "done\n"

    def do(self, word: str) -> None:
        self.say(word)
        self.wait()


@contextmanager
def program(home: Path, *files: Path) -> Iterator[Program]:
    command = [sys.executable, "-c", PROGRAM, str(home), *map(str, files)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Program(process)
        process.kill()


@contextmanager
def opened(home: Path) -> Iterator[Workspace]:
    store = Store(home / "store.sqlite")
    workspace = open_home(home / "workspace", store)
    yield workspace
    workspace.close()
    store.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with two tables."""
    store = Store(tmp_path / "home" / "store.sqlite")
    workspace = Workspace(tmp_path / "home" / "workspace", store=store)
    workspace.originals.mkdir(parents=True)
    sources = [Source(table_file(workspace.originals, name, rows)) for name, rows in (("heights", 3), ("widths", 4))]
    list(workspace.load(sources, in_child=False))
    workspace.close()
    store.close()
    return tmp_path / "home"


def table_file(folder: Path, name: str, rows: int) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.csv"
    path.write_text("name,height\n" + "".join(f"person {row},{row / 7:.3f}\n" for row in range(rows)), encoding="utf-8")
    return path


def add(workspace: Workspace, *files: Path) -> LoadReport:
    *_, report = workspace.load([Source(file) for file in files])
    assert isinstance(report, LoadReport)
    return report


def names(workspace: Workspace) -> set[str]:
    return {table.name for table in workspace.data.schema.tables} if workspace.data else set()


# ------------------------------------------------------------------------------------------------ shared
def test_two_programs_that_add_files_at_once_lose_no_table(home: Path, tmp_path: Path) -> None:
    mine, yours = ([table_file(tmp_path, f"{who}{n}", 40_000) for n in range(3)] for who in ("mine", "yours"))
    with program(home, *mine) as one, program(home, *yours) as other:
        for each in (one, other):
            each.do("ready?")
        for each in (one, other):
            each.say("add")
        for each in (one, other):
            each.wait()
    with opened(home) as workspace:
        assert {*(path.stem for path in (*mine, *yours)), "heights"} <= names(workspace)
        assert all(workspace.data.schema.table(path.stem).rows == 40_000 for path in (*mine, *yours))


def test_what_one_program_adds_another_takes_up_with_its_report(home: Path, tmp_path: Path) -> None:
    with opened(home) as workspace, program(home, table_file(tmp_path, "theirs", 5)) as other:
        other.do("add")
        workspace.follow()
        assert "theirs" in names(workspace)
        assert "theirs" in {read.name for read in workspace.loaded}


def test_a_version_that_another_program_reads_is_never_removed(home: Path, tmp_path: Path) -> None:
    with opened(home) as workspace, program(home, *(table_file(tmp_path, f"theirs{n}", 5) for n in range(3))) as other:
        before = workspace.data
        other.do("add")
        again = LocalDuckDB(before.connector.path)
        assert again.values("heights", "name", 5)
        again.close()


# ------------------------------------------------------------------------------------------------ died in
def leftovers(home: Path) -> list[str]:
    current = (home / "workspace" / "data" / "current").read_text()
    return [
        path.name for path in (home / "workspace" / "data").iterdir() if "tables-" in path.name and not path.name.startswith(current[:19])
    ]


def test_what_a_program_that_was_killed_left_behind_is_gone_at_the_next_start(home: Path, tmp_path: Path) -> None:
    with program(home, table_file(tmp_path, "theirs", 400_000)) as other:
        other.do("begin")
        other.process.kill()
        other.process.wait()
    (home / "workspace" / "originals" / f".{'0' * 16}.part").write_bytes(b"half of a file")
    with opened(home) as workspace:
        assert "heights" in names(workspace)
        assert leftovers(home) == []
        assert [path for path in workspace.originals.iterdir() if path.suffix == ".part"] == []


def test_what_a_living_program_is_making_is_left_alone(home: Path, tmp_path: Path) -> None:
    originals = home / "workspace" / "originals"
    with program(home, table_file(tmp_path, "theirs", 400_000)) as other, part_in(originals) as part:
        other.do("begin")
        with opened(home) as workspace:
            assert "heights" in names(workspace)
        assert part.exists()
        other.do("finish")
    with opened(home) as workspace:
        assert workspace.data.schema.table("theirs").rows == 400_000


def test_only_files_that_loading_made_are_ever_cleared(home: Path) -> None:
    theirs = home / "workspace" / "data" / "tables-of-mine.duckdb"
    theirs.write_text("a person's own")
    with opened(home) as workspace:
        add(workspace, workspace.originals / "heights.csv")
    assert theirs.exists()


# ------------------------------------------------------------------------------------------------ damaged
def current(home: Path) -> Path:
    pointer = home / "workspace" / "data" / "current"
    return pointer.with_name(pointer.read_text())


def gone(home: Path) -> None:
    current(home).unlink()


def cut_short(home: Path) -> None:
    os.truncate(current(home), 5_000)


def empty(home: Path) -> None:
    os.truncate(current(home), 0)


def overwritten(home: Path) -> None:
    current(home).write_bytes(b"\x07" * 50_000)


def broken_inside(home: Path) -> None:
    size = current(home).stat().st_size
    with current(home).open("r+b") as file:
        file.seek(12_288)
        file.write(b"\x07" * (size - 12_288))


def pointer_gone(home: Path) -> None:
    (home / "workspace" / "data" / "current").unlink()


def pointer_unreadable(home: Path) -> None:
    (home / "workspace" / "data" / "current").write_bytes(b"\xff\xfe../../etc/passwd")


def data_gone(home: Path) -> None:
    shutil.rmtree(home / "workspace" / "data")


def data_and_store_gone(home: Path) -> None:
    shutil.rmtree(home / "workspace" / "data")
    for path in home.glob("store.sqlite*"):
        path.unlink()


DAMAGES = [gone, cut_short, empty, overwritten, broken_inside, pointer_gone, pointer_unreadable, data_gone, data_and_store_gone]


@pytest.mark.parametrize("damage", DAMAGES)
def test_tables_whose_file_is_lost_or_damaged_are_read_again_from_the_files_as_they_came(
    home: Path, damage: Callable[[Path], None]
) -> None:
    damage(home)
    with opened(home) as workspace:
        assert "heights" in names(workspace)
        assert workspace.data.schema.table("heights").rows == 3
        assert all("heights.csv" in text for text in workspace.notes[0].message)
        assert all(workspace.notes[0].hint)
    with opened(home) as workspace:
        assert "heights" in names(workspace)
        assert workspace.notes == ()


@pytest.mark.parametrize("damage", [gone, empty, overwritten, data_gone])
def test_tables_whose_file_is_lost_while_the_program_runs_are_not_given_up_for_new_ones(
    home: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    with opened(home) as workspace:
        damage(home)
        with pytest.raises(ConnectionFailed):
            add(workspace, table_file(tmp_path, "new", 2))
        mend(workspace, workspace.store)
        assert "heights.csv" in workspace.notes[0].message.en
        add(workspace, table_file(tmp_path, "new", 2))
        assert names(workspace) == {"heights", "widths", "new"}


def test_a_table_that_was_taken_out_stays_out_when_the_others_are_read_again(home: Path) -> None:
    with opened(home) as workspace:
        workspace.remove_table("widths")
    gone(home)
    with opened(home) as workspace:
        assert names(workspace) == {"heights"}


def test_files_that_are_gone_too_are_named_and_others_can_be_added(home: Path, tmp_path: Path) -> None:
    shutil.rmtree(home / "workspace")
    with opened(home) as workspace:
        assert workspace.data is None
        assert "heights.csv" in workspace.notes[0].message.en
        assert "heights.csv" in workspace.notes[0].message.zh
        add(workspace, table_file(tmp_path, "new", 4))
        assert names(workspace) == {"new"}
    with opened(home) as workspace:
        assert names(workspace) == {"new"}


def test_a_damaged_file_that_cannot_all_be_read_again_is_kept(home: Path) -> None:
    (home / "workspace" / "originals" / "heights.csv").unlink()
    overwritten(home)
    with opened(home) as workspace:
        assert "heights.csv" in workspace.notes[0].hint.en
        kept = list((home / "workspace" / "data").glob("damaged-*"))
        assert [path.read_bytes() for path in kept] == [b"\x07" * 50_000]
        assert kept[0].name in workspace.notes[0].hint.en


# ------------------------------------------------------------------------------------------------ beside it
def test_a_home_that_the_program_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    workspace, store = open_person(tmp_path / "deep" / "home")
    workspace.close()
    store.close()
    assert (tmp_path / "deep" / "home").stat().st_mode & 0o777 == 0o700


def test_the_command_line_answers_beside_a_program_that_changes_the_home(home: Path, tmp_path: Path) -> None:
    with program(home, table_file(tmp_path, "theirs", 400_000)) as other:
        other.do("begin")
        command = [sys.executable, "-m", "analyst", "ask", str(table_file(tmp_path, "few", 4)), "number of rows"]
        environment = os.environ | {"ANALYST_HOME": str(home)}
        asked = subprocess.run(command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        other.do("finish")
    assert (asked.returncode, asked.stderr) == (0, "")
