"""Reads tests for missing cells and for parts of texts."""

from __future__ import annotations

import re

from analyst.models.builtin.cells import negated
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import quotations
from analyst.models.builtin.plan import Condition, Either, Field


def read_missing(draft: Draft) -> None:
    """Cells that are missing, and rows without a name or a title."""
    for at in list(draft.free("null")):
        sides = [draft.next_to(at, -1, 4, draft.nameable), draft.next_to(at, 1, 3, draft.nameable)]
        named = [place for place in sides if place is not None]
        target = next((place for place in named if lacks_cells(draft, place)), next(iter(named), None))
        field = draft.column(target) if target is not None else None
        if field:
            last = max(at, target if target is not None else at)
            left_out = bool(LEFT_OUT.match(draft.text, draft.mentions[last].end))  # 没写收银员的不要
            no = negated(draft, at) or left_out
            draft.where.append(Condition(field, "not null" if no else "is null"))
            draft.use(at, *([target] if target is not None else []))
    for at in list(draft.free("notnull")):
        target = draft.next_to(at, -1, 4, draft.nameable)
        if draft.asks(at - 1, "neg") and (after := draft.next_to(at, 1, 2, draft.nameable)) is not None and lacks_cells(draft, after):
            draft.where.append(Condition(lacking_column(draft, after), "is null"))  # type: ignore[arg-type]
            draft.use(at - 1, at, after)  # no recorded height
            continue
        field = lacking_column(draft, target) if target is not None else None
        if draft.mentions[at].text.lower() in ("recorded", "on record") and any(mention.asks("super") for mention in draft.mentions[:at]):
            draft.use(at)  # 'the fastest time recorded' is one of those that are there
            continue
        if field:
            denied = target is not None and bool(draft.asks(target - 1, "neg"))  # 'have no country filled in'
            test = Condition(field, "is null" if denied else "not null")
            draft.where += [test] if test not in draft.where else []
            draft.use(at, *([target] if target is not None else []), *([target - 1] if target is not None and denied else []))
    for at in list(draft.free("neg")):
        target = draft.next_to(
            at, 1, 3, lambda place: draft.nameable(place) and place not in draft.used and draft.mentions[place].kind == "column"
        )
        target = target if target is not None else given_after(draft, at)
        if target is None and at + 2 < len(draft.mentions) and draft.mentions[at + 1].text in GIVEN_ZH:  # 没刷会员卡
            target = at + 2 if draft.mentions[at + 2].kind == "column" and at + 2 not in draft.used else None
        if draft.mentions[at - 1].text == "都" and at > 1:  # 一张红包都没用
            target = draft.next_to(at - 1, -1, 2, lambda place: draft.mentions[place].kind == "column" and place not in draft.used)
        field = draft.column(target) if target is not None else None
        if field and draft.catalog.is_flag(field):
            continue
        if field and draft.catalog.column(field).missing and draft.mentions[at].value != "":
            missing, amount = Condition(field, "is null"), draft.catalog.is_measure(field) and draft.catalog.column(field).minimum == 0
            draft.where.append(Either((missing, Condition(field, "=", (0,)))) if amount else missing)  # no coupon: none, or one of nought
            draft.use(at, *([target] if target is not None else []))
        elif field and draft.catalog.is_measure(field) and draft.catalog.column(field).minimum == 0 and draft.mentions[at].value != "":
            draft.where.append(Condition(field, "=", (0,)))  # 'no discount' where every row has one: those of nought
            draft.use(at, *([target] if target is not None else []))
    keyless(draft)


LEFT_OUT = re.compile(r"的?(?:那些)?(?:都)?(?:不要|不算|除外|排除|去掉|不计|剔除)|\s*(?:ones\s+)?(?:left out|excluded)\b", re.I)
GIVEN_ZH = ("刷", "填", "写", "登记", "留", "用", "使用", "选", "录", "带", "出示", "绑")


def lacking_column(draft: Draft, at: int) -> Field | None:
    """The likeliest column of a place that has missing cells; the likeliest of all where none has."""
    options = [field for field, _ in draft.options(at)]
    return next((field for field in options if draft.catalog.column(field).missing), draft.column(at))


def read_keyless(draft: Draft) -> None:
    """'Trips without a driver': rows whose key to another table is missing."""
    for at in list(draft.free("neg")):
        target = draft.next_to(at, 1, 3, lambda place: place not in draft.used and own_key(draft, place) is not None)
        if target is None and draft.language == "zh":  # 没分配教练的学员
            near = range(at + 1, min(at + ASSIGNED, len(draft.mentions)))
            target = next((place for place in near if place not in draft.used and own_key(draft, place) is not None), None)
            draft.use(*range(at, target or at))
        key = own_key(draft, target) if target is not None else None
        if target is not None and key is not None:
            draft.where.append(Condition(key, "is null"))
            draft.certain.update(draft.where[-1:])
            draft.use(at, target)
    keyless(draft)


ASSIGNED = 4  # mentions behind a Chinese 没 in which what is missing is named


def own_key(draft: Draft, at: int) -> Field | None:
    """The key by which the rows named before point to the thing at a place, where some point to none: 'trips without a driver'."""
    if draft.mentions[at].kind != "table":
        return None
    rows = range(len(draft.mentions)) if draft.language == "zh" else range(at)
    named = {draft.table(place) for place in rows if place != at and draft.mentions[place].kind == "table"}
    keys = (Field(match.table, match.column) for match in draft.mentions[at].columns if match.column and match.table in named)
    return next((key for key in keys if draft.catalog.is_parent_key(key) and draft.catalog.column(key).missing), None)


def keyless(draft: Draft) -> None:
    """'Trips that have no driver written down': a key that is missing joins no driver."""
    homes = {name for mention in draft.mentions if mention.kind == "table" for match in mention.columns[:1] for name in (match.table,)}
    for test in draft.where:
        field = test.left if isinstance(test, Condition) and test.sign == "is null" and isinstance(test.left, Field) else None
        joins = [join for join in draft.catalog.schema.joins if field and (join.table, join.column) == (field.table, field.column)]
        for join in joins:
            if join.table in homes and join.parent_table != join.table and join.parent_table in draft.tables:
                draft.tables.remove(join.parent_table)
                draft.use(
                    *(
                        at
                        for at in range(len(draft.mentions))
                        if draft.mentions[at].kind == "table" and draft.table(at) == join.parent_table
                    )
                )


GIVING = frozenset(
    (
        "give",
        "leave",
        "provide",
        "submit",
        "report",
        "enter",
        "have",
        "get",
        "receive",
        "state",
        "a",
        "an",
        "any",
        "the",
        "their",
        "got",
        "gave",
        "given",
        "left",
        "received",
        "wrote",
        "written",
        "entered",
        "down",
        "provided",
    )
)


def given_after(draft: Draft, at: int) -> int | None:
    """The column of what was not given: 'did not leave a rating'."""
    for place in range(at + 1, min(at + 5, len(draft.mentions))):
        if draft.mentions[place].kind == "column" and place not in draft.used:
            return place
        if draft.mentions[place].text.lower() not in GIVING:
            return None
    return None


def lacks_cells(draft: Draft, at: int) -> bool:
    """Whether the column at a place has missing cells."""
    field = draft.column(at)
    return field is not None and bool(draft.catalog.column(field).missing)


def read_patterns(draft: Draft) -> None:
    """Texts that contain, begin with or end with given words."""
    read_letters_in(draft)
    for kind, pattern in (("contains", "%{}%"), ("starts", "{}%"), ("ends", "%{}")):
        for at in list(draft.free(kind)):
            words = literal(draft, at)
            target = pattern_column(draft, at)
            field = draft.column(target) if target is not None else named_before(draft, at) or shown_before(draft, at)
            if words and field and not draft.catalog.is_number(field):
                no = draft.next_to(at, -1, 2, lambda place: bool(draft.asks(place, "neg"))) is not None
                draft.where.append(Condition(field, "not like" if no else "like", (pattern.format(words),)))
                head = target is not None and not any(mention.kind not in ("list", "word") for mention in draft.mentions[:target])
                draft.use(at, *([target] if target is not None and not head else []))  # 'names starting with J' are shown


LETTERS_IN = re.compile(
    r"\b(?:has|have|having|had|with|contains?)\s+(?:an?\s+|the\s+)?(?P<said>letters?\s+|words?\s+|characters?\s+|substring\s+)?"
    r"['\"“]?(?P<first>[A-Za-z0-9]+)['\"”]?(?:\s+or\s+['\"“]?(?P<other>[A-Za-z0-9]+)['\"”]?)?\s+in\s+(?:its|their|his|her|the)\s+",
    re.IGNORECASE,
)
"""'Have the letters D or S in their first name', 'have TN in their address'."""
FEW = 3  # letters, of which a word with no cell of its own is looked for within cells


def read_letters_in(draft: Draft) -> None:
    """Letters or words that cells hold somewhere, where the column is named behind them."""
    found = LETTERS_IN.search(draft.text)
    at = next((at for at, mention in enumerate(draft.mentions) if found and mention.start >= found.end() and mention.columns), None)
    if found is None or at is None or draft.mentions[at].start - found.end() > FEW:
        return
    field = draft.column(at)
    inside = [place for place, mention in enumerate(draft.mentions) if found.start("first") <= mention.start < found.end()]
    plain = bool(found["said"]) or len(found["first"]) <= FEW or "'" in found[0] or '"' in found[0]
    if field is None or draft.catalog.is_number(field) or not plain or any(is_cell_of(draft, place, field) for place in inside):
        return
    tests = tuple(Condition(field, "like", (f"%{said}%",)) for said in (found["first"], found["other"]) if said)
    draft.where.append(Either(tests) if len(tests) > 1 else tests[0])
    draft.flags["told"] = "letters"
    draft.use(*inside, at)


def is_cell_of(draft: Draft, at: int, field: Field) -> bool:
    """Whether a place names a whole cell of a column."""
    return any((value.table, value.column) == (field.table, field.column) and value.score >= 1.0 for value in draft.mentions[at].values)


def named_before(draft: Draft, at: int) -> Field | None:
    """What names the rows of the table before a request that says 'name' itself, as 'airlines whose name starts with'."""
    if "name" not in draft.mentions[at].text.lower():
        return None
    table = next((table for place in range(at - 1, -1, -1) if draft.mentions[place].kind == "table" and (table := draft.table(place))), "")
    labels = draft.catalog.labels(table) if table else ()
    return labels[0] if labels else None


def shown_before(draft: Draft, at: int) -> Field | None:
    """The column of texts that is shown, where only the table stands between: 'the names of the halls that contain the word'."""
    left = draft.next_to(at, -1, 3)
    while left is not None and draft.mentions[left].kind == "table":
        left = draft.next_to(left, -1, 3)
    return draft.column(left) if left is not None and draft.mentions[left].kind == "column" else None


def literal(draft: Draft, at: int) -> str:
    """The words looked for: quoted, or what follows 'the word', 'the letter' or the request itself."""
    for words, start, end in quotations(draft.text):
        if start >= draft.mentions[at].end - 1:
            draft.use(*(place for place, mention in enumerate(draft.mentions) if start <= mention.start < end))
            return words
    for place in range(at + 1, min(len(draft.mentions), at + 6)):
        mention = draft.mentions[place]
        last = all(other.kind == "sign" for other in draft.mentions[place + 1 :])
        if not last and mention.value in ("word", "letter", "substring", "string", "phrase", "character", "the", "a", "an"):
            draft.use(place)
            continue
        if mention.kind in ("word", "value", "column", "table") and (last or not (draft.is_filler(place) and len(mention.text) > 1)):
            draft.use(place)
            return mention.text.strip("'\"")
    return ""


def pattern_column(draft: Draft, at: int) -> int | None:
    """The column that is searched: after 'in its', else before the request."""

    def free(place: int) -> bool:
        return draft.mentions[place].kind == "column" and place not in draft.used

    inside = next((place for place in range(at + 1, len(draft.mentions) - 1) if draft.mentions[place].value == "in"), None)
    after = draft.next_to(inside, 1, 3, free) if inside is not None else None
    return after if after is not None else draft.next_to(at, -1, 4, free)
