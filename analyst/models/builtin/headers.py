"""A header that is named word for word is meant, and not another column that the lexicon knows by the same word."""

from __future__ import annotations

from collections.abc import Iterable

from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Field, Plan, fields
from analyst.words.tokens import is_chinese

EXACT = 0.97  # of a link: the header's own words
ANOTHER = 0.1  # by so much or more another word fits worse


def is_very_header(said: Mention, option: Field) -> bool:
    """Whether a mention is a column's whole header, of which no other header that it may mean is made."""
    if not any(match.score >= EXACT and (match.table, match.column) == (option.table, option.column) for match in said.columns):
        return False
    header = option.column.lower()
    others = [match.column.lower() for match in said.columns if match.column.lower() != header]
    if is_chinese(header):
        return header == said.text.lower() and not any(other.endswith(header) for other in others)
    return not any(header in other for other in others)


def trades_header(row: Iterable[Mention], plan: Plan) -> bool:
    """Whether a plan takes another word for a column that the question names by its very header."""
    used = set(fields((plan.select, plan.where, plan.group, plan.having, plan.order)))
    for said in row:
        if said.kind != "column":
            continue
        options = {Field(match.table, match.column): match.score for match in said.columns if match.column}
        exact = {option for option in options if is_very_header(said, option)}
        loose = {option for option, score in options.items() if score <= EXACT - ANOTHER}
        if exact and used & loose and not used & exact:
            return True
    return False
