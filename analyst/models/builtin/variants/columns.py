"""Another column in the place of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields as parts_of
from dataclasses import is_dataclass, replace
from typing import Any

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Either, Field, Plan, Test, fields
from analyst.models.builtin.variants.step import Step

WEAKER = 0.4  # how much worse than the column taken another one may fit the same words
OTHERS = 6  # columns tried in the place of one


def columns(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Another column in the place of one, in every part or in one."""
    for field in dict.fromkeys(fields((plan.select, plan.where, plan.group, plan.having, plan.order))):
        for kind, other in others_of(draft, field):
            where = tuple(exchanged(test, field, other) if keeps(test, field) else test for test in plan.where)
            new = exchanged(replace(plan, where=()), field, other)
            yield kind, replace(new, where=where)


def keeps(test: Test, field: Field) -> bool:
    """Whether a test may change its column: one on a cell of text may not."""
    options = test.options if isinstance(test, Either) else (test,)
    return not any(option.left == field and any(isinstance(value, str) for value in option.right) for option in options)


def others_of(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """Columns that may be meant in the place of one, each with how it is related."""
    catalog = draft.catalog
    seen = {field}
    for kind, other in (*ends_of(draft, field), *linked_others(draft, field), *same_row(draft, field)):
        if other not in seen and catalog.has(other):
            seen.add(other)
            yield kind, other


def ends_of(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """The other end of a join."""
    for join in draft.catalog.schema.joins:
        child, parent = Field(join.table, join.column), Field(join.parent_table, join.parent_column)
        if field == child:
            yield "parent end", parent
        elif field == parent:
            yield "child end", child


def linked_others(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """Columns that the same words can mean."""
    for mention in draft.mentions:
        if mention.kind == "table":
            continue  # 'donors' are shown by their names, not by the donor type
        score = max((match.score for match in mention.columns if (match.table, match.column) == (field.table, field.column)), default=None)
        if score is None:
            continue
        near = [match for match in mention.columns if match.column and match.score >= score - WEAKER]
        for match in near[:OTHERS]:
            yield ("twin" if match.score >= score - 0.02 else "other link"), Field(match.table, match.column)


def same_row(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """What names a row in the place of its key, and its key in the place of its name."""
    labels, keys = draft.catalog.labels(field.table), draft.catalog.identifiers(field.table)
    if field in labels:
        yield from (("label to key", key) for key in keys[:1])
    if field in keys or draft.catalog.column(field).role == "identifier":
        yield from (("key to label", label) for label in labels[:1])
    for join in draft.catalog.schema.joins:
        if (join.table, join.column) == (field.table, field.column):
            yield from (("key to parent label", label) for label in draft.catalog.labels(join.parent_table)[:1])


def exchanged(part: Any, old: Field, new: Field) -> Any:  # noqa: ANN401 - any part of a plan, given back as the same kind
    """A part of a plan with one column in the place of another."""
    if part == old:
        return new
    if isinstance(part, tuple):
        return tuple(exchanged(piece, old, new) for piece in part)
    if is_dataclass(part) and not isinstance(part, (Field, type)):
        changed = {
            piece.name: value
            for piece in parts_of(part)
            if (value := exchanged(before := getattr(part, piece.name), old, new)) is not before and value != before
        }
        return replace(part, **changed) if changed else part
    return part
