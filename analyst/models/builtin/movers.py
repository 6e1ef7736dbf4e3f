"""What moved most from one period to the next: 'which region dropped the most in March', 'worst single day drop', 哪个月销售额跌得最多."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date as day
from datetime import timedelta
from typing import Literal

from analyst.models.builtin.draft import Draft, Movement
from analyst.models.builtin.figures import main_date, two_periods
from analyst.models.builtin.listing import tests
from analyst.models.builtin.measuring import default_aggregate
from analyst.models.builtin.movement import split_periods
from analyst.models.builtin.plan import (
    Combined,
    Condition,
    Expression,
    Field,
    Grain,
    GrainUnit,
    Measure,
    Order,
    Output,
    Plan,
    Test,
    Window,
    fields,
)
from analyst.models.builtin.subjects import subject_of, when_expression

UP = r"grew|grow|grown|growing|increased?|rose|rise|risen|jumped|improved|climbed|went up|gained"
DOWN = r"dropped|drop|declined?|decreased?|fell|fall|fallen|shrank|shrunk|went down|slumped|worsened"
MOST = r"(?P<most>the most|most|fastest|quickest|hardest|sharpest|furthest|strongest|slowest|(?:the )?least)"
EXTREME = r"(?P<most>biggest|largest|greatest|highest|steepest|sharpest|strongest|worst|best|smallest|lowest|fastest|deepest|slowest)"
STEPS = r"(?P<step>single[- ]day|one[- ]day|daily|day[- ](?:over|to|on)[- ]day|weekly|week[- ](?:over|to|on)[- ]week|monthly|" + (
    r"month[- ](?:over|to|on)[- ]month|quarterly|quarter[- ](?:over|to|on)[- ]quarter|yearly|annual|year[- ](?:over|to|on)[- ]year)"
)
SHARE = r"(?P<share>percentage|percent|per cent|%|relative)"
NOUN = r"(?:drop|decline|decrease|fall|slump|dip|(?P<up>increase|rise|jump|growth|gain|surge))(?:\s+rate)?"
ENGLISH = (
    re.compile(rf"\b(?:(?P<up>{UP})|{DOWN})\s+(?:by\s+)?(?:the\s+)?{MOST}\b", re.I),
    re.compile(r"\b(?P<most>fastest|quickest|slowest)[- ](?P<up>growing)\b", re.I),
    re.compile(rf"\b{EXTREME}\s+(?:(?:{STEPS}|{SHARE})\s+)*{NOUN}\b(?!\s+rate)", re.I),
    re.compile(
        r"\b(?P<most>worst|best|highest|lowest)\s+(?P<step>day|week|month|quarter|year)\s+"
        rf"(?:for|in terms of|by)\s+(?:\w+\s+){{0,2}}?{NOUN}\b",
        re.I,
    ),
)
RISES, FALLS = "涨|增长|上升|提高|增加|提升|上涨", "跌|下降|下跌|减少|降低|下滑|回落|降|掉"
CHINESE = (
    re.compile(
        rf"(?P<step>单日|单周|单月|日|月|季度?|年)?(?P<share>环比|同比)?(?:(?P<up>{RISES})|(?:{FALLS}))(?P<rate>率|速度)?(?:得|了|幅度?|额)?(?P<most>最[多快大高厉猛明少慢小低]害?显?)"
    ),
    re.compile(r"(?P<share>环比|同比)?(?:(?P<up>涨幅|增幅|(?P<rate>增速))|跌幅|降幅)(?P<most>最[大高快猛小低慢])"),
    re.compile(
        r"(?P<most>最[大高小低])的?(?P<step>单日|单周|单月|月度?|日|周)?(?P<share>环比|同比)?(?:(?P<up>涨幅|增幅|(?P<rate>增速))|跌幅|降幅)"
    ),
)
LEAST = re.compile(r"least|slowest|smallest|lowest|worst growth|[少慢小低]")
PERCENT = re.compile(r"%|percent|per cent|\brate\b|fastest|quickest|slowest|fast|百分|率|增速|[快慢]|环比|同比", re.I)
UNITS: dict[str, GrainUnit] = {
    "single": "day", "one": "day", "daily": "day", "day": "day", "week": "week", "weekly": "week", "month": "month", "monthly": "month",
    "quarter": "quarter", "quarterly": "quarter", "year": "year", "yearly": "year", "annual": "year", "单日": "day", "日": "day",
    "单周": "week", "周": "week", "单月": "month", "月": "month", "月度": "month", "季": "quarter", "季度": "quarter", "年": "year",
}  # fmt: skip
CALENDAR = ("day", "week", "month", "quarter", "year")
SPANS = frozenset(("年", "月", "天", "周", "季", "个月", "季度", "year", "years", "month", "months", "day", "days", "week", "weeks"))
LARGE = 50  # things asked for; a larger number is no count of them


def moves(draft: Draft) -> re.Match[str] | None:
    """The words that ask for what moved most."""
    return next((match for form in (CHINESE if draft.language == "zh" else ENGLISH) if (match := form.search(draft.text))), None)


def read_movement(draft: Draft) -> None:
    """Note that what moved most is asked for; its words say nothing else then."""
    found = moves(draft)
    if found is None or not draft.dates() or "rank" in draft.flags:
        return
    told = [at for at, mention in enumerate(draft.mentions) if found.start() <= mention.start and mention.end <= found.end()]
    held = [at for at in told if draft.mentions[at].kind in ("column", "value", "table")]
    if any(draft.mentions[at].columns[:1] and draft.mentions[at].columns[0].score >= WELL for at in held if outside_noun(found, draft, at)):
        return
    parts = found.groupdict()
    said = found[0].lower()
    up = bool(parts.get("up"))
    worst = parts["most"].lower() == "worst" and up
    turned = bool(LEAST.search(parts["most"].lower())) or worst
    step = re.split(r"[- ]", (parts.get("step") or "").lower())[0]
    unit = UNITS.get(step)
    if unit is None and parts.get("share") == "环比":
        unit = "month" if asks_when(draft) else None
    draft.movement = Movement(up != turned, bool(parts.get("rate") or PERCENT.search(said)), unit, found[0])
    draft.use(*(at for at in told if at not in held))


WELL = 0.9  # of a link with a header such as growth_rate


def outside_noun(found: re.Match[str], draft: Draft, at: int) -> bool:
    """Whether a column is among the words of the movement itself rather than named between them: 'worst month for profit growth'."""
    mention = draft.mentions[at]
    return mention.end == found.end() or mention.start == found.start()


def asks_when(draft: Draft) -> bool:
    """Whether the question asks for a time."""
    return any(mention.kind in ("when", "whenmonth", "whenyear", "grain") or mention.asks("whenmonth") for mention in draft.mentions)


def movers(draft: Draft) -> Plan | None:
    """The things, or the time, that moved most; None where the data has no two periods to compare."""
    movement = draft.movement
    date = main_date(draft)
    if movement is None or date is None:
        return None
    when = when_expression(draft)
    units = [item for item in draft.group if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item))]
    dims: list[Expression] = [item for item in draft.group if item not in units]
    shown, table = subject_of(draft)
    draft.shown, draft.subject = list(shown), table
    numbers = [item for item in shown if isinstance(item, Field) and draft.catalog.is_measure(item)]
    dims += [item for item in shown if item not in numbers and item not in dims and not is_time(draft, item)]
    along = when or next(iter(units), None) or (Grain(date, movement.unit) if movement.unit and not dims else None)
    counts = table if table and (dims or along is not None) else None
    of = figure_of(draft, numbers, counts)
    if along is not None and not dims:
        return steepest_step(draft, movement, finer(draft, along, date), of)
    dims = dims or list((not table and draft.groups_before) or things_of(draft, table or draft.catalog.main_table))
    near = {field.table for field in fields(of)} or {counts or next((field.table for field in fields(tuple(dims))), "")}
    date = next((field for field in draft.dates() if field.table in near), date)
    return moved_most(draft, movement, date, dims, of) if dims else None


def things_of(draft: Draft, table: str) -> list[Field]:
    """The columns that name what the rows of a table are about."""
    catalog = draft.catalog
    named = [field for field in catalog.labels(table) if not catalog.is_number(field)]
    return named or [field for field in catalog.fields(table) if not catalog.is_number(field) and not catalog.is_time(field)][:1]


def is_time(draft: Draft, item: Expression) -> bool:
    """Whether it tells when."""
    return isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item))


def figure_of(draft: Draft, numbers: list[Field], counts: str | None) -> Measure | Combined:
    """What moves: the figure that is named or was shown before, else money, else how many rows there are."""
    if draft.measures and isinstance(draft.measures[0], Measure | Combined):
        return draft.measures[0]
    if numbers:
        return Measure(default_aggregate(draft, numbers[0]), numbers[0])
    if counts:
        return Measure("count")
    if draft.figure_before:
        return draft.figure_before
    closing = draft.catalog.named("close", draft.all_tables, number=True)
    default = draft.number_before or draft.catalog.money(draft.all_tables) or next(iter(closing), None) or only_measure(draft)
    draft.flags.setdefault("moves", "" if default else "rows")
    return Measure(default_aggregate(draft, default), default) if default else Measure("count")


def only_measure(draft: Draft) -> Field | None:
    """The one column of amounts, where there is but one."""
    found = [field for table in draft.all_tables for field in draft.catalog.fields(table) if draft.catalog.is_measure(field)]
    return found[0] if len(found) == 1 else None


def with_figure(plan: Plan, of: Measure) -> Plan:
    """The same movement, of another figure."""
    shown = plan.select[-1]
    if isinstance(shown, Combined):
        moved: Output = replace(shown, left=replace(of, where=shown.left.where), right=replace(of, where=shown.right.where))
    else:
        assert isinstance(shown, Window)
        moved = replace(shown, of=of)
    return replace(plan, select=(*plan.select[:-1], moved), order=(replace(plan.order[0], by=moved),))


def limit_of(draft: Draft) -> int:
    """How many are asked for."""
    if draft.top and draft.top.limit:
        return draft.top.limit
    for at, mention in enumerate(draft.mentions):
        after = draft.mentions[at + 1].text.lower() if at + 1 < len(draft.mentions) else ""
        if at not in draft.used and mention.kind == "number" and mention.number and 0 < mention.number <= LARGE and after not in SPANS:
            draft.use(at)
            return int(mention.number)
    return 1


# ---------------------------------------------------------------------------------------- the time of the largest step
def finer(draft: Draft, along: Expression, date: Field) -> Expression:
    """A date that 'which day' asks for as its days."""
    if isinstance(along, Field) and draft.catalog.is_date(along):
        return Grain(along, "day")
    return along if not isinstance(along, Grain) or along.unit in CALENDAR else Grain(date, "month")


def steepest_step(draft: Draft, movement: Movement, along: Expression, of: Measure | Combined) -> Plan:
    """The period in which a figure changed most against the one before."""
    field = along.field if isinstance(along, Grain) else along
    assert isinstance(field, Field)
    raw: Measure | Combined | Field = of
    group: tuple[Expression, ...] = (along,)
    daily = not isinstance(along, Grain) or along.unit == "day"
    if isinstance(of, Measure) and isinstance(of.of, Field) and daily and draft.catalog.settles(field.table, [field.column]):
        raw, along, group = of.of, field, ()
    window = Window("growth" if movement.percent else "change", raw, along)
    inside, after = split_periods(draft, Plan(where=tests(draft)), along)
    dated = (Condition(field, "not null"),) if draft.catalog.column(field).missing else ()
    order = (Order(window, movement.descending),)
    return Plan((along, window), (*inside, *dated), group, order=order, limit=limit_of(draft), after=after, tables=tuple(draft.tables))


# ---------------------------------------------------------------------------------------- things between two periods
Pair = tuple[tuple[Test, ...], tuple[Test, ...]]
"""The tests of an earlier and of a later period."""


def moved_most(draft: Draft, movement: Movement, date: Field, dims: list[Expression], of: Measure | Combined) -> Plan | None:
    """The things whose figure changed most from one period to the next."""
    named = two_periods(draft)
    pair = ((named[0],), (named[1],)) if named else two_before(draft) or around(draft, date)
    if pair is None or not isinstance(of, Measure):
        return None
    early, late = sorted(pair, key=earliest)
    kind: Literal["change", "moved", "-"] = "change" if movement.percent else "moved" if of.aggregate == "sum" else "-"
    change = Combined(replace(of, where=(*of.where, *late)), kind, replace(of, where=(*of.where, *early)))
    rest = tuple(test for test in tests(draft) if test not in draft.period_tests)
    order = (Order(change, movement.descending),)
    return Plan((*dims, change), rest, tuple(dims), order=order, limit=limit_of(draft), tables=tuple(draft.tables))


def two_before(draft: Draft) -> Pair | None:
    """The two periods that the last two answers were about."""
    if draft.period_tests or len(draft.times_before) < 2:
        return None
    last, first = draft.times_before[:2]
    return (first, last) if {str(fields_of(test)) for test in first} == {str(fields_of(test)) for test in last} else None


def fields_of(test: Test) -> tuple[Field, ...]:
    """The columns of a test."""
    return tuple(fields(test))


def earliest(period: tuple[Test, ...]) -> tuple[bool, float, str]:
    """What a period is sorted by: where it begins."""
    first = period[0]
    value = first.right[0] if isinstance(first, Condition) and first.right else ""
    number = isinstance(value, (int, float))
    return (not number, float(value) if isinstance(value, (int, float)) else 0.0, str(value))


def around(draft: Draft, date: Field) -> Pair | None:
    """The period that is named and the one before it; without any the latest whole ones."""
    said = draft.period_tests or [test for period in draft.times_before[:1] for test in period]
    found = [test for test in said if isinstance(test, Condition)]
    if not found:
        return latest_two(draft, date)
    first = found[0]
    value = first.right[0] if first.right else None
    if isinstance(first.left, Field) and isinstance(value, int):
        return around_year(draft, first.left, first.sign, value)
    if isinstance(value, int) and first.sign == "=" and len(found) == 1:
        month = isinstance(first.left, Grain) and first.left.unit == "monthofyear"
        return ((replace(first, right=(value - 1,)),), (first,)) if (value > 1 if month else held(draft, date, value - 1)) else None
    if isinstance(first.left, Grain) and first.left.unit == "day" and first.sign == "=":
        return (replace(first, right=((day.fromisoformat(str(value)) - timedelta(days=1)).isoformat(),)),), (first,)
    ends = {test.sign: test.right[0] for test in found if test.left == first.left and isinstance(test.right[0], str)}
    start, end = ends.get(">="), ends.get("<")
    if start is None or not isinstance(first.left, Field):
        return None
    latest = draft.catalog.latest(date)
    until = day.fromisoformat(str(end)) if end else (latest + timedelta(days=1) if latest else None)
    return before_and_in(draft, first.left, day.fromisoformat(str(start)), until, open_ended=end is None) if until else None


def around_year(draft: Draft, years: Field, sign: str, value: int) -> Pair | None:
    """Of a column of years: the year that is named and the one held before it; or the first and the last of those from a year on."""
    cells = sorted({int(cell) for cell, _ in draft.catalog.column(years).frequent if isinstance(cell, int)})
    if sign == "=":
        chosen = [*[year for year in cells if year < value][-1:], value]
    else:
        within = [year for year in cells if (year >= value if sign == ">=" else year <= value)]
        chosen = [*within[:1], *within[-1:]]
    if len(set(chosen)) < 2:
        return None
    return (Condition(years, "=", (chosen[0],)),), (Condition(years, "=", (chosen[1],)),)


def held(draft: Draft, date: Field, year: int) -> bool:
    """Whether the data reaches back into a year."""
    low = draft.catalog.column(date).minimum
    return low is not None and int(str(low)[:4]) <= year


def before_and_in(draft: Draft, field: Field, start: day, end: day, open_ended: bool) -> Pair | None:
    """A period and the one of the same length before it; of several years, or where nothing is before it, its first and its last part."""
    months = (end.year - start.year) * 12 + end.month - start.month
    low = str(draft.catalog.column(field).minimum)[:10]
    if months > MONTHS or (open_ended and months > MONTHS // 2):
        last = (end - timedelta(days=1)).year
        last -= int(open_ended and end.month < MONTHS)
        return (year_of(field, start.year), year_of(field, last)) if last > start.year else None
    whole = start.day == 1 and end.day == 1
    before = shifted(start, -months) if whole else start - (end - start)
    if low <= (before + timedelta(days=LATE)).isoformat():
        return between(field, before, start), between(field, start, end)
    if whole and months > 1:
        return between(field, start, shifted(start, 1)), between(field, shifted(end, -1), end)
    return None


MONTHS = 12  # of a year
LATE = 15  # days after its beginning, on which the first row of a period may stand


def latest_two(draft: Draft, date: Field) -> Pair | None:
    """The first and the last of a column of years; of days the last two whole years, or the last two whole months."""
    low, latest = draft.catalog.column(date).minimum, draft.catalog.latest(date)
    if low is None or latest is None:
        return None
    if draft.catalog.is_year(date) and not draft.catalog.is_date(date):
        first, last = int(str(low)[:4]), latest.year
        return ((Condition(date, "=", (first,)),), (Condition(date, "=", (last,)),)) if last > first else None
    end = shifted(latest + timedelta(days=LATE), 0)  # a month that is as good as over counts as whole
    year = end.year - 1
    years = held(draft, date, year - 1) and str(low)[:10] <= day(year - 1, 1, 1 + LATE).isoformat()
    months = (between(date, shifted(end, -2), shifted(end, -1)), between(date, shifted(end, -1), end))
    if not years:
        return months if str(low)[:10] < shifted(end, -1).isoformat() else None
    spans = (year_of(date, year - 1), year_of(date, year))
    return draft.chooser.choose("periods", [(spans, 0.65), (months, 0.35)])


def shifted(start: day, months: int) -> day:
    """The first day of the month so many months on."""
    at = start.year * MONTHS + start.month - 1 + months
    return day(at // MONTHS, at % MONTHS + 1, 1)


def between(field: Field, start: day, end: day) -> tuple[Test, ...]:
    """From one day on, up to another."""
    return Condition(field, ">=", (start.isoformat(),)), Condition(field, "<", (end.isoformat(),))


def year_of(field: Field, year: int) -> tuple[Test, ...]:
    """One year."""
    return (Condition(Grain(field, "year"), "=", (year,)),)
