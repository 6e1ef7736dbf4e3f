"""How the tests of a question join those of the query before it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import expressions as exp

from analyst.models.builtin.asked import Asked, tested
from analyst.models.builtin.build import Builder
from analyst.models.builtin.conditional import with_value
from analyst.models.builtin.plan import Condition, Grain, Test
from analyst.models.builtin.reparse import Previous

SIMPLE = (exp.EQ, exp.In, exp.Like, exp.ILike)
RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between)


def with_tests(previous: Previous, asked: Asked, builder: Builder) -> Previous:
    """The query with the question's tests: added, put in the place of those on the same column, or merged with them."""
    before = kept = previous.tests
    fresh: list[exp.Expr] = []
    merging = "also" in asked.leans and "only" not in asked.leans
    for test in asked.tests:
        field = tested(test)
        built = previous.settle(builder.test(test))
        rivals = [old for old in before if field and previous.field_of(subject(old)) == field and rival(old, test, asked)]
        if not rivals and not asked.leans & {"only", "also"} and any(with_value(shown, test) for shown in previous.select.expressions):
            continue
        if merging and rivals and isinstance(test, Condition) and test.sign in ("=", "in"):
            built = exp.or_(*rivals, built) if not one_of(rivals, built) else merged(rivals, built)
        kept = [old for old in kept if old not in rivals]
        fresh.append(built)
    previous.keep_tests([*kept, *fresh])
    if asked.draft.having:
        with_tests_on_groups(previous, asked, builder)
    return previous


def with_tests_on_groups(previous: Previous, asked: Asked, builder: Builder) -> None:
    """Tests on groups; rows that were not grouped are by what is shown."""
    for table in asked.tables:
        previous.reach(table)
    if not previous.group and not previous.figures and not previous.starred:
        previous.group_by([shown.unalias() for shown in previous.plain])
        previous.select.set("distinct", None)
    for test in asked.draft.having:
        previous.select = previous.select.having(previous.settle(builder.test(test)))


def subject(test: exp.Expr) -> exp.Expr:
    """What a test is about: of one that asks another query, what is sought there."""
    return test.this if isinstance(test, exp.In) and test.args.get("query") else test


def rival(old: exp.Expr, test: Test, asked: Asked) -> bool:
    """Whether a test would contradict an old one on the same column, so that it stands in its place."""
    if not isinstance(test, Condition):
        return True
    if isinstance(test.left, Grain) and test.left.unit in ("monthofyear", "weekday", "weekend", "hour"):
        return False
    if isinstance(old, SIMPLE) and test.sign in ("=", "in", "like"):
        return True
    ranged = isinstance(old, (*RANGES, exp.EQ, exp.In)) and test.sign in ("=", "in", "<", "<=", ">", ">=", "between")
    return ranged and (bool(asked.leans & {"whatabout", "instead", "ending", "earlier"}) or test in asked.draft.period_tests)


def one_of(rivals: Sequence[exp.Expr], built: exp.Expr) -> bool:
    """Whether all tests name whole values of one column."""
    return all(isinstance(test, exp.EQ | exp.In) and not test.find(exp.Select) for test in (*rivals, built))


def merged(rivals: Sequence[exp.Expr], built: exp.Expr) -> exp.Expr:
    """Tests for one of several values."""
    values = [value for test in (*rivals, built) for value in (test.expressions if isinstance(test, exp.In) else [test.expression])]
    return exp.In(this=built.this.copy(), expressions=[value.copy() for value in values])
