"""Rows that keys point to: they are shown by their names, also where they stand in the same table, as an employee's manager does."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Expression, Field, Measure, Output, Plan, Referenced, Sign
from analyst.terms import Join
from analyst.words.tokens import header_stems

KEYS = re.compile(r"(?:\b|_)(?:ids?|codes?|keys?)\b|编号|号码|代码|(?-i:(?<=[a-z])I[dD]s?\b)|(?<=[一-鿿])ids?(?![a-z])", re.IGNORECASE)
"""Words by which a question speaks of a key itself."""


def introduced(draft: Draft, plan: Plan) -> Plan:
    """The plan with the names of what keys point to in the place of the keys, unless the question speaks of the keys."""
    if plan.combine or plan.top_each or plan.after or plan.everything or draft.mark:
        return plan
    plan = in_full(draft, beside_own_name(draft, plan))
    names = {key: names_of(draft, key) or own_names(draft, plan, key) for key in plan.select if isinstance(key, Field)}
    names = {key: found for key, found in names.items() if found and not is_spoken_of(draft)}
    if not names:
        return plan
    select = tuple(item for output in plan.select for item in (names.get(output, (output,)) if isinstance(output, Field) else (output,)))
    own = tuple(item for key, found in names.items() for item in found if not isinstance(item, Referenced))
    group = (*plan.group, *(item for item in own if item not in plan.group)) if plan.group else ()
    if plan.group:
        group = (*group, *(item for found in names.values() for item in found if isinstance(item, Referenced)))
    where = (*plan.where, *(Condition(key, "not null") for key in names if plan.group and is_own(draft, key)))
    return replace(plan, select=tuple(dict.fromkeys(select)), group=tuple(dict.fromkeys(group)), where=where)


def in_full(draft: Draft, plan: Plan) -> Plan:
    """People are shown by first and last name, unless one of the two is asked for."""
    if any(word in draft.text.lower() for word in ONE_NAME):
        return plan
    for pair in {draft.catalog.labels(item.table) for item in plan.select if isinstance(item, Field)}:
        shown = [item for item in plan.select if item in pair]
        if len(pair) == 2 and len(shown) == 1 and all("name" in draft.catalog.words(item) for item in pair):
            select = tuple(part for item in plan.select for part in (pair if item == shown[0] else (item,)))
            group = tuple(part for item in plan.group for part in (pair if item == shown[0] else (item,)))
            plan = replace(plan, select=select, group=group)
    return plan


ONE_NAME = ("first", "last", "given", "family", "surname", "forename", "姓氏", "名字是")
"""Words of questions that ask for one of the names of a person, or that may."""


def join_of(draft: Draft, key: Field) -> Join | None:
    """The join by which a column points to rows; none where it is no key of others."""
    return next((join for join in draft.catalog.schema.joins if (join.table, join.column) == (key.table, key.column)), None)


def is_own(draft: Draft, key: Field) -> bool:
    """Whether a column points to rows of its own table."""
    join = join_of(draft, key)
    return join is not None and join.parent_table == join.table


def names_of(draft: Draft, key: Field) -> tuple[Expression, ...]:
    """What names the row that a key points to; nothing where its own cells are words, or nothing better is known."""
    join, catalog = join_of(draft, key), draft.catalog
    if join is None or (catalog.words(key)[-1:] not in (("id",), ("no",)) and not is_own(draft, key) and not names_parent(key, join)):
        return ()
    labels = catalog.labels(join.parent_table)
    telling = bool(labels) and (bool(catalog.concepts(labels[0]) & {"name", "first name"}) or names_parent(labels[0], join))
    named = telling and not catalog.is_number(labels[0])
    if not named:
        return ()
    parent = Field(join.parent_table, join.parent_column)
    return tuple(Referenced(key, parent, label) for label in labels) if is_own(draft, key) else labels


def own_names(draft: Draft, plan: Plan, key: Field) -> tuple[Field, ...]:
    """What names the rows that are grouped by their own key, as 'for each hall' does; nothing where nothing does."""
    labels = draft.catalog.labels(key.table) if key in plan.group and key in draft.catalog.identifiers(key.table) else ()
    named = bool(labels) and key not in labels and bool(draft.catalog.concepts(labels[0]) & {"name", "first name"})
    return labels if named and not set(labels) & set(plan.select) else ()


def names_parent(column: Field, join: Join) -> bool:
    """Whether a column is named for the rows that the key points to, as `airline` for a table of airlines."""
    return header_stems(column.column) == header_stems(join.parent_table)


def is_spoken_of(draft: Draft) -> bool:
    """Whether the question asks for keys as such: 'by rep id', '员工编号'."""
    return KEYS.search(draft.text) is not None


def beside_own_name(draft: Draft, plan: Plan) -> Plan:
    """Questions about rows of one table and the rows of it that they point to, such as employees and their managers."""
    keys = [item for item in plan.select if isinstance(item, Field) and is_own(draft, item)]
    if not keys:
        return plan
    key = keys[0]
    place = next((at for at, mention in enumerate(draft.mentions) if mention.kind == "column" and names(mention.columns, key)), -1)
    labels = draft.catalog.labels(key.table)
    told = [test for test in plan.where if isinstance(test, Condition) and test.left in labels and test.sign in ("=", "in")]
    if told and pointing_to(draft, place, told[0]):
        join = join_of(draft, key)
        assert join
        chosen = Plan((Field(join.parent_table, join.parent_column),), tuple(told))
        rest = tuple(test for test in plan.where if test not in told)
        return Plan(labels, (*rest, Condition(key, "in", (chosen,))))
    if plan.group == (key,) and all(isinstance(item, Measure) for item in plan.select if item != key):
        figures: tuple[Output, ...] = tuple(
            Measure("count") if isinstance(item, Measure) and item.aggregate.startswith("count") else item for item in plan.select
        )
        counted = any(item == Measure("count") for item in figures)
        return replace(plan, select=figures, tables=(key.table,) if counted else plan.tables)
    if set(plan.select) == {key} and not plan.group and not told:
        return replace(plan, select=(*labels, key), distinct=False, tables=())
    return plan


def names(matches: tuple[object, ...], key: Field) -> bool:
    """Whether words can mean a column."""
    return any((getattr(match, "table", ""), getattr(match, "column", "")) == (key.table, key.column) for match in matches)


UNDER = ("to", "by", "under", "是", "为", "归")
"""Words that lead from those who have a manager to the manager."""


def pointing_to(draft: Draft, place: int, test: Condition) -> bool:
    """Whether a name is that of the one pointed to: 'who reports to Anna', rather than 'the manager of Anna'."""
    told = draft.placed.get(test)
    at = told if told is not None else next((at for at, mention in enumerate(draft.mentions) if mention.kind == "value"), -1)
    if place < 0 or at < place:
        return False
    words = draft.text[draft.mentions[place].start : draft.mentions[at].start].lower().split()
    return bool(words) and (words[-1] in UNDER or draft.text[: draft.mentions[at].start].rstrip().endswith(UNDER[3:]))


def read_rows_pointed_to(draft: Draft) -> None:
    """'Earns more than their manager': a number against that of the row pointed to."""
    for at in list(draft.free("cmp")):
        sign = draft.asks(at, "cmp") or ""
        other = draft.next_to(at, 1, 3, lambda place: draft.mentions[place].kind == "column" and place not in draft.used)
        if sign not in (">", "<", ">=", "<=") or other is None:
            continue
        key = next((Field(match.table, match.column) for match in draft.mentions[other].columns if match.column), None)
        join = join_of(draft, key) if key and draft.catalog.has(key) else None
        if key is None or join is None or join.parent_table != join.table:
            continue
        left = draft.next_to(at, -1, 4, lambda place: draft.nameable(place) and bool(draft.options(place, "number")))
        field = draft.column(left, "number") if left is not None else None
        if field is None or field.table != key.table:
            continue
        assert left is not None
        compared: Sign = ">" if sign[0] == ">" else "<"
        draft.where.append(Condition(field, compared, (Referenced(key, Field(join.parent_table, join.parent_column), field),)))
        draft.use(at, left, other)
        draft.tables.append(key.table)
        draft.flags["two columns"] = "pointed"


__all__ = ["introduced", "read_rows_pointed_to"]
