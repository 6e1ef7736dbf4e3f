"""Cautions in words: what may be wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from analyst.terms import Bilingual, Caution

B = Bilingual

WORDS: Mapping[str, Bilingual] = {
    "fan_out": B(
        "One row of {table} can meet several rows of {other}, so {column} may be added up more than once. "
        "Add {column} up before joining, or leave {other} out.",
        "{table} 的一行可能对应 {other} 的多行，{column} 会因此被重复累加。请先汇总 {column} 再关联，或者不关联 {other}。",
    ),
    "fan_out_average": B(
        "One row of {table} can meet several rows of {other}, so it weighs several times in the average of {column}. "
        "Take each row of {table} once if that is not meant.",
        "{table} 的一行可能对应 {other} 的多行，在 {column} 的平均值里会被重复计算。如果不是这个意思，请让 {table} 的每行只计一次。",
    ),
    "lost_rows": B(
        "{share}% of the different values of {table}.{column} do not occur in {other}, and rows with them are left out. "
        "Use a LEFT JOIN to keep them.",
        "{table}.{column} 有 {share}% 的取值在 {other} 中找不到，对应的行没有计入。如需保留，请改用 LEFT JOIN。",
    ),
    "summed_ratio": B(
        "{column} is a rate, and rates do not add up. Use an average, or compute the rate from the totals.",
        "{column} 是比率，直接相加没有意义。请改用平均值，或用总量重新计算。",
    ),
    "averaged_ratio": B(
        "The average of {column} counts every row alike, large or small. If rows differ in size, compute it from the totals.",
        "{column} 的平均值把每一行同等看待。如果各行规模不同，请用总量重新计算。",
    ),
    "mixed_units": B(
        "{column} holds several currencies ({values}). Choose one of them, or group by {other}.",
        "{column} 含有多种货币（{values}）。请只选其中一种，或按 {other} 分组。",
    ),
    "partial_year": B(
        "The data end on {day}, so the last year is not complete. Compare it with care, or leave it out.",
        "数据只到 {day}，最后一年不完整，比较时请留意，或将其排除。",
    ),
    "partial_quarter": B(
        "The data end on {day}, so the last quarter is not complete. Compare it with care, or leave it out.",
        "数据只到 {day}，最后一个季度不完整，比较时请留意，或将其排除。",
    ),
    "partial_month": B(
        "The data end on {day}, so the last month is not complete. Compare it with care, or leave it out.",
        "数据只到 {day}，最后一个月不完整，比较时请留意，或将其排除。",
    ),
    "partial_week": B(
        "The data end on {day}, so the last week is not complete. Compare it with care, or leave it out.",
        "数据只到 {day}，最后一周不完整，比较时请留意，或将其排除。",
    ),
    "partial_first_year": B(
        "The data begin on {day}, so the first year is not complete. Compare it with care, or leave it out.",
        "数据从 {day} 才开始，第一年不完整，比较时请留意，或将其排除。",
    ),
    "partial_first_quarter": B(
        "The data begin on {day}, so the first quarter is not complete. Compare it with care, or leave it out.",
        "数据从 {day} 才开始，第一个季度不完整，比较时请留意，或将其排除。",
    ),
    "partial_first_month": B(
        "The data begin on {day}, so the first month is not complete. Compare it with care, or leave it out.",
        "数据从 {day} 才开始，第一个月不完整，比较时请留意，或将其排除。",
    ),
    "partial_first_week": B(
        "The data begin on {day}, so the first week is not complete. Compare it with care, or leave it out.",
        "数据从 {day} 才开始，第一周不完整，比较时请留意，或将其排除。",
    ),
    "text_as_number": B(
        "{column} holds text but is compared with the number {number}. Give it the type number on the Data page.",
        "{column} 是文本列，却与数字 {number} 比较。可以在“数据”页把它的类型改为数字。",
    ),
    "not_in_missing": B(
        "{table}.{column} has missing values, and NOT IN then finds no row at all. Add {column} IS NOT NULL inside.",
        "{table}.{column} 有缺失值，此时 NOT IN 不会返回任何行。请在子查询中加上 {column} IS NOT NULL。",
    ),
    "unordered_limit": B(
        "Only some rows are shown, in no particular order: other rows could stand here as well. Add an order to choose them.",
        "只显示了部分行，而且没有指定顺序，换一次可能就是别的行。请加上排序。",
    ),
    "truncated": B(
        "There are more rows than the {rows} shown. Group or filter to see the whole.",
        "结果较多，只显示了前 {rows} 行。可以分组或筛选后再看。",
    ),
    "truncated_size": B(
        "The rows hold so much text that only the first {rows} are shown. Choose fewer columns, or group or filter to see the whole.",
        "结果中的文本过大，只显示了前 {rows} 行。可以减少列，或分组、筛选后再看。",
    ),
}


def caution(kind: str, **names: str) -> Caution:
    """A caution with the names filled in; the partial periods are of one kind, whatever their length."""
    words = B(WORDS[kind].en.format_map(names), WORDS[kind].zh.format_map(names))
    return Caution("partial_period" if kind.startswith("partial_") else kind, words)
