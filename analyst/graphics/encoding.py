"""What each mark needs of the rows, and which columns it then reads."""

from __future__ import annotations

from analyst.graphics.shapes import Encoding, Shape, View
from analyst.terms import Bilingual, ChartSpec, Mark
from connectors.errors import NO_HINT

MARKS: tuple[Mark, ...] = (
    "number", "bar", "grouped_bar", "stacked_bar", "line", "area", "scatter", "pie", "histogram", "box", "heatmap", "table",
)  # fmt: skip
MOST_SLICES = 30
"""A pie is drawn where the person asks for one, up to here."""
MANY_CATEGORIES = 50
"""A list longer than this is read as a table, unless its rows were summed up."""
MOST_MEASURES = 6
NUMBERS_IN_A_ROW = 4
MOST_COLORS = 12
"""More colours than this cannot be told apart."""
ENOUGH_FOR_A_DISTRIBUTION = 8
"""Fewer values than this show no distribution."""


def encode(mark: Mark, seen: View, prefer: ChartSpec | None = None) -> Encoding | None:
    """The columns that the mark reads, those of `prefer` where they serve; None if the rows do not allow the mark."""
    if mark == "table":
        return Encoding()
    if not seen.rows:
        return None
    match mark:
        case "number":
            return _as_number(seen)
        case "scatter":
            return _as_scatter(seen, prefer)
        case "histogram":
            return _as_histogram(seen, prefer)
        case "box":
            return _as_box(seen, prefer)
        case "heatmap":
            return _as_heatmap(seen, prefer)
        case "pie":
            return _as_pie(seen, prefer)
    return _as_bars_or_lines(mark, seen, prefer)


def dimensions_of(seen: View) -> tuple[Shape, ...]:
    """Columns to group by; identifiers only where nothing else names the rows."""
    return seen.of_kind("time", "category") or seen.of_kind("identifier")[:1]


def _measures(seen: View, prefer: ChartSpec | None) -> tuple[Shape, ...]:
    """The measures in order, those the person chose alone if any."""
    measures = seen.of_kind("measure")
    chosen = tuple(shape for name in (prefer.y if prefer else ()) for shape in measures if shape.name == name)
    return chosen or measures


def _as_number(seen: View) -> Encoding | None:
    if seen.rows != 1:
        return None
    if len(seen.shapes) == 1:
        return Encoding(y=seen.shapes)
    measures = seen.of_kind("measure")
    return Encoding(y=measures) if len(measures) == len(seen.shapes) <= NUMBERS_IN_A_ROW else None


def _as_bars_or_lines(mark: Mark, seen: View, prefer: ChartSpec | None) -> Encoding | None:
    measures = (_measures(seen, prefer) or seen.numbered_identifiers)[:MOST_MEASURES]
    if mark in {"line", "area"} and seen.rows < 2:
        return None
    found = _axes(seen, measures, prefer, colored=mark in {"grouped_bar", "stacked_bar"})
    if found is None or not found.y or found.x is None or not _each_in_sight(mark, found):
        return None
    if mark in {"grouped_bar", "stacked_bar"} and not found.color and len(found.y) < 2:
        return None
    return found if mark not in {"stacked_bar", "area"} or _stackable(mark, found) else None


def _each_in_sight(mark: Mark, found: Encoding) -> bool:
    """True if rows do not cover each other: each has its own place, or they are few, or points of a line over time."""
    x, color = found.x, found.color
    if x is None or (x.unique and color is None):
        return True
    if color is not None:
        return len(set(zip(x.values, color.values, strict=True))) == len(x.values)
    return len(x.values) <= MANY_CATEGORIES if mark != "line" else x.grain is not None or len(x.values) <= MANY_CATEGORIES


def _stackable(mark: Mark, found: Encoding) -> bool:
    one = mark == "area" and not found.color and len(found.y) == 1
    if mark == "area" and found.x is not None and not found.color and not found.x.unique:
        return False
    return one or (comparable(found.y) and all(number >= 0 for shape in found.y for number in shape.numbers))


def _axes(seen: View, measures: tuple[Shape, ...], prefer: ChartSpec | None, colored: bool = False) -> Encoding | None:
    """Dimension, measures and colour, the person's choice first."""
    dimensions = tuple(shape for shape in dimensions_of(seen) if shape not in measures)
    chosen = seen.shape(prefer.x) if prefer else None
    if chosen is not None and chosen not in measures:
        color = seen.shape(prefer.color) if prefer else None
        return Encoding(chosen, measures if color is None else measures[:1], color)
    if not dimensions and len(measures) >= 2:
        # Only numbers: the first may stand for the rows, as in a table of ages and counts.
        return Encoding(measures[0], measures[1:]) if measures[0].unique else None
    if len(dimensions) <= 1:
        return Encoding(dimensions[0], measures) if dimensions else None
    return crossed(dimensions, measures, colored)


def crossed(dimensions: tuple[Shape, ...], measures: tuple[Shape, ...], colored: bool = False) -> Encoding | None:
    """Two dimensions as axis and colour: time along the axis, else the one with more values; None where more than two cross.

    Where one of them names each row, the other is a colour only if `colored`.
    """
    first, second = dimensions[:2]
    named = next((shape for shape in dimensions if shape.unique), None)
    if named is not None:
        rest = (shape for shape in dimensions if shape is not named and 1 < shape.distinct <= MOST_COLORS)
        color = next(rest, None) if colored else None
        return Encoding(named, measures[:1] if color else measures, color)
    if len(dimensions) > 2 or len(set(zip(first.values, second.values, strict=True))) < len(first.values):
        return None
    turned = (second.grain and not first.grain) or (bool(second.grain) == bool(first.grain) and second.distinct > first.distinct)
    x, color = (second, first) if turned else (first, second)
    return Encoding(x, measures[:1], color)


def comparable(measures: tuple[Shape, ...]) -> bool:
    """True if the measures can share an axis: all counts or none, the same unit, and sizes within a factor of twenty."""
    sizes = [max((abs(number) for number in shape.numbers), default=0.0) for shape in measures]
    small, large = min(sizes, default=0.0), max(sizes, default=0.0)
    kinds = {(shape.origin.unit, shape.origin.function == "count") for shape in measures}
    return len(kinds) <= 1 and (small > 0 or large == 0) and large <= 20 * max(small, 1e-12)


def _as_scatter(seen: View, prefer: ChartSpec | None) -> Encoding | None:
    numeric = [shape for shape in seen.shapes if shape.numbers and len(shape.numbers) == len(shape.present)]
    measures = [shape for shape in numeric if shape.kind == "measure"] + [shape for shape in numeric if shape.kind != "measure"]
    chosen_x = seen.shape(prefer.x) if prefer else None
    if chosen_x is None and len(measures) < 2:
        chosen_x = next(iter(dimensions_of(seen)), None)
    pair = sorted(measures[:2], key=seen.shapes.index)
    x = chosen_x if chosen_x is not None else pair[0] if len(pair) == 2 else None
    wished = [shape for name in (prefer.y if prefer else ()) for shape in measures if shape.name == name and shape is not x]
    y = next(iter(wished), next((shape for shape in (pair[::-1] if pair else []) if shape is not x), None))
    if x is None or y is None or seen.rows < 2:
        return None
    color = seen.shape(prefer.color) if prefer and prefer.color else _color_of_points(seen, x, y)
    return Encoding(x, (y,), color)


def _color_of_points(seen: View, x: Shape, y: Shape) -> Shape | None:
    rest = [shape for shape in seen.of_kind("category") if shape not in (x, y)]
    return next((shape for shape in rest if 1 < shape.distinct <= MOST_COLORS), None)


def _as_histogram(seen: View, prefer: ChartSpec | None) -> Encoding | None:
    measures = seen.of_kind("measure")
    chosen = next((shape for shape in measures if prefer and shape.name in {prefer.x, *prefer.y}), None)
    shape = chosen or next(iter(measures), None)
    return Encoding(x=shape) if shape is not None and len(shape.numbers) >= ENOUGH_FOR_A_DISTRIBUTION else None


def _as_box(seen: View, prefer: ChartSpec | None) -> Encoding | None:
    measures = _measures(seen, prefer)
    chosen = seen.shape(prefer.x) if prefer else None
    groups = [shape for shape in (chosen, *seen.of_kind("category", "time")) if shape is not None and shape not in measures]
    x = next((shape for shape in groups if 2 * shape.distinct <= len(shape.values) and shape.distinct <= MANY_CATEGORIES), None)
    if not measures or len(measures[0].numbers) < ENOUGH_FOR_A_DISTRIBUTION:
        return None
    return Encoding(x, measures[:1])


def _as_heatmap(seen: View, prefer: ChartSpec | None) -> Encoding | None:
    dimensions = dimensions_of(seen)
    x, color = (seen.shape(prefer.x), seen.shape(prefer.color)) if prefer else (None, None)
    pair = (x, color) if x is not None and color is not None else dimensions if len(dimensions) == 2 else ()
    measures = [shape for shape in _measures(seen, prefer) if shape not in pair]
    if len(pair) != 2 or not measures:
        return None
    first, second = pair
    if first is None or second is None or len(set(zip(first.values, second.values, strict=True))) < seen.rows:
        return None
    turned = bool(second.grain) and not first.grain
    return Encoding(second if turned else first, (measures[0],), first if turned else second)


def _as_pie(seen: View, prefer: ChartSpec | None) -> Encoding | None:
    found = _axes(seen, (_measures(seen, prefer) or seen.numbered_identifiers)[:1], prefer)
    if found is None or found.x is None or not found.y or found.color or not 1 < seen.rows <= MOST_SLICES or not found.x.unique:
        return None
    numbers = found.y[0].numbers
    return found if numbers and min(numbers) >= 0 and sum(numbers) > 0 else None


WHY_NOT: dict[Mark, tuple[Bilingual, Bilingual]] = {
    "number": (
        Bilingual("A single number cannot show these rows.", "这些数据无法用单个数字表示。"),
        Bilingual(
            "It needs one row of one to four numbers.",
            "需要只有一行、一到四个数值的结果。",
        ),
    ),
    "bar": (
        Bilingual("Bars cannot show these rows.", "这些数据无法画成柱状图。"),
        Bilingual(
            "They need a column of names or dates and a column of numbers.",
            "需要一列名称或日期，以及一列数值。",
        ),
    ),
    "grouped_bar": (
        Bilingual("Grouped bars cannot show these rows.", "这些数据无法画成分组柱状图。"),
        Bilingual(
            "They need two columns of names, or several columns of numbers.",
            "需要两列名称，或多列数值。",
        ),
    ),
    "stacked_bar": (
        Bilingual("Stacked bars cannot show these rows.", "这些数据无法画成堆积柱状图。"),
        Bilingual(
            "They need parts of a whole: two columns of names, and numbers of one unit without negatives.",
            "需要整体的各部分：两列名称，以及单位相同且没有负值的数值。",
        ),
    ),
    "line": (
        Bilingual("A line cannot show these rows.", "这些数据无法画成折线图。"),
        Bilingual(
            "It needs at least two dates or ordered names and a column of numbers.",
            "需要至少两个日期或有序的名称，以及一列数值。",
        ),
    ),
    "area": (
        Bilingual("An area chart cannot show these rows.", "这些数据无法画成面积图。"),
        Bilingual(
            "It needs at least two dates or ordered names, and numbers without negatives.",
            "需要至少两个日期或有序的名称，以及没有负值的数值。",
        ),
    ),
    "scatter": (
        Bilingual("A scatter plot cannot show these rows.", "这些数据无法画成散点图。"),
        Bilingual(
            "It needs at least two rows and a column of numbers besides the other axis.",
            "需要至少两行数据，以及另一轴之外的一列数值。",
        ),
    ),
    "pie": (
        Bilingual("A pie cannot show these rows.", "这些数据无法画成饼图。"),
        Bilingual(
            f"It needs 2 to {MOST_SLICES} different names with numbers that are not negative.",
            f"需要 2 到 {MOST_SLICES} 个不同的名称，且数值不为负。",
        ),
    ),
    "histogram": (
        Bilingual("A histogram cannot show these rows.", "这些数据无法画成直方图。"),
        Bilingual(
            f"It needs a column of at least {ENOUGH_FOR_A_DISTRIBUTION} numbers.",
            f"需要一列至少 {ENOUGH_FOR_A_DISTRIBUTION} 个数值。",
        ),
    ),
    "box": (
        Bilingual("A box plot cannot show these rows.", "这些数据无法画成箱线图。"),
        Bilingual(
            f"It needs a column of at least {ENOUGH_FOR_A_DISTRIBUTION} numbers.",
            f"需要一列至少 {ENOUGH_FOR_A_DISTRIBUTION} 个数值。",
        ),
    ),
    "heatmap": (
        Bilingual("A heat map cannot show these rows.", "这些数据无法画成热力图。"),
        Bilingual(
            "It needs two columns of names, each pair once, and a column of numbers.",
            "需要两列名称（每对只出现一次）和一列数值。",
        ),
    ),
    "table": (NO_HINT, NO_HINT),
}
"""What is said of a mark that cannot draw the rows, and what it would need."""
