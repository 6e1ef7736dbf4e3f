"""Reads a number beside its column, and columns held against each other."""

from __future__ import annotations

import itertools
import re

from analyst.models.builtin.cells import negated
from analyst.models.builtin.comparing import add_test
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition


def read_column_comparisons(draft: Draft) -> None:
    """Two columns compared, such as 'close above its open'."""
    for at in list(draft.free("cmp")):
        left = draft.next_to(at, -1, 4, lambda place: draft.nameable(place) and place not in draft.used)
        right = draft.next_to(at, 1, 4, lambda place: draft.nameable(place) and place not in draft.used)
        if left is None and right is not None and (test := sold_at(draft, at, right)):
            draft.where.append(test)
            draft.flags["two columns"] = "prices"
            draft.use(at, right, at - 1)
            continue
        if left is None or right is None:
            continue
        one, other = draft.column(left, "number"), draft.column(right, "number")
        sign = draft.asks(at, "cmp")
        if one and other and one != other and sign in ("<", ">", "<=", ">=", "=", "!="):
            draft.where.append(Condition(one, sign, (other,)))  # type: ignore[arg-type]
            draft.use(at, left, right)


def sold_at(draft: Draft, at: int, right: int) -> Condition | None:
    """'Sold below list price': the other column of prices against the one that is named."""
    sign, named = draft.asks(at, "cmp"), draft.column(right, "number")
    catalog = draft.catalog
    if not named or sign not in ("<", ">", "<=", ">=") or "price" not in catalog.concepts(named) or draft.mentions[at - 1].kind != "money":
        return None
    others = [field for field in catalog.named("price", [table.name for table in catalog.schema.tables], number=True) if field != named]
    return Condition(others[0], sign, (named,)) if len(others) == 1 else None  # type: ignore[arg-type]


ALIKE = (("!=", ("不一样", "不相同", "不同", "不一致", "不等")), ("=", ("一样", "相同", "一致", "相等")))


OWNED = r"\s+(?:the\s+|their\s+|its\s+|his\s+|her\s+|that\s+of\s+the\s+)?(?:\w+['’]s?\s+)?"
DIFFERS = re.compile(
    r"\s*(?:that|which|who|and)?\s*(?:(?:is|was|are|were)(?:n['’]?t|\s+not)|(?:is|was|are|were)?\s*(?:different\s+from|other\s+than|not\s+the\s+same\s+as)"
    rf"|differs?\s+from|do(?:es)?(?:n['’]?t|\s+not)\s+match){OWNED}",
    re.I,
)
"""Between two columns: 'a branch that isn't the member's home branch'."""


def read_different(draft: Draft) -> None:
    """Two columns of texts, of one table or of two, whose cells differ."""
    places = [at for at in draft.free("column") if draft.mentions[at].kind == "column"]
    for left, right in itertools.pairwise(places):
        one, other = draft.column(left), draft.column(right)
        texts = one and other and one != other and not draft.catalog.is_number(one) and not draft.catalog.is_number(other)
        first, last = draft.mentions[left].end, draft.mentions[right].start
        if one and other and texts and DIFFERS.fullmatch(draft.text[first:last] + (" " if draft.text[last - 1 : last] != " " else "")):
            draft.where.append(Condition(one, "!=", (other,)))
            draft.certain.update(draft.where[-1:])
            draft.use(*range(left, right + 1))


def read_pairs(draft: Draft) -> None:
    """'始发城市和目的城市不一样': two columns of one kind whose cells are alike or differ in a row."""
    if draft.language != "zh":
        read_different(draft)
        return
    for left, right in itertools.pairwise(at for at in draft.free("column") if draft.mentions[at].kind == "column"):
        sign = next((sign for sign, words in ALIKE if draft.text[draft.mentions[right].end :].startswith(words)), "")
        one, other = draft.column(left), draft.column(right)
        apart = right - left == 2 and draft.mentions[left + 1].text in ("和", "与", "跟", "同")
        if sign and apart and one and other and one != other and one.table == other.table:
            draft.where.append(Condition(one, sign, (other,)))  # type: ignore[arg-type]
            said = next(len(word) for _, words in ALIKE for word in words if draft.text.startswith(word, draft.mentions[right].end))
            end = draft.mentions[right].end + said
            draft.use(left, right, *(at for at in range(right + 1, len(draft.mentions)) if draft.mentions[at].end <= end))


def read_equalities(draft: Draft) -> None:
    """'With id 3', 'in room 108', '4 stars', '18 years old': a number beside its column."""
    for at in list(draft.free("number")):
        mention = draft.mentions[at]
        if (
            mention.kind != "number"
            or at in draft.used
            or mention.text in "一二两三四五六七八九十"
            or draft.asks(at - 1, "top")
            or draft.asks(at - 1, "super")
        ):
            continue
        left = draft.next_to(
            at,
            -1,
            2,
            lambda place: (
                draft.mentions[place].kind == "column"
                and place not in draft.used
                and any(draft.catalog.is_number(field) for field, _ in draft.options(place)[:2])
            ),
        )
        right = draft.next_to(
            at,
            1,
            0,
            lambda place: (
                draft.mentions[place].kind == "column"
                and place not in draft.used
                and bool(draft.options(place, "number"))
                and draft.mentions[place].columns[0].score > 0.6
            ),
        )
        after = draft.text[mention.end : mention.end + 14].lower()
        if after.startswith((" year old", " years old", "-year-old", "岁")):
            ages = draft.catalog.named("age", draft.all_tables, number=True)
            if ages:
                draft.placed[add_test(draft, ages[0], "=", (mention.number,))] = at
                draft.use(at, *(place for place in (at + 1, at + 2) if place < len(draft.mentions)))
            continue
        place = left if left is not None and not (right is not None and not close(draft, left, at)) else right
        if place is None:
            continue
        found = [field for field, _ in draft.options(place) if draft.catalog.is_number(field)]
        if found and (place == right or close(draft, place, at)):
            more = further_numbers(draft, at) if place == left else []
            values = (mention.number, *(draft.mentions[other].number for other in more))
            signs = ("not in", "in") if more else ("!=", "=")
            draft.placed[add_test(draft, found[0], signs[0] if negated(draft, at) else signs[1], values)] = at
            draft.use(at, place, *more)


def further_numbers(draft: Draft, at: int) -> list[int]:
    """The places of further numbers that may stand there instead: 'aged 32 or 33', 'ids 4, 7 and 9'."""
    found: list[int] = []
    here = at
    while here + 2 < len(draft.mentions) and draft.mentions[here + 2].kind == "number" and here + 2 not in draft.used:
        joint, after = draft.mentions[here + 1], draft.mentions[here + 3] if here + 3 < len(draft.mentions) else None
        if not (joint.asks("or") or joint.asks("and") or joint.text in ",，、") or (after is not None and after.columns):
            break
        here += 2
        found.append(here)
    return found


def close(draft: Draft, left: int, right: int) -> bool:
    """Whether only words like 'is' and 'number' stand between two places."""
    return all(
        mention.value in ("is", "of", "number", "equal", "no", "are", "was", "be", "=", "#", "为", "是", "in", "to", "with", "the")
        or mention.kind == "cmp"
        for mention in draft.mentions[left + 1 : right]
    )
