"""How one column is read: the value that deciding gives and loading follows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from connectors.files.names import literal
from connectors.wording import Bilingual

TOLERATED = 0.01
"""Share of cells that may fail to be what the others are; above it the column stays text."""
LOOKED_AT_FIRST = 60
"""So many values settle that a column is words, which spares most columns the rest."""
DATE_HEADER = re.compile(r"date|day|time|日期|时间|日$|期$|^dt$|_dt$", re.IGNORECASE)
CODE_HEADER = re.compile(
    r"(^|[ _-])(id|code|zip|postal|post ?code|phone|tel|fax|isbn|sku|ssn|iban|no|nr|number|account)\.?($|[ _-])|(Id|ID|Code|Zip)$|"
    "编号|代码|邮编|电话|手机|号码|单号|证号|账号|学号|工号"
)
MOST_TOTALS = 3
"""A table has a total line or two; more such cells are values."""
LARGEST_SAFE = 15
"""Digits that a DOUBLE holds exactly."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the file writes where a cell alone leaves it open."""

    day_first: bool | None = None
    comma_decimal: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read."""

    type: str
    sql: str
    """An expression over `$cell`, NULL where the text is no such value."""
    format: str = ""
    other_formats: tuple[str, ...] = ()
    unit: str = ""
    missing: tuple[str, ...] = ()
    """Words for missing values that occur: case-folded and trimmed for values, as written for text."""
    forced: bool = False
    """The person chose the type, so cells that do not fit are left out however many they are."""
    totals: int = 0
    """Cells that say total where the others hold values; they are left out and reported."""
    notes: tuple[Bilingual, ...] = field(default=())

    def is_word_for_missing(self) -> str:
        """SQL: whether `$cell` is a word for a missing value; empty if no such word occurs."""
        if not self.missing:
            return ""
        listed = ", ".join(literal(word) for word in self.missing)
        return f"$cell IN ({listed})" if self.type == "VARCHAR" else f"lower(trim($cell)) IN ({listed})"

    def carried_over(self) -> Reading:
        """The same type for cells that are such values already."""
        return replace(self, sql="$cell")

    def value(self) -> str:
        """SQL: the value of `$cell`, NULL where it is missing or unreadable."""
        missing = self.is_word_for_missing()
        return f"CASE WHEN {missing} THEN NULL ELSE {self.sql} END" if missing else self.sql


TEXT = Reading("VARCHAR", "$cell")
