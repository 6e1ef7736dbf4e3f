"""Lengths of time that a question says: 'resolved within 24 hours', 'took more than 2 days', 'a response time over 3 hours'."""

from __future__ import annotations

import re

from analyst.columns.headers import header_unit
from analyst.models.builtin.deeds import LONG, is_limit, start_of, two_dates, word_date
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.elapsing import has_clock, unit_between
from analyst.models.builtin.numbers import plain
from analyst.models.builtin.plan import Condition, Elapsed, Expression, Field, Measure, Sign
from analyst.words.units import unit_of

HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0}
"""How long a unit is."""
UNITS = {
    **{name: name for name in HOURS},
    **{"sec": "second", "min": "minute", "hr": "hour", "h": "hour", "秒": "second", "分": "minute", "分钟": "minute"},
    **{"小时": "hour", "个小时": "hour", "天": "day", "日": "day", "周": "week", "个星期": "week"},
}
SAID = re.compile(r"\s*(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|秒|分钟|个?小时|天|周|个星期)(?![A-Za-z])", re.IGNORECASE)
TAKEN = ("take", "takes", "took", "taken", "taking", "last", "lasted", "need", "needed")


def read_lengths(draft: Draft) -> None:
    """Tests on the time between two dates of a row."""
    for at, mention in enumerate(draft.mentions):
        bare = mention.text.lower() in ("a", "an", "one")
        if at in draft.used or not (mention.kind == "number" or bare):
            continue
        unit = unit_after(draft, at)
        sign = sign_of(draft, at)
        named = [field for place in range(len(draft.mentions)) if (field := word_date(draft, place))]
        pair = two_dates(draft, list(dict.fromkeys(named))) if unit and sign else None
        if not pair or not sign or number_before(draft, at):
            continue
        hours = (1 if bare else mention.number) * HOURS[unit]
        elapsed = Elapsed(*pair, "hour") if has_clock(draft, *pair) else Elapsed(*pair)
        test = Condition(elapsed, sign, (plain(hours if elapsed.unit == "hour" else hours / 24),))
        draft.where.append(test)
        draft.placed[test] = at
        draft.flags["two columns"] = "length"
        draft.use(at, *words_of(draft, at))


def words_of(draft: Draft, at: int) -> list[int]:
    """The places of the words that a length of time was read from."""
    said = draft.mentions
    around = [place for place in (at - 2, at - 1, at + 1, at + 2) if 0 <= place < len(said)]
    words = [place for place in around if said[place].asks("cmp") or said[place].asks("tail") or said[place].text.lower() in WITHIN]
    units = [place for place in around if SAID.fullmatch(said[place].text)]
    taken = [place for place, mention in enumerate(said) if mention.text.lower() in TAKEN]
    return words + units + taken + [place for place in range(len(said)) if word_date(draft, place) and not said[place].asks("group")]


WITHIN = ("within", "in", "inside", "内", "以内", "之内")


def sign_of(draft: Draft, at: int) -> Sign | None:
    """How a length is compared; None where it is not."""
    for place in (at - 1, at - 2):
        compared = (draft.asks(place, "cmp") or "").lstrip("abcdefghijklmnopqrstuvwxyz")
        if compared in ("<", ">", "<=", ">="):
            return compared  # type: ignore[return-value]
    tail = draft.asks(at + 1, "tail") or draft.asks(at + 2, "tail")
    if tail in ("<=", ">="):
        return tail  # type: ignore[return-value]
    before = draft.mentions[at - 1].text.lower() if at else ""
    after = draft.text[draft.mentions[at].end :].lstrip()
    within = before in ("within", "inside") or bool(re.match(r"(个?小时|天|分钟|周)(以|之)?内", after))
    return "<=" if within else None


def number_before(draft: Draft, at: int) -> bool:
    """Whether a column of numbers is what is compared."""
    near = range(max(0, at - 4), at)
    return any(draft.options(place, "number") and draft.mentions[place].columns[0].score > PLAINLY for place in near)


PLAINLY = 0.6  # of a link, from where on a column is what was said


def unit_after(draft: Draft, at: int) -> str:
    """The unit of time that follows a place; empty where none does."""
    found = SAID.match(draft.text, draft.mentions[at].end)
    return UNITS[found[1].lower().rstrip("s") if found[1].isascii() else found[1]] if found else ""


def slow(draft: Draft, said: str) -> Elapsed | None:
    """What the slowest or fastest rows of a table are ranked by: the time from its first moment to the one that ends it."""
    if said not in LONG:
        return None
    catalog = draft.catalog
    for table in draft.tables:
        ends = [field for field in catalog.fields(table) if catalog.is_date(field) and not is_limit(draft, field)]
        if len(ends) == 2 and (start := start_of(draft, ends[1])):
            return unit_between(draft, start, ends[1], "")
    return None


def in_time_unit(draft: Draft, target: Expression | Measure, at: int, value: float) -> float:
    """A length of time in the unit of its column: 3 hours are 180 where the header says minutes."""
    of = target.of if isinstance(target, Measure) else target
    said = unit_after(draft, at)
    if not isinstance(of, Field) or not said:
        return value
    header = (unit_of(of.column) or header_unit(of.column) or of.column.split("_")[-1]).lower().strip(" ()")
    unit = UNITS.get(header) or UNITS.get(header.rstrip("s"))
    if unit is None or unit == said:
        return value
    draft.use(*(place for place in (at + 1, at + 2) if place < len(draft.mentions) and SAID.fullmatch(draft.mentions[place].text)))
    return plain(value * HOURS[said] / HOURS[unit])
