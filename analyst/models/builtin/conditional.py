"""Figures of the rows with a value, such as the share of women: 'and the men?' puts another value into the figure, and tests no rows."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import expressions as exp
from sqlglot import parse_one

from analyst.models.builtin.plan import Condition, Field, Opaque, Output, Plan, Test


def with_value(tree: exp.Expr, test: Test) -> bool:
    """Put a test's value into the figures of a tree that are of one value of its column; whether there were any."""
    if not isinstance(test, Condition) or not isinstance(test.left, Field) or test.sign != "=":
        return False
    value = test.right[0]
    held = [old for old in tree.find_all(exp.EQ) if is_of(old, test.left) and is_in_figure(old)]
    if not held or not isinstance(value, (str, int, float)):
        return False
    for old in held:
        old.set("expression", exp.convert(value))
    return True


def is_of(test: exp.EQ, field: Field) -> bool:
    """Whether an equation is about a column and a cell of it."""
    column = test.this
    named = isinstance(column, exp.Column) and column.name == field.column and column.table in ("", field.table)
    return named and isinstance(test.expression, exp.Literal)


def is_in_figure(test: exp.EQ) -> bool:
    """Whether a test stands within a figure, so that only a part of the rows counts for it."""
    return test.find_ancestor(exp.Filter, exp.Case, exp.If) is not None and test.find_ancestor(exp.Subquery) is None


def with_values(plan: Plan, test: Test) -> Plan | None:
    """The plan with a test's value in its figures; None where no figure is of one value of that column."""
    found = [swapped(output, test) for output in plan.select]
    if not any(found):
        return None
    return replace(plan, select=tuple(new or old for new, old in zip(found, plan.select, strict=True)))


def swapped(output: Output, test: Test) -> Output | None:
    """An output taken over from SQL with another value in it; None where it holds none."""
    if not isinstance(output, Opaque):
        return None
    tree = parse_one(output.sql, dialect="duckdb")
    return replace(output, sql=tree.sql(dialect="duckdb")) if with_value(tree, test) else None
