"""Reads bands of a number that the question itself names: 'under 10, 10 to 50, 50 and over', 18岁以下、18到30岁、30岁以上."""

from __future__ import annotations

import re

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import overlapping
from analyst.models.builtin.numbers import plain
from analyst.models.builtin.plan import Band, Bands, Condition, Field, Measure, Order, Plan

N = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
PIECE = re.compile(
    rf"(?:under|below|less than|fewer than|up to|<)\s*[$€£¥]?(?P<under>{N})"
    rf"|(?:over|above|more than|>)\s*[$€£¥]?(?P<over>{N})"
    rf"|[$€£¥]?(?P<from>{N})\s*(?:and over|and above|and more|or more|plus|\+|and up)"
    rf"|[$€£¥]?(?P<low>{N})[岁元分台个]?\s*(?:to|-|–|—|~|到|至|and)\s*[$€£¥]?(?P<high>{N})[岁元分台个]?"
    rf"|(?P<under_zh>{N})[岁元分台个]?(?:以下|以内)|(?P<over_zh>{N})[岁元分台个]?(?:以上|及以上)",
    re.I,
)
BETWEEN = re.compile(
    r"[岁元分台个]?(?:\s+[a-z]+(?:\s+old)?(?=\s*(?:,|;|\band\b|\bor\b)))?\s*(?:,|，|、|;|；|and|和|or|/)?\s*(?:and|和)?\s*", re.I
)
"""What may stand between two bands: a unit, and what joins them."""
AGED = re.compile(r"岁|\byears? old\b|\byear-olds?\b|\baged\b", re.I)
YEARS = 14  # characters behind the bands in which 'years old' stands
FEWEST = 3  # bands that make a list of them


def find_bands(text: str) -> tuple[tuple[Band, ...], int, int] | None:
    """The bands of the longest list of them in a text, with where it begins and ends; None where there is none."""
    runs: list[list[re.Match[str]]] = []
    for found in PIECE.finditer(text):
        if runs and BETWEEN.fullmatch(text[runs[-1][-1].end() : found.start()]):
            runs[-1].append(found)
        else:
            runs.append([found])
    longest = max(runs, key=len, default=[])
    if len(longest) < FEWEST:
        return None
    bands = tuple(band_of(found) for found in longest)
    return touching(bands), longest[0].start(), longest[-1].end()


def band_of(found: re.Match[str]) -> Band:
    """One band as it is said; its ends belong to it, but those of 'under' and 'over'."""
    ends = {name: plain(float(value.replace(",", ""))) for name, value in found.groupdict().items() if value}
    if "low" in ends:
        return Band(found[0].strip(), ends["low"], ends["high"])
    if "from" in ends or "over_zh" in ends:
        return Band(found[0].strip(), ends.get("from", ends.get("over_zh")), None)
    if "over" in ends:
        return Band(found[0].strip(), ends["over"], None, above=True)
    return Band(found[0].strip(), None, ends.get("under", ends.get("under_zh")), below=not found[0].lower().startswith("up to"))


def touching(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """The bands, each without its upper end where the next one begins there."""
    starts = {band.low for band in bands if not band.above}
    return tuple(Band(band.name, band.low, band.high, band.above, band.below or band.high in starts) for band in bands)


def banded(draft: Draft) -> Plan | None:
    """How many rows lie in each band of the column that is named nearest; None where the question lists no bands."""
    found = find_bands(draft.text)
    if found is None:
        return None
    bands, start, end = found
    places = [at for at, mention in enumerate(draft.mentions) if mention.kind == "column" and draft.options(at, "number")]
    places.sort(key=lambda at: min(abs(draft.mentions[at].start - end), abs(draft.mentions[at].end - start)))
    amount = draft.catalog.money(draft.all_tables)
    ages = draft.catalog.named("age", draft.all_tables, number=True) if AGED.search(draft.text[start : end + YEARS]) else []
    field = ages[0] if ages else draft.column(places[0], "number") if places else amount if isinstance(amount, Field) else None
    if field is None:
        return None
    inside = set(overlapping(draft.mentions, start, end))
    tests = tuple(test for test in (*draft.value_tests, *draft.where) if draft.placed.get(test, -1) not in inside)
    draft.flags["bands"] = "yes"
    item = Bands(field, bands)
    held = Condition(field, "not null")
    return Plan((item, Measure("count")), (*tests, *draft.period_tests, held), (item,), order=(Order(Measure("min", field)),))
