"""Other figures, or other aggregates of them, in the place of those that were there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import expressions as exp

from analyst.models.builtin.asked import Asked
from analyst.models.builtin.build import Builder
from analyst.models.builtin.changes.counting import named
from analyst.models.builtin.changes.tests import with_tests
from analyst.models.builtin.plan import Field, Measure
from analyst.models.builtin.reparse import Previous, is_figure

AGGREGATES = {"avg": exp.Avg, "sum": exp.Sum, "min": exp.Min, "max": exp.Max, "median": exp.Median}


def refigured(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """Another figure over the same rows and groups: beside the old ones if 'also' is said, else in their place."""
    with_tests(previous, asked, builder)
    figures = [named(previous, output, builder) for output in asked.measures]
    if not previous.aggregated:
        previous.order_by(None)
        previous.cut(None)
        previous.select.set("distinct", None)
        previous.show(*figures)
        return previous
    keep = list(previous.select.expressions) if "also" in asked.leans and "instead" not in asked.leans else previous.plain
    replace_in_order(previous, figures[0].unalias())
    previous.show(*keep, *figures)
    return previous


def replace_in_order(previous: Previous, figure: exp.Expr) -> None:
    """Sort by the new figure where the old one was sorted by."""
    for ordered in previous.select.args["order"].expressions if previous.select.args.get("order") else ():
        if is_figure(ordered.this):
            ordered.set("this", figure.copy())


def refigured_column(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """The same figure of another column, such as 'same for volume'; or another column of numbers in a listing."""
    wanted = [field for field in (*asked.shown, *asked.draft.group) if isinstance(field, Field)] or [
        output.of for output in asked.measures if isinstance(output, Measure) and isinstance(output.of, Field)
    ]
    old = [node for node in previous.select.find_all(*AGGREGATES.values()) if isinstance(node.this, exp.Column)]
    with_tests(previous, asked, builder)
    if len(wanted) != 1 or not isinstance(wanted[0], Field) or not asked.draft.catalog.is_number(wanted[0]):
        return None
    new = previous.settle(builder.field(wanted[0]))
    if old and previous.aggregated:
        return refigured_old(previous, old, new, "also" in asked.leans)
    numbers = [item for item in previous.plain if (field := previous.field(item.unalias())) and asked.draft.catalog.is_measure(field)]
    if previous.aggregated or not numbers:
        return None
    for node in list(previous.select.find_all(exp.Column)):
        if node == numbers[-1].unalias() and "also" not in asked.leans:
            node.replace(new.copy())
    if "also" in asked.leans:
        previous.select.append("expressions", new)
    return previous


def refigured_old(previous: Previous, old: Sequence[exp.Expr], new: exp.Expr, also: bool) -> Previous:
    """The old figures with another column inside; beside them if both are wanted."""
    if also:
        figure = type(old[0])(this=new)
        previous.select.append("expressions", figure)
        return previous
    first = old[0].this.copy()
    for node in old:
        if node.this == first:
            node.set("this", new.copy())
    unname(previous)
    return previous


def unname(previous: Previous) -> None:
    """Names of figures that no longer say what they are go."""
    previous.show(*(shown.unalias() if is_figure(shown) else shown for shown in previous.select.expressions))


def reaggregated(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """The same column under another aggregate, such as 'what about the minimum?'."""
    new = AGGREGATES.get(asked.aggregate)
    old = [node for node in previous.select.find_all(*AGGREGATES.values()) if node.find_ancestor(exp.Select) is previous.select]
    if new is None or not old:
        return None
    with_tests(previous, asked, builder)
    twin = twin_of(previous, old[0], asked)
    if twin is not None:
        column = previous.settle(builder.field(twin))
        return refigured_old(previous, old, column, "also" in asked.leans)
    if "also" in asked.leans:
        previous.select.append("expressions", new(this=old[0].this.copy()))
        return previous
    for node in old:
        node.replace(new(this=node.this.copy()))
    unname(previous)
    return previous


ENDS = {"max": ("max", "maximum", "high", "highest", "最高", "最大"), "min": ("min", "minimum", "low", "lowest", "最低", "最小")}
"""Words of headers for the two ends of a day's or a thing's range."""


def twin_of(previous: Previous, figure: exp.Expr, asked: Asked) -> Field | None:
    """The column of the other end, as temp_min beside temp_max, where that end is asked for."""
    column = figure.this if isinstance(figure.this, exp.Column) else None
    field = previous.field(column) if column is not None else None
    other = {"min": "max", "max": "min"}.get(asked.aggregate)
    if field is None or other is None:
        return None
    catalog = asked.draft.catalog
    own = catalog.words(field)
    kept = [word for word in own if word not in ENDS[other]]
    if len(kept) == len(own):
        return None
    twins = (one for one in catalog.fields(field.table) if set(catalog.words(one)) & set(ENDS[asked.aggregate]))
    return next((one for one in twins if [word for word in catalog.words(one) if word not in ENDS[asked.aggregate]] == kept), None)


def summarised(previous: Previous, asked: Asked) -> Previous | None:
    """Aggregates, such as the largest and the smallest, of the one column of numbers that was listed."""
    said = list(dict.fromkeys(kind for mention in asked.draft.mentions if (kind := mention.asks("agg")) in AGGREGATES))
    column = previous.plain[-1].unalias() if previous.plain else None
    field = previous.field(column) if column is not None else None
    if not said or previous.aggregated or column is None or field is None or not asked.draft.catalog.is_number(field):
        return None
    previous.order_by(None)
    previous.cut(None)
    previous.select.set("distinct", None)
    previous.show(*(AGGREGATES[kind](this=column.copy()) for kind in said))
    return previous


def flipped_extreme(previous: Previous, asked: Asked) -> Previous | None:
    """The other end of the same column, where the earlier answer was a largest or a smallest value."""
    top = asked.draft.top
    old = next(iter(previous.select.find_all(exp.Min, exp.Max)), None)
    if top is None or old is None or previous.group:
        return None
    old.replace((exp.Max if top.descending else exp.Min)(this=old.this.copy()))
    unname(previous)
    return previous
