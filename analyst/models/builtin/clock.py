"""Times of day as people say them: after 6pm, before noon, 晚上6点以后."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyst.models.builtin.dates import Period, Spoken, number_of

ENGLISH = re.compile(r"\b(after|before|since|from|until|by|past)?\s*(\d{1,2})(?::(\d\d))?\s*(am|pm|a\.m\.|p\.m\.|o'clock)", re.I)
WORDED = re.compile(r"\b(after|before)\s+(noon|midday|midnight)\b", re.I)
CHINESE = re.compile(
    r"(早上|上午|中午|下午|晚上|傍晚|凌晨)?(\d{1,2}|十[一二]?|[一二两三四五六七八九])点(半)?(以后|之后|后|以前|之前|前|起)"
)
LATE = ("下午", "晚上", "傍晚")


def clock_times(text: str) -> Iterator[Spoken]:
    """Open ranges of hours; `numbers` holds the first hour and the one before which it ends, 0 to 24."""
    for m in ENGLISH.finditer(text):
        if m[1]:
            hour = int(m[2]) % 12 + (12 if m[4].lower().startswith("p") else 0)
            yield Spoken(hours(hour, m[1].lower() in ("before", "until", "by")), m.start(), m.end())
    for m in WORDED.finditer(text):
        yield Spoken(hours(0 if m[2].lower() == "midnight" else 12, m[1].lower() == "before"), m.start(), m.end())
    for m in CHINESE.finditer(text):
        hour = number_of(m[2]) if m[2].isdigit() or m[2] in "一二两三四五六七八九十" else 10 + number_of(m[2][1:])
        if m[1] in LATE and hour < 12:
            hour += 12
        yield Spoken(hours(hour, m[4] in ("以前", "之前", "前")), m.start(), m.end())


def hours(hour: int, early: bool) -> Period:
    """From an hour on, or before it."""
    return Period("hours", numbers=(0, hour) if early else (hour, 24), unit="hour")
