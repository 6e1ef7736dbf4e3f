"""Other faces of one example, so that the reader learns to read and not databases by heart: nothing that decides the plan changes."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from analyst.mentions import CellMention, HeaderMention, Mentions
from analyst.plan.algebra import ColumnName, Inexpressible
from analyst.plan.grammar import TABLE
from analyst.plan.joins import join_steps
from analyst.plan.tokens import Token
from analyst.terms import Join, Schema, Table

DROPPED = 0.4  # of examples lose columns and tables that they do not need
SHUFFLED = 0.6  # have their columns in another order; tables always
HIDDEN, HIDDEN_COLUMNS = 0.4, 0.3  # of examples, and of their columns, whose header the question seems not to speak of
RENAMED, RENAMED_COLUMNS = 0.25, 0.3  # of examples, and of their columns, that get another name
CUT_SCORE, WIDER_SCORE = 0.8, 0.7  # of a mention whose header was cut short, or got words besides
ADDED = ("total {}", "{} value", "{} no", "main {}", "the {}", "{} in all", "f {}", "{} 1")
ADDED_ZH = ("总{}", "{}值", "主{}", "{}信息", "当前{}")
Thing = TypeVar("Thing")
VOWELS = re.compile(r"(?<=\w)[aeiou]")
LONG_WORD = 5  # letters from which on a word is cut short
ANY_TABLE = ("data", "table", "records", "list", "results", "sheet 1", "items", "entries", "数据", "表1", "明细")
"""What files are called that say nothing of their rows."""


@dataclass(frozen=True, slots=True)
class Face:
    """What of an example can look otherwise."""

    schema: Schema
    mentions: Mentions
    plan: tuple[Token, ...]
    before: tuple[Token, ...] = ()


@dataclass(slots=True)
class Names:
    """New names, by old ones."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[ColumnName, str] = field(default_factory=dict)

    def column(self, name: ColumnName) -> ColumnName:
        """A column under its new names."""
        return ColumnName(self.tables.get(name.table, name.table), self.columns.get(name, name.column))

    def token(self, token: Token) -> Token:
        """A token of a plan under the new names."""
        if isinstance(token, ColumnName):
            return self.column(token)
        if isinstance(token, tuple) and token[0] == TABLE:
            return (TABLE, self.tables.get(str(token[1]), str(token[1])))
        return token


def disguised(face: Face, rng: random.Random, nameless: bool = False, least: bool = False) -> Face:
    """Another face. `nameless` gives the tables names that say nothing; `least` leaves out all that can be left out."""
    face = left_out(face, rng, least) if least or rng.random() < DROPPED else face
    face = replace(face, schema=shuffled(face.schema, rng))
    if rng.random() < HIDDEN:
        face = replace(face, mentions=hidden(face.mentions, rng))
    if nameless or rng.random() < RENAMED:
        face = renamed(face, rng, nameless)
    return face


def left_out(face: Face, rng: random.Random, least: bool) -> Face:
    """Without some of the columns and tables that neither the plan nor the one before needs."""
    needed = {token for token in (*face.plan, *face.before) if isinstance(token, ColumnName)}
    homes = {name.table for name in needed} | {str(token[1]) for token in face.plan if isinstance(token, tuple) and token[0] == TABLE}
    homes |= between(face.schema, sorted(homes))
    joins = {name for join in face.schema.joins for name in (ColumnName(*join.ends[:2]), ColumnName(*join.ends[2:])) if name.table in homes}
    kept_tables, kept_columns = (0.0, 0.3) if least else (rng.random(), rng.random())
    tables: list[Table] = []
    for table in face.schema.tables:
        if table.name not in homes and rng.random() > kept_tables:
            continue
        columns = [
            column
            for column in table.columns
            if (name := ColumnName(table.name, column.name)) in needed or name in joins or rng.random() < kept_columns
        ]
        if columns:
            tables.append(replace(table, columns=tuple(columns)))
    return with_tables(face, tables or list(face.schema.tables))


def between(schema: Schema, tables: Sequence[str]) -> set[str]:
    """The tables over which a plan's tables are joined."""
    try:
        return {table for table, _ in join_steps(tables, schema)} if tables else set()
    except Inexpressible:  # tables of queries that stand side by side
        return set()


def with_tables(face: Face, tables: Sequence[Table]) -> Face:
    """With these tables, and their joins and mentions only."""
    there = {ColumnName(table.name, column.name) for table in tables for column in table.columns}
    names = {table.name for table in tables}
    joins = tuple(join for join in face.schema.joins if ColumnName(*join.ends[:2]) in there and ColumnName(*join.ends[2:]) in there)
    cells = tuple(mention for mention in face.mentions.cells if ColumnName(mention.table, mention.column) in there)
    spoken = there | {ColumnName(name, "") for name in names}
    headers = tuple(mention for mention in face.mentions.headers if ColumnName(mention.table, mention.column) in spoken)
    mentions = replace(face.mentions, cells=cells, headers=headers)
    return replace(face, schema=replace(face.schema, tables=tuple(tables), joins=joins), mentions=mentions)


def shuffled(schema: Schema, rng: random.Random) -> Schema:
    """Tables, and often columns, in another order."""
    tables = [replace(table, columns=mixed(table.columns, rng)) if rng.random() < SHUFFLED else table for table in schema.tables]
    return replace(schema, tables=mixed(tables, rng))


def mixed(things: Sequence[Thing], rng: random.Random) -> tuple[Thing, ...]:
    """In a random order."""
    return tuple(rng.sample(list(things), len(things)))


def hidden(mentions: Mentions, rng: random.Random) -> Mentions:
    """Without what speaks for the headers of some columns."""
    names = {(mention.table, mention.column) for mention in mentions.headers}
    gone = {name for name in sorted(names) if rng.random() < HIDDEN_COLUMNS}
    return replace(mentions, headers=tuple(mention for mention in mentions.headers if (mention.table, mention.column) not in gone))


def renamed(face: Face, rng: random.Random, nameless: bool) -> Face:
    """Columns whose header is cut short or has words besides, and tables by any name."""
    names = Names()
    scores: dict[ColumnName, tuple[str, float]] = {}
    if nameless and len(face.schema.tables) == 1:
        names.tables[face.schema.tables[0].name] = rng.choice(ANY_TABLE)
    for table in face.schema.tables:
        taken = {column.name.casefold() for column in table.columns}
        for column in table.columns:
            if rng.random() > RENAMED_COLUMNS:
                continue
            name, how, score = other_header(column.name, rng)
            if name.casefold() not in taken:
                taken.add(name.casefold())
                names.columns[ColumnName(table.name, column.name)] = name
                scores[ColumnName(table.name, column.name)] = (how, score)
    return under(face, names, scores)


def other_header(header: str, rng: random.Random) -> tuple[str, str, float]:
    """Another header, with how the words that spoke of the old one speak of it, and how well."""
    words = header.replace("_", " ").split()
    if header.isascii() and any(len(word) >= LONG_WORD for word in words) and rng.random() < 0.5:
        return " ".join(shortened(word, rng) for word in words), "abbreviation", CUT_SCORE
    added = ADDED if header.isascii() else ADDED_ZH
    return rng.choice(added).format(" ".join(words)), "part", WIDER_SCORE


def shortened(word: str, rng: random.Random) -> str:
    """A long word as people cut it: without vowels, or its beginning."""
    if len(word) < LONG_WORD or not word.isalpha():
        return word
    return VOWELS.sub("", word) if rng.random() < 0.5 else word[: rng.randint(3, 4)]


def under(face: Face, names: Names, scores: Mapping[ColumnName, tuple[str, float]]) -> Face:
    """Everything under the new names."""

    def header(mention: HeaderMention) -> HeaderMention:
        old = ColumnName(mention.table, mention.column)
        new = names.column(old)
        how, score = scores.get(old, (mention.how, 1.0))
        how = how if mention.how in ("whole", "stem") else mention.how
        return replace(mention, table=new.table, column=new.column, how=how, score=mention.score * score)  # type: ignore[arg-type]

    def cell(mention: CellMention) -> CellMention:
        new = names.column(ColumnName(mention.table, mention.column))
        return replace(mention, table=new.table, column=new.column)

    mentions = replace(face.mentions, cells=tuple(map(cell, face.mentions.cells)), headers=tuple(map(header, face.mentions.headers)))
    tables = tuple(renamed_table(table, names) for table in face.schema.tables)
    joins = tuple(renamed_join(join, names) for join in face.schema.joins)
    plan, before = tuple(map(names.token, face.plan)), tuple(map(names.token, face.before))
    return Face(replace(face.schema, tables=tables, joins=joins), mentions, plan, before)


def renamed_table(table: Table, names: Names) -> Table:
    """A table under its new names, its keys too."""
    called = {column.name: names.column(ColumnName(table.name, column.name)).column for column in table.columns}
    columns = tuple(column if called[column.name] == column.name else replace(column, name=called[column.name]) for column in table.columns)
    keys = tuple(tuple(called[part] for part in key) for key in table.keys if all(part in called for part in key))
    return replace(table, name=names.tables.get(table.name, table.name), columns=columns, keys=keys)


def renamed_join(join: Join, names: Names) -> Join:
    """A join under its new names."""
    child, parent = names.column(ColumnName(join.table, join.column)), names.column(ColumnName(join.parent_table, join.parent_column))
    return replace(join, table=child.table, column=child.column, parent_table=parent.table, parent_column=parent.column)
