"""The same question of fewer, other or more rows, and questions about the rows listed."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import expressions as exp

from analyst.models.builtin.asked import Asked, tested
from analyst.models.builtin.build import Builder, quoted
from analyst.models.builtin.changes.tests import with_tests
from analyst.models.builtin.reparse import Previous, is_figure


def tested_again(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """The same question of fewer, other or more rows."""
    if not asked.tests and not asked.draft.having:
        return None
    dividing = "also" in asked.leans and "only" not in asked.leans
    with_tests(previous, asked, builder)
    if dividing:
        tell_apart(previous, asked, builder)
    return previous


def tell_apart(previous: Previous, asked: Asked, builder: Builder) -> None:
    """Where several values of one column are seen together by now, the column is shown as well."""
    fields = [field for test in asked.tests if (field := tested(test))]
    if not fields or previous.starred or asked.draft.catalog.is_date(fields[0]):
        return
    column = previous.settle(builder.field(fields[0]))
    if column.sql() in {shown.unalias().sql() for shown in previous.plain}:
        return
    if previous.aggregated:
        previous.show(*previous.plain, column, *(shown for shown in previous.select.expressions if is_figure(shown)))
        previous.group_by([*previous.group, column])
    elif any(
        isinstance(item, exp.Column) and (field := previous.field(item)) and asked.draft.catalog.is_time(field) for item in previous.plain
    ):
        previous.show(*previous.plain, column)


def compared(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """The earlier figure beside the same figure for another value or period."""
    if not asked.asks("compare") or not asked.tests or not previous.figures:
        return None
    asked.leans.add("also")
    asked.leans.discard("only")
    field = tested(asked.tests[0])
    old = [test for test in previous.tests if field and previous.field_of(test) == field]
    if not old or field is None:
        return None
    key = next((part for test in old for part in (test.this,) if isinstance(test, exp.EQ | exp.In)), None)
    if key is None:
        return None
    same = exp.and_(*(previous.settle(builder.test(test)) for test in asked.tests))
    others = [test for test in previous.tests if test not in old]
    previous.keep_tests([*others, exp.paren(exp.or_(exp.and_(*old), same))])
    previous.show(key.copy(), *(part for part in previous.plain), *(shown for shown in previous.select.expressions if is_figure(shown)))
    previous.group_by([key, *previous.group])
    previous.order_by(key)
    return previous


def turned_round(previous: Previous, asked: Asked) -> Previous | None:
    """The rows that do not pass the last test."""
    tests = previous.tests
    if not tests or asked.words or not asked.asks("neg"):
        return None
    last = tests[-1]
    turned = last.this if isinstance(last, exp.Not) else exp.not_(last.copy())
    previous.keep_tests([*tests[:-1], turned])
    return previous


def the_others(previous: Previous, asked: Asked) -> Previous | None:
    """The things that the earlier answer did not list."""
    shown = previous.plain
    field = previous.field(shown[0].unalias()) if len(shown) == 1 and not previous.figures else None
    if field is None or not (previous.tests or previous.select.args.get("limit") or len(previous.tables) > 1):
        return None
    column = exp.column(field.column, table=field.table, quoted=True)
    inner = previous.select.copy().where(exp.not_(exp.Is(this=shown[0].unalias().copy(), expression=exp.Null())))
    test = exp.not_(exp.In(this=column.copy(), query=inner.subquery()))
    previous.select = exp.select(column).from_(exp.to_table(quoted(field.table))).where(test)
    return previous


def of_those(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """A question of its own about the things that the earlier answer listed."""
    things = [shown.unalias() for shown in previous.plain]
    fields = [field for thing in things if (field := previous.field(thing))]
    if len(fields) != 1 or not previous.select.args.get("limit") or not (asked.measures or asked.draft.top or asked.draft.group):
        return None
    field = fields[0]
    inner = previous.select.copy()
    inner.set("expressions", [things[0].copy()])
    plan = asked.plan
    grouped = asked.draft.group or asked.draft.top
    if not grouped:
        plan = replace(plan, select=(field, *plan.select), group=(field, *plan.group))
    query = builder.query(plan)
    if not isinstance(query, exp.Select):
        return None
    previous.select = query.where(exp.In(this=builder.field(field), query=inner.subquery()))
    return previous
