"""Tables that joins connect belong together; a question that no join can answer is read over those it speaks of most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.headers import EXACT
from analyst.terms import Links, Prompt, Schema


def narrowed(prompt: Prompt) -> Iterator[Prompt]:
    """The prompt over each group of connected tables, first the one that answers to most words; nothing where all are connected.

    A group that leaves out what another one's very header names is no reading: the word would be dropped in silence.
    """
    groups = islands(prompt.schema)
    spoken: dict[str, float] = {}
    found = [(match.table, match.score) for match in prompt.links.columns] + [(match.table, match.score) for match in prompt.links.values]
    for table, score in found:
        spoken[table] = max(spoken.get(table, 0.0), score) + 0.1 * score
    ranked = sorted(groups, key=lambda group: (-len(answered(prompt.links, group)), -sum(spoken.get(table, 0.0) for table in group)))
    headers = places((match.start, match.words) for match in prompt.links.columns if match.score >= EXACT)
    if len(groups) > 1:
        yield from (over(prompt, group) for group in ranked[:2] if spoken.keys() & group and headers <= answered(prompt.links, group))


def at_home(prompt: Prompt) -> Prompt:
    """The prompt over the one group whose very headers a question says, where the others answer to less and only in other words."""
    groups = islands(prompt.schema)
    if len(groups) < 2 or prompt.question.history:
        return prompt
    exact = [
        places((match.start, match.words) for match in prompt.links.columns if match.table in group and match.score >= EXACT)
        for group in groups
    ]
    said = [answered(prompt.links, group) for group in groups]
    most = max(range(len(groups)), key=lambda at: len(exact[at]))
    others = [at for at in range(len(groups)) if at != most]
    if all(exact[at] < exact[most] and said[at] <= said[most] for at in others):
        return over(prompt, groups[most])
    return prompt


def answered(links: Links, tables: set[str]) -> set[int]:
    """Which characters of the question columns or cells of these tables answer to."""
    named = ((match.start, match.words) for match in links.columns if match.table in tables and match.score >= NAMED)
    held = ((match.start, match.words) for match in links.values if match.table in tables and match.score >= HELD)
    return places(chain(named, held))


def places(found: Iterable[tuple[int, str]]) -> set[int]:
    """The characters of words that begin at places."""
    return {at for start, words in found for at in range(start, start + len(words))}


NAMED, HELD = 0.5, 0.75  # of links that count as an answer


def islands(schema: Schema) -> list[set[str]]:
    """The tables in groups that joins connect."""
    groups: list[set[str]] = []
    for table in schema.tables:
        near = {table.name} | {join.parent_table for join in schema.joins if join.table == table.name}
        touching = [group for group in groups if group & near]
        groups = [group for group in groups if not group & near] + [near.union(*touching)]
    return groups


def elsewhere(draft: Draft) -> bool:
    """Whether a question names, by their very headers, only columns that no join connects with the tables of the question before."""
    home = set(draft.context).union(*(island for island in islands(draft.catalog.schema) if island & set(draft.context)))
    named = [{match.table for match in mention.columns if match.score >= EXACT} for mention in draft.mentions if mention.kind == "column"]
    exact = [tables for tables in named if tables]
    return bool(home and exact) and not any(tables & home for tables in exact)


def over(prompt: Prompt, tables: set[str]) -> Prompt:
    """The prompt as if there were only these tables."""
    links = Links(
        tuple(match for match in prompt.links.columns if match.table in tables),
        tuple(match for match in prompt.links.values if match.table in tables),
    )
    schema = replace(
        prompt.schema,
        tables=tuple(table for table in prompt.schema.tables if table.name in tables),
        joins=tuple(join for join in prompt.schema.joins if {join.table, join.parent_table} <= tables),
        version=f"{prompt.schema.version}/{'/'.join(sorted(tables))}",
    )
    return replace(prompt, links=links, schema=schema)
