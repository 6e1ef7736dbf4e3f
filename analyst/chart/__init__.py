"""From ResultSet to ChartSpec: the mark and axes that fit the rows and the question's words, and what else could be drawn."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.errors import AnalystError
from analyst.graphics.encoding import (
    MANY_CATEGORIES,
    MARKS,
    MOST_COLORS,
    MOST_MEASURES,
    WHY_NOT,
    comparable,
    crossed,
    dimensions_of,
    encode,
)
from analyst.graphics.shapes import Encoding, Shape, View, view
from analyst.graphics.titles import title
from analyst.terms import Bilingual, ChartSpec, Language, Mark, Query, Question, ResultSet, Schema

SELF_TITLED: frozenset[Mark] = frozenset({"number", "scatter", "histogram", "box", "table"})
"""Marks whose title says more than what is measured by what."""
FEW_SHARES = 6
"""More slices than this cannot be compared by eye."""
LINES = 30
"""More lines than this are read as a heat map."""
LARGE_GRID = 8
"""Two categories with more values each than this are read as a heat map."""
NAMED: tuple[tuple[Mark, re.Pattern[str]], ...] = (
    ("stacked_bar", re.compile(r"stack(ed)?[ -](bar|column|chart|graph)|bars? stacked|堆[积叠]", re.I)),
    ("grouped_bar", re.compile(r"(group(ed)?|cluster(ed)?|side[ -]by[ -]side)[ -](bar|column)s?|分组(柱|条)|簇状", re.I)),
    ("histogram", re.compile(r"histogram|直方图", re.I)),
    ("box", re.compile(r"box[ -]?(and[ -]whiskers?[ -])?(plot|chart|graph)|箱[线型形]?图|盒须图", re.I)),
    ("heatmap", re.compile(r"heat ?map|热力?图", re.I)),
    ("pie", re.compile(r"\bpie\b|do(ugh)?nut|饼[状形]?图|环形图", re.I)),
    ("scatter", re.compile(r"scatter|散点", re.I)),
    ("area", re.compile(r"area (chart|graph|plot)|面积图", re.I)),
    ("line", re.compile(r"\bline[ -]?(chart|graph|plot)s?\b|\blines?\b.*\bchart\b|折线|曲线图|线图", re.I)),
    ("bar", re.compile(r"\bbars?\b|\b(bar|column)[ -]?(chart|graph|plot)|柱[状形]?图|条形图|柱图", re.I)),
    (
        "table",
        re.compile(
            r"\b(as|in|into) an? table\b|\bshow (me )?(the |a )?table\b|[列做用以](成|个)?(一[个张])?表格?|表格(形式|展示|显示)", re.I
        ),
    ),
)
"""Charts by name, the more particular first."""

TREND = re.compile(r"\btrends?\b|over time|over the \w+s|\bchang(e|es|ed|ing)\b|evol|develop|趋势|走势|变化|历年|逐[年月日]|每[年月]", re.I)
SHARE = re.compile(
    r"\bshares?\b|proportion|percent(age)? of|breakdown|make ?up|composition|split of|占比|比例|份额|构成|比重|占多少|各占", re.I
)
SPREAD = re.compile(r"distribut|spread|outliers?|分布|离散", re.I)
RELATION = re.compile(r"relat(ed|ion)|correlat|scatter|depend on|\baffects?\b|相关|关系|关联|影响", re.I)
CROSS = re.compile(r"\bcross|matrix|heat|交叉|矩阵|热力", re.I)
PARTS = re.compile(r"stack|broken? down|made up|composition|cumulative|构成|堆[积叠]", re.I)
GROUPS = re.compile(r"stack|group(ed)? by|group(ed)? bars?|colou?r|split|broken? down|for each .* and|分组|堆[积叠]|拆", re.I)
COMPARES = re.compile(r"compar|versus|\bvs\b|side by side|difference|对比|相比|比较|差异", re.I)
RANKS = re.compile(
    r"\b(most|least|top|bottom|highest|lowest|largest|smallest|biggest|best|worst|rank|order|sort|by|per|each|every|how (many|much))\b"
    r"|compar|最|前|后|排|各|每|按|多少|不同", re.I,
)  # fmt: skip
"""Words of a question that compares rows; without one, single rows are a list."""


def choose_chart(
    result: ResultSet, question: Question, schema: Schema, wanted: Mark | None = None, query: Query | None = None
) -> ChartSpec:
    """The chart for the rows: the one the question names where the rows allow it, else the one that their shape suggests."""
    seen = view(result, schema, query)
    mark = wanted or named_mark(question.text)
    if mark == "bar" and GROUPS.search(question.text) and encode("stacked_bar", seen):
        mark = "stacked_bar"
    if mark is None or encode(mark, seen) is None:
        mark = mark_of_shape(seen, question.text)
    return _spec(mark, encode(mark, seen) or Encoding(), seen, question.language)


def named_mark(text: str) -> Mark | None:
    """The chart that a question asks for by name; None if it names none."""
    return next((mark for mark, words in NAMED if words.search(text)), None)


def possible_marks(result: ResultSet, spec: ChartSpec | None = None) -> tuple[Mark, ...]:
    """Every mark that can draw these rows, that of `spec` among them; a table always can."""
    views = [view(result), *([view(result, spec=spec)] if spec else [])]
    drawn = {mark for mark in MARKS for seen in views if encode(mark, seen) is not None}
    return tuple(mark for mark in MARKS if mark in drawn or (spec is not None and mark == spec.mark))


def with_mark(spec: ChartSpec, mark: Mark, result: ResultSet) -> ChartSpec:
    """The chart with another mark, its columns kept where the mark can use them. Raises AnalystError where the rows do not allow it."""
    if mark == spec.mark:
        return spec
    seen = view(result, spec=spec)
    found = encode(mark, seen, spec)
    if found is None:
        seen = view(result, spec=spec)
        found = encode(mark, seen)
    if found is None:
        # The mark cannot use these axes, but perhaps others of the same rows.
        seen = view(result)
        found = encode(mark, seen)
    if found is None:
        raise AnalystError(*WHY_NOT[mark])
    changed = _spec(mark, found, seen, _language_of(spec.title))
    same = (changed.x, changed.y, changed.color) == (spec.x, spec.y, spec.color) and not {mark, spec.mark} & SELF_TITLED
    return replace(changed, title=spec.title if same else changed.title, units={**spec.units, **changed.units}, ordered=spec.ordered)


def with_axes(spec: ChartSpec, result: ResultSet, x: str | None, y: tuple[str, ...], color: str | None = None) -> ChartSpec:
    """The chart with other columns on its axes. Raises AnalystError where the mark cannot read them."""
    asked = replace(spec, x=x, y=y, color=color)
    unknown = [name for name in (x, *y, color) if name and name not in result.columns]
    if unknown:
        raise AnalystError(
            Bilingual(f"The rows have no column called {unknown[0]}.", f"结果中没有名为“{unknown[0]}”的列。"),
            Bilingual(f"Choose from: {', '.join(result.columns)}.", f"可选：{'、'.join(result.columns)}。"),
        )
    seen = view(result, spec=asked)
    found = encode(spec.mark, seen, asked)
    if found is None or not {shape.name for shape in found.y} <= {x, *y}:
        raise AnalystError(*WHY_NOT[spec.mark])
    changed = _spec(spec.mark, found, seen, _language_of(spec.title))
    return replace(changed, units={**spec.units, **changed.units}, ordered=spec.ordered)


def _language_of(text: str) -> Language:
    return "zh" if re.search(r"[\u3400-\u9fff]", text) else "en"


def _spec(mark: Mark, found: Encoding, seen: View, language: Language) -> ChartSpec:
    used = [shape for shape in (found.x, *found.y, found.color) if shape]
    return ChartSpec(
        mark=mark,
        x=found.x.name if found.x else None,
        y=tuple(shape.name for shape in found.y),
        color=found.color.name if found.color else None,
        title=title(seen, found, mark, language),
        units={shape.name: shape.origin.unit for shape in used if shape.origin.unit},
        ordered=seen.lineage.ordered,
    )


# ------------------------------------------------------------------------------------------------ the mark that fits
def mark_of_shape(seen: View, text: str) -> Mark:
    """The mark that the rows suggest, and the question's words where the rows leave a choice."""
    measures, dimensions = seen.of_kind("measure"), dimensions_of(seen)
    if not seen.rows:
        return "table"
    if seen.rows == 1:
        return "number" if encode("number", seen) else "table"
    if not measures or len(dimensions) > 2:
        return "table"
    for mark in _by_words(seen, text):
        if encode(mark, seen):
            return mark
    if not dimensions:
        return _of_numbers(seen)
    mark = _of_one(seen, dimensions[0], measures, text) if len(dimensions) == 1 else _of_two(seen, dimensions, measures, text)
    return mark if encode(mark, seen) else "table"


def _by_words(seen: View, text: str) -> list[Mark]:
    """Marks that the question's words speak for, if the rows allow them."""
    measures, dimensions = seen.of_kind("measure"), dimensions_of(seen)
    marks: list[Mark] = []
    if RELATION.search(text) and len(measures) >= 2:
        marks.append("scatter")
    if SPREAD.search(text) and not seen.lineage.aggregated and not all(dimension.unique for dimension in dimensions):
        marks.append("box")
    if (
        SHARE.search(text)
        and len(dimensions) == 1
        and dimensions[0].distinct <= FEW_SHARES
        and _whole(measures[0])
        and not dimensions[0].grain
    ):
        marks.append("pie")
    if TREND.search(text) and any(dimension.grain or dimension.numbers for dimension in dimensions):
        marks += ["line"] if all(dimension.distinct >= 3 for dimension in dimensions[:1]) else []
    if CROSS.search(text) and len(dimensions) == 2:
        marks.append("heatmap")
    return marks


def _of_numbers(seen: View) -> Mark:
    measures = seen.of_kind("measure")
    if len(measures) == 1:
        return "histogram" if encode("histogram", seen) else "table"
    return "scatter" if len(measures) == 2 and seen.rows > 2 else "table"


def _of_one(seen: View, x: Shape, measures: tuple[Shape, ...], text: str) -> Mark:
    if not x.unique:
        return _of_repeated(seen, x, measures)
    if x.grain:
        timely = x.grain not in {"hour_of_day", "weekday"} or TREND.search(text)
        return "line" if x.distinct >= 3 and timely else "bar" if len(measures) == 1 else "grouped_bar"
    listing = not seen.lineage.aggregated and not seen.lineage.ordered and not RANKS.search(text)
    if listing or (x.distinct > MANY_CATEGORIES and not seen.lineage.aggregated) or len(measures) > MOST_MEASURES:
        return "table"
    return "bar" if len(measures) == 1 or not comparable(measures) else "grouped_bar"


def _of_repeated(seen: View, x: Shape, measures: tuple[Shape, ...]) -> Mark:
    """For rows that share their category or period: how their values spread."""
    if len(measures) > 1:
        return "table"
    if x.grain and x.distinct > MOST_COLORS:
        return "scatter"
    return "box" if seen.rows >= 3 * x.distinct else "table"


def _of_two(seen: View, dimensions: tuple[Shape, ...], measures: tuple[Shape, ...], text: str) -> Mark:
    encoding = crossed(dimensions, measures[:1])
    if encoding is None or len(measures) > 1:
        return "table"
    x, color = encoding.x, encoding.color
    assert x is not None
    if color is None:
        return _of_one(seen, x, measures, text)
    stacks = measures[0].origin.additive and all(number >= 0 for number in measures[0].numbers) and not COMPARES.search(text)
    if x.grain and x.distinct >= 3:
        if PARTS.search(text) and stacks:
            return "stacked_bar"
        return "line" if color.distinct <= LINES else "heatmap"
    if x.distinct > LARGE_GRID and color.distinct > LARGE_GRID:
        return "heatmap"
    return "stacked_bar" if stacks and (PARTS.search(text) or SHARE.search(text) or x.distinct > 3) else "grouped_bar"


def _whole(measure: Shape) -> bool:
    """True if the values make up a whole: amounts, or shares that sum to one."""
    total = sum(measure.numbers)
    shares = measure.origin.unit == "%" or re.search(r"share|percent|pct|ratio|proportion|占比|比例|份额|%", measure.name, re.I)
    return not shares or any(abs(total - whole) < 0.02 * whole for whole in (1, 100))
