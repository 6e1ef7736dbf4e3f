"""One person's home: their tables, kept with what was said of them, so that both are back after a restart."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from analyst.sample import FILES
from analyst.store import Store, StoredSource
from analyst.terms import Answer, Edits, Question, Reply
from analyst.workspace import Workspace
from connectors.files import ColumnOptions, LoadedTable, LoadReport, Progress, ReadOptions, Source

PIECE = 1 << 20  # bytes copied at once


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table came from and how it was read."""

    source: StoredSource
    table: LoadedTable


class Home:
    """A workspace and the store that remembers it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store.sqlite")
        self.workspace = Workspace(folder / "workspace")
        self.workspace.edits = self.store.edits()
        self.workspace.tidy()
        database = self.workspace.database()
        if database:
            self.workspace.open(database, LoadReport(database, tuple(origin.table for origin in self.origins().values())))

    @property
    def new(self) -> bool:
        """Whether nothing was ever read here."""
        return self.workspace.database() is None

    def load_sample(self) -> Iterator[Progress | LoadReport]:
        """Read the tables that come with the program."""
        return self.load([Source(path) for path in FILES])

    def load(self, sources: Sequence[Source]) -> Iterator[Progress | LoadReport]:
        """Read files and remember them; closing the iterator early leaves everything as it was."""
        steps = self.workspace.load(sources)
        for step in steps:
            if isinstance(step, LoadReport):
                self._remember(sources, step)
            yield step

    def reread(self, source: StoredSource, options: ReadOptions) -> Iterator[Progress | LoadReport]:
        """Read a file again as the person wants it read."""
        return self.load([Source(source.path, options)])

    def keep_upload(self, name: str, content: BinaryIO) -> Path:
        """Write an uploaded file to disk as it came; gives its path. One of the same name stays until the new one has been read."""
        path = self.workspace.originals / uuid.uuid4().hex[:12] / Path(name).name
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, PIECE)
        return path

    def origins(self) -> Mapping[str, Origin]:
        """Table -> where it came from, in the order in which the files came."""
        return {table.name: Origin(source, table) for source in self.store.sources() for table in source.tables}

    def remove(self, table: str) -> None:
        """Take a table out of the data. A file given by path stays where it is; an uploaded copy goes when its last table has gone."""
        self.workspace.remove(table)
        for source in self.store.sources():
            self._forget(source, {table.casefold()})

    def take_edits(self) -> Edits:
        """Let what the store knows of the person's edits hold from now on."""
        self.workspace.edit(self.store.edits())
        return self.workspace.edits

    def keep_reply(self, conversation: int, question: Question, reply: Reply) -> int:
        """Keep a question and its reply; gives the message's id."""
        self._log(question, reply)
        return self.store.save_reply(conversation, question, reply, self.version)

    def keep_new_reply(self, message: int, question: Question, reply: Reply) -> None:
        """Keep a reply in the place of an earlier one."""
        self._log(question, reply)
        self.store.replace_reply(message, reply, self.version)

    @property
    def version(self) -> str:
        """Of the data, as the schema states it; empty where there is none."""
        return self.workspace.data.schema.version if self.workspace.data else ""

    def close(self) -> None:
        """Give back processes and files."""
        self.workspace.close()
        self.store.close()

    def _remember(self, sources: Sequence[Source], report: LoadReport) -> None:
        made = {table.name.casefold() for table in report.tables}
        by_path = {source.path: source for source in sources}
        for earlier in self.store.sources():
            if earlier.path not in by_path:
                self._forget(earlier, made)
        for path, source in by_path.items():
            tables = [table for table in report.tables if table.path == path]
            if tables:
                self.store.save_source(path, source.options, tables)

    def _forget(self, source: StoredSource, names: set[str]) -> None:
        """Strike tables off a source; one without any is forgotten, and an uploaded copy of it removed."""
        left = [table for table in source.tables if table.name.casefold() not in names]
        if len(left) == len(source.tables):
            return
        if left:
            self.store.save_source(source.path, source.options, left)
            return
        self.store.remove_source(source.path)
        if self.workspace.originals in source.path.parents:
            shutil.rmtree(source.path.parent, ignore_errors=True)

    def _log(self, question: Question, reply: Reply) -> None:
        answer = reply if isinstance(reply, Answer) else None
        self.store.log(
            who="",
            question=question.text,
            sql=answer.query.sql if answer else "",
            rows=answer.result.table.num_rows if answer else 0,
            model=answer.model if answer else "",
            outcome=type(reply).__name__.casefold(),
        )


def with_column(options: ReadOptions, header: str, **changes: str) -> ReadOptions:
    """Reading options with one column's changed."""
    column = replace(options.columns.get(header, ColumnOptions()), **changes)
    return replace(options, columns={**options.columns, header: column})
