"""What the columns of a result are called, in the language of the question."""

from __future__ import annotations

import re

from analyst.models.builtin.plan import (
    Arithmetic,
    Bands,
    Bin,
    Combined,
    Elapsed,
    Field,
    Grain,
    Measure,
    Opaque,
    Output,
    Peers,
    Referenced,
    Window,
    Years,
)
from analyst.terms import Language

WEEKEND: dict[Language, tuple[str, str]] = {"en": ("weekend", "weekday"), "zh": ("周末", "工作日")}
AGGREGATES: dict[str, tuple[str, str]] = {
    "sum": ("Total {}", "{}合计"),
    "avg": ("Average {}", "平均{}"),
    "min": ("Minimum {}", "最小{}"),
    "max": ("Maximum {}", "最大{}"),
    "median": ("Median {}", "{}中位数"),
    "stddev": ("Standard deviation of {}", "{}标准差"),
    "variance": ("Variance of {}", "{}方差"),
    "count": ("Number of {}", "{}数量"),
    "count_distinct": ("Different {}", "不同{}的数量"),
    "quantile": ("Quantile of {}", "{}分位数"),
    "corr": ("Correlation", "相关系数"),
    "first": ("First {}", "期初{}"),
    "last": ("Last {}", "期末{}"),
}
UNITS: dict[str, tuple[str, str]] = {
    "day": ("Day", "日期"),
    "week": ("Week", "周"),
    "month": ("Month", "月份"),
    "quarter": ("Quarter", "季度"),
    "year": ("Year", "年份"),
    "decade": ("Decade", "年代"),
    "hour": ("Hour", "小时"),
    "weekday": ("Weekday", "星期"),
    "monthofyear": ("Month", "月份"),
    "weekend": ("Part of week", "周末或工作日"),
}
SPANS: dict[str, tuple[str, str]] = {"hour": ("Hour", "小时"), "day": ("Day", "天"), "year": ("Year", "年")}
WINDOWS: dict[str, tuple[str, str]] = {
    "share": ("Share (%)", "占比(%)"),
    "growth": ("Growth (%)", "增长率(%)"),
    "cumulative": ("Cumulative {}", "累计{}"),
    "moving": ("Moving average", "移动平均"),
    "change": ("Change", "变化量"),
    "rank": ("Rank", "排名"),
}
COMBINED: dict[str, tuple[str, str]] = {
    "/": ("Ratio", "比值"),
    "-": ("Difference", "差值"),
    "moved": ("Change", "变化量"),
    "%": ("Percentage", "百分比"),
    "change": ("Change (%)", "变化率(%)"),
}


BORN = re.compile(r"birth|born|dob|bday|出生|生日", re.I)


def label(output: Output, language: Language) -> str:
    """The name of a result column."""
    at = 1 if language == "zh" else 0
    match output:
        case Field(column=column):
            return column
        case Grain(unit=unit):
            return UNITS[unit][at]
        case Bin(field=field):
            return ("{} from", "{}起")[at].format(field.column)
        case Bands(field=field):
            return ("{} band", "{}区间")[at].format(field.column)
        case Arithmetic(left=left, sign=sign, right=right):
            return f"{left.column} {sign.replace('*', '×').replace('-', '−')} {right.column}"
        case Years(field=field):
            return ("Age", "年龄")[at] if BORN.search(field.column) else ("Years since {}", "{}至今年数")[at].format(field.column)
        case Referenced(key=key, target=target):
            return f"{key.column} → {target.column}"
        case Peers(of=of, within=within):
            return ("{} of the {}", "所属{1}的{0}")[at].format(of.column, within.column)
        case Elapsed(unit=unit, start=start, end=end):
            return ("{}s from {} to {}", "{1}到{2}的{0}数")[at].format(SPANS[unit][at], start.column, end.column)
        case Measure(aggregate="count", of=None):
            return ("Count", "数量")[at]
        case Measure(aggregate=aggregate, of=of):
            return aggregated(aggregate, label(of, language) if of else "", at)
        case Combined(kind=kind):
            return COMBINED[kind][at]
        case Window(kind=kind, of=of):
            return WINDOWS[kind][at].format(label(of, language))
        case Opaque(sql=sql):
            return sql.replace('"', "")[:60]


def aggregated(aggregate: str, name: str, at: int) -> str:
    """The name of an aggregate of what has a name; a header that says as much already stays as it is."""
    said = AGGREGATES[aggregate][at].format("").strip().casefold()
    return name if at == 0 and name.casefold().startswith(f"{said} ") else AGGREGATES[aggregate][at].format(name)
