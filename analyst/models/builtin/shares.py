"""Plans that show parts of a whole: each group's share, and the share of rows in a state."""

from __future__ import annotations

from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.figures import figure
from analyst.models.builtin.plan import (
    Combined,
    Condition,
    Either,
    Expression,
    Field,
    Grain,
    Measure,
    Opaque,
    Order,
    Output,
    Plan,
    Test,
    Window,
    fields,
)
from analyst.models.builtin.signed import sign_tests


def share(draft: Draft, plan: Plan) -> Plan | None:
    """Parts of a whole: each group's share, or the share of the rows that meet a test."""
    of = figure(plan)
    raw = [field for field in fields(plan.select) if draft.catalog.is_measure(field)]
    if of is None:
        of = Measure("sum", raw[0]) if raw and draft.catalog.adds_up(raw[0]) else Measure("count")
    if not isinstance(of, Measure):
        return None
    if of.aggregate == "count_distinct" and isinstance(of.of, Field) and not plan.group and not draft.catalog.is_key(of.of):
        plan, of = replace(plan, group=(of.of,)), Measure("count")  # 部门人数占比: of each department
    held = set(fields(tuple(draft.value_tests)))
    dims = tuple(item for item in plan.group if item not in held or len(draft.value_tests) > 1)
    if ("rank" in draft.flags or plan.limit) and not dims:
        dims = tuple(item for item in plan.select if isinstance(item, Field) and item not in held)
    times = tuple(item for item in dims if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item)))
    if kinds := all_kinds(draft):
        return split(draft, kinds, tuple(item for item in dims if item != kinds))
    signs = sign_tests(draft)
    tested = [test for test in (*draft.value_tests, *draft.where) if test not in signs]
    often = [test for test in draft.period_tests if isinstance(test, Condition) and isinstance(test.left, Opaque)]
    if often and not tested and not dims and not plan.group:
        part = Combined(replace(of, where=tuple(often)), "%", of)  # 周末就诊占比: of all days
        return Plan((part,), tuple(test for test in draft.period_tests if test not in often), tables=plan.tables)
    if tested and (not dims or len(times) == len(dims) or part_named(draft)):
        rate = rate_test(draft)
        if rate is not None:
            of = Measure("count")
        elif of.aggregate == "avg":
            of = replace(of, aggregate="sum")
        part_tests = [rate] if rate is not None else after_verb(draft, tested)
        rest = tuple(test for test in tested if test not in part_tests)
        part = Combined(replace(of, where=tuple(part_tests)), "%", of)
        ranked = (plan.limit and plan.order) or "rank" in draft.flags
        ends = (Order(part, not plan.order or plan.order[0].descending),) if ranked else tuple(Order(item) for item in times)
        return Plan((*dims, part), (*draft.period_tests, *signs, *rest), dims, order=ends, limit=plan.limit, tables=plan.tables)
    if not dims:
        dims = tuple(item for item in plan.select if isinstance(item, Field) and not draft.catalog.is_measure(item))
        if not dims:
            return None
    if of.aggregate == "avg":
        of = replace(of, aggregate="sum")
    window = Window("share", of)
    order = (Order(window, True),) if plan.limit else plan.order
    shown: tuple[Output, ...] = (of, window) if beside_figure(draft) else (window,)
    return Plan((*dims, *shown), plan.where, dims, plan.having, order, plan.limit)


VERBS = frozenset((
    "is", "are", "was", "were", "end", "ends", "ended", "got", "get", "gets", "that", "which", "who", "come", "came",
    "里", "中", "当中", "里面",
))  # fmt: skip


def after_verb(draft: Draft, tested: list[Test]) -> list[Test]:
    """The tests that make the part: those after the verb where others stand before it, as in 'of bookings by students end in a no-show'."""
    start = int(draft.flags.get("share at", "0")) if draft.language == "en" else 0
    for at in range(start + 1, len(draft.mentions)):
        if draft.mentions[at].text.lower() not in VERBS:
            continue
        later = [test for test in tested if draft.placed.get(test, -1) > at]
        if later and len(later) < len(tested) and all(draft.placed.get(test, -1) >= 0 for test in tested):
            return later
    return tested


def beside_figure(draft: Draft) -> bool:
    """Whether the figure itself is asked for as well: 'sales by region and their share', '各部门工资总额及占比'."""
    before = int(draft.flags.get("share at", "0")) - 1
    while before > 0 and draft.is_filler(before) and not draft.asks(before, "and"):
        before -= 1
    return before > 0 and bool(draft.asks(before, "and"))


def split(draft: Draft, kinds: Field, within: tuple[Expression, ...]) -> Plan:
    """How many rows are of each kind, and their share of all rows or of their group: '各部门男女比例'."""
    count = Measure("count")
    group = (*within, kinds)
    order = tuple(Order(item) for item in group) if within else ()
    return Plan((*group, count, Window("share", count, within=within)), tuple(draft.period_tests), group, order=order)


def all_kinds(draft: Draft) -> Field | None:
    """The column whose every cell is named, as sex by '男女比例': the share of each is asked for."""
    tests = draft.value_tests
    if len(tests) != 1 or draft.where or not isinstance(test := tests[0], Condition) or not isinstance(test.left, Field):
        return None
    return test.left if len(test.right) > 1 and draft.catalog.column(test.left).distinct == len(test.right) else None


def rate_test(draft: Draft) -> Condition | Either | None:
    """The state that a rate is of, said right before it: in 'the return rate in Germany' the returns, not Germany."""
    at = int(draft.flags.get("share at", "0"))
    if draft.mentions[at].text.lower() not in ("rate", "rates", "率"):
        return None
    return next((test for test, place in draft.placed.items() if place == at - 1 and test in (*draft.value_tests, *draft.where)), None)


def part_named(draft: Draft) -> bool:
    """Whether a value is the part whose share is asked for: 'share of women by department', '% of orders that were cancelled'."""
    at = int(draft.flags.get("share at", "0"))
    if draft.mentions[at].text.lower() in ("rate", "rates", "率"):
        return True
    if draft.language == "zh":
        return value_before(draft, at)
    after = next((place for place in range(at + 1, len(draft.mentions)) if not draft.is_filler(place)), None)
    if after is not None and (draft.mentions[after].kind == "value" or is_state(draft, after) or after in draft.placed.values()):
        return True
    if (
        after is not None
        and draft.mentions[after].kind == "table"
        and (draft.asks(after + 1, "cmp") or any(after < place < grouped_at(draft) for place in draft.placed.values()))
    ):
        return True  # 'percentage of readings above 1000 by room', 'of loans returned late by member type'
    told = [
        place for place, mention in enumerate(draft.mentions)
        if mention.kind == "value" and draft.mentions[place - 1].value in ("is", "are", "was", "were", "been", "be", "got", "that")
    ]  # fmt: skip
    return bool(told) and told[0] > at


def grouped_at(draft: Draft) -> int:
    """Where the words begin that say by what is grouped; the end where none do."""
    return next((at for at in range(len(draft.mentions)) if draft.asks(at, "group")), len(draft.mentions))


def is_state(draft: Draft, at: int) -> bool:
    """Whether a place names a yes-or-no column: 'percentage of damaged shipments by origin'."""
    match = draft.mentions[at].columns[0] if draft.mentions[at].kind == "column" else None
    return bool(match and match.column) and draft.catalog.is_flag(Field(match.table, match.column))  # type: ignore[union-attr]


def value_before(draft: Draft, at: int) -> bool:
    """Whether a cell and at most a word for people or rows stand before a share: '女性占比', '女性员工的比例', and not '在北京的占比'."""
    place = at - 1
    while place > 0 and (draft.is_filler(place) or draft.mentions[place].kind in ("table", "count")):
        place -= 1
    return place >= 0 and draft.mentions[place].kind == "value" and draft.mentions[place - 1].text != "在"
