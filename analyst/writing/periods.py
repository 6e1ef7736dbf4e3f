"""Periods as results hold them (dates, 2024-01, 2024-Q1, 2024年1月, a year as a number) and as people of either language write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from connectors.base import Cell
from connectors.wording import Language

Grain = Literal[
    "year", "quarter", "month", "week", "day", "minute", "quarter_of_year", "month_of_year", "weekday", "day_of_month", "hour_of_day"
]  # fmt: skip
"""The first six lie on a calendar; the others come round again."""

CYCLES: frozenset[Grain] = frozenset({"quarter_of_year", "month_of_year", "weekday", "day_of_month", "hour_of_day"})

YEARS = range(1500, 2200)
"""A whole number outside is no year, whatever its column is called."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?")
YEAR_MONTH = re.compile(r"(\d{4})[-/.](0?[1-9]|1[0-2])|(\d{4})年(0?[1-9]|1[0-2])月|(\d{4})(0[1-9]|1[0-2])")
YEAR_QUARTER = re.compile(r"(\d{4})[- /]?Q([1-4])|Q([1-4])[- /](\d{4})|(\d{4})年?第?([1-4一二三四])季度?", re.IGNORECASE)
YEAR_WEEK = re.compile(r"(\d{4})-?W(\d\d?)", re.IGNORECASE)
YEAR_ONLY = re.compile(r"(\d{4})年?")
MONTH_NAME = re.compile(
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?|(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月", re.IGNORECASE
)
WEEKDAY_NAME = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?|(?:星期|周|礼拜)([一二三四五六日天])", re.IGNORECASE)

YEAR_WORDS = re.compile(r"year|(?<![a-z])yr|(?<![a-z])fy(?![a-z])|年", re.IGNORECASE)
CYCLE_WORDS: tuple[tuple[Grain, re.Pattern[str], range], ...] = (
    ("quarter_of_year", re.compile(r"quarter|(?<![a-z])qtr|季", re.IGNORECASE), range(1, 5)),
    ("weekday", re.compile(r"week ?_?day|day_?of_?(the_?)?week|(?<![a-z])dow(?![a-z])|星期|周几", re.IGNORECASE), range(8)),
    ("hour_of_day", re.compile(r"hour|(?<![a-z])hr(?![a-z])|小时|时段|钟点", re.IGNORECASE), range(25)),
    ("month_of_year", re.compile(r"month|(?<![a-z])(mon|mth)(?![a-z])|月", re.IGNORECASE), range(1, 13)),
    ("day_of_month", re.compile(r"day_?of_?month|(?<![a-z])day(?![a-z])|几号|日", re.IGNORECASE), range(1, 32)),
)
"""What the column must be called, and the whole numbers it may hold."""

CHINESE_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12, "日": 7, "天": 7}


def grain_of(name: str, values: Sequence[Cell]) -> Grain | None:
    """The grain of a column of periods; None if it holds something else. Missing values are passed over."""
    present = [value for value in values if value is not None]
    if not present or any(isinstance(value, bool) for value in present):
        return None
    if all(isinstance(value, int) or (isinstance(value, float) and value.is_integer()) for value in present):
        return _grain_of_numbers(name, [int(value) for value in present])
    if all(isinstance(value, str) for value in present):
        return _grain_of_texts(name, [str(value).strip() for value in present])
    return None


def _grain_of_numbers(name: str, values: Sequence[int]) -> Grain | None:
    if YEAR_WORDS.search(name) and all(value in YEARS for value in values):
        return "year"
    if re.search(r"month|月", name, re.IGNORECASE) and all(value // 100 in YEARS and 1 <= value % 100 <= 12 for value in values):
        return "month"
    spoken = (grain for grain, words, numbers in CYCLE_WORDS if words.search(name) and all(value in numbers for value in values))
    return next(spoken, None)


def _grain_of_texts(name: str, values: Sequence[str]) -> Grain | None:
    if all(ISO.fullmatch(value) for value in values):
        return _grain_of_days(values)
    patterns: tuple[tuple[Grain, re.Pattern[str]], ...] = (
        ("quarter", YEAR_QUARTER),
        ("week", YEAR_WEEK),
        ("month_of_year", MONTH_NAME),
        ("weekday", WEEKDAY_NAME),
    )
    for grain, pattern in patterns:
        if all(pattern.fullmatch(value) for value in values):
            return grain
    if all((found := YEAR_MONTH.fullmatch(value)) and int(next(filter(None, found.groups()))) in YEARS for value in values):
        # 202401 without a separator could be any number: only its column's name makes it a month.
        return "month" if not all(value.isdigit() for value in values) or re.search(r"month|月", name, re.IGNORECASE) else None
    if all((found := YEAR_ONLY.fullmatch(value)) and int(found[1]) in YEARS for value in values):
        return "year" if YEAR_WORDS.search(name) or any("年" in value for value in values) else None
    if all(re.fullmatch(r"\d{1,2}", value) for value in values):
        return _grain_of_numbers(name, [int(value) for value in values])
    return None


def _grain_of_days(values: Sequence[str]) -> Grain:
    moments = [_moment(value) for value in set(values)]
    if any((moment.hour, moment.minute, moment.second) != (0, 0, 0) for moment in moments):
        return "minute"
    if len(moments) == 1 or any(moment.day != 1 for moment in moments):
        mondays = len(moments) > 2 and all(moment.weekday() == 0 for moment in moments)
        return "week" if mondays else "day"
    if any(moment.month % 3 != 1 for moment in moments):
        return "month"
    # Only firsts of January, April, July and October: years or quarters, unless too few to tell.
    if all(moment.month == 1 for moment in moments):
        return "year"
    return "quarter" if len(moments) > 2 else "month"


def _moment(text: str) -> datetime:
    found = ISO.fullmatch(text.strip())
    assert found is not None, text
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, min(hour, 23), minute, min(second, 59))
    except ValueError:
        return datetime(max(year, 1), 1, 1)


def period_order(value: Cell, grain: Grain) -> tuple[int, ...]:
    """A key that sorts periods of one grain in the order of time; a missing period comes last."""
    if value is None:
        return (9999, 99, 99, 99, 99)
    text = str(int(value)) if isinstance(value, float) else str(value).strip()
    if ISO.fullmatch(text):
        moment = _moment(text)
        return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    return tuple(_parts(text, grain))


def _parts(text: str, grain: Grain) -> list[int]:
    patterns = {"quarter": YEAR_QUARTER, "month": YEAR_MONTH, "week": YEAR_WEEK, "month_of_year": MONTH_NAME, "weekday": WEEKDAY_NAME}
    found = patterns[grain].fullmatch(text) if grain in patterns else None
    if found is None:
        return [int(part) for part in re.findall(r"\d+", text)] or [0]
    words = [part for part in found.groups() if part]
    parts = [_number(word) for word in words]
    return parts[::-1] if grain == "quarter" and text.upper().startswith("Q") else parts


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    if word in CHINESE_DIGITS:
        return CHINESE_DIGITS[word]
    short = word[:3].casefold()
    return WEEKDAYS.index(short) + 1 if short in WEEKDAYS else [month.casefold() for month in MONTHS].index(short) + 1


def period_label(value: Cell, grain: Grain, language: Language) -> str:
    """A period as people write it: Jan 2024 or 2024年1月."""
    if value is None:
        return "(missing)" if language == "en" else "（缺失）"
    order = period_order(value, grain)
    if grain in CYCLES:
        return _cycle_label(value, order[0], grain, language)
    year, second, third = (*order, 0, 0)[:3]
    chinese = language == "zh"
    match grain:
        case "year":
            return f"{year}年" if chinese else str(year)
        case "quarter":
            quarter = second if YEAR_QUARTER.fullmatch(str(value).strip()) else (second - 1) // 3 + 1
            return f"{year}年{quarter}季度" if chinese else f"Q{quarter} {year}"
        case "month":
            return f"{year}年{second}月" if chinese else f"{MONTHS[max(second, 1) - 1]} {year}"
        case "week" if YEAR_WEEK.fullmatch(str(value).strip()):
            return f"{year}年第{second}周" if chinese else f"Week {second}, {year}"
        case "minute":
            hour, minute = (*order, 0, 0, 0)[3:5]
            clock = f"{hour:02}:{minute:02}"
            return f"{year}年{second}月{third}日 {clock}" if chinese else f"{third} {MONTHS[second - 1]} {year}, {clock}"
    return f"{year}年{second}月{third}日" if chinese else f"{third} {MONTHS[max(second, 1) - 1]} {year}"


def _cycle_label(value: Cell, number: int, grain: Grain, language: Language) -> str:
    if isinstance(value, str) and not value.strip().isdigit() and (language == "en" or not value.isascii()):
        return value.strip()
    match grain, language:
        case "quarter_of_year", "zh":
            return f"{number}季度"
        case "quarter_of_year", _:
            return f"Q{number}"
        case "month_of_year", "zh":
            return f"{number}月"
        case "month_of_year", _:
            return MONTHS[max(number, 1) - 1]
        case "hour_of_day", _:
            return f"{number}时" if language == "zh" else f"{number:02}:00"
        case "day_of_month", "zh":
            return f"{number}日"
        case "weekday", "zh" if isinstance(value, str):
            return "星期" + "一二三四五六日"[max(number, 1) - 1]
    # Which weekday a number means differs between databases (0 or 1, Sunday or Monday): it is shown as it stands.
    return str(value)


def period_start(value: Cell, grain: Grain) -> str | None:
    """The first day of a period as ISO text, for an axis of time; None for a missing period or one that comes round again."""
    if value is None or grain in CYCLES:
        return None
    text = str(value).strip()
    if ISO.fullmatch(text):
        moment = _moment(text)
        return moment.isoformat(sep=" ") if grain == "minute" else moment.date().isoformat()
    year, second = (*period_order(value, grain), 1)[:2]
    if grain == "week":
        return date.fromisocalendar(year, min(max(second, 1), 52), 1).isoformat()
    month = (second - 1) * 3 + 1 if grain == "quarter" else second if grain == "month" else 1
    return date(year, month, 1).isoformat()
