"""The child process in which queries run: opens one DuckDB file read-only, hardened, and answers over its pipes.

Started ahead as `python -m connectors.worker`. Every message is a length (4 bytes, big-endian) and that many bytes:
requests and the head of a reply are JSON; a reply with rows is followed by one message of Arrow IPC. The process ends
itself when its standard input closes, so it never outlives the one that started it.
"""

from __future__ import annotations

import json
import os
import queue
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from connectors.framing import LENGTH, OUT_OF_MEMORY, remove_spill, spill_prefix
from connectors.second_wall import SecondWall, own_views

MEGABYTE = 1 << 20
RESULT_MB = 64  # handed back at most where the request does not say

OWN_SHARE = 0.75  # of the memory is DuckDB's to plan with, so that its own clean error comes before the system's
WATCH_SECONDS = 0.02  # between looks at the memory where the system sets no bound

HARDENED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "async_threads": "1",
    "ieee_floating_point_ops": "false",  # 1/0 is NULL, as people expect, and not infinity
    "allowed_configs": "['max_execution_time', 'memory_limit']",  # ours to set per query; no SET passes the second wall
}

SPILL_SIZE = "4GiB"  # on the disk for sorts and groups that pass the memory limit; the folder goes when the process does

OF_THE_QUERY = (
    duckdb.ProgrammingError,
    duckdb.DataError,
    duckdb.IntegrityError,
    duckdb.NotSupportedError,
    duckdb.PermissionException,
    duckdb.SequenceException,
    duckdb.DependencyException,
    pa.ArrowException,
    UnicodeError,
)
"""Errors that tell of the query; any other tells of the database, and what it leaves behind is not to be trusted."""

AS_TEXT = {"interval", "bignum", "bit", "union", "variant", "enum", "time with time zone", "blob", "geometry"}
"""Types without a plain Arrow twin are handed back as DuckDB writes them."""


def main() -> None:
    """Answer requests until the parent goes away."""
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    if sys.platform != "linux":
        threading.Thread(target=_watch_memory, daemon=True).start()
    session = Session()
    _send(replies, {"ready": True})
    while True:
        head, rows = session.answer(requests.get())
        _send(replies, head)
        if rows is not None:
            replies.write(LENGTH.pack(rows.size))
            _write_all(replies, memoryview(rows))


class Session:
    """One open database file and the bounds of the query that runs on it."""

    def __init__(self) -> None:
        self.connection: duckdb.DuckDBPyConnection | None = None
        self.wall: SecondWall | None = None
        self.spill_folder = tempfile.mkdtemp(prefix=spill_prefix(os.getpid())).replace("'", "''")
        self.forbidden_tables = own_views()  # asked once, ahead of the first file
        self.bounds: tuple[int, int] = (0, 0)

    def answer(self, request: Mapping[str, object]) -> tuple[dict[str, object], pa.Buffer | None]:
        """The head of the reply, and the rows if there are any."""
        try:
            if request["do"] == "open":
                return self._open(str(request["path"]), int(str(request["threads"]))), None
            if request["do"] == "close":
                return self._close(), None
            return self._run(request)
        except (MemoryError, duckdb.OutOfMemoryException):
            return {"error": "memory", "words": ""}, None
        except duckdb.InterruptException:
            return {"error": "time" if self._is_sound() else "broken", "words": ""}, None
        except OF_THE_QUERY as error:
            return {"error": "failed" if self._is_sound() else "broken", "words": str(error)}, None
        except (duckdb.Error, RuntimeError) as error:
            return {"error": "broken", "words": str(error)}, None

    def _is_sound(self) -> bool:
        """Whether the database still answers: once it is invalidated it refuses every query."""
        try:
            return self.connection is None or self.connection.execute("SELECT 1").fetchall() == [(1,)]
        except (MemoryError, duckdb.Error):
            return False

    def _open(self, path: str, threads: int) -> dict[str, object]:
        self.connection = duckdb.connect(path, read_only=True, config={**HARDENED, "threads": str(threads)})
        # The folder for spilling can be set only while files can be reached, the next two belong to the connection.
        self.connection.execute(f"SET temp_directory = '{self.spill_folder}'")
        self.connection.execute(f"SET max_temp_directory_size = '{SPILL_SIZE}'")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET enable_progress_bar = false")
        self.connection.execute("SET error_on_division_by_zero = false")
        self.connection.execute("SET lock_configuration = true")
        self.bounds = (0, 0)
        self.wall = SecondWall(self.connection, self.forbidden_tables)
        _watched.base = _address_space()
        return {"ok": True}

    def _close(self) -> dict[str, object]:
        if self.connection is not None:
            self.connection.close()
        self.connection = self.wall = None
        _bound_memory(None)
        return {"ok": True}

    def _run(self, request: Mapping[str, object]) -> tuple[dict[str, object], pa.Buffer | None]:
        assert self.connection is not None
        assert self.wall is not None
        sql, rows = str(request["sql"]), int(str(request["rows"]))
        self._bound(int(str(request["milliseconds"])), int(str(request["memory_mb"])))
        start = time.perf_counter()
        objection = "" if request["ours"] else self.wall.objection_to(sql)
        if objection:
            return {"error": "refused", "words": objection}, None
        most = int(str(request.get("result_mb", RESULT_MB))) * MEGABYTE
        table = _first_rows(self.connection, sql, rows + 1, most)
        kept = table.slice(0, _rows_within(table.slice(0, rows), most))
        seconds = time.perf_counter() - start
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(kept)
        cut = kept.num_rows < min(rows, table.num_rows)
        return {"rows": True, "truncated": kept.num_rows < table.num_rows, "cut_by_size": cut, "seconds": seconds}, sink.getvalue()

    def _bound(self, milliseconds: int, memory_mb: int) -> None:
        assert self.connection is not None
        if (milliseconds, memory_mb) == self.bounds:
            return
        self.connection.execute(f"SET max_execution_time = {milliseconds}")
        self.connection.execute(f"SET memory_limit = '{int(memory_mb * OWN_SHARE)}MiB'")
        _bound_memory(memory_mb)
        self.bounds = (milliseconds, memory_mb)


def _first_rows(connection: duckdb.DuckDBPyConnection, sql: str, count: int, most: int) -> pa.Table:
    """At most `count` rows of a query, and few more bytes than `most`, in types that every reader of Arrow knows."""
    # A limit that DuckDB knows of turns a sort of the whole table into a search for its first rows.
    relation = connection.sql(sql).limit(count)
    if any(str(kind.id) in AS_TEXT for kind in relation.types):
        casts = [f"CAST(#{i} AS VARCHAR)" if str(kind.id) in AS_TEXT else f"#{i}" for i, kind in enumerate(relation.types, 1)]
        names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
        relation = relation.project(", ".join(f"{cast} AS {name}" for cast, name in zip(casts, names, strict=True)))
    names = _distinct(relation.columns)
    reader = relation.to_arrow_reader(count)
    try:
        batches, found, size = [], 0, 0
        for batch in reader:
            batches.append(batch)
            found += batch.num_rows
            size += batch.nbytes
            if found >= count or size > most:
                break
        table = pa.Table.from_batches(batches, reader.schema)
    finally:
        reader.close()
    return _plain(table.slice(0, count).rename_columns(names))


def _rows_within(table: pa.Table, most: int) -> int:
    """How many of the first rows take at most so many bytes; at least one, since an answer without rows would say that there are none."""
    high = int(table.num_rows)
    low = min(1, high)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if table.slice(0, middle).nbytes <= most else (low, middle - 1)
    return low


def _distinct(names: list[str]) -> list[str]:
    """Column names made different from each other, whatever their case: a, a -> a, a_1."""
    taken: set[str] = set()
    for number, name in enumerate(names):
        free, suffix = name, 0
        while free.casefold() in taken:
            suffix += 1
            free = f"{name}_{suffix}"
        taken.add(free.casefold())
        names[number] = free
    return names


def _plain(table: pa.Table) -> pa.Table:
    """Whole numbers of 128 bits as 64 bits where they fit, else as floats; types of DuckDB's own as their storage."""
    for index, column in enumerate(table.schema):
        if pa.types.is_decimal(column.type) and column.type.scale == 0:
            values = table.column(index)
            wide = len(values) > values.null_count and pc.max(pc.abs(pc.cast(values, pa.float64()))).as_py() >= 2**63
            target = pa.float64() if wide else pa.int64()
            table = table.set_column(index, column.name, pc.cast(values, target))
        elif isinstance(column.type, pa.BaseExtensionType):
            table = table.set_column(index, column.name, pc.cast(table.column(index), pa.string()))
    return table


# ------------------------------------------------------------------------------------------------ bounds of the process
class _Watched:
    """What the watching thread compares where the system does not bound memory."""

    base = 0
    limit_mb: int | None = None


_watched = _Watched()


def _address_space() -> int:
    """Bytes of address space in use on Linux; elsewhere the bytes of memory used at most so far."""
    if sys.platform == "linux":
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _bound_memory(memory_mb: int | None) -> None:
    """Let this process grow by that much and no more; scalar functions do not keep to DuckDB's own memory limit."""
    _watched.limit_mb = memory_mb
    if sys.platform == "linux":
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        soft = hard if memory_mb is None else _watched.base + memory_mb * MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _watch_memory() -> None:
    """Where RLIMIT_AS does not hold (macOS): end the process as soon as it has grown past its bound."""
    while True:
        time.sleep(WATCH_SECONDS)
        limit = _watched.limit_mb
        if limit is not None and _address_space() > _watched.base + limit * MEGABYTE:
            os._exit(OUT_OF_MEMORY)


# ------------------------------------------------------------------------------------------------ messages
def _listen(stream: BinaryIO, requests: queue.SimpleQueue[dict[str, object]]) -> None:
    """Pass requests on; end the process, whatever it is doing, when the parent's end of the pipe closes."""
    while True:
        head = stream.read(LENGTH.size)
        if len(head) < LENGTH.size:
            remove_spill(os.getpid())
            os._exit(0)
        requests.put(json.loads(stream.read(LENGTH.unpack(head)[0])))


def _send(replies: BinaryIO, head: Mapping[str, object]) -> None:
    body = json.dumps(head).encode()
    _write_all(replies, memoryview(LENGTH.pack(len(body)) + body))


def _write_all(stream: BinaryIO, left: memoryview) -> None:
    while left:
        left = left[stream.write(left) :]


if __name__ == "__main__":
    main()
