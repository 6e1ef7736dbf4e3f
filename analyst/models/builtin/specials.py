"""Shares, growth, running totals, moving averages, correlations, bins, and comparisons of two values or periods."""

from __future__ import annotations

from dataclasses import replace
from math import floor, log10

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.filters import default_measure
from analyst.models.builtin.plan import (
    Arithmetic,
    Bin,
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
    Window,
    aggregated,
    fields,
)

KINDS = (
    "share",
    "growth",
    "cumulative",
    "moving",
    "corr",
    "hist",
    "compare",
    "diff",
    "ratio",
    "trend",
    "distinct",
    "weighted",
    "rank",
    "skipblank",
    "all",
    "moved",
    "both",
)


UNITS_ZH = {"周": "week", "月": "month", "个月": "month", "年": "year", "季": "quarter"}


def read_specials(draft: Draft) -> None:
    """Note requests that change the whole shape of the answer."""
    for at, mention in enumerate(draft.mentions):
        for kind in KINDS:
            value = mention.asks(kind)
            if value is None or mention.kind in ("column", "table", "value", "period") or at in draft.used:
                continue
            if kind == "trend" and mention.kind not in ("trend",):
                continue
            name = {"skipblank": "skip blank", "all": "everything"}.get(kind, kind)
            draft.flags.setdefault(name, value)
            draft.flags.setdefault(f"{name} at", str(at))
            if kind not in ("distinct", "moved", "rank", "hist", "both"):
                draft.use(at)
            if kind == "moving":
                steps_of(draft, at)
            if kind == "hist":
                bin_width(draft, at)
            break


def steps_of(draft: Draft, at: int) -> None:
    """The number of rows of a moving average: '20 day', '7日'."""
    for place in range(at - 1, max(-1, at - 5), -1):
        mention = draft.mentions[place]
        if mention.number or (mention.period and mention.period.kind == "last"):
            unit = next((other.value for other in draft.mentions[place:at] if other.value in ("week", "month", "quarter", "year")), "")
            unit = unit or next((UNITS_ZH[other.text] for other in draft.mentions[place:at] if other.text in UNITS_ZH), "")
            if unit or (mention.period and mention.period.unit in ("week", "month", "quarter", "year")):
                draft.flags["steps unit"] = unit or (mention.period.unit if mention.period else "")
            draft.flags["steps"] = str(int(mention.number or (mention.period.count if mention.period else 0)))
            draft.use(*range(place, at))
            return


def bin_width(draft: Draft, at: int) -> None:
    """The width of bins: '按10美元一档', 'in buckets of 10'."""
    for place in range(max(0, at - 4), min(len(draft.mentions), at + 4)):
        if draft.mentions[place].kind == "number" and place not in draft.used:
            draft.flags["width"] = str(draft.mentions[place].number)
            draft.flags["hist"] = "bins"
            draft.use(at, place)
            return
    draft.use(at)


def apply_specials(draft: Draft, plan: Plan) -> Plan:
    """The plan in the shape that was asked for."""
    flags = draft.flags
    if draft.mark == "box" and plan.group:
        spread = list(fields(tuple(output for output in plan.select if aggregated(output))))
        if spread:
            return Plan((*plan.group, spread[0]), plan.where)
    if "corr" in flags and (shaped := correlation(draft, plan)):
        return shaped
    if "hist" in flags and (shaped := histogram(draft, plan)):
        return shaped
    if "moving" in flags or "cumulative" in flags:
        return running(draft, plan)
    if "weighted" in flags and (shaped := weighted(draft, plan)):
        return shaped
    if ("growth" in flags or "moved" in flags) and (shaped := change_within(draft, plan)):
        return shaped
    if ("growth" in flags or ("moved" in flags and two_periods(draft))) and (shaped := growth(draft, plan)):
        return shaped
    if "share" in flags and any(mention.text.lower().startswith("proportion") for mention in draft.mentions) and not draft.value_tests:
        draft.mark = draft.mark or "pie"
    if (
        "share" in flags
        and draft.mark == "pie"
        and not any(mention.text.lower().startswith(("percent", "%", "占", "share of total")) for mention in draft.mentions)
    ):
        return plan
    if "share" in flags and (shaped := share(draft, plan)):
        return shaped
    if ("diff" in flags or "ratio" in flags) and (shaped := between_values(draft, plan)):
        return shaped
    if "compared" in flags and not plan.top_each and not plan.limit:
        plan = compared(draft, plan)
    if "periods" in flags and aggregated_plan(plan):
        plan = by_period(draft, plan)
    if "averaged per" in flags:
        return averaged_per(draft, plan)
    if "trend" in flags and not any(isinstance(item, Grain) for item in plan.group) and not plan.limit:
        return trend(draft, plan)
    return plan


def aggregated_plan(plan: Plan) -> bool:
    """Whether the plan shows figures over groups or over all rows."""
    return any(aggregated(output) for output in plan.select)


def figure(plan: Plan) -> Output | None:
    """The first figure of a plan."""
    return next((output for output in plan.select if isinstance(output, Measure | Combined)), None)


# ---------------------------------------------------------------------------------------- shapes
def correlation(draft: Draft, plan: Plan) -> Plan | None:
    """How two number columns go together."""
    named = [
        draft.options(at, "number")[0][0]
        for at, mention in enumerate(draft.mentions)
        if mention.kind == "column" and draft.options(at, "number")
    ]
    numbers = list(dict.fromkeys(field for field in named if draft.catalog.is_measure(field))) or list(dict.fromkeys(named))
    if len(numbers) < 2:
        numbers = list(dict.fromkeys(field for field in fields(plan.select) if draft.catalog.is_number(field)))
    if len(numbers) < 2:
        return None
    shown = any(mention.text.lower().startswith("relation") for mention in draft.mentions) and not plan.group and draft.language == "en"
    if shown:
        draft.mark = draft.mark or "scatter"
    if draft.mark == "scatter" or plan.group:
        return None
    return Plan((Measure("corr", numbers[0], by=numbers[1]),), tests_only(plan, numbers))


def tests_only(plan: Plan, numbers: list[Field]) -> tuple[Test, ...]:
    """The tests that are not about the columns compared."""
    return tuple(test for test in plan.where if not set(fields(test)) & set(numbers))


def histogram(draft: Draft, plan: Plan) -> Plan | None:
    """Counts of a number in steps; of a column with few values, or of words, by value."""
    columns = list(fields(plan.select))
    if "width" in draft.flags:
        named = [
            draft.options(at, "number")[0][0]
            for at, mention in enumerate(draft.mentions)
            if mention.kind == "column" and draft.options(at, "number")
        ]
        if named:
            step = Bin(named[0], float(draft.flags["width"]))
            return Plan((step, Measure("count")), plan.where, (step,), order=(Order(step),))
    measured = [field for field in columns if draft.catalog.is_measure(field)]
    if plan.group and not measured:
        return None
    if draft.mark in ("box", "pie", "bar", "line") and plan.group:
        return None
    if not measured:
        return replace(plan, select=(*columns, Measure("count")), group=tuple(columns), order=()) if columns and not plan.group else None
    field = measured[0]
    column = draft.catalog.column(field)
    if any(item for item in plan.group if not isinstance(item, Bin)) or len(columns) > 1:
        return None
    if column.distinct <= 20 and "width" not in draft.flags:
        return Plan((field, Measure("count")), plan.where, (field,), order=(Order(field),))
    width = float(draft.flags["width"]) if "width" in draft.flags else nice_width(column.minimum, column.maximum)
    item = Bin(field, width)
    return Plan((item, Measure("count")), plan.where, (item,), order=(Order(item),))


def nice_width(low: object, high: object) -> float:
    """A round width that cuts a range into about ten steps (1, 2 or 5 times a power of ten)."""
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)) or high <= low:
        return 1.0
    rough = (high - low) / 10
    power = 10.0 ** floor(log10(rough))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= rough))


def time_of(plan: Plan, draft: Draft) -> Expression | None:
    """What the rows of a plan are ordered along."""
    for item in (*plan.group, *plan.select):
        if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item)):
            return item
    return None


def main_date(draft: Draft) -> Field | None:
    """The date column of the tables in play."""
    dates = draft.dates()
    return dates[0] if dates else None


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
    pair = two_periods(draft)
    if pair and isinstance(of, Measure):
        return between_periods(draft, plan, of, pair)
    along = time_of(plan, draft)
    unit = {"yoy": "year", "mom": "month"}.get(draft.flags.get("growth", ""), "")
    if along is None or (unit == "month" and not isinstance(along, Grain)):
        date = main_date(draft)
        if date is None:
            return None
        along = date if draft.catalog.is_year(date) else Grain(date, unit or "month")  # type: ignore[arg-type]
    others = tuple(item for item in plan.group if item != along and not isinstance(item, Grain))
    steps = (
        12
        if unit == "year" and isinstance(along, Grain) and along.unit == "month"
        else 4
        if unit == "year" and isinstance(along, Grain) and along.unit == "quarter"
        else 1
    )
    window = Window("growth", of, along, others, steps)
    inside, after = split_periods(draft, plan, along)
    return Plan((along, *others, of, window), inside, (along, *others), (), (*(Order(item) for item in others), Order(along)), after=after)


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


def weighted(draft: Draft, plan: Plan) -> Plan | None:
    """An average in which rows count by a weight."""
    at = int(draft.flags["weighted at"])
    numbers = [output.of for output in plan.select if isinstance(output, Measure) and isinstance(output.of, Field)]
    weights = [field for place in range(at, len(draft.mentions)) for field, _ in draft.options(place, "number")[:1]]
    if not weights:
        return None
    averaged = next((field for field in numbers if field != weights[0]), None)
    if averaged is None:
        return None
    figure_ = Combined(Measure("sum", Arithmetic(averaged, "*", weights[0])), "/", Measure("sum", weights[0]))
    return replace(plan, select=(*plan.group, figure_))


def two_periods(draft: Draft) -> tuple[Test, Test] | None:
    """The two periods a question compares; ends of a range of years count too."""
    tests = list(draft.period_tests)
    if len(tests) == 1 and isinstance(tests[0], Condition):
        test = tests[0]
        if test.sign in ("in", "between") and len(test.right) == 2:
            first, second = Condition(test.left, "=", test.right[:1]), Condition(test.left, "=", test.right[1:])
            return (first, second)
    months = [test for test in tests if isinstance(test, Condition) and test.sign == "=" and isinstance(test.left, Grain)]
    return (months[0], months[1]) if len(months) == 2 else None


def between_periods(draft: Draft, plan: Plan, of: Measure, pair: tuple[Test, Test]) -> Plan:
    """A measure in two periods and the change between them, for each group."""
    early, late = sorted(
        pair, key=lambda test: test.right[0] if isinstance(test, Condition) and isinstance(test.right[0], (int, float)) else 0
    )
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
    if plan.limit:
        return Plan((*group, change), rest, group, order=(Order(change, moved == "up"),), limit=plan.limit)
    if "moved" in draft.flags and group and "growth" not in draft.flags:
        return Plan(
            (*group, change), rest, group, (Condition(change, ">" if moved == "up" else "<", (0,)),), (Order(change, moved == "up"),)
        )
    return Plan((*group, first, second, change), rest, group)


def share(draft: Draft, plan: Plan) -> Plan | None:
    """Parts of a whole: each group's share, or the share of the rows that meet a test."""
    of = figure(plan)
    raw = [field for field in fields(plan.select) if draft.catalog.is_measure(field)]
    if of is None:
        of = Measure("sum", raw[0]) if raw and draft.catalog.adds_up(raw[0]) else Measure("count")
    if not isinstance(of, Measure):
        return None
    held = set(fields(tuple(draft.value_tests)))
    dims = tuple(item for item in plan.group if item not in held or len(draft.value_tests) > 1)
    times = tuple(item for item in dims if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item)))
    tested = [*draft.value_tests, *draft.where]
    if tested and (not dims or len(times) == len(dims)):
        if of.aggregate == "avg":
            of = replace(of, aggregate="sum")
        part = Combined(replace(of, where=tuple(tested)), "%", of)
        return Plan((*dims, part), tuple(draft.period_tests), dims, order=tuple(Order(item) for item in times))
    if not dims:
        dims = tuple(item for item in plan.select if isinstance(item, Field) and not draft.catalog.is_measure(item))
        if not dims:
            return None
    if of.aggregate == "avg":
        of = replace(of, aggregate="sum")
    window = Window("share", of)
    order = (Order(window, True),) if plan.limit else plan.order
    return Plan((*dims, window), plan.where, dims, plan.having, order, plan.limit)


def between_values(draft: Draft, plan: Plan) -> Plan | None:
    """The difference or ratio of a measure between two values of a column, or between two periods."""
    of = figure(plan)
    raw = [field for field in fields(plan.select) if draft.catalog.is_number(field)]
    if of is None and raw:
        of = Measure("avg" if not draft.catalog.adds_up(raw[0]) else "sum", raw[0])
    if not isinstance(of, Measure):
        return None
    pair: tuple[Test, Test] | None = None
    rest = plan.where
    for test in draft.value_tests:
        if isinstance(test, Condition) and test.sign == "in" and len(test.right) == 2:
            pair = (Condition(test.left, "=", test.right[:1]), Condition(test.left, "=", test.right[1:]))
            rest = tuple(other for other in plan.where if other != test)
    if pair is None and (pair := two_periods(draft)):
        rest = tuple(other for other in plan.where if other not in draft.period_tests)
    if pair is None:
        return None
    compared_column = pair[0].left if isinstance(pair[0], Condition) else None
    group = tuple(item for item in plan.group if item != compared_column)
    combined = Combined(replace(of, where=(pair[0],)), "-" if "diff" in draft.flags else "/", replace(of, where=(pair[1],)))
    if plan.limit:
        return Plan((*group, combined), rest, group, order=(Order(combined, True),), limit=plan.limit)
    return Plan((*group, combined), rest, group)


def compared(draft: Draft, plan: Plan) -> Plan:
    """Several values of one column are told apart by grouping on it."""
    table, column = draft.flags["compared"].split("\t")
    field = Field(table, column)
    if field in plan.group or plan.everything or not plan.select:
        return plan
    wants = "compare" in draft.flags or any(
        draft.mentions[at].text in ("and", "vs", "和", "与", "跟", "、", ",") for at in range(len(draft.mentions))
    )
    if not wants:
        return plan
    if aggregated_plan(plan):
        return replace(plan, select=(field, *plan.select), group=(field, *plan.group))
    if not {"compare", "trend"} & set(draft.flags) or field in plan.select or not any(isinstance(item, Field) and draft.catalog.is_measure(item) for item in plan.select):
        return plan
    return replace(plan, select=(field, *plan.select))


def by_period(draft: Draft, plan: Plan) -> Plan:
    """Several periods are told apart by grouping on their unit."""
    test = next((test for test in draft.period_tests if isinstance(test, Condition)), None)
    yearly = test is not None and isinstance(test.left, Grain) and test.left.unit == "year"
    if test is None or any(
        isinstance(item, Grain) and item.unit in (("year",) if yearly else ("month", "year", "quarter")) for item in plan.group
    ):
        return plan
    left = test.left
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
    if grain is None or not isinstance(of, Measure) or len(plan.group) > 1:
        return plan
    home = next(fields(grain)).table
    if (
        of.of is not None
        and isinstance(of.of, Field)
        and (not draft.catalog.adds_up(of.of) or draft.catalog.settles(home, [grain.field.column]))
    ):
        if grain.unit == "day":
            return replace(plan, select=(of,), group=(), order=())
        return plan
    total = replace(of, aggregate="sum") if of.of is not None else of
    return Plan((Combined(total, "/", Measure("count_distinct", grain)),), plan.where, tables=plan.tables)


def trend(draft: Draft, plan: Plan) -> Plan:
    """A figure along time, in units that suit the length of the data."""
    date = main_date(draft)
    if date is None or any(isinstance(item, Field) and draft.catalog.is_time(item) for item in (*plan.group, *plan.select)):
        return plan
    along: Expression = date
    numbers = [output for output in plan.select if isinstance(output, Field) and draft.catalog.is_measure(output)]
    given = [field.column for field in (*draft.eq_fields, date) if field.table == date.table]
    extra = [item for item in (*plan.group,) if isinstance(item, Field)]
    if draft.catalog.settles(date.table, [*given, *(item.column for item in extra)]) and (numbers or (isinstance(figure(plan), Measure))):
        single = numbers or [measure.of for measure in plan.select if isinstance(measure, Measure) and isinstance(measure.of, Field)]
        return Plan((along, *extra, *single), plan.where, order=(Order(along),))
    if draft.catalog.is_date(date):
        along = Grain(date, span_unit(draft, date))  # type: ignore[arg-type]
    measures = (
        [output for output in plan.select if aggregated(output)]
        or [Measure("sum" if draft.catalog.adds_up(number) else "avg", number) for number in numbers]
        or [Measure("count")]
    )
    group = (along, *(item for item in plan.group if item != along))
    return Plan((*group, *measures), plan.where, group, plan.having, (Order(along),), tables=plan.tables)


def span_unit(draft: Draft, date: Field) -> str:
    """Days for a season, months for some years, years beyond."""
    low, high = draft.catalog.column(date).minimum, draft.catalog.latest(date)
    if not isinstance(low, str) or not high:
        return "month"
    years = high.year - int(low[:4])
    return "year" if years > 8 else "month"
