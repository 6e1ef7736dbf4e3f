"""Proposes the likeliest readings of a question as SQL, asks back, or declines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Event

from sqlglot import expressions as exp
from sqlglot import parse_one

from analyst.models import Health
from analyst.models.builtin import shards
from analyst.models.builtin.answerable import undoable
from analyst.models.builtin.build import Builder
from analyst.models.builtin.carrying import look_back
from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.choices import Chooser
from analyst.models.builtin.compose import continuations, understand
from analyst.models.builtin.confidence import Option
from analyst.models.builtin.contradictions import contradiction
from analyst.models.builtin.declining import declined, not_held, not_read, out_of_range
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.gaps import missing_words
from analyst.models.builtin.islands import at_home, narrowed
from analyst.models.builtin.joining import Unjoinable
from analyst.models.builtin.loose import loose_number
from analyst.models.builtin.mentions import Mention, mentions
from analyst.models.builtin.movers import moves
from analyst.models.builtin.options import candidates, options_of
from analyst.models.builtin.plan import Plan, tables_of
from analyst.models.builtin.readback import read_back
from analyst.models.builtin.references import introduced
from analyst.models.builtin.signups import with_events, with_rows_named
from analyst.models.builtin.things import counted_as_rows, listed_once
from analyst.models.builtin.unclear import unclear
from analyst.models.builtin.weighing import applies, beliefs_on, weighed
from analyst.terms import Bilingual, Candidate, Clarification, Prompt, Refusal, Schema, Token, Usage

READINGS = 5  # candidates proposed at most
TRIED = 8  # readings built at most


@dataclass(frozen=True, slots=True)
class Understood:
    """One reading of a question."""

    plan: Plan
    sql: str
    draft: Draft
    logarithm: float
    way: str = "alone"
    """How it goes on from the question before: see options."""


class BuiltinModel:
    """Needs no GPU, no network and no key."""

    name = "builtin"
    grounds = False

    def health(self) -> Health:
        """Always ready."""
        return Health(True, Bilingual("Answers on this machine.", "在本机作答。"))

    def propose(self, prompt: Prompt, cancelled: Event) -> Iterator[Token | Candidate | Clarification | Refusal]:
        """Candidates, likeliest first; or one clarification or refusal."""
        catalog = catalog_of(prompt.schema)
        row = row_of(prompt, catalog)
        refusal = declined(prompt, row, catalog)
        if refusal:
            yield refusal
            return
        found = readings(prompt, row, catalog)
        refusal = unanswerable(prompt, found, row, catalog)
        refusal = refusal or (undoable(prompt, row, found[0].draft, catalog) if found and not is_plain(found[0].draft) else None)
        reply = refusal or (asked_back(prompt, found[0], row, catalog) if found else None)
        if reply and not prompt.attempts:
            yield reply
            return
        proposed = candidates(gathered(prompt, found), prompt, {attempt.sql for attempt in prompt.attempts})[:READINGS]
        if proposed:
            yield from proposed
        else:
            yield not_read(prompt, catalog)

    def word(self, instructions: str, cancelled: Event) -> Iterator[str] | None:
        """It writes no prose."""
        return None

    def take_usage(self) -> Usage:
        """No server is asked."""
        return Usage()


@lru_cache(maxsize=64)
def catalog_of(schema: Schema) -> Catalog:
    """The catalogue of a schema."""
    return Catalog(schema)


def row_of(prompt: Prompt, catalog: Catalog) -> list[Mention]:
    """The question as a row of mentions."""
    return with_events(with_rows_named(mentions(prompt.question, prompt.links), catalog), prompt.question.text, catalog)


def is_plain(draft: Draft) -> bool:
    """Whether what a question asks was told by its grammar rather than by words that its columns hold."""
    told = bool({"bands", "told"} & set(draft.flags)) or draft.flags.get("corr") == "goes with"
    return bool(draft.elapsed) or draft.absence_at >= 0 or told


def unanswerable(prompt: Prompt, found: list[Understood], row: list[Mention], catalog: Catalog) -> Refusal | None:
    """A refusal where the data does not hold what is asked for."""
    if not found:
        return None
    if found[0].draft.unknown:
        return not_held(found[0].draft.unknown[0], prompt, catalog)
    outside = found[0].draft.flags.get("outside")
    if outside:
        return out_of_range(outside, prompt, catalog)
    missing = missing_words(found[0].draft, row)
    return not_held(missing, prompt, catalog) if missing else None


def asked_back(prompt: Prompt, read: Understood, row: list[Mention], catalog: Catalog) -> Clarification | Refusal | None:
    """A question back where the likeliest reading leaves open what is meant."""
    return (
        unclear(prompt, row, read.draft, read.plan, catalog)
        or contradiction(prompt, read.plan)
        or loose_number(prompt, read.draft, read.plan, read.sql, catalog)
    )


def united(prompt: Prompt) -> list[Understood]:
    """Readings over tables that are parts of one: each part is read by itself, the rows are put together."""
    found: list[list[Understood]] = []
    for table in shards.named(prompt):
        one = shards.part_of(prompt, table)
        row = mentions(one.question, one.links)
        row = shards.without_others(row, prompt, table)
        if shards.tells_time(table):
            row = [replace(mention, kind="sign", period=None, number=0) if mention.kind == "period" else mention for mention in row]
        read = readings(one, row, catalog_of(one.schema))
        if read:
            found.append(read)
    if not found:
        return []
    together = []
    for at in range(min(map(len, found))):
        queries = [parse_one(read[at].sql, dialect="duckdb") for read in found]
        query = queries[0]
        for other in queries[1:]:
            query = exp.Union(this=wrapped(query), expression=wrapped(other), distinct=True)
        first = found[0][at]
        together.append(Understood(first.plan, query.sql(dialect="duckdb"), first.draft, first.logarithm))
    return together


def wrapped(query: exp.Expr) -> exp.Expr:
    """A query that can stand in a union: one that is ordered or cut becomes a subquery."""
    if isinstance(query, exp.Select) and (query.args.get("limit") or query.args.get("order")):
        return exp.select("*").from_(query.subquery("part"))
    return query


def gathered(prompt: Prompt, found: list[Understood] | None = None) -> list[Option]:
    """The readings of a question whichever way they are come by: by itself, or as a change of the query before it."""
    catalog = catalog_of(prompt.schema)
    row = row_of(prompt, catalog)
    found = readings(prompt, row, catalog) if found is None else found
    first = replace(prompt, question=replace(prompt.question, history=()))
    return options_of(prompt, found, readings(first, row, catalog) if prompt.question.history else [], catalog)


def readings(prompt: Prompt, row: list[Mention], catalog: Catalog) -> list[Understood]:
    """Different readings of the question, likeliest first."""
    if shards.parts(prompt.schema):
        return united(prompt)
    read = read_all(prompt, row, catalog)
    home = at_home(prompt)
    if read and not set(tables_of(read[0].plan)) <= {table.name for table in home.schema.tables}:
        read = read_all(home, row_of(home, catalog_of(home.schema)), catalog_of(home.schema)) or read
    for narrow in () if read else narrowed(prompt):
        read = read or read_all(narrow, row_of(narrow, catalog_of(narrow.schema)), catalog_of(narrow.schema))
    builder = Builder(prompt.schema, prompt.question.language)
    found = meant(read, builder, prompt) if read and applies(prompt, read[0].draft, read[0].plan) else read
    named: dict[tuple[str, str], Understood] = {}
    for one in (with_names(one, builder) for one in found):
        named.setdefault((one.way, one.sql), one)
    return list(named.values())


def read_all(prompt: Prompt, row: list[Mention], catalog: Catalog) -> list[Understood]:
    """Every reading that decisions taken otherwise lead to, likeliest first."""
    before = read_back(prompt.question.history[-1].sql, prompt.schema) if prompt.question.history else None
    builder = Builder(prompt.schema, prompt.question.language)
    found: dict[tuple[str, str], Understood] = {}
    queue: list[tuple[float, dict[str, int]]] = [(0.0, {})]
    tried = 0
    while queue and tried < TRIED:
        queue.sort(key=lambda other: other[0])
        cost, told = queue.pop(0)
        chooser = Chooser(told)
        for reading in read_once(prompt, row, catalog, builder, chooser, before):
            found.setdefault((reading.way, reading.sql), reading)
        tried += 1
        if not told:
            queue += [(cost + more, other) for more, other in chooser.others()]
    return sorted(found.values(), key=lambda reading: -reading.logarithm)


def meant(read: list[Understood], builder: Builder, prompt: Prompt) -> list[Understood]:
    """The readings and those near them, the one that people mean first."""
    found: dict[str, Understood] = {}
    beliefs = beliefs_on(prompt, read[0].draft)
    for plan, draft, logarithm in weighed([(one.plan, one.draft, one.logarithm) for one in read], beliefs):
        try:
            sql = builder.sql(plan)
        except Unjoinable:
            continue
        found.setdefault(sql, Understood(plan, sql, draft, logarithm))
    return list(found.values()) or read


def with_names(read: Understood, builder: Builder) -> Understood:
    """The reading with names in the place of keys, where these can be joined."""
    plan = listed_once(read.draft.catalog, counted_as_rows(read.draft.catalog, introduced(read.draft, read.plan)))
    with suppress(Unjoinable):
        return read if plan == read.plan else replace(read, plan=plan, sql=builder.sql(plan))
    return read


def read_once(
    prompt: Prompt, row: list[Mention], catalog: Catalog, builder: Builder, chooser: Chooser, before: Plan | None
) -> Iterator[Understood]:
    """The readings that one set of choices leads to: one, or one for each way to go on from the question before."""
    draft = Draft(prompt.question.text, prompt.question.language, catalog, list(row), chooser)
    if before is None:
        plans = iter([("alone", understand(draft))])
    else:
        look_back(draft, before, earlier(prompt) if moves(draft) else ())
        plans = continuations(draft, before)
    for way, plan in plans:
        try:
            yield Understood(plan, builder.sql(plan), draft, chooser.logarithm, way)
        except Unjoinable:
            yield from without_tables(plan, draft, builder, chooser, way)


def earlier(prompt: Prompt) -> list[Plan]:
    """The queries before the last one, the latest first, as far as they can be read."""
    found = (read_back(turn.sql, prompt.schema) for turn in reversed(prompt.question.history[:-1]) if turn.sql)
    return [plan for plan in found if plan is not None]


def without_tables(plan: Plan, draft: Draft, builder: Builder, chooser: Chooser, way: str) -> Iterator[Understood]:
    """A reading whose tables cannot be joined, with only those that it needs; none where these cannot be joined either."""
    plan = replace(plan, tables=())
    with suppress(Unjoinable):
        yield Understood(plan, builder.sql(plan), draft, chooser.logarithm, way)
