"""The ways in which a question changes the query before it; each gives the changed query, or None where it does not apply."""

from analyst.models.builtin.changes.columns import deduplicated, other_columns, other_table, parents_named
from analyst.models.builtin.changes.counting import counted, counted_each
from analyst.models.builtin.changes.figures import flipped_extreme, reaggregated, refigured, refigured_column, summarised
from analyst.models.builtin.changes.grouping import regrouped, windowed
from analyst.models.builtin.changes.ordering import cut_to_top, sorted_again
from analyst.models.builtin.changes.periods import moved_in_time
from analyst.models.builtin.changes.rows import compared, of_those, tested_again, the_others, turned_round

__all__ = [
    "compared", "counted", "counted_each", "cut_to_top", "deduplicated", "flipped_extreme", "moved_in_time", "of_those", "other_columns",
    "other_table", "parents_named", "reaggregated", "refigured", "refigured_column", "regrouped", "sorted_again",
    "summarised", "tested_again", "the_others", "turned_round", "windowed",
]  # fmt: skip
