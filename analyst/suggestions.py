"""First questions worth asking, made from what the tables hold."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.language import CHINESE
from analyst.terms import Bilingual, Choice, Column, Language, Schema, Table

FEW_GROUPS = 2  # a column with one value divides nothing
MANY_GROUPS = 60  # more bars than a person compares


def suggest(schema: Schema, language: Language, count: int = 4) -> tuple[Choice, ...]:
    """Up to `count` questions over the largest tables, each of another kind, in one language."""
    questions: list[str] = []
    tables = sorted(schema.tables, key=lambda table: (not measures(table), is_foreign(table, language), -table.rows))
    kinds = [list(questions_about(table)) for table in tables[:4]]
    for rank in range(max(map(len, kinds), default=0)):
        questions += [asked[rank].in_language(language) for asked in kinds if rank < len(asked)]
    chosen = tuple(dict.fromkeys(questions))[:count]
    return tuple(Choice(text, text) for text in chosen)


def is_foreign(table: Table, language: Language) -> bool:
    """Whether the headers are in the other language: a person asks first of what they can read."""
    return (language == "zh") != any(CHINESE.search(column.name) for column in table.columns)


def questions_about(table: Table) -> Iterator[Bilingual]:
    """Questions that this table can answer, the most telling first."""
    amounts, groups, times = measures(table), dimensions(table), [column for column in table.columns if column.role == "time"]
    if amounts and times:
        yield Bilingual(f"Total {amounts[0].name} by month", f"每月的{amounts[0].name}总和")
    if amounts and groups:
        yield Bilingual(f"Total {amounts[0].name} by {groups[0].name}", f"各{groups[0].name}的{amounts[0].name}总和")
        yield Bilingual(f"Top 5 {groups[-1].name} by {amounts[-1].name}", f"{amounts[-1].name}最高的前5个{groups[-1].name}")
    if amounts and groups:
        yield Bilingual(f"Average {amounts[0].name} by {groups[0].name}", f"各{groups[0].name}的平均{amounts[0].name}")
    if groups:
        yield Bilingual(f"How many {table.name} by {groups[0].name}?", f"{table.name}中各{groups[0].name}的记录数")
    yield Bilingual(f"How many rows are in {table.name}?", f"{table.name}有多少行？")


def measures(table: Table) -> list[Column]:
    """Columns to sum, the one with the largest values first: in sales tables that is the amount."""
    found = [column for column in table.columns if column.role == "measure"]
    return sorted(found, key=lambda column: -(column.mean or 0.0))


def dimensions(table: Table) -> list[Column]:
    """Columns to group by, fewest values first."""
    found = [column for column in table.columns if column.role == "dimension" and FEW_GROUPS <= column.distinct <= MANY_GROUPS]
    return sorted(found, key=lambda column: column.distinct)
