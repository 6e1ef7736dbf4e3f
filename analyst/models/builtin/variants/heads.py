"""The part of a question that says what is to be shown, and the columns named there and elsewhere."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Field

CLAUSES = frozenset((
    "whose", "with", "where", "that", "who", "which", "for", "from", "in", "have", "has", "had", "having", "sorted",
    "ordered", "by", "at", "when", "on", "order", "sort", "do", "does", "did", "among", "without", "not", "ascending",
    "descending",
))  # fmt: skip
"""Words that begin a clause, which only says which rows are meant or how they are sorted."""
ENDS = (".", "?", "!", ";")


def named_columns(draft: Draft) -> list[Field]:
    """The likeliest column of every mention of one, and what names the rows of every table that is named."""
    found: list[Field] = []
    for at, mention in enumerate(draft.mentions):
        if mention.kind == "column":
            found += [field for field, _ in draft.options(at)[:1]]
        table = draft.table(at) if mention.kind == "table" and mention.columns[0].score >= 0.75 else None
        if table:
            found += [*draft.catalog.identifiers(table)[:1], *draft.catalog.labels(table)[:1]]
    return list(dict.fromkeys(found))


def head_columns(draft: Draft) -> list[Field]:
    """The columns named before the first clause that only says which rows are meant."""
    found: list[Field] = []
    for at in head_places(draft):
        if draft.mentions[at].kind == "column" and not is_compared(draft, at) and (options := draft.options(at)):
            found.append(options[0][0])
    return list(dict.fromkeys(found))


def is_compared(draft: Draft, at: int) -> bool:
    """Whether a column is what a comparison right behind it compares, as in 'which coaches earn more than Ida'."""
    return bool(draft.asks(at + 1, "cmp"))


def head_places(draft: Draft) -> list[int]:
    """The places before the first clause, of the last sentence that names something: there stands what is to be shown."""
    found: list[int] = []
    sentence: list[int] = []
    named = closed = False
    for at, mention in enumerate(draft.mentions):
        if mention.text in ENDS:
            found = sentence if named else found
            sentence, named, closed = [], False, False
            continue
        closed = closed or (named and opens_clause(mention))
        named = named or mention.kind in ("column", "table")
        if not closed:
            sentence.append(at)
    return sentence if named else found


def opens_clause(mention: Mention) -> bool:
    """Whether a clause begins here."""
    return mention.value in CLAUSES or mention.text.lower() in CLAUSES or mention.kind in ("neg", "cmp", "sort", "super")
