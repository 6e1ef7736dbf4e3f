"""Reads events that are a day in a row: sign-ups are members by the day they joined, cancellations by the day they cancelled."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention, overlapping
from analyst.models.builtin.plan import Condition, Field, fields
from analyst.terms import ColumnMatch
from analyst.words.tokens import stem

EVENTS = (
    (
        re.compile(
            r"\b(?:new\s+)?(?:sign[- ]?ups?|registrations?|enrol?lments?|joiners?|starters?)\b|新注册|新入会|新加入|注册数|注册量|入会数",
            re.I,
        ),
        ("join", "sign", "regist", "enrol", "since", "start", "hire"),
        ("注册", "入会", "加入", "开户", "入职", "报名"),
    ),
    (
        re.compile("(?:新)?(?:招|报|签)(?:收|进|来|到)?了?(?=多少|几[个名位])|(?<=多少人)(?:报|签)|(?<=几个人)(?:报|签)"),
        ("enrol", "sign", "join", "hire"),
        ("报名", "注册", "入会", "签约", "入职", "加入"),
    ),
    (
        re.compile(r"\b(?:cancell?ations?|leavers?|drop-?outs?|departures?)\b|退会数|退订数|注销数|取消数|离职人数", re.I),
        ("cancel", "left", "leave", "end", "closed", "churn"),
        ("取消", "退会", "退订", "注销", "离职"),
    ),
)
"""Words for events, and the beginnings and parts of the headers of the days on which they happen."""


def with_events(row: list[Mention], text: str, catalog: Catalog) -> list[Mention]:
    """The row with words for an event as the table whose rows tell its day, and that day as the value; only where nothing is called so."""
    changed = list(row)
    for form, roots, parts in EVENTS:
        for found in form.finditer(text):
            inside = overlapping(row, *found.span())
            rated = bool(inside) and any(row[at].asks("share") for at in range(inside[-1] + 1, min(inside[-1] + 2, len(row))))
            free = bool(inside) and not rated and not any(holds(row[at]) for at in inside)
            day = day_of(catalog, roots, parts) if free else None
            if day is None:
                continue
            match = ColumnMatch(found[0], found.start(), day.table, "", 1.0)
            first, last = row[inside[0]], row[inside[-1]]
            changed[inside[0]] = Mention("table", found[0], first.start, last.end, value=day.column, columns=(match,))
            for at in inside[1:]:
                changed[at] = Mention("word", "the", row[at].start, row[at].end, value="the")
    return changed


def read_happened(draft: Draft) -> None:
    """'Leavers by department': only the rows in which the event has a day."""
    for mention in draft.mentions:
        day = Field(mention.columns[0].table, mention.value) if mention.kind == "table" and mention.value and mention.columns else None
        if day is None or not draft.catalog.has(day) or not draft.catalog.is_date(day) or not draft.catalog.column(day).missing:
            continue
        if not any(day in fields(test) for test in (*draft.period_tests, *draft.where)):
            draft.where.append(Condition(day, "not null"))


def with_rows_named(row: list[Mention], catalog: Catalog) -> list[Mention]:
    """The row with 'tickets opened' in two, over a table of tickets with a date Opened: the rows, and what was done with them."""
    found: list[Mention] = []
    for mention in row:
        first, _, rest = mention.text.partition(" ")
        best = mention.columns[0] if mention.kind == "column" and rest else None
        dated = best is not None and bool(best.column) and catalog.is_date(Field(best.table, best.column))
        if best is None or not dated or stem(first.lower()) != stem(best.table.lower()) or not rest.lower().endswith("ed"):
            found.append(mention)
            continue
        cut = mention.start + len(first)
        rows = ColumnMatch(first, mention.start, best.table, "", 1.0)
        found.append(Mention("table", first, mention.start, cut, columns=(rows,)))
        own = replace(best, words=rest, start=mention.end - len(rest), score=1.0)
        found.append(replace(mention, text=rest, start=mention.end - len(rest), columns=(own, *mention.columns[1:])))
    return found


def holds(mention: Mention) -> bool:
    """Whether a table, a column or a cell is called by the words of a mention."""
    return mention.kind == "value" or (mention.kind in ("table", "column") and mention.columns[0].score >= WHOLE)


WHOLE = 0.9  # of a link with a header


def day_of(catalog: Catalog, roots: tuple[str, ...], parts: tuple[str, ...]) -> Field | None:
    """The one date whose header holds the first of these words that any header holds."""
    dates = [field for field in catalog.fields() if catalog.is_date(field)]
    for root in roots:
        called = [field for field in dates if any(word.startswith(root) for word in words_of(field))]
        if called:
            return called[0] if len(called) == 1 else None
    for part in parts:
        named = [field for field in dates if part in field.column]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def words_of(field: Field) -> list[str]:
    """The words of a header in lower case."""
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field.column).lower())
