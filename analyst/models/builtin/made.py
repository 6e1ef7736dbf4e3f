"""Figures that are made of other columns: click-through rates, costs per click, price differences, amounts a head, ages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, product

from analyst.models.builtin.catalog import PERSON_CONCEPTS, Catalog
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention, overlapping
from analyst.models.builtin.own_units import events_of
from analyst.models.builtin.plan import Arithmetic, Combined, Expression, Field, Measure, Output, Years, fields
from analyst.words.lexicon import concepts_by_phrase
from analyst.words.tokens import header_stems

RECIPE = re.compile(r"(.+)([/-])(.+)")
HEADS = (
    "人数",
    "访客数",
    "用户数",
    "客户数",
    "会员数",
    "visitors",
    "users",
    "员工数",
    "职工数",
    "人口",
    "headcount",
    "head count",
    "population",
    "employees",
)
"""Ends of headers that say how many people there are."""
REACH = 3  # mentions between a figure and the columns that it is made of


def read_made(draft: Draft) -> None:
    """Figures that no column holds but two columns give."""
    for at in list(draft.free("made")):
        figure = made_of(draft.asks(at, "made") or "", draft.catalog, draft.all_tables) if draft.mentions[at].kind == "made" else None
        if figure is None:
            continue
        draft.measures.append(figure if isinstance(figure, Combined) else aggregated_beside(draft, at, figure))
        draft.use(at, *operands_beside(draft, at, figure))
    for at in list(draft.free("percapita")):
        if draft.mentions[at].kind == "percapita":
            read_per_head(draft, at)
    read_part_of(draft)
    read_ages(draft)
    read_service(draft)


def read_part_of(draft: Draft) -> None:
    """'药费占总费用的比例', 'commission as a percentage of takings': the sum of one column in percent of that of another."""
    for at in range(1, len(draft.mentions) - 1):
        if not is_part_of(draft, at):
            continue
        after = next((place for place in range(at + 1, min(at + WHOLE_REACH, len(draft.mentions))) if adds_up(draft, place)), None)
        between = draft.mentions[at + 1 : after or at + 1]
        left = summed_at(draft, at - 1)
        right = summed_at(draft, after) if after is not None and not any(map(divides, between)) else None
        if left and right and left != right and left.table == right.table:
            draft.measures.append(Combined(Measure("sum", left), "%", Measure("sum", right)))
            rest = [place for place in range(len(draft.mentions)) if draft.asks(place, "share") or summed_at(draft, place) in (left, right)]
            draft.use(at - 1, at, *rest)
            for name in ("share", "share at"):
                draft.flags.pop(name, None)
            return


WHOLE_REACH = 6  # mentions behind 'as a percentage of' in which the whole is named


def is_part_of(draft: Draft, at: int) -> bool:
    """Whether the words at a place say that the figure before them is a part of what follows."""
    said = draft.mentions[at].text.lower()
    if draft.language == "zh":
        return said.startswith("占") and draft.mentions[at - 1].kind == "column"
    return draft.mentions[at].kind == "share" and said.startswith("as ") and draft.mentions[at + 1].text.lower() in ("of", "to")


def divides(mention: Mention) -> bool:
    """Whether a mention ends the words that name one thing."""
    return mention.kind == "sign" or bool(mention.asks("group"))


def adds_up(draft: Draft, at: int) -> bool:
    """Whether a place names numbers that are put together."""
    mention = draft.mentions[at]
    money = mention.kind == "money" and draft.language == "en"
    return (mention.kind == "column" and bool(draft.options(at, "sum")) and at not in draft.used) or money


def summed_at(draft: Draft, at: int) -> Field | None:
    """The column of numbers that a place names; the money where it speaks of money."""
    if draft.mentions[at].kind == "column":
        return draft.column(at, "sum") if draft.options(at, "sum") else None
    money = draft.catalog.money(draft.all_tables) if draft.mentions[at].kind == "money" and draft.language == "en" else None
    return money if isinstance(money, Field) else None


def made_of(recipe: str, catalog: Catalog, tables: list[str]) -> Combined | Arithmetic | None:
    """Two columns of one table put together as a recipe such as `clicks/impressions` says; None where one is not there."""
    found = RECIPE.fullmatch(recipe)
    if found is None:
        return None
    for table in tables:
        pairs = product(catalog.named(found[1], [table], number=True), catalog.named(found[3], [table], number=True))
        left, right = next(((one, other) for one, other in pairs if one != other), (None, None))
        if left and right:
            return Combined(Measure("sum", left), "/", Measure("sum", right)) if found[2] == "/" else Arithmetic(left, "-", right)
    return None


def aggregated_beside(draft: Draft, at: int, of: Expression) -> Measure:
    """What is made of each row, put together as the word beside it says; on average where none does."""
    for place in (at - 1, at + 1, at + 2):
        aggregate = draft.asks(place, "agg") if place not in draft.used else None
        if aggregate:
            draft.use(place)
            return Measure(aggregate, of)  # type: ignore[arg-type]
    return Measure("avg", of)


def operands_beside(draft: Draft, at: int, figure: object) -> Iterator[int]:
    """The places before a figure that name the columns it is made of: '进价和售价的差价'."""
    held = set(fields(figure)) if isinstance(figure, Arithmetic) else set()
    for place in range(max(0, at - 2 * REACH), at):
        matches = draft.mentions[place].columns[:1] if draft.mentions[place].kind == "column" else ()
        if any(Field(match.table, match.column) in held for match in matches):
            yield place


def read_per_head(draft: Draft, at: int) -> None:
    """'人均消费': an amount divided by how many people it is of."""
    counted = next((here for here in range(at + 1, min(at + REACH, len(draft.mentions))) if draft.asks(here, "count")), None)
    if counted is not None and (homes := draft.catalog.people_tables):
        events = events_of(draft, list(homes), draft.mentions[counted].start)
        join = next((join for join in draft.catalog.schema.joins if join.table == events and join.parent_table in homes), None)
        if join is not None:  # 人均考几次
            draft.measures.append(Combined(Measure("count"), "/", Measure("count_distinct", Field(join.table, join.column))))
            draft.bring(join.table)
            draft.use(at, counted)
            return
    place = next((here for here in range(at + 1, min(at + REACH, len(draft.mentions))) if amount_at(draft, here)), None)
    amount = amount_at(draft, place) if place is not None else None
    heads = people(draft, amount) if amount is not None else None
    if place is None or amount is None or heads is None:
        return
    total = Measure("sum", amount)
    draft.measures.append(Combined(total, "/", heads))
    draft.use(at, place)


def amount_at(draft: Draft, at: int) -> Expression | None:
    """The amount that a place names."""
    if draft.mentions[at].kind == "column" and draft.options(at, "number"):
        return draft.column(at, "number")
    return draft.catalog.money(draft.all_tables) if draft.mentions[at].kind in ("money", "howmuch") else None


def people(draft: Draft, amount: Expression) -> Measure | None:
    """How many people stand behind an amount: their number in the same table, or the different people that its rows point to."""
    catalog, home = draft.catalog, next(fields(amount)).table
    counts = [field for field in catalog.fields(home) if catalog.is_measure(field) and field.column.lower().endswith(HEADS)]
    if counts:
        return Measure("sum", counts[0])
    for join in catalog.schema.joins:
        label = next(iter(catalog.labels(join.parent_table)), None)
        if (
            join.table == home
            and label
            and (PERSON_CONCEPTS & (catalog.concepts(Field(join.table, join.column)) | table_concepts(catalog, join.parent_table)))
        ):
            return Measure("count_distinct", Field(join.table, join.column))
    return None


def table_concepts(catalog: Catalog, table: str) -> frozenset[str]:
    """What a table and its key are called."""
    own = concepts_by_phrase().get(header_stems(table), ())
    return frozenset(own) | frozenset(concept for field in catalog.identifiers(table) for concept in catalog.concepts(field))


AGE = re.compile(r"年龄|岁数|年纪|\bages?\b", re.IGNORECASE)


def read_ages(draft: Draft) -> None:
    """'The average age', where only dates of birth are held: years up to the latest day in the data."""
    said = AGE.search(draft.text)
    aggregate = next((at for at in draft.free("agg") if draft.mentions[at].kind == "agg"), None) if said else None
    born = years_old(draft) if aggregate is not None else None
    if said is None or aggregate is None or born is None:
        return
    places = overlapping(draft.mentions, *said.span())
    if min((abs(place - aggregate) for place in places), default=REACH) < REACH:
        draft.measures.append(Measure(draft.asks(aggregate, "agg"), born))  # type: ignore[arg-type]
        draft.use(aggregate, *places)


SERVICE = re.compile(
    r"\b(?:length|years) of service\b|\bservice length\b|\btenure\b|\btime with us\b|工龄|司龄|在职年限|入职年限|服务年限", re.I
)


def read_service(draft: Draft) -> None:
    """'Average length of service': whole years from the day of hiring to the latest day in the data, where no column tells them."""
    said = SERVICE.search(draft.text)
    places = overlapping(draft.mentions, *said.span()) if said else []
    dates = [field for table in draft.all_tables for field in draft.catalog.dates(table) if draft.catalog.is_date(field)]
    hired = [field for field in dates if "hire date" in draft.catalog.concepts(field)]
    if not places or len(hired) != 1 or any(draft.mentions[at].kind == "column" and draft.options(at, "number") for at in places):
        return
    latest = max(day for field in draft.catalog.fields() if draft.catalog.is_date(field) and (day := draft.catalog.latest(field)))
    aggregate = next((at for at in draft.free("agg") if draft.mentions[at].kind == "agg"), None)
    asked = draft.asks(aggregate, "agg") if aggregate is not None else "avg"
    draft.measures.append(Measure(asked, Years(hired[0], latest.isoformat())))  # type: ignore[arg-type]
    draft.use(*places, *((aggregate,) if aggregate is not None else ()))


MARKS = re.compile(r"(?:(?:最高|最低|平均|总)分(?:[、,，和与及跟]|以及)?){2,}")
MARK = {"最高": "max", "最低": "min", "平均": "avg", "总": "sum"}


def read_marks(draft: Draft) -> None:
    """'每科的最高分和最低分': several figures of the one column of marks."""
    found = MARKS.search(draft.text) if draft.language == "zh" else None
    places = overlapping(draft.mentions, *found.span()) if found else []
    marks = [field for at in places if draft.mentions[at].text == "分" for field, _ in draft.options(at, "number")[:1]]
    if found is None or not marks:
        return
    for word in re.findall(r"最高|最低|平均|总", found[0]):
        draft.measures.append(Measure(MARK[word], marks[0]))  # type: ignore[arg-type]
    draft.use(*places)


def years_old(draft: Draft) -> Years | None:
    """Ages from the dates of birth; None where ages are held or nothing is."""
    catalog, tables = draft.catalog, draft.all_tables
    births = [
        field for table in tables for field in catalog.dates(table) if "birth date" in catalog.concepts(field) and catalog.is_date(field)
    ]
    latest = [day for field in catalog.fields() if catalog.is_date(field) and (day := catalog.latest(field))]
    if not births or not latest or catalog.named("age", tables, number=True):
        return None
    return Years(births[0], max(latest).isoformat())


EXTREMES = {"最大": "max", "最高": "max", "最多": "max", "最小": "min", "最低": "min", "最少": "min", "highest": "max", "lowest": "min",
            "largest": "max", "smallest": "min"}  # fmt: skip
"""Words of a rank that are figures where they stand in a row with others: 'the highest, lowest and average price'."""
JOINTS = ("、", ",", "，", "和", "与", "及", "以及", "and", "跟")


def read_figure_lists(draft: Draft) -> None:
    """'最高、最低和平均工资', '售价的最小、最大和平均值': several figures of one column."""
    runs = list(figure_runs(draft))
    run = max(runs, key=len, default=[])
    joined = len(run) > 1 and all(after > at + 1 for at, after in pairwise(run))
    if not joined or not (draft.language == "zh" or any(draft.mentions[at].text.lower() in EXTREMES for at in run)):
        return
    after = draft.next_to(run[-1], 1, 2, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "number")))
    target = after if after is not None else left_of(draft, run[0])
    if target is None or asks_for_rows(draft, max(target, run[-1])):
        return
    field = draft.column(target, "number")
    if field is None:
        return
    draft.measures += [Measure(figure_at(draft, at), field) for at in run]  # type: ignore[arg-type]
    draft.use(*range(run[0], run[-1] + 1), target)


def figure_runs(draft: Draft) -> Iterator[list[int]]:
    """Places of figures with nothing but joints between them."""
    run: list[int] = []
    for at, mention in enumerate(draft.mentions):
        if at not in draft.used and mention.kind not in ("column", "value") and figure_at(draft, at):
            run.append(at)
        elif not (run and (mention.text.lower() in JOINTS or mention.text in ("值", "的", "价") or mention.value in ("value", "the"))):
            yield run
            run = []
    yield run


def figure_at(draft: Draft, at: int) -> str:
    """The aggregate that a place names."""
    return EXTREMES.get(draft.mentions[at].text.lower()) or draft.asks(at, "agg") or ""


def left_of(draft: Draft, at: int) -> int | None:
    """A column of numbers before a place."""
    return draft.next_to(at, -1, 2, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "number")))


def asks_for_rows(draft: Draft, at: int) -> bool:
    """Whether the things that have these figures are wanted, as in '最高和最低工资的员工'."""
    following = draft.mentions[at + 1 : at + 3]
    return bool(following) and following[0].text == "的" and len(following) > 1 and following[1].kind in ("column", "table")


def unwrapped(output: Output) -> Field | Arithmetic | None:
    """The expression that a figure puts together, where it can stand for itself in a single row."""
    held = output.of if isinstance(output, Measure) and output.aggregate in ("avg", "sum") and not output.where else None
    return held if isinstance(held, Field | Arithmetic) else None


__all__ = ["made_of", "read_figure_lists", "read_made", "unwrapped"]
