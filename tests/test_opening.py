"""Files opened: ready before all is known of them, every cell still verified, and read in a child that is started ahead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Timer

import duckdb
import pytest

from analyst.ask import ask, run_sql
from analyst.data import Data
from analyst.errors import QueryCancelled, QueryFailed
from analyst.terms import Answer, Bilingual, Edits, ResultSet
from analyst.workspace import Workspace, open_workspace
from connectors.base import ColumnStatistics
from connectors.duckdb import LocalDuckDB
from connectors.errors import ConnectionFailed, FileRejected
from connectors.files import LoadReport, Source, load_in_child
from connectors.files.spare import SpareChild, spare_child
from connectors.soon import Soon

SALES = "CREATE TABLE sales AS SELECT * FROM (VALUES ('West', 3), ('East', 4), ('West', 5)) AS t(region, amount)"
TOTALS = "SELECT region, sum(amount) AS total FROM sales GROUP BY region ORDER BY region"
QUESTION = "total amount by region"
NATIVE_ROWS = 90_000  # of a file that goes through the database's own reader


class Unhurried(LocalDuckDB):
    """Tells nothing of the cells before it is allowed to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.allowed = Event()
        self.fails = False

    def statistics(self, table: str) -> tuple[ColumnStatistics, ...]:
        self.allowed.wait(60)
        if self.fails:
            raise QueryFailed(Bilingual("The cells could not be counted.", "无法统计单元格。"))
        return super().statistics(table)


@pytest.fixture
def unhurried(tmp_path: Path) -> Iterator[Unhurried]:
    with duckdb.connect(str(tmp_path / "sales.duckdb")) as connection:
        connection.execute(SALES)
    connector = Unhurried(tmp_path / "sales.duckdb")
    yield connector
    connector.allowed.set()
    connector.close()


@pytest.fixture
def sales(unhurried: Unhurried, tmp_path: Path) -> Workspace:
    """A workspace of which only the names are known so far."""
    workspace = Workspace(tmp_path)
    workspace.data = Data(unhurried, Edits(), {})
    return workspace


# ------------------------------------------------------------------------------------------------ before all is known
def test_sql_gets_its_rows_before_the_profile_is_complete(sales: Workspace) -> None:
    result = next(step for step in run_sql(TOTALS, QUESTION, sales) if isinstance(step, ResultSet))
    assert result.rows() == [["East", 4], ["West", 8]]
    assert not sales.data.is_known()


def test_a_question_in_words_waits_for_the_profile_and_is_answered_as_if_asked_later(sales: Workspace, unhurried: Unhurried) -> None:
    Timer(0.2, unhurried.allowed.set).start()
    *_, early = ask(QUESTION, sales)
    *_, late = ask(QUESTION, sales)
    assert isinstance(early, Answer)
    assert (early.query.sql, early.result.rows(), early.confidence) == (late.query.sql, late.result.rows(), late.confidence)


def test_a_question_that_waits_for_the_profile_can_be_stopped(sales: Workspace) -> None:
    cancelled = Event()
    Timer(0.1, cancelled.set).start()
    with pytest.raises(QueryCancelled):
        list(ask(QUESTION, sales, cancelled=cancelled))


def test_a_profile_that_fails_is_told_to_whoever_needs_it_and_rows_are_still_given(sales: Workspace, unhurried: Unhurried) -> None:
    unhurried.fails = True
    unhurried.allowed.set()
    with pytest.raises(QueryFailed, match="could not be counted"):
        list(ask(QUESTION, sales))
    assert any(isinstance(step, ResultSet) for step in first_steps(sales))


def first_steps(workspace: Workspace) -> Iterator[object]:
    """The steps of a query as far as they come."""
    try:
        yield from run_sql(TOTALS, QUESTION, workspace)
    except QueryFailed:
        return


def test_closing_ends_a_profile_that_would_take_long(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "endless.duckdb")) as connection:
        connection.execute("CREATE VIEW endless AS SELECT a.range * b.range AS product FROM range(10000000) a, range(10000000) b")
    data = Data(LocalDuckDB(tmp_path / "endless.duckdb"), Edits(), {})
    assert [table.name for table in data.names.tables] == ["endless"]
    data.connector.close()
    with pytest.raises((QueryCancelled, ConnectionFailed)):
        _ = data.schema


def test_a_damaged_database_is_told_when_it_is_opened_and_what_was_there_stays(orders: Workspace, tmp_path: Path) -> None:
    (tmp_path / "damaged.duckdb").write_bytes(b"no database")
    before = orders.data
    with pytest.raises(Exception, match=r"damaged\.duckdb"):
        orders.open(tmp_path / "damaged.duckdb")
    assert orders.data is before


# ------------------------------------------------------------------------------------------------ every cell
@pytest.mark.parametrize(
    ("strange", "column_type"),
    [("007", "VARCHAR"), ("1.5", "DOUBLE"), ("99999999999999999999", "VARCHAR"), ("n o", "VARCHAR")],
)
def test_the_last_cell_of_a_large_file_is_never_changed_to_fit_the_others(tmp_path: Path, strange: str, column_type: str) -> None:
    lines = [f"{row},place {row % 9}" for row in range(NATIVE_ROWS)] + [f"{strange},last"] * 1_000
    (tmp_path / "numbers.csv").write_text("number,place\n" + "\n".join(lines) + "\n", encoding="utf-8")
    workspace = open_workspace([tmp_path / "numbers.csv"])
    table = workspace.data.schema.tables[0]
    *_, last = workspace.data.connector.values("numbers", "number", NATIVE_ROWS * 2) or (None,)
    held = workspace.data.connector.values("numbers", "number", 1)[0]
    workspace.close()
    assert (table.rows, table.columns[0].type, str(held)) == (NATIVE_ROWS + 1_000, column_type, strange)
    assert last is not None


def test_rows_of_a_large_file_lie_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("number,place\n" + "".join(f"{row},place {row % 9}\n" for row in range(NATIVE_ROWS)), "utf-8")
    *_, report = load_in_child([Source(tmp_path / "numbers.csv")], tmp_path / "data")
    assert isinstance(report, LoadReport)
    with duckdb.connect(str(report.database), read_only=True) as connection:
        (moved,) = connection.execute("SELECT count(*) FROM numbers WHERE number <> rowid").fetchall()[0]
    assert moved == 0


def test_opening_and_asking_never_load_pandas(orders_file: Path) -> None:
    program = (
        "import sys\nfrom analyst import ask, open_workspace\n"
        f"workspace = open_workspace([{str(orders_file)!r}])\n*_, reply = ask('total Sales by Region', workspace)\n"
        "workspace.close()\nprint(type(reply).__name__, 'pandas' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert said.stdout.split() == ["Answer", "False"]


# ------------------------------------------------------------------------------------------------ the child
def test_a_child_that_was_started_ahead_reads_one_load_and_is_gone(tmp_path: Path, orders_file: Path) -> None:
    spare_child.end()
    spare_child.start_ahead()
    ahead = spare_child.take()
    spare_child.end()
    assert ahead.poll() is None
    ahead.communicate()  # closes its standard input, as the end of the process that started it would
    assert ahead.returncode in (0, 1)
    *_, report = load_in_child([Source(orders_file)], tmp_path / "data")
    assert isinstance(report, LoadReport)
    assert report.tables[0].rows == 8


def test_the_child_that_waits_is_the_one_that_is_taken_and_only_once() -> None:
    children = SpareChild()
    children.start_ahead()
    first, second = children.take(), children.take()
    for child in (first, second):
        child.kill()
        child.communicate()
    assert first.pid != second.pid


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the child in /proc")
def test_a_child_that_died_while_it_waited_is_replaced(tmp_path: Path, orders_file: Path) -> None:
    spare_child.end()
    before = children()
    spare_child.start_ahead()
    for pid in children() - before:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    *_, report = load_in_child([Source(orders_file)], tmp_path / "data")
    assert isinstance(report, LoadReport)
    assert report.tables[0].rows == 8


def children() -> set[int]:
    """The processes that this one has started."""
    return {int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the address space of a process")
def test_a_child_that_was_started_ahead_is_bounded_like_any_other(tmp_path: Path, orders_file: Path) -> None:
    spare_child.start_ahead()
    with pytest.raises(FileRejected, match=r"orders\.csv"):
        list(load_in_child([Source(orders_file)], tmp_path / "data", memory_bytes=100_000_000))


def test_what_can_wait_is_done_once_however_often_it_is_asked_for_and_not_at_all_once_forgotten() -> None:
    done: list[int] = []
    finished = Event()
    soon = Soon(0.05, lambda: (done.append(1), finished.set())[0])
    soon.ask()
    soon.ask()
    assert finished.wait(30)
    soon.ask()
    soon.forget()
    assert not Event().wait(0.2)
    assert done == [1]
