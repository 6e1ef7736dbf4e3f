"""Tables that are parts of one: the same columns, one table a place, a month or the like; read one by one and put together."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.mentions import Mention
from analyst.terms import Links, Prompt, Schema, Table

PLACE = re.compile(r"[^\d_]{2,}(?=\d|_)")
DATED = re.compile(r"\d{4}")


def parts(schema: Schema) -> tuple[Table, ...]:
    """The tables of a schema, if all have the same columns and there are several; else none."""
    headers = {tuple(column.name for column in table.columns) for table in schema.tables}
    return schema.tables if len(headers) == 1 and len(schema.tables) > 1 else ()


def part_of(prompt: Prompt, table: Table) -> Prompt:
    """The prompt as if there were only one of the tables."""
    links = Links(
        tuple(match for match in prompt.links.columns if match.table == table.name),
        tuple(match for match in prompt.links.values if match.table == table.name),
    )
    schema = replace(prompt.schema, tables=(table,), joins=(), version=f"{prompt.schema.version}/{table.name}")
    return replace(prompt, links=links, schema=schema)


def named(prompt: Prompt) -> tuple[Table, ...]:
    """The tables that the question means: those of whose own cells it speaks, else all."""
    tables = parts(prompt.schema)
    values = {match.table for match in prompt.links.values if match.score >= 0.9}
    text = prompt.question.text
    return (
        tuple(table for table in tables if table.name in values or (PLACE.match(table.name) and PLACE.match(table.name)[0] in text))  # type: ignore[index]
        or tables
    )


def tells_time(table: Table) -> bool:
    """Whether a table's name says which time it holds, so that its rows need no test on it."""
    return bool(DATED.search(table.name))


def without_others(row: list[Mention], prompt: Prompt, table: Table) -> list[Mention]:
    """The mentions without those of places and cells that only other parts hold."""
    text = prompt.question.text
    mine = {match.start for match in prompt.links.values if match.table == table.name and match.score >= 0.9}
    spans = [
        (match.start, match.start + len(match.words))
        for match in prompt.links.values
        if match.score >= 0.9 and match.table != table.name and match.start not in mine
    ]
    own = PLACE.match(table.name)
    for other in parts(prompt.schema):
        place = PLACE.match(other.name)
        if place and (not own or place[0] != own[0]) and place[0] in text:
            spans.append((text.index(place[0]), text.index(place[0]) + len(place[0])))
    return [
        replace(mention, kind="sign", columns=(), values=(), requests=())
        if any(start <= mention.start and mention.end <= end for start, end in spans)
        else mention
        for mention in row
    ]
