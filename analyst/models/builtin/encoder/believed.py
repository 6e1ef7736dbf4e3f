"""How far a plan agrees with what the encoder believes of the question, part by part."""

from __future__ import annotations

from functools import lru_cache

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.encoder.inputs import Name, inputs_of
from analyst.models.builtin.encoder.network import FIRMEST, Beliefs, network
from analyst.models.builtin.encoder.parts import Parts
from analyst.terms import Links, Prompt

UNSEEN = -4.0  # odds of a column that the encoder had no room for
WEIGHED = {"shown": "shown", "figure": "figures", "counted": "figures", "grouped": "grouped", "ordered": "ordered"}
"""Roles that speak for a plan, with the trait they go into; which rows are tested is for the question's own words to say."""
ALONE = ("outputs", "count", "groups", "order", "limit", "distinct")
"""Shapes with a weight of their own."""
OF_TESTS = ("having", "combined", "nested", "tests")
"""Shapes of tests, which have no say; the remaining ones are weighed together."""


def believed(parts: Parts, beliefs: Beliefs) -> dict[str, float]:
    """What speaks for a plan: the odds of the roles its columns play, and the chances of its shape."""
    found = {f"believed {trait}": 0.0 for trait in (*WEIGHED.values(), "shape")}
    for field, played in parts.roles.items():
        odds = beliefs.roles.get(Name(field.table, field.column), {})
        for role in played & WEIGHED.keys():
            found[f"believed {WEIGHED[role]}"] += odds.get(role, UNSEEN)
    for shape, case in parts.shape.items():
        name = f"believed {shape} told" if shape in ALONE else "believed shape"
        if shape not in OF_TESTS:
            found[name] = found.get(name, 0.0) + beliefs.shapes[shape].get(case, -FIRMEST)
    return found


def agreement(parts: Parts, beliefs: Beliefs) -> dict[str, float]:
    """How far a plan agrees with what is believed, each about -1 to 1: for how sure its reading is."""
    odds = [
        beliefs.roles.get(Name(field.table, field.column), {}).get(role, UNSEEN) for field, played in parts.roles.items() for role in played
    ]
    told = [beliefs.shapes[shape].get(case, -FIRMEST) for shape, case in parts.shape.items()]
    used = {(field.table, field.column, role) for field, played in parts.roles.items() for role in played}
    missed = [
        value
        for name, roles in beliefs.roles.items()
        for role, value in roles.items()
        if value > 0 and (name.table, name.column, role) not in used
    ]
    return {
        "believed": 1.0,
        "believed least role": min(odds, default=0.0) / FIRMEST,
        "believed mean role": sum(odds) / len(odds) / FIRMEST if odds else 0.0,
        "believed least shape": min(told) / FIRMEST,
        "believed shapes": max(-1.0, sum(told) / (2 * FIRMEST)),
        "believed missed": min(1.0, sum(missed) / (2 * FIRMEST)),
        "believed tables missed": min(1.0, sum(value > 0 and table not in parts.tables for table, value in beliefs.tables.items()) / 2),
    }


def beliefs_of(prompt: Prompt, catalog: Catalog) -> Beliefs:
    """What the encoder believes of a question."""
    return remembered(prompt.question.text, prompt.links, catalog)


@lru_cache(maxsize=16)
def remembered(text: str, links: Links, catalog: Catalog) -> Beliefs:
    """The beliefs of the last few questions, so that none is thought about twice."""
    net = network()
    return net.believe(inputs_of(text, links, catalog, net.vocabulary))
