"""Rows or groups counted, in the place of what was shown."""

from __future__ import annotations

from sqlglot import expressions as exp

from analyst.models.builtin import labels
from analyst.models.builtin.asked import Asked
from analyst.models.builtin.build import Builder
from analyst.models.builtin.changes.tests import with_tests
from analyst.models.builtin.plan import Field, Measure, Output
from analyst.models.builtin.reparse import Previous


def counted(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """How many rows, or groups, there are; None where amounts are added up: 'how many nights is that'."""
    if any(isinstance(measure, Measure) and measure.aggregate not in ("count", "count_distinct") for measure in asked.measures):
        return None
    with_tests(previous, asked, builder)
    if (
        previous.select.args.get("having")
        or previous.group
        or previous.select.args.get("limit")
        or (previous.select.args.get("distinct") and len(previous.select.expressions) > 1)
    ):
        previous.order_by(None) if not previous.select.args.get("limit") else None
        previous.select = exp.select(exp.alias_(count_star(), labels.label(Measure("count"), builder.language), quoted=True)).from_(
            previous.select.subquery("earlier")
        )
        return previous
    if previous.figures:
        return previous if asked.tests else None
    only = previous.plain[0].unalias() if len(previous.plain) == 1 and not previous.starred else None
    distinct = only is not None and (asked.different or previous.select.args.get("distinct"))
    figure = exp.Count(this=exp.Distinct(expressions=[only.copy()])) if distinct and only is not None else count_star()
    previous.select.set("distinct", None)
    previous.order_by(None)
    previous.show(exp.alias_(figure, labels.label(Measure("count"), builder.language), quoted=True))
    return previous


def counted_each(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """For each thing shown, how many rows there are of it."""
    key = next((key[0] for table in previous.schema.tables if table.name in previous.tables[:1] for key in table.keys if len(key) == 1), "")
    if previous.aggregated or (previous.starred and not key):
        return None
    for table in asked.tables:
        previous.reach(table)
    with_tests(previous, asked, builder)
    shown = [builder.field(Field(previous.tables[0], key))] if previous.starred else previous.plain
    shown = [previous.settle(part) for part in shown] if previous.starred else shown
    group = [item.unalias() for item in shown]
    previous.select.set("distinct", None)
    previous.show(*shown, *(named(previous, output, builder) for output in asked.measures or [Measure("count")]))
    previous.group_by(group)
    return previous


def count_star() -> exp.Expr:
    """A count of rows."""
    return exp.Count(this=exp.Star())


def named(previous: Previous, output: Output, builder: Builder) -> exp.Expr:
    """An output with the name a reader sees."""
    return exp.alias_(previous.settle(builder.output(output)), labels.label(output, builder.language), quoted=True)
