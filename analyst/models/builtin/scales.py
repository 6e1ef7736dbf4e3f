"""Reads a step of a scale in words with what is said of its side: 硕士及以上, 'priority high or above', 'at least gold'."""

from __future__ import annotations

import re

from analyst.models.builtin.cells import value_column
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field
from analyst.words.lexicon import scales
from analyst.words.tokens import header_stems, stems

SIGNS = (">", "<", ">=", "<=")
BELOW = ("以下", "之下")  # of a text, without the step itself, where 及以下 takes it in
NUMBERED = re.compile(r"(\D*?)\s*(\d+)\D*")
FIRST_IS_HIGHEST = frozenset(("priority", "severity", "tier", "rank", "优先", "严重"))


def read_steps(draft: Draft) -> None:
    """Cells on one side of a step become a test; a side of a text that has none is not understood."""
    for at, mention in enumerate(draft.mentions):
        if at in draft.used or mention.kind != "value" or not mention.values:
            continue
        side, sign = side_of(draft, at)
        if side is None:
            continue
        field = value_column(draft, at)
        if field is None or draft.catalog.is_number(field) or draft.catalog.is_date(field):
            continue
        cell = next(match.value for match in mention.values if Field(match.table, match.column) == field)
        cells = beyond(draft, field, str(cell), sign)
        draft.use(at, side, *named_between(draft, field, at, side))
        if cells:
            test = Condition(field, "in", cells) if len(cells) > 1 else Condition(field, "=", cells)
            draft.value_tests.append(test)
            draft.placed[test] = at
        else:
            draft.unknown.append(draft.text[min(mention.start, draft.mentions[side].start) : max(mention.end, draft.mentions[side].end)])


def side_of(draft: Draft, at: int) -> tuple[int | None, str]:
    """Where the question says which side of a value is meant, and its sign."""
    for place in (at + 1, at + 2):
        said = draft.asks(place, "tail")
        if said and place not in draft.used and (place == at + 1 or draft.is_column(at + 1) or draft.is_filler(at + 1)):
            return place, "<" if draft.mentions[place].text in BELOW else said
    for place in (at - 1, at - 2):
        said = draft.asks(place, "cmp")
        if said in SIGNS and place not in draft.used and (place == at - 1 or draft.is_column(at - 1) or draft.is_filler(at - 1)):
            return place, said
    return None, ""


def named_between(draft: Draft, field: Field, at: int, side: int) -> list[int]:
    """Places between a value and its side, or right after both, that name the value's column: 硕士及以上学历."""
    after = max(at, side) + 1
    beside = [place for place in range(min(at, side) + 1, min(after + 1, len(draft.mentions))) if place not in (at, side, *draft.used)]
    return [
        place
        for place in beside
        if any((match.table, match.column) == (field.table, field.column) for match in draft.mentions[place].columns)
    ]


def beyond(draft: Draft, field: Field, cell: str, sign: str) -> tuple[str, ...]:
    """The cells of a column on one side of a cell; none, where they make no known scale."""
    column = draft.catalog.column(field)
    if column.distinct > len(column.frequent):
        return ()
    cells = [str(value) for value, _ in column.frequent]
    steps = in_words(cells, cell) or in_numbers(cells, cell, bool(FIRST_IS_HIGHEST & set(header_stems(column.name))))
    held = {">": (1,), ">=": (0, 1), "<": (-1,), "<=": (-1, 0)}[sign]
    return tuple(value for value, step in steps.items() if (step > steps[cell]) - (step < steps[cell]) in held)


def in_words(cells: list[str], cell: str) -> dict[str, int]:
    """Cell -> step on the scale that knows most of the cells, the one asked about among them; nothing where none has two."""
    best: dict[str, int] = {}
    for scale in scales():
        steps = {value: step for value in cells if (step := step_of(value, scale)) is not None}
        if cell in steps and len(set(steps.values())) > 1 and len(steps) > len(best):
            best = steps
    return best


def step_of(cell: str, scale: dict[tuple[str, ...], int]) -> int | None:
    """The step of the longest phrase of a scale that a cell begins with."""
    words = stems(cell)
    return next((scale[words[:size]] for size in range(len(words), 0, -1) if words[:size] in scale), None)


def in_numbers(cells: list[str], cell: str, first_is_highest: bool) -> dict[str, int]:
    """Cell -> its number, for cells such as L3, L4 and L5; of priorities and tiers the first is the highest."""
    found = {value: match for value in cells if (match := NUMBERED.fullmatch(value))}
    if cell not in found or len({match[1] for match in found.values()}) > 1 or len(found) < 2:
        return {}
    return {value: -int(match[2]) if first_is_highest else int(match[2]) for value, match in found.items()}
