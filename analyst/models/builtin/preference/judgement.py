"""All that speaks for and against a plan."""

from __future__ import annotations

from collections.abc import Iterable

from analyst.models.builtin.encoder.believed import believed
from analyst.models.builtin.encoder.network import Beliefs
from analyst.models.builtin.encoder.parts import parts_of
from analyst.models.builtin.joining import Unjoinable, join_steps
from analyst.models.builtin.plan import Plan, tables_of
from analyst.models.builtin.preference.cells import of_the_cells
from analyst.models.builtin.preference.drawing import of_the_drawing
from analyst.models.builtin.preference.figures import of_the_figures
from analyst.models.builtin.preference.names import of_the_names
from analyst.models.builtin.preference.outputs import of_the_outputs
from analyst.models.builtin.preference.scene import Scene
from analyst.models.builtin.preference.shape import of_the_shape
from analyst.models.builtin.preference.tables import of_the_tables
from analyst.models.builtin.variants import is_chart

HALF = 0.5  # of a trait that stands for two at once, so that it must be seen more often


def traits(scene: Scene, plan: Plan, steps: Iterable[str], logarithm: float, rank: int, beliefs: Beliefs | None) -> dict[str, float] | None:
    """What speaks for and against a plan; None where its tables cannot be joined. Without beliefs the words alone speak."""
    found: dict[str, float] = {}

    def note(name: str, value: float = 1.0) -> None:
        found[name] = found.get(name, 0.0) + value

    names = tuple(tables_of(plan)) or (scene.draft.catalog.schema.tables[0].name,)
    try:
        joined = join_steps(names, scene.draft.catalog.schema)
    except Unjoinable:
        return None
    found["logarithm"] = max(-6.0, logarithm)
    found[f"rank {min(rank, 3)}"] = 1.0
    for step in steps:
        if step.startswith("believed"):
            note(f"{step} step")
            continue
        note(f"step {step}")
        for flag in scene.flags:
            note(f"step {step} & {flag}", HALF)
    route = [names[0], *(table for table, _ in joined)]
    for name in (
        *of_the_outputs(scene, plan),
        *of_the_names(scene, plan),
        *of_the_cells(scene, plan),
        *of_the_shape(scene, plan),
        *of_the_tables(scene, plan, route),
        *of_the_figures(scene, plan, route),
        *(of_the_drawing(scene, plan, route) if is_chart(scene.draft) else ()),
    ):
        note(name)
    return found if beliefs is None else found | believed(parts_of(plan), beliefs)
