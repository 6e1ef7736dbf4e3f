"""Reads how many pieces were sold, wasted or returned: 'how many croissants did we sell' adds up a quantity, and counts no rows."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.deeds import IRREGULAR
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import naming, overlapping
from analyst.models.builtin.plan import Field, Measure
from analyst.words.tokens import stem

SOLD = frozenset((
    "sell", "sells", "sold", "selling", "buy", "buys", "bought", "order", "ordered", "purchase", "purchased", "ship", "shipped", "shift",
    "shifted", "卖", "卖了", "卖出", "卖出了", "卖掉", "卖得", "售出", "销售", "买", "买了", "卖过",
))  # fmt: skip
PIECES = frozenset(("item", "unit", "piece", "product", "good", "article", "copy", "pack", "bottle", "cup", "loaf", "box"))
BECAME = frozenset(("was", "were", "been", "got", "get", "are", "is"))
KINDS = frozenset(("different", "distinct", "kinds", "types", "sorts", "unique"))


def read_pieces(draft: Draft) -> None:
    """Counts and ranks of things that were sold or wasted, where a column tells how many of them each row has."""
    counts = [at for at in draft.free("count") if draft.mentions[at].kind == "count"]
    for at in counts[:1]:
        read_wasted(draft, at)
    quantity = quantity_of(draft)
    if quantity is not None and draft.language == "zh" and read_classified(draft, quantity):
        return
    verb = next((at for at, mention in enumerate(draft.mentions) if mention.text.lower() in SOLD and mention.kind in VERBS), None)
    apart = {mention.text.lower() for at in counts[:1] for mention in draft.mentions[at + 1 : at + 3]} & KINDS
    if quantity is None or verb is None or apart or draft.measures:
        return
    if (counts and counts[0] + 1 == verb) or is_sold(draft, verb):
        draft.measures.append(Measure("sum", quantity))  # top 5 items by number sold, hot cross buns sold in March
        draft.use(verb, *counts[:1], *(at for at in (verb - 2,) if counts and at >= 0 and draft.asks(at, "group")))
        return
    named = any(mention.kind == "value" and mention.values[0].table == quantity.table for mention in draft.mentions)
    if draft.language == "zh" and counts and named and 0 < counts[0] - verb <= AFTER_VERB:
        draft.measures.append(Measure("sum", quantity))  # 鸡蛋卖了几个
        draft.use(counts[0], verb)
        return
    for at in counts[:1]:
        if at + 1 < len(draft.mentions) and is_thing(draft, at + 1, quantity):
            draft.measures.append(Measure("sum", quantity))
            things = (at + 1,) if draft.mentions[at + 1].kind in ("column", "word") else ()
            draft.use(at, verb, *things)
            return
    read_ranked(draft, verb, quantity)


CLASSIFIED = re.compile(
    r"(?:卖|卖了|卖出|卖出了|卖掉|售出|买|买了|销售)?(?:了)?(?:多少|几)[瓶杯盒包袋斤条罐桶箱碗盘串颗束双件个套台只支本样份]"
)


def read_classified(draft: Draft, quantity: Field) -> bool:
    """'可乐一共卖了多少瓶', '每个类别各卖了多少件': the pieces themselves, whatever they are counted in."""
    found = next((one for one in CLASSIFIED.finditer(draft.text) if one[0][0] in "卖买售销"), None)
    if found is None or draft.measures or any(mention.asks("distinct") for mention in draft.mentions):
        return False
    draft.measures.append(Measure("sum", quantity))
    draft.use(*overlapping(draft.mentions, *found.span()))
    draft.use(*(at for at, mention in enumerate(draft.mentions) if mention.asks("agg") == "sum" and mention.kind == "agg"))
    return True


AFTER_VERB = 2  # mentions from a verb to the count behind it
VERBS = ("money", "word", "column", "sort")


def is_sold(draft: Draft, verb: int) -> bool:
    """Whether a cell right before 'sold' is what was sold, and nothing asks for money or a list."""
    asked = ("howmuch", "count", "list", "which", "super", "top", "agg")
    plain = not any(mention.asks(kind) for mention in draft.mentions for kind in asked if mention.kind not in ("value", "column"))
    return draft.mentions[verb].text.lower() == "sold" and verb > 0 and draft.mentions[verb - 1].kind == "value" and plain


def quantity_of(draft: Draft) -> Field | None:
    """The column that tells how many pieces each row has."""
    found = draft.catalog.named("quantity", draft.all_tables, number=True)
    return next((field for field in found if draft.catalog.adds_up(field)), None)


def is_thing(draft: Draft, at: int, quantity: Field) -> bool:
    """Whether a place names things that are sold: a cell of the rows that tell how many, or items by any word for them."""
    mention = draft.mentions[at]
    if mention.kind == "value":
        return mention.values[0].table == quantity.table or len(draft.catalog.schema.tables) > 1
    alike = [match for match in mention.columns if match.score >= mention.columns[0].score] if mention.kind == "column" else []
    own = any((match.table, match.column) == (quantity.table, quantity.column) for match in alike)  # how many tickets were sold
    return own or (stem(mention.text.lower()) in PIECES and mention.kind in ("column", "word"))


def read_wasted(draft: Draft, count: int) -> None:
    """'How many loaves of rye were wasted': a column whose header says what became of the things."""
    for at in range(count + 1, len(draft.mentions)):
        mention, before = draft.mentions[at], draft.mentions[at - 1].text.lower()
        done = mention.text.lower().endswith("ed") or mention.text.lower() in IRREGULAR
        if mention.kind != "column" or before not in BECAME or not done or mention.columns[0].score < WHOLE:
            continue
        field = Field(mention.columns[0].table, mention.columns[0].column)
        if draft.catalog.is_measure(field) and draft.catalog.adds_up(field):
            draft.measures.append(Measure("sum", field))
            draft.use(count, at)
            return


WHOLE = 0.8  # of a link with a header


def read_ranked(draft: Draft, verb: int, quantity: Field) -> None:
    """'Which shop sells the fewest teas': ranked by the pieces, as the things themselves stand behind the superlative."""
    for at in range(verb + 1, len(draft.mentions)):
        beside = at + 1 if draft.language == "en" else at - 1  # 哪家店卖的牛奶最多
        thing = beside < len(draft.mentions) and draft.mentions[beside].kind == "value"
        if draft.asks(at, "super") and thing and COUNTING.fullmatch(draft.mentions[at].text.lower()):
            mention = draft.mentions[verb]
            match = naming(mention, quantity.table, quantity.column)
            draft.mentions[verb] = replace(mention, kind="word", requests=())
            place = draft.mentions[at]
            draft.mentions[at] = replace(place, columns=(match,))
            draft.measures.append(Measure("sum", quantity))
            return


COUNTING = re.compile(r"(?:the )?(?:most|fewest|least)|最多|最少")
