"""Rows told by their number: 'customer 5', 'flight number 99', 'in department 140', 3号店."""

from __future__ import annotations

import re

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.cells import negated
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field
from analyst.words.tokens import is_chinese, stem

BETWEEN = frozenset(("number", "no", "id", "ids", "#", "with", "is", "of", "code", "号", "编号", "号码", "第"))
"""What may stand between a thing and its number."""
UNITS = re.compile(
    r"\s*(?:%|％|个|家|名|位|条|笔|次|元|块|年|月|日|天|岁|分|小时|percent|years?|months?|days?|hours?|times)", re.IGNORECASE
)
"""Behind a number that says how many or how much, and not which."""
NUMBER_OF = re.compile(r"(?:第)?(\d+)号")


def read_numbered(draft: Draft) -> None:
    """A whole number right behind a thing that numbers tell apart picks the row of that number."""
    for at in list(draft.free("number")):
        mention = draft.mentions[at]
        if mention.kind != "number" or at in draft.used or not mention.text.isdigit() or is_amount(draft, at):
            continue
        thing = before_number(draft, at)
        thing = after_number(draft, at) if thing is None and draft.language == "zh" else thing
        table = draft.table(thing) if thing is not None else None
        field = number_column(draft, table, mention.number) if table else None
        if thing is None or field is None:
            continue
        test = Condition(field, "!=" if negated(draft, thing) else "=", (mention.number,))
        draft.where.append(test)
        draft.placed[test] = at
        draft.use(*range(min(thing, at), max(thing, at) + 1))


def is_amount(draft: Draft, at: int) -> bool:
    """Whether a number counts or measures rather than names."""
    end = draft.mentions[at].end
    following = draft.mentions[at + 1] if at + 1 < len(draft.mentions) else None
    compared = any(draft.asks(place, kind) for place in (at - 1, at + 1) for kind in ("cmp", "tail", "top", "super"))
    counts = following is not None and following.kind in ("column", "table", "number") and not draft.text.startswith("号", end)
    return compared or counts or (bool(UNITS.match(draft.text, end)) and not draft.text.startswith("号", end))


def before_number(draft: Draft, at: int) -> int | None:
    """The place of the thing right before a number, with nothing but words like 'number' between."""
    here = at - 1
    while here >= 0 and (draft.mentions[here].value in BETWEEN or draft.mentions[here].text in BETWEEN):
        here -= 1
    return here if here >= 0 and names_thing(draft, here) else None


def after_number(draft: Draft, at: int) -> int | None:
    """The place of the thing right behind a number with 号: 3号门店."""
    if not NUMBER_OF.match(draft.text, draft.mentions[at].start):
        return None
    here = at + 1
    while here < len(draft.mentions) and draft.mentions[here].text == "号":
        here += 1
    return here if here < len(draft.mentions) and names_thing(draft, here) else None


def names_thing(draft: Draft, at: int) -> bool:
    """Whether a place names the rows of a table in the singular."""
    mention = draft.mentions[at]
    said = mention.text.lower()
    plural = not is_chinese(said) and stem(said) != said and said.endswith("s")
    return mention.kind == "table" and mention.columns[0].score >= THING and not plural and at not in draft.used


THING = 0.85  # of a link with a table


def number_column(draft: Draft, table: str, number: float) -> Field | None:
    """The column of whole numbers that tells the rows of a table apart and reaches a number: one that others point to, or called so."""
    catalog = draft.catalog
    whole = [field for field in catalog.fields(table) if catalog.is_number(field) and catalog.is_key(field)]
    ranked = sorted(
        (field for field in whole if reaches(catalog, field, number)),
        key=lambda field: (not catalog.is_pointed_to(field), not is_number_header(field), catalog.is_parent_key(field)),
    )
    known = (field for field in ranked if catalog.is_pointed_to(field) or is_number_header(field))
    return next(known, None)


def is_number_header(field: Field) -> bool:
    """Whether a header is that of a number: order_id, flno, 订单编号."""
    return bool(NUMBER_HEADER.search(field.column))


NUMBER_HEADER = re.compile(r"(?:\b|_|(?<=[a-z]))(?:id|no|nr|num|number|key|code)$|编号$|号码$|号$|(?i:id)$", re.IGNORECASE)


def reaches(catalog: Catalog, field: Field, number: float) -> bool:
    """Whether a number lies among the numbers of a column."""
    column = catalog.column(field)
    low, high = column.minimum, column.maximum
    return isinstance(low, (int, float)) and isinstance(high, (int, float)) and low <= number <= high
