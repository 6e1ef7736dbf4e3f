"""Whether the data can answer: declines what it does not hold, learned from questions asked of the wrong data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from math import exp

from analyst.models.builtin.catalog import Catalog
from analyst.models.builtin.cues import leaning_words
from analyst.models.builtin.declining import not_held, refusal
from analyst.models.builtin.draft import FILLERS, Draft
from analyst.models.builtin.mentions import Mention
from analyst.terms import Bilingual, Prompt, Refusal
from analyst.words.lexicon import common_words, everyday_words
from analyst.words.requests import request_words
from analyst.words.tokens import is_chinese

WEIGHTS = "answerable.json"
WELL, FAIRLY = 0.9, 0.75  # of a link: the header's own words; a synonym or a part
LONG = 5  # telling words, from where on a question says enough to be understood by
LONGEST = 4  # words named as missing
ASKING = ("agg", "count", "group", "which", "super", "howmuch", "share")
"""Requests after which stands what the question is about."""
PLAIN = ("count", "super", "grain", "when", "whenmonth", "whenyear", "whenhour", "money", "howmuch", "cmp")
"""Requests that ask for something of any table."""
MOSTLY, PARTLY = 0.5, 0.3  # shares of unknown words
ONE_RARE = 0.25  # the sign of a single one
SELF = frozenset(["i", "you", "my", "me", "your", "we", "our", "us"])
ABSTRACT = frozenset((
    "how", "why", "should", "could", "would", "can", "does", "do", "is", "are", "what", "explain", "describe", "role",
    "meaning", "process", "way", "step", "benefit", "risk", "impact", "affect", "effect", "contribute", "strategy", "factor",
    "concept", "consider", "improve", "potential", "use", "world", "today", "current", "currently", "term", "known", "called",
    "famous", "best", "tip", "recommend",
))  # fmt: skip
"""Words of questions about the world rather than about tables."""
NO_PART = Bilingual("I cannot find what this asks for in the data.", "在数据中找不到这个问题所问的内容。")


def undoable(prompt: Prompt, row: Sequence[Mention], draft: Draft, catalog: Catalog) -> Refusal | None:
    """A refusal where the question is likelier one of other data than of this; it names what is missing."""
    row = unexplained(row, prompt)
    spoken_before, missing = bool(prompt.question.history), unknown_run(row)
    figure = "" if spoken_before or prompt.question.evidence else unknown_figure(row, draft) or unknown_thing(row, draft)
    if figure:
        return not_held(figure, prompt, catalog)
    if (
        "signed" in draft.flags or plainly_asked(row) or not outside(row, draft, spoken_before) or (spoken_before and not missing)
    ):  # "and the minimum?" names nothing, yet means something; expenses are the amounts below zero
        return None
    return not_held(missing, prompt, catalog) if missing else refusal(NO_PART, prompt.question.language, catalog)


def unknown_figure(row: Sequence[Mention], draft: Draft) -> str:
    """The unknown word that all turns on in a short question: the figure before 'by' ('bonus by team'), or the groups after it."""
    if draft.language != "en" or len(row) > LONG or any(mention.kind == "value" for mention in row):
        return ""
    for at, mention in enumerate(row):
        if mention.text.lower() not in ("by", "per") or at == 0:
            continue
        for place in (at - 1, at + 1):
            other = row[place] if place < len(row) else None
            if other and is_unknown(other) and not is_common(other) and (place > at or not draft.measures_said) and other.text.isalpha():
                return other.text
    return ""


HEADS = frozenset(("count", "number", "cost", "amount", "fee", "price", "score", "level", "rate", "option", "hour"))
"""Words that are a figure of the word before them: a gate number, an upgrade cost."""
SPELT_OUT = re.compile(r"[a-z]+(?:_[a-z0-9]+)+")
"""A header as it is written in a table."""


def unknown_thing(row: Sequence[Mention], draft: Draft) -> str:
    """What a question names in several words, or as a header, and the data lacks: 'cabin crew', 'gate number', 'due_date'."""
    if draft.language != "en":
        return ""
    for found in SPELT_OUT.finditer(draft.text.lower()):
        header = found[0]
        known = any(header in match.words.lower() and match.score >= WELL for mention in row for match in mention.columns)
        if not known and not any(header in mention.text.lower() and mention.values for mention in row):
            return header
    for mention, after in pairwise(row):
        if is_missing_noun(mention) and (is_missing_noun(after) or (after.text.lower() in HEADS and not mention.text.endswith("ed"))):
            return f"{mention.text} {after.text}"
    return ""


def is_missing_noun(mention: Mention) -> bool:
    """Whether it is a lower-case word that nothing in the data answers to and that is no everyday one."""
    return is_unknown(mention) and not is_common(mention) and mention.text.isalpha() and mention.text.islower()


def plainly_asked(row: Sequence[Mention]) -> bool:
    """Whether a short question asks for a figure in everyday words alone: 'how many people work here', 'busiest hour'."""
    telling = [mention for mention in row if mention.kind != "sign" and not is_filler(mention)]
    if sum(mention.kind != "period" for mention in telling) > LONG or any(
        is_unknown(mention) and not is_common(mention) for mention in telling
    ):
        return False
    asked = any(mention.asks(kind) for mention in telling for kind in PLAIN if mention.kind not in ("column", "value"))
    return asked and row[0].text.lower() not in ("how", "why", "can", "is", "are", "should", "does", "do", "could", "explain")


def unexplained(row: Sequence[Mention], prompt: Prompt) -> list[Mention]:
    """The mentions without words that the asker explains beside the question."""
    explained = prompt.question.evidence.lower()
    return [mention for mention in row if not explained or mention.kind != "word" or mention.text.lower() not in explained]


def outside(row: Sequence[Mention], draft: Draft, spoken_before: bool) -> bool:
    """Whether the question asks for what the data does not hold; a fragment that goes on from another is given more room."""
    return chance_outside(signs(row, draft)) >= threshold("after" if spoken_before else "first")


def vouched_for(known: Mapping[str, float]) -> bool:
    """Whether enough of the question is held by the data for it to be tried, whatever else speaks against it.

    Chinese questions must be mostly unknown to be declined: no list says which of their words are everyday ones.
    """
    if "always zh" in known:
        return known.get("share unknown zh", 0.0) < MOSTLY
    if known.get("well", 0.0) > 0 and known.get("share rare", 0.0) < PARTLY:
        return True
    return known.get("fairly", 0.0) > 0 and known.get("rare", 0.0) <= ONE_RARE and not known.get("begins abstract")


def chance_outside(known: Mapping[str, float]) -> float:
    """The chance that the data does not hold what is asked for."""
    if vouched_for(known):
        return 0.0
    weights = learned()["weights"]
    return 1 / (1 + exp(-max(-30.0, min(30.0, sum(weights.get(name, 0.0) * value for name, value in known.items())))))


def threshold(place: str) -> float:
    """From which chance on a question is declined."""
    return learned()["thresholds"][place]


@lru_cache(maxsize=1)
def learned() -> dict[str, dict[str, float]]:
    """Weights and thresholds, as train/answerable.py fitted them."""
    found: dict[str, dict[str, float]] = json.loads((files("analyst.models.builtin") / WEIGHTS).read_text(encoding="utf-8"))
    return found


# ---------------------------------------------------------------------------------------- signs
def signs(row: Sequence[Mention], draft: Draft) -> dict[str, float]:
    """What says that the data holds, or does not hold, what is asked for; each about 0 to 1."""
    telling = [mention for mention in row if mention.kind != "sign" and not is_filler(mention)]
    unknown = [mention for mention in telling if is_unknown(mention)]
    rare = [mention for mention in unknown if not is_common(mention)]
    columns = [mention.columns[0].score for mention in row if mention.kind in ("column", "table") and mention.columns]
    values = [mention.values[0].score for mention in row if mention.kind == "value" and mention.values]
    links = [*columns, *values]
    spoken = [mention.text.lower() for mention in row]
    zh = draft.language == "zh"
    known = {
        "always": 1.0,
        "unknown": min(1.0, len(unknown) / 5),
        "share unknown": len(unknown) / (len(telling) or 1),
        "rare": min(1.0, len(rare) / 4),
        "any rare": float(bool(rare)),
        "share rare": len(rare) / (len(telling) or 1),
        "longest unknown": min(1.0, longest_run(row) / 4),
        "asked unknown": min(1.0, asked_unknown(row) / 2),
        "well": min(1.0, sum(score >= WELL for score in links) / 3),
        "fairly": min(1.0, sum(score >= FAIRLY for score in links) / 4),
        "weak": min(1.0, sum(score < FAIRLY for score in links) / 4),
        "best link": max(links, default=0.0),
        "best column": max(columns, default=0.0),
        "best value": max(values, default=0.0),
        "no link": float(not links),
        "mean link": sum(links) / len(links) if links else 0.0,
        "linked share": len(links) / (len(telling) or 1),
        "self": float(bool(SELF & set(spoken))),
        "abstract": min(1.0, len(ABSTRACT & {mention.value or mention.text.lower() for mention in row} | ABSTRACT & set(spoken)) / 4),
        "begins abstract": float(
            bool(spoken) and spoken[0] in ("how", "why", "can", "is", "are", "should", "have", "does", "do", "could", "in")
        ),
        "words": min(1.0, len(telling) / 15),
        "numbers": float(any(mention.kind in ("number", "period") for mention in row)),
        "figures": float(bool(draft.measures)),
        "no figure": float(any(mention.asks("agg") for mention in row) and not draft.measures_said),
        "unknown name": min(1.0, sum(is_named(mention, row) for mention in rare) / 2),
        "none well": float(not any(score >= WELL for score in links)),
        "long, none well": float(len(telling) > LONG and not any(score >= WELL for score in links)),
        "tables": min(1.0, len(draft.catalog.schema.tables) / 10),
    }
    return {f"{name} zh": value for name, value in known.items()} if zh else known


def is_filler(mention: Mention) -> bool:
    """Whether it is a small word that stands between others."""
    return mention.kind == "word" and mention.value in FILLERS


def is_unknown(mention: Mention) -> bool:
    """Whether nothing in the data or among the words of requests answers to it."""
    return mention.kind == "word" and not mention.requests and not mention.columns and not mention.values


def is_common(mention: Mention) -> bool:
    """Whether it is a word of questions in general."""
    return (
        mention.value in leaning_words()
        or mention.value in common_words()
        or mention.value in everyday_words()
        or mention.value in request_words()
        or mention.text.isdigit()
        or (len(mention.text) == 1 and not is_chinese(mention.text))
    )


def is_named(mention: Mention, row: Sequence[Mention]) -> bool:
    """Whether it is written like the name of a person or a place: with a capital, but not at the beginning."""
    return mention.text[:1].isupper() and not mention.text.isupper() and mention.start > row[0].start


def longest_run(row: Sequence[Mention]) -> int:
    """How many unknown words stand together."""
    longest = here = 0
    for mention in row:
        here = here + 1 if is_unknown(mention) and not is_common(mention) else 0
        longest = max(longest, here)
    return longest


def asked_unknown(row: Sequence[Mention]) -> int:
    """How often an unknown word stands right where the question says what it is about."""
    found = 0
    for at, mention in enumerate(row[:-1]):
        if not any(mention.asks(kind) for kind in ASKING) or mention.kind in ("column", "value"):
            continue
        after = next((place for place in range(at + 1, min(at + 4, len(row))) if not is_filler(row[place])), None)
        found += after is not None and is_unknown(row[after])
    return found


def unknown_run(row: Sequence[Mention]) -> str:
    """The longest run of unknown words, as written; empty where there is none."""
    best: list[Mention] = []
    here: list[Mention] = []
    for mention in row:
        here = [*here, mention] if is_unknown(mention) and not is_common(mention) else []
        best = here if len(here) > len(best) else best
    kept = best[:LONGEST]
    return "".join(mention.text if is_chinese(mention.text) else f" {mention.text}" for mention in kept).strip()
