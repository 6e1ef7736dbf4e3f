"""Traits of what a chart draws along its axes."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.models.builtin.plan import Field, Measure, Output, Plan, aggregated, fields
from analyst.models.builtin.preference.scene import SAME, Scene


def of_the_drawing(scene: Scene, plan: Plan, joined: list[str]) -> Iterator[str]:
    """What stands on which axis, whether that is what was counted or computed, and how many cells the first axis has."""
    draft = scene.draft
    mark = draft.mark or "axes"
    kinds = [kind_of(scene, output) for output in plan.select]
    yield f"draws {' '.join(kinds[:4])}"
    yield f"draws {mark} {' '.join(kinds[:4])}"
    yield f"draws {len(kinds)} {'grouped' if plan.group else 'rows'} {mark}"
    yield f"draws {'grouped' if plan.group else 'rows'} {' '.join(sorted(scene.asked)) or 'nothing asked'}"
    if not plan.select:
        return
    first = plan.select[0]
    if isinstance(first, Field):
        column = draft.catalog.column(first)
        spread = "few" if column.distinct * 3 < column.rows else "most" if column.distinct < column.rows else "all"
        figure = next((output.aggregate for output in plan.select if isinstance(output, Measure)), "rows")
        yield f"along {spread} {figure} {'alone' if len(joined) < 2 else 'joined'}"
        yield f"along {scene.link(first)} {figure}"
        yield f"along {'first' if scene.places(first)[:1] == scene.named_places[:1] else 'later'} {figure}"
    if len(plan.select) > 1:
        places = [scene.places(next(fields(output), Field("", "")))[:1] for output in plan.select]
        told = [place[0] for place in places if place]
        yield f"in the order told {told == sorted(told)} {mark}"
    yield from of_the_counted(scene, plan)
    for target, _ in draft.sorts:
        by = plan.order[0].by if plan.order else None
        at = "nothing" if by is None else "seen" if by in plan.select else "unseen"
        where = target.split(" ")[0] or "unsaid"
        yield f"sorts {where} {at}"
        if by is not None:
            yield f"sorts {where} {kind_of(scene, by)}"


def of_the_counted(scene: Scene, plan: Plan) -> Iterator[str]:
    """Where what follows 'number of' or 'average' went."""
    shown = {field for output in plan.select if not aggregated(output) for field in fields(output)}
    figured = {field for output in plan.select if aggregated(output) for field in fields(output)}
    counted = any(isinstance(output, Measure) and output.of is None for output in plan.select)
    for word, named in scene.after_figures:
        if named.options:
            near = {field for field, worse in named.options.items() if worse <= SAME}
            part = "figure" if near & figured else "axis" if near & shown else "left"
            yield f"{word} of column {part} {'counted' if counted else ''}"
            yield f"{word} of column {part} {'strong' if named.strong else 'loose'}{' table' if named.both else ''} {named.after}"
        if named.table:
            inside = "there" if named.table in {field.table for field in shown | figured} | set(plan.tables) else "away"
            yield f"{word} of table {inside} {'counted' if counted else ''}"


def kind_of(scene: Scene, output: Output) -> str:
    """In a word, what an output is."""
    if isinstance(output, Measure):
        return output.aggregate
    if isinstance(output, Field):
        catalog = scene.draft.catalog
        role = catalog.column(output).role
        return "child key" if catalog.is_parent_key(output) else "key" if catalog.is_key(output) and role == "identifier" else role
    return "other"
