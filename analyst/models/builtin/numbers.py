"""Numbers as people write them: 1,200, 1.5k, 3 million, 20%, two, 三, 1.2万, 3亿."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ENGLISH = {
    "zero": 0,
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
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "thousand": 1000,
    "once": 1,
    "twice": 2,
    "dozen": 12,
    "single": 1,
}
DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"十": 10, "百": 100, "千": 1000}
SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "千": 1e3,
    "万": 1e4,
    "百万": 1e6,
    "千万": 1e7,
    "亿": 1e8,
}
ARABIC = re.compile(r"(?<![A-Za-z\d_.])-?\d+(?:,\d{3})+(?:\.\d+)?(?![\d])|(?<![A-Za-z\d_.])-?\d+(?:\.\d+)?")
SCALE = re.compile(r"\s*(thousand|million|billion|百万|千万|亿|万|千)|(k|m|bn|mn)(?![A-Za-z])", re.I)
PERCENT = "百分之"
CHINESE = re.compile(r"(?!百分之)[零〇一二两三四五六七八九十百千]+[万亿]?")
WORDED = re.compile(r"\b(" + "|".join(ENGLISH) + r")\b(?:\s+(hundred|thousand|million|billion))?", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text."""

    value: int | float
    start: int
    end: int
    worded: bool = False
    """Written as a word, which may also be part of a name."""


def numbers(text: str) -> Iterator[Number]:
    """Every number of a text, in order of kind and place."""
    for found in ARABIC.finditer(text):
        below = text[: found.start()].endswith("零下")
        scale = SCALE.match(text, found.end())
        factor = SCALES[(scale[1] or scale[2]).lower()] if scale else 1.0
        end = scale.end() if scale else found.end()
        if end < len(text) and text[end] == "%":
            end += 1
        value = plain(float(found[0].replace(",", "")) * factor)
        before = 2 if below else percent_before(text, found.start())
        yield Number(-value if below else value, found.start() - before, end)
    for found in CHINESE.finditer(text):
        worded = chinese_value(found[0]) if not text.startswith("零下", found.start()) else None
        if worded is not None:
            yield Number(worded, found.start() - percent_before(text, found.start()), found.end(), True)
    for found in WORDED.finditer(text):
        scaled = ENGLISH[found[1].lower()] * (SCALES.get((found[2] or "").lower(), 100.0) if found[2] else 1.0)
        yield Number(plain(scaled), found.start(), found.end(), True)


def percent_before(text: str, start: int) -> int:
    """The length of the words for percent that stand before a number in Chinese."""
    return len(PERCENT) if text[:start].endswith(PERCENT) else 0


def plain(value: float) -> int | float:
    """Whole numbers as int."""
    return int(value) if value.is_integer() else round(value, 10)


def chinese_value(text: str) -> int | None:
    """The value of a Chinese numeral such as 三百二十 or 五万; None if it is none."""
    scale = {"万": 10_000, "亿": 100_000_000}.get(text[-1], 1)
    body = text[:-1] if scale > 1 else text
    if not body:
        return None
    if all(character in DIGITS for character in body):
        return int("".join(str(DIGITS[character]) for character in body)) * scale
    total, digit = 0, 0
    for character in body:
        if character in DIGITS:
            digit = DIGITS[character]
        else:
            total += (digit or 1) * TENS[character]
            digit = 0
    return (total + digit) * scale


def is_percentage(said: str) -> bool:
    """Whether a number with the words behind it is one of percent: '20%', '20 percent', 百分之二十."""
    return said.startswith("百分之") or bool(re.match(r"[\d.]+\s*(?:%|％|percent\b|per cent\b)", said))
