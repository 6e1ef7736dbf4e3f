"""Reads who won: where a column tells the place that each came in, winners are those in the first place."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Condition, Field

WON = re.compile(
    r"\b(?:(?:has|have|had|did)\s+)?(?:not\s+)?(?P<won>won|win|wins|winners?|winning|champions?)\b"
    r"|\b(?:finish(?:ed)?|came|come|placed|ranked)\s+(?:in\s+)?(?:the\s+)?first(?:\s+place)?\b|\btook\s+(?:the\s+)?first\s+place\b|夺冠|冠军|获胜",
    re.I,
)
PLACES = frozenset(("place", "position", "placing", "rank", "standing"))
PLACES_ZH = ("名次", "排名", "位次")


def read_winners(draft: Draft) -> None:
    """'Athletes who have won a race', 'finished first': those whose place is the first."""
    place = place_column(draft)
    if place is None:
        return
    for found in WON.finditer(draft.text):
        at = [here for here, mention in enumerate(draft.mentions) if found.start() <= mention.start and mention.end <= found.end()]
        if not at or not is_no_header_or_cell(draft, at) or any(here in draft.used for here in at):
            continue
        test = Condition(place, "=", (1,))
        if test not in draft.where:
            draft.where.append(test)
            draft.placed[test] = at[0]
            draft.certain.add(test)
        no = {here for here in at if draft.mentions[here].asks("neg")}
        draft.use(*(here for here in at if here not in no), *at_least_one(draft, at[0]))


def at_least_one(draft: Draft, at: int) -> range:
    """The places of 'at least one' before a winner: there is one."""
    said = [mention.text.lower() for mention in draft.mentions[max(0, at - 2) : at]]
    return range(at - 2, at) if said in (["at least", "one"], ["at least", "1"]) else range(0)


def place_column(draft: Draft) -> Field | None:
    """The one column of whole numbers from 1 on that tells in which place each came."""
    catalog = draft.catalog
    named = (field for field in catalog.fields() if PLACES & set(catalog.words(field)[-1:]) or field.column.endswith(PLACES_ZH))
    found = [field for field in named if catalog.is_number(field) and catalog.column(field).minimum == 1]
    return found[0] if len(found) == 1 else None


def is_no_header_or_cell(draft: Draft, places: list[int]) -> bool:
    """Whether these words are neither a header nor a cell, such as a column `won` or a cell "Winner"."""
    if len(places) > 1:
        return True
    mention = draft.mentions[places[0]]
    scores = [*(match.score for match in mention.columns), *(match.score for match in mention.values)]
    return mention.kind in ("word", "super", "neg") or not any(score >= HELD for score in scores)


HELD = 0.8  # of a link, from where on the word means what the data holds
