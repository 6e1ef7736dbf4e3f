"""Plans that list rows or measure groups."""

from __future__ import annotations

import re

from analyst.models.builtin.catalog import reached
from analyst.models.builtin.comparing import default_measure
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.measuring import default_aggregate
from analyst.models.builtin.plan import Bin, Condition, Expression, Field, Grain, Measure, Order, Output, Plan, Test, fields
from analyst.models.builtin.who import people_of_role


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
    counting = bool(measures) and all(
        is_count(measure) or (isinstance(measure, Measure) and measure.aggregate == "count_distinct") for measure in measures
    )
    if counting and not draft.group and not draft.mark and draft.mentions[0].text.lower() == "how many" and not draft.flags.get("when"):
        others = []
    shown = [*others, *numbers]
    homes = {field.table for field in fields(tuple(draft.group))}
    at_home = all(number.table in homes for number in numbers)
    if at_home and shown and not measures and draft.group and all(item in draft.from_tables for item in draft.group) and not draft.having:
        listed_columns = list(draft.shown)
        per = "per" in {mention.text.lower() for mention in draft.mentions} and len(numbers) == len(shown)  # sick days per employee
        if (draft.mark and len(listed_columns) == 1) or per:
            listed_columns = [*draft.group, *listed_columns]
        return Plan(tuple(dict.fromkeys(listed_columns)), tests(draft), tables=tuple(draft.tables))
    if shown and not measures and draft.group and not draft.having and at_home and settled(draft, list(draft.group)):
        return Plan(tuple(dict.fromkeys((*draft.group, *shown))), tests(draft), tables=tuple(draft.tables))
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
        raw = all(one_each(draft, group, number) for number in numbers)
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
    """Time goes forward, and numbers go up."""
    return tuple(
        Order(item) for item in group if (isinstance(item, Grain) and item.unit not in ("weekday", "weekend")) or isinstance(item, Bin)
    )


def settled(draft: Draft, group: list[Expression]) -> bool:
    """Whether the groups are single rows, so that nothing needs to be put together."""
    columns = [item for item in group if isinstance(item, Field)] + list(draft.eq_fields)
    tables = {field.table for field in columns}
    return (
        len(tables) == 1 and len(columns) >= len(group) and draft.catalog.settles(next(iter(tables)), [field.column for field in columns])
    )


def asked_who(draft: Draft) -> bool:
    """Whether the question begins with 'who'."""
    return bool(draft.mentions) and draft.mentions[0].text.lower() in ("who", "谁")


def one_each(draft: Draft, group: list[Expression], number: Field) -> bool:
    """Whether each group holds one cell of a column: it is a single row, or points to the row that holds the cell."""
    columns = [item for item in group if isinstance(item, Field)] + list(draft.eq_fields)
    if not settled(draft, group):
        return False
    return number.table in reached({columns[0].table}, draft.catalog.schema)


def listed(draft: Draft, shown: list[Expression], numbers: list[Field], table: str | None) -> Plan:
    """Rows as they are; a lone amount is added up, and tests alone count rows."""
    if asked_who(draft) and shown and len(numbers) == len(shown) and len({field.table for field in numbers}) == 1 and tests(draft):
        shown = [*draft.catalog.labels(numbers[0].table), *shown]
    if draft.having and shown:
        return Plan(tuple(shown), tests(draft), tuple(shown), tuple(draft.having), tables=tuple(draft.tables))
    name = table or (draft.tables[0] if draft.tables else None)
    if draft.having:
        name = people_of_role(draft, 0, 3) or name or first_table(draft)  # dentists with more than 40 appointments
        labels = draft.catalog.labels(name)
        keys = draft.catalog.identifiers(name)
        return Plan(labels, tests(draft), tuple(dict.fromkeys((*keys, *labels))), tuple(draft.having), tables=tuple(draft.tables))
    if shown and len(numbers) == len(shown) and not name_asked(draft) and not all(one_each(draft, [], number) for number in numbers):
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
    if kinds := asked_for_kinds(draft, shown):
        return Plan(kinds, (*tests(draft), *there(draft, shown)), distinct=True, tables=tuple(draft.tables))
    if shown:
        return Plan(
            tuple(shown), tests(draft), distinct="distinct" in draft.flags, tables=tuple(draft.tables), order=draft_order(shown, draft)
        )
    name = name or (draft.catalog.schema.tables[0].name if len(draft.catalog.schema.tables) == 1 else first_table(draft))
    if table and tests(draft) and is_elliptic(draft) and not is_named(draft, table):
        return Plan((Measure("count"),), tests(draft), tables=tuple(dict.fromkeys((table, *draft.tables))))
    if one := picks_one(draft):
        return Plan(where=tests(draft), everything=one, tables=(one,))
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


WHAT_IS_THERE = re.compile(r"有哪些|有哪几|有什么|\b(?:are|is) there\b|\bdo (?:we|you|they) \w+\b", re.I)


def asked_for_kinds(draft: Draft, shown: list[Expression]) -> tuple[Expression, ...]:
    """'Which class types are there': the one column of kinds that is asked for, each of which is named once; nothing else."""
    only = shown[0] if len(shown) == 1 and isinstance(shown[0], Field) else None
    if only is None or not WHAT_IS_THERE.search(draft.text) or draft.catalog.is_key(only) or draft.catalog.is_parent_key(only):
        return ()
    column = draft.catalog.column(only)
    return (only,) if column.distinct < column.rows - column.missing else ()


def there(draft: Draft, shown: list[Expression]) -> tuple[Test, ...]:
    """A missing cell is no kind."""
    return tuple(Condition(field, "not null") for field in shown if isinstance(field, Field) and draft.catalog.column(field).missing)


def picks_one(draft: Draft) -> str | None:
    """The table of the row whose number alone is said, as in 'order 5003': the row itself is asked for."""
    only = tests(draft)[0] if len(tests(draft)) == 1 else None
    if not isinstance(only, Condition) or only.sign != "=" or not isinstance(only.left, Field):
        return None
    said = [mention for mention in draft.mentions if mention.kind not in ("sign", "list") and not mention.asks("list")]
    alone = len(said) <= NUMBER_ALONE and draft.catalog.is_key(only.left) and draft.catalog.is_number(only.left)
    return only.left.table if alone else None


NUMBER_ALONE = 3  # mentions of 'order number 5003'


def is_elliptic(draft: Draft) -> bool:
    """Whether a question is only a thing and what is said of it, with a question mark: 'visits at Riverside in January?'."""
    return draft.text.rstrip().endswith(("?", "？")) and bool(draft.mentions) and draft.mentions[0].kind == "table"


def is_named(draft: Draft, table: str) -> bool:
    """Whether rows of a table have names rather than only numbers."""
    labels = draft.catalog.labels(table)
    return bool(labels) and labels[0] not in draft.catalog.identifiers(table)


def draft_order(shown: list[Expression], draft: Draft) -> tuple[Order, ...]:
    """A trend of raw rows goes forward in time."""
    return tuple(Order(item) for item in shown if isinstance(item, Field) and draft.catalog.is_time(item)) if "trend" in draft.flags else ()


def name_asked(draft: Draft) -> bool:
    """Whether the question asks for things rather than for a figure."""
    if draft.mentions and draft.mentions[0].text.lower() == "people":
        return True
    return any(
        mention.asks("which") or mention.asks("apiece") or mention.text.lower() in ("list", "show", "give", "列出", "哪些", "有哪些")
        for mention in draft.mentions
        if mention.text.lower() not in ("what", "what is", "what are", "什么")
    )


def first_table(draft: Draft) -> str:
    """The table that the tests are about."""
    found = list(fields(tuple(draft.where))) + list(fields(tests(draft)))
    return found[0].table if found else draft.catalog.schema.tables[0].name
