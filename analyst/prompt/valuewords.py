"""What linking found for words of the question, as lines that a model reads."""

from __future__ import annotations

from collections.abc import Sequence

from analyst.prompt.fence import one_line
from analyst.prompt.mschema import literal, spell, spell_column
from analyst.terms import ColumnMatch, Links, ValueMatch

LINES_SHOWN = 8  # of each kind; linking gives the likeliest first


def render_links(links: Links, dialect: str) -> str:
    """A line for each value found, and for each column that is called otherwise in the question."""
    values = [value_line(match, dialect) for match in links.values]
    columns = [column_line(match, dialect) for match in longest(links.columns) if called_otherwise(match)]
    return "\n".join((*list(dict.fromkeys(values))[:LINES_SHOWN], *list(dict.fromkeys(columns))[:LINES_SHOWN]))


def longest(matches: Sequence[ColumnMatch]) -> list[ColumnMatch]:
    """For each column the match with the most words; "total sales" says all that "sales" does."""
    best: dict[tuple[str, str], ColumnMatch] = {}
    for match in matches:
        known = best.get((match.table, match.column))
        if match.column and (known is None or len(match.words) > len(known.words)):
            best[match.table, match.column] = match
    return list(best.values())


def called_otherwise(match: ColumnMatch) -> bool:
    """Whether the question uses other words than the header."""
    return match.words.casefold() != match.column.casefold()


def value_line(match: ValueMatch, dialect: str) -> str:
    """Such as `- west: orders.Region = 'West'`."""
    return f"- {one_line(match.words)}: {spell_column(match.table, match.column, dialect)} = {literal(match.value)}"


def column_line(match: ColumnMatch, dialect: str) -> str:
    """Such as `- revenue: orders.Sales`."""
    return f"- {one_line(match.words)}: {spell(match.table, dialect)}.{spell(match.column, dialect)}"
