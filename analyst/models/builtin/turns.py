"""A follow-up question and the query before it to the changed query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import exp as power

from sqlglot import expressions as exp

from analyst.models.builtin import changes
from analyst.models.builtin.asked import Asked, ask_again, focused
from analyst.models.builtin.build import Builder
from analyst.models.builtin.carrying import look_back
from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.choices import Chooser
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.joining import Unjoinable
from analyst.models.builtin.mentions import mentions
from analyst.models.builtin.plan import Field
from analyst.models.builtin.readback import read_back
from analyst.models.builtin.reparse import Previous, reparse
from analyst.terms import Mark, Prompt

LEANING = {
    "pronoun": 2.4,
    "whatabout": 1.6,
    "ending": 1.2,
    "also": 1.2,
    "instead": 2.0,
    "only": 1.0,
    "drop": 0.8,
    "earlier": 2.5,
    "later": 2.5,
}
"""What each kind of leaning says for a follow-up, in logits."""
ALONE = -1.4  # of a question without any sign
FRAGMENT = 1.6  # of one that names no table and asks nothing as a sentence would
ELSEWHERE = -0.9  # of one that names a table which the query before does not read
PERIOD = "period"
"""The change that moves a query in time; nothing else is meant where it can be made."""
FEW_WORDS = 3  # of the data, in a fragment
Way = tuple[str, float, Callable[[Previous], Previous | None]]
"""A change: its name, its weight, and the query that it makes of the one before."""
MOST = 4  # changed queries proposed of each way


@dataclass(frozen=True, slots=True)
class Followed:
    """A changed query, and how likely it is meant."""

    sql: str
    chance: float
    mark: Mark | None
    change: str
    """The kind of change."""
    draft: Draft
    leaning: float
    """The chance that the question leans on the one before at all."""
    way: str
    """tree, or loose where the earlier tests were left out."""


def follow_ups(prompt: Prompt, catalog: Catalog) -> list[Followed]:
    """The changed queries that a question can ask for, likeliest first; none where it has nothing before it to lean on."""
    previous = earlier(prompt)
    if previous is None:
        return []
    builder = Builder(prompt.schema, prompt.question.language)
    asked = reread(prompt, catalog, previous)
    chance = leaning(asked, previous)
    found = likeliest(asked, previous, builder, "tree", chance)
    loose = None if SPLITS.match(prompt.question.text) else loosened(previous)
    return found + likeliest(asked, loose, builder, "loose", chance) if loose else found


SPLITS = re.compile(
    r"\s*(?:and|now|then|please|can you|ok|okay|,|\s)*(?:split|break|broken down|group|divide|by|per)\b"
    r"|(?:再|然后|请|那|麻烦)*(?:按|分成|拆)",
    re.IGNORECASE,
)
"""Words that only split what was answered, so that its tests stay: 'split by store type' after 'florida only'."""


def likeliest(asked: Asked, previous: Previous, builder: Builder, way: str, chance: float) -> list[Followed]:
    """The likeliest changes of one query."""
    found: dict[str, Followed] = {}
    for change, weight, query in changed(asked, previous, builder):
        sql = query.sql()
        if sql not in found:
            found[sql] = Followed(sql, weight, asked.draft.mark, change, asked.draft, chance, way)
    kept = sorted(found.values(), key=lambda followed: -followed.chance)[:MOST]
    whole = sum(followed.chance for followed in kept)
    return [replace(followed, chance=followed.chance / whole * chance) for followed in kept]


def loosened(previous: Previous) -> Previous | None:
    """The earlier query without its tests and its cut, for a question that sets its own; None where it has neither."""
    loose = previous.copy()
    loose.keep_tests([test for test in loose.tests if connects(test)])
    loose.select.set("having", None)
    if loose.select.args.get("limit"):
        loose.order_by(None)
        loose.cut(None)
    return loose if loose.select != previous.select else None


def connects(test: exp.Expr) -> bool:
    """Whether a test only connects two tables."""
    return isinstance(test, exp.EQ) and isinstance(test.this, exp.Column) and isinstance(test.expression, exp.Column)


def earlier(prompt: Prompt) -> Previous | None:
    """The last query of the conversation that can be read."""
    for turn in reversed(prompt.question.history):
        if turn.sql:
            return reparse(turn.sql, prompt.schema)
    return None


def reread(prompt: Prompt, catalog: Catalog, previous: Previous) -> Asked:
    """The question, read with the tables of the query before it in mind."""
    row = mentions(prompt.question, focused(prompt.links, previous))
    draft = Draft(prompt.question.text, prompt.question.language, catalog, list(row), Chooser({}))
    draft.tables = previous.tables
    before = read_back(previous.sql(), prompt.schema)
    if before is not None:
        look_back(draft, before)
        draft.context = ()
    return ask_again(draft)


def leaning(asked: Asked, previous: Previous) -> float:
    """The chance that the question leans on the one before."""
    score = ALONE + sum(weight for kind, weight in LEANING.items() if kind in asked.leans)
    if not asked.tables and asked.words <= FEW_WORDS:
        score += FRAGMENT
    if any(table not in previous.tables for table in asked.tables):
        score += ELSEWHERE
    return 1 / (1 + power(-score))


def changed(asked: Asked, previous: Previous, builder: Builder) -> Iterator[tuple[str, float, Previous]]:
    """Every change that applies, with its weight."""
    for name, weight, change in ways(asked, builder):
        try:
            query = change(previous.copy())
        except Unjoinable:
            continue
        if query is not None:
            yield name, weight, query


def ways(asked: Asked, builder: Builder) -> Iterator[Way]:
    """The changes that the question's parts speak for, with weights."""
    draft, leans = asked.draft, asked.leans
    if draft.mark and not asked.words and not draft.group and not draft.top:
        yield "chart", 3.0, lambda query: query
    if asked.asks("compare") and asked.tests:
        yield "compare", 3.0, lambda query: changes.compared(query, asked, builder)
    if {"share", "growth", "cumulative"} & set(draft.flags) and not asked.named:
        yield "window", 3.0, lambda query: changes.windowed(query, asked)
    if leans & {"earlier", "later"} and not asked.shown and (not asked.tests or any(word in draft.text for word in ("往前", "前一"))):
        yield PERIOD, 6.0, lambda query: changes.moved_in_time(query, draft.text, "later" in leans)
    yield from ways_to_count(asked, builder)
    yield from ways_to_figure(asked, builder)
    yield from ways_to_group(asked, builder)
    yield from ways_to_show(asked, builder)
    if asked.tests or draft.having:
        yield "tests", 1.4 if not asked.shown or "only" in leans else 0.7, lambda query: changes.tested_again(query, asked, builder)
    if asked.different:
        yield "distinct", 1.5, lambda query: changes.deduplicated(query, asked)
    if asked.asks("neg"):
        yield "turned", 1.5, lambda query: changes.turned_round(query, asked)
    if (asked.asks("neg") or "others" in leans) and asked.words <= 1:
        yield "others", 1.6, lambda query: changes.the_others(query, asked)


def ways_to_count(asked: Asked, builder: Builder) -> Iterator[Way]:
    """How many rows there are, of all or of each, and which are first."""
    draft, each = asked.draft, "eachof" in asked.leans
    if asked.measures and each and not draft.top:
        yield "figure each", 2.7, lambda query: changes.counted_each(query, asked, builder)
    if asked.counts and (each or draft.group) and not draft.top:
        yield "count each", 2.0, lambda query: changes.counted_each(query, asked, builder)
    if asked.counts and not draft.group and not draft.top:
        yield "count", 2.0, lambda query: changes.counted(query, asked, builder)
    if draft.top:
        yield "flip", 1.5, lambda query: changes.flipped_extreme(query, asked)
        yield "of those", 1.2, lambda query: changes.of_those(query, asked, builder)
        yield "top", 2.0, lambda query: changes.cut_to_top(query, asked, builder)


def ways_to_figure(asked: Asked, builder: Builder) -> Iterator[Way]:
    """Other figures over the same rows."""
    if asked.aggregate and not asked.shown:
        yield "aggregate", 2.5, lambda query: changes.reaggregated(query, asked, builder)
        yield "summary", 2.4, lambda query: changes.summarised(query, asked)
    if asked.measures and not asked.draft.top:
        yield "of those", 2.6, lambda query: changes.of_those(query, asked, builder)
        if is_plain_number(asked) and asked.leans & {"whatabout", "instead", "ending"}:
            yield "column", 2.2, lambda query: changes.refigured_column(query, asked, builder)
        yield "figure", 2.0, lambda query: changes.refigured(query, asked, builder)


def ways_to_group(asked: Asked, builder: Builder) -> Iterator[Way]:
    """The same figures by other groups."""
    draft, leans = asked.draft, asked.leans
    if not draft.group:
        return
    if all(isinstance(item, Field) and draft.catalog.is_measure(item) for item in draft.group):
        yield "column", 2.6, lambda query: changes.refigured_column(query, asked, builder)
    adding = bool(asked.asks("drill") or "also" in leans or not leans & {"instead", "whatabout"})
    yield "group", 1.8, lambda query: changes.regrouped(query, asked, builder, adding)
    yield "group", 0.6, lambda query: changes.regrouped(query, asked, builder, not adding)


def ways_to_show(asked: Asked, builder: Builder) -> Iterator[Way]:
    """The same rows in another order, or with other columns."""
    if asked.draft.sorts:
        yield "sort", 2.5, lambda query: changes.sorted_again(query, asked, builder)
    if asked.tables and not asked.named:
        yield "table", 1.0, lambda query: changes.other_table(query, asked)
    if (asked.shown or asked.measures) and not asked.draft.top:
        if is_plain_number(asked) and asked.leans & {"whatabout", "instead", "ending", "also"}:
            yield "column", 2.1, lambda query: changes.refigured_column(query, asked, builder)
        yield "columns", 1.7, lambda query: changes.other_columns(query, asked, builder)
        yield "names", 1.0, lambda query: changes.parents_named(query, asked, builder)
        yield "beside", 1.0, lambda query: changes.other_columns(query, asked, builder, beside=True)


def is_plain_number(asked: Asked) -> bool:
    """Whether no aggregate and no money is spoken of."""
    return not any(mention.asks("agg") or mention.kind in ("basket", "margin", "worth") for mention in asked.draft.mentions)
