"""A question that goes on from the one before: changes the one thing it names and keeps the rest."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.apiece import divided
from analyst.models.builtin.beside import beside_before
from analyst.models.builtin.conditional import with_values
from analyst.models.builtin.cues import to_the_point
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.measuring import default_aggregate
from analyst.models.builtin.movement import growth
from analyst.models.builtin.plan import (
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
    aggregated,
    fields,
)
from analyst.models.builtin.shares import share
from analyst.models.builtin.specials import apply_specials
from analyst.models.builtin.spoken import Period

CUES = re.compile(
    r"^(?:and|or|but|also|only|just|now|then|ok|okay|what about|how about|same|instead|for|in|of|among|by|as|"
    r"break|split|drill|sort|order|exclude|without|include|add|remove|"
    r"show (?:them|it|that|those|these|me (?:them|it|that|those|these))|compare|what if|which (?:ones?|of)|how does that|who|versus|vs)\b|"
    r"\b(?:those|these|them|they|their|it|its|that|there|instead|too|same|ones|previous|above|as well|this|him|her|his|she|he|each of)\b|"
    r"^(?:那|再|只|换|改|加上|其中|另外|还有|也|同样|按|和|与|它|他|她|这|除了|不要|去掉|最|前|倒|累计|而|以及|同时|并|以|从)|呢\s*[?？]?$|它|他们|她|其中|这些|那些|这个|那个|这三|上述|此|分别|也给|呢|一样|两年比|涨了还是跌了|相比",
    re.I,
)
ADDING = re.compile(r"\b(?:also|too|as well|add|include|plus|along with|additionally|together)\b|加上|也|同时|还|一起|以及|另外|再加", re.I)
REPLACING = re.compile(r"\b(?:instead|rather|what about|how about|same for|switch|change)\b|换成|改成|换|改|呢", re.I)
TOGETHER = re.compile(r"\b(?:in total|altogether|all together|overall|combined|in all)\b|一共|总共|合计|加起来|总计", re.I)
REFERRING = re.compile(
    r"\b(?:it|its|that|those|these|them|they|their|there|ones?|him|her|his|she|he)\b|它|他们|她们|这些|那些|其中|这[一二三四五六七八九十两\d]?个|那[一二三四五六七八九十两\d]?个|他的|她的|他|她",
    re.I,
)


def is_follow_up(draft: Draft) -> bool:
    """Whether the question goes on from the one before, by its words or because it is only a fragment."""
    if CUES.search(to_the_point(draft.text)):
        return True
    has_subject = bool(draft.measures or draft.shown or draft.subject or draft.flags.get("everything"))
    return not has_subject or len(draft.mentions) <= 3


def follow(draft: Draft, alone: Plan, before: Plan) -> Plan:
    """The earlier plan with what the question changes."""
    if draft.movement:
        kept = tuple(test for test in before.where if not any(draft.catalog.is_time(field) for field in fields(test)))
        return replace(alone, where=tuple(dict.fromkeys((*kept, *alone.where))))
    if both := beside_before(draft, before):
        draft.flags["beside"] = "yes"
        return both
    if apiece := divided(draft, before):
        draft.flags["beside"] = "yes"
        return apiece
    tests = [*draft.value_tests, *draft.period_tests, *draft.where]
    plan = with_tests(draft, before, tests)
    if draft.having:
        plan = replace(plan, having=(*plan.having, *draft.having))
    if draft.top:
        return ranked_again(draft, alone, plan, before)
    new_shape = {"share", "growth", "cumulative", "moving", "diff", "ratio"} & set(draft.flags)
    if new_shape and not draft.measures:
        shaped = reshaped(draft, plan)
        if shaped:
            return shaped
    if draft.measures and not draft.group and each_of_those(draft):
        draft.group = [item for item in before.select if isinstance(item, Field | Grain)]
    if draft.group:
        plan = regrouped(draft, plan)
    if draft.measures:
        plan = remeasured(draft, plan)
    elif draft.shown and not set(draft.shown) <= set(draft.group):
        plan = shown_again(draft, plan, alone)
    elif draft.flags.get("everything"):
        name = draft.subject or (plan.tables[0] if plan.tables else next(iter(fields(plan.select)), Field("", "")).table)
        plan = replace(plan, select=(), group=(), having=plan.having, everything=name)
    elif draft.subject and not draft.group and not tests and not draft.sorts:
        plan = replace(alone, where=(*plan.where,), order=plan.order, limit=plan.limit)
    if "distinct" in draft.flags and not draft.measures:
        plan = replace(plan, distinct=True)
    return plan


def each_of_those(draft: Draft) -> bool:
    """Whether 'each' stands alone, so that it means what was listed before: 'for each, show how many', '对于每个'."""
    for at, mention in enumerate(draft.mentions):
        after = draft.mentions[at + 1] if at + 1 < len(draft.mentions) else None
        if mention.asks("group") and mention.text.lower() in EACH and (after is None or after.kind == "sign" or after.value in ALONE):
            return True
    return False


EACH = ("each", "for each", "for every", "of each", "每个", "每一个", "各个")
ALONE = ("one", "of", "list", "show", "count")


ONLY = re.compile(r"\b(?:only|just)\b|只|单看|仅", re.I)


# ---------------------------------------------------------------------------------------- tests
def with_tests(draft: Draft, before: Plan, tests: list[Test]) -> Plan:
    """The earlier rows with further tests; a test on the same column takes the place of the old one, or joins it after 'add'."""
    where = list(before.where)
    adding = bool(re.search(r"加上|add|include|also|as well|and\b.*\btoo|plus", draft.text, re.I))
    both = bool(re.search(r"compare|对比|相比|versus|\bvs\b", draft.text, re.I))
    plan = before
    for test in tests:
        field = tested(test)
        same = [old for old in where if field is not None and (tested(old) == field or picks(old, field))]
        if not same and not adding and not both and not ONLY.search(draft.text) and (swapped := with_values(plan, test)) is not None:
            plan = swapped
            continue
        if same and (adding or both) and isinstance(test, Condition) and test.sign in ("=", "in"):
            merged = joined(same, test)
            if merged:
                where = [old for old in where if old not in same] + [merged]
                plan = told_apart(draft, plan, merged)
                continue
        if same and not (isinstance(test, Condition) and test.sign in ("!=", "not in", "not like")) and not open_ended(test, same):
            where = [old for old in where if old not in same]
        if test not in where:
            where.append(test)
    return replace(plan, where=tuple(where))


def picks(old: Test, field: object) -> bool:
    """Whether a test picks values of a column by another query, which a value that is named takes the place of."""
    if not isinstance(old, Condition) or not isinstance(old.left, Opaque) or not isinstance(field, Field):
        return False
    return bool(re.match(rf'(?:"{re.escape(field.table)}"\.)?"{re.escape(field.column)}" IN \(SELECT', old.left.sql))


def open_ended(test: Test, same: list[Test]) -> bool:
    """Whether two tests are the two ends of one range."""
    signs = {old.sign for old in same if isinstance(old, Condition)}
    return isinstance(test, Condition) and (
        (test.sign in ("<", "<=") and signs <= {">", ">="}) and len(same) == 1 and test.right != same[0].right
        if isinstance(same[0], Condition)
        else False
    )


def tested(test: Test) -> object:
    """The column a test is about; time grains count as their column."""
    if isinstance(test, Either):
        return tested(test.options[0])
    left = test.left
    if isinstance(left, Grain):
        return left.field
    if isinstance(left, Opaque):
        return None
    return left


def joined(old: list[Test], new: Condition) -> Condition | None:
    """Values of old and new tests in one."""
    values = [value for test in (*old, new) if isinstance(test, Condition) and test.sign in ("=", "in") for value in test.right]
    lefts = {test.left for test in (*old, new) if isinstance(test, Condition)}
    if len(lefts) > 1:
        return None
    return Condition(new.left, "in", tuple(dict.fromkeys(values))) if len(values) > 1 else None


def told_apart(draft: Draft, plan: Plan, test: Condition) -> Plan:
    """Rows of several values are told apart by showing the value."""
    left = test.left
    if not isinstance(left, Field | Grain) or left in plan.select:
        return plan
    if plan.group or any(aggregated(output) for output in plan.select):
        return replace(plan, select=(left, *plan.select), group=(left, *plan.group))
    return replace(plan, select=(left, *plan.select)) if len(plan.select) > 1 else plan


# ---------------------------------------------------------------------------------------- groups and measures
def regrouped(draft: Draft, plan: Plan) -> Plan:
    """Another or a further grouping."""
    new = [item for item in draft.group if item not in plan.group]
    if not new:
        return plan
    measures = tuple(output for output in plan.select if aggregated(output)) or (Measure("count"),)
    old = list(plan.group)
    grains = [item for item in new if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item))]
    times = [item for item in old if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item))]
    if grains and times:
        old = [item for item in old if item not in times]
    elif re.search(r"instead|rather|换成|改成|改为|而不是", draft.text, re.I):
        old = list(times) if not grains else []
        old = [] if len(plan.group) == 1 else old
    group = tuple(dict.fromkeys((*old, *new)))
    order = tuple(Order(item) for item in group if isinstance(item, Grain))
    return replace(
        plan,
        select=(*group, *measures),
        group=group,
        order=order or (() if plan.limit is None else plan.order),
        everything="",
        distinct=False,
    )


def remeasured(draft: Draft, plan: Plan) -> Plan:
    """Another or a further measure."""
    measures = list(draft.measures)
    for at, measure in enumerate(measures):
        if isinstance(measure, Measure) and measure.where == () and isinstance(measure.of, Field) and measure.of in plan.group:
            measures[at] = measure
    dims = tuple(output for output in plan.select if not aggregated(output)) if plan.group or not plan.select else ()
    old = tuple(output for output in plan.select if aggregated(output))
    adding = (ADDING.search(draft.text) and not REPLACING.search(draft.text)) or re.match(r"and the ", draft.text, re.I)
    if not plan.group and not old:
        counting = all(isinstance(measure, Measure) and measure.aggregate in ("count", "count_distinct") for measure in measures)
        if plan.distinct and counting and len(plan.select) == 1 and isinstance(plan.select[0], Field):
            return replace(plan, select=(Measure("count_distinct", plan.select[0]),), distinct=False, order=(), limit=None)
        listed = tuple(item for item in plan.select if isinstance(item, Field))
        if adding and counting and listed and listed == plan.select and not REFERRING.search(draft.text):
            return replace(plan, select=(*listed, *measures), group=listed, distinct=False, limit=None)
        return replace(plan, select=tuple(measures), order=(), limit=None, everything="", distinct=False, group=())
    if TOGETHER.search(draft.text) and plan.group and not draft.group and not plan.limit:
        draft.flags["beside"] = "yes"
        return replace(plan, select=tuple(measures), group=(), having=(), order=())  # 'how much is that in total'
    order = tuple(order for order in plan.order if order.by in plan.group)
    if plan.limit and not adding:
        first = measures[0]
        order = tuple(Order(first, one.descending) if aggregated(one.by) else one for one in plan.order)
        if REFERRING.search(draft.text):
            return of_those(draft, plan, measures)
    return replace(plan, select=tuple(dict.fromkeys((*dims, *(old if adding else ()), *measures))), order=plan.order if adding else order)


def of_those(draft: Draft, plan: Plan, measures: list[Output]) -> Plan:
    """A measure of the groups that an earlier ranking chose."""
    dims = [item for item in plan.group if isinstance(item, Field)]
    if not dims:
        return replace(plan, select=tuple(measures), order=(), limit=None)
    inner = replace(plan, select=(dims[0],), group=plan.group)
    chosen = Condition(dims[0], "in", (inner,))
    return Plan((*dims, *measures), (chosen, *(test for test in plan.where)), tuple(dims), tables=plan.tables)


def shown_again(draft: Draft, plan: Plan, alone: Plan) -> Plan:
    """Other or further columns of the same rows; a lone number takes the measure's place."""
    numbers = [item for item in draft.shown if isinstance(item, Field) and draft.catalog.is_measure(item)]
    old = [output for output in plan.select if isinstance(output, Measure)]
    if old and numbers and len(numbers) == len(draft.shown) and not draft.group:
        kept = old[0].aggregate if old[0].aggregate not in ("count", "count_distinct") else None
        new = tuple(Measure(kept or default_aggregate(draft, number), number) for number in numbers)
        dims = tuple(output for output in plan.select if not aggregated(output))
        adding = ADDING.search(draft.text) and not REPLACING.search(draft.text)
        order = tuple(Order(new[0], one.descending) if aggregated(one.by) and not adding else one for one in plan.order)
        return replace(plan, select=(*dims, *(old if adding else ()), *new), order=order)
    raw = [output for output in plan.select if not aggregated(output)]
    if ADDING.search(draft.text) and not plan.everything:
        return replace(
            plan,
            select=tuple(dict.fromkeys((*plan.select, *draft.shown))),
            group=tuple(dict.fromkeys((*plan.group, *draft.shown))) if plan.group else (),
        )
    measured = [output for output in raw if isinstance(output, Field) and draft.catalog.is_measure(output)]
    if numbers and len(numbers) == len(draft.shown) and measured and not old and len(raw) > len(measured):
        kept_columns = tuple(output for output in plan.select if output not in measured)
        return replace(plan, select=(*kept_columns, *numbers))
    if plan.group and plan.limit:
        return replace(plan, select=tuple(draft.shown), group=tuple(dict.fromkeys((*plan.group, *draft.shown))))
    if plan.group:
        named = [item for item in plan.group if isinstance(item, Field)]
        if named and plan.having:
            return replace(plan, select=tuple(draft.shown), group=tuple(dict.fromkeys((*plan.group, *draft.shown))))
        return replace(alone, where=(*plan.where,), tables=tuple(dict.fromkeys((*plan.tables, *alone.tables))))
    return replace(plan, select=tuple(draft.shown), everything="", group=(), distinct=plan.distinct)


# ---------------------------------------------------------------------------------------- rankings and shapes
def ranked_again(draft: Draft, alone: Plan, plan: Plan, before: Plan) -> Plan:
    """The same figures, but only one end of them; or a new ranking of what was found."""
    top = draft.top
    assert top
    figures = [output for output in plan.select if aggregated(output)]
    numbers = [output for output in plan.select if isinstance(output, Field) and draft.catalog.is_number(output)]
    named = draft.shown or draft.subject or draft.flags.get("measured by")
    old = plan.order[0].by if plan.order and plan.limit else None
    if not named or (draft.flags.get("when") and plan.group):
        by = old or (
            figures[0]
            if figures
            else alone.order[0].by
            if alone.order and not isinstance(alone.order[0].by, Measure)
            else numbers[-1]
            if numbers
            else None
        )
        if by is None and alone.order:
            return replace(alone, where=plan.where)
        if by is not None:
            return replace(plan, order=(Order(by, top.descending),), limit=top.limit)
    merged = replace(alone, where=tuple(dict.fromkeys((*plan.where, *alone.where))))
    if REFERRING.search(draft.text) and before.limit and before.group and isinstance(before.group[0], Field):
        inner = replace(before, select=(before.group[0],))
        kept = tuple(test for test in alone.where if test not in before.where)
        merged = replace(alone, where=(Condition(before.group[0], "in", (inner,)), *before.where, *kept))
    if figures and alone.order and isinstance(alone.order[0].by, Measure) and not draft.measures_said:
        new = Order(figures[0], top.descending)
        merged = replace(
            merged, order=(new,), select=tuple(dict.fromkeys((*(output for output in merged.select if not aggregated(output)), figures[0])))
        )
    return merged


def reshaped(draft: Draft, plan: Plan) -> Plan | None:
    """The same figures as shares, changes or running totals."""
    draft.value_tests.clear()
    draft.where.clear()
    if "share" in draft.flags:
        return share(draft, replace(plan, limit=None)) if plan.group else None
    if "growth" in draft.flags:
        draft.period_tests = []
        return growth(draft, plan)
    if "cumulative" in draft.flags or "moving" in draft.flags:
        return apply_specials(draft, plan)
    return None


__all__ = ["Expression", "Period", "Window", "follow", "is_follow_up"]
