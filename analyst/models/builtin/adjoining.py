"""Words that mean something by what stands beside them: a unit after a number, a name said twice, 'vs' between figures, 段 and 量."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import SAID, unit_held
from analyst.models.builtin.grouping import FEW
from analyst.models.builtin.headers import EXACT
from analyst.models.builtin.plan import Bin, Combined, Condition, Field, Measure, fields
from analyst.models.builtin.proportions import nice_width
from analyst.terms import ColumnMatch
from analyst.words.requests import Request
from analyst.words.units import unit_of

TOTALS = ("总额", "总和", "合计", "总计", "总数")
AGAIN = 0.5  # of a link of the second word


def read_adjoining(draft: Draft) -> None:
    """'The csat score' names the column csat; 'over 800 kg' tells the unit of a weight, not a weight to show."""
    draft.use(*(at for at, mention in enumerate(draft.mentions) if mention.kind == "column" and said_elsewhere(draft, at)))
    drop_replaced(draft)
    prefer_kinds(draft)
    read_asides(draft)
    read_marks_table(draft)
    if draft.language == "en":
        read_each_of(draft)
    for at in range(1, len(draft.mentions)):
        read_number(draft, at)
        if at in draft.used or draft.text[draft.mentions[at - 1].end : draft.mentions[at].start].strip():
            continue
        read_between(draft, at)
        read_word_after(draft, at)
        if draft.mentions[at].kind == "column":
            read_column_after(draft, at)


ASIDE = frozenset(("aside", "out", "apart"))
LEAVING = frozenset(("leaving", "leave", "setting", "putting"))
ROWS_SAID = frozenset(("line", "lines", "entry", "entries", "record", "records", "rows"))


def read_asides(draft: Draft) -> None:
    """'Leaving the seasonal stuff aside' is a not; 'all shops together' are told apart by nothing; 'lines' are rows."""
    for at, mention in enumerate(draft.mentions):
        said = mention.text.lower()
        if said in LEAVING and any(other.text.lower() in ASIDE for other in draft.mentions[at + 2 : at + 7]):
            draft.mentions[at] = replace(mention, kind="neg", requests=(Request("neg", "not"),))
        together = at + 2 < len(draft.mentions) and draft.mentions[at + 2].text.lower() in ("together", "combined")
        if said == "all" and together and draft.mentions[at + 1].kind in ("column", "table"):
            draft.use(at, at + 1, at + 2)
        before = draft.mentions[at - 1] if at else None
        counted = before is not None and (before.asks("count") or before.text.lower() in ("per", "the"))
        if said in ROWS_SAID and mention.kind == "column" and mention.columns[0].score < EXACT and counted:
            draft.mentions[at] = replace(mention, kind="rowword", columns=(), values=(), requests=(Request("rowword", "row"),))


def prefer_kinds(draft: Draft) -> None:
    """'最常见的缺陷', 'the most common defect': the kinds of it are meant, and not how many there were."""
    for at in range(1, len(draft.mentions)):
        before = next((place for place in (at - 1, at - 2) if place >= 0 and draft.mentions[place].text != "的"), 0)
        mention = draft.mentions[at]
        if mention.kind != "column" or not draft.asks(before, "frequent") or not is_number(draft, at):
            continue
        kinds = [match for match in mention.columns if match.column and not draft.catalog.is_number(Field(match.table, match.column))]
        if kinds:
            first = tuple(replace(match, score=mention.columns[0].score) for match in kinds)
            draft.mentions[at] = replace(mention, columns=(*first, *(match for match in mention.columns if match not in kinds)))


def drop_replaced(draft: Draft) -> None:
    """'Nights instead of money': what follows is what is not wanted any more; 'stays that started' are rows, not the nights of them."""
    for at in range(len(draft.mentions) - 2):
        mention, after = draft.mentions[at], draft.mentions[at + 1]
        if (mention.text.lower() == "instead" and after.text.lower() == "of") or mention.text.lower() in ("instead of", "rather than"):
            end = next((place for place in range(at, len(draft.mentions)) if draft.mentions[place].kind == "sign"), len(draft.mentions))
            draft.use(*range(at, end))
        rows = mention.kind == "column" and mention.columns[0].score < EXACT and mention.text.lower().endswith("s")
        if rows and is_number(draft, at) and after.text.lower() in ("that", "which") and draft.mentions[at + 2].kind == "word":
            draft.use(at)


def read_number(draft: Draft, at: int) -> None:
    """'Maximum number of minutes' is that of the minutes; 'the number and average pay of' counts rows too."""
    mention, before = draft.mentions[at], draft.mentions[at - 1]
    if mention.kind == "count" and mention.text.lower() in NUMBER_OF and before.kind in ("agg", "super") and is_number(draft, at + 1):
        draft.mentions[at] = replace(mention, kind="word", value="of", requests=())
    joined = at + 2 < len(draft.mentions) and (draft.asks(at + 1, "and") or draft.mentions[at + 1].text == ",")
    if mention.text.lower() in ("number", "count") and joined and draft.mentions[at + 2].kind == "agg":
        draft.measures.append(Measure("count"))
        draft.flags["counted too"] = "yes"
        draft.use(at, at + 1)


NUMBER_OF = ("number of", "the number of", "amount of")


def read_between(draft: Draft, at: int) -> None:
    """A word between two figures, a number after a comparison, 'on average' at the end."""
    mention = draft.mentions[at]
    if all(is_number(draft, place) for place in (at - 1, at + 1)):
        between(draft, at)
    spent = at > 1 and before_money(draft, at) and mention.kind == "column" and not is_number(draft, at)
    if spent and not draft.asks(at - 3, "each"):
        draft.use(at)  # spent on classes
    if mention.kind == "period" and mention.text.isdigit() and draft.asks(at - 1, "cmp") and is_number(draft, at - 2):
        draft.mentions[at] = replace(mention, kind="number", number=float(mention.text), period=None)  # co2 exceeded 1500
    if (
        mention.text.lower() in ("on average", "in average")
        and at > 2
        and len(draft.mentions) > 2
        and draft.mentions[1].text.lower() == "per"
    ):
        averaged_each(draft, at)


BANDS = frozenset(("group", "groups", "band", "bands", "bracket", "brackets", "range", "ranges", "bin", "bins"))


def read_word_after(draft: Draft, at: int) -> None:
    """A word right after a name or a number: 段, 总额, 'range', 量, a unit of time."""
    before, mention = draft.mentions[at - 1], draft.mentions[at]
    field = draft.options(at - 1, "number")[0][0] if is_number(draft, at - 1) else None
    banded = mention.text.lower() in BANDS and at > 1 and bool(draft.asks(at - 2, "group"))  # salary by age group
    if field and (mention.text == "段" or banded):
        column = draft.catalog.column(field)
        draft.group.append(Bin(field, nice_width(column.minimum, column.maximum)))  # 各年龄段
        draft.use(at - 1, at, *([at - 2] if banded else []))
        return
    if mention.kind == "money" and before.kind == "column" and field is None and is_modifier(draft, at):
        draft.use(at - 1)  # class takings per quarter
    if field and mention.text in TOTALS and before.columns[0].score >= EXACT:
        draft.measures.append(Measure("sum", field))
        draft.use(at - 1, at)
    if field and mention.text.lower() == "range":
        draft.measures += [Measure("min", field), Measure("max", field)]
        draft.use(at - 1, at)
    if mention.text == "量" and before.kind == "table":
        draft.mentions[at] = replace(mention, kind="count", requests=(Request("count", "rows"),))  # 就诊量
    if field and mention.text.lower() in LENGTHS and unit_held(field):
        draft.use(at)  # first reply time, of firstReplyMin
    stated = before.kind == "column" and bool(before.values) and before.values[0].score >= STATE
    if stated and mention.kind == "table" and mention.columns[0].table == before.values[0].table and before.columns[0].score < EXACT:
        draft.mentions[at - 1] = replace(before, kind="value", value="", requests=(), columns=())  # the oldest open ticket
    if before.kind == "grain" and before.values and mention.kind == "table" and mention.columns[0].table == before.values[0].table:
        draft.mentions[at - 1] = replace(before, kind="value", value="", requests=())  # annual leave, of a kind called Annual
    if before.kind == "grain" and mention.kind == "column" and says_pace(draft, at):
        draft.use(at - 1)  # hourly pay, where the header says hourly_wage
    if before.kind == "number" and mention.kind == "grain" and is_bound(draft, at - 1):
        draft.use(at)  # 耗时超过24小时 is no group of hours


KNOWN = 0.8  # of a link with a header
STATE = 0.75  # of a link with a cell that says in which state rows are
LENGTHS = ("time", "times", "duration", "length")


def says_pace(draft: Draft, at: int) -> bool:
    """Whether the header of the column at a place holds the unit of time said before it, as 'Monthly Rent' does in 'monthly rent'."""
    said, match = draft.mentions[at - 1].text.lower(), draft.mentions[at].columns[0]
    return bool(match.column) and " " not in said and said in header_words(match.column)


def header_words(header: str) -> list[str]:
    """The words of a header in lower case, as they are written."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", header)]


def before_money(draft: Draft, at: int) -> bool:
    """Whether 'on' or 'for' and a word of money stand before a place, which then says what the money was for."""
    return draft.mentions[at - 1].text.lower() in ("on", "for") and draft.mentions[at - 2].kind == "money" and draft.language == "en"


def is_modifier(draft: Draft, at: int) -> bool:
    """Whether the column right before a word of money says of what the money is, where rows are grouped by something else."""
    groups = any(mention.asks("group") or mention.kind == "grain" for mention in draft.mentions[at + 1 :])
    return draft.language == "en" and groups and not (draft.asks(at - 2, "group") or draft.asks(at - 2, "which"))


def read_column_after(draft: Draft, at: int) -> None:
    """A column that a word before it makes a group, a bound, a unit or a name said twice."""
    before, mention = draft.mentions[at - 1], draft.mentions[at]
    if before.text.lower() in ("number of", "the number of") and draft.asks(at - 2, "group") == "by" and few(draft, at):
        draft.group.append(draft.options(at, "number")[0][0])
        draft.use(at - 2, at - 1, at)  # 'by number of bedrooms' groups by them
        return
    if draft.asks(at - 1, "cmp") == "<" and (reorder := reordered(draft, at)):
        draft.where.append(reorder)
        draft.flags["two columns"] = "bound"
        draft.use(at - 1, at)
    if before.text.startswith(("多少", "几")) and is_number(draft, at) and at - 1 not in draft.used:
        field = draft.options(at, "number")[0][0]
        if draft.catalog.adds_up(field) and mention.columns[0].score >= KNOWN:
            draft.measures.append(Measure("sum", field))  # 查出多少件不良品
            draft.use(at - 1, at, *(place for place in range(at - 1) if draft.asks(place, "agg") == "sum"))
            return
    if before.text == "平均每" and is_number(draft, at) and draft.catalog.adds_up(draft.options(at, "number")[0][0]):
        draft.flags.setdefault("per", str(at))  # 平均每公里收多少配送费
        draft.use(at - 1, at)
        return
    best = mention.columns[0]
    if (before.kind == "number" and unit_of(best.column) == mention.text.lower()) or says_again(before.columns, best):
        draft.use(at)


def is_number(draft: Draft, at: int) -> bool:
    """Whether a column of numbers stands at a place."""
    return 0 <= at < len(draft.mentions) and draft.mentions[at].kind == "column" and bool(draft.options(at, "number"))


def reordered(draft: Draft, at: int) -> Condition | None:
    """'Below reorder level': what is in stock against the level from which on more is ordered."""
    field = draft.column(at, "number")
    stocks = draft.catalog.named("stock", [field.table], number=True) if field and "reorder" in draft.catalog.concepts(field) else []
    return Condition(stocks[0], "<", (field,)) if field and stocks and stocks[0] != field else None


def said_elsewhere(draft: Draft, at: int) -> bool:
    """Whether a word is only near in meaning to a column whose very header is said elsewhere: homes with 4 bedrooms."""
    best = draft.mentions[at].columns[0]
    others = (other.columns[0] for place, other in enumerate(draft.mentions) if place != at and other.kind == "column")
    rows = draft.mentions[at].text.lower().endswith("ed") or bool(draft.asks(at - 1, "count"))
    verb = best.score < EXACT and rows  # who stayed more than 20 nights, how many stays of over 10 nights
    return (verb or LOOSE[0] < best.score < LOOSE[1]) and any(
        (one.table, one.column) == (best.table, best.column) and one.score >= EXACT for one in others
    )


LOOSE = (0.64, 0.76)  # of links that are made by meaning alone


def few(draft: Draft, at: int) -> bool:
    """Whether a place names a column of few different numbers."""
    field = draft.options(at, "number")[0][0] if is_number(draft, at) else None
    return field is not None and draft.catalog.column(field).distinct <= FEW


def between(draft: Draft, at: int) -> None:
    """What stands between two columns of numbers: 'vs' names both, 'minus' takes the second from the first."""
    mention = draft.mentions[at]
    if mention.text.lower() in ("minus", "less", "减", "减去"):
        first, second = (draft.column(place, "sum") for place in (at - 1, at + 1))
        if first and second:
            draft.measures.append(Combined(Measure("sum", first), "-", Measure("sum", second)))
            draft.use(at - 1, at, at + 1)
    elif mention.asks("compare"):
        draft.mentions[at] = replace(mention, kind="to", requests=(Request("and", "and"),))


def read_each_of(draft: Draft) -> None:
    """'Average raised per donor for each donor type': what each donor gave, on average, told apart by their types."""
    for at in range(2, len(draft.mentions) - 1):
        if draft.mentions[at].text.lower() != "per" or draft.mentions[at + 1].kind != "table":
            continue
        last = at - 2 if draft.mentions[at - 1].kind == "table" and draft.mentions[at - 2].text.lower() == "of" else at
        said = next((place for place in (last - 1, last - 2) if draft.mentions[place].kind == "money" or is_number(draft, place)), None)
        averaged = said is not None and draft.asks(said - 1, "agg") == "avg"
        apart = any(mention.asks("group") for mention in draft.mentions[at + 2 :])
        key = next(iter(draft.catalog.identifiers(draft.table(at + 1) or "")), None)
        if said is None or not averaged or key is None:
            continue
        if not apart and not (is_number(draft, said) and draft.catalog.adds_up(draft.options(said, "number")[0][0])):
            continue
        amount = draft.catalog.money(draft.all_tables) if draft.mentions[said].kind == "money" else draft.column(said, "number")
        if amount is not None and {field.table for field in fields(amount)} != {key.table}:
            draft.measures.append(Combined(Measure("sum", amount), "/", Measure("count_distinct", key)))
            draft.use(*range(said - 1, at + 2))


def read_marks_table(draft: Draft) -> None:
    """'各科成绩' over a table of that name: the marks in it are asked for, and not how many rows it has."""
    grouped = any(mention.asks("group") for mention in draft.mentions)
    if not grouped or any(mention.kind == "count" or mention.asks("super") for mention in draft.mentions):
        return
    for at, mention in enumerate(draft.mentions):
        table = draft.table(at) if mention.kind == "table" else None
        figures = [match for match in mention.columns if match.table == table and match.column and match.score >= KNOWN]
        numbers = [match for match in figures if draft.catalog.is_measure(Field(match.table, match.column))]
        if numbers and not draft.catalog.adds_up(Field(numbers[0].table, numbers[0].column)):
            draft.mentions[at] = replace(mention, kind="column", columns=(replace(numbers[0], score=1.0),))


def averaged_each(draft: Draft, at: int) -> None:
    """'Orders per customer on average': how many there are of each, on average."""
    rest = [mention for mention in draft.mentions[at + 1 :] if mention.kind != "sign"]
    if draft.mentions[0].kind == "table" and draft.mentions[2].kind in ("table", "column") and not rest:
        table = draft.table(0) or ""
        draft.measures.append(Measure("count", next(iter(draft.catalog.identifiers(table)), None)))
        draft.tables.append(table)
        draft.flags["averages each"] = str(at)
        draft.use(0, at)


def is_bound(draft: Draft, at: int) -> bool:
    """Whether a number is what something is compared with, in a unit of time."""
    compared = draft.asks(at - 1, "cmp") or draft.asks(at + 2, "tail")
    return bool(compared) and bool(SAID.match(draft.text, draft.mentions[at].end))


def says_again(first: tuple[ColumnMatch, ...], second: ColumnMatch) -> bool:
    """Whether a name's very header is followed by a word that means the same column and no other word's header."""
    same = bool(first) and (first[0].table, first[0].column) == (second.table, second.column)
    return same and first[0].score >= EXACT > second.score >= AGAIN
