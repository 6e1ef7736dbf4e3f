"""One version of the data: where it is queried, and what is known of it, which is found out while first questions may already come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event, Lock
from typing import Generic, TypeVar

from analyst.errors import Busy, QueryCancelled, QueryUnfinished
from analyst.grounding import CellIndex
from analyst.linking import ValueIndex
from analyst.profile import profile
from analyst.terms import Bilingual, Column, Edits, Schema, Table
from connectors.base import Connector

LOOK_SECONDS = 0.04  # how long a cancelled question may go unnoticed
STOPPED = Bilingual("The question was stopped.", "问题已停止。")


PASSING = (QueryUnfinished, Busy)
"""What keeps something from being found out now and may not the next time: a lost process, too little time, no place."""
T = TypeVar("T")


class Found(Generic[T]):
    """Something found out in the background; what failed for a passing reason is tried again when it is next asked for."""

    def __init__(self, begin: Callable[[], Future[T]]) -> None:
        self._begin = begin
        self._lock = Lock()
        self._future = begin()

    def future(self) -> Future[T]:
        """The attempt under way, or the one that succeeded."""
        with self._lock:
            if self._future.done() and isinstance(self._future.exception(), PASSING):
                self._future = self._begin()
            return self._future

    def present(self) -> T:
        """What the last attempt gave; waits for it and raises what it raised."""
        return self._future.result()


class Data:
    """Where rows are queried, and what is known of the tables: the names at once, the rest once every cell has been counted.

    Whoever needs more than the names waits for it and gets it whole, so that no answer depends on how early it was asked for.
    """

    def __init__(self, connector: Connector, edits: Edits, units: Mapping[str, str]) -> None:
        self.connector = connector
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="profile")
        self._names: Found[Schema] = Found(lambda: pool.submit(listed, connector))
        self._schema: Found[Schema] = Found(lambda: pool.submit(profile, connector, edits, units))
        self._cells: Found[CellIndex] | None = None
        self._pool = pool
        self._values: Found[ValueIndex] = Found(lambda: pool.submit(lambda: ValueIndex(connector, self._schema.present())))

    @property
    def names(self) -> Schema:
        """The tables and columns with nothing but their names and types: enough to check and run a query. Raises ConnectionFailed."""
        return self._names.future().result()

    @property
    def schema(self) -> Schema:
        """What the tables hold. Raises QueryFailed or ConnectionFailed where that could not be found out."""
        return self._schema.future().result()

    @property
    def values(self) -> ValueIndex:
        """An index of the values that a question may name. Raises as `schema` does."""
        return self._indexed().result()

    @property
    def cells(self) -> CellIndex:
        """The cells that a question may name, made ready for grounding when a model first wants them. Raises as `schema` does."""
        schema = self.schema
        if self._cells is None:
            self._cells = Found(lambda: self._pool.submit(CellIndex, schema, self.connector))
        return self._cells.future().result()

    def is_known(self, within: float = 0.0) -> bool:
        """Whether the schema is there, or was not to be had, after at most so many seconds."""
        return bool(wait([self._schema.future()], timeout=within).done)

    def wait(self, cancelled: Event) -> None:
        """Wait until all is known. Raises QueryCancelled, and what kept it from being found out."""
        indexed = self._indexed()
        while not wait([indexed], timeout=LOOK_SECONDS).done:
            if cancelled.is_set():
                raise QueryCancelled(STOPPED)
        indexed.result()

    def _indexed(self) -> Future[ValueIndex]:
        """The index under way; the schema that it is made from is begun before it, as both take the same thread."""
        self._schema.future()
        return self._values.future()


def listed(connector: Connector) -> Schema:
    """The names and types of all that a query may use."""
    tables = (
        Table(listing.name, tuple(Column(column.name, column.type, "text") for column in listing.columns), rows=0)
        for listing in connector.tables()
    )
    return Schema(tuple(tables), dialect=connector.dialect)
