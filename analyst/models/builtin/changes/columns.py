"""Other columns or tables shown, and rows shown once."""

from __future__ import annotations

from sqlglot import expressions as exp

from analyst.models.builtin import labels
from analyst.models.builtin.asked import Asked
from analyst.models.builtin.build import Builder, quoted
from analyst.models.builtin.changes.tests import with_tests
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.joining import likely_joins
from analyst.models.builtin.plan import Expression, Field
from analyst.models.builtin.reparse import Previous


def other_columns(previous: Previous, asked: Asked, builder: Builder, beside: bool = False) -> Previous | None:
    """Other columns of the same rows; beside the old ones if 'also' is said, or where `beside` takes that as meant."""
    also = beside or ("also" in asked.leans and "instead" not in asked.leans)
    wanted = asked.wanted(previous)
    if not wanted or (beside and (previous.starred or previous.figures)):
        return None
    columns = [named_plain(previous, item, builder) for item in wanted]
    with_tests(previous, asked, builder)
    return show_columns(previous, columns, also and not previous.starred and not previous.bare, asked)


def show_columns(previous: Previous, columns: list[exp.Expr], also: bool, asked: Asked) -> Previous:
    """The query with these columns shown, beside the old ones or in their place."""
    known = {shown.unalias().sql() for shown in previous.select.expressions}
    fresh = [column for column in columns if column.unalias().sql() not in known]
    if previous.bare:
        previous.order_by(None)
    previous.show(*(previous.select.expressions if also else ()), *(fresh if also else columns))
    if previous.group:
        have = {part.sql() for part in previous.group}
        previous.group_by([*previous.group, *(column.unalias() for column in columns if column.unalias().sql() not in have)])
    if asked.different:
        previous.select.set("distinct", exp.Distinct())
    return previous


def parents_named(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """Names in the place of keys: who asks 'which channel' wants to read what it is called."""
    wanted = asked.wanted(previous)
    labels_of = [label for item in wanted if isinstance(item, Field) for label in parent_labels(asked.draft, item)]
    if not labels_of or len(wanted) > 1:
        return None
    columns = [previous.settle(builder.field(label)) for label in labels_of[:2]]
    with_tests(previous, asked, builder)
    return show_columns(previous, columns, False, asked)


def parent_labels(draft: Draft, field: Field) -> tuple[Field, ...]:
    """What names the row of another table that a column points to; nothing where it points to none."""
    schema = draft.catalog.schema
    joins = (join for join in (*schema.joins, *likely_joins(schema)) if (join.table, join.column) == (field.table, field.column))
    parent = next((join.parent_table for join in joins), None)
    return tuple(label for label in draft.catalog.labels(parent) if label != field) if parent else ()


def named_plain(previous: Previous, item: Expression, builder: Builder) -> exp.Expr:
    """A column to show; those that are cut to a unit get a name."""
    built = previous.settle(builder.expression(item))
    return built if isinstance(item, Field) else exp.alias_(built, labels.label(item, builder.language), quoted=True)


def other_table(previous: Previous, asked: Asked) -> Previous | None:
    """All columns of another table, where all of one were shown."""
    if (
        not previous.starred
        or previous.tests
        or previous.group
        or len(asked.tables) != 1
        or len(previous.tables) > 1
        or asked.tables[0] in previous.names
    ):
        return None
    previous.select = exp.select(exp.Star()).from_(exp.to_table(quoted(asked.tables[0])))
    return previous


def deduplicated(previous: Previous, asked: Asked) -> Previous | None:
    """Each row once."""
    if previous.aggregated or not asked.different:
        return None
    previous.select.set("distinct", exp.Distinct())
    return previous
