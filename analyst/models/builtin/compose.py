"""From what was read of a question to a plan."""

from __future__ import annotations

from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.ends import subject_of, top_target, when_expression
from analyst.models.builtin.filters import default_measure, read_filters
from analyst.models.builtin.followup import follow, is_follow_up
from analyst.models.builtin.grouping import read_chart, read_grains, read_groups, read_inner_top, read_sorting, read_top
from analyst.models.builtin.measuring import (
    default_aggregate,
    read_aggregates,
    read_counts,
    read_headers_with_aggregates,
    read_money,
    read_quantiles,
)
from analyst.models.builtin.plan import (
    Arithmetic,
    Combined,
    Condition,
    Expression,
    Field,
    Grain,
    Measure,
    Order,
    Output,
    Plan,
    Test,
    TopEach,
    aggregated,
    fields,
)
from analyst.models.builtin.specials import apply_specials, read_specials
from analyst.words.lexicon import concepts_by_phrase
from analyst.words.tokens import header_stems

EACH = (
    "each",
    "every",
    "per",
    "for each",
    "in each",
    "for every",
    "within each",
    "of each",
    "in every",
    "各",
    "每个",
    "每",
    "每种",
    "每类",
    "各个",
    "每一个",
    "at each",
)


def understand(draft: Draft, before: Plan | None = None) -> Plan:
    """The plan for a question, or for one that changes the plan before."""
    read_chart(draft)
    read_specials(draft)
    read_quantiles(draft)
    note_tables(draft)
    read_grains(draft)
    read_sorting(draft)
    read_groups(draft)
    read_top(draft)
    read_inner_top(draft)
    read_filters(draft)
    read_counts(draft)
    read_aggregates(draft)
    if not draft.top:
        read_headers_with_aggregates(draft)
        read_money(draft)
    plan = base_plan(draft)
    if before is not None and is_follow_up(draft):
        return finished(draft, follow(draft, plan, before))
    return finished(draft, apply_specials(draft, plan))


def note_tables(draft: Draft) -> None:
    """Tables that the question names."""
    for at, mention in enumerate(draft.mentions):
        table = draft.table(at) if mention.kind == "table" and mention.columns[0].score >= 0.75 else None
        if table and table not in draft.tables:
            draft.tables.append(table)


def base_plan(draft: Draft) -> Plan:
    """Rows, groups or a ranking, before shares, growth and their like."""
    if draft.top:
        return ranked(draft)
    when = when_expression(draft)
    shown, table = subject_of(draft)
    draft.shown, draft.subject = list(shown), table
    if "aggregate" in draft.flags and not draft.measures:
        attach_aggregate(draft, shown)
    if "everything" in draft.flags and not draft.measures and not draft.group:
        return everything(draft, table)
    if when is not None and when not in shown and not draft.measures:
        shown.insert(0, when)
    numbers = [item for item in shown if isinstance(item, Field) and draft.catalog.is_measure(item)]
    others = [item for item in shown if item not in numbers]
    if (
        draft.mark in ("scatter", "line")
        and draft.group
        and not draft.measures
        and len(shown) == 2
        and not any(isinstance(item, Grain) for item in draft.group)
    ):
        return Plan(tuple(dict.fromkeys((*shown, *draft.group))), tests(draft), order=draft_order(shown, draft))
    if draft.measures or draft.group:
        return grouped(draft, numbers, others)
    return listed(draft, shown, numbers, table)


def attach_aggregate(draft: Draft, shown: list[Expression]) -> None:
    """An aggregate word whose column was found only later, or was never said."""
    numbers = [item for item in shown if isinstance(item, Field) and draft.catalog.is_number(item)]
    of = numbers[0] if numbers else default_measure(draft)
    if of is not None:
        draft.measures.append(Measure(draft.flags.pop("aggregate"), of))  # type: ignore[arg-type]
        if of in shown:
            shown.remove(of)


def everything(draft: Draft, table: str | None) -> Plan:
    """All columns of the rows."""
    name = table or (draft.tables[0] if draft.tables else draft.catalog.schema.tables[0].name)
    return Plan(where=tests(draft), everything=name, tables=(name,))


def tests(draft: Draft) -> tuple[Test, ...]:
    """All tests on rows."""
    return (*draft.value_tests, *draft.period_tests, *draft.where)


def grouped(draft: Draft, numbers: list[Field], others: list[Expression]) -> Plan:
    """Measures by group; without measures the numbers that are named, else a count."""
    measures = list(draft.measures)
    shown = [*others, *numbers]
    if shown and not measures and draft.group and all(item in draft.from_tables for item in draft.group) and not draft.having:
        return Plan(tuple(item for item in draft.shown), tests(draft), tables=tuple(draft.tables))
    named = {item.table for item in (*draft.group, *others) if isinstance(item, Field) and item not in draft.from_tables}
    group = [
        item
        for item in draft.group
        if item not in draft.from_tables or not isinstance(item, Field) or item.table not in named or item in others
    ]
    group += [
        item
        for item in others
        if isinstance(item, Field)
        and len(group) < len(draft.group)
        and item.table in {old.table for old in draft.from_tables if isinstance(old, Field)}
        and item not in group
    ]
    for other in others:
        if other in group or any(isinstance(item, Grain) and item.field == other for item in group):
            continue
        if (
            (isinstance(other, Field) and draft.catalog.is_time(other) and not group and not draft.flags.get("when"))
            or (
                isinstance(other, Field)
                and (not group or not draft.catalog.is_parent_key(other))
                and all(field.table == other.table for field in fields(tuple(group)))
                and len(others) == 1
                and group
                and not draft.catalog.is_key(other)
                and measures
            )
            or not group
            or draft.flags.get("when")
            or (group and isinstance(group[0], Field) and isinstance(other, Field) and group[0].table == other.table and len(group) < 3)
        ):
            group.append(other)
    if numbers and not any(not is_count(measure) for measure in measures) and not (measures and not draft.group):
        raw = settled(draft, group)
        outputs: list[Output] = [number if raw else Measure(default_aggregate(draft, number), number) for number in numbers]
        if raw and not measures:
            return Plan((*group, *outputs), tests(draft), order=series_order(group))
        measures += outputs
    if numbers and measures and group and ("compare" in draft.flags or draft.mark == "scatter"):
        kept = (
            measures[0].aggregate if isinstance(measures[0], Measure) and measures[0].aggregate in ("avg", "median", "max", "min") else None
        )
        measures += [Measure(kept or default_aggregate(draft, number), number) for number in numbers]
    if not measures:
        measures = [Measure("count")]
    measures = [
        Measure("count")
        if isinstance(measure, Measure) and measure.aggregate in ("count_distinct", "sum") and measure.of in group
        else measure
        for measure in measures
    ]
    measures = list(dict.fromkeys(measures))
    return Plan((*group, *measures), tests(draft), tuple(group), tuple(draft.having), series_order(group), tables=tuple(draft.tables))


def is_count(output: Output) -> bool:
    """Whether an output counts rows."""
    return isinstance(output, Measure) and output.aggregate == "count"


def series_order(group: list[Expression]) -> tuple[Order, ...]:
    """Time goes forward."""
    return tuple(Order(item) for item in group if isinstance(item, Grain) and item.unit not in ("weekday", "weekend"))


def settled(draft: Draft, group: list[Expression]) -> bool:
    """Whether the groups are single rows, so that nothing needs to be put together."""
    columns = [item for item in group if isinstance(item, Field)] + list(draft.eq_fields)
    tables = {field.table for field in columns}
    return (
        len(tables) == 1 and len(columns) >= len(group) and draft.catalog.settles(next(iter(tables)), [field.column for field in columns])
    )


def listed(draft: Draft, shown: list[Expression], numbers: list[Field], table: str | None) -> Plan:
    """Rows as they are; a lone amount is added up, and tests alone count rows."""
    if draft.having and shown:
        return Plan(tuple(shown), tests(draft), tuple(shown), tuple(draft.having), tables=tuple(draft.tables))
    name = table or (draft.tables[0] if draft.tables else None)
    if draft.having and name:
        labels = draft.catalog.labels(name)
        keys = draft.catalog.identifiers(name)
        return Plan(labels, tests(draft), tuple(dict.fromkeys((*keys, *labels))), tuple(draft.having), tables=tuple(draft.tables))
    if shown and len(numbers) == len(shown) and not name_asked(draft) and not settled(draft, []):
        summed = Plan(
            tuple(Measure(default_aggregate(draft, number), number) for number in numbers), tests(draft), tables=tuple(draft.tables)
        )
        rows = Plan(tuple(shown), tests(draft), tables=tuple(draft.tables))
        added = all(draft.catalog.adds_up(number) for number in numbers) and (table is None or not draft.asks(0, "list"))
        return draft.chooser.choose("sum or rows", [(summed, 0.7), (rows, 0.3)] if added else [(rows, 0.6), (summed, 0.4)])
    if (
        len(shown) == 1
        and isinstance(shown[0], Field)
        and draft.catalog.is_date(shown[0])
        and tests(draft)
        and not name_asked(draft)
        and not draft.flags.get("when")
        and draft.catalog.is_key(shown[0])
    ):
        return Plan((Measure("count"),), tests(draft))
    if shown:
        return Plan(
            tuple(shown), tests(draft), distinct="distinct" in draft.flags, tables=tuple(draft.tables), order=draft_order(shown, draft)
        )
    name = name or (draft.catalog.schema.tables[0].name if len(draft.catalog.schema.tables) == 1 else first_table(draft))
    if not tests(draft) or name_asked(draft) or table:
        labels = draft.catalog.labels(name)
        named = Plan(labels, tests(draft), tables=(name, *(other for other in draft.tables if other != name)))
        whole = Plan(where=tests(draft), everything=name, tables=(name,))
        single = len(draft.catalog.schema.tables) == 1
        return draft.chooser.choose("label or row", [(whole, 0.6), (named, 0.4)] if single else [(named, 0.6), (whole, 0.4)])
    labels = draft.catalog.labels(name)
    countable = (
        labels
        and not draft.catalog.is_number(labels[0])
        and draft.catalog.column(labels[0]).role != "identifier"
        and draft.catalog.is_key(labels[0])
    )
    counts = Plan((Measure("count"),), tests(draft), tables=(name,))
    if countable and not all(isinstance(test, Condition) and test.sign == "=" for test in tests(draft)):
        compared = tuple(field for field in dict.fromkeys(fields(tests(draft))) if draft.catalog.is_measure(field))
        return draft.chooser.choose("rows or count", [(Plan((*labels, *compared), tests(draft), tables=(name,)), 0.7), (counts, 0.3)])
    return counts


def draft_order(shown: list[Expression], draft: Draft) -> tuple[Order, ...]:
    """A trend of raw rows goes forward in time."""
    return tuple(Order(item) for item in shown if isinstance(item, Field) and draft.catalog.is_time(item)) if "trend" in draft.flags else ()


def name_asked(draft: Draft) -> bool:
    """Whether the question asks for things rather than for a figure."""
    return any(
        mention.asks("which") or mention.asks("apiece") or mention.text.lower() in ("list", "show", "give", "列出", "哪些", "有哪些")
        for mention in draft.mentions
        if mention.text.lower() not in ("what", "what is", "what are", "什么")
    )


def first_table(draft: Draft) -> str:
    """The table that the tests are about."""
    found = list(fields(tuple(draft.where))) + list(fields(tests(draft)))
    return found[0].table if found else draft.catalog.schema.tables[0].name


# ---------------------------------------------------------------------------------------- rankings
def ranked(draft: Draft) -> Plan:
    """The rows or groups at one end."""
    top = draft.top
    assert top
    nested = nested_plan(draft)
    if nested:
        return nested
    draft.measures_said = bool(draft.measures)
    places = len(draft.used)
    target = top_target(draft, top)
    draft.measures_said = draft.measures_said or len(draft.used) > places or bool(top.concept)
    if isinstance(target, Measure) and target not in draft.measures:
        draft.measures.append(target)
    when = when_expression(draft)
    shown, table = subject_of(draft)
    draft.shown, draft.subject = list(shown), table
    if when is not None:
        shown = [item for item in shown if not (isinstance(item, Field) and draft.catalog.is_time(item))]
        shown.insert(0, when)
    if isinstance(target, Field) and target in shown:
        shown.remove(target)
    partitions: list[Expression] = []
    subjects: list[Expression] = [
        item for item in shown if not (isinstance(item, Field) and draft.catalog.is_measure(item) and item != target)
    ]
    extras: list[Output] = [item for item in shown if item not in subjects]
    if draft.group:
        if subjects or (table and not all(isinstance(item, Field) and item.table == table for item in draft.group)):
            partitions = list(draft.group)
        else:
            subjects = list(draft.group)
    if not subjects and not table and isinstance(target, Field | Arithmetic | Measure):
        table = people_of(draft, next((field.table for field in fields(target)), main_table(draft)))
        if table and isinstance(target, Field | Arithmetic):
            target = Measure(default_aggregate(draft, target), target)
    if not subjects and table:
        subjects = list(draft.catalog.labels(table))
    return place(draft, target, subjects, partitions, extras)


def nested_plan(draft: Draft) -> Plan | None:
    """A figure over what is itself chosen by a superlative, such as concerts in the stadium with the largest capacity."""
    top = draft.top
    assert top
    if not draft.measures or top.counted or draft.group or draft.language == "zh" or not draft.tables:
        return None
    first = next((at for at, mention in enumerate(draft.mentions) if mention.asks("count") or mention.asks("agg")), top.at)
    before = [mention.value for mention in draft.mentions[max(0, top.at - 3) : top.at]]
    if top.at - first < 4 or not {"with", "have", "has", "had", "by", "in", "of"} & set(before):
        return None
    kept, draft.measures = draft.measures, []
    target = top_target(draft, top)
    draft.measures = kept
    if not isinstance(target, Field) or not draft.catalog.identifiers(target.table):
        return None
    key = draft.catalog.identifiers(target.table)[0]
    chosen = Plan((key,), order=(Order(target, top.descending),), limit=1)
    draft.where.append(Condition(key, "in", (chosen,)))
    draft.top = None
    subject_of(draft)
    return Plan(tuple(draft.measures), tests(draft), tables=tuple(draft.tables))


def place(draft: Draft, target: Output | None, subjects: list[Expression], partitions: list[Expression], extras: list[Output]) -> Plan:
    """Rank the subjects, as a whole or within each group."""
    top = draft.top
    assert top
    if target is None:
        target = Measure("count")
    if isinstance(target, Field) and draft.catalog.is_time(target) and draft.flags.get("when") == "date" and not partitions:
        return Plan((Measure("max" if top.descending else "min", target),), tests(draft))
    asked = any(mention.asks("which") and mention.kind in ("which", "list") for mention in draft.mentions)
    if isinstance(target, Field) and draft.group and subjects == draft.group and not top.counted and not asked and not draft.having:
        figure = Measure("max" if top.descending else "min", target)
        return Plan((*subjects, figure), tests(draft), tuple(subjects), order=series_order(subjects))
    if isinstance(target, Field | Arithmetic) and not subjects and not partitions and not top.counted:
        return extreme(draft, target, extras)
    if isinstance(target, Field | Arithmetic) and not subjects and not partitions:
        subjects = list(draft.catalog.labels(next(fields(target)).table))
    if (
        isinstance(target, Measure)
        and isinstance(target.of, Field)
        and target.aggregate in ("avg", "sum")
        and not draft.group
        and unique_rows(draft, target.of, subjects)
    ):
        target = target.of
    by_row = isinstance(target, Field | Arithmetic) and not draft.having and rows_are_subjects(draft, target, subjects, partitions)
    if isinstance(target, Field | Arithmetic) and not by_row:
        target = Measure(default_aggregate(draft, target), target)
    shown = [*partitions, *subjects]
    order = Order(target, top.descending)
    group = () if by_row else tuple(dict.fromkeys(shown))
    if not by_row and isinstance(target, Measure) and target.where == () and target.of in shown:
        target = Measure("count")
        order = Order(target, top.descending)
    figures = (
        tuple(extras) if by_row else tuple(item if aggregated(item) else Measure(default_aggregate(draft, item), item) for item in extras)  # type: ignore[arg-type]
    )
    outputs: tuple[Output, ...] = tuple(dict.fromkeys((*shown, *figures, target)))
    if not shows_figure(draft, by_row, partitions, target) and shown:
        outputs = tuple(output for output in outputs if output != target)
    plan = Plan(outputs, tests(draft), group, tuple(draft.having), (order,), top.limit, tables=tuple(draft.tables))
    if draft.inner_top and by_row and subjects and isinstance(subjects[0], Field):
        column, descending, limit = draft.inner_top
        inner = Plan((subjects[0],), plan.where, order=(Order(column, descending),), limit=limit)
        return replace(plan, where=(Condition(subjects[0], "in", (inner,)),))
    if partitions:
        return replace(plan, order=(), limit=None, top_each=TopEach(tuple(partitions), order, top.limit or 1))
    return plan


def shows_figure(draft: Draft, by_row: bool, partitions: list[Expression], target: Output) -> bool:
    """Whether the figure that ranks is shown as well: always in a chart, where it is named ('by revenue'), and over a single table."""
    if draft.mark or partitions or "measured by" in draft.flags or any(mention.kind == "howmuch" for mention in draft.mentions):
        return True
    if isinstance(target, Measure) and target.aggregate in ("sum", "avg") and isinstance(target.of, Field | Arithmetic):
        return True
    top = draft.top
    single = len(draft.catalog.schema.tables) == 1
    return (single and not by_row) or bool(top and top.counted and single and by_row and draft.language == "en")


def extreme(draft: Draft, target: Field | Arithmetic, extras: list[Output]) -> Plan:
    """A superlative with nothing to rank: the figure itself, or the row it stands in."""
    top = draft.top
    assert top
    figure = Plan((Measure("max" if top.descending else "min", target), *()), tests(draft))
    labels = draft.catalog.labels(next(fields(target)).table)
    row = Plan((*labels, *extras, target), tests(draft), order=(Order(target, top.descending),), limit=top.limit)
    thing = (
        any(mention.text.lower() in ("who", "which", "谁", "哪个", "哪位", "thing", "one", "row", "record") for mention in draft.mentions)
        or top.concept == "price"
    )
    return draft.chooser.choose("figure or row", [(row, 0.6), (figure, 0.4)] if thing else [(figure, 0.65), (row, 0.35)])


def unique_rows(draft: Draft, target: Field, subjects: list[Expression]) -> bool:
    """Whether each subject stands in one row of the target's table."""
    named = [item.column for item in subjects if isinstance(item, Field) and item.table == target.table]
    return len(named) == len(subjects) > 0 and draft.catalog.settles(target.table, named)


def rows_are_subjects(draft: Draft, target: Field | Arithmetic, subjects: list[Expression], partitions: list[Expression]) -> bool:
    """Whether each row is one of the things ranked, so that its own figure counts."""
    named = [item for item in subjects if isinstance(item, Field)]
    if len(named) < len(subjects):
        return False
    home = next(fields(target)).table
    given = [field.column for field in (*named, *draft.eq_fields) if field.table == home]
    if draft.catalog.settles(home, given) or any(draft.catalog.is_key(field) for field in named if field.table == home):
        return True
    if any(field.table != home for field in named):
        return False
    if home in draft.tables and not draft.group:
        return True
    return any(draft.catalog.column(field).distinct > 0.95 * max(1, draft.catalog.column(field).rows) for field in named)


def set_operation(draft: Draft, plan: Plan) -> Plan:
    """'Both A and B' and 'A but not B' on what one thing has several of: rows of two queries compared."""
    if plan.combine or plan.limit or plan.everything or any(aggregated(output) for output in plan.select) or not plan.select:
        return plan
    said = any(mention.text.lower() in ("both", "as well as", "and also", "既", "同时", "都") for mention in draft.mentions)
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


def people_of(draft: Draft, home: str) -> str | None:
    """The table of people that rows point to, where a question asks 'who'."""
    if not any(mention.text.lower() in ("who", "谁") for mention in draft.mentions):
        return None
    parents = [join.parent_table for join in draft.catalog.schema.joins if join.table == home]
    named = [table for table in parents if {"customer", "employee", "salesperson"} & set(concepts_by_phrase().get(header_stems(table), ()))]
    return (named or parents or [None])[0]


def main_table(draft: Draft) -> str:
    """The table whose rows are meant where none is named: the one that points to others, the largest of them."""
    joins = draft.catalog.schema.joins
    return max(draft.catalog.schema.tables, key=lambda table: (sum(join.table == table.name for join in joins), table.rows)).name


def looked_up(draft: Draft, plan: Plan) -> Plan:
    """Averages over single rows that the question picks by name are their cells."""
    measures = [output for output in plan.select if isinstance(output, Measure)]
    chosen = {test.left for test in plan.where if isinstance(test, Condition) and test.sign in ("=", "in") and isinstance(test.left, Field)}
    keys = {field for field in chosen if isinstance(field, Field) and draft.catalog.is_key(field)}
    if not measures or not keys or plan.limit or plan.having or not set(plan.group) <= keys:
        return plan
    of = [measure.of for measure in measures if isinstance(measure.of, Field) and measure.aggregate in ("avg", "sum") and not measure.where]
    if len(of) < len(measures) or len(measures) + len(plan.group) < len(plan.select):
        return plan
    return replace(plan, select=tuple(of), group=(), order=())


def finished(draft: Draft, plan: Plan) -> Plan:
    """The plan with the orders that were asked for, and tables that only tests need."""
    if not plan.tables and not plan.everything and not list(fields((plan.select, plan.where, plan.group, plan.having))):
        plan = replace(plan, tables=(main_table(draft),))
    plan = needed_tables(draft, looked_up(draft, set_operation(draft, plan)))
    only = plan.select[0] if len(plan.select) == 1 else None
    if (
        draft.mark
        and isinstance(only, Measure)
        and only.aggregate in ("count", "count_distinct")
        and isinstance(only.of, Field)
        and not plan.group
    ):
        plan = replace(plan, select=(only.of, Measure("count")), group=(only.of,))
    if draft.flags.get("skip blank"):
        plan = replace(plan, where=(*plan.where, *(Condition(item, "not null") for item in plan.group if isinstance(item, Field))))
    orders = tuple(order for order in (settled_order(draft, plan, target, descending) for target, descending in draft.sorts) if order)
    if orders and not plan.top_each:
        plan = replace(plan, order=orders)
    return plan


def settled_order(draft: Draft, plan: Plan, target: str, descending: bool) -> Order | None:
    """A sorting by the output it means."""
    outputs = list(plan.select)
    figures = [output for output in outputs if aggregated(output)]
    if target.startswith("at "):
        at = int(target[3:])
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
        named = draft.column(at) if draft.mentions[at].kind == "column" else None
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
        dates = draft.catalog.dates(home) if home else []
        if dates and not plan.group:
            return Order(dates[0], descending and not any("oldest first" in mention.text.lower() for mention in draft.mentions))
    numbers = [output for output in outputs if isinstance(output, Field) and draft.catalog.is_number(output)]
    return Order(figures[0] if figures else numbers[0] if numbers else outputs[0], descending)


__all__ = ["Combined", "understand"]
