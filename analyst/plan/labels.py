"""What the columns of a result are called, in the language of the question."""

from __future__ import annotations

from collections.abc import Sequence

from analyst.plan.algebra import ColumnName, Literal, Operation, Term
from analyst.terms import Language

AGGREGATED: dict[str, tuple[str, str]] = {
    "sum": ("Total {}", "{}合计"),
    "avg": ("Average {}", "平均{}"),
    "min": ("Minimum {}", "最小{}"),
    "max": ("Maximum {}", "最大{}"),
    "median": ("Median {}", "{}中位数"),
    "stddev": ("Standard deviation of {}", "{}标准差"),
    "quantile": ("Quantile of {}", "{}分位数"),
    "count": ("Number of {}", "{}数量"),
    "distinct": ("Different {}", "不同{}的数量"),
    "at_max": ("{}", "{}"),
    "at_min": ("{}", "{}"),
    "share": ("Share of {} (%)", "{}占比(%)"),
    "share_within": ("Share of {} (%)", "{}占比(%)"),
    "portion": ("Share of {} (%)", "{}占比(%)"),
    "change": ("Change in {}", "{}变化量"),
    "growth": ("Growth of {} (%)", "{}增长率(%)"),
    "growth_year": ("Growth of {} in a year (%)", "{}同比(%)"),
    "running": ("Cumulative {}", "累计{}"),
    "moving": ("Moving average of {}", "{}移动平均"),
    "bin": ("{} from", "{}起"),
    "length": ("Length of {}", "{}长度"),
    "abs": ("{}", "{}"),
}
NAMED: dict[str, tuple[str, str]] = {
    "rows": ("Count", "数量"),
    "corr": ("Correlation", "相关系数"),
    "days_between": ("Days", "天数"),
    "year": ("Year", "年份"),
    "quarter": ("Quarter", "季度"),
    "month": ("Month", "月份"),
    "week": ("Week", "周"),
    "day": ("Day", "日期"),
    "hour": ("Hour", "小时"),
    "quarter_of_year": ("Quarter of the year", "季度"),
    "month_of_year": ("Month of the year", "月份"),
    "day_of_month": ("Day of the month", "日"),
    "weekday": ("Weekday", "星期"),
    "hour_of_day": ("Hour of the day", "小时"),
    "if": ("Case", "分类"),
}
SIGNS = {"add": "+", "sub": "−", "mul": "×", "div": "÷"}


def labels(outputs: Sequence[Term], language: Language) -> tuple[str, ...]:
    """A name for each output, no two alike."""
    found: list[str] = []
    for output in outputs:
        name = label(output, language)
        alike = sum(other == name or other.startswith(f"{name} (") for other in found)
        found.append(f"{name} ({alike + 1})" if alike else name)
    return tuple(found)


def label(term: Term, language: Language) -> str:
    """The name of one term."""
    place = 1 if language == "zh" else 0
    if isinstance(term, ColumnName):
        return term.column
    if isinstance(term, Literal):
        return str(term.value)
    if not isinstance(term, Operation):
        return ("Value", "值")[place]
    if term.name in NAMED:
        return NAMED[term.name][place]
    inner = [label(argument, language) for argument in term.arguments]
    if term.name in SIGNS:
        return f"{inner[0]} {SIGNS[term.name]} {inner[1]}"
    if term.name in AGGREGATED:
        return _aggregated(term.name, inner[0], place)
    return inner[0] if inner else term.name


def _aggregated(name: str, inner: str, place: int) -> str:
    """The name of an aggregate of what has a name; a header that says as much already stays as it is."""
    pattern = AGGREGATED[name][place]
    said = pattern.split("{}")[0].strip().casefold()
    return inner if place == 0 and said and inner.casefold().startswith(f"{said} ") else pattern.format(inner)
