"""What linking found for words of the question, as lines that a model reads."""

from __future__ import annotations

from analyst.fence import one_line
from analyst.mschema import literal, spell, spell_column
from analyst.terms import ColumnMatch, Links, ValueMatch

LINES_SHOWN = 8  # of each kind; linking gives the likeliest first


def render_links(links: Links, dialect: str) -> str:
    """A line for each value found, and for each column that is called otherwise in the question."""
    values = [value_line(match, dialect) for match in links.values[:LINES_SHOWN]]
    columns = [column_line(match, dialect) for match in links.columns if match.column and called_otherwise(match)][:LINES_SHOWN]
    return "\n".join(dict.fromkeys(values + columns))


def called_otherwise(match: ColumnMatch) -> bool:
    """Whether the question uses other words than the header."""
    return match.words.casefold() != match.column.casefold()


def value_line(match: ValueMatch, dialect: str) -> str:
    """Such as `- west: orders.Region = 'West'`."""
    return f"- {one_line(match.words)}: {spell_column(match.table, match.column, dialect)} = {literal(match.value)}"


def column_line(match: ColumnMatch, dialect: str) -> str:
    """Such as `- revenue: orders.Sales`."""
    return f"- {one_line(match.words)}: {spell(match.table, dialect)}.{spell(match.column, dialect)}"
