"""Reads what still holds and what has ended off the day of the end: active members, 在职员工, the cancellation rate."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.cells import negated, opposes
from analyst.models.builtin.deeds import IRREGULAR, date_of, word_date
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import overlapping
from analyst.models.builtin.plan import Condition, Field

STANDING = re.compile(
    r"\bstill\s+(?:work(?:s|ing)?|employed|with|here|around|active|live|open|going)(?:\s+(?:for|with|at))?(?:\s+(?:us|here))?\b"
    r"|\b(?:still |currently )?(?:active|employed|enrolled|subscribed)\b|在职|在岗|在册|在读|现任|还在(?:职|岗|做|干|用|租|住|读)",
    re.IGNORECASE,
)
ENDED = re.compile(r"\b(?:inactive|former|ex-)\b|不在职|已离职", re.IGNORECASE)
TURNOVER = ("turnover", "attrition", "churn", "流失", "离职", "退会")
RATES = ("rate", "rates", "率")


def read_standing(draft: Draft) -> None:
    """Rows that have not ended, or have, where no column says so but the day of the end; and the share of those that have."""
    read_happened(draft)
    rate = int(draft.flags.get("share at", "0"))
    if rate and draft.mentions[rate - 1].text.lower() in TURNOVER and not draft.where and (end := only_end(draft)):
        note(draft, Condition(end, "not null"), rate - 1)
        return
    for pattern, sign in ((ENDED, "not null"), (STANDING, "is null")):
        found = pattern.search(draft.text)
        places = [at for at, mention in enumerate(draft.mentions) if found and found.start() <= mention.start < found.end()]
        free = bool(places) and all(at not in draft.used and draft.mentions[at].kind in ("word", "range") for at in places)
        end = only_end(draft) if free else None
        if end:
            note(draft, Condition(end, sign), *places)  # type: ignore[arg-type]
            return
        if free and (flag := ended_flag(draft)):
            note(draft, Condition(flag, "=", (draft.catalog.flag_value(flag, sign == "not null"),)), *places)
            return
        if free and sign == "is null" and (held := lasting_cell(draft)):
            note(draft, held, *places)
            return


def may_happen(draft: Draft, at: int) -> Field | None:
    """The day that the word at a place speaks of, where not all rows have one."""
    field = word_date(draft, at)
    return field if field and draft.catalog.column(field).missing else None


UNDONE = re.compile(r"un(\w+ed|sold|paid|sent)", re.IGNORECASE)


def read_happened(draft: Draft) -> None:
    """'Unsold listings' have no day on which they were sold; 'percentage sold' is that of those that have one."""
    for at, mention in enumerate(draft.mentions):
        undone = UNDONE.fullmatch(mention.text) if mention.kind == "word" and at not in draft.used else None
        field = date_of(draft, undone[1]) if undone else None
        if field and draft.catalog.column(field).missing:
            note(draft, Condition(field, "is null"), at)
    read_ended(draft)
    read_affirmed(draft)
    if "share" not in draft.flags or draft.where or draft.value_tests or draft.having:
        return
    shared = int(draft.flags["share at"])
    for at in range(shared + 1, len(draft.mentions)):
        said = draft.mentions[at]
        if draft.asks(at, "group"):
            return
        done = said.text.lower().endswith("ed") or said.text.lower() in IRREGULAR
        field = date_of(draft, said.text) if done and said.kind in ("word", "money") else None
        if field and draft.catalog.column(field).missing:
            note(draft, Condition(field, "not null"), at)
            return


def read_ended(draft: Draft) -> None:
    """'The closed tickets' are those that have a day on which they were closed."""
    for at in range(len(draft.mentions) - 1):
        said, after = draft.mentions[at], draft.mentions[at + 1]
        done = said.text.lower().endswith("ed") or said.text.lower() in IRREGULAR
        if said.kind != "column" or at in draft.used or not done or draft.asks(at - 1, "group") or after.kind not in ("table", "column"):
            continue
        field = Field(said.columns[0].table, said.columns[0].column)
        rows = any(match.table == field.table and not match.column and match.score >= ROWS for match in after.columns)
        if rows and draft.catalog.is_date(field) and draft.catalog.column(field).missing:
            note(draft, Condition(field, "not null"), at)


YES, NO = frozenset(("yes", "y", "true", "是")), frozenset(("no", "n", "false", "否"))
BECAME = frozenset(("was", "were", "been", "is", "are", "got", "not", "be"))


def read_affirmed(draft: Draft) -> None:
    """'Were approved' over a column that says Yes, No or Pending: those that say yes."""
    for at in range(1, len(draft.mentions)):
        said, before = draft.mentions[at], draft.mentions[at - 1]
        if said.kind != "column" or at in draft.used or not said.text.lower().endswith("ed") or before.text.lower() not in BECAME:
            continue
        field = Field(said.columns[0].table, said.columns[0].column)
        cells = {str(value).casefold(): value for value, _ in draft.catalog.column(field).frequent}
        told = {word: cells[word] for word in cells if word in YES | NO}
        denied = bool(before.asks("neg"))
        meant = next((value for word, value in told.items() if (word in NO) == denied), None)
        if said.columns[0].score >= ROWS and len(cells) <= FEW_CELLS and meant is not None and not draft.catalog.is_flag(field):
            note(draft, Condition(field, "=", (meant,)), at)


FEW_CELLS = 4  # of a column that says yes, no and little else
ROWS = 0.9  # of a link with a table's own name
GONE = frozenset(("discontinued", "cancelled", "canceled", "closed", "terminated", "churned", "deleted", "archived", "expired", "retired"))
GONE_ZH = ("停产", "下架", "注销", "离职", "停用", "关闭", "过期")


def ended_flag(draft: Draft) -> Field | None:
    """The one yes-or-no column that says of rows that they have ended."""
    found = [field for field in flags_of(draft) if GONE & set(draft.catalog.words(field)) or any(word in field.column for word in GONE_ZH)]
    return found[0] if len(found) == 1 else None


LASTING = frozenset(
    ("active", "current", "employed", "open", "live", "在职", "在租", "在读", "在册", "在岗", "有效", "正常", "租赁中", "履行中")
)
"""Cells of a status by which a row still holds."""


def lasting_cell(draft: Draft) -> Condition | None:
    """The one status by which rows still hold, of the tables that the question names."""
    found = [
        Condition(field, "=", (value,))
        for table in draft.tables or draft.all_tables
        for field in draft.catalog.fields(table)
        for value, _ in draft.catalog.column(field).frequent
        if isinstance(value, str) and value.strip().casefold() in LASTING and draft.catalog.column(field).distinct <= KINDS
    ]
    return found[0] if len(found) == 1 else None


KINDS = 12  # different cells of a column that tells a status


def flags_of(draft: Draft) -> list[Field]:
    """The yes-or-no columns of the tables in play."""
    return [field for table in draft.all_tables for field in draft.catalog.fields(table) if draft.catalog.is_flag(field)]


def note_rate(draft: Draft, at: int) -> None:
    """The test of the rows that a rate counts: those in the state that the word before it names, or to which it happened."""
    match = draft.mentions[at].columns[0]
    flag = Field(match.table, match.column)
    if match.column and draft.catalog.is_flag(flag):
        no = negated(draft, at) != opposes(draft.mentions[at].text, draft.catalog.words(flag))
        note(draft, Condition(flag, "=", (draft.catalog.flag_value(flag, not no),)), at)
    elif field := may_happen(draft, at):
        note(draft, Condition(field, "is null" if negated(draft, at) else "not null"), at)


OTHERS = (
    ("新", "老"),
    ("线上", "线下"),
    ("本地", "外地"),
    ("首", "复"),
    ("new", "returning"),
    ("new", "existing"),
    ("new", "repeat"),
    ("new", "old"),
)
"""Words for one side of a yes-or-no column, and for its other side."""


NOT_ZH = ("不", "非", "没")


def told_apart(draft: Draft, flag: Field, core: str) -> None:
    """'住校和不住校的学生': both sides of a yes-or-no column, told apart or taken one from the other."""
    for home in (draft.where, draft.value_tests):
        home[:] = [test for test in home if not (isinstance(test, Condition) and test.left == flag)]
    sides = (draft.catalog.flag_value(flag, True), draft.catalog.flag_value(flag, False))
    if "diff" in draft.flags:
        draft.value_tests.append(Condition(flag, "in", sides))
    elif flag not in draft.group:
        draft.group.append(flag)
    draft.use(*(at for at, mention in enumerate(draft.mentions) if core in mention.text or mention.asks("neg")))


def read_sides(draft: Draft) -> None:
    """'新客和老客各有多少' over 是否新客: both sides are told apart; 老客 alone are those that it says no to."""
    text = draft.text.lower()
    for flag in flags_of(draft):
        core = flag.column.lower().removeprefix("是否").removeprefix("is_").replace("_", " ").removesuffix("?")
        if (
            len(core) > 1
            and any(f"{no}{core}" in text for no in NOT_ZH)
            and re.search(rf"(?<![不非没]){re.escape(core)}.*[和与跟、]", text)
        ):
            told_apart(draft, flag, core)
            return
        for one, other in OTHERS:
            turned = core.replace(one, other)
            if turned == core or turned not in text:
                continue
            yes = Condition(flag, "=", (draft.catalog.flag_value(flag, True),))
            draft.where[:] = [test for test in draft.where if not (isinstance(test, Condition) and test.left == flag)]
            places = overlapping(draft.mentions, text.find(turned), text.find(turned) + len(turned))
            if core in text.replace(turned, ""):
                draft.group += [flag] if flag not in draft.group else []
                draft.use(*places, *(at for at, mention in enumerate(draft.mentions) if mention.text.lower() == core))
            else:
                note(draft, replace(yes, right=(draft.catalog.flag_value(flag, False),)), *places)
            return


def read_opposites(draft: Draft) -> None:
    """'Late' where a column says of each row whether it was on time, 'failed' where one says what was passed; both are told apart."""
    read_sides(draft)
    for said, headers, parts in OPPOSED:
        at = next((at for at, mention in enumerate(draft.mentions) if mention.text.lower() in said and at not in draft.used), None)
        if at is None or draft.mentions[at].kind not in ("word", "state"):
            continue
        flags = [field for field in flags_of(draft) if says(draft, field, headers, parts)]
        if len(flags) != 1:
            if not flags and (other := without_cell(draft, headers, parts)):
                note(draft, other, at)
            continue
        yes = Condition(flags[0], "=", (draft.catalog.flag_value(flags[0], True),))
        if yes in draft.where:
            draft.where.remove(yes)
            draft.group.append(flags[0])
            draft.use(at)
        else:
            note(draft, Condition(flags[0], "=", (draft.catalog.flag_value(flags[0], negated(draft, at)),)), at)


def without_cell(draft: Draft, headers: tuple[tuple[str, ...], ...], parts: tuple[str, ...]) -> Condition | None:
    """'Unpaid' where one of the states of a column is paid: those in any other state."""
    said = {" ".join(header) for header in headers} | set(parts)
    held = [field for table in draft.all_tables for field in draft.catalog.fields(table)]
    kinds = [field for field in held if draft.catalog.column(field).role == "dimension"]
    found = [
        Condition(field, "!=", (cell,))
        for field in kinds
        for cell, _ in draft.catalog.column(field).frequent
        if isinstance(cell, str) and (cell.lower() in said or cell.removeprefix("已") in said or cell in said)
    ]
    return found[0] if len(found) == 1 else None


OPPOSED: tuple[tuple[frozenset[str], tuple[tuple[str, ...], ...], tuple[str, ...]], ...] = (
    (
        frozenset(("late", "delayed", "overdue", "延误", "晚点", "逾期", "超时")),
        (("on", "time"), ("ontime",), ("punctual",)),
        ("准时", "按时", "准点", "及时"),
    ),
    (frozenset(("failed", "fail", "failing", "不及格", "没通过", "未通过")), (("passed",), ("pass",)), ("通过", "及格", "合格")),
    (frozenset(("lost", "losing")), (("won",), ("win",)), ()),
    (frozenset(("absent", "missed", "缺席", "缺勤")), (("present",), ("attended",)), ("出席", "出勤")),
    (frozenset(("unpaid", "outstanding", "未付", "欠费")), (("paid",),), ("已付", "支付", "付款", "缴费")),
    (frozenset(("rejected", "refused", "驳回", "拒绝")), (("approved",), ("accepted",)), ("批准", "审批", "通过")),
)
"""Words for what a yes-or-no column of the opposite says no to: with the whole headers, and parts of Chinese ones."""


def says(draft: Draft, field: Field, headers: tuple[tuple[str, ...], ...], parts: tuple[str, ...]) -> bool:
    """Whether a column's header is one of these."""
    words = tuple(word for word in draft.catalog.words(field) if word not in ("is", "was", "has"))
    return words in headers or any(part in field.column for part in parts)


def only_end(draft: Draft) -> Field | None:
    """The day on which rows end, where just one column tells it and not all rows have ended."""
    catalog = draft.catalog
    ends = [field for table in draft.all_tables for field in catalog.dates(table) if catalog.is_ending(field)]
    lasting = [field for field in ends if catalog.is_date(field) and catalog.column(field).missing]
    return lasting[0] if len(lasting) == 1 else None


def note(draft: Draft, test: Condition, *places: int) -> None:
    """Note a test, and the words it was read from."""
    draft.where.append(test)
    draft.placed[test] = places[0]
    draft.use(*places)
