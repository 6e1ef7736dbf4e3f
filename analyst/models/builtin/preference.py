"""Which of several plans people mean by a question, learned from how its words and the plan's parts answer to each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from analyst.models.builtin.build import Unjoinable, join_steps
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Bin, Condition, Either, Field, Grain, Measure, Plan, aggregated, fields, tables_of
from analyst.models.builtin.variants import head_places

WEIGHTS = "preference.json"
HALF = 0.5  # of a trait that stands for two at once, so that it must be seen more often
SAME = 0.02  # scores this near are the same
SAID = ("id", "name", "type", "code", "date", "number", "all", "and", "or", "both", "also", "each", "every", "than", "any", "only")
ASKED = ("distinct", "count", "agg", "super", "top", "neg", "cmp", "sort", "group", "which", "howmuch", "chart")


SMALL = ("the", "a", "an", "all", "their", "its", "his", "her", "different", "distinct", "is", "are", "was", "were", "'", '"', "unique")
WORDS = {
    "of": ("of",),
    "and": ("and", ",", "or", "as well as", "along with", "together with", "also"),
    "by": ("by",),
    "with": ("with", "whose", "have", "has", "had", "having", "where", "that", "who"),
    "in": ("in", "from", "at", "for", "on", "to", "within", "under", "during", "across", "among"),
    "each": ("each", "every", "per"),
    "list": ("what", "which", "show", "list", "find", "give", "return", "me", "display", "tell"),
    "end": ("?", ".", ";", "!"),
}
"""Words beside a name that say what part it plays."""


@dataclass(frozen=True, slots=True)
class Named:
    """A mention of columns or of a table, as plans are judged by it."""

    head: bool
    strong: bool
    options: dict[Field, float]
    """Columns with how much worse than the best each fits."""
    table: str | None
    before: str
    """What kind of word stands before it, and after it."""
    after: str
    both: bool
    """Whether it names a table as well as a column."""


class Scene:
    """What a question says, looked at once for all its plans."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.head = set(head_places(draft))
        self.columns = [self._named(at, mention) for at, mention in enumerate(draft.mentions) if mention.kind == "column"]
        self.tables = [self._named(at, mention) for at, mention in enumerate(draft.mentions) if mention.kind == "table" and mention.columns]
        self.runs = self._runs()
        self.cells = [mention for mention in draft.mentions if mention.values]
        words = set(draft.text.lower().replace("?", " ").replace(",", " ").replace(".", " ").split())
        self.flags = [word for word in SAID if word in words or word + "s" in words]
        self.flags += [
            kind for kind in ASKED if any(mention.asks(kind) and mention.kind not in ("column", "value") for mention in draft.mentions)
        ]
        self.asked = {
            kind
            for mention in draft.mentions
            if mention.kind not in ("column", "value", "table")
            and (kind := "count" if mention.asks("count") else mention.asks("agg") or "")
        }
        self.named_tables = {named.table for named in self.tables if named.strong}

    def _named(self, at: int, mention: Mention) -> Named:
        best = max(match.score for match in mention.columns)
        options: dict[Field, float] = {}
        for match in mention.columns:
            if match.column:
                field = Field(match.table, match.column)
                options[field] = min(options.get(field, 1.0), best - match.score)
        table = mention.columns[0].table if mention.kind == "table" else None
        tabled = any(not match.column and match.score >= best - 0.25 for match in mention.columns)
        return Named(at in self.head, best >= 0.8, options, table, self._beside(at, -1), self._beside(at, 1), tabled)

    def _beside(self, at: int, step: int) -> str:
        """The kind of the nearest word that is no article."""
        here = at + step
        while 0 <= here < len(self.draft.mentions) and self.draft.mentions[here].text.lower() in SMALL:
            here += step
        if not 0 <= here < len(self.draft.mentions):
            return "edge"
        mention = self.draft.mentions[here]
        said = mention.text.lower()
        for name, words in WORDS.items():
            if said in words:
                return name
        return "other" if mention.kind in ("word", "sign") else mention.kind

    def _runs(self) -> list[list[Named]]:
        """Columns named one after the other, with nothing but commas and 'and' between them."""
        runs: list[list[Named]] = []
        joint = False
        for at, mention in enumerate(self.draft.mentions):
            if mention.kind == "column":
                named = self._named(at, mention)
                runs = [*runs[:-1], [*runs[-1], named]] if joint and runs else [*runs, [named]]
                joint = True
            elif mention.text.lower() not in SMALL and mention.text.lower() not in WORDS["and"]:
                joint = False
        return [run for run in runs if len(run) > 1]

    def link(self, field: Field) -> str:
        """How the question speaks of a column."""
        found = "none"
        for named in self.columns:
            worse = named.options.get(field)
            if worse is not None:
                place = "head" if named.head else "clause"
                fit = "whole" if worse <= SAME else "part" if worse < 0.2 else "weak"
                kind = f"{place} {fit}{'' if named.strong else ' loose'}"
                found = kind if found == "none" or (fit == "whole" and "whole" not in found) else found
        if found == "none" and field.table in self.named_tables:
            labels = field in self.draft.catalog.labels(field.table)
            keys = field in self.draft.catalog.identifiers(field.table)
            return "label of named" if labels else "key of named" if keys else "of named"
        return found


def traits(scene: Scene, plan: Plan, steps: Iterable[str], logarithm: float, rank: int) -> dict[str, float] | None:
    """What speaks for and against a plan; None where its tables cannot be joined."""
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
        note(f"step {step}")
        for flag in scene.flags:
            note(f"step {step} & {flag}", HALF)
    for name in (
        *of_the_outputs(scene, plan),
        *of_the_names(scene, plan),
        *of_the_cells(scene, plan),
        *of_the_shape(scene, plan),
        *of_the_tables(scene, plan, [names[0], *(table for table, _ in joined)]),
        *of_the_figures(scene, plan, [names[0], *(table for table, _ in joined)]),
    ):
        note(name)
    return found


def of_the_outputs(scene: Scene, plan: Plan) -> Iterator[str]:
    """What is shown, and how the question speaks of it."""
    yield f"outputs {min(len(plan.select), 4)}"
    heads = sum(named.head for named in scene.columns)
    yield f"outputs {min(len(plan.select), 4)} heads {min(heads, 4)}"
    tested = {test.left for test in plan.where if isinstance(test, Condition) and test.sign == "="}
    ordered = plan.order[0].by if plan.order else None
    catalog = scene.draft.catalog
    for output in plan.select:
        if isinstance(output, Field | Grain | Bin):
            field = next(fields(output))
            yield f"shows {scene.link(field)}"
            role = catalog.column(field).role
            yield f"shows {role} {scene.link(field)}"
            if field in tested:
                yield "shows tested"
            if output == ordered:
                yield f"shows sorted {bool(plan.limit)} {scene.link(field)}"
            if catalog.words(field)[-1:] == ("id",):
                yield f"shows id {'said' if 'id' in scene.flags else 'unsaid'} {scene.link(field)}"
            if catalog.words(field)[-1:] == ("name",):
                yield f"shows name {'said' if 'name' in scene.flags else 'unsaid'}"
            if catalog.is_parent_key(field):
                yield f"shows parent key {scene.link(field)}"
        elif isinstance(output, Measure):
            said = "said" if {"count", "agg", "howmuch"} & set(scene.flags) else "unsaid"
            yield f"figure {output.aggregate} {said}"
            yield f"figure {output.aggregate} {'group' if plan.group else 'whole'} {said}"
            if output == ordered:
                yield f"figure sorted {bool(plan.limit)} {said}"
            for field in fields(output.of):
                yield f"figure of {scene.link(field)}"


def of_the_figures(scene: Scene, plan: Plan, joined: list[str]) -> Iterator[str]:
    """Whether the figures asked for are there, and whether rows would be counted several times."""
    figures = [output for output in (*plan.select, *(order.by for order in plan.order)) if isinstance(output, Measure)]
    figures += [test.left for test in plan.having if isinstance(test, Condition) and isinstance(test.left, Measure)]
    kinds = {"count" if figure.aggregate == "count_distinct" else figure.aggregate for figure in figures}
    tests = {kind for test in conditions(plan) for value in test.right if (kind := figure_of(value))}
    for asked in scene.asked:
        met = asked in kinds or asked in tests or (asked == "count" and "sum" in kinds)
        extreme = asked in ("max", "min") and bool(plan.limit)
        yield f"asked {asked} {'met' if met else 'by order' if extreme else 'unmet'}"
    for kind in kinds - scene.asked:
        yield f"unasked {kind}"
    subject = next((named.table for named in scene.tables if named.table), None)
    fanned = "unknown" if subject is None else "fanned" if self_joined(scene, subject, joined) else "plain"
    for figure in figures:
        if figure.aggregate == "count" and figure.of is None:
            yield f"counts rows {fanned} {'distinct' if 'distinct' in scene.flags else ''}"
        elif figure.aggregate == "count_distinct" and isinstance(figure.of, Field):
            key = "key" if scene.draft.catalog.is_key(figure.of) else "cells"
            home = "subject" if figure.of.table == subject else "other"
            yield f"counts {key} {home} {fanned} {'distinct' if 'distinct' in scene.flags else ''}"


def figure_of(value: object) -> str:
    """The aggregate of a query for one figure inside a test; empty for anything else."""
    first = value.select[0] if isinstance(value, Plan) and value.select else None
    return first.aggregate if isinstance(first, Measure) else ""


def self_joined(scene: Scene, subject: str, joined: list[str]) -> bool:
    """Whether rows of a table that takes part point to those of the subject, so that these turn up several times."""
    return any(join.parent_table == subject and join.table in joined for join in scene.draft.catalog.schema.joins)


def of_the_names(scene: Scene, plan: Plan) -> Iterator[str]:
    """Whether the plan takes up the columns and tables that the question names, and where."""
    shown = set(fields(tuple(output for output in plan.select if not aggregated(output))))
    figured = set(fields(tuple(output for output in plan.select if aggregated(output))))
    grouped, ordered = set(fields(plan.group)), set(fields(plan.order))
    tests = plan.where + plan.having + (plan.combine[1].where if plan.combine else ())
    tested = set(fields(tests)) | set(inner_fields(tests))
    for named in scene.columns:
        place = ("head" if named.head else "clause") + (" strong" if named.strong else "") + (" table" if named.both else "")
        status = "left"
        roles: list[str] = []
        for name, used in (("shown", shown), ("figure", figured), ("group", grouped), ("test", tested), ("order", ordered)):
            worse = min((named.options[field] for field in used if field in named.options), default=None)
            if worse is not None:
                status = name + (" whole" if worse <= SAME else " part")
                yield f"{place} column {status}"
                roles.append(name)
        if status == "left":
            yield f"{place} column left"
            roles.append("left")
        for role in roles:
            yield f"after {named.before} {role}"
            yield f"before {named.after} {role}"
            yield f"between {named.before} {named.after} {role}"
            yield f"after {named.before} {'table' if named.both else 'plain'} {'strong' if named.strong else 'loose'} {role}"
        if len(set(roles) - {"group"}) > 1:
            yield f"twice {' '.join(role for role in roles if role != 'group')}"
    for run in scene.runs:
        there = [any(named.options.get(field, 1.0) <= SAME for field in shown | figured) for named in run]
        yield f"row of names {'whole' if all(there) else 'broken' if any(there) else 'left'} {'head' if run[0].head else 'clause'}"
    used_tables = set(tables_of(plan)) | {field.table for field in tested}
    homes = {field.table for field in shown | figured}
    for named in scene.tables:
        place = ("head" if named.head else "clause") + (" strong" if named.strong else "")
        status = "shown" if named.table in homes else "used" if named.table in used_tables else "left"
        yield f"table after {named.before} {status}"
        yield f"table before {named.after} {status}"
        yield f"{place} table {'shown' if named.table in homes else 'used' if named.table in used_tables else 'left'}"


def inner_fields(tests: Iterable[object]) -> Iterator[Field]:
    """Columns of queries inside tests."""
    for test in tests:
        for value in getattr(test, "right", ()):
            if isinstance(value, Plan):
                yield from fields((value.select, value.where, value.having))
                yield from inner_fields(value.where)
                yield from (Field(table, "") for table in value.tables)


def conditions(plan: Plan) -> list[Condition]:
    """The tests on rows, in inner queries too."""
    found: list[Condition] = []
    for test in plan.where:
        options = test.options if isinstance(test, Either) else (test,)
        found += options
        for option in options:
            for value in option.right:
                if isinstance(value, Plan):
                    found += conditions(value)
    return found + (conditions(plan.combine[1]) if plan.combine else [])


def of_the_cells(scene: Scene, plan: Plan) -> Iterator[str]:
    """Whether cells that the question names are asked for, in which column."""
    tests = conditions(plan)
    present = set(tables_of(plan))
    asked = {(test.left, str(value).casefold()) for test in tests for value in test.right if not isinstance(value, Plan)}
    texts = {value.strip("%") for _, value in asked}
    for mention in scene.cells:
        homes = [(Field(match.table, match.column), str(match.value).casefold(), match.score) for match in mention.values]
        best = homes[0][2]
        hit = [(at, score) for at, (field, value, score) in enumerate(homes) if (field, value) in asked]
        kind = ("cell" if mention.kind == "value" else f"cell of {mention.kind}") + (
            " sure" if best >= 0.95 else "" if best >= 0.8 else " part"
        )
        case = " capital" if mention.text[:1].isupper() and mention.start else ""
        if hit:
            yield f"{kind}{case} tested"
            if hit[0][1] < best - SAME:
                yield "cell in worse home"
            if any(field.table in present for field, _, score in homes if score >= best - SAME) and len(homes) > 1:
                home = homes[hit[0][0]][0]
                yield f"cell home {'shared' if any(other.table == home.table for other in fields(plan.select)) else 'apart'}"
        elif any(mention.text.casefold() in text for text in texts):
            yield f"{kind}{case} within"
        else:
            yield f"{kind}{case} left"
    known = {value for mention in scene.cells for value in (str(match.value).casefold() for match in mention.values)}
    for _, value in asked:
        if value not in known and not value.replace(".", "").replace("-", "").isdigit():
            yield "test of unknown cell"
    for test in tests:
        link = scene.link(next(fields(test.left), Field("", ""))) if any(True for _ in fields(test.left)) else "none"
        yield f"test {test.sign} {link.split()[0]}"
    values = {str(value)[:10] for test in (*tests, *(test for test in plan.having if isinstance(test, Condition))) for value in test.right}
    for mention in scene.draft.mentions:
        if mention.kind == "number":
            used = any(f"{mention.number + more}" in values for more in (0, 1, -1)) or str(float(mention.number)) in values
            yield f"number {'used' if used else 'limit' if plan.limit == mention.number else 'left'}"
        elif mention.kind == "period" and mention.period:
            edges = [edge for edge in (mention.period.start, mention.period.end) if edge]
            said = {text for edge in edges for text in (edge.isoformat(), str(edge.year), str(edge.year - 1))}
            yield f"period {'used' if said & values or not edges else 'left'}"
    lefts = [test.left for test in plan.where if isinstance(test, Condition) and test.sign == "="]
    if len(lefts) > len(set(lefts)):
        yield "two cells of one column"


def of_the_shape(scene: Scene, plan: Plan) -> Iterator[str]:
    """Distinct, groups, orders and set operations against the words that ask for them."""
    flags = set(scene.flags)
    figures = any(aggregated(output) for output in plan.select)
    listed = not plan.group and not figures
    keyed = any(scene.draft.catalog.is_key(field) for field in fields(plan.select))
    joined = len(tables_of(plan)) > 1
    if listed and not plan.limit:
        yield f"distinct {plan.distinct} {'said' if 'distinct' in flags else 'unsaid'}"
        yield f"distinct {plan.distinct} {'key' if keyed else 'no key'} {'joined' if joined else 'alone'}"
        only = plan.select[0] if len(plan.select) == 1 and isinstance(plan.select[0], Field) else None
        if only:
            column = scene.draft.catalog.column(only)
            spread = "few" if column.distinct * 3 < column.rows else "most" if column.distinct < column.rows else "all"
            yield f"distinct {plan.distinct} {spread}"
    shape = "list" if listed else "groups" if plan.group else "figure"
    shape += " top" if plan.limit else " sorted" if plan.order else ""
    shape += " each" if plan.top_each else ""
    yield f"shape {shape}"
    for flag in flags:
        yield f"shape {shape} & {flag}"
    kinds = {test.sign for test in conditions(plan)}
    negative = bool(kinds & {"!=", "not in", "not like", "is null"}) or bool(plan.combine and plan.combine[0] == "except")
    yield f"negative {negative} {'neg' in flags}"
    either = any(isinstance(test, Either) or (isinstance(test, Condition) and test.sign == "in") for test in plan.where)
    yield f"either {either} {'or' in flags}"
    for word in ("neg", "both", "or", "and"):
        yield f"combine {plan.combine[0] if plan.combine else ''} {word in flags}"
    if plan.combine and len(plan.combine[1].select) != len(plan.select):
        yield "uneven"
    yield f"having {bool(plan.having)} {'cmp' in flags}"
    for item in plan.group:
        for field in fields(item):
            yield f"group by {scene.link(field)}"
            yield f"group by {'key' if scene.draft.catalog.is_key(field) else 'other'} {shape}"
    asked = [value for mention in scene.draft.mentions if (value := direction(mention))]
    for order in plan.order[:1]:
        if asked:
            yield f"direction {'agrees' if ('desc' if order.descending else 'asc') in asked else 'differs'}"
        for field in fields(order.by):
            yield f"order by {scene.link(field)}"
            yield f"order by {scene.draft.catalog.column(field).role} {shape}"
        if not list(fields(order.by)):
            yield "order by count"


def direction(mention: Mention) -> str:
    """The direction that a word of order or a superlative asks for."""
    if mention.kind in ("column", "value", "table"):
        return ""
    said = mention.asks("super") or mention.asks("top") or ("desc" if mention.asks("desc") else "asc" if mention.asks("asc") else "")
    return said.rpartition(":")[2]


def of_the_tables(scene: Scene, plan: Plan, joined: list[str]) -> Iterator[str]:
    """How many tables take part, which of them the question names, and which need not take part."""
    yield f"tables {min(len(joined), 5)}"
    used = list(fields((plan.select, plan.where, plan.group, plan.having, plan.order)))
    held = {field.table for field in used}
    celled = {
        field.table for test in conditions(plan) for field in fields(test.left) if any(isinstance(value, str) for value in test.right)
    }
    for table in joined:
        status = "named" if table in scene.named_tables else "celled" if table in celled else "unnamed"
        yield f"table {status} {'held' if table in held else 'asked' if table in plan.tables else 'between'}"
    for field in dict.fromkeys(used):
        if scene.draft.catalog.is_key(field) and any(table != field.table for table in joined):
            mates = [other for other in used if other.table == field.table and other != field]
            if not mates and any(
                (join.parent_table, join.parent_column) == (field.table, field.column) and join.table in held
                for join in scene.draft.catalog.schema.joins
            ):
                yield f"parent only for key {'named' if field.table in scene.named_tables else 'unnamed'}"
    for named in scene.columns:
        equal = [field for field, worse in named.options.items() if worse <= SAME]
        if len({field.table for field in equal}) < 2:
            continue
        for field in set(equal) & set(used):
            yield f"twin home {'named' if field.table in scene.named_tables else 'unnamed'}"
            yield f"twin {'key' if scene.draft.catalog.is_key(field) else 'child' if scene.draft.catalog.is_parent_key(field) else 'plain'}"
            yield f"twin {'alone' if sum(other.table == field.table for other in used) == 1 else 'among others'} {len(joined) > 1}"


def preferred(known: Mapping[str, float]) -> float:
    """The weighted sum of traits."""
    weights = learned()
    return sum(weights.get(name, 0.0) * value for name, value in known.items())


@lru_cache(maxsize=1)
def learned() -> dict[str, float]:
    """Weights, as train/preference.py fitted them."""
    found: dict[str, float] = json.loads((files("analyst.models.builtin") / WEIGHTS).read_text(encoding="utf-8"))
    return found
