"""Reads what must not be there: stadiums without a concert, students who own no cat, customers who bought nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from analyst.models.builtin.acts import act_after, children
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.joining import Unjoinable, join_steps
from analyst.models.builtin.mentions import overlapping
from analyst.models.builtin.plan import Condition, Field, Measure, Plan, Sign, fields
from analyst.models.builtin.roles import ROWS_OF
from analyst.models.builtin.texts import given_after, lacks_cells
from analyst.words.lexicon import concepts_by_phrase
from analyst.words.tokens import header_stems

REACH = 8  # mentions after the 'not' in which the absent thing is named
NOTHING = ("nothing", "no purchase", "no order", "never", "没买", "没有买", "没下单")


@dataclass(frozen=True, slots=True)
class Absence:
    """Rows of one table for which another holds no row."""

    at: int
    subject: str
    absent: str


def find_absence(draft: Draft) -> Absence | None:
    """The absence that a question speaks of; None if there is none."""
    if len(draft.catalog.schema.tables) < 2:
        return None
    for at, mention in enumerate(draft.mentions):
        if at in draft.used or not mention.asks("neg") or mention.kind not in ("neg", "word"):
            continue
        if pair := absent_pair(draft, at):
            draft.absence_at, draft.absent = at, pair.absent
            draft.use(at)
            return pair
    return None


def absent_pair(draft: Draft, at: int) -> Absence | None:
    """What a 'not' at a place denies, if that is a row of another table."""
    subject = subject_before(draft, at) or whoever(draft)
    given = given_after(draft, at) if draft.language == "en" else None
    if given is not None and lacks_cells(draft, given):
        return None  # 'never got a score' where some scores are missing
    named = absent_after(draft, at, subject) if subject and draft.language == "en" else None
    nothing = draft.mentions[at].text.lower() in NOTHING and not named
    if nothing and (bought := buyers(draft)) and subject in (None, *bought):
        return Absence(-1, *bought)
    if draft.language == "zh" and (pair := denied_before(draft, at)):
        return Absence(at, *pair)
    absent = absent_after(draft, at, subject) if subject else None
    if subject and not absent and draft.language == "en" and not own_cell(draft, at, subject):
        absent = told_by(draft, at, subject) or next((join.table for join in children(draft, subject) if act_after(draft, at)), None)
        idle = ("money", "sort", "word")
        draft.use(*(place for place in range(at + 1, min(at + 4, len(draft.mentions))) if absent and draft.mentions[place].kind in idle))
    return Absence(at, subject, absent) if subject and absent else None


def whoever(draft: Draft) -> str | None:
    """The only table of people, where 'who' asks for them: 'who has never taken any leave'."""
    if not draft.mentions or draft.mentions[0].text.lower() not in ("who", "谁"):
        return None
    return draft.catalog.people_table


def own_cell(draft: Draft, at: int, subject: str) -> bool:
    """Whether the 'not' denies a cell of the rows themselves: 'channels that do not use English'."""
    following = draft.mentions[at + 1 : at + 4]
    return any(
        value.table == subject and value.score >= 0.9 for mention in following if mention.kind == "value" for value in mention.values
    )


def told_by(draft: Draft, at: int, subject: str) -> str | None:
    """The table whose name or dates tell of what did not happen: 'never admitted', or 'not been here' since a day."""
    following = draft.mentions[at + 1 : at + 4]
    after = [mention for mention in following if mention.kind == "column" or not mention.columns or mention.columns[0].score < NAMED]
    words = [word for mention in after for word in mention.text.lower().split()]
    for join in children(draft, subject):
        dates = [field for field in draft.catalog.fields(join.table) if draft.catalog.is_date(field)]
        names = {*header_stems(join.table), *(word for field in dates for word in draft.catalog.words(field))}
        if any(len(word) > LONG and len(name) > LONG and word[:LONG] == name[:LONG] for word in words for name in names):
            return join.table
        if any(ROWS_OF.get(word) == name for word in words for name in names):
            return join.table
        if dates and "been" in words and any(mention.kind == "period" for mention in draft.mentions):
            return join.table
    return None


NAMED = 0.75  # of a link with a table, from where on the table itself is named
LONG = 4  # letters that forms of a word share
DEEDS = ("卖", "售", "买", "购", "下单", "订", "消费", "成交")
"""What is done with things, or by people, that have rows of a child table."""


def denied_before(draft: Draft, at: int) -> tuple[str, str] | None:
    """The thing named after what it lacks, and the table of that: '没有销售记录的门店', '从没卖出过的商品'."""
    end = next((place for place in range(at + 1, min(len(draft.mentions), at + REACH)) if draft.mentions[place].text == "的"), None)
    if end is None or end + 1 >= len(draft.mentions):
        return None
    parents = {join.parent_table for join in draft.catalog.schema.joins}
    after = draft.mentions[end + 1]
    subject = next((match.table for match in after.columns if match.score >= 0.5 and match.table in parents), None)
    if subject is None or after.kind not in ("table", "column"):
        return None
    between = draft.mentions[at + 1 : end]
    children = [join.table for join in draft.catalog.schema.joins if join.parent_table == subject]
    named = [match.table for mention in between for match in mention.columns if match.table in children and match.score >= 0.5]
    cell = next((mention.values[0] for mention in between if mention.kind == "value" and mention.values[0].score >= 0.9), None)
    if cell is not None and cell.table != subject and (home := connected(draft, subject, cell.table)):
        return subject, home
    done = any(deed in mention.text or mention.asks("state") for mention in between for deed in DEEDS) or (
        bool(between) and between[-1].text == "过" and cell is None
    )
    dated = [table for table in children if any(draft.catalog.is_date(field) for field in draft.catalog.fields(table))]
    absent = next(iter(named), None) or (next(iter(dated), None) if done else None)
    if absent is None:
        return None
    draft.use(*(place for place in range(at + 1, end) if not draft.asks(place, "state") and draft.mentions[place].kind != "value"))
    return subject, absent


def buyers(draft: Draft) -> tuple[str, str] | None:
    """Who buys, and the table of what is bought: a named parent table and its dated child."""
    for join in draft.catalog.schema.joins:
        dated = any(draft.catalog.is_date(field) for field in draft.catalog.fields(join.table))
        if dated and {"customer"} & {
            concept for phrase in (header_stems(join.parent_table),) for concept in concepts_by_phrase().get(phrase, ())
        }:
            return join.parent_table, join.table
    return None


def subject_before(draft: Draft, at: int) -> str | None:
    """The table that the question is about before the 'not'."""
    for mention in draft.mentions[:at]:
        if mention.kind in ("table", "column") and mention.columns and mention.columns[0].score >= 0.6:
            tables = [match.table for match in mention.columns if not match.column and match.score >= 0.75]
            if tables:
                return tables[0]
    for mention in draft.mentions[:at]:
        if mention.kind == "column" and mention.columns[0].score >= 0.9:
            return mention.columns[0].table
    return None


def absent_after(draft: Draft, at: int, subject: str) -> str | None:
    """The other table named after the 'not', by itself or by a cell of it."""
    for place in range(at + 1, min(len(draft.mentions), at + REACH)):
        mention = draft.mentions[place]
        if mention.kind == "sign" and mention.text in ",，;":
            return None
        tables = [match.table for match in mention.columns if not match.column and match.score >= 0.75]
        own = any(match.table == subject and match.score >= 0.9 for match in mention.columns)
        if mention.kind == "table" and tables and tables[0] != subject and not own:
            return connected(draft, subject, tables[0])
        if mention.kind == "value" and mention.values[0].score >= 0.9:
            homes = {value.table for value in mention.values if value.score >= mention.values[0].score - 0.05}
            if subject in homes:
                return None
            return connected(draft, subject, mention.values[0].table)
    return None


def connected(draft: Draft, subject: str, other: str) -> str | None:
    """The other table, if joins lead to it."""
    try:
        join_steps([subject, other], draft.catalog.schema)
    except Unjoinable:
        return None
    return other


def find_none(draft: Draft) -> tuple[int, Field] | None:
    """'Towns where no hall has a height over 10': the place of the 'no' and the column whose cells are asked for."""
    for at in range(2, len(draft.mentions) - 1):
        table, thing = none_of(draft, at)
        if table is None:
            continue
        named = (place for place in range(at - 1) if draft.mentions[place].kind == "column")
        field = next((field for place in named if (field := draft.column(place)) and field.table == table), None)
        if field is not None and not draft.catalog.is_number(field):
            draft.use(at, thing)
            return at, field
    return None


def none_of(draft: Draft, at: int) -> tuple[str | None, int]:
    """The table of which no row is meant and its place: 'where no hall has', 'without a hall having'; None where nothing of the kind
    is said."""
    said, following = draft.mentions[at].text.lower(), at + 1
    if said == "no" and draft.mentions[at - 1].text.lower() in ("where", "which", "whose", "in which"):
        return (draft.table(following) if draft.mentions[following].kind == "table" else None), following
    following += draft.mentions[following].text.lower() in ("a", "an", "any")
    if said == "without" and following + 1 < len(draft.mentions) and draft.mentions[following].kind == "table":
        tested = draft.mentions[following + 1].text.lower() in ("having", "with", "that", "whose", "which", "where")
        return (draft.table(following) if tested else None), following
    return None, following


def find_all(draft: Draft) -> tuple[int, Field] | None:
    """'Departments where everyone earns more than 3800', 所有人工资都超过3000的部门: the place, and the column that is asked for."""
    found = EVERYONE.search(draft.text)
    if found is None:
        return None
    after = draft.language == "zh"
    places = [
        at
        for at, mention in enumerate(draft.mentions)
        if mention.kind in ("column", "table") and (mention.start >= found.end() if after else mention.end <= found.start())
    ]
    for at in reversed(places) if after else places:
        fields = (field for field, _ in draft.options(at) if not draft.catalog.is_number(field) and not draft.catalog.is_key(field))
        field = next(fields, None)
        if field is not None and (not after or draft.mentions[at - 1].text == "的"):
            inside = overlapping(draft.mentions, *found.span())
            draft.use(*inside)
            return inside[0], field
    return None


EVERYONE = re.compile(
    r"\b(?:where|in which|whose)\s+(?:every(?:one|body)\b|(?:all|every|each)\s+(?:of\s+)?(?:the\s+)?(?:\w+)\b)"
    r"|(?:所有|每个|全部)(?:人|员工|成员|学生)?(?=[^，,。]*都)",
    re.IGNORECASE,
)
"""Words by which all rows of a group are meant."""
REFUSED: dict[Sign, Sign] = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "!=", "!=": "="}


def set_all(draft: Draft, at: int, field: Field) -> None:
    """The cells for which no row fails the tests after the 'everyone'."""
    for home in (draft.where, draft.value_tests):
        for number, test in enumerate(home):
            if isinstance(test, Condition) and draft.placed.get(test, -1) > at and test.sign in REFUSED:
                home[number] = replace(test, sign=REFUSED[test.sign])
                draft.placed[home[number]] = draft.placed[test]
    set_none(draft, at, field)


def set_none(draft: Draft, at: int, field: Field) -> None:
    """Move the tests after the 'no' into the query for the cells that must not be there."""
    homes = (draft.value_tests, draft.period_tests, draft.where)
    inside = [test for test, place in draft.placed.items() if place > at and any(test in home for home in homes)]
    if not inside:
        return
    for home in homes:
        home[:] = [test for test in home if test not in inside]
    tested = {(part.table, part.column) for part in fields(tuple(inside))}
    said = (
        place
        for place, mention in enumerate(draft.mentions)
        if mention.columns and (mention.columns[0].table, mention.columns[0].column) in tested
    )
    draft.use(*said)
    query = Plan((field,), (*inside, Condition(field, "not null")))
    draft.where.append(Condition(field, "not in", (query,)))
    draft.flags["distinct"] = "distinct"


def set_absence(draft: Draft, absence: Absence) -> None:
    """Move the tests after the 'not' into the query for the rows that must not be there."""
    steps = join_steps([absence.subject, absence.absent], draft.catalog.schema)
    table, join = steps[0]
    mine, theirs = (
        (join.column, Field(join.parent_table, join.parent_column))
        if join.table == absence.subject
        else (join.parent_column, Field(join.table, join.column))
    )
    inside = [
        test for test, place in draft.placed.items() if place > absence.at and any(field.table != absence.subject for field in fields(test))
    ]
    inside = [test for test in inside if test in draft.value_tests or test in draft.period_tests or test in draft.where]
    for tests in (draft.value_tests, draft.period_tests, draft.where):
        tests[:] = [test for test in tests if test not in inside]
    having = (
        tuple(draft.having)
        if draft.having and all(isinstance(test, Condition) and isinstance(test.left, Measure) for test in draft.having)
        else ()
    )
    lacking = Condition(Field(absence.subject, mine), "is null")
    points = join.table == absence.subject and not inside and not having and table == absence.absent
    query = Plan(
        (theirs,),
        (*inside, Condition(theirs, "not null")),
        (theirs,) if having else (),
        having,
        tables=tuple(dict.fromkeys((table, absence.absent))),
    )
    draft.having.clear()
    draft.where.append(lacking if points else Condition(Field(absence.subject, mine), "not in", (query,)))  # trips without a driver
    draft.certain.update(draft.where[-1:])
    gone = {absence.absent, *absorbed(draft, absence)}
    for place, mention in enumerate(draft.mentions):
        if place > absence.at and mention.kind == "table" and mention.columns[0].table in gone:
            draft.use(place)
    inner = {table, *gone}
    draft.tables[:] = [name for name in draft.tables if name not in inner] or [absence.subject]
    if absence.subject not in draft.tables:
        draft.tables.insert(0, absence.subject)


def absorbed(draft: Draft, absence: Absence) -> set[str]:
    """Tables named right behind the absent one, whose rows are as absent: the courses of 'who did not teach any courses'."""
    found: set[str] = set()
    if absence.at < 0 or draft.language != "en":
        return found
    for mention in draft.mentions[absence.at + 1 :]:
        if mention.kind in ("sign", "and", "to", "or") or mention.asks("neg"):
            break
        named = mention.columns[0].table if mention.kind == "table" and mention.columns[0].score >= NAMED else ""
        if named not in ("", absence.subject, absence.absent):
            found.add(named)
    return found
