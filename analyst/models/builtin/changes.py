"""The ways in which a question changes the query before it; each gives the changed query, or None where it does not apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import expressions as exp

from analyst.models.builtin import labels
from analyst.models.builtin.asked import Asked, tested
from analyst.models.builtin.build import Builder, likely_joins, number, quoted
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Expression, Field, Grain, Measure, Output, Test
from analyst.models.builtin.reparse import Previous, is_figure

AGGREGATES = {"avg": exp.Avg, "sum": exp.Sum, "min": exp.Min, "max": exp.Max, "median": exp.Median}
SIMPLE = (exp.EQ, exp.In, exp.Like, exp.ILike)
RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


def with_tests(previous: Previous, asked: Asked, builder: Builder) -> Previous:
    """The query with the question's tests: added, put in the place of those on the same column, or merged with them."""
    before = kept = previous.tests
    fresh: list[exp.Expr] = []
    merging = "also" in asked.leans and "only" not in asked.leans
    for test in asked.tests:
        field = tested(test)
        built = previous.settle(builder.test(test))
        rivals = [old for old in before if field and previous.field_of(old) == field and rival(old, test, asked)]
        if merging and rivals and isinstance(test, Condition) and test.sign in ("=", "in"):
            built = exp.or_(*rivals, built) if not one_of(rivals, built) else merged(rivals, built)
        kept = [old for old in kept if old not in rivals]
        fresh.append(built)
    previous.keep_tests([*kept, *fresh])
    if asked.draft.having:
        with_tests_on_groups(previous, asked, builder)
    return previous


def with_tests_on_groups(previous: Previous, asked: Asked, builder: Builder) -> None:
    """Tests on groups; rows that were not grouped are by what is shown."""
    for table in asked.tables:
        previous.reach(table)
    if not previous.group and not previous.figures and not previous.starred:
        previous.group_by([shown.unalias() for shown in previous.plain])
        previous.select.set("distinct", None)
    for test in asked.draft.having:
        previous.select = previous.select.having(previous.settle(builder.test(test)))


def rival(old: exp.Expr, test: Test, asked: Asked) -> bool:
    """Whether a test would contradict an old one on the same column, so that it stands in its place."""
    if not isinstance(test, Condition):
        return True
    if isinstance(test.left, Grain) and test.left.unit in ("monthofyear", "weekday", "weekend", "hour"):
        return False
    if isinstance(old, SIMPLE) and test.sign in ("=", "in", "like"):
        return True
    ranged = isinstance(old, (*RANGES, exp.EQ, exp.In)) and test.sign in ("=", "in", "<", "<=", ">", ">=", "between")
    return ranged and (bool(asked.leans & {"whatabout", "instead", "ending", "earlier"}) or test in asked.draft.period_tests)


def one_of(rivals: Sequence[exp.Expr], built: exp.Expr) -> bool:
    """Whether all tests name whole values of one column."""
    return all(isinstance(test, exp.EQ | exp.In) and not test.find(exp.Select) for test in (*rivals, built))


def merged(rivals: Sequence[exp.Expr], built: exp.Expr) -> exp.Expr:
    """Tests for one of several values."""
    values = [value for test in (*rivals, built) for value in (test.expressions if isinstance(test, exp.In) else [test.expression])]
    return exp.In(this=built.this.copy(), expressions=[value.copy() for value in values])


# ---------------------------------------------------------------------------------------- counting
def counted(previous: Previous, asked: Asked, builder: Builder) -> Previous | None:
    """How many rows, or groups, there are."""
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


# ---------------------------------------------------------------------------------------- figures
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
    if "also" in asked.leans:
        previous.select.append("expressions", new(this=old[0].this.copy()))
        return previous
    for node in old:
        node.replace(new(this=node.this.copy()))
    unname(previous)
    return previous


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


# ---------------------------------------------------------------------------------------- columns
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


# ---------------------------------------------------------------------------------------- order and ends
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


# ---------------------------------------------------------------------------------------- groups
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


# ---------------------------------------------------------------------------------------- rows
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
    if not fields or previous.starred:
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
