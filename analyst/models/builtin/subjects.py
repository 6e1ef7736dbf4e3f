"""Reads what is ranked or listed: the columns that are named, and the table whose rows they are."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Expression, Field, Grain, Plan, Test, fields
from analyst.models.builtin.whom import is_kind_only
from analyst.words.names import PERSON
from analyst.words.tokens import stems


def subject_of(draft: Draft) -> tuple[list[Expression], str | None]:
    """What is ranked or listed: columns not yet used, and the table named."""
    shown: list[Expression] = []
    table: str | None = None
    tested = set(fields(tuple(test for test in (*draft.value_tests, *draft.where, *draft.period_tests) if not is_asked_of(test))))
    for at, mention in enumerate(draft.mentions):
        if at in draft.used or not draft.is_column(at):
            continue
        if in_apposition(draft, at) or is_verb(draft, at):
            draft.use(at)
            continue
        if (rows := rows_named(draft, at)) or is_owned(draft, at):
            table = table or rows
            draft.use(at)
            continue
        score = mention.columns[0].score
        if mention.kind == "table" and shown and (named := listed_table(draft, at)):
            shown += [field for field in named if field not in shown]
            continue
        if mention.kind == "table":
            name = draft.table(at)
            if name and score >= 0.4:
                table = name if table is None or is_head(draft, at) else table
                if name not in draft.tables:
                    draft.tables.append(name)
                draft.use(at)
            continue
        if (score < 0.42 and not draft.asks(at - 1, "which")) or (
            score < 0.6 and mention.text.lower().rstrip("s") in ("order", "purchase", "transaction", "sale", "record", "case")
        ):
            continue
        if mention.value in ("", "name") and mention.text.lower() in ("name", "names") and names_a_column(draft, at):
            draft.use(at)
            continue
        field = draft.column(at)
        asked = draft.top and (draft.top.at < at or draft.asks(at - 1, "which"))
        if field and asked and (called := draft.named_of(field)):
            field = called  # the top guests are people, not how many came
        if field and draft.mark and shown and in_relative_clause(draft, at):
            draft.use(at)
            draft.tables.append(field.table)
            continue
        if field and shown and (rows := rows_of(draft, at, shown)):
            draft.use(at)
            table = table or rows
            continue
        if field and field not in shown:
            draft.use(at)
            if (field in tested and in_clause(draft, at)) or is_described(draft, at, field):
                continue
            shown += [item for item in (named_rows(draft, field, mention.text) or (field,)) if item not in shown]
    return with_full_name(draft, shown), table


def with_full_name(draft: Draft, shown: list[Expression]) -> list[Expression]:
    """What is shown with both parts of a name, where 'first and last name' asks for them."""
    whole = next((at for at, mention in enumerate(draft.mentions) if mention.asks("fullname") and mention.kind == "fullname"), None)
    if whole is None:
        return shown
    draft.use(whole)
    return [*shown, *(field for field in full_name(draft) if field not in shown)]


LISTING = ("、", ",", "，", "和", "and", "及", "以及")


def listed_table(draft: Draft, at: int) -> tuple[Field, ...]:
    """The names of the rows of a table that stands in one list with columns; none where it does not."""
    table = draft.table(at) if is_listed(draft, at) else None
    if table is None:
        return ()
    draft.tables += [table] if table not in draft.tables else []
    draft.use(at)
    return draft.catalog.labels(table)


def is_listed(draft: Draft, at: int) -> bool:
    """Whether a table is named in one list with columns, as in 姓名、科室和挂号费: its name is shown."""
    before = at > 1 and draft.mentions[at - 1].text.lower() in LISTING and draft.mentions[at - 2].kind == "column"
    after = at + 2 < len(draft.mentions) and draft.mentions[at + 1].text.lower() in LISTING and draft.mentions[at + 2].kind == "column"
    return before and (after or at + 1 == len(draft.mentions) or draft.mentions[at + 1].kind == "sign")


def is_verb(draft: Draft, at: int) -> bool:
    """Whether a word only loosely tied to a column says what somebody did: 'which member has checked in most often'."""
    mention = draft.mentions[at]
    said = mention.text.lower().split()[0]
    perfect = at > 0 and draft.mentions[at - 1].text.lower() in ("has", "have", "had")
    named = any(other.kind == "table" for other in draft.mentions[:at])
    verb = perfect and named and said.endswith("ed") and mention.columns[0].score < LOOSELY
    draft.tables += [table for table in (mention.columns[0].table,) if verb and table not in draft.tables]
    return verb


LOOSELY = 0.8  # of a link with a header


def is_asked_of(test: Test) -> bool:
    """Whether a test leaves out cells of the very column that is asked for, as that of 'departments where everyone earns more' does."""
    inner = test.right[0] if isinstance(test, Condition) and test.sign == "not in" and test.right else None
    return isinstance(test, Condition) and isinstance(inner, Plan) and inner.select == (test.left,)


def rows_named(draft: Draft, at: int) -> str | None:
    """The only table, where a word names its rows and a column only tells their kind."""
    best = draft.mentions[at].columns[0]
    kind = draft.mentions[at].kind == "column" and bool(best.column) and not draft.group
    return best.table if kind and is_kind_only(draft, at, Field(best.table, best.column)) else None


def is_owned(draft: Draft, at: int) -> bool:
    """Whether people only stand between whom is asked for and what they are ranked by: 哪个老师的学生平均分最高."""
    owner = at > 2 and draft.mentions[at - 1].text == "的" and draft.mentions[at - 2].kind == "column" and draft.asks(at - 3, "which")
    return bool(owner and draft.top) and draft.mentions[at].columns[0].score == PERSON


def is_head(draft: Draft, at: int) -> bool:
    """Whether a place ends a Chinese phrase whose other words describe it: 就诊超过5次的患者."""
    rest = [mention for mention in draft.mentions[at + 1 :] if mention.kind != "sign"]
    return draft.language == "zh" and not rest and draft.mentions[at - 1].text == "的" and bool(draft.having)


def is_described(draft: Draft, at: int, field: Field) -> bool:
    """Whether a thing is only named by what it is, next to a figure: the customers in 'revenue from business customers'."""
    before = draft.mentions[at - 1] if at else None
    if before is None or (before.kind != "value" and not before.values) or at - 1 not in draft.used or not draft.measures:
        return False
    if draft.catalog.is_number(field) or draft.catalog.is_time(field) or any(mention.asks("group") for mention in draft.mentions):
        return False
    return any(value.table == field.table and value.column != field.column for value in before.values[:1])


def named_rows(draft: Draft, field: Field, said: str) -> tuple[Field, ...]:
    """The names of what an identifier counts: 'employees' are shown by name, 'employee ids' by id."""
    catalog = draft.catalog
    if catalog.column(field).role != "identifier" or not catalog.is_key(field):
        return ()
    if catalog.words(field)[-1:] not in IDENTIFIES or IDENTIFIES & {(word,) for word in stems(said)} or said.endswith(("号", "码")):
        return ()
    labels = catalog.labels(field.table)
    return labels if labels and catalog.concepts(labels[0]) & {"name", "first name"} else ()


IDENTIFIES = {("id",), ("no",), ("号",)}
"""Last words of headers of identifiers."""


def in_relative_clause(draft: Draft, at: int) -> bool:
    """Whether a place is what others have, as in 'committees that have delegates from ...' or 'which committees have delegates'."""
    before = [mention.value for mention in draft.mentions[max(0, at - 4) : at]]
    return bool({"have", "has", "had"} & set(before[-2:])) or (
        bool({"that", "who"} & set(before)) and bool({"have", "has", "had"} & set(before))
    )


def names_a_column(draft: Draft, at: int) -> bool:
    """Whether 'name' only says that the cells of the column beside it are wanted: 'state names', 'the name of every city'."""
    before = draft.mentions[at - 1] if at else None
    if before and before.kind == "column" and is_text_column(draft, at - 1) and at - 1 in draft.used | {at - 1}:
        return True
    here = at + 1
    while here < len(draft.mentions) and (draft.is_filler(here) or draft.asks(here, "group") or draft.asks(here, "distinct")):
        here += 1
    return at + 1 < here < len(draft.mentions) and draft.mentions[at + 1].text.lower() in ("of", "of each") and is_text_column(draft, here)


def is_text_column(draft: Draft, at: int) -> bool:
    """Whether a place can only mean a column, one of texts, and no table."""
    mention = draft.mentions[at]
    if mention.kind != "column" or any(not match.column and match.score >= 0.75 for match in mention.columns):
        return False
    match = mention.columns[0]
    field = Field(match.table, match.column)
    return match.score >= 0.3 and draft.catalog.has(field) and not draft.catalog.is_number(field) and not draft.catalog.is_time(field)


def rows_of(draft: Draft, at: int, shown: list[Expression]) -> str | None:
    """The table that a word means rather than its column of the same name: 'the description of all aircraft'."""
    mention = draft.mentions[at]
    before = [other.text.lower() for other in draft.mentions[max(0, at - 3) : at]]
    twin = next((match for match in mention.columns if not match.column and match.score >= 0.97), None)
    if twin is None or not shown or not isinstance(shown[-1], Field) or shown[-1].table != twin.table:
        return None
    return twin.table if before[-1:] != ["and"] and ({"of", "for", "from"} & set(before)) else None


POINTING = frozenset(("这", "个", "这个", "那", "那个", "该"))


def in_apposition(draft: Draft, at: int) -> bool:
    """Whether a word only says what the name before it is one of: '天河频道' of a table 电视频道, '世纪花园这个小区' of a column."""
    place = next((place for place in range(at - 1, -1, -1) if draft.mentions[place].text not in POINTING), None)
    before, here = draft.mentions[place] if place is not None else None, draft.mentions[at]
    if draft.language != "zh" or place is None or before is None or before.kind != "value" or not before.values:
        return False
    if place == at - 1 and before.end == here.start and before.values[0].table.endswith(here.text):
        return True
    homes = {(cell.table, cell.column) for cell in before.values}
    return here.kind == "column" and bool(here.columns) and (here.columns[0].table, here.columns[0].column) in homes


def owners_beside(draft: Draft, shown: list[Expression]) -> list[Expression]:
    """What each is shown of comes first where a question says 分别: their ages one by one mean little without their names."""
    fields_shown = [item for item in shown if isinstance(item, Field)]
    tables = {field.table for field in fields_shown}
    apart = any(mention.asks("apiece") and mention.text.startswith(("分别", "各")) for mention in draft.mentions)
    if not apart or len(fields_shown) != len(shown) or len(tables) != 1 or draft.group or draft.measures:
        return shown
    owners = draft.catalog.labels(next(iter(tables)))
    named = {test.left for test in (*draft.where, *draft.value_tests) if isinstance(test, Condition)}
    if named & set(owners):
        return shown  # the question names whom it asks of
    if any(field in (*owners, *draft.catalog.identifiers(field.table)) for field in fields_shown):
        return shown
    return draft.chooser.choose("owners", [([*owners, *shown], 2.0), (shown, 1.0)])


def full_name(draft: Draft) -> list[Field]:
    """First and last name of the table in play that has both."""
    for table in draft.all_tables:
        firsts, lasts = draft.catalog.named("first name", [table]), draft.catalog.named("last name", [table])
        if firsts and lasts:
            return [firsts[0], lasts[0]]
    return []


def in_clause(draft: Draft, at: int) -> bool:
    """Whether a place stands in a clause that only says which rows are meant."""
    for place in range(at - 1, 0, -1):
        mention = draft.mentions[place]
        if mention.value in (
            "whose",
            "when",
            "if",
            "where",
            "who",
            "that",
            "with",
            "having",
            "which",
            "in",
            "from",
            "at",
            "for",
            "have",
            "has",
            "on",
            "by",
        ) or mention.text in ("在", "的"):
            return True
        if mention.kind == "list" and mention.text.lower() not in ("is", "who", "which"):
            return False
    return False


def names_month(header: tuple[str, ...]) -> bool:
    """Whether a header is that of months: month, 月, 月份, and not 省份."""
    return header[-1:] in (("month",), ("月",)) or header[-2:] == ("月", "份")


def when_expression(draft: Draft) -> Expression | None:
    """The date, month or year that 'when' asks for."""
    unit = draft.flags.get("when")
    if not unit:
        return None
    dates = draft.dates()
    if not dates and unit != "hour":
        return None
    if unit == "hour":
        clocks = [field for field in draft.catalog.fields() if draft.catalog.is_clock(field)]
        return Grain(clocks[0], "hour") if clocks else None
    if unit == "month":
        months = [
            field
            for table in draft.all_tables
            for field in draft.catalog.fields(table)
            if names_month(draft.catalog.words(field)) and not draft.catalog.is_date(field)
        ]
        dated = [field for field in dates if draft.catalog.is_date(field)]
        return months[0] if months else Grain(dated[0], "month") if dated else None
    if unit in ("quarter", "week", "weekday"):
        dated = [field for field in dates if draft.catalog.is_date(field)]
        return Grain(dated[0], unit) if dated else None  # type: ignore[arg-type]
    years = [field for field in dates if draft.catalog.is_year(field)]
    if unit == "year":
        return years[0] if years else Grain(dates[0], "year")
    asks_day = any(
        mention.text.lower().endswith(("day", "date", "哪天", "哪一天", "哪日", "几号"))
        for mention in draft.mentions
        if mention.asks("when")
    )
    return Grain(dates[0], "day") if asks_day and draft.catalog.is_clock(dates[0]) else dates[0]
