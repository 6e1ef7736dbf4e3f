"""Traits of how a plan takes up the cells, numbers and periods that a question names."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.plan import Condition, Field, Plan, fields, tables_of
from analyst.models.builtin.preference.conditions import conditions
from analyst.models.builtin.preference.scene import SAME, Scene


def of_the_cells(scene: Scene, plan: Plan) -> Iterator[str]:
    """Whether cells that the question names are asked for, in which column."""
    tests = conditions(plan)
    present = set(tables_of(plan))
    asked = {(test.left, str(value).casefold()) for test in tests for value in test.right if not isinstance(value, Plan)}
    texts = {value.strip("%") for _, value in asked}
    for mention in scene.cells:
        homes = [(Field(match.table, match.column), str(match.value).casefold(), match.score) for match in mention.values]
        best = homes[0][2]
        hit = [(at, score) for at, (field, value, score) in enumerate(homes) if (field, value) in asked]
        kind = ("cell" if mention.kind == "value" else f"cell of {mention.kind}") + (
            " sure" if best >= 0.95 else "" if best >= 0.8 else " part"
        )
        case = " capital" if mention.text[:1].isupper() and mention.start else ""
        if hit:
            yield f"{kind}{case} tested"
            if hit[0][1] < best - SAME:
                yield "cell in worse home"
            if any(field.table in present for field, _, score in homes if score >= best - SAME) and len(homes) > 1:
                home = homes[hit[0][0]][0]
                yield f"cell home {'shared' if any(other.table == home.table for other in fields(plan.select)) else 'apart'}"
        elif any(mention.text.casefold() in text for text in texts):
            yield f"{kind}{case} within"
        else:
            yield f"{kind}{case} left"
    known = {value for mention in scene.cells for value in (str(match.value).casefold() for match in mention.values)}
    for _, value in asked:
        if value not in known and not value.replace(".", "").replace("-", "").isdigit():
            yield "test of unknown cell"
    for test in tests:
        link = scene.link(next(fields(test.left), Field("", ""))) if any(True for _ in fields(test.left)) else "none"
        yield f"test {test.sign} {link.split()[0]}"
    values = {str(value)[:10] for test in (*tests, *(test for test in plan.having if isinstance(test, Condition))) for value in test.right}
    for mention in scene.draft.mentions:
        if mention.kind == "number":
            used = any(f"{mention.number + more}" in values for more in (0, 1, -1)) or str(float(mention.number)) in values
            yield f"number {'used' if used else 'limit' if plan.limit == mention.number else 'left'}"
        elif mention.kind == "period" and mention.period:
            edges = [edge for edge in (mention.period.start, mention.period.end) if edge]
            said = {text for edge in edges for text in (edge.isoformat(), str(edge.year), str(edge.year - 1))}
            yield f"period {'used' if said & values or not edges else 'left'}"
    lefts = [test.left for test in plan.where if isinstance(test, Condition) and test.sign == "="]
    if len(lefts) > len(set(lefts)):
        yield "two cells of one column"
