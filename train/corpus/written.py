"""Plans and questions as they lie in the corpus's files: token lists as JSON, sets of written questions as short text."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analyst.plan.algebra import ColumnName, Days, Literal
from analyst.plan.grammar import TABLE
from analyst.plan.tokens import Token


def as_json(tokens: Sequence[Token]) -> list[Any]:
    """Keywords as text, a column as ["c", table, column], a table as ["t", table], a value as ["v", value], days as ["d", start, end]."""
    return [_token(token) for token in tokens]


def _token(token: Token) -> Any:  # noqa: ANN401 - JSON
    if isinstance(token, str):
        return token
    if isinstance(token, ColumnName):
        return ["c", token.table, token.column]
    kind, value = token
    if isinstance(value, Days):
        return ["d", value.start, value.end]
    return [kind, value.value if isinstance(value, Literal) else value]


def from_json(tokens: Iterable[Any]) -> list[Token]:
    """The token list that as_json wrote."""
    return [_read(token) for token in tokens]


def _read(token: Any) -> Token:  # noqa: ANN401 - JSON
    if isinstance(token, str):
        return token
    if token[0] == "c":
        return ColumnName(token[1], token[2])
    if token[0] == "d":
        return ("v", Days(token[1], token[2]))
    return ("t", token[1]) if token[0] == "t" else ("v", Literal(token[1]))


@dataclass(slots=True)
class Translation:
    """Chinese names for tables, their columns and some cells."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    cells: dict[tuple[str, str], dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, table: str, line: str) -> bool:
        """Take a line of a set's file; false where it says no name."""
        name, arrow, chinese = (part.strip() for part in line.partition("=>"))
        if not arrow or not chinese:
            return False
        if name.startswith("column:"):
            self.columns[table, name.removeprefix("column:").strip()] = chinese
        elif name.startswith("cell:"):
            column, _, cell = name.removeprefix("cell:").partition("|")
            self.cells[table, column.strip()][cell.strip()] = chinese
        else:
            self.tables[table] = chinese
        return True

    def token(self, token: Token, after: ColumnName | None) -> Token:
        """A token of a plan in the Chinese table's names; `after` is the column named before it, whose cells a text may be."""
        if isinstance(token, ColumnName):
            column = self.columns.get((token.table, token.column), token.column)
            return ColumnName(self.tables.get(token.table, token.table), column)
        if isinstance(token, tuple) and token[0] == TABLE:
            return (TABLE, self.tables.get(str(token[1]), str(token[1])))
        if isinstance(token, tuple) and isinstance(token[1], Literal) and after:
            cells = self.cells.get((after.table, after.column), {})
            return (token[0], Literal(cells.get(str(token[1].value), token[1].value)))
        return token

    def plan(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """A plan in the Chinese table's names."""
        after: ColumnName | None = None
        found: list[Token] = []
        for token in tokens:
            found.append(self.token(token, after))
            after = token if isinstance(token, ColumnName) else after
        return tuple(found)


@dataclass(slots=True)
class Turn:
    """One question with its other wordings and its query."""

    wordings: list[str]
    sql: str = ""


@dataclass(slots=True)
class WrittenSet:
    """Questions about some tables that were invented for them."""

    name: str
    language: str
    tables: list[Mapping[str, Any]] = field(default_factory=list)
    """Descriptions of invented tables."""
    real: list[str] = field(default_factory=list)
    """Names of real tables, where the set is about such."""
    names: Translation = field(default_factory=Translation)
    dialogues: list[list[Turn]] = field(default_factory=list)
    declined: list[tuple[str, str]] = field(default_factory=list)
    """(why, question)"""
    ambiguous: list[tuple[str, list[str]]] = field(default_factory=list)
    """(question, the queries that it may mean)"""


def read_sets(lines: Iterable[str]) -> Iterator[WrittenSet]:
    """The sets of a file: `# set NAME LANGUAGE`, `table: JSON` or `real: name` (with `zh: name => 中文`, `zh: column: name => 中文` and
    `zh: cell: column | cell => 中文` where it is put into Chinese), then Q: question, A: another wording, S: its query, F: a question
    that goes on from the one before, `D why: question` declined, T: a question of two readings with S: each.

    Raises ValueError with the line where a line is none of these.
    """
    current: WrittenSet | None = None
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text:
            continue
        head, _, rest = text.partition(":")
        if text.startswith("# set "):
            if current:
                yield current
            current = WrittenSet(*text.removeprefix("# set ").split()[:2])
        elif current is None or not _add(current, head.strip(), rest.strip()):
            raise ValueError(f"line {number}: {text[:80]}")
    if current:
        yield current


def _add(current: WrittenSet, head: str, rest: str) -> bool:
    """Take a line into a set; false where it is no line of one."""
    if head == "table":
        current.tables.append(json.loads(rest))
    elif head == "real":
        current.real.append(rest)
    elif head == "zh":
        return current.names.add(current.real[-1], rest)
    elif head == "Q":
        current.dialogues.append([Turn([rest])])
    elif head == "F":
        current.dialogues[-1].append(Turn([rest]))
    elif head == "A":
        current.dialogues[-1][-1].wordings.append(rest)
    elif head == "T":
        current.ambiguous.append((rest, []))
    elif head == "S" and current.ambiguous and len(current.ambiguous[-1][1]) < 2 and _open(current):
        current.ambiguous[-1][1].append(rest)
    elif head == "S":
        current.dialogues[-1][-1].sql = rest
    elif head.startswith("D"):
        current.declined.append((head.removeprefix("D").strip(), rest))
    else:
        return False
    return True


def _open(current: WrittenSet) -> bool:
    """Whether the last question with a query still wanting is one of two readings: all questions before it have theirs."""
    return not current.dialogues or bool(current.dialogues[-1][-1].sql)
