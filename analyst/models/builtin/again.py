"""Reads who came back: 'repeat customers', 'returning guests', 回头客."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field, Measure, Plan

AGAIN = re.compile(r"\b(?:repeat|returning|recurring)\s+(?=[a-z])", re.IGNORECASE)
AGAIN_ZH = re.compile("回头客|复购(?:客户|用户|会员)|老客户")


def read_again(draft: Draft) -> None:
    """People or things with more than one row: of a child table, or of the only table by their name."""
    found = AGAIN.search(draft.text) or AGAIN_ZH.search(draft.text)
    if not found or any(mention.kind in ("column", "value") and mention.start == found.start() for mention in draft.mentions):
        return
    places = (at for at, said in enumerate(draft.mentions) if draft.is_column(at))
    at = next((at for at in places if draft.mentions[at].start >= found.start() or draft.mentions[at].end > found.end()), None)
    if at is None:
        return
    mention = draft.mentions[at]
    words = [place for place, said in enumerate(draft.mentions) if found.start() <= said.start < found.end() and place != at]
    table = draft.table(at) if mention.kind == "table" else None
    joins = [join for join in draft.catalog.schema.joins if table and join.parent_table == table]
    if table and len(joins) == 1:
        key = Field(joins[0].table, joins[0].column)
        several = Plan((key,), group=(key,), having=(Condition(Measure("count"), ">", (1,)),))
        draft.where.append(Condition(Field(table, joins[0].parent_column), "in", (several,)))
        draft.use(*words)
        return
    field = next((option for option, _ in draft.options(at)), None)
    name = (draft.named_of(field) or field) if field else None
    if isinstance(name, Field) and not draft.catalog.is_number(name) and not draft.catalog.is_key(name):
        draft.group.append(name)
        draft.having.append(Condition(Measure("count"), ">", (1,)))
        draft.use(*words, at)
