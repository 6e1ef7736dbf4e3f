"""The same figures by other groups, and what windows over the groups add to them."""

from __future__ import annotations

from sqlglot import expressions as exp

from analyst.models.builtin import labels
from analyst.models.builtin.asked import Asked
from analyst.models.builtin.build import Builder, number
from analyst.models.builtin.changes.tests import with_tests
from analyst.models.builtin.plan import Grain
from analyst.models.builtin.reparse import Previous, is_figure


def regrouped(previous: Previous, asked: Asked, builder: Builder, adding: bool) -> Previous | None:
    """The same figures by other groups, or by more of them; a date cut to another unit takes the place of the old cut."""
    figures = [shown for shown in previous.select.expressions if is_figure(shown)]
    if not asked.draft.group or not figures:
        return None
    with_tests(previous, asked, builder)
    new = [(item, previous.settle(builder.expression(item))) for item in asked.draft.group]
    kept = (
        [part for part in previous.group if (adding or is_time(previous, part, asked)) and not replaced(previous, part, asked)]
        if adding
        else []
    )
    known = {part.sql() for part in kept}
    fresh = [(item, part) for item, part in new if part.sql() not in known]
    names = [
        exp.alias_(part.copy(), labels.label(item, builder.language), quoted=True) if isinstance(item, Grain) else part.copy()
        for item, part in fresh
    ]
    old = [shown for shown in previous.plain if shown.unalias().sql() in known]
    previous.show(*old, *names, *figures)
    previous.group_by([*kept, *(part for _, part in fresh)])
    in_time = [part for item, part in new if isinstance(item, Grain)]
    previous.order_by(None)
    previous.cut(None)
    if in_time:
        previous.order_by(in_time[0])
    return previous


def is_time(previous: Previous, part: exp.Expr, asked: Asked) -> bool:
    """Whether a group is a time."""
    field = previous.field_of(part)
    return bool(field and asked.draft.catalog.is_time(field))


def replaced(previous: Previous, part: exp.Expr, asked: Asked) -> bool:
    """Whether a new group is the same time in another unit."""
    return is_time(previous, part, asked) and any(isinstance(item, Grain) for item in asked.draft.group)


def windowed(previous: Previous, asked: Asked) -> Previous | None:
    """Shares, running totals and growth of the figure that was there."""
    if not previous.figures or not previous.group:
        return None
    figure = previous.figures[0]
    shown = previous.plain
    flags = asked.draft.flags
    if "share" in flags and "growth" not in flags:
        whole = exp.Window(this=exp.Sum(this=figure.copy()))
        share = exp.Div(this=exp.Mul(this=number(100.0), expression=figure.copy()), expression=exp.Nullif(this=whole, expression=number(0)))
        return shown_with(previous, shown, [exp.alias_(share, label_of("share", asked), quoted=True)])
    order = exp.Order(expressions=[exp.Ordered(this=previous.group[0].copy(), nulls_first=False)])
    within = [part.copy() for part in previous.group[1:]]
    if "cumulative" in flags:
        total = exp.Window(this=exp.Sum(this=figure.copy()), partition_by=within, order=order)
        return shown_with(previous, shown, [exp.alias_(total, label_of("cumulative", asked), quoted=True)])
    if "growth" in flags:
        before = exp.Window(this=exp.Lag(this=figure.copy()), partition_by=within, order=order)
        quotient = exp.Div(this=figure.copy(), expression=exp.Nullif(this=before, expression=number(0)))
        growth = exp.Mul(this=number(100.0), expression=exp.Paren(this=exp.Sub(this=quotient, expression=number(1))))
        return shown_with(previous, list(previous.select.expressions), [exp.alias_(growth, label_of("growth", asked), quoted=True)])
    return None


def label_of(kind: str, asked: Asked) -> str:
    """The name of a window's column."""
    words = labels.WINDOWS[kind][1 if asked.draft.language == "zh" else 0]
    return words.format("").strip()


def shown_with(previous: Previous, shown: list[exp.Expr], windows: list[exp.Expr]) -> Previous:
    """The query with windows beside what it shows."""
    previous.show(*shown, *windows)
    return previous
