"""Reads Chinese superlatives that ask for a figure rather than for the row that has it: '最大年龄是多少', '平均值和最小值'."""

from __future__ import annotations

from dataclasses import replace

from analyst.models.builtin.draft import Draft
from analyst.words.requests import Request

ASKING = ("哪", "谁", "什么")
"""Words that ask for a row."""
FIGURES = {"desc": "max", "asc": "min"}
NAMED = ("最高", "最低", "最大", "最小", "最长", "最短", "最多", "最少")


def read_extremes(draft: Draft) -> None:
    """Make an aggregate of a superlative that stands right before a number and is not said of anything."""
    for at in range(len(draft.mentions) - 3):
        if both_ends(draft, at):
            for place in (at, at + 2):
                aggregate = FIGURES[(draft.mentions[place].asks("super") or "").rpartition(":")[2]]
                draft.mentions[place] = replace(draft.mentions[place], kind="agg", value=aggregate, requests=(Request("agg", aggregate),))
    if draft.language != "zh" or any(word in draft.text for word in ASKING):
        return
    for at, mention in enumerate(draft.mentions[:-1]):
        beside = (is_figure(draft, at + 1) and mention.end == draft.mentions[at + 1].start) or is_listed(draft, at + 1)
        if mention.text in NAMED and mention.asks("super") and beside:
            aggregate = FIGURES[(mention.asks("super") or "").rpartition(":")[2]]
            draft.mentions[at] = replace(mention, kind="agg", value=aggregate, requests=(Request("agg", aggregate),))


def both_ends(draft: Draft, at: int) -> bool:
    """Whether both ends of a number are asked for: 'youngest and oldest age'."""
    first, joint, second, named = draft.mentions[at : at + 4]
    opposite = {(mention.asks("super") or "").rpartition(":")[2] for mention in (first, second)} == {"asc", "desc"}
    plain = first.kind == second.kind == "super" and named.kind == "column"
    return plain and opposite and joint.text.lower() in ("and", "和", "与", "及") and bool(draft.options(at + 3, "number"))


def is_figure(draft: Draft, at: int) -> bool:
    """Whether a column of numbers stands at a place and nothing is said of what has it."""
    said = draft.mentions[at]
    after = draft.mentions[at + 1].text if at + 1 < len(draft.mentions) else ""
    apart = at + 2 < len(draft.mentions) and bool(draft.asks(at + 2, "diff"))
    figure = said.kind == "column" and said.columns[0].score >= SURE and bool(draft.options(at, "number"))
    return figure and (apart or not after.startswith("的"))


def is_listed(draft: Draft, at: int) -> bool:
    """Whether another figure follows after 'and', as in '最大和最小值'."""
    after = draft.mentions[at + 1] if at + 1 < len(draft.mentions) else None
    return draft.mentions[at].text in ("和", "与", "、", "及") and after is not None and (bool(after.asks("agg")) or after.text in NAMED)


SURE = 0.8  # of the match with the column
