"""What the shapes of plans have in common: their figure, their time, the two periods they compare."""

from __future__ import annotations

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Combined, Condition, Expression, Field, Grain, Measure, Output, Plan, Test, aggregated


def aggregated_plan(plan: Plan) -> bool:
    """Whether the plan shows figures over groups or over all rows."""
    return any(aggregated(output) for output in plan.select)


def figure(plan: Plan) -> Output | None:
    """The first figure of a plan."""
    return next((output for output in plan.select if isinstance(output, Measure | Combined)), None)


def time_of(plan: Plan, draft: Draft) -> Expression | None:
    """What the rows of a plan are ordered along."""
    for item in (*plan.group, *plan.select):
        if isinstance(item, Grain) or (isinstance(item, Field) and draft.catalog.is_time(item)):
            return item
    return None


def main_date(draft: Draft) -> Field | None:
    """The date column of the tables in play."""
    dates = draft.dates()
    return dates[0] if dates else None


def two_periods(draft: Draft) -> tuple[Test, Test] | None:
    """The two periods a question compares; ends of a range of years count too."""
    tests = list(draft.period_tests)
    if len(tests) == 1 and isinstance(tests[0], Condition):
        test = tests[0]
        if test.sign in ("in", "between") and len(test.right) == 2:
            first, second = Condition(test.left, "=", test.right[:1]), Condition(test.left, "=", test.right[1:])
            return (first, second)
    ends = ends_of_years(tests) if draft.flags.get("growth", "prev") == "prev" else None
    if ends:
        return ends
    months = [test for test in tests if isinstance(test, Condition) and test.sign == "=" and isinstance(test.left, Grain)]
    return (months[0], months[1]) if len(months) == 2 else None


def ends_of_years(tests: list[Test]) -> tuple[Test, Test] | None:
    """The first and the last year of a stretch of whole years, as in 'from 2023 to 2025'."""
    if len(tests) != 2 or not all(isinstance(test, Condition) and isinstance(test.left, Field) for test in tests):
        return None
    first, last = tests
    assert isinstance(first, Condition)
    assert isinstance(last, Condition)
    days = (str(first.right[0]), str(last.right[0]))
    whole = first.sign == ">=" and last.sign == "<" and all(day.endswith("-01-01") for day in days) and first.left == last.left
    if not whole or int(days[1][:4]) - int(days[0][:4]) < 2 or not isinstance(first.left, Field):
        return None
    year = Grain(first.left, "year")
    return Condition(year, "=", (int(days[0][:4]),)), Condition(year, "=", (int(days[1][:4]) - 1,))
