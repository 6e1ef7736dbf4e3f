"""Reads rows held against other rows: who earns more than Ida, in the same department as Ann, hired after Bob, 工资比张三高的员工."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyst.models.builtin.comparing import concept_column, default_measure, names_figure, quality_column
from analyst.models.builtin.deeds import deed_before, word_date
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.measuring import default_aggregate
from analyst.models.builtin.plan import Condition, Field, Grain, GrainUnit, Measure, Plan, Sign
from analyst.models.builtin.scales import beyond

SIGNS: tuple[Sign, ...] = (">", "<", ">=", "<=")
MORE: dict[str, Sign] = {
    "more": ">", "higher": ">", "greater": ">", "larger": ">", "bigger": ">", "longer": ">", "better": ">",
    "fewer": "<", "less": "<", "lower": "<", "smaller": "<", "shorter": "<",
}  # fmt: skip
MORE_ZH: dict[str, Sign] = {
    "高": ">", "多": ">", "大": ">", "长": ">", "贵": ">", "低": "<", "少": "<", "小": "<", "短": "<", "便宜": "<",
}  # fmt: skip
QUALITIES_ZH = {"贵": "price", "便宜": "price", "大": "age", "小": "age"}
EVERY = frozenset(("all", "every", "any", "each", "所有", "任何", "每个", "全部"))
SOME = frozenset(("some", "least", "one"))
BETWEEN = frozenset(
    ("the", "that", "those", "of", "other", "in", "from", "at", "with", "by", "to", "for", "did", "does", "do", "than", "员", "人")
)
ENDS = frozenset(("and", "but", "or", ",", ".", "?", "!", ";", "，", "。", "？"))
REACH = 8  # mentions between a comparison and what is compared with
CELL = 0.9  # of a link with a cell that is named in full


@dataclass(frozen=True, slots=True)
class Against:
    """A figure that is compared with that of what the mentions from one place to another name."""

    at: int
    until: int
    figure: Field | Grain | Measure
    sign: Sign
    every: bool
    """Whether all of those are meant that the words name, rather than one."""
    some: bool
    """Whether it is enough to be beyond one of them."""


def find_against(draft: Draft) -> Against | None:
    """The comparison with another's figure that a question makes; None if there is none."""
    for at in range(len(draft.mentions)):
        ways = (compared_zh, same_zh, dated_zh, compared) if draft.language == "zh" else (same, compared)
        found = next((found for way in ways if (found := way(draft, at))), None)
        if found:
            return found
    return None


def compared(draft: Draft, at: int) -> Against | None:
    """'Earn more than Ida', 'higher than all halls in Oslo', 'with more visitors than North', 高于张三."""
    said = draft.asks(at, "cmp") or ""
    concept = said.rstrip("<>=!")
    start, sign, split = at + 1, said[len(concept) :], 0
    if draft.mentions[at].text.lower() == "than":
        split = next((place for place in (at - 1, at - 2) if place > 0 and draft.mentions[place - 1].text.lower() in MORE), 0)
        if not split or not draft.is_column(split):
            return None
        sign = MORE[draft.mentions[split - 1].text.lower()]
    if sign not in SIGNS or at in draft.used:
        return None
    cell = named_after(draft, start)
    if cell is None or on_scale(draft, cell, sign):
        return None
    words = {draft.mentions[place].text.lower() for place in range(start, cell)}
    if concept == "date":
        figure: Field | Measure | None = date_before(draft, at, cell)
    else:
        figure = figure_between(draft, split, cell) if split else figure_before(draft, at, concept)
    if figure is None:
        return None
    draft.use(*(place for place in range(split - 1 if split else at, cell)))
    until = next((place for place in range(cell, len(draft.mentions)) if draft.mentions[place].text in ENDS), len(draft.mentions)) - 1
    return Against(start, until, figure, sign, bool(words & (EVERY | SOME)), bool(words & SOME))


def date_before(draft: Draft, at: int, cell: int) -> Field | None:
    """When what is compared happened: the date that the verb names, else the only date of the cell's table."""
    home = draft.mentions[cell].values[0].table
    deed = deed_before(draft, at)
    dates = [field for field in draft.catalog.dates(home) if "birth date" not in draft.catalog.concepts(field)]
    found = deed if deed and deed.table == home else dates[0] if len(dates) == 1 else None
    told = [place for place in (at - 1, at - 2) if place >= 0 and found]
    draft.use(
        *(place for place in told if word_date(draft, place) == found or found in [field for field, _ in draft.options(place, "time")])
    )
    return found


def same(draft: Draft, at: int) -> Against | None:
    """'In the same department as Ann', 'hired in the same year as Dee'."""
    if draft.mentions[at].text.lower() != "same" or at + 2 >= len(draft.mentions):
        return None
    end = next(
        (place for place in range(at + 1, min(len(draft.mentions), at + 4)) if draft.mentions[place].text.lower() in ("as", "with")), 0
    )
    cell = named_after(draft, end + 1) if end else None
    if cell is None:
        return None
    return alike(draft, cell, at + 1, end, (at, *range(at, cell)))


def alike(draft: Draft, cell: int, start: int, end: int, places: tuple[int, ...]) -> Against | None:
    """The comparison of a column named between two places with the cell of another row."""
    homes = {match.table for match in draft.mentions[cell].values}
    figure: Field | Grain | None = None
    for place in range(start, end):
        options = [field for field, _ in draft.options(place) if field.table in homes] if draft.mentions[place].kind == "column" else []
        unit = UNITS.get(draft.mentions[place].text.lower())
        dates = [field for home in homes for field in draft.catalog.dates(home) if draft.catalog.is_date(field)]
        told = deed_before(draft, start - 1)
        if options:
            figure = options[0]
        elif unit and (told or len(dates) == 1):
            figure = Grain(told or dates[0], unit)
    if figure is None:
        return None
    draft.use(*(place for place in places if not draft.mentions[place].values))
    if isinstance(figure, Grain):  # 'hired in the same year'
        draft.use(*(place for place in range(start) if figure.field in [field for field, _ in draft.options(place, "time")]))
    return Against(cell, cell_end(draft, cell), figure, "=", True, False)


UNITS: dict[str, GrainUnit] = {
    "year": "year",
    "month": "month",
    "day": "day",
    "week": "week",
    "quarter": "quarter",
    "年": "year",
    "月": "month",
}


def cell_end(draft: Draft, cell: int) -> int:
    """The last place of what a cell belongs to, such as first and last name."""
    here = cell
    while here + 1 < len(draft.mentions) and draft.mentions[here + 1].kind == "value":
        here += 1
    return here


def same_zh(draft: Draft, at: int) -> Against | None:
    """'和张三同一个部门', '与李四同城', '跟王五同岗位'."""
    if draft.mentions[at].text not in ("和", "与", "跟", "同") or at + 2 >= len(draft.mentions) or draft.mentions[at + 1].kind != "value":
        return None
    end = cell_end(draft, at + 1) + 1
    if not SAME_ZH.match(draft.text, draft.mentions[end - 1].end):
        return None
    until = next((place for place in range(end, len(draft.mentions)) if draft.mentions[place].text == "的"), len(draft.mentions))
    found = alike(draft, at + 1, end, until, (at, *range(end, until)))
    return found or alike_in_part(draft, at, end, until)


SAME_ZH = re.compile(r"(?:在|是|处于)?(?:同一?个?|相同|一样)")


def alike_in_part(draft: Draft, at: int, end: int, until: int) -> Against | None:
    """'同城', '同岗' say the first character of a header."""
    word = draft.text[draft.mentions[end].start : draft.mentions[until - 1].end].removeprefix("在")[-1:]
    home = draft.mentions[at + 1].values[0].table
    found = [field for field in draft.catalog.fields(home) if field.column.startswith(word) and not draft.catalog.is_measure(field)]
    if len(found) != 1:
        return None
    draft.use(at, *range(end, until))
    return Against(at + 1, end - 1, found[0], "=", True, False)


def dated_zh(draft: Draft, at: int) -> Against | None:
    """'比张三入职早的员工', '在王五之后入职的员工'."""
    if draft.mentions[at].kind != "value" or at == 0 or draft.mentions[at - 1].text not in ("比", "在", "于"):
        return None
    end = cell_end(draft, at)
    home = draft.mentions[at].values[0].table
    after = range(end + 1, min(len(draft.mentions), end + 6))
    side = next((place for place in after if DATED_ZH.get(draft.mentions[place].text)), None)
    dates = [field for place in after if (field := word_date(draft, place, {home}))] or [
        field for field in draft.catalog.dates(home) if draft.catalog.is_date(field)
    ]
    if side is None or not dates:
        return None
    draft.use(at - 1, *(place for place in after if place <= side or word_date(draft, place, {home})))
    return Against(at, end, dates[0], DATED_ZH[draft.mentions[side].text], True, False)


DATED_ZH: dict[str, Sign] = {"早": "<", "晚": ">", "之后": ">", "以后": ">", "后": ">", "之前": "<", "以前": "<", "前": "<"}


def named_after(draft: Draft, start: int) -> int | None:
    """The place of the cell that stands after a comparison, over small words and the name of its table."""
    for place in range(start, min(len(draft.mentions), start + REACH)):
        mention = draft.mentions[place]
        if mention.kind == "value":
            return place if mention.values[0].score >= CELL else None
        small = mention.text.lower() in BETWEEN | EVERY | SOME or mention.kind == "sign" or mention.text.lower() == "at least"
        if not small and mention.kind != "table":
            return None
    return None


def on_scale(draft: Draft, at: int, sign: str) -> bool:
    """Whether the cell is a step of a scale, such as a priority, whose cells on one side are meant."""
    match = draft.mentions[at].values[0]
    return bool(beyond(draft, Field(match.table, match.column), str(match.value), sign))


def figure_before(draft: Draft, at: int, concept: str) -> Field | None:
    """What is compared: the column that the comparison names by itself, or the one named before it; none is assumed."""
    if concept:
        found = concept_column(draft, concept, at)
        return found if isinstance(found, Field) and concept in draft.catalog.concepts(found) | set(draft.catalog.words(found)) else None
    left = draft.next_to(at, -1, 3, lambda place: names_figure(draft, place) and place not in draft.used)
    if left is None:
        return quality_column(draft, draft.mentions[at].text)
    field = draft.column(left, "sum")
    draft.use(left)
    return field


def figure_between(draft: Draft, at: int, cell: int) -> Field | Measure | None:
    """What is compared in 'more visitors than': a column of numbers, else the rows of a table."""
    homes = {match.table for match in draft.mentions[cell].values}
    numbers = [field for field, _ in draft.options(at, "number") if field.table in homes] or [
        field for field, _ in draft.options(at, "number") if draft.mentions[at].kind == "column"
    ]
    if numbers:
        return numbers[0]
    table = draft.table(at)
    if table is None:
        return None
    draft.bring(table)
    return Measure("count")


def compared_zh(draft: Draft, at: int) -> Against | None:
    """'工资比张三高的员工', '比张三年龄大'."""
    if draft.mentions[at].text != "比" or at + 1 >= len(draft.mentions):
        return None
    cell = named_after(draft, at + 1)
    if cell is None:
        return None
    end = next((place for place in range(cell + 1, min(len(draft.mentions), cell + REACH)) if draft.mentions[place].text in MORE_ZH), None)
    if end is None:
        return None
    word = draft.mentions[end].text
    places = [place for place in range(cell + 1, end) if names_figure(draft, place)]
    left = next((place for place in (at - 1, at - 2) if place >= 0 and names_figure(draft, place)), None)
    place = places[0] if places else left
    figure = draft.column(place, "sum") if place is not None else None
    if figure is None:
        meant = draft.catalog.named(QUALITIES_ZH.get(word, ""), draft.all_tables, number=True)
        figure = meant[0] if meant else default_measure(draft)  # type: ignore[assignment]
    if not isinstance(figure, Field):
        return None
    said = draft.text[draft.mentions[at].end : draft.mentions[end].start]
    every = any(word in said for word in EVERY if not word.isascii())
    draft.use(
        at, end, *((place,) if place is not None else ()), *(here for here in range(cell + 1, end) if not draft.mentions[here].values)
    )
    return Against(at + 1, end, figure, MORE_ZH[word], every, False)


def set_against(draft: Draft, against: Against) -> None:
    """Move the tests on the other side into the query for its figure."""
    tests = [test for test, place in draft.placed.items() if against.at <= place <= against.until and test in draft.value_tests]
    draft.value_tests[:] = [test for test in draft.value_tests if test not in tests]
    named = [test.left for test in tests if isinstance(test, Condition) and isinstance(test.left, Field)]
    figure = against.figure
    if not named:
        return
    if isinstance(figure, Grain) or against.sign == "=":
        assert not isinstance(figure, Measure)
        draft.where.append(Condition(figure, "in", (Plan((figure,), tuple(tests)),)))
        return
    if isinstance(figure, Field) and (against.every or tells_rows(draft, figure.table, named)):
        least = (against.sign in (">", ">=")) == against.some
        limit = Plan((Measure("min" if least else "max", figure),), tuple(tests))
        draft.where.append(Condition(figure, against.sign, (limit,)))
        return
    total = figure if isinstance(figure, Measure) else Measure(default_aggregate(draft, figure), figure)
    tables = tuple(draft.tables) if isinstance(figure, Measure) else ()
    draft.group += [field for field in named if field not in draft.group]
    draft.measures += [measure for measure in (total,) if not draft.measures]
    draft.having.append(Condition(total, against.sign, (Plan((total,), tuple(tests), tables=tables),)))


def tells_rows(draft: Draft, table: str, named: list[Field]) -> bool:
    """Whether columns tell one row of a table: a key, or what people call it by."""
    columns = [field.column for field in named]
    if any(field.table != table for field in named):
        return False
    one = draft.catalog.column(named[0])
    return draft.catalog.settles(table, columns) or set(named) >= set(draft.catalog.labels(table)) or one.distinct >= one.rows
