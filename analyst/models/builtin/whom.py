"""What a count is of: rows, the people or orders that they belong to, or the things of which a column only tells the kind."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Field
from analyst.words.names import PERSONS
from analyst.words.tokens import stem

ORDERS = ("订单数", "订单量", "订单数量", "多少单", "几单", "多少订单", "单数")
PEOPLE = ("人数", "多少人", "几人", "多少名", "几名", "多少位", "几位")
KINDS = frozenset(("type", "kind", "category", "class", "style"))


def is_kind_only(draft: Draft, at: int, field: Field) -> bool:
    """Whether a word names the rows of the only table, of which a column tells the kind: properties beside PropertyType."""
    words, mention = draft.catalog.words(field), draft.mentions[at]
    only = len(draft.catalog.schema.tables) == 1 and not draft.catalog.is_number(field)
    return (
        only
        and words[-1:] != words[:1]
        and words[-1] in KINDS
        and mention.columns[0].score < HALF_NAMED
        and stem(mention.text.lower()) in words
    )


HALF_NAMED = 0.65  # of a link with a header


def counted_once(draft: Draft, said: str) -> Field | None:
    """The number of what has several rows, where words count people or orders rather than rows."""
    if said in PEOPLE:
        return person_of(draft)
    bare = said.removeprefix("总共").removeprefix("一共").removeprefix("有")
    return next((field for word in SLIPS if (field := draft.catalog.repeated(word))), None) if bare in ORDERS else None


SLIPS = ("订单", "小票", "流水", "单据", "交易")
"""What several lines of one purchase share the number of."""


def person_of(draft: Draft) -> Field | None:
    """The number of the person whom each row is about, where people have several rows of the only table: 学号 in a table of marks."""
    catalog = draft.catalog
    if len(catalog.schema.tables) > 1:
        return None
    found = [field for field in catalog.fields() if field.column in PERSONS and not catalog.is_key(field)]
    several = [field for field in found if 0 < catalog.column(field).distinct < catalog.column(field).rows]
    return several[0] if len(several) == 1 else None


def names_thing(draft: Draft, at: int) -> bool:
    """Whether a place names a table, or the number by which its rows are told apart: 多少工单, where each has a 工单号."""
    if draft.mentions[at].kind != "column":
        return draft.mentions[at].kind == "table"
    return any(draft.catalog.is_key(field) and not draft.catalog.is_measure(field) for field, _ in draft.options(at)[:1])
