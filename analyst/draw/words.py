"""A chart in words: for a screen reader, and as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from analyst.draw.bars import MOST_BARS, bars_of
from analyst.draw.lines import course_of
from analyst.draw.plot import Plot, cut
from analyst.draw.shares import slices_of
from analyst.draw.spreads import bins_of
from analyst.draw.theme import LIGHT
from analyst.terms import Bilingual, ChartSpec, Language, Mark, ResultSet
from analyst.writing.plain import visible
from analyst.writing.terminal import width as columns_of

NAMES: dict[Mark, Bilingual] = {
    "number": Bilingual("Number", "数值"),
    "bar": Bilingual("Bar chart", "柱状图"),
    "grouped_bar": Bilingual("Grouped bar chart", "分组柱状图"),
    "stacked_bar": Bilingual("Stacked bar chart", "堆积柱状图"),
    "line": Bilingual("Line chart", "折线图"),
    "area": Bilingual("Area chart", "面积图"),
    "scatter": Bilingual("Scatter plot", "散点图"),
    "pie": Bilingual("Pie chart", "饼图"),
    "histogram": Bilingual("Histogram", "直方图"),
    "box": Bilingual("Box plot", "箱线图"),
    "heatmap": Bilingual("Heat map", "热力图"),
    "table": Bilingual("Table", "表格"),
}
SPARKS = "▁▂▃▄▅▆▇█"
EIGHTHS = " ▏▎▍▌▋▊▉█"
MOST_LINES = 20
"""Rows of a terminal chart; the rest is counted."""


def describe(spec: ChartSpec, result: ResultSet, language: Language) -> str:
    """One or two sentences that say what the chart shows, for those who cannot see it."""
    plot = Plot(spec, result, language, LIGHT)
    kind, colon, stop = plot.say(NAMES[spec.mark]), plot.say(Bilingual(": ", "：")), plot.say(Bilingual(".", "。"))
    opening = f"{kind}{colon}{spec.title}{stop}" if spec.title else f"{kind}{stop}"
    return visible(f"{opening}{' ' if language == 'en' else ''}{_content(plot)}".strip())


def _content(plot: Plot) -> str:
    spec, count = plot.spec, plot.result.table.num_rows
    if not count:
        return plot.say(Bilingual("No rows.", "没有数据。"))
    if spec.mark == "table":
        wide = len(plot.result.columns)
        return plot.say(Bilingual(f"{count:,} {_plural(count, 'row')}, {wide} {_plural(wide, 'column')}.", f"{count:,} 行，{wide} 列。"))
    if spec.mark == "number":
        comma = plot.say(Bilingual("; ", "；"))
        return comma.join(plot.amount(name, plot.values(name)[0]) for name in spec.y) + plot.say(Bilingual(".", "。"))
    measured = spec.y[0] if spec.y else spec.x or ""
    numbers = [(number, row) for row, number in enumerate(plot.numbers(measured)) if number is not None]
    if not numbers:
        return plot.say(Bilingual("No values.", "没有数值。"))
    (low, low_row), (high, high_row) = min(numbers), max(numbers, key=lambda pair: (pair[0], -pair[1]))
    low_words, high_words = (_place(plot, measured, number, row) for number, row in ((low, low_row), (high, high_row)))
    return plot.say(
        Bilingual(
            f"{len(numbers):,} {_plural(len(numbers), 'value')}, from {low_words} to {high_words}.",
            f"共 {len(numbers):,} 个数值，最低为{low_words}，最高为{high_words}。",
        )
    )


def _place(plot: Plot, measured: str, number: float, row: int) -> str:
    """A value and whose it is."""
    names = [name for name in (plot.spec.x, plot.spec.color) if name and name != measured and plot.spec.mark != "scatter"]
    labels = [plot.label(name, plot.values(name)[row], plot.grain(name)) for name in names]
    amount = plot.amount(measured, number)
    if not labels:
        return amount if plot.language == "en" else f" {amount}"
    return f"{amount} ({', '.join(labels)})" if plot.language == "en" else f" {amount}（{'，'.join(labels)}）"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


# ------------------------------------------------------------------------------------------------ the terminal
def terminal_chart(spec: ChartSpec, result: ResultSet, language: Language, width: int = 80) -> str:
    """The chart as lines of plain text, none wider than `width`; empty for a table, which has no chart."""
    plot = Plot(spec, result, language, LIGHT)
    if not result.table.num_rows or spec.mark == "table":
        return ""
    match spec.mark:
        case "number":
            colon = plot.say(Bilingual(": ", "："))
            lines = [f"{cut(name, width // 2)}{colon}{plot.amount(name, plot.values(name)[0])}" for name in spec.y]
        case "bar" | "grouped_bar" | "stacked_bar":
            lines = _bars(plot, width)
        case "line" | "area":
            lines = _sparks(plot, width)
        case "pie":
            rows = [(name, size) for name, size, _ in slices_of(plot)]
            total = sum(size for _, size in rows)
            lines = _rows([(name, size, f"{size / total:.1%}") for name, size in rows], width)
        case "histogram":
            lines = _bins(plot, width)
        case _:
            lines = [cut(describe(spec, result, language), width)]
    return visible("\n".join([cut(spec.title, width), *lines] if spec.title else lines))


def _bars(plot: Plot, width: int) -> list[str]:
    bars = bars_of(plot)
    lines: list[str] = []
    shown = bars.series[:MOST_LINES]
    for series in shown:
        rows = [
            (name, height, plot.brief(series.column, height))
            for name, height in zip(bars.names, series.heights, strict=True)
            if height is not None
        ]
        heading = [cut(series.name, width)] if len(bars.series) > 1 else []
        lines += [*heading, *_rows(rows[:MOST_LINES], width)]
        hidden = len(rows) - MOST_LINES + (bars.left_out if len(bars.names) == MOST_BARS else 0)
        if hidden > 0:
            lines.append(plot.say(Bilingual(f"… and {hidden} more", f"… 另有 {hidden} 项")))
    return lines


def _rows(rows: Sequence[tuple[str, float, str]], width: int) -> list[str]:
    """Name, bar and number on one line each; bars below zero are drawn with another sign."""
    if not rows:
        return []
    names = [cut(name, max(8, width // 3)) for name, _, _ in rows]
    left = max(map(columns_of, names))
    right = max(columns_of(written) for _, _, written in rows)
    room = max(width - left - right - 3, 4)
    top = max((abs(size) for _, size, _ in rows), default=0.0) or 1.0
    lines = []
    for name, (_, size, written) in zip(names, rows, strict=True):
        pad = " " * (left - columns_of(name))
        lines.append(f"{name}{pad} {_bar(abs(size) / top * room, size < 0)} {written}".rstrip())
    return lines


def _bar(length: float, negative: bool) -> str:
    if negative:
        return "░" * max(round(length), 1)
    whole, part = int(length), int((length - int(length)) * 8)
    return "█" * whole + (EIGHTHS[part] if part else "") or EIGHTHS[1]


def _sparks(plot: Plot, width: int) -> list[str]:
    course = course_of(plot)
    grain = plot.grain(plot.spec.x)
    known = [value for value in course.values if value is not None]
    first, last = (plot.label(plot.spec.x, value, grain) for value in (known[0], known[-1])) if known else ("", "")
    lines = []
    for line in course.lines[:MOST_LINES]:
        heights = [height for height in line.heights if height is not None]
        if not heights:
            continue
        ends = f"{plot.brief(line.column, heights[0])} → {plot.brief(line.column, heights[-1])}"
        name = cut(line.name, max(8, width // 4))
        room = max(width - columns_of(name) - columns_of(ends) - 2, 8)
        lines.append(f"{name} {_spark(line.heights, room)} {ends}")
    return [*lines, f"{first} – {last}"]


def _spark(heights: Sequence[float | None], room: int) -> str:
    """One sign a point; where there are more points than room, every n-th."""
    step = -(-len(heights) // room)
    shown = heights[::step]
    present = [height for height in heights if height is not None]
    low, span = min(present), (max(present) - min(present)) or 1.0
    return "".join(" " if height is None else SPARKS[min(int((height - low) / span * 8), 7)] for height in shown)


def _bins(plot: Plot, width: int) -> list[str]:
    name = plot.spec.x or ""
    start, step, counts = bins_of([number for number in plot.numbers(name) if number is not None])
    spans = [(plot.brief(name, start + step * index), plot.brief(name, start + step * (index + 1))) for index in range(len(counts))]
    return _rows([(f"{low} – {high}", float(count), f"{count:,}") for (low, high), count in zip(spans, counts, strict=True)], width)
