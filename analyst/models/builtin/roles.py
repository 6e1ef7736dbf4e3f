"""Which of several columns that point to one table is meant: flights to an airport or from it, matches a team won or lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from analyst.models.builtin.draft import Draft
from analyst.terms import Join
from analyst.words.lexicon import header_vocabulary
from analyst.words.names import expanded
from analyst.words.tokens import header_stems, stems

ROLES = (
    ("destination", "dest", "dst", "arrival", "arrive", "arriving", "arrived", "land", "landing", "landed", "end", "ending", "to", "into"),
    ("source", "src", "origin", "departure", "depart", "departing", "departed", "leave", "leaving", "left", "start", "starting", "from"),
    ("home", "host", "hosted"),
    ("away", "visitor", "visiting", "guest"),
    ("winner", "win", "won", "winning"),
    ("loser", "lose", "lost", "losing"),
    ("manager", "boss", "supervisor", "report", "manage", "managed"),
    ("sender", "send", "sent"),
    ("receiver", "recipient", "receive", "received"),
    ("buyer", "buy", "bought"),
    ("seller", "sell", "sold"),
)
"""Words that say one thing of how two rows belong together."""
FAINT = frozenset(["to", "from", "into", "end", "start", "left", "report"])
"""Words of a role that often mean something else; they count half."""


def spoken_joins(draft: Draft) -> tuple[Join, ...]:
    """The joins that the question's words speak for, where a table points to another by several columns."""
    pairs: dict[tuple[str, str], list[Join]] = defaultdict(list)
    for join in draft.catalog.schema.joins:
        pairs[join.table, join.parent_table].append(join)
    said = set(stems(draft.text)) | set(draft.text.lower().replace("?", "").split())
    found: list[Join] = []
    for joins in pairs.values():
        if len({join.column for join in joins}) < 2:
            continue
        ranked = sorted(joins, key=lambda join: -spoken(join, said))
        best, second = (spoken(join, said) for join in ranked[:2])
        if best > second:
            found.append(ranked[0])
    return tuple(dict.fromkeys((*found, *placed_joins(draft), *acted_joins(draft))))


def placed_joins(draft: Draft) -> Iterator[Join]:
    """The joins to where things are, from the things that a cell right behind them places: of 'shows in Spain' that of the shows."""
    for at, mention in enumerate(draft.mentions):
        table = draft.table(at) if mention.kind == "table" and is_placed(draft, at) else None
        homes = {match.table for match in draft.mentions[at + 2].values} if table else set()
        yield from (join for join in draft.catalog.schema.joins if join.table == table and join.parent_table in homes)


def is_placed(draft: Draft, at: int) -> bool:
    """Whether a cell right behind a table says where its rows are: 'shows in Spain'."""
    following = draft.mentions[at + 1 : at + 3]
    return len(following) > 1 and following[0].text.lower() in ("in", "at", "from") and following[1].kind == "value"


ROWS_OF = {
    "lent": "loan", "lend": "loan", "borrowed": "loan", "borrow": "loan", "bought": "order", "purchased": "order", "taught": "teach",
    "won": "result", "sold": "sale", "rented": "rental", "hired": "rental", "treated": "treatment", "worked": "employment",
}  # fmt: skip
"""Verbs whose rows are called otherwise."""
ROOT = 5  # letters that a verb and the table of its rows share: enrolled, enrollments


def acted_joins(draft: Draft) -> Iterator[Join]:
    """The joins of tables that a verb of the question speaks of: works 'lent to' exhibitions are joined by way of loans."""
    words = {word.strip("?.,") for word in draft.text.lower().split()}
    roots = {ROWS_OF.get(word, word)[:ROOT] for word in words if word in ROWS_OF or word.endswith(("ed", "ing"))}
    for join in draft.catalog.schema.joins:
        if any(name[:ROOT] in roots for name in header_stems(join.table) if len(name) >= SHORTEST):
            yield join


SHORTEST = 4  # letters of a table's name


def spoken(join: Join, said: set[str]) -> float:
    """How strongly words speak for a join, by the role that its column names."""
    header = set(header_stems(join.column, header_vocabulary())) | set(expanded(header_stems(join.column, header_vocabulary())))
    other = set(header_stems(join.parent_table, header_vocabulary()))
    words = {word for word in header - other if len(word) > 2 and word not in ("code", "key", "num", "number")}
    roles = [role for role in ROLES if words & set(role)]
    related = {word for role in roles for word in role} & said
    return float(bool(words & said)) + sum(0.5 if word in FAINT else 1.0 for word in related)
