"""What is done to a row and when: the date columns that words such as 'shipped', 'late' or 'from order to delivery' speak of."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.elapsing import unit_between
from analyst.models.builtin.plan import Aggregate, Condition, Field, Measure
from analyst.words.tokens import is_chinese

ROOT = 4  # letters that forms of a word share: ship, shipped, shipping
LIMITS = frozenset((
    "due", "required", "expected", "promised", "deadline", "planned", "scheduled", "estimated", "target", "应", "预计", "计划",
    "要求", "截止", "到期",
))  # fmt: skip
"""Words of headers of days by which something is to be done."""
DATE_WORDS = frozenset(["date", "time", "day", "at", "on", "日期", "时间", "日"])
SPANS = frozenset(
    (
        "how long",
        "how many day",
        "lead time",
        *["day", "days", "time", "duration", "turnaround", "多久", "多长时间", "几天", "多少天", "天数", "时长", "耗时", "间隔"],
    )
)
"""Words that ask for the time between two days."""
LONG = dict.fromkeys(["longest", "slowest", "最久", "最慢", "最长"], True) | dict.fromkeys(
    ["shortest", "fastest", "quickest", "最快", "最短"], False
)
"""Superlatives of times, and whether they ask for the most of it."""
AGGREGATES: tuple[Aggregate, ...] = ("max", "min", "median", "avg")


def root(word: str) -> str:
    """What forms of a word have in common."""
    return word if is_chinese(word[:1]) else word.lower()[:ROOT]


BASE_FORMS = {"left": "leave", "quit": "leave", "sent": "send", "began": "begin", "begun": "begin", "paid": "payment", "bought": "purchase"}
"""Forms of verbs whose headers begin otherwise."""


def date_of(draft: Draft, word: str, tables: set[str] | None = None) -> Field | None:
    """The date column that tells when what a word says was done; limits set for it tell no such thing."""
    word = BASE_FORMS.get(word.lower(), word)
    if len(word) < (2 if is_chinese(word[:1]) else ROOT):
        return None
    for field in dates(draft, tables):
        own = [part for part in draft.catalog.words(field) if part not in DATE_WORDS]
        same = word in field.column if is_chinese(word[:1]) else any(root(part) == root(word) for part in own)
        if same and not is_limit(draft, field):
            return field
    return None


def dates(draft: Draft, tables: set[str] | None = None) -> list[Field]:
    """The columns of days and moments, in the order of their tables."""
    catalog = draft.catalog
    return [field for field in catalog.fields() if catalog.is_date(field) and (not tables or field.table in tables)]


def is_limit(draft: Draft, field: Field) -> bool:
    """Whether a column holds the days by which something is to be done."""
    return any(word in LIMITS for word in draft.catalog.words(field)) or any(part in field.column for part in LIMITS if is_chinese(part))


def limit_of(draft: Draft, done: Field | None) -> Field | None:
    """The column of the days by which it is to be done; None where there is none or several."""
    found = [field for field in dates(draft, {done.table} if done else None) if is_limit(draft, field)]
    return found[0] if len(found) == 1 else None


def start_of(draft: Draft, end: Field) -> Field | None:
    """The day on which what ends on another day began: the column of days of the same rows that lies before it."""
    low = draft.catalog.column(end).minimum
    others = [field for field in dates(draft, {end.table}) if field != end and not is_limit(draft, field)]
    before = [field for field in others if str(draft.catalog.column(field).minimum) <= str(low)]
    return before[0] if before else None


def read_deeds(draft: Draft) -> None:
    """Tests and times that two date columns of a row answer."""
    read_late(draft)
    read_before_or_after(draft)
    read_undone(draft)
    read_elapsed(draft)


def read_late(draft: Draft) -> None:
    """'Shipped late', 'delivered on time'."""
    for at, mention in enumerate(draft.mentions):
        said = draft.text[mention.start : mention.end + 5].lower()
        late = mention.text.lower() in ("late", "too late", "overdue", "迟到", "延迟", "逾期", "晚了")
        if mention.kind != "value" and (late or said.startswith("on time")):
            beside = () if mention.text.lower() == "overdue" else (at - 1, at - 2, at + 1)
            done = next((field for place in beside if (field := word_date(draft, place))), None)
            limit = limit_of(draft, done)
            done = done or (end_beside(draft, limit) if limit else None)
            if done and limit:
                add(draft, Condition(done, ">" if late else "<=", (limit,)), at, *(range(at - 2, at)), *([at + 1] if not late else []))


def end_beside(draft: Draft, limit: Field) -> Field | None:
    """The last day of a row, where it also has a day by which it should be."""
    others = [field for field in dates(draft, {limit.table}) if not is_limit(draft, field)]
    return others[-1] if len(others) > 1 else None


def word_date(draft: Draft, at: int, tables: set[str] | None = None) -> Field | None:
    """The date column of the word at a place."""
    if not 0 <= at < len(draft.mentions) or draft.is_filler(at):
        return None
    mention = draft.mentions[at]
    told = next((field for word in mention.text.lower().split() if (field := date_of(draft, word, tables))), None)
    if told or mention.kind != "column" or mention.text.isascii():
        return told
    named = [field for field, _ in draft.options(at, "time") if draft.catalog.is_date(field) and not is_limit(draft, field)]
    return next((field for field in named if not tables or field.table in tables), None)


IRREGULAR = frozenset(("sold", "bought", "paid", "sent", "left", "built", "made", "held", "won", "lost"))


def deed_before(draft: Draft, at: int) -> Field | None:
    """The date column of the verb before a place: 'cancelled in 2024', 'members who started per month'."""
    for place in range(at - 1, max(-1, at - 4), -1):
        if not draft.is_filler(place):
            said = draft.mentions[place].text.lower()
            done = said.endswith(("ed", "en", "ing")) or said in IRREGULAR or draft.language == "zh"
            return word_date(draft, place) if done and draft.mentions[place].kind in ("word", "column", "money") else None
    return None


def read_before_or_after(draft: Draft) -> None:
    """'Shipped after the due date': one day of a row against another."""
    for at in list(draft.free("cmp")):
        sign = (draft.asks(at, "cmp") or "").removeprefix("date")
        right = draft.next_to(at, 1, 2, lambda place: draft.mentions[place].kind == "column" and bool(draft.options(place, "time")))
        other = draft.column(right, "time") if right is not None else None
        if sign not in (">", "<") or other is None or not draft.catalog.is_date(other):
            continue
        found = [(place, word_date(draft, place, {other.table})) for place in (at - 1, at - 2)]
        place, done = next(((place, field) for place, field in found if field and field != other), (at, None))
        if done:
            assert right is not None
            add(draft, Condition(done, sign, (other,)), at, right, place)  # type: ignore[arg-type]


def read_undone(draft: Draft) -> None:
    """'Not yet shipped': rows without the day on which it was done."""
    for at in list(draft.free("neg")):
        after = [place for place in range(at + 1, min(at + 4, len(draft.mentions))) if not draft.is_filler(place)]
        past = [place for place in after[:2] if is_past(draft, place)]
        done = [place for place in past if word_date(draft, place)]
        field = word_date(draft, done[0]) if done else None
        if field and draft.catalog.column(field).missing:
            add(draft, Condition(field, "is null"), at, done[0])
            draft.flags["told"] = "undone"
    dated = any(mention.kind == "period" for mention in draft.mentions)
    for at, mention in enumerate(draft.mentions):
        if dated or not at or at in draft.used or mention.text.lower() not in ("left", "quit"):
            continue
        field = word_date(draft, at) if draft.mentions[at - 1].text.lower() in ("have", "has", "had", "who", "that", "already") else None
        if field and draft.catalog.column(field).missing:
            add(draft, Condition(field, "not null"), at)
            draft.flags["told"] = "done"


def is_past(draft: Draft, at: int) -> bool:
    """Whether a word can be what was done."""
    said = draft.mentions[at].text.lower()
    return said.endswith(("ed", "en", "id")) or said in BASE_FORMS or draft.language == "zh"


def add(draft: Draft, test: Condition, *places: int) -> None:
    """Note a test, and the words it was read from."""
    draft.where.append(test)
    draft.placed[test] = places[0]
    draft.flags["two columns"] = "test"
    kept = ("table", "count", "which", "list")
    draft.use(*(place for place in places if 0 <= place < len(draft.mentions) and draft.mentions[place].kind not in kept))


def read_elapsed(draft: Draft) -> None:
    """'Days from order to shipping', 'how long does shipping take', 'took the longest to ship'."""
    places = [at for at in range(len(draft.mentions)) if at not in draft.used and asks_span(draft, at)]
    named = [(at, field) for at in range(len(draft.mentions)) if at not in draft.used and (field := word_date(draft, at))]
    pair = two_dates(draft, list(dict.fromkeys(field for _, field in named))) if places else None
    pair = pair or (only_pair(draft) if places else None)
    pair = pair or (stay(draft) if places or STAYS.search(draft.text) else None)
    apart = len({field for _, field in named}) > 1  # 'between booking and appointment'
    bound = PLAINLY if apart else NAMED
    if pair is None or any(draft.options(at, "number") and draft.mentions[at].columns[0].score > bound for at in places):
        return
    said = " ".join(draft.mentions[at].text.lower() for at in places)
    draft.elapsed = unit_between(draft, *pair, said)
    draft.flags["two columns"] = "elapsed"
    draft.use(*(at for at in places if not draft.asks(at, "super")), *(at - 1 for at in places if draft.asks(at - 1, "count")))
    draft.use(*(at for at, field in named if field in pair and not draft.asks(at, "count") and not draft.asks(at - 1, "group")))
    averages = [at for at, mention in enumerate(draft.mentions) if mention.asks("agg") == "avg"]
    draft.flags |= {"averaged": "yes"} if averages else {}
    draft.use(*averages, *(at for at, mention in enumerate(draft.mentions) if mention.text.lower() in TAKES))
    if not any(mention.asks("super") for mention in draft.mentions):
        asked = {mention.asks("agg") for mention in draft.mentions}
        draft.measures.append(Measure(next((kind for kind in AGGREGATES if kind in asked), "avg"), draft.elapsed))


def only_pair(draft: Draft) -> tuple[Field, Field] | None:
    """The days on which something began and ended, where the tables that are named, or all, hold just one such pair beside limits."""
    named = {table for at, mention in enumerate(draft.mentions) if mention.kind == "table" and (table := draft.table(at))}
    tables = {table.name for table in draft.catalog.schema.tables}
    pairs = {table: pair for table in tables if (pair := pair_of(draft, table))}
    found = [pair for table, pair in pairs.items() if table in named] or list(pairs.values())
    return found[0] if len(found) == 1 else None


def pair_of(draft: Draft, table: str) -> tuple[Field, Field] | None:
    """The days on which a row of a table began and ended; None where it has others beside limits."""
    days = [field for field in dates(draft, {table}) if not is_limit(draft, field)]
    apart = len(days) == 2 and draft.catalog.is_ending(days[1]) and not draft.catalog.is_ending(days[0])
    return (days[0], days[1]) if apart and "birth date" not in draft.catalog.concepts(days[0]) else None


STAYS = re.compile(r"^(?!.*how many (?!days|nights)).*\bstay(?:s|ed|ing)?\b", re.IGNORECASE)


def stay(draft: Draft) -> tuple[Field, Field] | None:
    """The days on which something that lasts begins and ends, where one table holds both."""
    if "stay" not in draft.text.lower() and not any(word in draft.text for word in ("住院", "入住", "住了")):
        return None
    pairs = (
        (start, end)
        for start in dates(draft)
        for opening, closing in ENDS
        if opening in start.column.lower()
        for end in dates(draft, {start.table})
        if closing in end.column.lower()
    )
    return next(pairs, None)


ENDS = (
    ("admi", "disch"), ("check in", "check out"), ("checkin", "checkout"), ("check_in", "check_out"), ("arriv", "depart"),
    ("start", "end"), ("start", "cancel"), ("join", "cancel"), ("join", "left"), ("hire", "terminat"), ("hire", "left"), ("入院", "出院"),
    ("入职", "离职"), ("入住", "离店"), ("入住", "退房"), ("开始", "结束"),
)  # fmt: skip
"""Parts of headers of the days on which a stay begins and ends."""


def two_dates(draft: Draft, named: list[Field]) -> tuple[Field, Field] | None:
    """The days between which a time passes: two that are named, else the one that is named and the one that begins it."""
    for one in named:
        later = next((other for other in named if one.table == other.table and one != other and ordered(draft, one, other)), None)
        if later:
            return one, later
    return next(((start, end) for end in named if (start := start_of(draft, end))), None)


TAKES = frozenset(["stay", "stayed", "length", "take", "takes", "took", "need", "needed", "last"])
PLAINLY = 0.9  # of a link, where two days are named that the time could lie between
NAMED = 0.5  # of a link, from where on a column of numbers is what is asked for


def ordered(draft: Draft, start: Field, end: Field) -> bool:
    """Whether one column of days lies before another."""
    first, second = draft.catalog.column(start), draft.catalog.column(end)
    return (str(first.minimum), str(first.maximum)) < (str(second.minimum), str(second.maximum))


def asks_span(draft: Draft, at: int) -> bool:
    """Whether the words at a place ask for the time between two days."""
    said = draft.mentions[at].text.lower()
    if said in LONG or said in ("the longest", "the shortest"):
        return "stay" in draft.text.lower() or any(place != at and word_date(draft, place) for place in range(len(draft.mentions)))
    if said == "long":
        return at > 0 and draft.mentions[at - 1].text.lower() == "how"
    if draft.language == "zh" and (said in ("几天", "多少天") or draft.text[draft.mentions[at].start :].startswith(("多久", "多长时间"))):
        return any(word_date(draft, place) for place in range(len(draft.mentions)))
    to_do = said in ("hours", "minutes") and draft.mentions[min(at + 1, len(draft.mentions) - 1)].text.lower() == "to"
    return said in SPANS or to_do or (said.removesuffix("s") in ("day", "year") and joins_two(draft, at))


def joins_two(draft: Draft, at: int) -> bool:
    """Whether 'from', 'between', 'until' or 'to' follows."""
    return any(mention.text.lower() in ("from", "between", "until", "till", "to", "before") for mention in draft.mentions[at + 1 : at + 5])
