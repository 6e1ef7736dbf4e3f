"""The cells of all tables, made ready to be looked up by what a question says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analyst.terms import Schema
from connectors.base import Cell, Connector

Cells = Callable[[str, str, int], Sequence[Cell]]
"""Different values of a column of a table, most frequent first, at most so many."""


class CellIndex:
    """Cells by their words."""

    def __init__(self, schema: Schema, cells: Cells | Connector) -> None:
        self.size = len(schema.tables)
