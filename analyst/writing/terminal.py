"""Rows as text for a terminal, in columns that line up in Chinese too."""

from __future__ import annotations

import unicodedata

from analyst.terms import Bilingual, Cell, Language, ResultSet
from analyst.writing.plain import visible

WIDEST = 40  # characters of one cell; the rest is cut and marked


def width(text: str) -> int:
    """Columns that a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def terminal_table(result: ResultSet, most: int, language: Language) -> str:
    """The first `most` rows with a header, numbers to the right; says how many rows are not shown."""
    shown = [list(row) for row in result.rows()[:most]]
    numeric = [all(isinstance(row[index], (int, float)) or row[index] is None for row in shown) for index in range(len(result.columns))]
    grid = [[cut(name) for name in result.columns], *([cut(as_text(cell)) for cell in row] for row in shown)]
    widths = [max(width(row[index]) for row in grid) for index in range(len(result.columns))]
    lines = ["  ".join(pad(cell, wide, right) for cell, wide, right in zip(row, widths, numeric, strict=True)).rstrip() for row in grid]
    lines.insert(1, "  ".join("─" * wide for wide in widths))
    if hidden := result.table.num_rows - len(shown):
        lines.append(Bilingual(f"… {hidden:,} more rows", f"… 另有 {hidden:,} 行").in_language(language))
    return "\n".join(lines)


def as_text(cell: Cell) -> str:
    """A cell as a person reads it: no endless decimals, nothing for a missing one."""
    if cell is None:
        return ""
    return f"{cell:,.4f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)


def cut(text: str) -> str:
    """A text on one line, shortened where it is too long for a column."""
    line = " ".join(visible(text).split())
    return line if len(line) <= WIDEST else line[: WIDEST - 1] + "…"


def pad(text: str, wide: int, right: bool) -> str:
    """A text filled up with blanks to a width in terminal columns."""
    blanks = " " * (wide - width(text))
    return blanks + text if right else text + blanks
