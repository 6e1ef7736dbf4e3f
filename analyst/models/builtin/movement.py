"""Plans along time: running totals, moving averages, growth, trends."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date as day

from analyst.models.builtin.comparing import default_measure
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.elapsing import has_clock
from analyst.models.builtin.figures import figure, main_date, time_of, two_periods
from analyst.models.builtin.plan import (
    Combined,
    Condition,
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


def running(draft: Draft, plan: Plan) -> Plan:
    """A running total, or a moving average over so many rows."""
    along = time_of(plan, draft)
    raw = [output for output in plan.select if isinstance(output, Field) and draft.catalog.is_measure(output)]
    of: Output | None = figure(plan) or (raw[0] if raw else None)
    if along is None:
        date = main_date(draft)
        unit = draft.flags.get("steps unit", "day")
        along = None if date is None else date if draft.catalog.is_year(date) else Grain(date, unit)  # type: ignore[arg-type]
    if along is None or of is None:
        return plan
    home = next(fields(along)).table
    single = "steps unit" not in draft.flags and draft.catalog.settles(home, [next(fields(along)).column])
    if isinstance(of, Measure) and of.of is not None and single and isinstance(of.of, Field) and of.of.table == home and not plan.group:
        of = of.of
        along = next(fields(along))
    elif (
        isinstance(of, Measure)
        and isinstance(of.of, Field)
        and single
        and of.of.table == home
        and isinstance(along, Grain)
        and along.unit == "day"
    ):
        of, along = of.of, along.field
    kind = "moving" if "moving" in draft.flags else "cumulative"
    others = tuple(item for item in plan.group if item != along and not (isinstance(item, Grain) and item.field == along))
    window = Window(kind, of, along, others, int(draft.flags.get("steps", "7")))  # type: ignore[arg-type]
    if (
        kind == "moving"
        and isinstance(of, Measure)
        and of.aggregate == "avg"
        and "steps" in draft.flags
        and isinstance(of.of, Field)
        and draft.catalog.adds_up(of.of)
    ):
        window = replace(window, of=Measure("sum", of.of))
    group: tuple[Expression, ...] = () if isinstance(of, Field) else (along, *others)
    inside, after = split_periods(draft, plan, along) if kind == "moving" else (plan.where, ())
    return Plan((along, *others, window), inside, group, plan.having, (Order(along),), after=after)


def split_periods(draft: Draft, plan: Plan, along: Expression) -> tuple[tuple[Test, ...], tuple[Test, ...]]:
    """Tests on time go after a window, which must see the rows before; the others stay."""
    after = tuple(test for test in plan.where if test in draft.period_tests)
    if isinstance(along, Grain) and along.unit == "year":
        after = tuple(
            replace(test, left=along, right=tuple(int(value[:4]) if isinstance(value, str) else value for value in test.right))
            if isinstance(test, Condition)
            else test
            for test in after
        )
    return tuple(test for test in plan.where if test not in draft.period_tests), after


def growth(draft: Draft, plan: Plan) -> Plan | None:
    """Change from one period to the next, or between two periods that are named."""
    of = figure(plan)
    if of is None:
        raw = [field for field in fields(plan.select) if draft.catalog.is_measure(field)]
        of = Measure("sum" if raw and draft.catalog.adds_up(raw[0]) else "avg", raw[0]) if raw else None
        if of is None:
            default = default_measure(draft)
            of = Measure("sum", default) if default else None
    if not isinstance(of, Measure | Combined):
        return None
    pair = None if any(isinstance(item, Grain) for item in plan.group) and not limited(draft) else two_periods(draft)
    if pair and isinstance(of, Measure):
        return between_periods(draft, plan, of, pair)
    along = time_of(plan, draft)
    unit = {"yoy": "year", "mom": "month", "wow": "week", "qoq": "quarter", "dod": "day"}.get(draft.flags.get("growth", ""), "")
    if along is None or (unit == "month" and not isinstance(along, Grain)):
        date = main_date(draft)
        if date is None:
            return None
        along = date if draft.catalog.is_year(date) else Grain(date, unit or "month")  # type: ignore[arg-type]
    said = draft.flags.get("period", "")
    if unit == "year" and said in ("month", "quarter") and isinstance(along, Grain) and along.unit == "year":
        along = Grain(along.field, "month" if said == "month" else "quarter")  # this May beside the May of the year before
    others = tuple(item for item in plan.group if item != along and not isinstance(item, Grain))
    steps = (
        12
        if unit == "year" and isinstance(along, Grain) and along.unit == "month"
        else 4
        if unit == "year" and isinstance(along, Grain) and along.unit == "quarter"
        else 1
    )
    window = Window("change" if "diff" in draft.flags else "growth", of, along, others, steps)
    inside, after = split_periods(draft, plan, along)
    return Plan((along, *others, of, window), inside, (along, *others), (), (*(Order(item) for item in others), Order(along)), after=after)


def limited(draft: Draft) -> bool:
    """Whether the one that moved most is asked for: 'which country grew the most'."""
    return any(mention.asks("moved") and mention.text.lower().endswith(("most", "fastest", "最多", "最快")) for mention in draft.mentions)


def change_within(draft: Draft, plan: Plan) -> Plan | None:
    """By how much a rate such as a closing price went up or down over one period."""
    numbers = [field for field in fields(plan.select) if draft.catalog.is_measure(field)] or [
        field for field in [default_measure(draft)] if isinstance(field, Field)
    ]
    date = main_date(draft)
    one = draft.flags.get("period") in ("year", "month", "quarter", "span") and "periods" not in draft.flags and not two_periods(draft)
    if plan.group or plan.limit or not one or not numbers or date is None or not draft.catalog.settles(date.table, [date.column]):
        return None
    closing = next((field for field in numbers if "close" in draft.catalog.concepts(field)), numbers[0])
    if draft.catalog.adds_up(closing):
        return None
    return Plan((Combined(Measure("last", closing, by=date), "change", Measure("first", closing, by=date)),), plan.where)


def when_of(test: Test) -> tuple[float, str]:
    """What periods are put in order by: a number such as a year, or a day."""
    value = test.right[0] if isinstance(test, Condition) else 0
    return (value, "") if isinstance(value, (int, float)) else (0, str(value))


def between_periods(draft: Draft, plan: Plan, of: Measure, pair: tuple[Test, Test]) -> Plan:
    """A measure in two periods and the change between them, for each group."""
    early, late = sorted(pair, key=when_of)
    held = {test.left for test in pair if isinstance(test, Condition)}
    dims = plan.group or tuple(item for item in plan.select if isinstance(item, Field) and not draft.catalog.is_measure(item))
    if not dims and plan.limit and isinstance(of.of, Field):
        dims = draft.catalog.labels(of.of.table)
    group = tuple(item for item in dims if not isinstance(item, Grain) and item not in held)
    first, second = replace(of, where=(early,)), replace(of, where=(late,))
    percent = "growth" in draft.flags and "moved" not in draft.flags
    change = Combined(second, "change" if percent else "-", first)
    rest = tuple(test for test in plan.where if test not in draft.period_tests)
    moved = draft.flags.get("moved", "up")
    plan = replace(plan, limit=1) if limited(draft) and group else plan
    if plan.limit:
        return Plan((*group, change), rest, group, order=(Order(change, moved == "up"),), limit=plan.limit)
    if "moved" in draft.flags and group and "growth" not in draft.flags:
        return Plan(
            (*group, change), rest, group, (Condition(change, ">" if moved == "up" else "<", (0,)),), (Order(change, moved == "up"),)
        )
    return Plan((*group, first, second, change), rest, group)


def by_period(draft: Draft, plan: Plan) -> Plan:
    """Several periods are told apart by grouping on their unit."""
    test = next((test for test in draft.period_tests if isinstance(test, Condition)), None)
    yearly = test is not None and isinstance(test.left, Grain) and test.left.unit == "year"
    if test is None or any(
        isinstance(item, Grain) and item.unit in (("year",) if yearly else ("month", "year", "quarter")) for item in plan.group
    ):
        return plan
    left = test.left
    if any(mention.asks("or") for mention in draft.mentions):
        return plan
    if isinstance(left, Opaque) and draft.weekday_of and test.sign == "in":
        day = Grain(draft.weekday_of, "weekday")  # Saturdays compared with Sundays
        return plan if day in plan.group else replace(plan, select=(day, *plan.select), group=(day, *plan.group), order=(Order(day),))
    if not isinstance(left, Field | Grain) or left in plan.group or test.sign not in ("in", "="):
        return plan
    if isinstance(left, Grain) and left.unit == "year":
        months = {item: Grain(item.field, "monthofyear") for item in plan.group if isinstance(item, Grain) and item.unit == "month"}
        shown = tuple(months.get(item, item) if isinstance(item, Grain) else item for item in plan.select)
        plan = replace(
            plan, select=shown, group=tuple(months.get(item, item) if isinstance(item, Grain) else item for item in plan.group), order=()
        )
    return replace(plan, select=(left, *plan.select), group=(left, *plan.group), order=plan.order or (Order(left),))


def averaged_per(draft: Draft, plan: Plan) -> Plan:
    """'Average monthly spend': sums by month, then their average."""
    grain = next((item for item in plan.group if isinstance(item, Grain) and item.unit == draft.flags["averaged per"]), None)
    of = figure(plan)
    if grain is None or not isinstance(of, Measure):
        return plan
    others = tuple(item for item in plan.group if item != grain)
    home = next(fields(grain)).table
    if (
        of.of is not None
        and isinstance(of.of, Field)
        and (not draft.catalog.adds_up(of.of) or (draft.catalog.settles(home, [grain.field.column]) and not is_taken(draft, of.of, grain)))
    ):
        if grain.unit == "day":
            return replace(plan, select=(*others, of), group=others, order=())
        return plan
    total = replace(of, aggregate="sum") if of.of is not None else of
    return Plan((*others, Combined(total, "/", Measure("count_distinct", grain))), plan.where, others, tables=plan.tables)


def is_taken(draft: Draft, field: Field, grain: Grain) -> bool:
    """Whether a column is the money taken, of which each month has a sum even where every order has a moment of its own."""
    return grain.unit != "day" and draft.catalog.money([field.table]) == field


TOTAL_COUNT = re.compile(r"\btotal (?:number of|count of|\w+ count)\b", re.IGNORECASE)
"""'The total number of customers over time' counts all there are at each time, not those that came."""


def trend(draft: Draft, plan: Plan) -> Plan:
    """A figure along time, in units that suit the length of the data."""
    date = main_date(draft)
    if date is None or any(isinstance(item, Field) and draft.catalog.is_time(item) for item in (*plan.group, *plan.select)):
        return plan
    along: Expression = date
    numbers = [output for output in plan.select if isinstance(output, Field) and draft.catalog.is_measure(output)]
    given = [field.column for field in (*draft.eq_fields, date) if field.table == date.table]
    extra = [item for item in (*plan.group,) if isinstance(item, Field)]
    settled = draft.catalog.settles(date.table, [*given, *(item.column for item in extra)])
    if settled and not scattered(draft, date) and (numbers or (isinstance(figure(plan), Measure))):
        single = numbers or [measure.of for measure in plan.select if isinstance(measure, Measure) and isinstance(measure.of, Field)]
        if single:
            return Plan((along, *extra, *single), plan.where, order=(Order(along),))
    if draft.catalog.is_date(date):
        along = Grain(date, span_unit(draft, date))  # type: ignore[arg-type]
    measures = (
        [output for output in plan.select if aggregated(output)]
        or [Measure("sum" if draft.catalog.adds_up(number) else "avg", number) for number in numbers]
        or [Measure("count")]
    )
    group = (along, *(item for item in plan.group if item != along))
    if measures == [Measure("count")] and len(group) == 1 and TOTAL_COUNT.search(draft.text):
        return Plan(
            (along, Window("cumulative", Measure("count"), along)), plan.where, group, plan.having, (Order(along),), tables=plan.tables
        )
    return Plan((*group, *measures), plan.where, group, plan.having, (Order(along),), tables=plan.tables)


def scattered(draft: Draft, date: Field) -> bool:
    """Whether rows fall on moments of many months: each by itself shows no trend."""
    low, high = str(draft.catalog.column(date).minimum)[:10], draft.catalog.latest(date)
    if draft.mark or not has_clock(draft, date) or not high:
        return False
    return (high - day.fromisoformat(low)).days > SCATTERED


SCATTERED = 90  # days, over which moments are put together by month


def span_unit(draft: Draft, date: Field) -> str:
    """Days for a season, months for some years, years beyond."""
    low, high = draft.catalog.column(date).minimum, draft.catalog.latest(date)
    if not isinstance(low, str) or not high:
        return "month"
    years = high.year - int(low[:4])
    return "year" if years > 8 else "month"
