"""Plans one step away from a plan: another column for one of its, an output less or more, a test read otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields as parts_of
from dataclasses import is_dataclass, replace
from itertools import combinations
from typing import Any

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import (
    Aggregate,
    Condition,
    Either,
    Field,
    Measure,
    Order,
    Output,
    Plan,
    Test,
    Window,
    aggregated,
    fields,
    tables_of,
)

Step = tuple[str, Plan]
WEAKER = 0.4  # how much worse than the column taken another one may fit the same words
FIGURES: tuple[Aggregate, ...] = ("sum", "avg", "max", "min")
SURE = 0.9  # of the words of a column
ARTICLES = ("the", "a", "an", "their", "its", "his", "her", "all", "corresponding")
OTHERS = 6  # columns tried in the place of one


def variants(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Every plan one step away, with the kind of the step."""
    if plan.after or plan.everything or any(isinstance(output, Window) for output in plan.select):
        return
    for steps in (outputs, columns, tests, tables, counts, orders, groups, pairs):
        yield from steps(draft, plan)


# ---------------------------------------------------------------- outputs
def outputs(draft: Draft, plan: Plan) -> Iterator[Step]:
    """An output less, a column more that the question names, rows once or as often as they are."""
    told = told_one_by_one(draft)
    if len(plan.select) > 1:
        for at, output in enumerate(plan.select):
            if output in told:
                continue
            kept = plan.select[:at] + plan.select[at + 1 :]
            if not aggregated(output):
                if not figures_alone(plan, kept):
                    yield "drop output", showing(plan, kept)
            elif not plan.limit or names_columns(draft) or (isinstance(output, Measure) and output.of is None):
                yield "drop figure", showing(plan, kept)
            if output in plan.group and len(plan.group) > 1:
                yield "drop group", showing(plan, kept, group=tuple(item for item in plan.group if item != output))
    for field in named_columns(draft):
        if field not in plan.select and len(plan.select) < 5:
            group = (*plan.group, field) if plan.group else ()
            if plan.group or not any(aggregated(output) for output in plan.select):
                yield "show more", showing(plan, (*plan.select, field), group=group)
    if not plan.group and not any(aggregated(output) for output in plan.select):
        yield ("no distinct" if plan.distinct else "distinct"), replace(plan, distinct=not plan.distinct)
    head = tuple(head_columns(draft))
    if head and head != plan.select and not plan.group:
        yield "head columns", showing(plan, head)
        if not plan.select or all(aggregated(output) for output in plan.select):
            return
        figures = tuple(output for output in plan.select if aggregated(output))
        if figures:
            yield "head columns", showing(plan, (*head, *figures))
    if plan.group and head and head != plan.group:
        figures = tuple(output for output in plan.select if aggregated(output))
        yield "head groups", showing(plan, (*head, *figures), group=head)


def told_one_by_one(draft: Draft) -> set[Field]:
    """Columns that the question lists, with a comma or 'and' before or after them; all of these are to be shown."""
    head = set(head_places(draft))
    joints = {at for at, mention in enumerate(draft.mentions) if mention.text.lower() in ("and", ",") or mention.asks("and")}
    found: set[Field] = set()
    for at in head:
        mention = draft.mentions[at]
        before = next((place for place in range(at - 1, -1, -1) if draft.mentions[place].text.lower() not in ARTICLES), None)
        if mention.kind == "column" and mention.columns[0].score >= SURE and ({at + 1, before} & joints) and (options := draft.options(at)):
            found.add(options[0][0])
    return found


def figures_alone(plan: Plan, kept: tuple[Output, ...]) -> bool:
    """Whether figures would be left without what they are figures of."""
    return bool(plan.group) and not plan.limit and all(aggregated(output) for output in kept)


def names_columns(draft: Draft) -> bool:
    """Whether the columns to show are told one by one ('the name and price of'), so that nothing else is wanted."""
    first = next((at for at, mention in enumerate(draft.mentions) if mention.kind == "column"), None)
    after = draft.mentions[first + 1].text.lower() if first is not None and first + 1 < len(draft.mentions) else ""
    return after in ("of", "and", ",", "for")


def showing(plan: Plan, select: tuple[Output, ...], **more: Any) -> Plan:  # noqa: ANN401 - parts of a plan
    """The plan with other outputs, on both sides of a set operation."""
    if plan.combine:
        kind, other = plan.combine
        more["combine"] = (kind, replace(other, select=select))
    return replace(plan, select=select, **more)


def named_columns(draft: Draft) -> list[Field]:
    """The likeliest column of every mention of one, and what names the rows of every table that is named."""
    found: list[Field] = []
    for at, mention in enumerate(draft.mentions):
        if mention.kind == "column":
            found += [field for field, _ in draft.options(at)[:1]]
        table = draft.table(at) if mention.kind == "table" and mention.columns[0].score >= 0.75 else None
        if table:
            found += [*draft.catalog.identifiers(table)[:1], *draft.catalog.labels(table)[:1]]
    return list(dict.fromkeys(found))


def head_columns(draft: Draft) -> list[Field]:
    """The columns named before the first clause that only says which rows are meant."""
    found: list[Field] = []
    for at in head_places(draft):
        if draft.mentions[at].kind == "column" and (options := draft.options(at)):
            found.append(options[0][0])
    return list(dict.fromkeys(found))


CLAUSES = frozenset(
    [
        "whose",
        "with",
        "where",
        "that",
        "who",
        "which",
        "for",
        "from",
        "in",
        "have",
        "has",
        "had",
        "having",
        "sorted",
        "ordered",
        "by",
        "at",
        "when",
        "on",
        "order",
        "sort",
        "do",
        "does",
        "did",
        "among",
        "without",
        "not",
        "ascending",
        "descending",
    ]
)
"""Words that begin a clause, which only says which rows are meant or how they are sorted."""
ENDS = (".", "?", "!", ";")


def head_places(draft: Draft) -> list[int]:
    """The places before the first clause, of the last sentence that names something: there stands what is to be shown."""
    found: list[int] = []
    sentence: list[int] = []
    named = closed = False
    for at, mention in enumerate(draft.mentions):
        if mention.text in ENDS:
            found = sentence if named else found
            sentence, named, closed = [], False, False
            continue
        closed = closed or (named and opens_clause(mention))
        named = named or mention.kind in ("column", "table")
        if not closed:
            sentence.append(at)
    return sentence if named else found


def opens_clause(mention: Mention) -> bool:
    """Whether a clause begins here."""
    return mention.value in CLAUSES or mention.text.lower() in CLAUSES or mention.kind in ("neg", "cmp", "sort", "super")


# ---------------------------------------------------------------- columns
def columns(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Another column in the place of one, in every part or in one."""
    for field in dict.fromkeys(fields((plan.select, plan.where, plan.group, plan.having, plan.order))):
        for kind, other in others_of(draft, field):
            where = tuple(exchanged(test, field, other) if keeps(test, field) else test for test in plan.where)
            new = exchanged(replace(plan, where=()), field, other)
            yield kind, replace(new, where=where)


def keeps(test: Test, field: Field) -> bool:
    """Whether a test may change its column: one on a cell of text may not."""
    return not (isinstance(test, Condition) and test.left == field and any(isinstance(value, str) for value in test.right))


def others_of(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """Columns that may be meant in the place of one, each with how it is related."""
    catalog = draft.catalog
    seen = {field}
    for kind, other in (*ends_of(draft, field), *linked_others(draft, field), *same_row(draft, field)):
        if other not in seen and catalog.has(other):
            seen.add(other)
            yield kind, other


def ends_of(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """The other end of a join."""
    for join in draft.catalog.schema.joins:
        child, parent = Field(join.table, join.column), Field(join.parent_table, join.parent_column)
        if field == child:
            yield "parent end", parent
        elif field == parent:
            yield "child end", child


def linked_others(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """Columns that the same words can mean."""
    for mention in draft.mentions:
        score = max((match.score for match in mention.columns if (match.table, match.column) == (field.table, field.column)), default=None)
        if score is None:
            continue
        near = [match for match in mention.columns if match.column and match.score >= score - WEAKER]
        for match in near[:OTHERS]:
            yield ("twin" if match.score >= score - 0.02 else "other link"), Field(match.table, match.column)


def same_row(draft: Draft, field: Field) -> Iterator[tuple[str, Field]]:
    """What names a row in the place of its key, and its key in the place of its name."""
    labels, keys = draft.catalog.labels(field.table), draft.catalog.identifiers(field.table)
    if field in labels:
        yield from (("label to key", key) for key in keys[:1])
    if field in keys or draft.catalog.column(field).role == "identifier":
        yield from (("key to label", label) for label in labels[:1])
    for join in draft.catalog.schema.joins:
        if (join.table, join.column) == (field.table, field.column):
            yield from (("key to parent label", label) for label in draft.catalog.labels(join.parent_table)[:1])


def exchanged(part: Any, old: Field, new: Field) -> Any:  # noqa: ANN401 - any part of a plan, given back as the same kind
    """A part of a plan with one column in the place of another."""
    if part == old:
        return new
    if isinstance(part, tuple):
        return tuple(exchanged(piece, old, new) for piece in part)
    if is_dataclass(part) and not isinstance(part, (Field, type)):
        changed = {
            piece.name: value
            for piece in parts_of(part)
            if (value := exchanged(before := getattr(part, piece.name), old, new)) is not before and value != before
        }
        return replace(part, **changed) if changed else part
    return part


# ---------------------------------------------------------------- tests
def tests(draft: Draft, plan: Plan) -> Iterator[Step]:
    """A test less, turned round, or on another column that holds the cell; two tests of which one must hold."""
    said = {mention.text.lower() for mention in draft.mentions}
    no = next((mention.start for mention in draft.mentions if mention.asks("neg")), None)
    for at, test in enumerate(plan.where):
        rest = plan.where[:at] + plan.where[at + 1 :]
        yield "drop test", replace(plan, where=rest)
        if not isinstance(test, Condition):
            continue
        for other in other_homes(draft, test):
            yield "other home", replace(plan, where=(*plan.where[:at], other, *plan.where[at + 1 :]))
        if no is not None and test.sign in ("=", "!=") and no < place_of(draft, test):
            turned = replace(test, sign="!=" if test.sign == "=" else "=")
            yield "negate", replace(plan, where=(*plan.where[:at], turned, *plan.where[at + 1 :]))
            if not aggregates(plan) and not plan.order and plan.select and at_no_time(draft):
                here = replace(plan, where=(*rest, replace(test, sign="=")))
                yield "except", replace(plan, where=rest, combine=("except", here))
    conditions = [test for test in plan.where if isinstance(test, Condition)]
    if len(conditions) > 1 and "or" in said:
        for left, right in ((conditions[0], conditions[1]), (conditions[-2], conditions[-1])):
            rest = tuple(test for test in plan.where if test not in (left, right))
            yield "either", replace(plan, where=(*rest, Either((left, right))))
    for test in unread_cells(draft, plan):
        yield "add test", replace(plan, where=(*plan.where, test))


def at_no_time(draft: Draft) -> bool:
    """Whether what is denied is denied of all rows of a thing ('never', 'no', 'but not'), not of one row."""
    said = {mention.text.lower() for mention in draft.mentions}
    return bool(said & {"never", "no", "any", "but", "without", "except", "did not", "but not", "ever", "none"})


def place_of(draft: Draft, test: Condition) -> int:
    """Where the question names the cell of a test."""
    found = (mention.start for mention in draft.mentions if any(match.value in test.right for match in mention.values))
    return next(found, -1)


def aggregates(plan: Plan) -> bool:
    """Whether an output is a figure over several rows."""
    return any(aggregated(output) for output in plan.select)


def other_homes(draft: Draft, test: Condition) -> Iterator[Condition]:
    """The test on other columns that hold its cell."""
    if test.sign not in ("=", "!=") or not isinstance(test.left, Field) or not test.right:
        return
    for mention in draft.mentions:
        here = [match for match in mention.values if match.value == test.right[0]]
        if not any((match.table, match.column) == (test.left.table, test.left.column) for match in here):
            continue
        best = max(match.score for match in mention.values)
        for match in mention.values:
            field = Field(match.table, match.column)
            if field != test.left and match.score >= best - 0.1:
                yield replace(test, left=field, right=(match.value,))


def unread_cells(draft: Draft, plan: Plan) -> Iterator[Condition]:
    """Tests on cells that the question names and the plan does not ask for."""
    asked = {str(value).casefold() for test in plan.where if isinstance(test, Condition) for value in test.right}
    for mention in draft.mentions:
        if mention.values and not {str(match.value).casefold() for match in mention.values[:12]} & asked:
            for match in mention.values[:2]:
                if match.score >= 0.75:
                    yield Condition(Field(match.table, match.column), "=", (match.value,))


# ---------------------------------------------------------------- tables, counts, orders, groups
def tables(draft: Draft, plan: Plan) -> Iterator[Step]:
    """A table less that holds no part of the plan, or one more that the question names."""
    held = {field.table for field in fields((plan.select, plan.where, plan.group, plan.having, plan.order))}
    for table in plan.tables:
        if table not in held and (held or len(plan.tables) > 1) and not must_stay(draft, plan, table):
            yield "drop table", replace(plan, tables=tuple(name for name in plan.tables if name != table))
    present = set(tables_of(plan))
    for at, mention in enumerate(draft.mentions):
        named = draft.table(at) if mention.kind == "table" and mention.columns[0].score >= 0.75 else None
        if named and named not in present:
            yield "add table", replace(plan, tables=(*plan.tables, named))


OWNING = frozenset(["have", "has", "had", "having", "with", "without", "own", "any", "some", "no", "a", "an", "many"])
"""Words before a table that say that rows of it must be there."""


def must_stay(draft: Draft, plan: Plan, table: str) -> bool:
    """Whether rows of a table are counted or must be there, as in 'who have a pet', 'how many courses', or 'how many beverages'."""
    places = [
        at
        for at, mention in enumerate(draft.mentions)
        if any(match.table == table and not match.column and match.score >= mention.columns[0].score for match in mention.columns)
    ]
    if not places:
        return table == plan.tables[0] and Measure("count") in plan.select
    return any(draft.asks(at - 1, "count") or {mention.value for mention in draft.mentions[max(0, at - 2) : at]} & OWNING for at in places)


def counts(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Rows counted rather than different cells, or the other way; sums, averages and cells as they are."""
    for output in dict.fromkeys((*plan.select, *(order.by for order in plan.order), *lefts(plan.having))):
        if not isinstance(output, Measure) or output.where:
            continue
        for kind, other in other_measures(draft, plan, output):
            yield kind, remeasured(plan, output, other)
    if plan.select and not plan.group and not aggregates(plan) and any(mention.asks("count") for mention in draft.mentions):
        home = tables_of(plan)
        yield "count rows", replace(plan, select=(Measure("count"),), order=(), limit=None, distinct=False, tables=tuple(home))


def lefts(having: tuple[Test, ...]) -> list[Output]:
    """The left sides of tests."""
    return [test.left for test in having if isinstance(test, Condition)]


def other_measures(draft: Draft, plan: Plan, measure: Measure) -> Iterator[tuple[str, Output]]:
    """Figures that may be meant in the place of one."""
    if measure.aggregate == "count_distinct":
        yield "count all", Measure("count")
    elif measure.of is None:
        for table in tables_of(plan):
            yield from (("count different", Measure("count_distinct", key)) for key in draft.catalog.identifiers(table)[:1])
        for field in named_columns(draft):
            yield "count different", Measure("count_distinct", field)
            if draft.catalog.is_measure(field):
                yield "add up", Measure("sum", field)
    elif isinstance(measure.of, Field):
        said = {mention.asks("agg") for mention in draft.mentions} - {measure.aggregate}
        asked = [name for name in FIGURES if name in said and not (plan.limit and name in ("max", "min"))]
        yield from (("other figure", replace(measure, aggregate=name)) for name in asked)
        yield "count rows", Measure("count")
        if not plan.group:
            yield "cells", measure.of


def remeasured(plan: Plan, old: Output, new: Output) -> Plan:
    """The plan with one figure in the place of another."""
    swap: Callable[[Output], Output] = lambda output: new if output == old else output  # noqa: E731
    return replace(
        plan,
        select=tuple(dict.fromkeys(map(swap, plan.select))),
        order=tuple(replace(order, by=swap(order.by)) for order in plan.order),
        having=tuple(replace(test, left=swap(test.left)) if isinstance(test, Condition) else test for test in plan.having),
    )


def orders(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Sorted the other way, by another column, or not at all."""
    for order in plan.order[:1]:
        yield "turn order", replace(plan, order=(replace(order, descending=not order.descending),))
        if not plan.limit:
            yield "no order", replace(plan, order=())
        for field in named_columns(draft):
            if field != order.by and (not plan.group or field in plan.group):
                yield "order by", replace(plan, order=(Order(field, order.descending),))
        if plan.group:
            yield "order by count", replace(plan, order=(Order(Measure("count"), order.descending),))
        if plan.limit == 1 and isinstance(order.by, Field) and not plan.group:
            figure = Measure("max" if order.descending else "min", order.by)
            yield "end figure", replace(plan, select=(figure,), order=(), limit=None)


def groups(draft: Draft, plan: Plan) -> Iterator[Step]:
    """The likeliest thing of all rather than of each group; without groups; by the key as well."""
    if plan.top_each:
        inner = [item for item in plan.group if item not in plan.top_each.within] or list(plan.group)
        for item in dict.fromkeys((*plan.group, *inner)):
            yield (
                "top of all",
                replace(plan, select=(item,), group=(item,), order=(plan.top_each.order,), limit=plan.top_each.limit, top_each=None),
            )
        return
    if plan.group and not plan.having and plan.limit is None:
        plain: tuple[Output, ...] = tuple(output for output in plan.select if not aggregated(output))
        if plain:
            yield "no groups", replace(plan, select=plain, group=())
    if plan.having:
        yield "no having", replace(plan, having=())
    for item in plan.group:
        if isinstance(item, Field):
            keys = draft.catalog.identifiers(item.table)[:1]
            if keys and keys[0] not in plan.group and (plan.order or plan.having):
                yield "group by key", replace(plan, group=(keys[0], *plan.group))
    if plan.limit == 1 and not plan.group and isinstance(plan.order[0].by if plan.order else None, Field):
        for field in named_columns(draft):
            yield (
                "most of all",
                replace(
                    plan, select=(field,), group=(field,), order=(Order(Measure("count"), plan.order[0].descending),), tables=plan.tables
                ),
            )


def pairs(draft: Draft, plan: Plan) -> Iterator[Step]:
    """Things that have both of two cells, each in a row of its own."""
    if plan.combine:
        yield "one query", replace(plan, combine=None)
        return
    said = {mention.text.lower() for mention in draft.mentions}
    if plan.order or plan.limit or aggregates(plan) or not plan.select or not {"and", "both", "also"} & said:
        return
    for at, test in enumerate(plan.where):
        rest = plan.where[:at] + plan.where[at + 1 :]
        if isinstance(test, Condition) and test.sign == "in" and len(test.right) == 2 and not isinstance(test.right[0], Plan):
            sides = [replace(plan, where=(*rest, Condition(test.left, "=", (value,)))) for value in test.right]
            yield "both", replace(sides[0], combine=("intersect", sides[1]))
    for first, second in combinations(plan.where, 2):
        if isinstance(first, Condition) and isinstance(second, Condition) and (first.left == second.left or "both" in said):
            rest = tuple(test for test in plan.where if test not in (first, second))
            sides = [replace(plan, where=(*rest, test)) for test in (first, second)]
            yield "both", replace(sides[0], combine=("intersect", sides[1]))
            yield "either", replace(plan, where=(*rest, Either((first, second))))


__all__ = ["head_places", "variants"]
