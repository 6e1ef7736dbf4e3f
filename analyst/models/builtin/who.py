"""Who is asked for: the person a figure is of, those who raised what is counted, the people whom rows point to."""

from __future__ import annotations

import re

from analyst.models.builtin.catalog import PERSON_CONCEPTS
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Expression, Field, Measure, Output
from analyst.words.lexicon import concepts_by_phrase
from analyst.words.names import KEYS, expanded
from analyst.words.tokens import header_stems


def people_first(
    draft: Draft, subjects: list[Expression], table: str | None, target: Output | None, when: Expression | None
) -> list[Expression]:
    """The subjects of a ranking with the people in them that 'who' and 'earners' ask for."""
    if draft.flags.get("people") == "earners" and isinstance(target, Field) and not draft.group:
        names = draft.catalog.labels(target.table)
        return [*names, *(item for item in subjects if item not in names)]  # top 5 earners and their department
    if not asks_who(draft):
        return subjects
    if when is None:
        subjects = [item for item in subjects if not (isinstance(item, Field) and draft.catalog.is_date(item))]  # who has booked most
    if subjects:
        return subjects
    if raised := raisers(draft, table):
        return [raised]
    counted = target in (None, Measure("count"))
    people = people_pointed_to(draft, table) if table and counted else [] if table else persons(draft, target)
    return [item for item in people if item not in draft.group]


def members_named(draft: Draft) -> Field | None:
    """What 'top 3 cakes' ranks where Cake is a category: the products in it, by the column that names them."""
    top = draft.top
    counted = [at for at in range(len(draft.mentions)) if draft.mentions[at].kind == "number" and top and abs(at - top.at) <= NEAR]
    last = max(counted[0], top.at) + 1 if counted and top else len(draft.mentions)
    kinds = [mention for mention in draft.mentions[last : last + 1] if mention.kind == "value"]
    if not kinds:
        return None
    kind = Field(kinds[0].values[0].table, kinds[0].values[0].column)
    finer = [field for field in draft.catalog.named("product", [kind.table]) if not draft.catalog.is_number(field)]
    held = draft.catalog.column(kind).distinct
    return next((field for field in finer if field != kind and draft.catalog.column(field).distinct > held), None)


NEAR = 2  # mentions between a superlative and its number


RAISING = frozenset((
    "raise", "raises", "raised", "open", "opens", "submit", "submits", "submitted", "report", "reports", "reported", "request", "requests",
    "requested", "log", "logs", "logged", "file", "files", "filed",
))  # fmt: skip


RAISED_BY = frozenset(
    ("requester", "requestor", "reporter", "submitter", "raised", "opener", "creator", "requested", "reported", "submitted")
)


def raisers(draft: Draft, table: str | None) -> Field | None:
    """The column of those who raised the rows that are counted: 'who raises the most tickets'."""
    if not table or not any(mention.text.lower() in RAISING for mention in draft.mentions):
        return None
    found = (field for field in draft.catalog.fields(table) if RAISED_BY & set(draft.catalog.words(field)))
    return next((field for field in found if not draft.catalog.is_number(field) and not draft.catalog.is_time(field)), None)


def people_pointed_to(draft: Draft, table: str) -> list[Field]:
    """The names of the people whom rows of a table point to: 学生 for the marks of an exam."""
    for join in draft.catalog.schema.joins:
        if (
            join.table == table
            and join.parent_table != table
            and PEOPLE & set(concepts_by_phrase().get(header_stems(join.parent_table), ()))
        ):
            return list(draft.catalog.labels(join.parent_table))
    return []


def is_repeated(draft: Draft, field: Field) -> bool:
    """Whether a cell of a column stands in several rows."""
    column = draft.catalog.column(field)
    return 1 < column.distinct < column.rows - column.missing


def asks_who(draft: Draft) -> bool:
    """Whether a question asks for a person."""
    return any(mention.text.lower() in ("who", "谁") for mention in draft.mentions) or asks_person(draft)


def asks_person(draft: Draft) -> bool:
    """Whether a superlative is of a person: 'the highest paid person in each office'."""
    after = draft.mentions[draft.top.at + 1].text.lower() if draft.top and draft.top.at + 1 < len(draft.mentions) else ""
    return after in ("person", "people", "individual", "persons")


PEOPLE_WORDS = frozenset(("employee", "emp", "staff", "customer", "client", "member", "student", "patient", "person", "user", "driver"))
"""Words of keys that tell people apart, beside a column that is only called name."""
CALLED = frozenset(("name", "first name", "full name"))
"""Concepts of columns of names."""

STAFF = frozenset(("employee", "salesperson", "manager"))
PEOPLE = PERSON_CONCEPTS | STAFF


def persons(draft: Draft, target: Output | None) -> list[Field]:
    """The columns that name the person a figure is of; none where a rate of one of many rows stands for itself."""
    catalog = draft.catalog
    if not isinstance(target, Field):
        alone = len(catalog.schema.tables) == 1 and target in (None, Measure("count"))
        found = catalog.fields(catalog.main_table) if alone else []
        people = [
            field for field in found if catalog.concepts(field) & PEOPLE and not catalog.is_number(field) and is_repeated(draft, field)
        ]
        return sorted(people, key=lambda field: bool(catalog.concepts(field) & STAFF))[:1]
    if pointed := people_pointed_to(draft, target.table):
        return pointed
    labels = catalog.labels(target.table)
    if labels and catalog.concepts(labels[0]) & CALLED:
        single = catalog.settles(target.table, [field.column for field in labels]) or (asks_person(draft) and names_row(draft, labels[0]))
        return list(labels) if single or draft.group or catalog.adds_up(target) else []
    return [field for field in catalog.fields(target.table) if catalog.concepts(field) & PEOPLE and not catalog.is_number(field)][:1]


def names_row(draft: Draft, field: Field) -> bool:
    """Whether a column names what the key of its table tells apart, as student_name does beside student_id."""
    table = draft.catalog.schema.table(field.table)
    keys = [key[0] for key in table.keys if len(key) == 1] if table else []
    if field.column in ("姓名", "名字"):
        return any(key.endswith("号") for key in keys)
    thing, *rest = header_stems(field.column) or ("",)
    if (thing, *rest) in (("name",), ("full", "name")):
        told = {expanded(header_stems(key)) for key in keys}
        own = set(header_stems(field.table)) | PEOPLE_WORDS
        return any(len(key) > 1 and key[-1] in KEYS and key[0] in own for key in told)
    return rest == ["name"] and any(header_stems(key) in {(thing, end) for end in KEYS} for key in keys)


BOUGHT = re.compile(
    r"^\s*what\s+(?:did|has|have|does)\b.*\b(?:buy|bought|order|ordered|purchase|purchased)\b|(?:买|购买|下单|点|订)[了过]?(?:些|的)?(?:什么|啥|哪些)",
    re.IGNORECASE,
)
"""Asks for the things that somebody bought."""


def things_bought(draft: Draft) -> Field | None:
    """The column of what was bought, where 'what did Ann buy' asks for it."""
    if not BOUGHT.search(draft.text) or not draft.value_tests:
        return None
    found = [field for field in draft.catalog.named("product", draft.all_tables) if not draft.catalog.is_number(field)]
    return found[0] if found else None


ROLE_HEADERS = frozenset(("role", "job", "title", "position", "post", "profession", "职位", "岗位", "职务"))
"""Words of headers of what people are."""


def people_of_role(draft: Draft, first: int, last: int) -> str | None:
    """The table of the people whose role is named between two places, as in 'the three highest earning dentists': they are meant, and
    not the rows of what they did."""
    near = draft.mentions[first:last]
    said = next((mention for mention in near if mention.kind == "value"), None)
    if said is None or any(mention.kind in ("column", "table") for mention in near[: near.index(said)]):
        return None
    field = Field(said.values[0].table, said.values[0].column)
    named = draft.catalog.labels(field.table)
    called = bool(named) and bool(draft.catalog.concepts(named[0]) & CALLED)
    return field.table if called and ROLE_HEADERS & set(draft.catalog.words(field)) else None
