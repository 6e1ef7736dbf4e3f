"""Words that say a column once more: its unit after a number, another word for it right after its name."""

from __future__ import annotations

from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import SAID
from analyst.models.builtin.headers import EXACT
from analyst.terms import ColumnMatch
from analyst.words.requests import Request
from analyst.words.units import unit_of

AGAIN = 0.5  # of a link of the second word


def read_doubled(draft: Draft) -> None:
    """'The csat score' names the column csat; 'over 800 kg' tells the unit of a weight, not a weight to show."""
    for at in range(1, len(draft.mentions)):
        before, mention = draft.mentions[at - 1], draft.mentions[at]
        if at in draft.used or draft.text[before.end : mention.start].strip():
            continue
        if mention.text == "量" and before.kind == "table":
            draft.mentions[at] = replace(mention, kind="count", requests=(Request("count", "rows"),))  # 就诊量
        if before.kind == "number" and mention.kind == "grain" and is_bound(draft, at - 1):
            draft.use(at)  # 耗时超过24小时 is no group of hours
        if mention.kind != "column":
            continue
        best = mention.columns[0]
        if (before.kind == "number" and unit_of(best.column) == mention.text.lower()) or says_again(before.columns, best):
            draft.use(at)


def is_bound(draft: Draft, at: int) -> bool:
    """Whether a number is what something is compared with, in a unit of time."""
    compared = draft.asks(at - 1, "cmp") or draft.asks(at + 2, "tail")
    return bool(compared) and bool(SAID.match(draft.text, draft.mentions[at].end))


def says_again(first: tuple[ColumnMatch, ...], second: ColumnMatch) -> bool:
    """Whether a name's very header is followed by a word that means the same column and no other word's header."""
    same = bool(first) and (first[0].table, first[0].column) == (second.table, second.column)
    return same and first[0].score >= EXACT > second.score >= AGAIN
