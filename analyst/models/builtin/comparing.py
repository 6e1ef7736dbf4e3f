"""Reads numbers that are compared: more than, between, above average, a number beside its column."""

from __future__ import annotations

import itertools
import re

from analyst.models.builtin.cells import NEGATED
from analyst.models.builtin.draft import CURRENCIES, Draft
from analyst.models.builtin.durations import in_time_unit, unit_after
from analyst.models.builtin.numbers import plain
from analyst.models.builtin.own_units import in_own_unit, things_counted, times_done
from analyst.models.builtin.plan import Condition, Expression, Field, Measure, Sign, Test, Years
from analyst.words.tokens import stem
from analyst.words.units import unit_of

MONEY_WORDS = frozenset(["dollar", "buck", "usd", "euro", "pound", "yuan", "元", "块", "美元", "欧元", "$", "¥", "€"])


def default_measure(draft: Draft) -> Expression | None:
    """The number a question is about when it names none: revenue, else the first measure; of a table it speaks of before others."""
    spoken = [mention.columns[0].table for mention in draft.mentions if mention.kind == "column"]
    if draft.number_before and all(table == draft.number_before.table for table in spoken):
        return draft.number_before
    tables = list(dict.fromkeys((*spoken, *draft.all_tables)))
    money = draft.catalog.money(dict.fromkeys(spoken)) or draft.catalog.money(tables)
    if money:
        return money
    measures = [
        field
        for table in tables
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
    """Numbers with 'more than', 'at least', '以上' and their like; 'above 50 or below 46' compares one column twice."""
    told: dict[int, Expression | Measure | None] = {}
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
        before = done_at_least(draft, at) if before is None else before
        after = next((place for place in (at + 1, at + 2, at + 3) if draft.asks(place, "tail")), None)
        if before is None and after is None:
            if reached(draft, at):
                continue
            read_only(draft, at)
            continue
        sign = (draft.asks(before, "cmp") if before is not None else None) or ""
        concept = sign.rstrip("<>=!")
        sign = sign[len(concept) :]
        if (
            not concept
            and draft.text[draft.mentions[at].end :].startswith("岁")
            and not draft.catalog.named("age", draft.all_tables, number=True)
        ):
            concept = "age"
        if after is not None and before is None:
            sign = draft.asks(after, "tail") or ">="
        if before is not None and draft.asks(before - 1, "neg") and sign in NEGATED:
            sign = NEGATED[sign]
            draft.use(before - 1)
        value = draft.mentions[at].number
        again = told.get(before - 2) if before is not None and draft.asks(before - 1, "or") and not named_after(draft, at) else None
        if again is not None and not (before is not None and quality_column(draft, draft.mentions[before].text)):
            target: Expression | Measure | None = again
        elif concept and not (concept == "date" and after_number(draft, before)):
            target = concept_column(draft, concept, at)
        elif (
            before is not None
            and not names_figure(draft, before - 1)
            and not named_after(draft, at)
            and (meant := quality_column(draft, draft.mentions[before].text))
        ):
            target = meant
        else:
            target = measure_of_number(draft, before if before is not None else at, after or at)
        target = put_together(draft, target, before, after or at)
        if before is not None and isinstance(target, Field) and is_course(draft, before, at, target):
            sign = "="
        told[at] = target
        value = in_time_unit(draft, target, at, value) if target is not None else value
        born = birth_test(draft, sign or ">", value) if concept == "age" else None
        if born:
            draft.where.append(born)
            draft.placed[born] = at
        elif target is not None:
            draft.placed[add_test(draft, target, sign or ">", (value,))] = at
        if born or target is not None:
            draft.use(at, *(place for place in (before, after) if place is not None))


def done_at_least(draft: Draft, at: int) -> int | None:
    """The comparison before a Chinese verb and its number: 至少考过3次."""
    if draft.language != "zh":
        return None
    for place in range(at - 1, max(-1, at - 1 - VERBS), -1):
        if draft.asks(place, "cmp") and place not in draft.used:
            return place if draft.mentions[at - 1].text in ("过", "了") or place == at - 2 else None
        if draft.mentions[place].kind != "word":
            return None
    return None


VERBS = 3  # mentions of a Chinese verb between a comparison and its number


def reached(draft: Draft, at: int) -> bool:
    """'报名满30人的月份', 满3次: groups of at least so many."""
    if draft.language != "zh" or draft.mentions[at - 1].text != "满" or not at:
        return False
    counted = things_counted(draft, at, at) or (Measure("count") if HEADS.match(draft.text, draft.mentions[at].end) else None)
    if counted is None:
        return False
    draft.having.append(Condition(counted, ">=", (draft.mentions[at].number,)))
    draft.use(at, at - 1)
    return True


HEADS = re.compile(r"\s*(?:人|单|笔|次)")


def put_together(draft: Draft, target: Expression | Measure | None, before: int | None, last: int) -> Expression | Measure | None:
    """A compared column put together as the words beside it say: 'averaging over 4 stars', 'over 3000 in total'."""
    if not isinstance(target, Field):
        return target
    if before is not None and draft.asks(before - 1, "agg") == "avg" and before - 1 not in draft.used:
        draft.use(before - 1)
        return Measure("avg", target)
    if (whole := said_in_total(draft, last)) is not None:
        draft.use(whole)
        return Measure(draft.asks(whole, "agg"), target)  # type: ignore[arg-type]
    return target


COURSES = 12  # different lengths of the courses that races are run over


def is_course(draft: Draft, before: int, at: int, field: Field) -> bool:
    """Whether 'over 2000 metres' says how long a course is: one of a few lengths, in the unit of the column."""
    column, unit = draft.catalog.column(field), in_own_unit(draft, at, at)
    cells = {value for value, _ in column.frequent}
    return (
        draft.mentions[before].text.lower() == "over"
        and unit == field
        and column.distinct <= COURSES
        and draft.mentions[at].number in cells
    )


IN_TOTAL = ("in total", "altogether", "overall", "combined", "in all", "total", "on average")


def said_in_total(draft: Draft, at: int) -> int | None:
    """Where 'in total' or 'on average' stands behind a compared number and what it counts: the figure of each is compared."""
    here = at + 1
    while here < min(at + 3, len(draft.mentions)) and draft.mentions[here].kind in ("column", "money", "word"):
        here += 1
    said = here < len(draft.mentions) and draft.mentions[here].text.lower() in IN_TOTAL and bool(draft.asks(here, "agg"))
    ends = here + 1 >= len(draft.mentions) or not (draft.is_column(here + 1) or draft.mentions[here + 1].kind == "money")
    asks = any(mention.asks("agg") or mention.kind == "howmuch" for mention in draft.mentions[:at])
    return here if said and ends and not asks else None


ONLY_ZH = re.compile(r"(?:只|仅|刚好|正好|恰好)[\u4e00-\u9fff]{0,2}[过了]?$")


def read_only(draft: Draft, at: int) -> None:
    """'Who only made one visit', 只有1个订单的门店: groups with just so many rows of the table that the number counts."""
    if ONLY_ZH.search(draft.text, 0, draft.mentions[at].start) and (counted := things_counted(draft, at, at)) is not None:
        draft.having.append(Condition(counted, "=", (draft.mentions[at].number,)))
        draft.use(at)
        return
    said = [mention.text.lower() for mention in draft.mentions[max(0, at - 3) : at]]
    table = draft.table(at + 1) if at + 1 < len(draft.mentions) and draft.mentions[at + 1].kind == "table" else None
    things = {draft.table(place) for place in range(at) if draft.mentions[place].kind == "table"} - {table}
    if not table or not things or not {"only", "just"} & set(said):
        return
    draft.having.append(Condition(Measure("count"), "=", (draft.mentions[at].number,)))
    draft.bring(table)
    draft.use(at, at + 1)


def after_number(draft: Draft, at: int | None) -> bool:
    """Whether a comparison stands right after a column of numbers, as in 'version number later than 5'."""
    if at is None:
        return False
    left = draft.next_to(at, -1, 2, lambda place: draft.mentions[place].kind == "column" and place not in draft.used)
    return left is not None and bool(draft.options(left, "sum")) and not draft.options(left, "time")


def named_after(draft: Draft, at: int) -> bool:
    """Whether a number is followed by what it measures."""
    return at + 1 < len(draft.mentions) and draft.mentions[at + 1].kind in ("column", "table")


def read_times(draft: Draft) -> None:
    """'Ordered only once', 'exactly twice': groups with so many rows."""
    for at in list(draft.free("number")):
        if draft.mentions[at].text.lower() in ("once", "twice") and at not in draft.used and not draft.asks(at - 1, "cmp"):
            draft.having.append(Condition(Measure("count"), "=", (draft.mentions[at].number,)))
            draft.use(at)


def birth_test(draft: Draft, sign: str, years: float) -> Condition | None:
    """An age as a date of birth, counted from the latest day in the data; None where ages are given or nothing is."""
    catalog, tables = draft.catalog, draft.all_tables
    births = [
        field for table in tables for field in catalog.dates(table) if "birth date" in catalog.concepts(field) and catalog.is_date(field)
    ]
    latest = [day for field in catalog.fields() if catalog.is_date(field) and (day := catalog.latest(field))]
    if not births or catalog.named("age", tables, number=True):
        return None
    day = max(latest)
    edge = day.replace(year=day.year - int(years), day=min(day.day, 28))
    turned: dict[str, Sign] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
    return Condition(births[0], turned.get(sign, "<"), (edge.isoformat(),))


def concept_column(draft: Draft, concept: str, at: int) -> Expression | Measure | None:
    """The column of a quality such as age that a comparison names by itself."""
    catalog = draft.catalog
    spelt = [field for field in catalog.fields() if concept in catalog.words(field) and catalog.is_measure(field)]
    found = nearest_first(draft, at, catalog.named(concept, draft.all_tables, number=True) or spelt)
    return found[0] if found else default_measure(draft) if concept != "date" else None


QUALITIES = {
    "longer": ("length", "duration"), "shorter": ("length", "duration"), "higher": ("height", "elevation", "altitude"),
    "lower": ("height", "elevation", "altitude"), "wider": ("width",), "deeper": ("depth",),
}  # fmt: skip
"""Words of comparisons, and what they compare where no column is named and one of that name is there."""


def quality_column(draft: Draft, said: str) -> Field | None:
    """The column that 'longer than' or 'higher than' compares by itself: one whose header says length or height."""
    qualities = QUALITIES.get(said.lower().split()[0], ()) if said else ()
    tables = draft.tables or draft.all_tables
    fields = [field for table in tables for field in draft.catalog.fields(table) if draft.catalog.is_measure(field)]
    return next((field for quality in qualities for field in fields if quality in draft.catalog.words(field)), None)


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
    aged = any("岁" in mention.text for mention in draft.mentions[first : last + 2])
    if aged and (ages := draft.catalog.named("age", draft.all_tables, number=True)):
        return ages[0]
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
    if (often := done_times(draft, first, last)) is not None:
        return often
    left = draft.next_to(before_owned(draft, first), -1, 4, lambda place: names_figure(draft, place) and place not in draft.used)
    if left is not None and (measured := in_own_unit(draft, first, last)) is not None and is_of_other_unit(draft, left, measured):
        return measured
    if left is None and (things := things_counted(draft, first, last)) is not None:
        return things
    right = draft.next_to(last, 1, 2, lambda place: draft.nameable(place) and place not in draft.used)
    right = past_pieces(draft, right) if right is not None else None
    apart = last + 1 if draft.asks(last + 1, "distinct") else 0
    if apart and apart + 1 < len(draft.mentions) and draft.mentions[apart + 1].kind == "table" and (thing := draft.table(apart + 1)):
        draft.use(apart, apart + 1)
        draft.bring(thing)
        return Measure("count_distinct", draft.catalog.identifiers(thing)[0]) if draft.catalog.identifiers(thing) else Measure("count")
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
    if (target := rows_or_key(draft, first)) is not None:
        return target
    if right is not None and (draft.mentions[right].kind == "column" or draft.asks(right, "rowword")):
        field = draft.column(right)
        draft.use(right)
        return Measure("count") if field is None or draft.catalog.is_key(field) or not draft.catalog.is_number(field) else field
    if (measured := in_own_unit(draft, first, last)) is not None:
        return measured
    counted = next((place for place in range(first - 1, max(-1, first - 4), -1) if draft.asks(place, "count")), None)
    if any(
        draft.mentions[place].text.lower() in ("once", "twice", "times", "次") for place in range(last, min(last + 2, len(draft.mentions)))
    ):
        return times_done(draft, first) or Measure("count")
    rows = [place for place in (first - 1, last + 1, last + 2) if 0 <= place < len(draft.mentions) and names_rows(draft, place, last)]
    if rows:
        draft.use(
            *rows, *([counted] if counted is not None and not draft.mentions[counted].text.startswith(("多少", "几", "有", "how")) else [])
        )
        return Measure("count")
    if counted is not None and not draft.mentions[counted].text.lower().startswith(("how", "多少", "几", "有")):
        draft.use(counted)
        return Measure("count")
    length = next(
        (at for at in range(first, min(last + 1, len(draft.mentions))) if draft.mentions[at].number and unit_after(draft, at)), None
    )
    if length is not None and not any("birth date" in draft.catalog.concepts(field) for field in draft.dates()):
        draft.unknown.append(draft.text[draft.mentions[first].start :].split(",")[0].strip(" ?.!"))  # no column tells how long
        return None
    following = draft.mentions[last + 1].value if last + 1 < len(draft.mentions) else ""
    if following in MONEY_WORDS:
        prices = draft.catalog.named("price", draft.all_tables, number=True)
        draft.use(last + 1)
        of_rows = any(draft.mentions[place].kind == "table" for place in range(last + 2, min(last + 5, len(draft.mentions))))
        return prices[0] if prices and not of_rows else default_measure(draft)  # 超过500元的订单 came to as much
    return draft.figure_before or age_of_people(draft, first, last) or covering(draft, default_measure(draft), first, last)


PIECES = frozenset(("piece", "unit", "item"))
SPENT = frozenset(("spent", "spend", "spends", "消费", "花费", "花了", "消费了", "花"))


def done_times(draft: Draft, first: int, last: int) -> Measure | None:
    """How often something was done, where 'times' stands behind the number: 'came at least three times'."""
    said = last + 1 < len(draft.mentions) and draft.mentions[last + 1].text.lower() == "times"
    often = times_done(draft, first) if said else None
    draft.use(*((last + 1,) if often else ()))
    return often


def spent_by_each(draft: Draft, first: int) -> Measure | None:
    """'哪些会员消费超过500元', 'guests who spent over 500' over one table: what each of them spent in all."""
    if not first or draft.mentions[first - 1].text.lower() not in SPENT or len(draft.catalog.schema.tables) != 1:
        return None
    money = draft.catalog.money(draft.all_tables)
    named = (field for at in range(first - 1) if draft.mentions[at].kind == "column" and (field := draft.column(at)))
    who = next((field for field in named if not draft.catalog.is_number(field) and not draft.catalog.is_time(field)), None)
    column = draft.catalog.column(who) if who else None
    several = column is not None and 1 < column.distinct < column.rows - column.missing
    if money is None or not several:
        return None
    draft.use(first - 1)
    return Measure("sum", money)


def past_pieces(draft: Draft, right: int) -> int:
    """The place of what is compared behind a number: 'wasted' in 'more than 200 pieces wasted'."""
    further = right + 1 < len(draft.mentions) and draft.mentions[right + 1].kind == "column" and bool(draft.options(right + 1, "number"))
    if not further or stem(draft.mentions[right].text.lower()) not in PIECES:
        return right
    draft.use(right)
    return right + 1


def before_owned(draft: Draft, first: int) -> int:
    """The place from which a figure is looked for: before 'their coaches' in 'pay their coaches more than'."""
    owned = first > 1 and draft.mentions[first - 1].kind == "table" and draft.mentions[first - 2].text.lower() in ("their", "its")
    return first - 2 if owned else first


def is_of_other_unit(draft: Draft, left: int, measured: Field | Measure) -> bool:
    """Whether the column before a number is in another unit than the one said: 'a time over 2000 metres'."""
    field = draft.column(left, "sum")
    return isinstance(measured, Field) and field is not None and field != measured and bool(unit_of(field.column))


def rows_or_key(draft: Draft, first: int) -> Field | Measure | None:
    """What is compared where no figure is named: the average of a table's money ('average invoice above'), or a key ('ids between')."""
    rows = draft.next_to(first, -1, 1, lambda place: draft.mentions[place].kind == "table")
    averaged = rows is not None and draft.asks(rows - 1, "agg") in ("avg", "median", "max", "min")
    if rows is not None and averaged and (table := draft.table(rows)) and (money := draft.catalog.money([table])):
        aggregate = draft.asks(rows - 1, "agg")
        draft.use(rows - 1, rows)
        return Measure(aggregate, money)  # type: ignore[arg-type]
    if (spent := spent_by_each(draft, first)) is not None:
        return spent
    basket = first - 1 if first and draft.mentions[first - 1].kind == "basket" else None
    if basket is not None and (money := draft.catalog.money(draft.all_tables)):
        draft.use(basket)
        return Measure("avg", money)
    key = draft.next_to(first, -1, 1, lambda place: draft.mentions[place].kind == "column" and place not in draft.used)
    number = draft.column(key) if key is not None else None
    if key is not None and number is not None and draft.catalog.is_number(number):  # ids between 2 and 4
        draft.use(key)
        return number
    return None


def covering(draft: Draft, default: Expression | None, first: int, last: int) -> Expression | None:
    """The main measure, or one whose cells reach a number that lies beyond the main one's: 'flats under 200000' are not bedrooms."""
    number = next((draft.mentions[at].number for at in range(first, min(last + 1, len(draft.mentions))) if draft.mentions[at].number), 0)
    if default is None:
        numbers = [field for field in draft.catalog.fields() if draft.catalog.is_number(field) and reaches(draft, field, number)]
        return next((field for field in numbers if MONEY & draft.catalog.concepts(field)), None)
    if not isinstance(default, Field) or reaches(draft, default, number):
        return default
    others = [field for field in draft.catalog.fields(default.table) if draft.catalog.is_measure(field) and reaches(draft, field, number)]
    money = [field for field in others if MONEY & draft.catalog.concepts(field)]
    return next(iter((*money, *others)), default)


MONEY = frozenset(("price", "amount", "spend", "cost", "salary"))


def reaches(draft: Draft, field: Field, number: float) -> bool:
    """Whether a number is not beyond what a column holds."""
    highest = draft.catalog.column(field).maximum
    return not isinstance(highest, (int, float)) or number <= highest


def names_figure(draft: Draft, at: int) -> bool:
    """Whether a place names a column of numbers; 分 after an aggregate does, and else it divides."""
    marks = draft.mentions[at].text == "分" and bool(draft.asks(at - 1, "agg"))
    return (draft.mentions[at].kind == "column" or marks) and bool(draft.options(at, "sum"))


def age_of_people(draft: Draft, first: int, last: int) -> Expression | None:
    """What 'patients over 65' tests, where nothing but people stands before a number that can be an age."""
    number = next((draft.mentions[at].number for at in range(first, min(last + 1, len(draft.mentions))) if draft.mentions[at].number), 0)
    said = {draft.mentions[at].text.lower() for at in range(first, last)}
    home = next((table for at in range(first - 1, -1, -1) if (table := draft.table(at))), "")
    if not home or not 1 < number < OLDEST or not said & {"over", "under", "above", "below"} or draft.measures:
        return None
    births = [field for field in draft.catalog.dates(home) if "birth date" in draft.catalog.concepts(field)]
    latest = [day for field in draft.catalog.fields() if draft.catalog.is_date(field) and (day := draft.catalog.latest(field))]
    ages = draft.catalog.named("age", [home], number=True)
    return ages[0] if ages else Years(births[0], max(latest).isoformat()) if births and draft.catalog.is_date(births[0]) else None


OLDEST = 110
PEOPLE = ("person", "people", "人", "名", "位")


def names_rows(draft: Draft, place: int, last: int) -> bool:
    """Whether a word stands for the rows that are counted: records, or people right after the number where no column speaks of them."""
    mention = draft.mentions[place]
    people = place == last + 1 and mention.kind == "word" and (mention.value in PEOPLE or mention.text in PEOPLE)
    return bool(draft.asks(place, "rowword")) or people


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
    test = Condition(target, sign, tuple(in_unit(draft, target, value) for value in values))  # type: ignore[arg-type]
    (draft.having if isinstance(target, Measure) else draft.where).append(test)
    return test


SCALES = {"千": 1e3, "百万": 1e6, "千万": 1e7, "万": 1e4, "亿": 1e8}


def in_unit(draft: Draft, target: Expression | Measure, value: float) -> float:
    """A number said in full in the unit of its column: 200万 is 200 where the header says 万元."""
    of = target.of if isinstance(target, Measure) and target.aggregate not in ("count", "count_distinct") else target
    if not isinstance(of, Field) or value < min(SCALES.values()):
        return value
    unit = unit_of(of.column) or draft.catalog.column(of).unit
    scale = next((scale for word, scale in sorted(SCALES.items(), key=lambda item: -len(item[0])) if unit.startswith(word)), 1.0)
    said = any(mention.kind == "number" and mention.number == value and mention.text[-1:] in "万亿千元" for mention in draft.mentions)
    return plain(value / scale) if scale > 1 and said else value
