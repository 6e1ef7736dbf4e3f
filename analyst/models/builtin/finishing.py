"""What is done to every plan at the end: set operations, tables that take part, orders that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyst.models.builtin.acts import acted, of_things_with_many
from analyst.models.builtin.catalog import reached
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.flat import of_things
from analyst.models.builtin.hollow import ranks_nothing
from analyst.models.builtin.measuring import default_aggregate
from analyst.models.builtin.plan import (
    Condition,
    Field,
    Grain,
    Measure,
    Order,
    Output,
    Plan,
    aggregated,
    fields,
    tables_of,
)
from analyst.models.builtin.roles import is_placed, spoken_joins
from analyst.models.builtin.things import distinct_things, told_apart, with_names, worth

BOTH = ("both", "as well as", "and also", "既", "同时", "都")


def counts_both(draft: Draft, plan: Plan) -> Plan | None:
    """'How many accounts have had both A and B': the accounts that rows of another table tie to the one and to the other."""
    said = any(mention.text.lower() in BOTH for mention in draft.mentions)
    figure = next((output for output in plan.select if aggregated(output)), None)
    several = [test for test in plan.where if isinstance(test, Condition) and test.sign == "in" and isinstance(test.left, Field)]
    if (
        not said
        or not isinstance(figure, Measure)
        or not figure.aggregate.startswith("count")
        or len(several) != 1
        or plan.limit
        or plan.having
    ):
        return None
    test, held = several[0], several[0].left
    subject = next((table for at in range(len(draft.mentions)) if draft.mentions[at].kind == "table" and (table := draft.table(at))), "")
    join = next(
        (
            join
            for join in draft.catalog.schema.joins
            if isinstance(held, Field) and (join.table, join.parent_table) == (held.table, subject)
        ),
        None,
    )
    if join is None or len(test.right) < 2 or any(isinstance(value, Plan) for value in test.right):
        return None
    theirs, own = Field(join.table, join.column), Field(subject, join.parent_column)
    rest = tuple(other for other in plan.where if other != test)
    inside = tuple(other for other in rest if {field.table for field in fields(other)} == {join.table})
    sides = (Plan((theirs,), (Condition(held, "=", (value,)), *inside), tables=(join.table,)) for value in test.right)
    picked = tuple(Condition(own, "in", (side,)) for side in sides)
    return Plan((Measure("count"),), (*(other for other in rest if other not in inside), *picked), tables=(subject,))


def set_operation(draft: Draft, plan: Plan) -> Plan:
    """'Both A and B' and 'A but not B' on what one thing has several of: rows of two queries compared."""
    if counted := counts_both(draft, plan):
        return counted
    if plan.combine or plan.limit or plan.everything or any(aggregated(output) for output in plan.select) or not plan.select:
        return plan
    said = any(mention.text.lower() in BOTH for mention in draft.mentions)
    for test in plan.where:
        if not isinstance(test, Condition) or not isinstance(test.left, Field | Grain):
            continue
        rest = tuple(other for other in plan.where if other != test)
        home = next(fields(test.left)).table
        several = any(field.table != home for field in fields(plan.select))
        if test.sign == "in" and len(test.right) == 2 and said and not isinstance(test.right[0], Plan):
            sides = [replace(plan, where=(*rest, Condition(test.left, "=", (value,)))) for value in test.right]
            return replace(sides[0], combine=("intersect", sides[1]))
        if test.sign == "=" and several:
            against = next(
                (other for other in rest if isinstance(other, Condition) and other.left == test.left and other.sign == "!="), None
            )
            if against:
                rest = tuple(other for other in rest if other != against)
                other_side = replace(plan, where=(*rest, Condition(test.left, "=", against.right)))
                return replace(plan, where=(*rest, test), combine=("except", other_side))
    return plan


def needed_tables(draft: Draft, plan: Plan) -> Plan:
    """The plan without tables that are only named in passing: they hold no part of it and stand in no clause that picks rows."""
    if len(plan.tables) < 2:
        return plan
    held = {field.table for field in fields((plan.select, plan.where, plan.group, plan.having, tuple(order.by for order in plan.order)))}
    kept = [
        table for at, table in enumerate(plan.tables) if table in held or (at == 0 and not held) or counted_or_clause(draft, table, held)
    ]
    return replace(plan, tables=tuple(kept))


def counted_or_clause(draft: Draft, table: str, held: set[str]) -> bool:
    """Whether a table is counted, or named in a clause such as 'who have pets'."""
    for at, mention in enumerate(draft.mentions):
        if not any(match.table == table and not match.column and match.score >= 0.75 for match in mention.columns[:4]):
            continue
        before = draft.mentions[max(0, at - 4) : at]
        if is_placed(draft, at):
            return True
        if draft.language == "zh" and draft.asks(at + 1, "count"):
            return True
        if any(other.asks("count") or other.asks("super") or other.asks("cmp") for other in before):
            return True
        if (
            any(
                other.value
                in (
                    "who",
                    "that",
                    "which",
                    "with",
                    "have",
                    "has",
                    "had",
                    "having",
                    "whose",
                    "in",
                    "by",
                    "used",
                    "participate",
                    "own",
                    "without",
                    "any",
                    "some",
                )
                for other in before
            )
            and at > 2
        ):
            return True
    return False


def looked_up(draft: Draft, plan: Plan) -> Plan:
    """Averages over single rows that the question picks by name are their cells."""
    measures = [output for output in plan.select if isinstance(output, Measure)]
    chosen = {test.left for test in plan.where if isinstance(test, Condition) and test.sign in ("=", "in") and isinstance(test.left, Field)}
    keys = {field for field in chosen if isinstance(field, Field) and draft.catalog.is_key(field)}
    if not measures or not keys or plan.limit or plan.having or not set(plan.group) <= keys:
        return plan
    homes = reached({field.table for field in keys}, draft.catalog.schema)
    of = [
        measure.of
        for measure in measures
        if isinstance(measure.of, Field) and measure.of.table in homes and measure.aggregate in ("avg", "sum") and not measure.where
    ]
    if len(of) < len(measures) or len(measures) + len(plan.group) < len(plan.select):
        return plan
    return replace(plan, select=tuple(of), group=(), order=())


def rows_counted(output: Output, plan: Plan) -> Output:
    """Different cells of a column that is held to one value are always one: its rows are meant, as in '美国客人有多少'."""
    if not isinstance(output, Measure) or output.aggregate != "count_distinct":
        return output
    held = any(isinstance(test, Condition) and test.left == output.of and test.sign == "=" for test in plan.where)
    return Measure("count", where=output.where) if held else output


def finished(draft: Draft, plan: Plan) -> Plan:
    """The plan with the orders that were asked for, and tables that only tests need."""
    if not plan.tables and not plan.everything and not list(fields((plan.select, plan.where, plan.group, plan.having))):
        plan = replace(plan, tables=(draft.catalog.main_table,))
    plan = distinct_things(draft, told_apart(draft, plan))
    plan = with_names(draft, worth(draft, acted(draft, of_things_with_many(draft, plan))))
    plan = needed_tables(draft, of_things(draft, looked_up(draft, set_operation(draft, plan))))
    if not plan.via and (via := spoken_joins(draft)):
        plan = replace(plan, via=via)
    if plan.having and len(draft.catalog.schema.tables) == 1 and plan.group:
        tested = [
            test.left
            for test in plan.having
            if isinstance(test, Condition) and isinstance(test.left, Measure) and test.left not in plan.select
        ]
        plan = replace(plan, select=(*plan.select, *dict.fromkeys(tested)))
    plan = replace(plan, select=tuple(rows_counted(output, plan) for output in plan.select))
    axes = draft.mark or any(target in ("x", "y") for target, _ in draft.sorts) or draft.asks_several
    only = plan.select[0] if len(plan.select) == 1 else None
    if axes and draft.counted and isinstance(only, Measure) and only.aggregate in ("count", "count_distinct") and not plan.group:
        plan = replace(plan, select=(draft.counted, Measure("count")), group=(draft.counted,))
    if draft.flags.get("skip blank"):
        plan = replace(plan, where=(*plan.where, *(Condition(item, "not null") for item in plan.group if isinstance(item, Field))))
    plan = dated(draft, plan)
    plan = as_chart(draft, of_acts(draft, of_groups(draft, of_children(draft, plan))))
    orders = tuple(order for order in (settled_order(draft, plan, target, descending) for target, descending in draft.sorts) if order)
    if orders and not plan.top_each:
        plan = replace(plan, order=orders)
    return plan


STRAY = 0.02  # of the rows; more without a date are worth seeing


def dated(draft: Draft, plan: Plan) -> Plan:
    """A series of averages or of single figures without the few rows that have no date; sums and counts keep theirs."""
    times = [
        item for item in (*plan.group, *plan.select) if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_date(item))
    ]
    others = [output for output in plan.select if output not in times]
    if not times or not others or plan.everything or plan.limit or plan.top_each or plan.where:
        return plan
    if not all(fits_series(draft, output) for output in others) or set(plan.group) - set(times):
        return plan
    field = next(fields(times[0]))
    column = draft.catalog.column(field)
    few = 0 < column.missing <= max(1.0, STRAY * column.rows)
    return replace(plan, where=(Condition(field, "not null"),)) if few else plan


def fits_series(draft: Draft, output: Output) -> bool:
    """Whether it is a figure that says nothing without its date."""
    if isinstance(output, Measure):
        return output.aggregate in ("avg", "median", "min", "max")
    return isinstance(output, Field) and draft.catalog.is_measure(output) and bool(draft.flags.get("trend") or draft.mark == "line")


def as_chart(draft: Draft, plan: Plan) -> Plan:
    """A named chart's rows: a category comes before the figure it has; a lone category is counted."""
    if (
        draft.language == "zh"
        or not (draft.mark or any(target in ("x", "y") for target, _ in draft.sorts))
        or plan.combine
        or plan.top_each
    ):
        return plan
    shown = list(plan.select)
    if len(plan.group) == 1 and not plan.having and (one := one_each(draft, plan)):
        return replace(plan, select=(one, Measure("count")), group=(one,), order=())
    if any(not isinstance(item, Field) for item in shown) or plan.group or draft.axes:
        return plan
    numbers = [item for item in shown if isinstance(item, Field) and draft.catalog.is_number(item) and not draft.catalog.is_year(item)]
    if len(shown) == 2 and len(numbers) == 1 and draft.mark != "scatter" and shown[0] == numbers[0]:
        return replace(plan, select=(shown[1], shown[0]))
    own = [item for item in shown if item not in draft.from_tables]
    if len(own) == 1 and not numbers and draft.mark in ("bar", "pie") and not plan.limit:
        return replace(plan, select=(own[0], Measure("count")), group=(own[0],), distinct=False)  # type: ignore[arg-type]
    return plan


def of_children(draft: Draft, plan: Plan) -> Plan:
    """Rows counted by the key of their own table would all be one: the rows of the table that points to it are meant."""
    key = plan.group[0] if len(plan.group) == 1 else None
    if not isinstance(key, Field) or not draft.catalog.is_key(key) or plan.where or plan.having or plan.limit or plan.combine:
        return plan
    if set(plan.select) != {key, Measure("count")} or any(table != key.table for table in plan.tables):
        return plan
    children = [join for join in draft.catalog.schema.joins if (join.parent_table, join.parent_column) == (key.table, key.column)]
    children = [join for join in children if join.table != key.table]
    if len(children) != 1:
        return plan
    child = Field(children[0].table, children[0].column)
    return replace(plan, select=tuple(child if item == key else item for item in plan.select), group=(child,), tables=(child.table,))


def of_groups(draft: Draft, plan: Plan) -> Plan:
    """Rows of a table grouped by what tells each of them apart are one each: the rows that point to them are counted."""
    named = [item for item in plan.group if isinstance(item, Field)]
    homes = {field.table for field in named}
    counts = any(isinstance(test, Condition) and test.left == Measure("count") for test in plan.having) or Measure("count") in plan.select
    if len(named) != len(plan.group) or len(homes) != 1 or not counts or plan.combine or plan.top_each or plan.limit:
        return plan
    home = next(iter(homes))
    named_rows = {*draft.catalog.labels(home), *draft.catalog.identifiers(home)} >= set(named) and not draft.mark and not draft.axes
    settled = draft.catalog.settles(home, [field.column for field in named])
    if not named_rows or not settled or any(table != home for table in tables_of(plan)):
        return plan
    children = list(dict.fromkeys(join.table for join in draft.catalog.schema.joins if join.parent_table == home and join.table != home))
    spoken = [
        table
        for table in children
        if any(match.table == table and match.score >= 0.5 for mention in draft.mentions for match in mention.columns[:2])
    ]
    found = spoken or children
    return replace(plan, tables=(found[0], home)) if len(found) == 1 else plan


def of_acts(draft: Draft, plan: Plan) -> Plan:
    """'Which customer ordered most often': where each customer has one row, the rows of the table that points to them are counted."""
    if not ranks_nothing(draft.catalog, plan) and not done_most(draft, plan):
        return plan
    thing = plan.group[0]
    assert isinstance(thing, Field)
    children = {join.table for join in draft.catalog.schema.joins if join.parent_table == thing.table} - {thing.table}
    if len(children) != 1:
        return plan
    counted = plan.order[0].by
    draft.flags["acts"] = next(iter(children))
    shown = tuple(Measure("count") if item == counted else item for item in plan.select)
    return replace(plan, select=shown, tables=(*plan.tables, *children), order=(replace(plan.order[0], by=Measure("count")),))


def done_most(draft: Draft, plan: Plan) -> bool:
    """'Which genre is borrowed most': rows of a table without days are ranked by a verb that no column speaks of."""
    by = plan.order[0].by if len(plan.order) == 1 and plan.limit else None
    thing = plan.group[0] if len(plan.group) == 1 else None
    if by != Measure("count") or not isinstance(thing, Field) or plan.where or tables_of(plan) != [thing.table] or draft.top is None:
        return False
    beside = [draft.mentions[at] for at in (draft.top.at - 1, draft.top.at + 1) if 0 <= at < len(draft.mentions)]
    verb = any(mention.kind == "word" and mention.text.lower().endswith("ed") and not mention.columns for mention in beside)
    return verb and not draft.catalog.dates(thing.table)


def one_each(draft: Draft, plan: Plan) -> Field | None:
    """The column whose cells are counted for each row of its own table: as each row has one, the rows of each cell are meant."""
    key = plan.group[0]
    counts = [item.of for item in plan.select if isinstance(item, Measure) and item.aggregate == "count_distinct"]
    if len(counts) != 1 or len(plan.select) != 2 or not isinstance(key, Field) or not isinstance(counts[0], Field):
        return None
    column = draft.catalog.column(key)
    return counts[0] if key.table == counts[0].table and column.distinct >= 0.95 * max(1, column.rows) else None


def own_column(draft: Draft, at: int, outputs: Sequence[Output]) -> Field | None:
    """What a word behind 'by their' means: a column of the things shown, where one of theirs answers to it at all."""
    shown = {field.table for output in outputs for field in fields(output)}
    own = (field for field, _ in draft.options(at) if field.table in shown)
    theirs = next(own, None) if draft.mentions[at - 1].text.lower() in ("their", "its") else None
    return theirs or draft.column(at)


def settled_order(draft: Draft, plan: Plan, target: str, descending: bool) -> Order | None:
    """A sorting by the output it means."""
    outputs = list(plan.select)
    figures = [output for output in outputs if aggregated(output)]
    if target.startswith("at "):
        at = int(target[3:])
        said = draft.mentions[at].text.lower()
        identifiers = [item for item in outputs if isinstance(item, Field) and draft.catalog.words(item)[-1:] == ("id",)]
        if said in ("id", "ids") and len(identifiers) == 1:
            return Order(identifiers[0], descending)
        for field, _ in draft.options(at):
            for output in outputs:
                if (
                    output == field
                    or (isinstance(output, Measure) and output.of == field)
                    or (isinstance(output, Grain) and output.field == field)
                ):
                    return Order(output, descending)
        if draft.mentions[at].value in ("name", "names") or draft.mentions[at].text.lower() in ("name", "names", "bar", "bars"):
            return Order(outputs[0], descending) if outputs else None
        named = own_column(draft, at, outputs) if draft.mentions[at].kind == "column" else None
        if named:
            return Order(Measure(default_aggregate(draft, named), named) if plan.group and named not in plan.group else named, descending)
        return Order(figures[0], descending) if figures else None
    if not outputs and not plan.everything:
        return None
    if not outputs:
        outputs = [*draft.catalog.labels(plan.everything)]
    if target == "x":
        return Order(outputs[0], descending)
    if target == "y":
        return Order(figures[0] if figures else outputs[-1], descending)
    if any(
        mention.text.lower()
        in ("newest first", "latest first", "most recent first", "oldest first", "earliest first", "chronological order")
        for mention in draft.mentions
    ):
        home = plan.everything or (plan.tables[0] if plan.tables else "")
        homes = [home, *(table for at in range(len(draft.mentions)) if (table := draft.table(at)) in tables_of(plan))] if home else []
        dates = [date for name in homes for date in draft.catalog.dates(name or "")]
        if dates and not plan.group:
            return Order(dates[0], descending and not any("oldest first" in mention.text.lower() for mention in draft.mentions))
    numbers = [output for output in outputs if isinstance(output, Field) and draft.catalog.is_number(output)]
    return Order(figures[0] if figures else numbers[0] if numbers else outputs[0], descending)
