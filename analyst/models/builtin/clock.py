"""Times of day as people say them: after 6pm, before noon, 晚上6点以后."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analyst.models.builtin.spoken import Period, Spoken, number_of

ENGLISH = re.compile(r"\b(after|before|since|from|until|by|past)?\s*(\d{1,2})(?::(\d\d))?\s*(am|pm|a\.m\.|p\.m\.|o'clock)", re.I)
PART_OF_DAY = re.compile(
    r"\b(after|before|since|from|until|by|past)\s*(\d{1,2})(?::(\d\d))?\s*(?:o'clock\s*)?"
    r"(?:in the|at)\s*(morning|afternoon|evening|night)\b",
    re.I,
)
"""'Before 7 in the morning'."""
WORDED = re.compile(r"\b(after|before)\s+(noon|midday|midnight)\b", re.I)
CHINESE = re.compile(
    r"(早上|上午|中午|下午|晚上|傍晚|凌晨)?(\d{1,2}|十[一二]?|[一二两三四五六七八九])点(半)?(以后|之后|后|以前|之前|前|起)"
)
LATE = ("下午", "晚上", "傍晚")


RANGE = re.compile(r"\b(?:between|from)\s+(\d{1,2})(?::00)?\s*(am|pm)?\s*(?:and|to|until|-|–)\s*(\d{1,2})(?::00)?\s*(am|pm|o'clock)", re.I)
RANGE_ZH = re.compile(r"(早上|上午|中午|下午|晚上|凌晨)?(\d{1,2})点?(?:到|至|-|~)(早上|上午|中午|下午|晚上|凌晨)?(\d{1,2})点(?:之间)?")


def stretches(text: str) -> Iterator[Spoken]:
    """Hours between two times of day."""
    for m in RANGE.finditer(text):
        late = m[4].lower() == "pm"
        last = int(m[3]) % 12 + 12 if late else int(m[3])
        first = int(m[1]) % 12 + 12 if (m[2] or "").lower() == "pm" else int(m[1])
        first += 12 if late and not m[2] and first + 12 < last else 0
        if 0 <= first < last <= 24:
            yield Spoken(Period("hours", numbers=(first, last), unit="hour"), m.start(), m.end())
    for m in RANGE_ZH.finditer(text):
        first, last = (int(m[at]) + (12 if (m[at - 1] or "") in LATE and int(m[at]) < 12 else 0) for at in (2, 4))
        if 0 <= first < last <= 24:
            yield Spoken(Period("hours", numbers=(first, last), unit="hour"), m.start(), m.end())


def clock_times(text: str) -> Iterator[Spoken]:
    """Open ranges of hours; `numbers` holds the first hour and the one before which it ends, 0 to 24."""
    found = list(stretches(text))
    yield from found
    for m in ENGLISH.finditer(text):
        if m[1] and not any(spoken.start <= m.start() < spoken.end for spoken in found):
            hour = int(m[2]) % 12 + (12 if m[4].lower().startswith("p") else 0)
            yield Spoken(hours(hour, m[1].lower() in ("before", "until", "by")), m.start(), m.end())
    for m in PART_OF_DAY.finditer(text):
        hour = int(m[2]) % 12 + (0 if m[4].lower() == "morning" else 12)
        yield Spoken(hours(hour, m[1].lower() in ("before", "until", "by")), m.start(), m.end())
    for m in WORDED.finditer(text):
        yield Spoken(hours(0 if m[2].lower() == "midnight" else 12, m[1].lower() == "before"), m.start(), m.end())
    for m in CHINESE.finditer(text):
        hour = number_of(m[2]) if m[2].isdigit() or m[2] in "一二两三四五六七八九十" else 10 + number_of(m[2][1:])
        if m[1] in LATE and hour < 12:
            hour += 12
        yield Spoken(hours(hour, m[4] in ("以前", "之前", "前")), m.start(), m.end())
    if not any(form.search(text) for form in (ENGLISH, PART_OF_DAY, CHINESE, RANGE, RANGE_ZH)):
        yield from parts_of_day(text)


PARTS_OF_DAY = {
    "早上": (6, 11),
    "上午": (6, 12), "中午": (11, 14), "下午": (12, 18), "傍晚": (17, 19), "晚上": (18, 24), "夜里": (22, 24), "凌晨": (0, 6),
    "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (22, 24),
}  # fmt: skip
"""Hours from which and before which a part of the day lasts, where no hour is said."""
PART = re.compile(
    r"(早上|上午|中午|下午|傍晚|晚上|夜里|凌晨)(?!\d|[一二两三四五六七八九十])|\b(?:in the (morning|afternoon|evening)|at (night))\b", re.I
)


def parts_of_day(text: str) -> Iterator[Spoken]:
    """'In the morning', 早上: the hours of a part of the day that is said by itself."""
    for m in PART.finditer(text):
        yield Spoken(Period("hours", numbers=PARTS_OF_DAY[(m[1] or m[2] or m[3]).lower()], unit="hour"), m.start(), m.end())


def hours(hour: int, early: bool) -> Period:
    """From an hour on, or before it."""
    return Period("hours", numbers=(0, hour) if early else (hour, 24), unit="hour")
