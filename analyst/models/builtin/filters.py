"""Reads the tests on rows: values, numbers compared, periods, missing cells, averages beaten."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta

from analyst.models.builtin.absence import find_absence, set_absence
from analyst.models.builtin.dates import Period, resolve
from analyst.models.builtin.draft import CURRENCIES, Draft
from analyst.models.builtin.mentions import quotations
from analyst.models.builtin.plan import Condition, Either, Expression, Field, Grain, Measure, Plan, Sign, Test
from analyst.terms import ValueMatch

MONEY_WORDS = frozenset(["dollar", "buck", "usd", "euro", "pound", "yuan", "元", "块", "美元", "欧元", "$", "¥", "€"])
NEGATED = {"=": "!=", "in": "not in", "like": "not like", ">": "<=", "<": ">=", ">=": "<", "<=": ">", "between": "between"}


def read_filters(draft: Draft) -> None:
    """All tests of the question, in the order from the surest to the loosest."""
    absence = find_absence(draft)
    read_patterns(draft)
    read_periods(draft)
    read_averages(draft)
    read_ranges(draft)
    read_comparisons(draft)
    read_column_comparisons(draft)
    read_values(draft)
    read_quotations(draft)
    read_equalities(draft)
    read_missing(draft)
    read_flags(draft)
    join_alternatives(draft)
    if absence:
        set_absence(draft, absence)


# ---------------------------------------------------------------------------------------- periods
def read_periods(draft: Draft) -> None:
    """Periods become tests on a date or year column; several single ones are alternatives."""
    places = [at for at in draft.free("period") if draft.mentions[at].kind == "period"]
    if not places:
        return
    tests: list[Test] = []
    units = [
        period.unit for at in places if (period := draft.mentions[at].period) and period.kind == "range" and period.start and period.end
    ]
    alike = len(places) > 1 and len(units) == len(places) and len(set(units)) == 1 and units[0] in ("year", "month", "quarter")
    for at in places:
        period = draft.mentions[at].period
        column = time_column(draft, at, period)
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
    singles = [test for test in tests if isinstance(test, Condition) and (test.sign == "=" or len(places) > 1)]
    if len(places) > 1 and len(singles) >= 2 and len({str(test.left) for test in singles}) == 1:
        merged = merge_alternatives(tests)
        draft.period_tests += merged
        draft.flags["periods"] = str(len(places))
    else:
        draft.period_tests += tests


def unit_test(period: Period, field: Field) -> list[Test]:
    """One of several whole years, quarters or months."""
    assert period.start
    value = period.start.year if period.unit == "year" else period.start.isoformat()
    return [Condition(Grain(field, period.unit), "=", (value,))]  # type: ignore[arg-type]


def merge_alternatives(tests: list[Test]) -> list[Test]:
    """Several periods of one column as one test; years as a list."""
    conditions = [test for test in tests if isinstance(test, Condition)]
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
    dates = draft.dates()
    if period and period.kind in ("hours",):
        dates = [field for field in draft.catalog.fields() if draft.catalog.is_clock(field)]
    if period and (period.unit not in ("year", "decade", "span") or period.kind != "range"):
        finer = [field for field in dates if not draft.catalog.is_year(field)]
        dates = finer or (dates if period.kind in ("latest", "last") and period.unit == "year" else [])
    covering = [field for field in dates if covers(draft, field, period)]
    options = [
        (field, 1.0 / (1 + rank) ** 2 * (1.6 if field.table in draft.tables else 1.0)) for rank, field in enumerate(covering or dates)
    ]
    return draft.chooser.choose(f"time of {at}", options[:3]) if options else None


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
        edge = first or last
        value = f"{edge:02d}:00:00" if isinstance(left, Field) else edge
        return [Condition(left, ">=" if first else "<", (value,))]
    if period.kind in ("last", "latest"):
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
    """A range of days."""
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
            from analyst.models.builtin.plan import Opaque  # noqa: PLC0415

            left = Opaque(f'ISODOW("{field.table}"."{field.column}")', (field.table,))
            return [Condition(left, "in", period.numbers)]
        case "days":
            latest = draft.catalog.latest(field)
            return [Condition(Grain(field, "day"), "=", (date(latest.year, *period.numbers).isoformat(),))] if latest else []
        case _:
            return []


# ---------------------------------------------------------------------------------------- numbers
def read_averages(draft: Draft) -> None:
    """'Above average' tests a column against its own average."""
    signs: tuple[tuple[str, Sign], ...] = (("above", ">"), ("below", "<"))
    for kind, sign in signs:
        for at in list(draft.free(kind)):
            target = draft.next_to(at, -1, 4, lambda place: draft.nameable(place) and bool(draft.options(place, "number")))
            if target is None:
                target = draft.next_to(at, 1, 3, lambda place: draft.nameable(place) and bool(draft.options(place, "number")))
            field = draft.column(target, "number") if target is not None else default_measure(draft)
            if isinstance(field, Field):
                draft.use(at, *([target] if target is not None else []))
                limit = Plan(select=(Measure("avg", field),))
                aggregate = draft.asks(target - 1, "agg") if target else None
                if aggregate:
                    draft.having.append(Condition(Measure("avg", field), sign, (limit,)))
                    draft.use((target or 1) - 1)
                else:
                    draft.where.append(Condition(field, sign, (limit,)))


def default_measure(draft: Draft) -> Expression | None:
    """The number a question is about when it names none: revenue, else the first measure."""
    money = draft.catalog.money(draft.all_tables)
    if money:
        return money
    measures = [
        field
        for table in draft.all_tables
        for field in draft.catalog.fields(table)
        if draft.catalog.is_measure(field) and not draft.catalog.is_key(field) and not draft.catalog.is_parent_key(field)
    ]
    return sorted(measures, key=lambda field: not any(word in CURRENCIES for word in draft.catalog.words(field)))[0] if measures else None


def read_ranges(draft: Draft) -> None:
    """'Between 5 and 10', 'from 5 to 10', '5到10之间', '20000-30000'."""
    numbers = [at for at in draft.free("number") if draft.mentions[at].kind == "number"]
    for left, right in itertools.pairwise(numbers):
        if (
            left in draft.used
            or not 0 < right - left <= 3
            or not all(draft.asks(at, "to") or draft.is_filler(at) or draft.mentions[at].text in "-~—–元" for at in range(left + 1, right))
        ):
            continue
        opening = next((at for at in range(left - 1, max(-1, left - 4), -1) if draft.asks(at, "range")), None)
        dashed = (
            any(draft.mentions[at].text in ("-", "~", "—", "–", "到", "至") for at in range(left + 1, right))
            or draft.mentions[right].number < 0
        )
        if opening is None and not dashed:
            continue
        low, high = draft.mentions[left].number, abs(draft.mentions[right].number)
        target = measure_of_number(draft, opening if opening is not None else left, right)
        if target is not None:
            draft.placed[add_test(draft, target, "between", (low, high))] = left
            draft.use(left, right, *([opening] if opening is not None else []), *range(left + 1, right))


def read_comparisons(draft: Draft) -> None:
    """Numbers with 'more than', 'at least', '以上' and their like."""
    for at in list(draft.free("number")):
        if draft.mentions[at].kind != "number" or at in draft.used:
            continue
        before = next((place for place in (at - 1, at - 2) if draft.asks(place, "cmp") and place not in draft.used), None)
        if (
            before is not None
            and before == at - 2
            and not draft.is_filler(at - 1)
            and not (draft.mentions[at - 1].kind == "column" and draft.options(at - 1, "number"))
        ):
            before = None
        after = next((place for place in (at + 1, at + 2, at + 3) if draft.asks(place, "tail")), None)
        if before is None and after is None:
            continue
        sign = (draft.asks(before, "cmp") if before is not None else None) or ""
        concept = sign.rstrip("<>=!")
        sign = sign[len(concept) :]
        if after is not None and before is None:
            sign = draft.asks(after, "tail") or ">="
        if before is not None and draft.asks(before - 1, "neg") and sign in NEGATED:
            sign = NEGATED[sign]
            draft.use(before - 1)
        value = draft.mentions[at].number
        target = (
            concept_column(draft, concept, at) if concept else measure_of_number(draft, before if before is not None else at, after or at)
        )
        if target is not None:
            draft.placed[add_test(draft, target, sign or ">", (value,))] = at
            draft.use(at, *(place for place in (before, after) if place is not None))


def concept_column(draft: Draft, concept: str, at: int) -> Expression | Measure | None:
    """The column of a quality such as age that a comparison names by itself."""
    found = nearest_first(draft, at, draft.catalog.named(concept, draft.all_tables, number=True))
    return found[0] if found else default_measure(draft) if concept != "date" else None


def nearest_first(draft: Draft, at: int, found: list[Field]) -> list[Field]:
    """Columns of the table named nearest to a place first."""

    def far(field: Field) -> int:
        places = [
            place
            for place, mention in enumerate(draft.mentions)
            if any(match.table == field.table and not match.column and match.score > 0.6 for match in mention.columns)
            or any(match.table == field.table for match in mention.values)
        ]
        return min((abs(place - at) + (2 if place < at else 0) for place in places), default=99)

    return sorted(found, key=far)


def measure_of_number(draft: Draft, first: int, last: int) -> Expression | Measure | None:
    """What a compared number measures: the column before it, else the column or the things counted after it, else the main measure."""
    inside = next(
        (
            place
            for place in range(first + 1, last)
            if draft.mentions[place].kind == "column" and place not in draft.used and draft.options(place, "number")
        ),
        None,
    )
    if inside is not None:
        draft.use(inside)
        return draft.column(inside, "number")
    left = draft.next_to(
        first, -1, 4, lambda place: draft.mentions[place].kind == "column" and place not in draft.used and bool(draft.options(place, "sum"))
    )
    right = draft.next_to(last, 1, 2, lambda place: draft.nameable(place) and place not in draft.used)
    if right is not None and any(mention.text == "的" for mention in draft.mentions[last + 1 : right]):
        right = None
    if right is not None and draft.mentions[right].kind == "table" and (left is None or draft.mentions[left].columns[0].score < 0.8):
        draft.use(right)
        table = draft.table(right) or ""
        if table not in draft.tables:
            draft.tables.append(table)
        return Measure("count")
    if (
        right is not None
        and draft.options(right, "number")
        and draft.mentions[right].kind == "column"
        and (left is None or draft.mentions[first].end + 12 > draft.mentions[right].start)
    ):
        strong = draft.mentions[right].columns[0].score
        if left is None or strong > draft.mentions[left].columns[0].score + 0.1:
            draft.use(right)
            return aggregated_left(draft, right, draft.column(right, "number"))
    if left is not None:
        field = draft.column(left, "sum")
        draft.use(left)
        return aggregated_left(draft, left, field)
    if right is not None and (draft.mentions[right].kind == "column" or draft.asks(right, "rowword")):
        field = draft.column(right)
        draft.use(right)
        return Measure("count") if field is None or draft.catalog.is_key(field) or not draft.catalog.is_number(field) else field
    counted = next((place for place in range(first - 1, max(-1, first - 4), -1) if draft.asks(place, "count")), None)
    if any(draft.asks(place, "rowword") for place in (first - 1, last + 1, last + 2) if 0 <= place < len(draft.mentions)):
        draft.use(*(place for place in (first - 1, last + 1, last + 2) if draft.asks(place, "rowword")))
        return Measure("count")
    if counted is not None and not draft.mentions[counted].text.lower().startswith(("how", "多少", "几", "有")):
        draft.use(counted)
        return Measure("count")
    following = draft.mentions[last + 1].value if last + 1 < len(draft.mentions) else ""
    if following in MONEY_WORDS:
        prices = draft.catalog.named("price", draft.all_tables, number=True)
        draft.use(last + 1)
        return prices[0] if prices else default_measure(draft)
    return default_measure(draft)


def aggregated_left(draft: Draft, at: int, field: Field | None) -> Expression | Measure | None:
    """The column, or its aggregate where 'average' or 'total' stands before it."""
    if field is None:
        return None
    before = draft.next_to(at, -1, 2, lambda place: bool(draft.asks(place, "agg")))
    if before is not None and draft.asks(before, "agg") == "avg" and {"average", "均"} & set(draft.catalog.words(field)):
        draft.use(before)
        return field
    if before is not None:
        draft.use(before)
        return Measure(draft.asks(before, "agg"), field)  # type: ignore[arg-type]
    return field


def add_test(draft: Draft, target: Expression | Measure, sign: str, values: tuple[float, ...]) -> Test:
    """A test on rows, or on groups where it is on an aggregate; noted and given back."""
    test = Condition(target, sign, values)  # type: ignore[arg-type]
    (draft.having if isinstance(target, Measure) else draft.where).append(test)
    return test


def read_column_comparisons(draft: Draft) -> None:
    """Two columns compared, such as 'close above its open'."""
    for at in list(draft.free("cmp")):
        left = draft.next_to(at, -1, 4, lambda place: draft.nameable(place) and place not in draft.used)
        right = draft.next_to(at, 1, 4, lambda place: draft.nameable(place) and place not in draft.used)
        if left is None or right is None:
            continue
        one, other = draft.column(left, "number"), draft.column(right, "number")
        sign = draft.asks(at, "cmp")
        if one and other and one != other and sign in ("<", ">", "<=", ">=", "=", "!="):
            draft.where.append(Condition(one, sign, (other,)))  # type: ignore[arg-type]
            draft.use(at, left, right)


# ---------------------------------------------------------------------------------------- values
def read_values(draft: Draft) -> None:
    """Cell values become tests on their columns; several of one column are alternatives."""
    by_column: dict[Field, list[tuple[int, ValueMatch, bool, bool]]] = {}
    for at in list(draft.free("value")):
        mention = draft.mentions[at]
        if mention.kind != "value":
            continue
        if is_unit(draft, at):
            draft.use(at)
            continue
        chosen = value_column(draft, at)
        if not chosen:
            continue
        matches = [match for match in mention.values if Field(match.table, match.column) == chosen]
        matches = [match for match in matches if match.score >= matches[0].score - 0.12]
        several = matches[0].score < 0.9 and len({match.value for match in matches}) > 1
        by_column.setdefault(chosen, []).append((at, matches[0], negated(draft, at), several))
        draft.use(at)
    for field, found in by_column.items():
        tests = value_tests(draft, field, found)
        draft.placed.update(dict.fromkeys(tests, found[0][0]))
        draft.value_tests += tests


def is_unit(draft: Draft, at: int) -> bool:
    """Whether a value's words are the unit of a column that is named, as in '平均年薪多少美元'."""
    said = draft.mentions[at].text
    return (
        draft.mentions[at - 1].text in ("多少", "多少钱")
        and any(said in match.column for mention in draft.mentions if mention.kind == "column" for match in mention.columns[:3])
        if at
        else False
    )


def value_column(draft: Draft, at: int) -> Field | None:
    """The column of a value: one named beside it, else the likeliest that holds it."""
    mention = draft.mentions[at]
    weights: dict[Field, float] = {}
    for match in mention.values:
        field = Field(match.table, match.column)
        weight = match.score + draft.closeness(at, field, "value")
        weights[field] = max(weights.get(field, 0.0), weight)
    if not weights:
        return None
    for step in (-1, 1):
        near = draft.next_to(at, step, 2, draft.nameable)
        if near is None:
            continue
        for named in draft.mentions[near].columns:
            field = Field(named.table, named.column)
            if field in weights and named.score > 0.25:
                weights[field] += 0.5 * named.score
                if draft.mentions[near].kind == "column" and near not in draft.used and absorbs(draft, near, at):
                    draft.use(near)
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    return draft.chooser.choose(f"column of value {at}", [(field, 2.718 ** (7 * weight)) for field, weight in ranked[:4]])


def absorbs(draft: Draft, near: int, at: int) -> bool:
    """Whether a column's name beside a value only says what the value is, as in 'branch C' or 'California state'."""
    if draft.next_to(near, -1, 1, lambda place: bool(draft.asks(place, "group") or draft.asks(place, "which"))) is not None:
        return False
    between = draft.mentions[min(near, at) + 1 : max(near, at)]
    if near < at:
        return all(
            mention.value
            in ("is", "be", "are", "was", "=", "called", "named", "of", "equal", "是", "为", "in", "as", "the", '"', "'", "“", "a")
            or mention.kind in ("sign", "cmp")
            for mention in between
        )
    return not between or all(mention.value in ("的", '"', "'", "”") for mention in between)


def negated(draft: Draft, at: int) -> bool:
    """Whether 'not', 'except' or '除了' stands before a value."""
    for place in range(at - 1, max(-1, at - 5), -1):
        if draft.asks(place, "neg") and place != draft.absence_at and draft.mentions[place].text not in ("以外", "之外", "除外"):
            draft.use(place)
            return True
        if draft.mentions[place].kind in ("sign", "period", "number") and draft.mentions[place].text not in ('"', "'", "“", "("):
            return False
    after = at + 1
    if after < len(draft.mentions) and draft.mentions[after].text in ("以外", "之外", "除外", "不算", "excluded"):
        draft.use(after)
        return True
    return False


def value_tests(draft: Draft, field: Field, found: list[tuple[int, ValueMatch, bool, bool]]) -> list[Test]:
    """The tests of one column's values."""
    tests: list[Test] = []
    plain = [(match, several) for _, match, no, several in found if not no]
    refused = [match.value for _, match, no, _ in found if no]
    exact = list(dict.fromkeys(match.value for match, several in plain if not several))
    partial = [match for match, several in plain if several]
    if len(exact) + len(partial) > 1:
        draft.flags["compared"] = f"{field.table}\t{field.column}"
    if exact and not partial:
        tests.append(Condition(field, "=", (exact[0],)) if len(exact) == 1 else Condition(field, "in", tuple(exact)))
    else:
        options = [Condition(field, "=", (value,)) for value in exact] + [part_test(draft, field, match) for match in partial]
        if options:
            tests.append(options[0] if len(options) == 1 else Either(tuple(options)))
    if refused:
        tests.append(Condition(field, "!=", (refused[0],)) if len(refused) == 1 else Condition(field, "not in", tuple(refused)))
    return tests


def part_test(draft: Draft, field: Field, match: ValueMatch) -> Condition:
    """A test for cells that hold the words, where several cells do."""
    words = match.words.strip()
    same = [
        other.value
        for mention in draft.mentions
        for other in mention.values
        if other.start == match.start and Field(other.table, other.column) == field and other.score >= match.score - 0.12
    ]
    if words.casefold() in str(match.value).casefold():
        return Condition(field, "like", (f"%{words}%",))
    values = tuple(dict.fromkeys(same))[:20]
    return Condition(field, "in", values) if len(values) > 1 else Condition(field, "=", values)


def read_flags(draft: Draft) -> None:
    """States in words (out of stock, discontinued) and yes-or-no columns named as adjectives."""
    for at in list(draft.free("state")):
        concept, sign, value = re.split(r"([=<>])", draft.asks(at, "state") or "=")
        found = draft.catalog.named(concept, draft.all_tables)
        if not found:
            continue
        field = found[0]
        no = negated(draft, at)
        if value.isdigit():
            cell = draft.catalog.flag_value(field, (value == "1") != no) if draft.catalog.is_flag(field) else int(value)
            draft.where.append(Condition(field, "!=" if no and not draft.catalog.is_flag(field) else sign, (cell,)))  # type: ignore[arg-type]
        elif other := draft.catalog.named(value, [field.table], number=True):
            draft.where.append(Condition(field, sign, (other[0],)))  # type: ignore[arg-type]
        draft.use(at)
    for at in list(draft.free("column")):
        match = draft.mentions[at].columns[0] if draft.mentions[at].kind == "column" else None
        flag = Field(match.table, match.column) if match and match.column and match.score >= 0.6 else None
        if flag and draft.catalog.is_flag(flag) and not draft.asks(at - 1, "group") and not draft.asks(at - 1, "which"):
            draft.where.append(Condition(flag, "=", (draft.catalog.flag_value(flag, not negated(draft, at)),)))
            draft.use(at)


def join_alternatives(draft: Draft) -> None:
    """Two tests with 'or' between them: one of them must hold."""
    for at in draft.free("or"):
        before = [(place, test) for test, place in draft.placed.items() if place < at and test in draft.where]
        after = [(place, test) for test, place in draft.placed.items() if place > at and test in draft.where]
        if before and after:
            left, right = max(before, key=lambda item: item[0])[1], min(after, key=lambda item: item[0])[1]
            if isinstance(left, Condition) and isinstance(right, Condition):
                draft.where[draft.where.index(left)] = Either((left, right))
                draft.where.remove(right)


def read_quotations(draft: Draft) -> None:
    """Quoted texts that no cell holds are tests all the same, on the column named before them."""
    for words, start, end in quotations(draft.text):
        inside = [place for place, mention in enumerate(draft.mentions) if start <= mention.start and mention.end <= end]
        if not inside or any(place in draft.used for place in inside if draft.mentions[place].kind != "sign"):
            continue
        target = draft.next_to(inside[0], -1, 5, lambda place: draft.mentions[place].kind == "column")
        field = draft.column(target) if target is not None else None
        if (
            field is None
            and draft.value_tests
            and isinstance(draft.value_tests[-1], Condition)
            and isinstance(draft.value_tests[-1].left, Field)
        ):
            field = draft.value_tests[-1].left
        if field and not draft.catalog.is_number(field) and not draft.catalog.is_date(field):
            same = next(
                (test for test in draft.value_tests if isinstance(test, Condition) and test.left == field and test.sign in ("=", "in")),
                None,
            )
            if same:
                draft.value_tests[draft.value_tests.index(same)] = Condition(field, "in", (*same.right, words))
            else:
                draft.value_tests.append(Condition(field, "=", (words,)))
            draft.use(*inside, *([target] if target is not None else []))


def read_equalities(draft: Draft) -> None:
    """'With id 3', 'in room 108', '4 stars', '18 years old': a number beside its column."""
    for at in list(draft.free("number")):
        mention = draft.mentions[at]
        if (
            mention.kind != "number"
            or at in draft.used
            or mention.text in "一二两三四五六七八九十"
            or draft.asks(at - 1, "top")
            or draft.asks(at - 1, "super")
        ):
            continue
        left = draft.next_to(
            at,
            -1,
            2,
            lambda place: (
                draft.mentions[place].kind == "column"
                and place not in draft.used
                and any(draft.catalog.is_number(field) for field, _ in draft.options(place)[:2])
            ),
        )
        right = draft.next_to(
            at,
            1,
            0,
            lambda place: (
                draft.mentions[place].kind == "column"
                and place not in draft.used
                and bool(draft.options(place, "number"))
                and draft.mentions[place].columns[0].score > 0.6
            ),
        )
        after = draft.text[mention.end : mention.end + 14].lower()
        if after.startswith((" year old", " years old", "-year-old", "岁")):
            ages = draft.catalog.named("age", draft.all_tables, number=True)
            if ages:
                draft.placed[add_test(draft, ages[0], "=", (mention.number,))] = at
                draft.use(at, *(place for place in (at + 1, at + 2) if place < len(draft.mentions)))
            continue
        place = left if left is not None and not (right is not None and not close(draft, left, at)) else right
        if place is None:
            continue
        found = [field for field, _ in draft.options(place) if draft.catalog.is_number(field)]
        if found and (place == right or close(draft, place, at)):
            draft.placed[add_test(draft, found[0], "!=" if negated(draft, at) else "=", (mention.number,))] = at
            draft.use(at, place)


def close(draft: Draft, left: int, right: int) -> bool:
    """Whether only words like 'is' and 'number' stand between two places."""
    return all(
        mention.value in ("is", "of", "number", "equal", "no", "are", "was", "be", "=", "#", "为", "是", "in", "to", "with")
        or mention.kind == "cmp"
        for mention in draft.mentions[left + 1 : right]
    )


# ---------------------------------------------------------------------------------------- missing cells and parts of texts
def read_missing(draft: Draft) -> None:
    """Cells that are missing, and rows without a name or a title."""
    for at in list(draft.free("null")):
        target = draft.next_to(at, -1, 4, draft.nameable)
        target = draft.next_to(at, 1, 3, draft.nameable) if target is None else target
        field = draft.column(target) if target is not None else None
        if field:
            no = negated(draft, at)
            draft.where.append(Condition(field, "not null" if no else "is null"))
            draft.use(at, *([target] if target is not None else []))
    for at in list(draft.free("notnull")):
        target = draft.next_to(at, -1, 4, draft.nameable)
        field = draft.column(target) if target is not None else None
        if field:
            draft.where.append(Condition(field, "not null"))
            draft.use(at, *([target] if target is not None else []))
    for at in list(draft.free("neg")):
        target = draft.next_to(
            at, 1, 3, lambda place: draft.nameable(place) and place not in draft.used and draft.mentions[place].kind == "column"
        )
        field = draft.column(target) if target is not None else None
        if field and draft.catalog.column(field).missing and draft.mentions[at].value != "":
            draft.where.append(Condition(field, "is null"))
            draft.use(at, *([target] if target is not None else []))


def read_patterns(draft: Draft) -> None:
    """Texts that contain, begin with or end with given words."""
    for kind, pattern in (("contains", "%{}%"), ("starts", "{}%"), ("ends", "%{}")):
        for at in list(draft.free(kind)):
            words = literal(draft, at)
            target = pattern_column(draft, at)
            field = draft.column(target) if target is not None else None
            if words and field and not draft.catalog.is_number(field):
                no = draft.next_to(at, -1, 2, lambda place: bool(draft.asks(place, "neg"))) is not None
                draft.where.append(Condition(field, "not like" if no else "like", (pattern.format(words),)))
                draft.use(at, *([target] if target is not None else []))


def literal(draft: Draft, at: int) -> str:
    """The words looked for: quoted, or what follows 'the word', 'the letter' or the request itself."""
    for words, start, end in quotations(draft.text):
        if start >= draft.mentions[at].end - 1:
            draft.use(*(place for place, mention in enumerate(draft.mentions) if start <= mention.start < end))
            return words
    for place in range(at + 1, min(len(draft.mentions), at + 6)):
        mention = draft.mentions[place]
        if mention.value in ("word", "letter", "substring", "string", "phrase", "character", "the", "a", "an"):
            draft.use(place)
            continue
        if mention.kind in ("word", "value", "column", "table") and not (draft.is_filler(place) and len(mention.text) > 1):
            draft.use(place)
            return mention.text.strip("'\"")
    return ""


def pattern_column(draft: Draft, at: int) -> int | None:
    """The column that is searched: after 'in its', else before the request."""

    def free(place: int) -> bool:
        return draft.mentions[place].kind == "column" and place not in draft.used

    inside = next((place for place in range(at + 1, len(draft.mentions) - 1) if draft.mentions[place].value == "in"), None)
    after = draft.next_to(inside, 1, 3, free) if inside is not None else None
    return after if after is not None else draft.next_to(at, -1, 4, free)
