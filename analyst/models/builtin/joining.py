"""Which joins lead from table to table: the proved ones first, then those that only names speak for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush

from analyst.terms import Join, Schema
from analyst.words.tokens import header_stems


class Unjoinable(Exception):
    """No proved join connects the tables of a plan."""


def join_steps(needed: Sequence[str], schema: Schema, via: Sequence[Join] = ()) -> list[tuple[str, Join]]:
    """Tables to add to the first one, each with the join that adds it. Raises Unjoinable."""
    reached = [needed[0]]
    steps: list[tuple[str, Join]] = []
    for target in needed[1:]:
        if target in reached:
            continue
        for table, join in path(reached, target, schema, via):
            steps.append((table, join))
            reached.append(table)
    return steps


def path(reached: Sequence[str], target: str, schema: Schema, via: Sequence[Join]) -> list[tuple[str, Join]]:
    """The shortest way from the tables reached to the target, over proved joins if they lead there, else over likely ones.

    Raises Unjoinable.
    """
    for joins in ((*via, *schema.joins), (*via, *schema.joins, *likely_joins(schema))):
        came = search(reached, target, joins, via)
        if target in came:
            steps: list[tuple[str, Join]] = []
            at = target
            while step := came[at]:
                steps.append((at, step[1]))
                at = step[0]
            return steps[::-1]
    raise Unjoinable(target)


def search(
    reached: Sequence[str], target: str, joins: Sequence[Join], preferred: Sequence[Join] = ()
) -> dict[str, tuple[str, Join] | None]:
    """How each table was come to, nearest first from those reached; a way through rows that only share a parent is the longer one."""
    came: dict[str, tuple[str, Join] | None] = {}
    queue: list[tuple[float, int, str, tuple[str, Join] | None, bool]] = [(0.0, at, table, None, False) for at, table in enumerate(reached)]
    waiting = len(queue)
    while queue and target not in came:
        length, _, here, step, upward = heappop(queue)
        if here in came:
            continue
        came[here] = step
        for join in joins:
            for near, far in ((join.table, join.parent_table), (join.parent_table, join.table)):
                if near == here and far not in came and near != far:
                    shares = upward and near == join.parent_table
                    step_length = (SPOKEN if join in preferred else 1.0) + SHARED * shares
                    heappush(queue, (length + step_length, waiting, far, (here, join), near == join.table))
                    waiting += 1
    return came


SPOKEN = 0.9  # of a join, where the question speaks for it
SHARED = 0.9  # joins: two children of one parent, such as teachers and students of a department, are rarely meant as pairs


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
