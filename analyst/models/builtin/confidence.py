"""How sure a reading is: the chance that its rows are the ones meant, learned from how the question was read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp, log
from typing import Any

from sqlglot import expressions as sql
from sqlglot import parse_one
from sqlglot.errors import SqlglotError

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.encoder.believed import agreement
from analyst.models.builtin.encoder.parts import parts_of
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Plan
from analyst.models.builtin.steps import step_traits, use_traits
from analyst.models.builtin.weighing import applies, beliefs_on
from analyst.terms import Column, Mark, Prompt, Schema

WEIGHTS = "confidence.json"
AFTER = "after"  # the trait of a reading of a question that comes after others
SECONDED = 0.5  # how much of what the likeliest reading leaves the others can add; more calls too many answers sure
CALLED_SURE = 0.8  # from here an answer is marked as sure; see settings
LIKELY = 0.7  # chances up to here are shown as they are
SURE = 0.9  # of a link; below, the words were stretched to fit
FLAGS = (
    "share", "growth", "cumulative", "moving", "corr", "hist", "compare", "diff", "ratio", "trend", "distinct", "moved",
    "when", "everything", "aggregate", "averaged per",
)  # fmt: skip
"""Requests that change the shape of an answer; some are read better than others."""


@dataclass(frozen=True, slots=True)
class Option:
    """A reading of the question, whichever way it was come by."""

    sql: str
    draft: Draft
    logarithm: float
    """Of the product of the shares of the options taken while it was read."""
    way: str
    """alone, plan, forced, carried or tree: by itself; as a change of the earlier plan, also where no word says so; over the earlier rows;
    or as a change of the earlier query's syntax tree."""
    rank: int = 0
    """Place among the readings of its way."""
    change: str = ""
    """Of a change of the tree: its kind."""
    leaning: float = 0.0
    """Of a change of the tree: the chance that the question leans on the one before at all."""
    mark: Mark | None = None
    plan: Plan | None = None
    """Where it was read as one."""


def chances(options: Sequence[Option], prompt: Prompt) -> list[float]:
    """For each reading the chance that it is right; together at most 1."""
    known = [traits(option, options, prompt) for option in options]
    places = orders(known) if prompt.question.history else in_turn(known)
    found = reordered([chance(one) for one in known], places)
    best: dict[str, float] = {}
    for option, value in zip(options, found, strict=True):
        best[option.sql] = max(value, best.get(option.sql, 0.0))
    shown = shown_together(votes(best), learned_of(bool(prompt.question.history))["sure from"])
    return [shown[option.sql] for option in options]


def shown_together(voices: Mapping[str, float], sure_from: float) -> dict[str, float]:
    """Chances on the scale that is shown, of which any that agree may be added up: none is called sure by adding what is not."""
    shown: dict[str, float] = {}
    whole = 0.0
    for query in sorted(voices, key=lambda query: -voices[query]):
        before, whole = whole, whole + voices[query]
        more = shown_as(whole, sure_from) - shown_as(before, sure_from)
        shown[query] = max(more, LEAST_SHARE * voices[query])
    return shown


LEAST_SHARE = 0.01  # of a chance, so that the order of the readings stays


def votes(best: Mapping[str, float]) -> dict[str, float]:
    """What each query weighs in the vote: the likeliest its own chance, the others a part of what that leaves.

    Readings of one question err together, so that agreeing rows may add only a little to the likeliest one's chance.
    """
    ranked = sorted(best, key=lambda query: -best[query])
    first = best[ranked[0]] if ranked else 0.0
    rest = sum(best[query] for query in ranked[1:])
    part = (1 - first) * SECONDED / max(1.0, rest)
    return {query: best[query] if query == ranked[0] else best[query] * part for query in ranked}


def shown_as(value: float, sure_from: float) -> float:
    """A chance on a scale on which an answer is called sure only where such answers were right often enough."""
    if value >= sure_from:
        return CALLED_SURE + (1 - CALLED_SURE) * (value - sure_from) / (1 - sure_from + 1e-9)
    if value <= LIKELY or sure_from <= LIKELY:
        return min(value, CALLED_SURE - 0.01)
    return LIKELY + (CALLED_SURE - 0.01 - LIKELY) * (value - LIKELY) / (sure_from - LIKELY)  # the order stays


def chance(known: Mapping[str, float]) -> float:
    """The logistic of the weighted traits and of what the trees say of them."""
    model = learned_of(bool(known.get(AFTER)))
    logit = sum(model["weights"].get(name, 0.0) * value for name, value in known.items())
    if model.get("trees"):
        seen = [known.get(name, 0.0) for name in model["names"]]
        logit += model["first"] + model["share"] * sum(said(tree, seen) for tree in model["trees"])
    return 1 / (1 + exp(-max(-30.0, min(30.0, logit))))


def in_turn(known: Sequence[object]) -> list[float]:
    """The order in which a first question was read: how sure each reading is was learned, which comes first the reading knows as well."""
    return [-float(place) for place in range(len(known))]


def orders(known: Sequence[Mapping[str, float]]) -> list[float]:
    """How far before the others each reading of a question belongs; nothing where no order was learned of such questions."""
    model = learned_of(bool(known and known[0].get(AFTER))).get("order")
    if not model:
        return []
    rows = [[one.get(name, 0.0) for name in model["names"]] for one in known]
    return [sum(said(tree, seen) for tree in model["trees"]) for seen in rows]


def reordered(found: Sequence[float], places: Sequence[float]) -> list[float]:
    """The same chances, the largest to the reading that belongs first: which one is meant shows best when all are seen at once."""
    if not places:
        return list(found)
    taken = sorted(range(len(found)), key=lambda at: (-places[at], -found[at]))
    given = dict(zip(taken, sorted(found, reverse=True), strict=True))
    return [given[at] for at in range(len(found))]


def said(tree: float | list[Any], seen: Sequence[float]) -> float:
    """What a tree adds to the logit: a tree is that number, or a trait's place, a cut, and the trees below and above it."""
    while isinstance(tree, list):
        tree = tree[2] if seen[tree[0]] <= tree[1] + 1e-4 else tree[3]
    return tree


def learned_of(after: bool) -> dict[str, Any]:
    """What was learned of first questions, or of those that come after others."""
    model = learned()
    return model.get("after", model) if after else model


@lru_cache(maxsize=1)
def learned() -> dict[str, Any]:
    """Weights and trees, as train/confidence.py fitted them."""
    found: dict[str, Any] = json.loads((files("analyst.models.builtin") / WEIGHTS).read_text(encoding="utf-8"))
    return found


# ---------------------------------------------------------------------------------------- traits
def traits(option: Option, options: Sequence[Option], prompt: Prompt) -> dict[str, float]:
    """What is known of a reading that may say whether it is right; each about 0 to 1."""
    known = {"always": 1.0, f"language {prompt.question.language}": 1.0}
    known |= of_the_way(option, options, prompt)
    known |= of_the_words(option.draft)
    known |= of_the_query(option.sql)
    known |= of_the_sense(option.sql, prompt.schema)
    known |= of_the_beliefs(option, prompt)
    if prompt.question.history:
        known[AFTER] = 1.0
        before = prompt.question.history[-1].sql
        known |= step_traits(prompt.question.text, option.sql, before) | use_traits(option.draft.mentions, option.sql, before)
        known["left over others"] = min(1.0, (left_over(option.draft) - min(left_over(other.draft) for other in options)) / 3)
    known["one table"] = float(len(prompt.schema.tables) == 1)
    known["tables"] = min(1.0, len(prompt.schema.tables) / 10)
    known["columns"] = min(1.0, sum(len(table.columns) for table in prompt.schema.tables) / 80)
    return known


def of_the_beliefs(option: Option, prompt: Prompt) -> dict[str, float]:
    """How far it agrees with the encoder, where that was asked."""
    if option.plan is None or not applies(prompt, option.draft, option.plan):
        return {}
    beliefs = beliefs_on(prompt, option.draft)
    return agreement(parts_of(option.plan), beliefs) if beliefs else {}


def left_over(draft: Draft) -> int:
    """How many words with a meaning were not understood."""
    return sum(at not in draft.used and mention.kind != "sign" and not draft.is_filler(at) for at, mention in enumerate(draft.mentions))


def of_the_way(option: Option, options: Sequence[Option], prompt: Prompt) -> dict[str, float]:
    """How it was come by, and what stands against it."""
    spoken = "after" if prompt.question.history else "first"
    peers = [other for other in options if other.way == option.way]
    weights = [exp(other.logarithm) for other in peers]
    share = exp(option.logarithm) / (sum(weights) or 1.0)
    known = {
        f"{spoken} {option.way}": 1.0,
        f"{option.way} later": float(option.rank > 0),
        f"{option.way} share": share,
        "logarithm": max(-1.0, option.logarithm / 4),
        "decisions": min(1.0, len(option.draft.chooser.open) / 8),
        "agreed": float(any(other.sql == option.sql and other.way != option.way for other in options)),
        "agreed ways": len({other.way for other in options if other.sql == option.sql}) / 5,
    }
    if spoken == "after":
        leaning = max((other.leaning for other in options), default=0.0)
        known[f"{option.way} leaning"] = leaning
        known[f"{option.way} leaning odds"] = max(-1.0, min(1.0, log((leaning + 0.01) / (1.01 - leaning)) / 4))
    if option.change:
        known[f"change {option.change}"] = 1.0
    return known


def of_the_words(draft: Draft) -> dict[str, float]:
    """How much of the question was understood, and how surely."""
    telling = [at for at in range(len(draft.mentions)) if not draft.is_filler(at) and draft.mentions[at].kind != "sign"]
    left = [draft.mentions[at] for at in telling if at not in draft.used]
    links = [score for mention in draft.mentions if (score := link_score(mention))]
    known = {
        "words": min(1.0, len(telling) / 12),
        "words left": min(1.0, len(left) / 5),
        "share left": len(left) / (len(telling) or 1),
        "unknown words": min(1.0, sum(mention.kind == "word" for mention in left) / 4),
        "unknown run": min(1.0, unknown_run(draft) / 4),
        "any unknown": float(any(mention.kind == "word" for mention in left)),
        "columns left": min(1.0, sum(mention.kind in ("column", "table") for mention in left) / 3),
        "values left": min(1.0, sum(mention.kind == "value" for mention in left) / 2),
        "numbers left": min(1.0, sum(mention.kind in ("number", "period") for mention in left) / 2),
        "requests left": min(1.0, sum(bool(mention.requests) and mention.kind != "word" for mention in left) / 3),
        "weakest link": min(links, default=0.0),
        "mean link": sum(links) / len(links) if links else 0.0,
        "no link": float(not links),
        "assumed": float(bool(draft.measures) and not draft.measures_said),
        "stretched": min(1.0, sum(score < SURE for score in links) / 3),
    }
    known |= {f"flag {flag}": 1.0 for flag in FLAGS if flag in draft.flags}
    if draft.top:
        known["top"] = 1.0
        known["top concept"] = float(bool(draft.top.concept))
    return known


def unknown_run(draft: Draft) -> int:
    """The longest run of words, or of Chinese characters, that nothing answers to."""
    longest = run = 0
    for at, mention in enumerate(draft.mentions):
        unread = mention.kind == "word" and at not in draft.used and not draft.is_filler(at)
        run = run + 1 if unread else 0
        longest = max(longest, run)
    return longest


def link_score(mention: Mention) -> float:
    """How well the words fit what they were linked to; 0 if they were not linked."""
    if mention.kind in ("column", "table") and mention.columns:
        return mention.columns[0].score
    return mention.values[0].score if mention.kind == "value" and mention.values else 0.0


@lru_cache(maxsize=256)
def of_the_query(text: str) -> dict[str, float]:
    """The query's parts."""
    try:
        tree = parse_one(text, dialect="duckdb")
    except SqlglotError:
        return {"unreadable": 1.0}
    selects = len(list(tree.find_all(sql.Select)))
    first = tree.find(sql.Select)
    tests = list(tree.find_all(sql.EQ, sql.GT, sql.LT, sql.GTE, sql.LTE, sql.In, sql.ILike, sql.Between, sql.NEQ))
    joins = len(list(tree.find_all(sql.Join)))
    return {
        "joins": min(1.0, joins / 4),
        "joined": float(joins > 0),
        "inner queries": min(1.0, (selects - 1) / 2),
        "set operation": float(tree.find(sql.SetOperation) is not None),
        "grouped": float(tree.find(sql.Group) is not None),
        "two groups": float(any(len(group.expressions) > 1 for group in tree.find_all(sql.Group))),
        "cut": float(tree.find(sql.Limit) is not None),
        "sorted": float(tree.find(sql.Order) is not None),
        "having": float(tree.find(sql.Having) is not None),
        "window": float(tree.find(sql.Window) is not None),
        "distinct": float(tree.find(sql.Distinct) is not None),
        "star": float(bool(first and any(shown.is_star for shown in first.expressions))),
        "counts": float(tree.find(sql.Count) is not None),
        "figures": float(tree.find(sql.AggFunc) is not None),
        "outputs": min(1.0, (len(first.expressions) if first else 0) / 5),
        "one output": float(bool(first and len(first.expressions) == 1)),
        "tests": min(1.0, max(0, len(tests) - joins) / 4),
        "no test": float(len(tests) <= joins),
        "parts of texts": float(tree.find(sql.ILike) is not None),
    }


def of_the_sense(text: str, schema: Schema) -> dict[str, float]:
    """What would be odd to ask: values beyond the column's, columns shown that can only hold one value, sums of identifiers."""
    try:
        tree = parse_one(text, dialect="duckdb")
    except SqlglotError:
        return {}
    tested = [
        (column, test) for test in tree.find_all(sql.EQ, sql.GT, sql.GTE, sql.LT, sql.LTE) if (column := column_of(test.this, schema))
    ]
    shown = {
        column.name for select in tree.find_all(sql.Select) for part in select.expressions if (column := column_of(part.unalias(), schema))
    }
    summed = [column for call in tree.find_all(sql.Sum, sql.Avg) if (column := column_of(call.this, schema))]
    names = [column.name for column, test in tested if isinstance(test, sql.EQ)]
    return {
        "beyond": float(any(beyond(column, test) for column, test in tested)),
        "shows tested": float(any(name in shown for name in names)),
        "tested twice": float(len(names) > len(set(names))),
        "sums identifier": float(any(column.role in ("identifier", "time") for column in summed)),
        "shows key": float(any(column.role == "identifier" for column in (schema_column(name, schema) for name in shown) if column)),
    }


def column_of(part: sql.Expr | None, schema: Schema) -> Column | None:
    """The schema's column that a part of a query is; None if it is none."""
    if not isinstance(part, sql.Column) or not part.table:
        return None
    table = schema.table(part.table)
    return table.column(part.name) if table else schema_column(part.name, schema)


def schema_column(name: str, schema: Schema) -> Column | None:
    """The first column of that name."""
    return next((column for table in schema.tables if (column := table.column(name))), None)


def beyond(column: Column, test: sql.Expr) -> bool:
    """Whether a number that a column is tested by lies where it has none."""
    literal = test.args.get("expression")
    if (
        not isinstance(literal, sql.Literal)
        or literal.is_string
        or not isinstance(column.minimum, (int, float))
        or not isinstance(column.maximum, (int, float))
    ):
        return False
    value = float(literal.name)
    low, high = isinstance(test, sql.LT | sql.LTE), isinstance(test, sql.GT | sql.GTE)
    return (value < column.minimum and not high) or (value > column.maximum and not low)
