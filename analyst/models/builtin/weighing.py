"""Plans near those that were read, weighed by what people mean: the search behind a question over several tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp, log

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.encoder.believed import beliefs_of
from analyst.models.builtin.encoder.network import Beliefs
from analyst.models.builtin.encoder.steps import believed_steps
from analyst.models.builtin.headers import trades_header
from analyst.models.builtin.hollow import is_hollow
from analyst.models.builtin.plan import Field, Grain, Plan, fields, tables_of
from analyst.models.builtin.preference import CHARTS, WEIGHTS, Scene, preferred, traits
from analyst.models.builtin.variants import chart_variants, is_chart, plain, variants
from analyst.terms import Prompt

READ = 3  # readings that are weighed
STARTS = 2  # readings that steps are taken from
BEAM = 2  # plans that a second step is taken from
KEPT = 5  # plans given back
FEWEST = 4  # mentions of a sentence
SENTENCE = 8  # words from which the encoder has a say
OPENINGS = frozenset((
    "what", "which", "who", "whose", "where", "how", "show", "list", "find", "give", "return", "tell", "display", "count",
    "name", "select", "report", "compute", "calculate", "please", "are", "is", "for", "in", "among", "of", "the", "get",
    "sort", "describe", "can",
))  # fmt: skip
OWN_CUSTOMS = frozenset((
    "money", "basket", "worth", "margin", "share", "growth", "trend", "cumulative", "moving", "grain", "hist", "compare",
    "ratio", "diff", "corr", "weighted", "bands", "chart", "axis", "drill", "howmuch", "averaged per", "two columns",
))  # fmt: skip
OF_CHARTS = frozenset(("chart", "axis", "compare", "trend", "hist"))
"""Customs of charts, which were learned with them."""
UNITS = ("day", "week", "month", "quarter")
Read = tuple[Plan, Draft, float]
"""A plan, what it was read from, and the logarithm of its share."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A plan with what is known of it and how much it is preferred."""

    plan: Plan
    rank: int
    """Of the reading it comes from."""
    steps: tuple[str, ...]
    known: dict[str, float]
    preference: float


def applies(prompt: Prompt, draft: Draft, plan: Plan) -> bool:
    """Whether what was learned speaks of such questions: charts, and whole English sentences on rows of several tables.

    Periods of time, money and shares have customs of their own, which the rules keep.
    """
    if prompt.question.language != "en" or prompt.question.history or len(draft.mentions) < FEWEST or draft.flags.get("when") in UNITS:
        return False
    asked = {mention.kind for mention in draft.mentions} | set(draft.flags)
    if is_chart(draft):
        return plain(plan) and not asked & (OWN_CUSTOMS - OF_CHARTS)
    first = draft.mentions[0].text.lower().split()[:1]
    if first == ["who"] or many_groups(draft) or (plan.top_each is not None and ranks_each(draft)):
        return False
    return len(prompt.schema.tables) > 1 and bool(set(first) & OPENINGS) and not asked & OWN_CUSTOMS


def beliefs_on(prompt: Prompt, draft: Draft) -> Beliefs | None:
    """What the encoder believes, where it is asked: it learned from whole sentences, and charts have weights of their own."""
    asked = len(prompt.question.text.split()) >= SENTENCE and not is_chart(draft)
    return beliefs_of(prompt, draft.catalog) if asked else None


def turns_end(draft: Draft, plan: Plan, read: Plan) -> bool:
    """Whether a ranking by a quality is turned round: the youngest are those with the latest year of birth."""
    told = draft.top is not None and draft.top.concept not in ("", "count")
    pairs = ((one, other) for one in plan.order for other in read.order if one.by == other.by)
    return told and any(one.descending != other.descending for one, other in pairs)


def ranks_each(draft: Draft) -> bool:
    """Whether 'for each depot, which driver' asks for one end of each group, as hardly any question did that was learned from."""
    opening = next((at for at, mention in enumerate(draft.mentions) if mention.kind == "group"), len(draft.mentions))
    return opening <= 1 and any(mention.asks("super") for mention in draft.mentions[opening:])


def keeps_time(draft: Draft, plan: Plan) -> bool:
    """Whether a plan ranks by time where a superlative says so, as 'most recently' does."""
    if draft.top is None or draft.top.concept != "time" or not any(draft.catalog.dates(table) for table in tables_of(plan)):
        return True
    return any(draft.catalog.is_time(field) for order in plan.order[:1] for field in fields(order.by))


def many_groups(draft: Draft) -> bool:
    """Whether groups of several kinds are told apart, or units of time: none of them is left out."""
    named = {item.table for item in draft.from_tables & set(draft.group) if isinstance(item, Field)}
    return len(set(draft.group) - draft.from_tables) + len(named) > 1 or any(isinstance(item, Grain) for item in draft.group)


def neighbours(read: Sequence[Read], beliefs: Beliefs | None) -> list[Weighed]:
    """The readings and the plans one or two steps away; the first reading first."""
    found: dict[Plan, Weighed] = {}
    scenes = [Scene(draft) for _, draft, _ in read[:READ]]
    faithful = not trades_header(read[0][1].mentions, read[0][0])
    drawn = is_chart(read[0][1])
    steps_from, weights = (chart_variants, CHARTS) if drawn else (variants, WEIGHTS)

    def add(rank: int, plan: Plan, steps: tuple[str, ...]) -> None:
        draft = read[rank][1]
        if plan in found or (faithful and trades_header(draft.mentions, plan)):
            return
        if steps and (is_hollow(draft.catalog, plan, read[rank][0]) or not keeps_time(draft, plan)):
            return
        if steps and turns_end(draft, plan, read[rank][0]):
            return
        known = traits(scenes[rank], plan, steps, read[rank][2], rank, beliefs)
        if known is not None:
            found[plan] = Weighed(plan, rank, steps, known, preferred(known, weights))

    def step(rank: int, plan: Plan, steps: tuple[str, ...]) -> None:
        draft = read[rank][1]
        believed = believed_steps(plan, beliefs, draft.catalog) if beliefs else ()
        for kind, other in chain(steps_from(draft, plan), believed):
            add(rank, other, (*steps, kind))

    for rank, (plan, _, _) in enumerate(read[:READ]):
        add(rank, plan, ())
    for rank, (plan, _, _) in enumerate(read[:STARTS]):
        step(rank, plan, ())
    for start in sorted(found.values(), key=lambda one: -one.preference)[:BEAM]:
        if start.steps or start.rank >= STARTS:
            step(start.rank, start.plan, start.steps)
    return list(found.values())


def weighed(read: Sequence[Read], beliefs: Beliefs | None) -> list[Read]:
    """The plans that people mean first, each with the logarithm of its share."""
    ranked = sorted(neighbours(read, beliefs), key=lambda one: -one.preference)[:KEPT]
    if not ranked:
        return list(read)
    whole = log(sum(exp(one.preference - ranked[0].preference) for one in ranked)) + ranked[0].preference
    return [(one.plan, read[one.rank][1], one.preference - whole) for one in ranked]
