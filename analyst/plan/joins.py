"""Which joins lead from table to table: the proved ones first, then those that only names speak for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush

from analyst.plan.algebra import Inexpressible
from analyst.terms import Join, Schema
from analyst.words.tokens import header_stems

SHARED = 0.9  # joins: two children of one parent, such as teachers and students of a department, are rarely meant as pairs

Step = tuple[str, Join]
"""A table, and the join that adds it to those before."""


def join_steps(needed: Sequence[str], schema: Schema) -> list[Step]:
    """What adds the other needed tables to the first, shortest ways first. Raises Inexpressible where no join leads there."""
    reached, steps = [needed[0]], list[Step]()
    for target in needed[1:]:
        if target not in reached:
            way = _way(reached, target, schema)
            steps.extend(way)
            reached.extend(table for table, _ in way)
    return steps


def _way(reached: Sequence[str], target: str, schema: Schema) -> list[Step]:
    """The shortest way from the tables reached, over proved joins if they lead there, else over likely ones too."""
    for joins in (schema.joins, (*schema.joins, *likely_joins(schema))):
        came = _search(reached, target, joins)
        if target in came:
            return _back(came, target)
    raise Inexpressible(f"no join leads to {target}")


def _back(came: dict[str, tuple[str, Join] | None], target: str) -> list[Step]:
    steps, at = list[Step](), target
    while step := came[at]:
        steps.append((at, step[1]))
        at = step[0]
    return steps[::-1]


def _search(reached: Sequence[str], target: str, joins: Sequence[Join]) -> dict[str, tuple[str, Join] | None]:
    """How each table was come to, nearest first from those reached; a way through rows that only share a parent is the longer one."""
    came: dict[str, tuple[str, Join] | None] = {}
    queue: list[tuple[float, int, str, tuple[str, Join] | None, bool]] = [(0.0, at, table, None, False) for at, table in enumerate(reached)]
    waiting = len(queue)
    while queue and target not in came:
        length, _, here, step, upward = heappop(queue)
        if here in came:
            continue
        came[here] = step
        for near, far, join in _leaving(here, joins):
            if far not in came:
                shares = upward and near == join.parent_table
                heappush(queue, (length + 1.0 + SHARED * shares, waiting, far, (here, join), near == join.table))
                waiting += 1
    return came


def _leaving(table: str, joins: Sequence[Join]) -> list[tuple[str, str, Join]]:
    """The joins of a table to another, as (it, the other, join)."""
    ends = [(near, far, join) for join in joins for near, far in ((join.table, join.parent_table), (join.parent_table, join.table))]
    return [(near, far, join) for near, far, join in ends if near == table != far]


@lru_cache(maxsize=64)
def likely_joins(schema: Schema) -> tuple[Join, ...]:
    """Joins that only the names speak for: a column called like another table's key, or after that table."""
    found: list[Join] = []
    for parent in schema.tables:
        name = header_stems(parent.name)[-1:]
        for key in (key[0] for key in parent.keys if len(key) == 1):
            kind = next(column.type for column in parent.columns if column.name == key)
            for child in schema.tables:
                for column in child.columns:
                    same = column.name.casefold() == key.casefold() and key.casefold() not in ("id", "name")
                    called = bool(name) and name[0] in header_stems(column.name)
                    if child.name != parent.name and column.type == kind and (same or called):
                        found.append(Join(child.name, column.name, parent.name, key, 0.0))
    return tuple(found)
