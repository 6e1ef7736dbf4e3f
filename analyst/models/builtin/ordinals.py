"""Reads ordinals: fourth grade pupils, and ranks other than the first ('the second highest salary', 工资第二高的员工, 排名第三)."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.headers import EXACT
from analyst.models.builtin.mentions import overlapping
from analyst.models.builtin.plan import Condition, Field, Measure, Order, Plan
from analyst.words.requests import Request

SUFFIXES = ("", "st", "nd", "rd", "th")
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12,
}  # fmt: skip
LAST_ORDINAL = 20  # of a column whose numbers are counted through, such as grades and rounds
NTH = re.compile(rf"\b(?:(?P<word>{'|'.join(ORDINALS)})|(?P<number>\d+)(?:st|nd|rd|th))[\s-]+$", re.IGNORECASE)
NTH_ZH = re.compile(r"第(?P<number>[二三四五六七八九十]|\d+)(?:名)?(?:(?P<most>高|多|大|长|贵|好)|(?P<least>低|少|小|短|便宜|差))")
RANKED_ZH = re.compile(r"(?:排名?|位居|位列|名列)在?第(?P<number>[二三四五六七八九十]|\d+)(?:名|位)?")
DIGITS_ZH = "零一二三四五六七八九十"
QUALITIES_ZH = {"贵": "price:", "便宜": "price:"}
LAST = 100  # rank that is asked for in words


def read_ordinals(draft: Draft) -> None:
    """'Fourth grade pupils', 'in the 2nd round': which number a column of few numbers holds."""
    for at, mention in enumerate(draft.mentions):
        suffixed = mention.kind == "number" and ORDINAL.match(draft.text, mention.end)
        number = int(mention.number) if suffixed else ORDINALS.get(mention.text.lower(), 0)
        column = next((place for place in range(at + 1, len(draft.mentions)) if draft.mentions[place].kind == "column"), None)
        between = draft.text[mention.end : draft.mentions[column].start] if column is not None else ""
        if not number or column is None or draft.mentions[column].text.lower().endswith("s") or between.strip(" -").lower() not in SUFFIXES:
            continue
        field = draft.column(column, "number")
        numbers = draft.catalog.column(field) if field else None
        low, high = (numbers.minimum, numbers.maximum) if numbers else (None, None)
        bounded = isinstance(low, (int, float)) and isinstance(high, (int, float)) and 0 <= low <= number <= high <= LAST_ORDINAL
        if field and bounded and draft.mentions[column].columns[0].score >= EXACT:
            test = Condition(field, "=", (number,))
            draft.where.append(test)
            draft.placed[test] = at
            for place in range(at, column + 1):
                draft.mentions[place] = replace(draft.mentions[place], kind="word", value="the", requests=(), columns=(), number=0)
            draft.use(*range(at, column + 1))


def read_nth(draft: Draft) -> None:
    """Note which rank is meant; in Chinese the words become a superlative."""
    if draft.language == "zh":
        read_nth_zh(draft)
        return
    for at, mention in enumerate(draft.mentions):
        found = NTH.search(draft.text[: mention.start]) if mention.asks("super") else None
        rank = (ORDINALS[found["word"].lower()] if found["word"] else int(found["number"])) if found else 1
        if found and 1 < rank <= LAST:
            draft.flags["nth"] = str(rank)
            draft.use(*(place for place in range(at) if draft.mentions[place].start >= found.start()))
            return


def read_nth_zh(draft: Draft) -> None:
    """第二高 and 排名第二 as the superlative that they count on from."""
    found = NTH_ZH.search(draft.text) or RANKED_ZH.search(draft.text)
    if found is None:
        return
    said = found["number"]
    rank = int(said) if said.isdigit() else DIGITS_ZH.index(said)
    inside = overlapping(draft.mentions, *found.span())
    if not inside or not 1 < rank <= LAST or any(draft.mentions[at].kind in ("column", "table", "value") for at in inside):
        return
    asked = found.groupdict()
    word = asked.get("most") or asked.get("least") or "高"
    value = QUALITIES_ZH.get(word, "") + ("asc" if asked.get("least") else "desc")
    first = draft.mentions[inside[0]]
    draft.mentions[inside[0]] = replace(
        first, kind="super", text=found.group(), value=value, requests=(Request("super", value),), columns=(), number=0, period=None
    )
    for at in inside[1:]:
        draft.mentions[at] = replace(draft.mentions[at], kind="word", value="the", requests=(), columns=(), number=0)
    draft.use(*inside[1:])
    draft.flags["nth"] = str(rank)


def at_rank(draft: Draft, plan: Plan) -> Plan:
    """The plan of the first as one of the rank that was asked for; 'the second highest salary' is a cell, each once."""
    skip = int(draft.flags.get("nth", "1")) - 1
    if not skip:
        return plan
    if plan.top_each and plan.top_each.limit == 1:
        return replace(plan, top_each=replace(plan.top_each, skip=skip))
    if plan.limit == 1 and plan.order:
        return replace(plan, skip=skip)
    only = plan.select[0] if len(plan.select) == 1 else None
    if isinstance(only, Measure) and only.aggregate in ("max", "min") and isinstance(only.of, Field) and not plan.group:
        order = (Order(only.of, only.aggregate == "max"),)
        return replace(plan, select=(only.of,), order=order, limit=1, skip=skip, distinct=True)
    return plan
