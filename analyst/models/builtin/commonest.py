"""Reads rows that belong to the most or least frequent kind: 'dogs of the rarest breed', 'orders with the most common status'."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field, Measure, Order, Plan

LEADING = frozenset(("of", "with", "in", "from", "have", "has", "having", "whose"))
ARTICLES = frozenset(("the", "a"))


def read_commonest(draft: Draft) -> None:
    """Turn 'of the rarest breed' behind the rows that belong to it into a test; 'the rarest breed' by itself is a ranking."""
    for at, mention in enumerate(draft.mentions):
        end = mention.asks("frequent")
        if end is None or at in draft.used or not (belongs_en(draft, at) if draft.language == "en" else belongs_zh(draft, at)):
            continue
        target = draft.next_to(at, 1, 1, lambda place: draft.mentions[place].kind in ("column", "table") and place not in draft.used)
        kind = kind_at(draft, target, rows_before(draft, at)) if target is not None else None
        if kind is None or target is None:
            continue
        chosen = Plan((kind,), group=(kind,), order=(Order(Measure("count"), end == "desc"),), limit=1, tables=(kind.table,))
        test = Condition(kind, "=", (chosen,))
        draft.where.append(test)
        draft.placed[test] = at
        draft.use(at, target)
        return


def belongs_en(draft: Draft, at: int) -> bool:
    """Whether a preposition ties the kind to rows that were named before."""
    before = [place for place in range(at) if draft.mentions[place].text.lower() not in ARTICLES]
    return bool(before) and draft.mentions[before[-1]].text.lower() in LEADING and rows_before(draft, before[-1]) is not None


def belongs_zh(draft: Draft, at: int) -> bool:
    """Whether the rows are named after the kind, as in 最常见品种的狗."""
    after = draft.mentions[at + 1 : at + 6]
    return any(mention.text == "的" for mention in after) and any(mention.kind == "table" for mention in after)


def rows_before(draft: Draft, at: int) -> str | None:
    """The table whose rows are spoken of: the one named last before a place, or after it in Chinese."""
    places = range(at - 1, -1, -1) if draft.language == "en" else range(at + 1, len(draft.mentions))
    return next((table for place in places if draft.mentions[place].kind == "table" and (table := draft.table(place))), None)


def kind_at(draft: Draft, at: int, home: str | None) -> Field | None:
    """The column that tells the kind of the rows: one of their own table, or their key of the kinds' table."""
    named = [(match.table, match.column) for match in draft.mentions[at].columns]
    own = [Field(table, column) for table, column in named if column and table == home]
    keys = [
        Field(join.table, join.column)
        for join in draft.catalog.schema.joins
        if join.table == home and any(join.parent_table == table for table, _ in named)
    ]
    return next(iter((*own, *keys)), None)
