"""The numeric columns of a result, each against its labels, and the facts that fit any of them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from analyst.columns.headers import header_words
from analyst.facts.statistics import Numbers
from analyst.sql.lineage import Lineage, Origin
from analyst.terms import ChartSpec, Fact, ResultSet
from connectors.base import Cell, as_cell

PARTS_ADD_UP = {
    "sum", "total", "count", "number", "qty", "quantity", "revenue", "sales", "amount", "orders", "units", "总", "合计", "数量", "额",
    "量",
}  # fmt: skip
RATIOS = {"share", "percent", "percentage", "pct", "growth", "占比", "百分比", "同比", "环比", "增长率", "增速"}
"""Header words of measures that compare two others."""
PARTS_DO_NOT = {
    "avg", "average", "mean", "median", "min", "max", "rate", "ratio", "percent", "percentage", "pct", "share", "price", "distinct",
    "growth", "cumulative", "running", "rank", "平均", "均", "率", "占比", "比例", "最大", "最小", "中位", "单价", "累计", "排名", "增长",
}  # fmt: skip
"""Header words that tell whether values for parts add up to a whole, where the query does not."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A numeric column of the result against its labels; missing values are taken out."""

    name: str
    values: Numbers
    labels: list[Cell]
    dimension: str
    unit: str
    additive: bool
    missing: int
    cut: bool = False
    """True if the result shows only some of the rows there are, so that nothing can be said of the whole."""
    place: int = 0
    """Which column of the result it is; its name may be another one, made to tell more."""

    def fact(self, kind: str, numbers: Mapping[str, float], **labels: str) -> Fact:
        """A fact about this measure; numbers that are no numbers are left out."""
        finite = {name: float(number) for name, number in numbers.items() if math.isfinite(number)}
        named = {"measure": self.name, "dimension": self.dimension, "unit": self.unit, "shown": "some" if self.cut else "", **labels}
        return Fact(kind, finite, {name: text for name, text in named.items() if text})


def measured(result: ResultSet, chart: ChartSpec, made: Lineage) -> list[str]:
    """The numeric columns worth looking at: those the chart draws, else all but identifiers."""
    keys = {
        name
        for name, origin in zip(result.columns, made.origins, strict=False)
        if origin.column is not None and origin.column.role == "identifier" and not origin.function
    }
    numeric = [name for name, column in zip(result.columns, result.table.columns, strict=True) if is_numeric(column.type)]
    drawn = [name for name in chart.y if name in numeric]
    if chart.mark == "histogram" and chart.x in numeric:
        return [chart.x]
    plain = [
        name
        for name in numeric
        if name not in (chart.x, chart.color, *keys) and header_words(name)[-1:] not in (("id",), ("year",), ("年",))
    ]
    return drawn or plain


def is_numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def measure_of(result: ResultSet, name: str, chart: ChartSpec, made: Lineage) -> Measure:
    place = result.columns.index(name)
    values = numbers_of(result, place)
    labels = labels_of(result, chart.x or "")
    known = np.isfinite(values)
    origin = made.origins[place] if place < len(made.origins) else None
    unit = chart.units.get(name) or (origin.unit if origin else "") or _unit_of_ratio(name, values[known])
    return Measure(
        name=_telling_name(name, origin),
        values=values[known],
        labels=[label for label, kept in zip(labels, known, strict=True) if kept],
        dimension=chart.x or "",
        unit=unit,
        additive=(origin.additive if origin and origin.function else _sounds_additive(name)) and unit != "%",
        missing=int((~known).sum()),
        cut=result.truncated or (made.limit is not None and 1 < made.limit <= result.table.num_rows),
        place=place,
    )


def numbers_of(result: ResultSet, place: int) -> Numbers:
    """A column as floats, NaN where missing."""
    column: pa.ChunkedArray = result.table.column(place)
    # By way of a list, because to_numpy() would import pandas, which takes longer than the question.
    return np.array(column.cast(pa.float64(), safe=False).to_pylist(), dtype=np.float64)


def labels_of(result: ResultSet, name: str) -> list[Cell]:
    if name not in result.columns:
        return [None] * result.table.num_rows
    return [as_cell(value) for value in result.table.column(result.columns.index(name)).to_pylist()]


def _unit_of_ratio(name: str, values: Numbers) -> str:
    """The percent sign for shares and growth that were multiplied by 100; fractions are left as they are."""
    named = _any_held(header_words(name), RATIOS)
    return "%" if named and len(values) and 1.5 < float(np.abs(values).max()) <= 1000 else ""


def _telling_name(name: str, origin: Origin | None) -> str:
    """The column's name; for one of a letter or two, such as n or s, what it was made from."""
    if len(name) > 2 or not name.isascii() or not origin or not origin.function:
        return name
    return f"{origin.function}({origin.column.name})" if origin.column else "count(*)" if origin.function == "count" else name


def _sounds_additive(name: str) -> bool:
    words = header_words(name)
    return _any_held(words, PARTS_ADD_UP) and not _any_held(words, PARTS_DO_NOT)


def _any_held(words: Sequence[str], known: Collection[str]) -> bool:
    """Whether a word is known; a Chinese one may stand inside a longer run."""
    return any(word in known or any(not part.isascii() and part in word for part in known) for word in words)


def extremes(measure: Measure, values: Numbers, labels: list[str], name: str, grain: str) -> Iterator[Fact]:
    """Highest and lowest with what they belong to; values that agree are counted as ties, and a constant is said to be one."""
    if not float(np.ptp(values)):
        yield measure.fact("constant", {"value": values[0], "groups": len(values)})
        return
    for kind, place in (("extreme_high", int(np.argmax(values))), ("extreme_low", int(np.argmin(values)))):
        ties = int(np.isclose(values, values[place], rtol=1e-12, atol=0).sum())
        named = {name: labels[place], "grain": grain} if labels and labels[place] else {}
        ties = ties if labels else 1  # of rows without a name it is of no interest that they agree
        yield measure.fact(kind, {"value": values[place], "ties": ties, "groups": len(values)}, **named)
