"""What the tests of a plan ask for, those of queries inside them too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyst.models.builtin.plan import Condition, Either, Field, Measure, Plan, fields


def figure_of(value: object) -> str:
    """The aggregate of a query for one figure inside a test; empty for anything else."""
    first = value.select[0] if isinstance(value, Plan) and value.select else None
    return first.aggregate if isinstance(first, Measure) else ""


def inner_fields(tests: Iterable[object]) -> Iterator[Field]:
    """Columns of queries inside tests."""
    for test in tests:
        for value in getattr(test, "right", ()):
            if isinstance(value, Plan):
                yield from fields((value.select, value.where, value.having))
                yield from inner_fields(value.where)
                yield from (Field(table, "") for table in value.tables)


def conditions(plan: Plan) -> list[Condition]:
    """The tests on rows, in inner queries too."""
    found: list[Condition] = []
    for test in plan.where:
        options = test.options if isinstance(test, Either) else (test,)
        found += options
        for option in options:
            for value in option.right:
                if isinstance(value, Plan):
                    found += conditions(value)
    return found + (conditions(plan.combine[1]) if plan.combine else [])
