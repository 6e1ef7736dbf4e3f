"""Queries on a DuckDB file run in child processes that end themselves and nothing else."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from threading import Event

import duckdb
import pytest

from connectors.base import Limits, Query, ResultSet
from connectors.duckdb import LocalDuckDB
from connectors.errors import Busy, ConnectionFailed, QueryCancelled, QueryFailed, QueryLost, QueryTimeout, QueryTooLarge
from connectors.workers import Worker, spare_workers

ROOT = Path(__file__).resolve().parent.parent
USUAL = Limits()
TIGHT = Limits(seconds=1.0, memory_mb=400)
TABLES = """
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR);
    INSERT INTO customers VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid');
    CREATE TABLE sales (id BIGINT, customer_id INTEGER REFERENCES customers (id), region VARCHAR, amount DOUBLE, price DECIMAL(9, 2),
        sold_on DATE, tags VARCHAR[], empty INTEGER);
    INSERT INTO sales SELECT i, 1 + i % 2, CASE WHEN i % 10 = 0 THEN NULL WHEN i % 2 = 0 THEN 'West' ELSE 'East' END, i / 2, i,
        DATE '2024-01-01' + (i % 100)::INTEGER, ['a'], NULL FROM range(1000) AS r(i);
    COMMENT ON TABLE sales IS 'what was sold';
    COMMENT ON COLUMN sales.amount IS 'in euro';
    CREATE VIEW west AS SELECT * FROM sales WHERE region = 'West';
"""
ENDLESS = "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3"
BOMBS = [
    "SELECT length(repeat('x', 3000000000))",
    "SELECT lpad('x', 2000000000, 'y')",
    "SELECT len(range(300000000))",
    "SELECT len(string_split(repeat('x,', 100000000), ','))",
    "SELECT len(array_resize([1], 400000000))",
    "SELECT printf('%2000000000d', 1)",
    "SELECT length(regexp_replace(repeat('a', 60000000), 'a|b', 'bb', 'g'))",
    "SELECT string_agg(x, '') FROM (SELECT repeat('x', 1000000) AS x FROM range(3000))",
    "SELECT list(range) FROM range(300000000)",
    "SELECT list_sort(list_transform(range(30000000), lambda x: hash(x)))",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "WITH RECURSIVE r AS (SELECT 'x' AS n UNION ALL SELECT n || n FROM r) SELECT max(length(n)) FROM r",
    "SELECT a.id FROM sales a, sales b, sales c, sales d ORDER BY random()",
    "SELECT count(DISTINCT hash(range)) FROM range(2000000000)",
    ENDLESS,
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "small.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)
    return path


@pytest.fixture
def connector(path: Path) -> Iterator[LocalDuckDB]:
    connector = LocalDuckDB(path)
    yield connector
    connector.close()


@pytest.fixture
def worker(path: Path) -> Iterator[Worker]:
    """A child process without the second wall before it, to see what its settings alone stop."""
    worker = spare_workers.take()
    worker.ask({"do": "open", "path": str(path), "threads": 1}, 10, Event())
    yield worker
    worker.kill()


def asked(connector: LocalDuckDB, sql: str, limits: Limits = USUAL, cancelled: Event | None = None) -> ResultSet:
    return connector.execute(Query(sql, "duckdb", ()), limits, cancelled or Event())


def children() -> set[int]:
    """Process ids of this process's workers."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return {int(pid) for pid, parent, *command in rows if int(parent) == os.getpid() and "connectors.worker" in "".join(command)}


def is_running(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout.strip()
    return bool(state) and not state.startswith("Z")


def soon(holds: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


# ------------------------------------------------------------------------------------------------ limits
@pytest.mark.parametrize("sql", BOMBS)
def test_a_query_that_needs_too_much_ends_in_time_and_the_next_is_answered_at_once(sql: str, connector: LocalDuckDB) -> None:
    asked(connector, "SELECT 1")
    started = time.monotonic()
    with pytest.raises((QueryTimeout, QueryTooLarge)):
        asked(connector, sql, TIGHT)
    assert time.monotonic() - started < TIGHT.seconds + 3  # 0.4 s where nothing else runs
    started = time.monotonic()
    assert asked(connector, "SELECT count(*) FROM sales").rows() == [[1000]]
    assert time.monotonic() - started < 3  # 0.05 s where nothing else runs


def test_what_duckdb_spends_before_it_runs_a_query_is_bounded_too(connector: LocalDuckDB) -> None:
    with pytest.raises((QueryTimeout, QueryTooLarge)):
        asked(connector, "SELECT id FROM sales WHERE length(repeat('x', 900000000)) = 1 AND length(lpad('', 900000000, 'ab')) = 2", TIGHT)
    assert asked(connector, "SELECT 1 AS one").rows() == [[1]]


def test_a_query_that_was_too_slow_or_too_large_says_the_limit_in_both_languages(connector: LocalDuckDB) -> None:
    with pytest.raises(QueryTimeout) as slow:
        asked(connector, ENDLESS, Limits(seconds=0.3))
    assert "0.3 s" in slow.value.message.en
    assert "0.3 秒" in slow.value.message.zh
    assert "for less" in slow.value.hint.en
    with pytest.raises(QueryTooLarge) as large:
        asked(connector, BOMBS[0], TIGHT)
    assert "400 MB" in large.value.message.en
    assert "400 MB" in large.value.message.zh


def test_rows_are_cut_at_the_limit_without_computing_the_rest(connector: LocalDuckDB) -> None:
    started = time.monotonic()
    result = asked(connector, "SELECT * FROM range(2000000000)", Limits(rows=100))
    assert (result.table.num_rows, result.truncated) == (100, True)
    assert time.monotonic() - started < 2
    exact = asked(connector, "SELECT * FROM range(100)", Limits(rows=100))
    assert (exact.table.num_rows, exact.truncated) == (100, False)


def test_rows_are_cut_where_they_take_more_bytes_than_may_be_handed_back_and_say_so(connector: LocalDuckDB) -> None:
    sql = "SELECT i, repeat('x', 10000) AS text FROM range(5000) AS t(i)"
    result = connector.execute(Query(sql, "duckdb", ()), Limits(rows=10_000, result_mb=5), Event())
    assert 0 < result.table.num_rows < 600
    assert result.table.nbytes <= 5 * 2**20
    assert result.truncated
    assert result.cut_by_size
    whole = connector.execute(Query(sql, "duckdb", ()), Limits(rows=100, result_mb=5), Event())
    assert (whole.table.num_rows, whole.truncated, whole.cut_by_size) == (100, True, False)


def test_a_single_row_larger_than_may_be_handed_back_is_still_there(connector: LocalDuckDB) -> None:
    sql = "SELECT repeat('x', 3000000) AS text FROM range(3)"
    result = connector.execute(Query(sql, "duckdb", ()), Limits(result_mb=1), Event())
    assert (result.table.num_rows, result.truncated, result.cut_by_size) == (1, True, True)


def test_the_first_rows_of_a_sorted_table_need_no_memory_for_the_rest(connector: LocalDuckDB) -> None:
    sql = "SELECT range AS n, repeat('x', 100) AS x FROM range(20000000) ORDER BY n DESC"
    result = asked(connector, sql, Limits(seconds=20, memory_mb=300, rows=3))
    assert [row[0] for row in result.rows()] == [19999999, 19999998, 19999997]
    assert result.truncated


def test_what_passes_the_memory_limit_is_put_on_the_disk_for_as_long_as_it_is_needed(connector: LocalDuckDB) -> None:
    folder = Path(tempfile.gettempdir())
    before = set(folder.glob("analyst-spill-*/*"))
    sql = "SELECT count(*) AS n, max(x) AS most FROM (SELECT hash(range) AS x FROM range(12000000) ORDER BY x LIMIT 11000000)"
    assert asked(connector, sql, Limits(seconds=60, memory_mb=220)).rows()[0][0] == 11000000
    connector.close()
    assert set(folder.glob("analyst-spill-*/*")) <= before


def test_a_killed_process_leaves_nothing_on_the_disk(path: Path) -> None:
    worker = Worker()
    worker.ask({"do": "open", "path": str(path), "threads": 1}, 10, Event())
    (folder,) = Path(tempfile.gettempdir()).glob(f"analyst-spill-{worker.pid}-*")
    worker.kill()
    assert not folder.exists()


def test_a_fork_of_the_process_starts_workers_of_its_own(path: Path) -> None:
    # a process of its own: what other tests' libraries left running may not live through a fork
    forking = """
        import os, sys
        from pathlib import Path
        from threading import Event
        from connectors.base import Limits, Query
        from connectors.duckdb import LocalDuckDB
        from connectors.workers import spare_workers

        connector = LocalDuckDB(Path(sys.argv[1]))

        def right(number):
            return connector.execute(Query(f"SELECT {number}", "duckdb", ()), Limits(), Event()).table.num_rows == 1

        assert right(1)
        if (child := os.fork()) == 0:
            answered = right(2)
            spare_workers.end()
            os._exit(0 if answered else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert right(3)
        connector.close()
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(forking), path], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_a_cancelled_query_ends_within_a_moment(connector: LocalDuckDB) -> None:
    cancelled = Event()
    threading.Timer(0.3, cancelled.set).start()
    started = time.monotonic()
    with pytest.raises(QueryCancelled):
        asked(connector, ENDLESS, Limits(seconds=30), cancelled)
    assert time.monotonic() - started < 1.0
    assert asked(connector, "SELECT 1 AS one").rows() == [[1]]


@contextmanager
def kept_busy(connector: LocalDuckDB) -> Iterator[None]:
    """A query that has the connector's only process to itself."""
    stop = Event()

    def run() -> None:
        with pytest.raises(QueryCancelled):
            asked(connector, ENDLESS, USUAL, stop)

    asked(connector, "SELECT 1")
    busy = threading.Thread(target=run)
    busy.start()
    time.sleep(0.3)
    yield
    stop.set()
    busy.join()


def test_a_query_that_waits_for_a_free_process_can_be_cancelled(path: Path) -> None:
    connector, cancelled = LocalDuckDB(path, workers=1), Event()
    threading.Timer(0.2, cancelled.set).start()
    with kept_busy(connector), pytest.raises(QueryCancelled):
        asked(connector, "SELECT 1", USUAL, cancelled)
    assert asked(connector, "SELECT 1 AS one").rows() == [[1]]
    connector.close()


def test_a_query_whose_turn_does_not_come_is_told_that_others_are_before_it(path: Path) -> None:
    connector = LocalDuckDB(path, workers=1)
    with kept_busy(connector), pytest.raises(Busy) as busy:
        asked(connector, "SELECT 1", Limits(seconds=30, wait_seconds=0.2))
    assert "number 1 in the queue" in busy.value.message.en
    assert "第 1 位" in busy.value.message.zh
    connector.close()


def test_waiting_is_not_taken_from_the_time_of_a_query(path: Path) -> None:
    connector = LocalDuckDB(path, workers=1)
    waited = Limits(seconds=1.0, wait_seconds=60)
    answers: list[object] = []
    with kept_busy(connector):
        waiting = threading.Thread(target=lambda: answers.append(asked(connector, "SELECT 1 AS one", waited).rows()))
        waiting.start()
        time.sleep(2 * waited.seconds)
    waiting.join()
    assert answers == [[[1]]]
    connector.close()


def test_a_query_that_waits_while_its_file_is_closed_is_told_so_and_is_not_called_stopped(path: Path) -> None:
    connector = LocalDuckDB(path, workers=1)
    threading.Timer(0.2, connector.close).start()
    with kept_busy(connector), pytest.raises(ConnectionFailed, match="closed or replaced"):
        asked(connector, "SELECT 1")


def test_questions_from_many_threads_each_get_their_own_answer(connector: LocalDuckDB) -> None:
    answers: dict[int, list[list[object]]] = {}

    def ask(number: int) -> None:
        answers[number] = asked(connector, f"SELECT {number} AS n, count(*) FROM sales").rows()  # type: ignore[assignment]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: [[number, 1000]] for number in range(12)}


# ------------------------------------------------------------------------------------------------ processes
def test_a_process_that_dies_is_told_as_a_failed_query_and_replaced(connector: LocalDuckDB) -> None:
    asked(connector, "SELECT 1")
    before = children()
    threading.Timer(0.3, lambda: [os.kill(pid, signal.SIGKILL) for pid in before]).start()
    with pytest.raises(QueryLost) as failure:
        asked(connector, ENDLESS, Limits(seconds=20))
    assert "broke off" in failure.value.message.en
    assert soon(lambda: not any(map(is_running, before)))
    assert asked(connector, "SELECT 1 AS one").rows() == [[1]]


@pytest.mark.parametrize("sample", [10**8, 10**9, 2 * 10**9])
def test_a_query_that_breaks_the_database_takes_only_its_own_process_with_it(sample: int, path: Path) -> None:
    connector = LocalDuckDB(path, workers=1)
    with pytest.raises(QueryLost):
        asked(connector, f"SELECT reservoir_quantile(amount, 0.5, {sample}) FROM sales", TIGHT)
    assert asked(connector, "SELECT count(*) FROM sales").rows() == [[1000]]
    connector.close()


def test_a_file_that_is_damaged_while_it_is_open_is_no_fault_of_the_query(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "large.duckdb")) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT hash(range) AS n, hash(range + 1) AS m FROM range(1000000)")
    connector = LocalDuckDB(tmp_path / "large.duckdb", workers=1)
    asked(connector, "SELECT 1")
    (tmp_path / "large.duckdb").write_bytes(os.urandom(1 << 20) * 8)
    with pytest.raises(QueryLost):
        asked(connector, "SELECT sum(n % 7), sum(m % 5) FROM numbers")
    connector.close()


def test_an_error_of_the_query_itself_leaves_its_process_alone(path: Path) -> None:
    connector = LocalDuckDB(path, workers=1)
    asked(connector, "SELECT 1")
    before = children()
    for sql in ("SELECT nope FROM sales", "SELECT CAST(region AS INTEGER) FROM sales", "SELECT sum(region) FROM sales", "SELEC"):
        with pytest.raises(QueryFailed) as failure:
            asked(connector, sql)
        assert not isinstance(failure.value, QueryLost)
    assert before <= children()
    connector.close()


def test_a_process_that_died_while_idle_goes_unnoticed(connector: LocalDuckDB) -> None:
    asked(connector, "SELECT 1")
    killed = children()
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert soon(lambda: not any(map(is_running, killed)))
    assert asked(connector, "SELECT 1 AS one").rows() == [[1]]


def test_the_processes_end_when_the_one_that_started_them_is_killed(path: Path) -> None:
    script = f"""
        import threading, time
        from pathlib import Path
        from connectors.base import ColumnListing, ForeignKey, Limits, Query
        from connectors.duckdb import LocalDuckDB
        connector = LocalDuckDB(Path({str(path)!r}))
        run = lambda: connector.execute(Query({ENDLESS!r}, "duckdb", ()), Limits(seconds=60), threading.Event())
        threading.Thread(target=run, daemon=True).start()
        time.sleep(1.5)
        import subprocess, os
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True).stdout
        rows = [line.split(None, 2) for line in listing.splitlines()]
        print(*[pid for pid, parent, *args in rows if parent == str(os.getpid()) and "connectors.worker" in args[0]], flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        workers = [int(pid) for pid in parent.stdout.readline().split()]
        assert workers
        assert all(map(is_running, workers))
        parent.kill()
    assert soon(lambda: not any(map(is_running, workers)))


def test_a_process_knows_nothing_of_the_surroundings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("environments can be read only on Linux")
    monkeypatch.setenv("MODEL_KEY", "very-secret")
    worker = Worker()
    assert b"very-secret" not in Path(f"/proc/{worker.pid}/environ").read_bytes()
    assert Path(f"/proc/{worker.pid}/cwd").readlink() == Path("/")
    worker.kill()


def test_many_small_files_are_opened_one_after_another_without_a_start_each(path: Path) -> None:
    asked(first := LocalDuckDB(path), "SELECT 1")
    first.close()
    before = children()
    started = time.monotonic()
    for _ in range(20):
        connector = LocalDuckDB(path)
        assert asked(connector, "SELECT 1 AS one").rows() == [[1]]
        connector.close()
    assert (time.monotonic() - started) / 20 < 0.15  # 25 ms where nothing else runs; a start takes 300
    assert children() == before


def test_a_closed_file_can_be_replaced(tmp_path: Path, path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(path.read_bytes())
    connector = LocalDuckDB(copy)
    asked(connector, "SELECT 1")
    connector.close()
    with duckdb.connect(str(copy)) as connection:
        connection.execute("CREATE TABLE more AS SELECT 1 AS a")


def test_a_closed_connector_answers_no_more(path: Path) -> None:
    connector = LocalDuckDB(path)
    connector.close()
    with pytest.raises(ConnectionFailed):
        asked(connector, "SELECT 1")


# ------------------------------------------------------------------------------------------------ hardening
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/*')",
        "COPY sales TO '/tmp/stolen.csv'", "ATTACH '/tmp/other.duckdb'", "INSTALL httpfs", "LOAD httpfs", "EXPORT DATABASE '/tmp/stolen'",
        "SET enable_external_access = true", "SET lock_configuration = false", "SET threads = 64", "SET temp_directory = '/tmp'",
        "RESET enable_external_access", "PRAGMA enable_profiling", "INSERT INTO customers VALUES (9, 'x')", "DELETE FROM sales",
        "CREATE TABLE t (a INTEGER)", "DROP TABLE sales", "WITH x AS (DELETE FROM sales RETURNING *) SELECT * FROM x",
    ],
)  # fmt: skip
def test_the_settings_alone_stop_files_the_net_settings_and_writing(sql: str, worker: Worker) -> None:
    request = {"do": "run", "sql": sql, "rows": 10, "milliseconds": 2000, "memory_mb": 400, "ours": True}
    head, _ = worker.ask(request, 10, Event())
    assert head["error"] == "failed"


def test_dividing_by_zero_gives_no_value(connector: LocalDuckDB) -> None:
    assert asked(connector, "SELECT 1 / 0 AS a, 0.0 / 0 AS b, 5 % 0 AS c").rows() == [[None, None, None]]


# ------------------------------------------------------------------------------------------------ values and words
def test_values_come_back_in_types_that_anything_can_read(connector: LocalDuckDB) -> None:
    sql = """SELECT sum(id) AS total, sum(2::HUGEINT ** 100) AS wide, max(sold_on) AS day, sum(price) AS money,
        INTERVAL 3 DAY AS days, 'a'::ENUM('a') AS e, NULL AS nothing, '12'::BIGNUM AS big, [1, 2] AS l FROM sales"""
    table = asked(connector, sql).table
    row = table.to_pylist()[0]
    assert [str(field.type) for field in table.schema][:4] == ["int64", "double", "date32[day]", "decimal128(38, 2)"]
    assert row["total"] == 499500
    assert row["day"] == datetime.date(2024, 4, 9)
    assert row["money"] == Decimal("499500.00")
    assert (row["days"], row["e"], row["nothing"], row["big"], row["l"]) == ("3 days", "a", None, "12", [1, 2])


def test_columns_of_one_name_are_told_apart(connector: LocalDuckDB) -> None:
    assert asked(connector, "SELECT 1 AS a, 2 AS a, 3 AS A, INTERVAL 1 DAY AS a").columns == ("a", "a_1", "A_2", "a_3")


def test_a_failed_query_is_told_in_the_databases_words_without_its_internals(connector: LocalDuckDB) -> None:
    with pytest.raises(QueryFailed) as failure:
        asked(connector, "SELECT sum(region) FROM sales")
    words = "No function matches the given name and argument types 'sum(VARCHAR)'."
    assert failure.value.message == (f"The database could not run the query: {words}", f"数据库无法执行该查询:{words}")


@pytest.mark.parametrize("content", [None, b"this is no database" * 100])
def test_a_missing_or_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "shop.duckdb"
    if content:
        path.write_bytes(content)
    with pytest.raises(ConnectionFailed) as failure:
        LocalDuckDB(path).tables()
    assert "shop.duckdb" in failure.value.message.en
    assert str(tmp_path) not in failure.value.message.en
    assert failure.value.hint.zh


# ------------------------------------------------------------------------------------------------ description
def test_tables_views_comments_and_keys_are_listed(connector: LocalDuckDB) -> None:
    customers, sales, west = connector.tables()
    assert (customers.name, sales.name, west.name) == ("customers", "sales", "west")
    assert (sales.comment, sales.columns[3].name, sales.columns[3].type, sales.columns[3].comment) == (
        "what was sold",
        "amount",
        "DOUBLE",
        "in euro",
    )
    assert customers.primary_key == ("id",)
    assert [(key.columns, key.referred_table, key.referred_columns) for key in sales.foreign_keys] == [
        (("customer_id",), "customers", ("id",))
    ]


def test_statistics_show_what_the_cells_hold(connector: LocalDuckDB) -> None:
    seen = {column.name: column for column in connector.statistics("sales")}
    region, amount, day, tags, empty = (seen[name] for name in ("region", "amount", "sold_on", "tags", "empty"))
    assert (region.rows, region.missing, region.distinct, region.frequent) == (1000, 100, 2, (("East", 500), ("West", 400)))
    assert (amount.minimum, amount.maximum, amount.mean, amount.distinct) == (0.0, 499.5, 249.75, 1000)
    assert (day.minimum, day.maximum, day.distinct, day.mean) == ("2024-01-01", "2024-04-09", 100, None)
    assert (tags.missing, tags.distinct, tags.minimum, tags.frequent) == (0, 1, None, ())
    assert (empty.missing, empty.distinct, empty.minimum, empty.mean, empty.frequent) == (1000, 0, None, None, ())


def test_an_empty_table_has_statistics(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "empty.duckdb")) as connection:
        connection.execute("CREATE TABLE nothing (a INTEGER, b VARCHAR)")
    connector = LocalDuckDB(tmp_path / "empty.duckdb")
    assert [(column.rows, column.missing, column.distinct, column.frequent) for column in connector.statistics("nothing")] == [
        (0, 0, 0, ())
    ] * 2
    connector.close()


def test_values_come_most_frequent_first(connector: LocalDuckDB) -> None:
    assert connector.values("sales", "region", 10) == ("East", "West")
    assert connector.values("sales", "region", 1) == ("East",)


def test_containment_is_the_share_of_values_found_in_the_other_column(connector: LocalDuckDB) -> None:
    assert connector.containment("sales", "customer_id", "customers", "id") == 1.0
    assert connector.containment("customers", "id", "sales", "customer_id") == pytest.approx(2 / 3)
    assert connector.containment("sales", "region", "customers", "id") == 0.0
    assert connector.containment("sales", "empty", "customers", "id") == 0.0


def test_a_table_that_does_not_exist_is_named(connector: LocalDuckDB) -> None:
    with pytest.raises(QueryFailed) as failure:
        connector.statistics("slaes")
    assert failure.value.message == ("No table is called slaes.", "没有名为“slaes”的表。")
