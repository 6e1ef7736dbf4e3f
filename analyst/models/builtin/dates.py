"""Periods as people say them, absolute and relative to the latest date in the data, in English and Chinese."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from analyst.models.builtin.spoken import Period, Spoken, absolute, first_of, recurring, relative


def periods(text: str) -> list[Spoken]:
    """All periods of a text that do not overlap, longest first; neighbours that form a range are made one."""
    chosen: list[Spoken] = []
    found = sorted([*relative(text), *absolute(text), *recurring(text)], key=lambda spoken: (spoken.start - spoken.end, spoken.start))
    for spoken in found:
        if all(spoken.end <= other.start or spoken.start >= other.end for other in chosen):
            chosen.append(spoken)
    timed = [with_clock(text, one) for one in sorted(chosen, key=lambda spoken: spoken.start)]
    return of_year(text, ranged(text, without_restated(text, timed)))


OF_YEAR = re.compile(r"\s*(?:of|in|的|,|'s|’s)?\s*", re.I)
"""What may stand between a year and a part of it: 'May last year', 去年的5月."""


def of_year(text: str, found: list[Spoken]) -> list[Spoken]:
    """The periods with a month or quarter beside 'last year' as that of the one year."""
    out: list[Spoken] = []
    for spoken in found:
        before = out[-1] if out else None
        beside = before is not None and bool(OF_YEAR.fullmatch(text[before.end : spoken.start]))
        if before is not None and beside and is_relative_year(before.period) and recurs(spoken.period):
            out[-1] = Spoken(replace(spoken.period, back=before.period.offset), before.start, spoken.end)
        elif before is not None and beside and is_relative_year(spoken.period) and recurs(before.period) and text.isascii():
            out[-1] = Spoken(replace(before.period, back=spoken.period.offset), before.start, spoken.end)
        else:
            out.append(spoken)
    return same_year(text, out)


JOINED = re.compile(r"\s*(?:and|or|to|vs\.?|versus|,|和|与|跟|、|及|比)\s*", re.I)


def same_year(text: str, found: list[Spoken]) -> list[Spoken]:
    """The periods with neighbours in the same year: 'June and July this year'."""
    out = list(found)
    for at in range(1, len(out)):
        left, right = out[at - 1], out[at]
        if not JOINED.fullmatch(text[left.end : right.start]) or not (recurs(left.period) and recurs(right.period)):
            continue
        if left.period.back is None and right.period.back is not None:
            out[at - 1] = replace(left, period=replace(left.period, back=right.period.back))
        elif right.period.back is None and left.period.back is not None:
            out[at] = replace(right, period=replace(right.period, back=left.period.back))
    return out


def is_relative_year(period: Period) -> bool:
    """Whether a period is a year counted back from the latest one."""
    return period.kind == "latest" and period.unit == "year"


def recurs(period: Period) -> bool:
    """Whether a period comes in every year."""
    return period.kind in ("months", "quarters", "days")


CLOCK = re.compile(r"[ T](\d{1,2}):(\d\d)(?::(\d\d))?(?![\d:])")


def with_clock(text: str, spoken: Spoken) -> Spoken:
    """A day with the time of day right behind it: '2005-08-23 02:06:01'."""
    found = CLOCK.match(text, spoken.end) if spoken.period.kind == "range" and spoken.period.unit == "day" else None
    if not found or not spoken.period.start or int(found[1]) >= HOURS:
        return spoken
    moment = f"{spoken.period.start.isoformat()} {int(found[1]):02d}:{found[2]}:{found[3] or '00'}"
    return Spoken(replace(spoken.period, moment=moment), spoken.start, found.end())


HOURS = 24


def without_restated(text: str, found: list[Spoken]) -> list[Spoken]:
    """The periods without those that brackets tell again: 周末(周六周日), and 国庆那几天(2025年10月1号到7号), where the years count."""
    kept: list[Spoken] = []
    for spoken in found:
        before = kept[-1] if kept else None
        between = text[before.end : spoken.start] if before else ""
        if before is None or not re.fullmatch(r"[^()（）]{0,4}[(（][^()（）]*", between):
            kept.append(spoken)
        elif spoken.period.kind == "range" and before.period.kind != "range":
            kept[-1] = replace(spoken, start=before.start)
        elif not (spoken.period.kind == before.period.kind == "weekdays"):
            kept.append(spoken)
    return kept


LINK = re.compile(r"\s*(?:to|through|thru|until|till|up to|-|–|—|~|到|至|and|和|与)\s*$", re.I)
THROUGH = ("to", "through", "thru", "until", "till", "-", "–", "—", "~", "到", "至")
OPENING = re.compile(r"(?:between|from|从|在|自)\s*$", re.I)
NAMED = r"(?:the )?(?:years?|dates?|day)?(?: of)? ?[\"'‘“]?$"
"""What may stand between 'after' and the period: 'after the year of 2010'."""
FROM_ON = re.compile(r"(?:in|on|at) or (?:after|later than)\s*" + NAMED, re.I)
UP_TO = re.compile(r"(?:(?:in|on|at) or (?:before|earlier than)|no later than)\s*" + NAMED, re.I)
SINCE = re.compile(
    r"(?:since(?: the)? (?:start|beginning|turn) of|since|starting(?: from| in)?|from|beginning(?: in| with)?|自从|自|从)\s*$", re.I
)
AFTER = re.compile(r"(?:after|later than|more recent(?:ly)? than|> ?)\s*" + NAMED, re.I)
BEFORE = re.compile(r"(?:before|prior to|earlier than|until|by the end of|< ?)\s*" + NAMED, re.I)
TAIL = re.compile(r"\s*(以后|之后|以来|起|开始|以前|之前|及以后|或以后|or later|onwards?|and later|or earlier|and after)", re.I)


def ranged(text: str, found: list[Spoken]) -> list[Spoken]:
    """The periods with ranges (2019 to 2022) and open ends (since 1990, 2000年以前) made explicit."""
    out: list[Spoken] = []
    for spoken in found:
        before = out[-1] if out else None
        joint = LINK.fullmatch(text[before.end : spoken.start]) if before else None
        if (
            before
            and joint
            and before.period.unit == "month"
            and before.period.start
            and spoken.period.kind == "months"
            and joint[0].strip() not in ("和", "与", "and")
        ):
            end = first_of(before.period.start.year, spoken.period.numbers[-1] + 1)
            out[-1] = Spoken(Period("range", before.period.start, end, unit="span"), before.start, spoken.end)
            continue
        if (
            before
            and joint
            and before.period.kind == "months"
            and len(before.period.numbers) == 1
            and spoken.period.unit == "month"
            and spoken.period.start
            and before.period.numbers[0] < spoken.period.start.month
            and (joint[0].strip() not in ("和", "与", "and") or OPENING.search(text[: before.start]))
        ):
            opening = OPENING.search(text[: before.start])
            begin = first_of(spoken.period.start.year, before.period.numbers[0])
            out[-1] = Spoken(
                Period("range", begin, spoken.period.end, unit="span"), opening.start() if opening else before.start, spoken.end
            )
            continue
        if before and joint and (whole := from_day_on(text, before, spoken, joint[0].strip().lower())):
            out[-1] = whole
            continue
        if before and joint and before.period.kind == spoken.period.kind == "weekdays" and joint[0].strip().lower() in THROUGH:
            days = tuple(range(before.period.numbers[0], spoken.period.numbers[-1] + 1))
            out[-1] = Spoken(replace(before.period, numbers=days), before.start, spoken.end) if days else before
            continue
        if before and joint and connected(text, before, spoken, joint[0].strip().lower()):
            opening = OPENING.search(text[: before.start])
            joined = Period("range", before.period.start, spoken.period.end, unit="span")
            if before.period.kind == spoken.period.kind == "months":
                joined = Period("months", numbers=tuple(range(before.period.numbers[0], spoken.period.numbers[-1] + 1)), unit="month")
            out[-1] = Spoken(joined, opening.start() if opening else before.start, spoken.end)
            continue
        out.append(spoken)
    return [opened(text, spoken) for spoken in out]


def from_day_on(text: str, before: Spoken, spoken: Spoken, joint: str) -> Spoken | None:
    """'Between 1 June and 31 August 2025': the first day is of the year of the second, or of the one before."""
    first, last = before.period, spoken.period
    opening = OPENING.search(text[: before.start])
    if first.kind != "days" or len(first.numbers) != DAY_AND_MONTH or last.unit != "day" or not last.start or not last.end:
        return None
    if not opening and joint not in THROUGH:
        return None
    month, day = first.numbers
    year = last.start.year if (month, day) <= (last.start.month, last.start.day) else last.start.year - 1
    if day > monthrange(year, month)[1]:
        return None
    return Spoken(Period("range", date(year, month, day), last.end, unit="span"), opening.start() if opening else before.start, spoken.end)


DAY_AND_MONTH = 2


def connected(text: str, left: Spoken, right: Spoken, joint: str) -> bool:
    """Whether two neighbours are the ends of one range; 'and' only counts after 'between' or 'from'."""
    if {left.period.kind, right.period.kind} not in ({"range"}, {"months"}):
        return False
    if left.period.kind == "range" and (not left.period.start or not right.period.end or left.period.start >= right.period.end):
        return False
    return (
        joint not in ("and", "和", "与", "to")
        or bool(OPENING.search(text[: left.start]))
        or (joint == "to" and left.period.kind == "range")
    )


def opened(text: str, spoken: Spoken) -> Spoken:
    """The period with one side open where words around it say so."""
    period = spoken.period
    if period.kind != "range":
        return spoken
    head, tail = text[: spoken.start], TAIL.match(text, spoken.end)
    if tail:
        early = tail[1].lower() in ("以前", "之前", "or earlier")
        strict = tail[1] in ("以后", "之后") and period.unit == "year"
        changed = (
            replace(period, start=None, end=period.end if tail[1] == "or earlier" else period.start)
            if early
            else replace(period, start=period.end if strict else period.start, end=None)
        )
        return Spoken(changed, spoken.start, tail.end())
    for pattern, change in ((FROM_ON, "since"), (UP_TO, "up to"), (AFTER, "after"), (BEFORE, "before"), (SINCE, "since")):
        found = pattern.search(head)
        if found and period.unit != "span":
            sides = {
                "after": (period.end, None),
                "before": (None, period.start),
                "since": (period.start, None),
                "up to": (None, period.end),
            }[change]
            return Spoken(replace(period, start=sides[0], end=sides[1]), found.start(), spoken.end)
    return spoken


def resolve(period: Period, latest: date) -> Period:
    """A relative period as a range of days, counted from the latest date in the data."""
    if period.kind == "last":
        return replace(period, kind="range", start=back(latest, period.unit, period.count), end=latest + timedelta(days=1), unit="span")
    if period.back is not None:
        return in_one_year(period, latest.year - period.back)
    if period.kind == "latest":
        start = unit_start(latest, period.unit)
        for _ in range(period.offset):
            start = unit_start(start - timedelta(days=1), period.unit)
        return replace(period, kind="range", start=start, end=unit_end(start, period.unit))
    return period


def in_one_year(period: Period, year: int) -> Period:
    """What recurs as the days that it has in one year."""
    numbers = period.numbers
    match period.kind:
        case "quarters":
            start, end = first_of(year, 3 * numbers[0] - 2), first_of(year, 3 * numbers[-1] + 1)
        case "days":
            start = clipped(year, *numbers[:2])
            end = clipped(year + (numbers[-2:] < numbers[:2]), *numbers[-2:]) + timedelta(days=1)
        case _:
            start, end = first_of(year, numbers[0]), first_of(year, numbers[-1] + 1)
    unit = {"months": "month", "quarters": "quarter"}.get(period.kind, "span")
    return replace(period, kind="range", start=start, end=end, numbers=(), unit=unit if len(numbers) == 1 else "span", back=None)


def clipped(year: int, month: int, day: int) -> date:
    """A day of a year; the last of its month where that is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def back(latest: date, unit: str, count: int) -> date:
    """The first day of the last `count` units that end on the latest date."""
    if unit in ("day", "week"):
        return latest - timedelta(days=count * (7 if unit == "week" else 1) - 1)
    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    year, month = divmod(latest.year * 12 + latest.month - 1 - months, 12)
    return date(year, month + 1, min(latest.day, monthrange(year, month + 1)[1])) + timedelta(days=1)


def unit_start(day: date, unit: str) -> date:
    """The first day of the unit that holds a day."""
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return first_of(day.year, (day.month - 1) // 3 * 3 + 1)
        case _:
            return date(day.year, 1, 1)


def unit_end(start: date, unit: str) -> date:
    """The day after the last one of the unit that starts on a day."""
    match unit:
        case "day":
            return start + timedelta(days=1)
        case "week":
            return start + timedelta(days=7)
        case "month":
            return first_of(start.year, start.month + 1)
        case "quarter":
            return first_of(start.year, start.month + 3)
        case _:
            return date(start.year + 1, 1, 1)
