"""An output less or more, and rows once or as often as they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Field, Measure, Output, Plan, aggregated
from analyst.models.builtin.variants.heads import head_columns, head_places, named_columns
from analyst.models.builtin.variants.step import Step

SURE = 0.9  # of the words of a column
ARTICLES = ("the", "a", "an", "their", "its", "his", "her", "all", "corresponding")


def outputs(draft: Draft, plan: Plan) -> Iterator[Step]:
    """An output less, a column more that the question names, rows once or as often as they are."""
    told = told_one_by_one(draft)
    if len(plan.select) > 1:
        for at, output in enumerate(plan.select):
            if output in told or (output == Measure("count") and "counted too" in draft.flags):
                continue
            kept = plan.select[:at] + plan.select[at + 1 :]
            if not aggregated(output):
                if not figures_alone(plan, kept):
                    yield "drop output", showing(plan, kept)
            elif not plan.limit or names_columns(draft) or (isinstance(output, Measure) and output.of is None):
                yield "drop figure", showing(plan, kept)
            if output in plan.group and len(plan.group) > 1:
                yield "drop group", showing(plan, kept, group=tuple(item for item in plan.group if item != output))
    for field in named_columns(draft):
        if field not in plan.select and len(plan.select) < 5:
            group = (*plan.group, field) if plan.group else ()
            if plan.group or not any(aggregated(output) for output in plan.select):
                yield "show more", showing(plan, (*plan.select, field), group=group)
    if not plan.group and not any(aggregated(output) for output in plan.select):
        yield ("no distinct" if plan.distinct else "distinct"), replace(plan, distinct=not plan.distinct)
    head = tuple(head_columns(draft))
    if head and head != plan.select and not plan.group:
        yield "head columns", showing(plan, head)
        if not plan.select or all(aggregated(output) for output in plan.select):
            return
        figures = tuple(output for output in plan.select if aggregated(output))
        if figures:
            yield "head columns", showing(plan, (*head, *figures))
    if plan.group and head and head != plan.group:
        figures = tuple(output for output in plan.select if aggregated(output))
        yield "head groups", showing(plan, (*head, *figures), group=head)


def told_one_by_one(draft: Draft) -> set[Field]:
    """Columns that the question lists, with a comma or 'and' before or after them; all of these are to be shown."""
    head = set(head_places(draft))
    joints = {at for at, mention in enumerate(draft.mentions) if mention.text.lower() in ("and", ",") or mention.asks("and")}
    found: set[Field] = set()
    for at in head:
        mention = draft.mentions[at]
        before = next((place for place in range(at - 1, -1, -1) if draft.mentions[place].text.lower() not in ARTICLES), None)
        if mention.kind == "column" and mention.columns[0].score >= SURE and ({at + 1, before} & joints) and (options := draft.options(at)):
            found.add(options[0][0])
    return found | (halves_of_names(draft) if any(mention.kind == "fullname" for mention in draft.mentions) else set())


def halves_of_names(draft: Draft) -> set[Field]:
    """The columns of first and last names: where both are asked for, none goes without the other."""
    tables = [table.name for table in draft.catalog.schema.tables]
    return {field for half in ("first name", "last name") for field in draft.catalog.named(half, tables)}


def figures_alone(plan: Plan, kept: tuple[Output, ...]) -> bool:
    """Whether figures would be left without what they are figures of."""
    return bool(plan.group) and not plan.limit and all(aggregated(output) for output in kept)


def names_columns(draft: Draft) -> bool:
    """Whether the columns to show are told one by one ('the name and price of'), so that nothing else is wanted."""
    first = next((at for at, mention in enumerate(draft.mentions) if mention.kind == "column"), None)
    after = draft.mentions[first + 1].text.lower() if first is not None and first + 1 < len(draft.mentions) else ""
    return after in ("of", "and", ",", "for")


def showing(plan: Plan, select: tuple[Output, ...], **more: Any) -> Plan:  # noqa: ANN401 - parts of a plan
    """The plan with other outputs, on both sides of a set operation."""
    if plan.combine:
        kind, other = plan.combine
        more["combine"] = (kind, replace(other, select=select))
    return replace(plan, select=select, **more)
