"""From a text to the periods it names: each row of forms.tsv is a way of writing, with places for years, months, units and the like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from analyst.temporal.numbers import chinese_value, number_of
from analyst.temporal.period import Period, Unit, first_of
from analyst.temporal.written import any_of, classes, rows


@dataclass(frozen=True, slots=True)
class Spoken:
    """A period and where a text speaks of it, from `start` to before `end`."""

    start: int
    end: int
    period: Period


Parts = Mapping[str, str]
"""Letter of a place in a form -> what stands there."""

WIDE = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)} | {0x2019: 0x27, 0xFF0D: 0x2D}


def periods(text: str) -> tuple[Spoken, ...]:
    """Every period of a text in order of place, and the ranges that neighbours form. What is written as a day or as a range can be
    read in several ways, which all are there (4/5/2021)."""
    text = text.translate(WIDE)
    found = sorted(_said(text), key=lambda spoken: (spoken.start - spoken.end, spoken.start))
    kept: list[Spoken] = []
    for spoken in found:
        around = [other for other in kept if spoken.start < other.end and other.start < spoken.end]
        if all((other.start, other.end) == (spoken.start, spoken.end) for other in around) and spoken not in kept:
            kept.append(spoken)
    kept.sort(key=lambda spoken: (spoken.start, spoken.end))
    return tuple(sorted([*kept, *_ranges(text, kept)], key=lambda spoken: (spoken.start, spoken.end)))


# ------------------------------------------------------------------------------------------------ forms
YEAR = r"(?:1[5-9]|20|21)\d\d"
SMALL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
PLACES = {
    "Y": YEAR, "y": r"\d\d", "m": r"(?:0?[1-9]|1[0-2])", "mm": r"(?:0[1-9]|1[0-2])", "D": r"(?:0?[1-9]|[12]\d|3[01])",
    "DD": r"(?:0[1-9]|[12]\d|3[01])", "q": r"[1-4]", "h": r"[12]", "ZY": r"[一二][〇零一二三四五六七八九]{3}", "ZD": SMALL,
    "N": r"(?:\d+|[一二两三四五六七八九十百]+|(?:a couple of|couple|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|thirteen|fourteen|fifteen|sixteen|eighteen|twenty|twenty[- ]four|thirty|thirty[- ]six|forty"
    r"|forty[- ]five|fifty|sixty|ninety)(?![a-z]))",
    "X": r"(?:(?:1[5-9]|20)\d0|[1-9]0)", "x": r"[1-9]0", "T": r"(?:上旬|中旬|下旬|上半月|下半月|初|中|底|末)",
}  # fmt: skip
OF_CLASS = {"M": "month", "W": "weekday", "S": "season", "F": "holiday", "U": "unit", "B": "back", "A": "near", "Q": "ordinal",
            "H": "side", "G": "day"}  # fmt: skip


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(_pattern(form), re.IGNORECASE)) for kind, form in rows("forms.tsv"))


def _pattern(form: str) -> str:
    """A form as a regular expression; a space in it stands for any white space."""
    pattern = re.sub(r"\{(\w+)\}", lambda place: _place(place[1]), form.replace(" ", r"\s+").replace(r"\s+?", r"\s*"))
    return rf"(?<![A-Za-z0-9.]){pattern}(?![A-Za-z0-9])(?!\.\d)"


def _place(name: str) -> str:
    if name in OF_CLASS:
        return f"(?P<{name}>{any_of(classes('calendar.tsv')[OF_CLASS[name]])})"
    if name == "ZM":
        return rf"(?:(?P<ZM>{SMALL})月)"
    return f"(?P<{name}>{PLACES[name]})"


def _said(text: str) -> Iterator[Spoken]:
    for kind, pattern in _forms():
        for found in pattern.finditer(text):
            parts = {name: part for name, part in found.groupdict().items() if part}
            for period in _made(kind, parts):
                yield Spoken(found.start(), found.end(), period)


def _made(kind: str, parts: Parts) -> Iterator[Period]:
    """The period that a form makes; none where there is no such day or month."""
    try:
        made = MAKERS[kind](parts)
    except ValueError:
        return
    if made is not None:
        yield made


# ------------------------------------------------------------------------------------------------ what stands in their places
def _value(name: str, written: str) -> str:
    table = classes("calendar.tsv")[OF_CLASS[name]]
    said = re.sub(r"\s+", " ", written)
    return table[said] if said in table else next(value for form, value in table.items() if form.lower() == said.lower())


def _whole(written: str) -> int:
    number = int(written) if written.isdigit() else chinese_value(written)
    if number is None:
        raise ValueError(written)
    return number


def _year(parts: Parts) -> int:
    if "Y" in parts:
        return int(parts["Y"])
    if "ZY" in parts:
        return _whole(parts["ZY"])
    return full_year(parts["y"])


def full_year(written: str) -> int:
    """The year of which the last two digits are written: 24 is 2024, 98 is 1998."""
    return 2000 + int(written[-2:]) if int(written[-2:]) < 60 else 1900 + int(written[-2:])


def _month(parts: Parts) -> int:
    month = int(_value("M", parts["M"])) if "M" in parts else _whole(parts.get("m") or parts.get("mm") or parts["ZM"])
    if not 1 <= month <= 12:
        raise ValueError(month)
    return month


def _day(parts: Parts) -> int:
    return _whole(parts.get("D") or parts.get("DD") or parts["ZD"])


def _quarter(parts: Parts) -> int:
    return int(parts["q"]) if "q" in parts else int(_value("Q", parts["Q"]))


def _half(parts: Parts) -> int:
    return int(parts["h"]) if "h" in parts else int(_value("H", parts["H"]))


def _unit(parts: Parts) -> Unit:
    return _value("U", parts["U"])  # type: ignore[return-value]


def _count(parts: Parts) -> int:
    number = number_of(parts["N"]) if "N" in parts else 1
    if not number:
        raise ValueError(parts["N"])
    return number


# ------------------------------------------------------------------------------------------------ what forms make
def _months(unit: Unit, year: int, first: int, count: int) -> Period:
    return Period("absolute", unit, first_of(year, first), first_of(year, first + count))


def _one_day(parts: Parts) -> Period:
    start = date(_year(parts), _month(parts), _day(parts))
    return Period("absolute", "day", start, start + timedelta(days=1))


def _decade(parts: Parts) -> Period:
    digits = int(parts.get("X") or parts["x"])
    year = digits if digits > 100 else 1900 + digits if digits >= 30 else 2000 + digits
    return _months("decade", year, 1, 120)


def _week(parts: Parts) -> Period:
    start = date.fromisocalendar(_year(parts), _count(parts), 1)
    return Period("absolute", "week", start, start + timedelta(days=7))


THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上半月": (1, 15), "下半月": (16, 31), "初": (1, 10), "中": (11, 20),
          "底": (21, 31), "末": (21, 31)}  # fmt: skip


def _third(parts: Parts) -> Period:
    first, last = THIRDS[parts["T"]]
    month = first_of(_year(parts), _month(parts))
    end = min(month + timedelta(days=last), first_of(month.year, month.month + 1))
    return Period("absolute", "span", month + timedelta(days=first - 1), end)


def _each_third(parts: Parts) -> Period:
    first, last = THIRDS[parts["T"]]
    return Period("recurring", "day", numbers=(_month(parts), first, _month(parts), last))


def _each_day(parts: Parts) -> Period:
    date(2000, _month(parts), _day(parts))
    return Period("recurring", "day", numbers=(_month(parts), _day(parts)))


def _each(unit: Unit, first: int, count: int) -> Period:
    return Period("recurring", unit, numbers=tuple((month - 1) % 12 + 1 for month in range(first, first + count)))


def _holiday(parts: Parts) -> Period:
    month, day = _value("F", parts["F"]).split("-")
    return Period("recurring", "day", numbers=(int(month), int(day)))


def _of_year(parts: Parts) -> Period | None:
    back = int(_value("B", parts["B"]))
    if "M" in parts or "ZM" in parts:
        part = _each_day(parts) if "D" in parts or "ZD" in parts else _each("month", _month(parts), 1)
    elif "S" in parts:
        part = _each("season", int(_value("S", parts["S"])), 3)
    elif "q" in parts or "Q" in parts:
        part = _each("quarter", 3 * _quarter(parts) - 2, 3)
    else:
        part = _each("half", 6 * _half(parts) - 5, 6)
    return replace(part, kind="relative", back=back)


def _calendar(parts: Parts) -> Period:
    return Period("relative", _unit(parts), back=int(_value("B", parts["B"])))


def _ago(parts: Parts) -> Period:
    return Period("relative", _unit(parts), back=_count(parts) if "N" in parts else 2)


def _of_weekday(parts: Parts) -> Period:
    return Period("relative", "weekday", numbers=(int(_value("W", parts["W"])),), back=int(_value("B", parts["B"])))


MAKERS: dict[str, Callable[[Parts], Period | None]] = {
    "day": _one_day,
    "month": lambda parts: _months("month", _year(parts), _month(parts), 1),
    "quarter": lambda parts: _months("quarter", _year(parts), 3 * _quarter(parts) - 2, 3),
    "half": lambda parts: _months("half", _year(parts), 6 * _half(parts) - 5, 6),
    "year": lambda parts: _months("year", _year(parts), 1, 12),
    "week": _week,
    "third": _third,
    "decade": _decade,
    "each month": lambda parts: _each("month", _month(parts), 1),
    "each day": _each_day,
    "each third": _each_third,
    "each quarter": lambda parts: _each("quarter", 3 * _quarter(parts) - 2, 3),
    "each half": lambda parts: _each("half", 6 * _half(parts) - 5, 6),
    "each season": lambda parts: _each("season", int(_value("S", parts["S"])), 3),
    "each weekday": lambda parts: Period("recurring", "weekday", numbers=(int(_value("W", parts["W"])),)),
    "each weekend": lambda _: Period("recurring", "weekday", numbers=(6, 7)),
    "each workday": lambda _: Period("recurring", "weekday", numbers=(1, 2, 3, 4, 5)),
    "each holiday": _holiday,
    "of year": _of_year,
    "of weekday": _of_weekday,
    "rolling": lambda parts: Period("relative", _unit(parts), count=_count(parts), rolling=True),
    "calendar": _calendar,
    "ago": _ago,
    "on day": lambda parts: Period("relative", "day", back=int(_value("G", parts["G"]))),
    "to date": lambda _: Period("relative", "year"),
    "to date month": lambda _: Period("relative", "month"),
    "to date quarter": lambda _: Period("relative", "quarter"),
}


# ------------------------------------------------------------------------------------------------ ranges
JOINT = re.compile(r"\s*(?:to|through|thru|until|till|up to|and|-|–|—|~|～|到|至|和|与|及|,)\s*(?:the\s+)?", re.IGNORECASE)


def _ranges(text: str, kept: list[Spoken]) -> Iterator[Spoken]:
    """Neighbours joined as the two ends of one period, beside which both ends stay."""
    for at, left in enumerate(kept):
        for right in kept[at + 1 : at + 4]:
            if right.start >= left.end and JOINT.fullmatch(text, left.end, right.start) and (whole := _joined(left.period, right.period)):
                yield Spoken(left.start, right.end, whole)


def _joined(left: Period, right: Period) -> Period | None:
    if left.kind == "recurring" and right.kind == "recurring":
        return _round(left, right)
    if left.kind == "recurring" and right.kind == "absolute" and right.start and left.unit in ("month", "day", "quarter"):
        left = _dated(left, right.start.year)
        left = left if left.start and left.start < right.start else _dated(left, right.start.year - 1, again=True)
    if right.kind == "recurring" and left.kind == "absolute" and left.start and right.unit in ("month", "day", "quarter"):
        right = _dated(right, left.start.year)
    if left.kind == right.kind == "absolute" and left.start and right.start and right.end and left.start < right.start:
        return Period("absolute", "span", left.start, right.end)
    return None


def _dated(part: Period, year: int, again: bool = False) -> Period:
    """What recurs as that of one year."""
    if again and part.kind == "absolute" and part.start:
        return Period("absolute", part.unit, part.start.replace(year=year), part.end)
    if part.unit == "day":
        start = date(year, part.numbers[0], min(part.numbers[1], 28) if part.numbers[0] == 2 else part.numbers[1])
        return Period("absolute", "day", start, start + timedelta(days=1))
    return _months(part.unit, year, part.numbers[0], len(part.numbers))


def _round(left: Period, right: Period) -> Period | None:
    if left.unit == right.unit == "weekday" and left.numbers[0] < right.numbers[-1]:
        return replace(left, numbers=tuple(range(left.numbers[0], right.numbers[-1] + 1)))
    if left.unit == right.unit == "day":
        return replace(left, numbers=(*left.numbers[:2], *right.numbers[-2:]))
    if left.unit == right.unit and left.unit in ("month", "quarter"):
        return _each("span", left.numbers[0], (right.numbers[-1] - left.numbers[0]) % 12 + 1)
    return None
