"""What the person said of the data: files and how to read them, edits, glossary, checked examples, wordings of the prompts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from analyst.store.conversations import storable
from analyst.store.database import Shelf, now
from analyst.store.packing import Unreadable, pack, unpack
from analyst.store.values import Example, JoinVerdict, PromptVersion, StoredSource
from analyst.terms import ColumnEdit, Edits, JoinEnds, Term
from connectors.files import LoadedTable, ReadOptions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SaidOfColumn:
    """An edit with the column it is of."""

    table: str
    column: str
    edit: ColumnEdit


@dataclass(frozen=True, slots=True)
class SaidOfTable:
    """A description with the table it is of."""

    table: str
    description: str


@dataclass(frozen=True, slots=True)
class SaidOfJoin:
    """What the person decided on a join."""

    ends: JoinEnds
    verdict: JoinVerdict


@dataclass(frozen=True, slots=True)
class ReportedTables:
    """What reading a file made."""

    tables: tuple[LoadedTable, ...]


class Knowledge(Shelf):
    """The shelf of the store that holds what the person said of the data."""

    # -------------------------------------------------------------------------------------------- edits
    def edits(self) -> Edits:
        """All that the person said, as the workspace takes it; each kind in the order in which it was said."""
        joins = tuple(self._said("join", SaidOfJoin))
        return Edits(
            columns={(said.table, said.column): said.edit for said in self._said("column", SaidOfColumn)},
            tables={said.table: said.description for said in self._said("table", SaidOfTable)},
            joins_added=tuple(said.ends for said in joins if said.verdict == "added"),
            joins_removed=tuple(said.ends for said in joins if said.verdict == "removed"),
            joins_confirmed=tuple(said.ends for said in joins if said.verdict == "confirmed"),
            glossary=tuple(self._said("term", Term)),
        )

    def set_column_edit(self, table: str, column: str, edit: ColumnEdit | None) -> None:
        """Keep what the person says of a column in place of what they said before; None forgets it."""
        self._say("column", (table, column), SaidOfColumn(table, column, edit) if edit else None)

    def rename_column(self, table: str, column: str, name: str) -> None:
        """Let what was said of a column, and the joins it is part of, follow it to its new name."""
        edits = self.edits()
        for (edited_table, edited_column), edit in edits.columns.items():
            if same((edited_table, edited_column), (table, column)):
                self.set_column_edit(edited_table, edited_column, None)
                self.set_column_edit(table, name, edit)
        for said in tuple(self._said("join", SaidOfJoin)):
            ends = renamed(said.ends, table, column, name)
            if ends != said.ends:
                self.set_join(said.ends, None)
                self.set_join(ends, said.verdict)

    def set_table_description(self, table: str, description: str | None) -> None:
        """Keep what the person says of a table; None forgets it."""
        self._say("table", (table,), SaidOfTable(table, description) if description is not None else None)

    def set_join(self, ends: JoinEnds, verdict: JoinVerdict | None) -> None:
        """Keep what the person decided on a join; None leaves it to what is found."""
        self._say("join", ends, SaidOfJoin(ends, verdict) if verdict else None)

    def set_term(self, term: Term) -> None:
        """Keep a glossary entry, in place of one of the same words."""
        self._say("term", (term.words,), term)

    def remove_term(self, words: str) -> None:
        """Forget a glossary entry."""
        self._say("term", (words,), None)

    def _said(self, kind: str, shape: type[T]) -> Iterator[T]:
        """What was said of one kind; what this version cannot read is passed over, and stays in the file."""
        for row in self.database.rows("SELECT value FROM edits WHERE kind = ? ORDER BY rowid", kind):
            try:
                yield unpack(shape, row["value"])
            except Unreadable:
                continue

    def _say(self, kind: str, names: Sequence[str], said: object | None) -> None:
        # Names are the same whatever their case, as they are to the database.
        key = json.dumps([name.casefold() for name in names])
        if said is None:
            self.database.write("DELETE FROM edits WHERE kind = ? AND key = ?", kind, key)
            return
        self.database.write(
            "INSERT INTO edits (kind, key, value) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value",
            kind, key, pack(said),
        )  # fmt: skip

    # -------------------------------------------------------------------------------------------- files
    def save_source(self, path: Path, options: ReadOptions, tables: Sequence[LoadedTable]) -> None:
        """Keep a file of the workspace, how it is to be read and what that made, in place of an earlier reading."""
        self.database.write(
            "INSERT INTO sources (path, options, tables, added) VALUES (?, ?, ?, ?) ON CONFLICT (path) "
            "DO UPDATE SET options = excluded.options, tables = excluded.tables, added = excluded.added",
            storable(str(path)), pack(options), pack(ReportedTables(tuple(tables))), now(),
        )  # fmt: skip

    def sources(self) -> tuple[StoredSource, ...]:
        """The files of the workspace in the order in which they first came."""
        return tuple(as_source(row) for row in self.database.rows("SELECT * FROM sources ORDER BY rowid"))

    def remove_source(self, path: Path) -> None:
        """Forget a file; the file itself stays."""
        self.database.write("DELETE FROM sources WHERE path = ?", storable(str(path)))

    # -------------------------------------------------------------------------------------------- examples
    def add_example(self, question: str, sql: str) -> int:
        """Keep a question with SQL that a person checked, in place of one with the same words; gives its id."""
        row = self.database.row("SELECT id FROM examples WHERE question = ?", storable(question))
        if row:
            self.database.write("UPDATE examples SET sql = ? WHERE id = ?", storable(sql), row["id"])
            return int(row["id"])
        return self.database.write(
            "INSERT INTO examples (question, sql, created) VALUES (?, ?, ?)", storable(question), storable(sql), now()
        )

    def examples(self) -> tuple[Example, ...]:
        """All of them, oldest first."""
        rows = self.database.rows("SELECT id, question, sql, created FROM examples ORDER BY id")
        return tuple(Example(row["id"], row["question"], row["sql"], datetime.fromisoformat(row["created"])) for row in rows)

    def remove_example(self, example: int) -> None:
        """Forget one."""
        self.database.write("DELETE FROM examples WHERE id = ?", example)

    # -------------------------------------------------------------------------------------------- prompts
    def add_prompt(self, name: str, text: str, note: str = "") -> int:
        """Keep a wording of a prompt, not yet in use; gives its id."""
        return self.database.write(
            "INSERT INTO prompts (name, text, note, created) VALUES (?, ?, ?, ?)", name, storable(text), storable(note), now()
        )

    def prompts(self, name: str) -> tuple[PromptVersion, ...]:
        """The wordings of one prompt, newest first."""
        return tuple(as_prompt(row) for row in self.database.rows("SELECT * FROM prompts WHERE name = ? ORDER BY id DESC", name))

    def prompt_in_use(self, name: str) -> PromptVersion | None:
        """The wording that replaces the one that came with the program; None where none does."""
        row = self.database.row("SELECT * FROM prompts WHERE name = ? AND active = 1", name)
        return as_prompt(row) if row else None

    def use_prompt(self, name: str, prompt: int | None) -> None:
        """Put one of its wordings to use; None goes back to the one that came with the program."""
        with self.database.transaction() as connection:
            connection.execute("UPDATE prompts SET active = 0 WHERE name = ?", (name,))
            connection.execute("UPDATE prompts SET active = 1 WHERE name = ? AND id = ?", (name, prompt))


def same(names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether names are the same whatever their case."""
    return [name.casefold() for name in names] == [name.casefold() for name in others]


def renamed(ends: JoinEnds, table: str, column: str, name: str) -> JoinEnds:
    """The ends with a column's new name wherever it is one of them."""
    child = name if same((ends.table, ends.column), (table, column)) else ends.column
    parent = name if same((ends.parent_table, ends.parent_column), (table, column)) else ends.parent_column
    return JoinEnds(ends.table, child, ends.parent_table, parent)


def as_source(row: sqlite3.Row) -> StoredSource:
    """A row as a value; options or a report that cannot be read any more are taken as not given."""
    try:
        options = unpack(ReadOptions, row["options"])
    except Unreadable:
        options = ReadOptions()
    try:
        tables = unpack(ReportedTables, row["tables"]).tables
    except Unreadable:
        tables = ()
    return StoredSource(Path(row["path"]), options, tables, datetime.fromisoformat(row["added"]))


def as_prompt(row: sqlite3.Row) -> PromptVersion:
    """A row as a value."""
    return PromptVersion(row["id"], row["name"], row["text"], row["note"], datetime.fromisoformat(row["created"]), bool(row["active"]))
