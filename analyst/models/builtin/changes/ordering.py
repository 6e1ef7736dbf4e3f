"""The first or last rows, and the same rows in another order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import expressions as exp

from analyst.models.builtin.asked import Asked
from analyst.models.builtin.build import Builder
from analyst.models.builtin.changes.columns import named_plain
from analyst.models.builtin.changes.counting import count_star
from analyst.models.builtin.changes.tests import with_tests
from analyst.models.builtin.plan import Expression, Measure, Output
from analyst.models.builtin.reparse import Previous, is_figure


def cut_to_top(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """The first or last rows: by what is named, else by the figure or order that was there."""
    top = asked.draft.top
    if top is None:
        return None
    with_tests(previous, asked, builder)
    target = ranking(asked)
    key = previous.settle(builder.output(target)) if target is not None else old_ranking(previous)
    if key is None:
        return None
    if previous.aggregated and not is_figure(key):
        return None
    if not previous.aggregated and is_figure(key) and not grouped_by_shown(previous, asked):
        return None
    previous.order_by(key, top.descending)
    previous.cut(top.limit)
    wanted = [item for item in asked.shown if item != target]
    if wanted and "also" not in asked.leans:
        return show_each(previous, wanted, builder)
    if not top.counted and asked.asks("which") and previous.plain and len(asked.draft.catalog.schema.tables) > 1:
        previous.show(*previous.plain)
    return previous


def grouped_by_shown(previous: Previous, asked: Asked) -> bool:
    """Group a listing by what it shows, so that figures can sort it; False where it shows whole rows."""
    if previous.starred:
        return False
    for table in asked.tables:
        previous.reach(table)
    previous.group_by([shown.unalias() for shown in previous.plain])
    return True


def show_each(previous: Previous, wanted: Sequence[Expression], builder: Builder) -> Previous:
    """Show the columns that are named; of groups, those join them."""
    columns = [named_plain(previous, item, builder) for item in wanted]
    previous.show(*columns)
    if previous.group:
        have = {part.sql() for part in previous.group}
        previous.group_by([*previous.group, *(column.unalias() for column in columns if column.unalias().sql() not in have)])
    return previous


def ranking(asked: Asked) -> Output | None:
    """What the question itself ranks by; None where it names nothing."""
    orders = [*asked.plan.order, *([asked.plan.top_each.order] if asked.plan.top_each else [])]
    by = orders[0].by if orders else None
    if by is None or not (asked.named or (asked.draft.top and asked.draft.top.concept) or asked.measures):
        return None
    if isinstance(by, Measure) and by.of is None:
        return None if not asked.tables else by
    return by


def old_ranking(previous: Previous) -> exp.Expr | None:
    """What the earlier query ranked by or computed; a count where it grouped without one."""
    order = previous.select.args.get("order")
    keys: list[exp.Expr] = [ordered.this for ordered in order.expressions] if order else []
    ranked = [key for key in keys if is_figure(key)] if previous.aggregated else keys
    if ranked:
        return ranked[0].copy()
    if previous.figures:
        return previous.figures[0].copy()
    return count_star() if previous.group else None


def sorted_again(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """The same rows in another order."""
    if not asked.draft.sorts:
        return None
    target, descending = asked.draft.sorts[0]
    by: Output | None = None
    if target.startswith("at "):
        by = asked.draft.column(int(target[3:]))
    elif asked.counts:
        by = Measure("count")
    key = (
        previous.settle(builder.output(by))
        if by is not None
        else old_ranking(previous) or next((shown.unalias().copy() for shown in previous.plain), None)
    )
    if key is None:
        return None
    if not previous.aggregated and is_figure(key) and not grouped_by_shown(previous, asked):
        return None
    if previous.aggregated and not is_figure(key) and key.sql() not in {part.sql() for part in previous.group}:
        key = next((figure.copy() for figure in previous.figures if key in list(figure.find_all(exp.Column))), exp.Sum(this=key))
    with_tests(previous, asked, builder)
    previous.order_by(key, descending)
    return previous
