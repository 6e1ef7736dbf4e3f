"""The parts of a plan, as the encoder tells them: what each column is used for, which tables take part, and the shape of the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from analyst.models.builtin.plan import Combined, Condition, Either, Field, Measure, Plan, Test, Window, fields, tables_of

ROLES = ("shown", "figure", "counted", "equal", "compared", "negated", "grouped", "ordered", "nested", "second")
"""What a column can be used for: put out as it is, computed of, counted distinct, tested in three ways, grouped by, ordered by, tested
against another query, read in that other query."""
SHAPES: dict[str, tuple[str, ...]] = {
    "outputs": ("1", "2", "3", "4", "all"),
    "count": ("no", "yes"),
    "distinct count": ("no", "yes"),
    "sum": ("no", "yes"),
    "avg": ("no", "yes"),
    "min": ("no", "yes"),
    "max": ("no", "yes"),
    "groups": ("0", "1", "2"),
    "order": ("none", "asc", "desc"),
    "ordered by": ("none", "column", "count", "figure"),
    "limit": ("none", "one", "more"),
    "having": ("none", "count", "figure"),
    "distinct": ("no", "yes"),
    "combined": ("none", "intersect", "except", "union"),
    "nested": ("none", "in", "not in", "value"),
    "tests": ("0", "1", "2", "3"),
    "either": ("no", "yes"),
}
"""What can be told of a whole plan, each with its cases."""
NEGATIVE = ("!=", "not in", "not like", "is null")
COMPARING = ("<", "<=", ">", ">=", "between")


@dataclass(frozen=True, slots=True)
class Parts:
    """A plan told part by part."""

    roles: dict[Field, frozenset[str]]
    tables: frozenset[str]
    shape: dict[str, str]


def parts_of(plan: Plan) -> Parts:
    """The parts of a plan."""
    roles: defaultdict[Field, set[str]] = defaultdict(set)
    for field, role in uses(plan):
        roles[field].add(role)
    inner = list(inner_plans(plan))
    tables = set(tables_of(plan)) | {table for other in inner for table in tables_of(other)}
    return Parts({field: frozenset(played) for field, played in roles.items()}, frozenset(tables), shape_of(plan))


def uses(plan: Plan) -> Iterator[tuple[Field, str]]:
    """Every column of a plan with what it is used for."""
    for output in plan.select:
        yield from shown(output)
    for test in (*plan.where, *plan.having):
        yield from tested(test)
    for item in plan.group:
        yield from ((field, "grouped") for field in fields(item))
    for order in plan.order:
        yield from ((field, "ordered") for field in fields(order.by))
    if plan.top_each:
        yield from ((field, "grouped") for field in fields(plan.top_each.within))
        yield from ((field, "ordered") for field in fields(plan.top_each.order))
    for other in inner_plans(plan):
        yield from ((field, "second") for field, _ in uses(other))


def shown(output: object) -> Iterator[tuple[Field, str]]:
    """The columns of an output."""
    if isinstance(output, Measure):
        role = "counted" if output.aggregate == "count_distinct" else "figure"
        if output.aggregate != "count":
            yield from ((field, role) for field in fields(output.of))
        for test in output.where:
            yield from tested(test)
    elif isinstance(output, Combined):
        yield from shown(output.left)
        yield from shown(output.right)
    elif isinstance(output, Window):
        yield from shown(output.of)
    else:
        yield from ((field, "shown") for field in fields(output))


def tested(test: Test) -> Iterator[tuple[Field, str]]:
    """The columns of a test."""
    if isinstance(test, Either):
        for option in test.options:
            yield from tested(option)
        return
    if isinstance(test.left, Measure):
        return
    role = "negated" if test.sign in NEGATIVE else "compared" if test.sign in COMPARING else "equal"
    if any(isinstance(value, Plan) for value in test.right):
        role = "nested"
    yield from ((field, role) for field in fields(test.left))


def inner_plans(plan: Plan) -> Iterator[Plan]:
    """The plans inside a plan: those it is combined with, and those that its tests ask."""
    if plan.combine:
        yield plan.combine[1]
        yield from inner_plans(plan.combine[1])
    for test in (*plan.where, *plan.having):
        for condition in test.options if isinstance(test, Either) else (test,):
            for value in condition.right:
                if isinstance(value, Plan):
                    yield value
                    yield from inner_plans(value)


def shape_of(plan: Plan) -> dict[str, str]:
    """Each thing told of a whole plan."""
    kinds = {kind for output in plan.select for kind in aggregates(output)}
    found = {
        "outputs": "all" if plan.everything else str(min(len(plan.select), 4) or 1),
        "groups": str(min(len(plan.group), 2)),
        "order": "none" if not plan.order else "desc" if plan.order[0].descending else "asc",
        "ordered by": order_kind(plan),
        "limit": "none" if plan.limit is None else "one" if plan.limit == 1 else "more",
        "having": having_kind(plan),
        "distinct": yes(plan.distinct),
        "combined": plan.combine[0] if plan.combine else "none",
        "nested": nested_kind(plan),
        "tests": str(min(len(plan.where), 3)),
        "either": yes(any(isinstance(test, Either) or (test.sign == "in" and not asks(test)) for test in plan.where)),
    }
    for kind, name in (("count", "count"), ("count_distinct", "distinct count"), *((kind, kind) for kind in ("sum", "avg", "min", "max"))):
        found[name] = yes(kind in kinds)
    return found


def yes(said: bool) -> str:
    """The case of a thing that is so or not."""
    return "yes" if said else "no"


def aggregates(output: object) -> Iterator[str]:
    """The aggregates that an output computes."""
    if isinstance(output, Measure):
        yield output.aggregate
    elif isinstance(output, Combined):
        yield from aggregates(output.left)
        yield from aggregates(output.right)
    elif isinstance(output, Window):
        yield from aggregates(output.of)


def order_kind(plan: Plan) -> str:
    """What rows are ordered by."""
    if not plan.order:
        return "none"
    kinds = set(aggregates(plan.order[0].by))
    return "count" if kinds & {"count", "count_distinct"} else "figure" if kinds else "column"


def having_kind(plan: Plan) -> str:
    """What groups are tested by."""
    for test in plan.having:
        for condition in test.options if isinstance(test, Either) else (test,):
            return "count" if set(aggregates(condition.left)) & {"count", "count_distinct"} else "figure"
    return "none"


def asks(condition: Condition) -> bool:
    """Whether a test asks another query."""
    return any(isinstance(value, Plan) for value in condition.right)


def nested_kind(plan: Plan) -> str:
    """How tests ask another query."""
    for test in (*plan.where, *plan.having):
        for condition in test.options if isinstance(test, Either) else (test,):
            if asks(condition):
                return condition.sign if condition.sign in ("in", "not in") else "value"
    return "none"
