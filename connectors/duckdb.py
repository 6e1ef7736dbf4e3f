"""One DuckDB file, read-only; every query runs in a child process that can end itself and nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import Any

import pyarrow as pa

from connectors import duckdb_profile as statements
from connectors.base import Cell, ColumnListing, ColumnStatistics, ForeignKey, Limits, Query, ResultSet, TableListing, as_cell
from connectors.database_words import plain_words
from connectors.errors import Busy, ConnectionFailed, QueryCancelled, QueryFailed, QueryLost, QueryTimeout, QueryTooLarge
from connectors.wording import Bilingual
from connectors.workers import (
    Crew,
    CrewClosed,
    NoneFree,
    NotStarted,
    OpenFailed,
    WorkerCancelled,
    WorkerLost,
    WorkerOverran,
    spare_workers,
)

WORKERS = 2  # questions at a time on one file; a page asks one, its dashboard a few
THREADS = min(4, os.cpu_count() or 1)  # of one worker
GRACE_SECONDS = 0.4  # after DuckDB's own time-out, before the process is killed
OWN_LIMITS = Limits(seconds=300.0, memory_mb=4096, rows=1_000_000, result_mb=1024)  # for the statements of this module, once a data version


def start_ahead() -> None:
    """Start the process that the next file will be opened in, so that it is ready by the time the file is written."""
    spare_workers.start_ahead()


class LocalDuckDB:
    """A connector (see connectors.base) over one .duckdb file, which nothing may change while it is open."""

    dialect = "duckdb"

    def __init__(self, path: Path, workers: int = WORKERS) -> None:
        """Opens nothing yet; a missing or damaged file shows at the first call, as ConnectionFailed."""
        self.path = path.resolve()
        self._tables: tuple[TableListing, ...] | None = None
        self._closed = Event()
        self._crew = Crew({"do": "open", "path": str(self.path), "threads": THREADS}, workers)

    def tables(self) -> tuple[TableListing, ...]:
        """Every table and view of the file, by name."""
        if self._tables is None:
            self._tables = self._list_tables()
        return self._tables

    def statistics(self, table: str) -> tuple[ColumnStatistics, ...]:
        """One entry a column: all in one pass, then a pass over each column whose different values must be counted or shown."""
        columns = [(column.name, column.type) for column in self._table(table).columns]
        rows = int(self._rows(statements.row_count(table))[0]["rows"])
        seen = self._rows(statements.overview(table, columns, estimate=rows > statements.EXACT_ROWS))[0]
        return tuple(
            self._column_statistics(table, column, rows, {key: seen[f"{key}{i}"] for key in ("n", "d", "low", "high", "mean")})
            for i, column in enumerate(columns)
        )

    def values(self, table: str, column: str, limit: int) -> tuple[Cell, ...]:
        """Distinct non-null values, most frequent first, at most `limit`."""
        return tuple(as_cell(row["value"]) for row in self._rows(statements.frequent(table, column, limit)))

    def containment(self, table: str, column: str, parent_table: str, parent_column: str) -> float:
        """Share (0 to 1) of the distinct non-null values of a column found in another; 0 where it has none."""
        kinds = [self._type(table, column), self._type(parent_table, parent_column)]
        alike = kinds[0] == kinds[1] or all(map(statements.is_number, kinds))
        counts = self._rows(statements.containment((table, column), (parent_table, parent_column), as_text=not alike))[0]
        return float(counts["found"]) / counts["different"] if counts["different"] else 0.0

    def execute(self, query: Query, limits: Limits, cancelled: Event) -> ResultSet:
        """Run a checked query; raises QueryTimeout, QueryTooLarge, QueryCancelled, QueryFailed, ConnectionFailed."""
        return self._run(query.sql, limits, cancelled, ours=False)

    def close(self) -> None:
        """Give the processes back; a description of the data that is still being made ends in QueryCancelled."""
        self._closed.set()
        self._crew.close()

    def _list_tables(self) -> tuple[TableListing, ...]:
        columns, keys = self._rows(statements.COLUMNS), self._rows(statements.KEYS)
        return tuple(
            TableListing(
                name=table["name"],
                columns=tuple(ColumnListing(row["name"], row["type"], row["comment"]) for row in columns if row["table"] == table["name"]),
                comment=table["comment"],
                primary_key=next((tuple(row["columns"]) for row in _keys_of(table["name"], "PRIMARY KEY", keys)), ()),
                foreign_keys=tuple(
                    ForeignKey(tuple(row["columns"]), row["referred_table"], tuple(row["referred_columns"]))
                    for row in _keys_of(table["name"], "FOREIGN KEY", keys)
                ),
            )
            for table in self._rows(statements.TABLES)
        )

    def _table(self, name: str) -> TableListing:
        for table in self.tables():
            if table.name.casefold() == name.casefold():
                return table
        raise QueryFailed(Bilingual(f"No table is called {name}.", f"没有名为“{name}”的表。"))

    def _type(self, table: str, column: str) -> str:
        for listing in self._table(table).columns:
            if listing.name.casefold() == column.casefold():
                return listing.type
        raise QueryFailed(Bilingual(f"No column is called {column} in {table}.", f"表“{table}”中没有名为“{column}”的列。"))

    def _column_statistics(self, table: str, column: tuple[str, str], rows: int, seen: Mapping[str, Any]) -> ColumnStatistics:
        (name, kind), present = column, int(seen["n"])
        different, frequent = seen["d"], []
        if different is None:
            different = self._rows(statements.distinct(table, name))[0]["different"]
        if statements.is_ordered(kind) and statements.frequent_pay(rows, different):
            frequent = self._rows(statements.frequent(table, name, statements.FREQUENT))
            different = frequent[0]["different"] if frequent else 0
        return ColumnStatistics(
            name=name, rows=rows, missing=rows - present, distinct=min(int(different), present), minimum=as_cell(seen["low"]),
            maximum=as_cell(seen["high"]), mean=seen["mean"],
            frequent=tuple((as_cell(row["value"]), int(row["count"])) for row in frequent),
        )  # fmt: skip

    def _rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of one of our own statements."""
        rows: list[dict[str, Any]] = self._run(sql, OWN_LIMITS, self._closed, ours=True).table.to_pylist()
        return rows

    def _run(self, sql: str, limits: Limits, cancelled: Event, ours: bool) -> ResultSet:
        request = {
            "do": "run", "sql": sql, "rows": limits.rows, "milliseconds": max(1, round(limits.seconds * 1000)),
            "memory_mb": limits.memory_mb, "result_mb": limits.result_mb, "ours": ours,
        }  # fmt: skip
        try:
            with self._crew.worker(limits.wait_seconds, cancelled) as worker:
                head, rows = worker.ask(request, limits.seconds + GRACE_SECONDS, cancelled)
                _raise_where_unsound(head, limits)  # within the block, which retires the worker
        except OpenFailed as error:
            raise _not_opened(self.path, str(error)) from error
        except NotStarted as error:
            raise _not_started() from error
        except NoneFree as error:
            raise _busy(error.number) from error
        except CrewClosed as error:
            raise _closed() from error
        except WorkerOverran as error:
            raise _timed_out(limits) from error
        except WorkerCancelled as error:
            raise QueryCancelled(Bilingual("The query was stopped.", "查询已停止。")) from error
        except WorkerLost as error:
            raise (_too_large(limits) if error.out_of_memory else _broke_off()) from error
        return _result(head, rows, limits)


def _keys_of(table: str, kind: str, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in keys if row["table"] == table and row["kind"] == kind]


def _raise_where_unsound(head: dict[str, Any], limits: Limits) -> None:
    """Raise where what is left of the database is not to be trusted: its memory in pieces, or its own invariants broken."""
    if head.get("error") == "memory":
        raise _too_large(limits)
    if head.get("error") == "broken":
        raise _broke_off()


def _result(head: dict[str, Any], rows: bytes, limits: Limits) -> ResultSet:
    if head.get("error") == "time":
        raise _timed_out(limits)
    if head.get("error") == "refused":
        words = head["words"]
        raise QueryFailed(
            Bilingual(f"The database may not run this: {words}.", f"不允许数据库执行此操作:{words}。"),
            Bilingual("Ask for rows of the loaded tables only.", "只能查询已导入的数据表。"),
        )
    if "error" in head:
        words = plain_words(head["words"])
        raise QueryFailed(Bilingual(f"The database could not run the query: {words}", f"数据库无法执行该查询:{words}"))
    table = pa.ipc.open_stream(rows).read_all()
    return ResultSet(table, bool(head["truncated"]), float(head["seconds"]), bool(head.get("cut_by_size")))


def _timed_out(limits: Limits) -> QueryTimeout:
    seconds = f"{limits.seconds:g}"
    return QueryTimeout(
        Bilingual(
            f"It took too long: the query ran longer than {seconds} s and was ended.", f"耗时过长:查询运行超过 {seconds} 秒,已被终止。"
        ),
        Bilingual("Ask again, or for less: a shorter period, or fewer groups.", "请重试,或缩小范围:更短的时间,或更少的分组。"),
    )


def _too_large(limits: Limits) -> QueryTooLarge:
    return QueryTooLarge(
        Bilingual(
            f"It grew too large: the query needed more than {limits.memory_mb} MB of memory and was ended.",
            f"数据量过大:查询所需内存超过 {limits.memory_mb} MB,已被终止。",
        ),
        Bilingual("Ask for less: totals instead of single rows, or a part of the data.", "请缩小范围:改为查询汇总值,或只查询部分数据。"),
    )


def _broke_off() -> QueryLost:
    return QueryLost(
        Bilingual("The database broke off in the middle of the query.", "数据库在执行查询时意外中断。"),
        Bilingual("The data is unharmed; ask again, or for less.", "数据没有受损;请重试,或缩小范围。"),
    )


def _busy(number: int) -> Busy:
    return Busy(
        Bilingual(
            f"The database is busy: all the time this query could wait, others were before it; it is number {number} in the queue.",
            f"数据库繁忙:在可等待的时间内一直有其他查询在前面;该查询排在第 {number} 位。",
        ),
        Bilingual("Ask again in a moment.", "请稍后重试。"),
    )


def _closed() -> ConnectionFailed:
    return ConnectionFailed(
        Bilingual("The data was closed or replaced before the query could run.", "数据在查询执行之前已被关闭或替换。"),
        Bilingual("Ask again.", "请重试。"),
    )


def _not_started() -> ConnectionFailed:
    return ConnectionFailed(
        Bilingual("The process that runs queries could not be started.", "无法启动执行查询的进程。"),
        Bilingual("Check that there is memory left and that the installation is whole.", "请检查内存是否充足、安装是否完整。"),
    )


def _not_opened(path: Path, words: str) -> ConnectionFailed:
    if not path.exists():
        return ConnectionFailed(
            Bilingual(f"The database file {path.name} does not exist.", f"数据库文件 {path.name} 不存在。"),
            Bilingual("Load the data again.", "请重新导入数据。"),
        )
    words = plain_words(words).replace(str(path), path.name)
    return ConnectionFailed(
        Bilingual(f"The database file {path.name} could not be opened: {words}", f"无法打开数据库文件 {path.name}:{words}"),
        Bilingual("Close other programs that use it, or load the data again.", "请关闭正在使用它的其他程序,或重新导入数据。"),
    )
