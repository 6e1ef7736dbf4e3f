"""Reads periods as tests on the columns that tell when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from analyst.models.builtin.acts import ACTS, children
from analyst.models.builtin.dates import in_one_year, resolve
from analyst.models.builtin.deeds import deed_before, root
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Condition, Expression, Field, Grain, Opaque, Sign, Test
from analyst.models.builtin.spoken import Period


def read_periods(draft: Draft) -> None:
    """Periods become tests on a date or year column; several single ones are alternatives."""
    places = [at for at in draft.free("period") if draft.mentions[at].kind == "period"]
    if not places:
        return
    if len(places) == 1 and stands_against(draft, places[0]):
        places.append(len(draft.mentions) - 1)
    if len(places) > 1:
        settle_relative(draft, places)
    tests: list[Test] = []
    units = [
        period.unit for at in places if (period := draft.mentions[at].period) and period.kind == "range" and period.start and period.end
    ]
    alike = len(places) > 1 and len(units) == len(places) and len(set(units)) == 1 and units[0] in ("year", "month", "quarter")
    first: Field | None = None
    for at in places:
        period = draft.mentions[at].period
        column = first if first and follows_on(draft, at) else time_column(draft, at, period)
        first = first or column
        if period is None or column is None:
            draft.missing_period = draft.missing_period or not column
            continue
        test = unit_test(period, column) if alike and draft.catalog.is_date(column) else period_test(draft, period, column)
        if test:
            if period.kind == "hours":
                draft.where += test
                draft.use(at)
                continue
            tests += test
            draft.placed.update(dict.fromkeys(test, at))
            draft.use(at)
            draft.flags.setdefault("period", period.unit)
    if len(tests) > 1 and any(draft.asks(at, "or") for at in range(places[0], places[-1])):
        draft.flags.pop("outside", None)  # before 2000 or after 2010: one of them is enough
    singles = [test for test in tests if isinstance(test, Condition) and (test.sign == "=" or len(places) > 1)]
    if len(places) > 1 and len(singles) >= 2 and len({str(test.left) for test in singles}) == 1:
        merged = merge_alternatives(tests)
        draft.period_tests += merged
        draft.flags["periods"] = str(len(places))
    else:
        draft.period_tests += tests


def follows_on(draft: Draft, at: int) -> bool:
    """Whether a period is joined to the one before it, so that both are told by one date: 'in 2024 but not in 2025'."""
    before = next((place for place in range(at - 1, -1, -1) if draft.mentions[place].kind == "period"), at)
    between = draft.mentions[before + 1 : at]
    return all(
        mention.kind in ("to", "and", "or", "neg", "both", "compare", "cmp", "sign") or mention.text.lower() in JOINING
        for mention in between
    )


JOINING = (
    "in",
    "and",
    "or",
    "but",
    "not",
    "then",
    "to",
    "from",
    "than",
    "during",
    "和",
    "与",
    "及",
    "到",
    "至",
    "跟",
    "、",
    "年",
    "比",
    "都",
)


def stands_against(draft: Draft, at: int) -> bool:
    """Whether the present period is compared with the one named, as in 'sales vs last year'; it is noted as said."""
    period = draft.mentions[at].period
    before = draft.next_to(at, -1, 2, lambda place: bool(draft.asks(place, "compare")))
    if (
        before is None
        or period is None
        or period.kind != "latest"
        or not period.offset
        or draft.mentions[before].text.lower() == "comparison"
    ):
        return False
    end = len(draft.text)
    draft.mentions.append(Mention("period", "", end, end, period=replace(period, offset=0)))
    return True


def settle_relative(draft: Draft, places: list[int]) -> None:
    """'This year' and 'last year' side by side are two years like any others."""
    dates = [field for field in draft.dates() if draft.catalog.is_date(field)]
    latest = draft.catalog.latest(dates[0]) if dates else None
    for at in places:
        period = draft.mentions[at].period
        if latest and period and (period.kind == "latest" or period.back is not None):
            draft.mentions[at] = replace(draft.mentions[at], period=resolve(period, latest))
    if latest:
        in_the_same_year(draft, places, latest)


def in_the_same_year(draft: Draft, places: list[int], latest: date) -> None:
    """Months or quarters that are held against others are of the year said with one of them, else of the latest: 'May against April'."""
    periods = [period for at in places if (period := draft.mentions[at].period)]
    years = {period.start.year for period in periods if period.kind == "range" and period.start and period.unit in ("month", "quarter")}
    apart = any(mention.asks(kind) for mention in draft.mentions for kind in ("diff", "compare", "growth", "moved"))
    if not apart or len(years) > 1 or not all(period.kind in ("range", "months", "quarters") for period in periods):
        return
    for at in places:
        period = draft.mentions[at].period
        if period and period.kind in ("months", "quarters") and len(period.numbers) == 1:
            said = in_one_year(period, next(iter(years), latest.year))
            draft.mentions[at] = replace(draft.mentions[at], period=said)


def unit_test(period: Period, field: Field) -> list[Test]:
    """One of several whole years, quarters or months."""
    assert period.start
    value = period.start.year if period.unit == "year" else period.start.isoformat()
    return [Condition(Grain(field, period.unit), "=", (value,))]  # type: ignore[arg-type]


def merge_alternatives(tests: list[Test]) -> list[Test]:
    """Several periods of one column as one test; years as a list."""
    conditions = [test for test in tests if isinstance(test, Condition)]
    days = [test for test in conditions if isinstance(test.left, Opaque) and test.sign == "in"]
    if len(days) == len(tests) > 1 and len({test.left for test in days}) == 1:
        return [Condition(days[0].left, "in", tuple(dict.fromkeys(value for test in days for value in test.right)))]
    years = [test for test in conditions if test.sign == "="]
    if len(years) == len(conditions):
        return [Condition(years[0].left, "in", tuple(test.right[0] for test in years))]
    return list(tests)


def time_column(draft: Draft, at: int, period: Period | None) -> Field | None:
    """The column a period speaks of: one named beside it, else the date of the tables in play."""
    for step in (-1, 1):
        near = draft.next_to(at, step, 3, lambda place: draft.nameable(place) and bool(draft.options(place, "time")))
        if near is not None and near not in draft.used and draft.mentions[near].kind != "grain":
            found = draft.column(near, "time")
            if found and (draft.mentions[near].kind == "column"):
                if step == -1 or draft.mentions[at].start - draft.mentions[near].end < 2:
                    draft.use(near)
                return found
    if ended := ended_before(draft, at):
        return ended
    if (told := deed_before(draft, at)) and not (period and period.kind == "hours"):
        draft.flags["told"] = "when"
        return told
    if draft.absent and at > draft.absence_at >= 0 and (dated := draft.catalog.dates(draft.absent)):
        return dated[0]  # customers who did not rent a film after that day
    grains = [item.field for item in draft.group if isinstance(item, Grain)]
    if grains and draft.catalog.is_date(grains[0]) and not (period and period.kind == "hours"):
        return grains[0]
    dates = draft.dates()
    if period and period.kind in ("hours",):
        dates = [field for field in draft.catalog.fields() if draft.catalog.is_clock(field)]
    if period and (period.unit not in ("year", "decade", "span") or period.kind != "range"):
        finer = [field for field in dates if not draft.catalog.is_year(field)]
        dates = finer or (dates if period.kind in ("latest", "last") and period.unit == "year" else [])
    covering = [field for field in dates if covers(draft, field, period)]
    beside = table_beside(draft, at)
    options = [
        (field, 1.0 / (1 + rank) ** 2 * (8.0 if field.table == beside else 1.6 if field.table in draft.tables else 1.0))
        for rank, field in enumerate(covering or dates)
    ]
    options.sort(key=lambda option: -option[1])
    return draft.chooser.choose(f"time of {at}", options[:3]) if options else None


def table_beside(draft: Draft, at: int) -> str | None:
    """The table of the things that a period is said of, as in 'singers who sang in a concert in 2014'."""
    place = draft.next_to(at, -1, 1, lambda place: draft.mentions[place].kind == "table" and bool(draft.table(place)))
    if place is None and draft.language == "en" and (child := acted_table(draft, at)):
        return child
    if place is None and draft.language == "zh":  # 2014年举办过演唱会的场馆
        ahead = range(at + 1, min(at + AHEAD, len(draft.mentions)))
        ends = next(
            (here for here in ahead if draft.mentions[here].kind == "sign" or draft.mentions[here].text == "的"), len(draft.mentions)
        )
        place = next((here for here in ahead if here < ends and draft.mentions[here].kind == "table"), None)
    return draft.table(place) if place is not None else None


ENDED = frozenset(("cancelled", "canceled", "ended", "terminated", "churned", "closed", "expired", "finished", "completed"))


def ended_before(draft: Draft, at: int) -> Field | None:
    """The day on which what is told by the verb before a period ended: of subscriptions 'cancelled in 2025' that of their end."""
    verb = next((place for place in (at - 1, at - 2) if place >= 0 and draft.mentions[place].text.lower() in ENDED), None)
    if verb is None:
        return None
    homes = {value.table for value in draft.mentions[verb].values} or set(draft.tables)
    found = [
        field for home in homes for field in draft.catalog.dates(home) if draft.catalog.is_ending(field) and draft.catalog.is_date(field)
    ]
    return found[0] if len(found) == 1 else None


def acted_table(draft: Draft, at: int) -> str | None:
    """The dated rows of what people did right before a period: of 'donors gave in 2024' those of their gifts."""
    for place in range(at - 1, max(-1, at - 5), -1):
        if draft.mentions[place].kind == "table":
            done = any(
                root(mention.text) in ACTS for mention in draft.mentions[place + 1 : at] if mention.kind in ("word", "money", "column")
            )
            found = children(draft, draft.table(place) or "") if done else []
            return next((join.table for join in found if draft.catalog.dates(join.table)), None)
    return None


AHEAD = 6  # mentions after a Chinese period in which what happened then is named


def covers(draft: Draft, field: Field, period: Period | None) -> bool:
    """Whether a column's cells reach into a period."""
    latest = draft.catalog.latest(field)
    low = draft.catalog.column(field).minimum
    earliest = str(low)[:10] if isinstance(low, str) else f"{int(low):04d}-01-01" if isinstance(low, (int, float)) else ""
    if not period or not latest or not earliest:
        return True
    return not ((period.start and period.start > latest) or (period.end and period.end.isoformat() <= earliest))


def period_test(draft: Draft, period: Period, field: Field) -> list[Test]:
    """A period as tests on a column."""
    latest = draft.catalog.latest(field)
    if period.kind == "hours":
        first, last = period.numbers
        left: Expression = field if draft.catalog.column(field).type.upper() == "TIME" else Grain(field, "hour")
        if first and last < 24:
            values = [f"{hour:02d}:00:00" if isinstance(left, Field) else hour for hour in (first, last)]
            return [Condition(left, ">=", (values[0],)), Condition(left, "<", (values[1],))]
        edge = first or last
        value = f"{edge:02d}:00:00" if isinstance(left, Field) else edge
        return [Condition(left, ">=" if first else "<", (value,))]
    if period.kind in ("last", "latest") or period.back is not None:
        if latest is None:
            return []
        period = resolve(period, latest)
    if (
        period.kind == "range"
        and period.unit in ("year", "month", "day", "quarter", "half", "decade")
        and period.start
        and period.end
        and not covers(draft, field, period)
    ):
        draft.flags["outside"] = field.column
    if draft.catalog.is_year(field) and not draft.catalog.is_date(field):
        return year_tests(period, field)
    if not draft.catalog.is_date(field):
        return text_tests(period, field)
    if period.kind == "range":
        return range_tests(period, field)
    return recurring_tests(draft, period, field)


def range_tests(period: Period, field: Field) -> list[Test]:
    """A range of days, or what lies on one side of a moment."""
    if period.moment:
        day = date.fromisoformat(period.moment[:10])
        if period.start and period.end:
            return [Condition(field, "=", (period.moment,))]
        after: Sign = ">=" if period.start == day else ">"
        before: Sign = "<" if period.end == day else "<="
        return [Condition(field, after if period.start else before, (period.moment,))]
    if period.start and period.end == period.start + timedelta(days=1):
        return [Condition(Grain(field, "day"), "=", (period.start.isoformat(),))]
    tests: list[Test] = []
    if period.start:
        tests.append(Condition(field, ">=", (period.start.isoformat(),)))
    if period.end:
        tests.append(Condition(field, "<", (period.end.isoformat(),)))
    return tests


def year_tests(period: Period, field: Field) -> list[Test]:
    """A range of years in a column of numbers."""
    first = period.start.year if period.start else None
    last = (period.end - timedelta(days=1)).year if period.end else None
    if first is not None and last is not None:
        return [Condition(field, "=", (first,))] if first == last else [Condition(field, "between", (first, last))]
    if first is not None:
        return [Condition(field, ">=", (first,))]
    return [Condition(field, "<=", (last,))] if last is not None else []


def text_tests(period: Period, field: Field) -> list[Test]:
    """A period in a column of texts such as 2017-03 or 2017/03/01."""
    if not period.start or not period.end:
        return []
    if period.unit == "year":
        return [Condition(field, "like", (f"{period.start.year}%",))]
    return [Condition(field, "like", (f"{period.start.year}%{period.start.month:02d}%",))] if period.unit == "month" else []


MONTH_AND_DAY = 2


def recurring_tests(draft: Draft, period: Period, field: Field) -> list[Test]:
    """Months, weekdays or days of every year."""
    match period.kind:
        case "months":
            month = Grain(field, "monthofyear")
            tests: list[Test] = [
                Condition(month, "=", (period.numbers[0],)) if len(period.numbers) == 1 else Condition(month, "in", period.numbers)
            ]
            thirds = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上半月": (1, 15), "下半月": (16, 31)}
            latest = draft.catalog.latest(field)
            if period.unit in thirds and latest:
                low, high = thirds[period.unit]
                start = date(latest.year, period.numbers[0], low)
                return (
                    range_tests(Period("range", start, start + timedelta(days=high - low + 1)), field)
                    if high < 31
                    else [*tests, Condition(field, ">=", (start.isoformat(),))]
                )
            return tests
        case "quarters":
            first = period.numbers[0] * 3 - 2
            return [Condition(Grain(field, "monthofyear"), "in", (first, first + 1, first + 2))]
        case "weekdays":
            draft.weekday_of = field
            left = Opaque(f'ISODOW("{field.table}"."{field.column}")', (field.table,))
            return [Condition(left, "in", period.numbers)]
        case "days":
            latest = draft.catalog.latest(field)
            if latest and len(period.numbers) > MONTH_AND_DAY:
                return range_tests(in_one_year(period, latest.year), field)
            return [Condition(Grain(field, "day"), "=", (date(latest.year, *period.numbers).isoformat(),))] if latest else []
        case _:
            return []
