"""Reads the tests on rows: values, numbers compared, periods, missing cells, averages beaten."""

from __future__ import annotations

import re
from dataclasses import replace

from analyst.models.builtin.absence import find_absence, find_all, find_none, set_absence, set_all, set_none
from analyst.models.builtin.again import read_again
from analyst.models.builtin.against import find_against, set_against
from analyst.models.builtin.averages import read_averages
from analyst.models.builtin.bounds import read_bounds
from analyst.models.builtin.cells import read_flags, read_quotations, read_values
from analyst.models.builtin.comparing import read_comparisons, read_ranges, read_times
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.durations import read_bare_lengths
from analyst.models.builtin.equalities import read_column_comparisons, read_equalities
from analyst.models.builtin.numbered import read_numbered
from analyst.models.builtin.numbers import is_percentage, numbers
from analyst.models.builtin.plan import Condition, Either, Field, Measure
from analyst.models.builtin.references import read_rows_pointed_to
from analyst.models.builtin.scales import read_steps
from analyst.models.builtin.signups import read_happened
from analyst.models.builtin.somes import read_days_over, read_more_when, read_never, read_some
from analyst.models.builtin.spans import read_periods
from analyst.models.builtin.standing import read_opposites, read_standing
from analyst.models.builtin.texts import read_keyless, read_missing, read_patterns


def read_filters(draft: Draft) -> None:
    """All tests of the question, in the order from the surest to the loosest."""
    read_keyless(draft)
    none = find_none(draft)
    every = None if none else find_all(draft)
    absence = None if none or every else find_absence(draft)
    read_patterns(draft)
    read_periods(draft)
    read_bounds(draft)
    read_averages(draft)
    read_ranges(draft)
    read_bare_lengths(draft)
    read_comparisons(draft)
    read_times(draft)
    read_rows_pointed_to(draft)
    read_column_comparisons(draft)
    against = find_against(draft)
    read_steps(draft)
    read_again(draft)
    read_values(draft)
    read_quotations(draft)
    read_equalities(draft)
    read_numbered(draft)
    read_missing(draft)
    read_some(draft)
    read_flags(draft)
    read_standing(draft)
    read_opposites(draft)
    read_percentages(draft)
    read_with_and_without(draft)
    join_alternatives(draft)
    read_never(draft)
    read_more_when(draft)
    read_days_over(draft)
    read_happened(draft)
    tell_sides_apart(draft)
    if none:
        set_none(draft, *none)
    if every:
        set_all(draft, *every)
    if against:
        set_against(draft, against)
    if absence:
        set_absence(draft, absence)


def tell_sides_apart(draft: Draft) -> None:
    """'Smokers vs non-smokers': two sides of a flag that are both said tell groups apart, and no row could be on both."""
    tests = [test for home in (draft.where, draft.value_tests) for test in home if isinstance(test, Condition) and test.sign == "="]
    flags = [test.left for test in tests if isinstance(test.left, Field) and draft.catalog.is_flag(test.left)]
    several = [flag for flag in dict.fromkeys(flags) if flags.count(flag) > 1]
    if not several or draft.absence_at >= 0:
        return
    for home in (draft.where, draft.value_tests):
        home[:] = [test for test in home if not (isinstance(test, Condition) and test.left == several[0])]
    draft.group += [several[0]] if several[0] not in draft.group else []


WITH_AND_WITHOUT = re.compile(r"\bwith\s+(?:and|or|versus|vs\.?|against)\s+without\b|有(?:和|与|跟)没有|有无", re.I)


def read_with_and_without(draft: Draft) -> None:
    """'With and without a sea view': both are told apart, and none is left out."""
    found = WITH_AND_WITHOUT.search(draft.text)
    for home in (draft.where, draft.value_tests) if found else ():
        for test in home:
            flag = test.left if isinstance(test, Condition) and isinstance(test.left, Field) else None
            if found and flag and draft.catalog.is_flag(flag):
                home.remove(test)
                draft.group = [flag]
                draft.use(*(at for at, mention in enumerate(draft.mentions) if found.start() <= mention.start < found.end()))
                return


def read_percentages(draft: Draft) -> None:
    """'Above 20%' of a column whose cells are parts of 1, such as a discount of 0.15."""
    said = {
        float(number.value) for number in numbers(draft.text) if is_percentage(draft.text[number.start : number.end + len("percent") + 2])
    }
    for home in (draft.where, draft.having) if said else ():
        home[:] = [as_part(draft, test, said) if isinstance(test, Condition) else test for test in home]


def as_part(draft: Draft, test: Condition, said: set[float]) -> Condition:
    """A test with its percentages as parts of 1, where the column holds such parts."""
    left = test.left.of if isinstance(test.left, Measure) and test.left.aggregate not in ("count", "count_distinct", "sum") else test.left
    if not isinstance(left, Field) or not draft.catalog.is_number(left):
        return test
    low, high = (draft.catalog.column(left).minimum, draft.catalog.column(left).maximum)
    parts = isinstance(low, (int, float)) and isinstance(high, (int, float)) and low >= -1 and 0 < high <= 1
    right = tuple(value / 100 if isinstance(value, (int, float)) and float(value) in said else value for value in test.right)
    return replace(test, right=right) if parts else test


def join_alternatives(draft: Draft) -> None:
    """Two tests with 'or' between them: one of them must hold."""
    homes = (draft.where, draft.value_tests, draft.period_tests)
    for at in draft.free("or"):
        if beside_value(draft, at, -1) and beside_value(draft, at, 1):
            continue
        before = [(place, test) for test, place in draft.placed.items() if place < at and any(test in home for home in homes)]
        after = [(place, test) for test, place in draft.placed.items() if place > at and any(test in home for home in homes)]
        if before and after:
            left, right = max(before, key=lambda item: item[0])[1], min(after, key=lambda item: item[0])[1]
            if isinstance(left, Condition) and isinstance(right, Condition):
                for home in homes:
                    home[:] = [Either((left, right)) if test == left else test for test in home if test != right]


def beside_value(draft: Draft, at: int, step: int) -> bool:
    """Whether a cell stands right beside a place, quotation marks aside."""
    here = at + step
    while 0 <= here < len(draft.mentions) and draft.mentions[here].text in ("'", '"', "“", "”", "‘", "’"):
        here += step
    return 0 <= here < len(draft.mentions) and draft.mentions[here].kind == "value"
