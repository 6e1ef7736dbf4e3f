"""Reads what only people are asked for: those of a surname, those born in a decade."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import overlapping
from analyst.models.builtin.plan import Condition, Field, Grain

SURNAME = re.compile(r"姓(?!名|氏|甚|什么)([一-鿿])(?=的|学|员|客|病|患|老|医|教|用|会|[?？]|$)")
BORN = re.compile(r"(?<!\d)([0-9])0\s*后")
"""'80后': born in the eighties."""


def read_people(draft: Draft) -> None:
    """Tests on people's names and births that no header names."""
    if draft.language != "zh":
        return
    if (found := SURNAME.search(draft.text)) and (name := name_column(draft)):
        draft.where.append(Condition(name, "like", (f"{found[1]}%",)))
        use_span(draft, found.start(), found.end())
    births = [field for field in draft.dates() if "birth date" in draft.catalog.concepts(field)]
    if (found := BORN.search(draft.text)) and births:
        decade = (1900 if int(found[1]) >= EARLIEST else 2000) + int(found[1]) * 10
        draft.where.append(Condition(Grain(births[0], "decade"), "=", (decade,)))
        use_span(draft, found.start(), found.end())


EARLIEST = 4  # 40后 are born in the 1940s, 30后 in the 2030s


def name_column(draft: Draft) -> Field | None:
    """The column of surnames, else that of people's names, of the tables in play."""
    catalog = draft.catalog
    for table in draft.all_tables:
        surnames = catalog.named("last name", [table])
        labels = [
            field for field in catalog.labels(table) if field.column.endswith(("姓名", "名字", "名")) or "name" in catalog.concepts(field)
        ]
        if surnames or labels:
            return (surnames or labels)[0]
    return None


def use_span(draft: Draft, start: int, end: int) -> None:
    """Mark the words of a span as understood."""
    draft.use(*overlapping(draft.mentions, start, end))
