"""Words for SQL in both languages: patterns with braces for what they speak of, and ways to put phrases together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import expressions as exp

from connectors.wording import Bilingual

B = Bilingual

AGGREGATES: Mapping[type[exp.Expr], Bilingual] = {
    exp.Sum: B("sum of {}", "{}的总和"),
    exp.Avg: B("average of {}", "{}的平均值"),
    exp.Min: B("lowest {}", "{}的最小值"),
    exp.Max: B("highest {}", "{}的最大值"),
    exp.Median: B("median of {}", "{}的中位数"),
    exp.Mode: B("most frequent {}", "最常见的{}"),
    exp.Stddev: B("standard deviation of {}", "{}的标准差"),
    exp.StddevSamp: B("standard deviation of {}", "{}的标准差"),
    exp.StddevPop: B("standard deviation of {}", "{}的标准差"),
    exp.Variance: B("variance of {}", "{}的方差"),
    exp.CountIf: B("number of rows where {}", "满足“{}”的行数"),
    exp.AnyValue: B("any one {}", "任意一个{}"),
    exp.First: B("first {}", "第一个{}"),
    exp.Last: B("last {}", "最后一个{}"),
    exp.GroupConcat: B("list of {}", "{}的列表"),
    exp.ArrayAgg: B("list of {}", "{}的列表"),
    exp.ApproxDistinct: B("about how many different {}", "不同{}的大约个数"),
}
EARLIEST, LATEST = B("earliest {}", "最早的{}"), B("latest {}", "最晚的{}")
ONE_ARGUMENT: Mapping[type[exp.Expr], Bilingual] = {
    exp.Round: B("{} (rounded)", "{}（四舍五入）"),
    exp.Abs: B("size of {}", "{}的绝对值"),
    exp.Ceil: B("{} rounded up", "{}向上取整"),
    exp.Floor: B("{} rounded down", "{}向下取整"),
    exp.Lower: B("{} (in lower case)", "{}（小写）"),
    exp.Upper: B("{} (in upper case)", "{}（大写）"),
    exp.Trim: B("{} (without outer blanks)", "{}（去掉首尾空格）"),
    exp.Length: B("length of {}", "{}的长度"),
    exp.Neg: B("minus {}", "负的{}"),
    exp.Year: B("year of {}", "{}的年份"),
    exp.Quarter: B("quarter of the year of {}", "{}所在季度"),
    exp.Month: B("calendar month of {}", "{}所在月份"),
    exp.Week: B("week of the year of {}", "{}所在周次"),
    exp.Day: B("day of the month of {}", "{}的几号"),
    exp.Dayname: B("weekday of {}", "{}是星期几"),
    exp.DayOfWeek: B("weekday of {}", "{}是星期几"),
    exp.DayOfWeekIso: B("weekday of {}", "{}是星期几"),
    exp.Monthname: B("month name of {}", "{}的月份名"),
    exp.Hour: B("hour of {}", "{}的小时"),
    exp.LastDay: B("last day of the month of {}", "{}当月最后一天"),
    exp.Sqrt: B("square root of {}", "{}的平方根"),
}
TRUNCATED: Mapping[str, Bilingual] = {
    "year": B("year of {}", "{}的年份"),
    "quarter": B("quarter of {}", "{}的季度"),
    "month": B("month of {}", "{}的月份"),
    "week": B("week of {}", "{}的周"),
    "day": B("day of {}", "{}的日期"),
    "hour": B("hour of {}", "{}的小时"),
}
EXTRACTED: Mapping[str, Bilingual] = {
    "year": TRUNCATED["year"],
    "quarter": B("quarter of the year of {}", "{}所在季度"),
    "month": B("calendar month of {}", "{}所在月份"),
    "week": B("week of the year of {}", "{}所在周次"),
    "day": B("day of the month of {}", "{}的几号"),
    "dow": B("weekday of {}", "{}是星期几"),
    "isodow": B("weekday of {}", "{}是星期几"),
    "dayofweek": B("weekday of {}", "{}是星期几"),
    "hour": B("hour of {}", "{}的小时"),
}
FORMATS: Mapping[str, Bilingual] = {
    "%Y": TRUNCATED["year"],
    "%Y-%m": TRUNCATED["month"],
    "%Y/%m": TRUNCATED["month"],
    "%Y-%m-%d": TRUNCATED["day"],
    "%Y%m": TRUNCATED["month"],
    "%m": EXTRACTED["month"],
    "%d": EXTRACTED["day"],
    "%H": EXTRACTED["hour"],
    "%w": EXTRACTED["dow"],
}
COMPARED: Mapping[str, Bilingual] = {
    "share": B("share of {} in the total", "{}占总计的比例"),
    "growth": B("growth of {} against the row before, by {}", "{}与上一行相比的增长率（按{}排列）"),
    "change": B("change of {} against the row before, by {}", "{}与上一行相比的变化（按{}排列）"),
}
IN_PERCENT = B("{} (in percent)", "{}（%）")
OPERATORS: Mapping[type[exp.Expr], str] = {exp.Add: "+", exp.Sub: "−", exp.Mul: "×", exp.Div: "÷", exp.IntDiv: "÷", exp.Mod: "mod"}
COMPARISONS: Mapping[type[exp.Expr], Bilingual] = {
    exp.EQ: B("{} is {}", "{}为{}"),
    exp.NEQ: B("{} is not {}", "{}不为{}"),
    exp.GT: B("{} is above {}", "{}大于{}"),
    exp.GTE: B("{} is at least {}", "{}不小于{}"),
    exp.LT: B("{} is below {}", "{}小于{}"),
    exp.LTE: B("{} is at most {}", "{}不大于{}"),
    exp.NullSafeEQ: B("{} is {}", "{}为{}"),
    exp.NullSafeNEQ: B("{} is not {}", "{}不为{}"),
}
IN_TIME: Mapping[type[exp.Expr], Bilingual] = {
    exp.GT: B("{} is after {}", "{}晚于{}"),
    exp.GTE: B("{} is {} or later", "{}不早于{}"),
    exp.LT: B("{} is before {}", "{}早于{}"),
    exp.LTE: B("{} is {} or earlier", "{}不晚于{}"),
}
MIRRORED: Mapping[type[exp.Expr], type[exp.Expr]] = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE}
TEXT_TESTS: Mapping[type[exp.Expr], Bilingual] = {
    exp.Contains: B("{} contains {}", "{}包含{}"),
    exp.StartsWith: B("{} starts with {}", "{}以{}开头"),
    exp.EndsWith: B("{} ends with {}", "{}以{}结尾"),
    exp.RegexpLike: B("{} matches the pattern {}", "{}符合模式{}"),
    exp.SimilarTo: B("{} matches the pattern {}", "{}符合模式{}"),
}
AND = B(" and ", "且")
OR = B(" or ", "或")
COMMA = B(", ", "、")
OVER_ALL = B("over all rows", "全部行")


def joined(parts: Sequence[Bilingual], by: Bilingual = COMMA) -> Bilingual:
    """Several phrases as one."""
    return B(by.en.join(part.en for part in parts), by.zh.join(part.zh for part in parts))


def filled(pattern: Bilingual, *parts: Bilingual) -> Bilingual:
    """A pattern with a phrase in each pair of braces."""
    return B(pattern.en.format(*(part.en for part in parts)), pattern.zh.format(*(part.zh for part in parts)))


def same(text: str) -> Bilingual:
    """A name or value, which both languages write alike."""
    return B(text, text)
