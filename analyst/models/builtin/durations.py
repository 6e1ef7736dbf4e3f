"""Lengths of time that a question says: 'resolved within 24 hours', 'took more than 2 days', 'a response time over 3 hours'."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.columns.headers import header_unit
from analyst.models.builtin.deeds import LONG, is_limit, ordered, start_of, two_dates, word_date
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.elapsing import has_clock, unit_between
from analyst.models.builtin.numbers import plain
from analyst.models.builtin.plan import Condition, Elapsed, Expression, Field, Measure, Sign
from analyst.words.units import unit_of

HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "fortnight": 336.0}
"""How long a unit is."""
UNITS = {
    **{name: name for name in HOURS},
    **{"sec": "second", "min": "minute", "hr": "hour", "h": "hour", "秒": "second", "分": "minute", "分钟": "minute"},
    **{
        "小时": "hour",
        "个小时": "hour",
        "天": "day",
        "日": "day",
        "周": "week",
        "个星期": "week",
        "night": "day",
        "晚": "day",
        "夜": "day",
    },
}
SAID = re.compile(
    r"\s*(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|fortnights?|秒|分钟|个?小时|天|周|个星期|晚|夜)(?![A-Za-z])",
    re.IGNORECASE,
)
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
        pair = two_dates(draft, list(dict.fromkeys(named))) or own_pair(draft, at) if unit and sign else None
        if not pair or not sign or number_before(draft, at):
            continue
        hours = (1 if bare else mention.number) * HOURS[unit]
        elapsed = Elapsed(*pair, "hour") if has_clock(draft, *pair) else Elapsed(*pair)
        test = Condition(elapsed, sign, (plain(hours if elapsed.unit == "hour" else hours / 24),))
        draft.where.append(test)
        draft.placed[test] = at
        draft.flags["two columns"] = "length"
        draft.use(at, *words_of(draft, at))


def own_pair(draft: Draft, at: int) -> tuple[Field, Field] | None:
    """The two moments between which the rows of the one table that is named lie, where no column tells how long that is."""
    home = draft.table(next((place for place in range(at) if draft.mentions[place].kind == "table"), -1)) if at else None
    moments = [field for field in draft.catalog.fields(home) if has_clock(draft, field, field)] if home else []
    if len(moments) != 2 or lasting(draft, at) or any(is_limit(draft, field) for field in moments):
        return None
    return (moments[0], moments[1]) if ordered(draft, *moments) else None


def lasting(draft: Draft, place: int) -> Field | None:
    """The one column in a unit of time, of the tables that are named, where a length of time is said: nights for 'two weeks'."""
    said = unit_after(draft, place)
    fields = [field for table in draft.tables or draft.all_tables for field in draft.catalog.fields(table)] if said else []
    numbers = [field for field in fields if draft.catalog.is_number(field) and not draft.catalog.is_time(field)]
    found = [field for field in numbers if (unit := unit_held(field)) and HOURS[unit] <= HOURS[said] and is_spoken_of(draft, field)]
    return found[0] if len(found) == 1 else None


def is_spoken_of(draft: Draft, field: Field) -> bool:
    """Whether a header says nothing but a length of time, or the question says what else it does: 'an hour late' of mins_late."""
    rest = [word for word in re.findall(r"[a-z]+", field.column.lower()) if word not in PLAIN and word.rstrip("s") not in UNITS]
    return not rest or any(re.search(rf"\b{word[:FORM]}", draft.text, re.IGNORECASE) for word in rest)


PLAIN = frozenset(("duration", "time", "length", "taken", "total", "number", "of"))
FORM = 4  # letters that forms of a word share


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
    unit = unit_held(of)
    if unit is None or unit == said:
        return value
    draft.use(*(place for place in (at + 1, at + 2) if place < len(draft.mentions) and SAID.fullmatch(draft.mentions[place].text)))
    return plain(value * HOURS[said] / HOURS[unit])


def unit_held(field: Field) -> str | None:
    """The unit of time that a column of numbers is in, as its header says: Nights, days_late, 时长(分钟)."""
    parts = re.split(r"[_\s]|(?<=[a-z])(?=[A-Z])", field.column)
    names = (unit_of(field.column) or header_unit(field.column) or parts[-1], parts[0])
    bare = (name.lower().strip(" ()") for name in names)
    return next((unit for name in bare if (unit := UNITS.get(name) or UNITS.get(name.rstrip("s")))), None)


def read_bare_lengths(draft: Draft) -> None:
    """'A week or longer', 'more than an hour': the length is that of one unit."""
    for at, mention in enumerate(draft.mentions):
        if (
            mention.text.lower() in ("a", "an")
            and at not in draft.used
            and unit_after(draft, at)
            and (sign_of(draft, at) or sign_of(draft, at - 1))
        ):
            half = at > 0 and draft.mentions[at - 1].text.lower() == "half"
            draft.mentions[at] = replace(mention, kind="number", number=0.5 if half else 1)
            if half:
                draft.mentions[at - 1] = replace(draft.mentions[at - 1], kind="word", value="the", requests=())
