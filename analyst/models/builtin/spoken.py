"""Periods as people say them: named in full, recurring, or counted back from the latest date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Kind = Literal["range", "months", "quarters", "weekdays", "latest", "last", "hours", "days", "latest_range"]


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; `start` is inside, `end` outside; None leaves a side open."""

    kind: Kind
    start: date | None = None
    end: date | None = None
    numbers: tuple[int, ...] = ()
    """Months, quarters, weekdays (1 = Monday), days of the month, or hours, where they recur."""
    unit: str = ""
    count: int = 1
    offset: int = 0
    """Units back from the one that holds the latest date; 0 is that one itself."""
    back: int | None = None
    """Of what recurs: the years back from the latest date in the data to the one year that is meant, as in 'May last year'."""
    moment: str = ""
    """Of a day that is said with its time: both, as 2005-08-23 02:06:01; start and end tell the side that is meant."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A period and where the text speaks of it."""

    period: Period
    start: int
    end: int


MONTHS = {
    name: at % 12 + 1
    for at, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "jan",
            "feb",
            "mar",
            "apr",
            "may_",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ]
    )
}


MONTHS["sept"] = 9
DAYS = {name: at + 1 for at, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])}


CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2, "十一": 11, "十二": 12}


SEASONS = {
    "spring": (3, 4, 5),
    "summer": (6, 7, 8),
    "autumn": (9, 10, 11),
    "fall": (9, 10, 11),
    "winter": (12, 1, 2),
    "春": (3, 4, 5),
    "夏": (6, 7, 8),
    "秋": (9, 10, 11),
    "冬": (12, 1, 2),
}


HOLIDAYS = {
    "valentine's day": (2, 14),
    "valentines day": (2, 14),
    "valentine day": (2, 14),
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "new year's day": (1, 1),
    "new years day": (1, 1),
    "new year's eve": (12, 31),
    "halloween": (10, 31),
    "independence day": (7, 4),
    "情人节": (2, 14),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
    "元旦": (1, 1),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "劳动节": (5, 1),
    "妇女节": (3, 8),
    "儿童节": (6, 1),
    "双十一": (11, 11),
    "双11": (11, 11),
}


WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "a": 1,
    "couple of": 2,
}


UNITS = {
    "day": "day",
    "week": "week",
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "yr": "year",
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "个月": "month",
    "月": "month",
    "个季度": "quarter",
    "季度": "quarter",
    "年": "year",
    "个星期": "week",
    "礼拜": "week",
}


Y = r"(?:1[5-9]|20|21)\d\d"


M = "|".join(sorted((name for name in MONTHS if name != "may_"), key=len, reverse=True))


ZN = r"(?:\d{1,2}|十[一二]?|[一二三四五六七八九两])"


COUNT = r"(\d+|" + "|".join(WORDS) + r")"


def first_of(year: int, month: int) -> date:
    """The first day of a month; months beyond 12 run into the next year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def whole_year(year: int) -> Period:
    """A calendar year."""
    return Period("range", date(year, 1, 1), date(year + 1, 1, 1), unit="year")


def whole_month(year: int, month: int) -> Period:
    """A calendar month."""
    return Period("range", first_of(year, month), first_of(year, month + 1), unit="month")


def one_day(year: int, month: int, day: int) -> Period | None:
    """A day; None if there is no such day."""
    try:
        start = date(year, month, day)
    except ValueError:
        return None
    return Period("range", start, start + timedelta(days=1), unit="day")


def number_of(text: str) -> int:
    """A count in digits, English or Chinese."""
    low = text.lower().strip()
    return int(low) if low.isdigit() else WORDS.get(low) or CHINESE_DIGITS.get(low, 1)


def absolute(text: str) -> Iterator[Spoken]:
    """Days, months, quarters, years and decades that are named in full."""
    for m in re.finditer(rf"\b({Y})[-/.](\d\d?)[-/.](\d\d?)\b|({Y})年(\d\d?)月(\d\d?)[日号]", text):
        yield from said(one_day(*(int(part) for part in (m.groups()[:3] if m[1] else m.groups()[3:]))), m)
    for m in re.finditer(rf"({Y})年[^，,。；]{{0,8}}?(\d\d?)月(\d\d?)[日号]?\s*(?:到|至|-|—|~)\s*(?:(\d\d?)月)?(\d\d?)[日号]", text):
        start, end = one_day(int(m[1]), int(m[2]), int(m[3])), one_day(int(m[1]), int(m[4] or m[2]), int(m[5]))
        if start and end and start.start and end.end:
            yield from said(Period("range", start.start, end.end, unit="span"), m)
    for m in re.finditer(rf"\b({M})\.?\s+(\d\d?)(?:st|nd|rd|th)?,?\s+(?:of\s+)?({Y})\b", text, re.I):
        yield from said(one_day(int(m[3]), MONTHS[m[1].lower()], int(m[2])), m)
    for m in re.finditer(rf"\b(\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?({M})\.?,?\s+({Y})\b", text, re.I):
        yield from said(one_day(int(m[3]), MONTHS[m[2].lower()], int(m[1])), m)
    for m in re.finditer(rf"\b({M})\.?,?\s+(?:of\s+|in\s+)?({Y})\b", text, re.I):
        yield from said(whole_month(int(m[2]), MONTHS[m[1].lower()]), m)
    for m in re.finditer(rf"({Y})\s*年\s*({ZN})\s*月份?(上旬|中旬|下旬|上半月|下半月)?|\b({Y})-(0[1-9]|1[0-2])\b(?!-)", text):
        year, month = (int(m[1]), chinese_month(m[2])) if m[1] else (int(m[4]), int(m[5]))
        if 1 <= month <= 12:
            yield from said(part_of_month(whole_month(year, month), m[3]), m)
    for m in re.finditer(rf"\bQ([1-4])\s*(?:of\s+)?({Y})\b|\b({Y})\s*Q([1-4])\b|({Y})年?第?([一二三四1-4])季度", text, re.I):
        year = int(m[2] or m[3] or m[5])
        quarter = int(m[1] or m[4] or 0) or number_of(m[6])
        yield from said(Period("range", first_of(year, 3 * quarter - 2), first_of(year, 3 * quarter + 1), unit="quarter"), m)
    for m in re.finditer(rf"\b(first|second|third|fourth|1st|2nd|3rd|4th) quarter of ({Y})\b", text, re.I):
        quarter = {"f": 1, "s": 2, "t": 3, "1": 1, "2": 2, "3": 3, "4": 4}[m[1][0].lower()] + 3 * m[1].lower().startswith("fourth")
        yield from said(Period("range", first_of(int(m[2]), 3 * quarter - 2), first_of(int(m[2]), 3 * quarter + 1), unit="quarter"), m)
    for m in re.finditer(rf"({Y})年?(上|下)半年|\b(first|second) half of ({Y})\b|\bH([12]) ({Y})\b", text, re.I):
        year, late = int(m[1] or m[4] or m[6]), (m[2] == "下" or (m[3] or "").lower() == "second" or m[5] == "2")
        yield from said(Period("range", first_of(year, 7 if late else 1), first_of(year, 13 if late else 7), unit="half"), m)
    for m in re.finditer(rf"\b(?:the )?({Y[:-4]}\d0|\d0)'?s\b|(?:({Y})|(\d0))年代", text):
        digits = m[1] or m[2] or m[3]
        decade = int(digits) if len(digits) == 4 else 1900 + int(digits) if int(digits) >= 30 else 2000 + int(digits)
        yield from said(Period("range", date(decade, 1, 1), date(decade + 10, 1, 1), unit="decade"), m)
    for m in re.finditer(rf"(?<![\d.,/$-])({Y})(?![\d/%.]\d|\d|-\d|,\d)(?:\s*年)?(?:份|度)?(?!代)", text):
        if "年" in m[0] or not is_amount(text, m.start(), m.end()):
            yield from said(whole_year(int(m[1])), m)


AMOUNT_HEAD = re.compile(
    r"(?:more than|less than|fewer than|greater than|higher than|lower than|at least|at most|over|exceed(?:s|ing)?|above|below|under|costs?"
    r"|超过|大于|小于|高于|低于|多于|少于|不到|不足|至少|至多|不超过|[$€£¥￥])\s*$",
    re.I,
)


AMOUNT_TAIL = re.compile(
    r"\s*(?:元|块|美元|欧元|人民币|人|个|件|条|次|单|笔|公里|dollars?\b|bucks\b|usd\b|eur\b|euros?\b|units?\b|people\b|%"
    r"|met(?:re|er)s?\b|kms?\b|kilomet(?:re|er)s?\b|miles?\b|kgs?\b|kilos?\b|grams?\b|lit(?:re|er)s?\b|minutes?\b|mins?\b|hours?\b|seconds?\b"
    r"|points?\b|votes?\b|米|千米|公斤|千克|克|分钟|小时|秒|票|平方|平米|吨|升)",
    re.I,
)


def is_amount(text: str, start: int, end: int) -> bool:
    """Whether four digits are a quantity: compared as one with no year named before them, or followed by a unit."""
    head = text[:start]
    compared = AMOUNT_HEAD.search(head)
    return bool(AMOUNT_TAIL.match(text, end)) or bool(
        compared and not re.search(r"year|年|since|date|born|built|founded", head[-40:], re.I)
    )


LAST_DAY = 31


def recurring(text: str) -> Iterator[Spoken]:
    """Months, quarters, seasons, weekdays and holidays without a year."""
    for m in re.finditer(rf"\b({M})\b(?!\s+\d{{4}})", text, re.I):
        if (
            m[1].lower() not in ("may", "mar", "march", "sun", "sat")
            or m[1][0].isupper()
            or re.search(r"(in|of|for|during|last|since|by)\s+$", text[: m.start()])
            or m[1].lower() == "march"
        ):
            yield from said(Period("months", numbers=(MONTHS[m[1].lower()],), unit="month"), m)
    for m in re.finditer(rf"\b(\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?({M})\b(?!\.?,?\s+\d{{4}})", text, re.I):
        if 1 <= int(m[1]) <= LAST_DAY:
            yield from said(Period("days", numbers=(MONTHS[m[2].lower()], int(m[1])), unit="day"), m)
    for m in re.finditer(rf"\b({M})\.?\s+(\d\d?)(?:st|nd|rd|th)?\b(?!,?\s*\d{{4}})", text, re.I):
        yield from said(Period("days", numbers=(MONTHS[m[1].lower()], int(m[2])), unit="day"), m)
    for m in re.finditer(rf"(?<![\d个])(?<!(?<![去今前])年)({ZN})月(?:份)?(上旬|中旬|下旬|上半月|下半月|{ZN}[日号])?(?!均)", text):
        month = chinese_month(m[1])
        if m[2] and m[2][-1] in "日号":
            yield from said(Period("days", numbers=(month, chinese_month(m[2][:-1])), unit="day"), m)
        elif 1 <= month <= 12:
            yield from said(Period("months", numbers=(month,), unit=m[2] or "month"), m)
    stretch = rf"(?<![\d个])(?<!(?<![去今前])年)({ZN})月({ZN})[日号]?\s*(?:到|至|-|—|~)\s*(?:({ZN})月)?({ZN})[日号]"
    for m in re.finditer(stretch, text):
        first, day, last, end = (chinese_month(part or m[1]) for part in m.groups())
        yield from said(Period("days", numbers=(first, day, last, end), unit="span"), m)
    for m in re.finditer(r"(?<!\d{4}年)(?<!\d{4})(上|下)半年|\b(first|second) half of the year\b", text, re.I):
        late = m[1] == "下" or (m[2] or "").lower() == "second"
        yield from said(Period("months", numbers=tuple(range(7, 13) if late else range(1, 7)), unit="half", back=0), m)
    for m in re.finditer(r"前([二两三])个?季度", text):
        yield from said(Period("months", numbers=tuple(range(1, 3 * number_of(m[1]) + 1)), unit="span", back=0), m)
    for m in re.finditer(r"\b(first|second) half of (this|last) year\b|\bH([12]) (?:of )?(this|last) year\b", text, re.I):
        late, back = (m[1] or "").lower() == "second" or m[3] == "2", int((m[2] or m[4]).lower() == "last")
        yield from said(Period("months", numbers=tuple(range(7, 13) if late else range(1, 7)), unit="half", back=back), m)
    for m in re.finditer(
        r"\bQ([1-4])\b(?!\s*(?:of\s+)?\d{4})|(?<!\d{4}年)(?<!\d{4})(?<!前)第?([一二三四1-4])季度"
        r"|\b(first|second|third|fourth) quarter\b(?! of \d)",
        text,
        re.I,
    ):
        quarter = int(m[1]) if m[1] else number_of(m[2]) if m[2] else ["first", "second", "third", "fourth"].index(m[3].lower()) + 1
        yield from said(Period("quarters", numbers=(quarter,), unit="quarter"), m)
    for m in re.finditer(r"\b(spring|summer|autumn|fall|winter)(?:s|time)?\b|(春|夏|秋|冬)(?:天|季)", text, re.I):
        yield from said(Period("months", numbers=SEASONS[(m[1] or m[2]).lower()], unit="season"), m)
    for m in re.finditer(
        r"\b(monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b|(?:周|星期|礼拜)([一二三四五六日天])", text, re.I
    ):
        day = DAYS[m[1].lower()] if m[1] else "一二三四五六日天".index(m[2]) + 1
        yield from said(Period("weekdays", numbers=(min(day, 7),)), m)
    for m in re.finditer(r"\bweekends?\b|周末|双休日", text, re.I):
        yield from said(Period("weekdays", numbers=(6, 7)), m)
    for m in re.finditer(
        r"(?<!which )(?<!what )(?<!by )(?<!per )(?<!each )\b(?:week ?days|working days|business days)\b|工作日|平日", text, re.I
    ):
        yield from said(Period("weekdays", numbers=(1, 2, 3, 4, 5)), m)
    for m in re.finditer("|".join(sorted(map(re.escape, HOLIDAYS), key=len, reverse=True)), text, re.I):
        yield from said(Period("days", numbers=HOLIDAYS[m[0].lower()], unit="day"), m)


def relative(text: str) -> Iterator[Spoken]:
    """Periods counted back from the latest date, such as last month or 最近7天."""
    unit = "day|week|month|quarter|year|yr"
    for m in re.finditer(
        rf"\b(?:in |over |for |during )?(?:the )?(?:last|past|previous|recent|most recent|latest) {COUNT} ({unit})s?\b", text, re.I
    ):
        yield from said(Period("last", unit=UNITS[m[2].lower()], count=number_of(m[1])), m)
    for m in re.finditer(r"(?:最近|过去|近)的?(?:半年)|\b(?:the )?(?:last|past) (?:half year|half a year|six months)\b", text, re.I):
        yield from said(Period("last", unit="month", count=6), m)
    for m in re.finditer(rf"(?:最近|过去|近|前)的?({ZN}|\d+)(个月|个季度|个星期|天|日|周|年|季度)", text):
        yield from said(Period("last", unit=UNITS[m[2]], count=number_of(m[1])), m)
    for m in re.finditer(
        rf"\b(?:the )?(last|previous|past|prior|this|current|the latest|latest|most recent|the most recent) ({unit})\b(?! of)", text, re.I
    ):
        now = m[1].lower() in ("this", "current", "latest", "most recent", "the latest", "the most recent")
        yield from said(Period("latest", unit=UNITS[m[2].lower()], offset=0 if now else 1), m)
    for m in re.finditer(
        r"最近(?:的)?一?(?:个)?(月|年|周|季度|天)|最新(?:的)?(?:一)?(?:个)?(月|年|周|季度|天)|(?:这个?|本|当)(月|年|周|季度)(?!代)|(上上?)一?个?(月|周|季度|星期)|(去年|前年|今年|昨天|今天|前天)",
        text,
    ):
        yield from said(chinese_relative(m), m)
    before = (
        rf"\b(this|current|last|previous|past) ({unit})\b.{{1,30}}?\bthe ((?:\2|one) before(?: that| it| last)?|(?:preceding|prior) \2)\b"
    )
    for m in re.finditer(before, text, re.I):
        offset = 1 if m[1].lower() in ("this", "current") else 2
        yield Spoken(Period("latest", unit=UNITS[m[2].lower()], offset=offset), m.start(3), m.end(3))
    for m in re.finditer(r"\b(yesterday|today)\b", text, re.I):
        yield from said(Period("latest", unit="day", offset=int(m[1].lower() == "yesterday")), m)
    for m in re.finditer(r"\b(?:year to date|ytd)\b|年初至今|今年以来", text, re.I):
        yield from said(Period("latest", unit="year"), m)


def chinese_relative(m: re.Match[str]) -> Period:
    """What 最近一年, 本月, 上上周 or 去年 mean."""
    if m[6]:
        unit = "year" if "年" in m[6] else "day"
        return Period("latest", unit=unit, offset={"去年": 1, "前年": 2, "昨天": 1, "前天": 2}.get(m[6], 0))
    word = m[1] or m[2] or m[3] or m[5]
    return Period("latest", unit=UNITS[word], offset=len(m[4] or ""))


def said(period: Period | None, m: re.Match[str]) -> Iterator[Spoken]:
    """The period with its place, if there is one."""
    if period:
        yield Spoken(period, m.start(), m.end())


def chinese_month(text: str) -> int:
    """The number of a month or day in digits or Chinese."""
    if text.isdigit():
        return int(text)
    return CHINESE_DIGITS.get(text) or (10 + CHINESE_DIGITS.get(text[1:], 0) if text.startswith("十") else 0)


def part_of_month(month: Period, part: str | None) -> Period:
    """The first, middle or last third (上旬, 中旬, 下旬) or a half of a month."""
    if not part or not month.start or not month.end:
        return month
    first = month.start
    starts = {"上旬": (1, 11), "中旬": (11, 21), "下旬": (21, 0), "上半月": (1, 16), "下半月": (16, 0)}[part]
    end = first.replace(day=starts[1]) if starts[1] else month.end
    return replace(month, start=first.replace(day=starts[0]), end=end, unit="span")
