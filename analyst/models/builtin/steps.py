"""What changes from the query before to a reading of the next question, and whether the question's words speak for such a change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import sqlglot
from sqlglot import expressions as exp
from sqlglot.errors import SqlglotError

from analyst.models.builtin.cues import cues, to_the_point
from analyst.models.builtin.mentions import Mention

COUNTING = re.compile(r"\bhow many\b|\bnumber of\b|\bcount\b|多少|几[个位只名家场部条种门]|数量|数目|总数", re.I)
LISTING = re.compile(
    r"\b(?:list|show|names?|which|who|whose|what are|give|tell me|find)\b|哪些|哪个|哪位|哪|列出|显示|给出|谁|什么|名字|告诉", re.I
)
WHOLE = re.compile(r"\b(?:all|every|any|overall|in total|entire)\b|所有|全部|一共|总共", re.I)
SCALE = 4  # tests or outputs, from which more make no difference


@dataclass(frozen=True, slots=True)
class Outline:
    """A query's parts as texts that are equal for equal parts, whoever wrote them."""

    tables: frozenset[str]
    columns: frozenset[str] = field(compare=False)
    """All columns it reads, wherever."""
    tests: frozenset[str]
    tested: frozenset[str]
    """Columns that are tested."""
    literals: frozenset[str]
    """What is tested for with = or LIKE."""
    said: frozenset[str] = field(compare=False)
    """All texts and numbers in it."""
    shown: tuple[str, ...]
    group: frozenset[str]
    having: str
    order: str
    limit: str
    figures: bool
    bare: bool
    """Whether it shows nothing but figures."""
    combined: bool


def step_traits(text: str, sql: str, before: str) -> dict[str, float]:
    """What is known of the step from the query before to a reading of the question."""
    new, old = outline(sql), outline(before)
    known = {f"leans {kind}": 1.0 for kind in cues(text)} | of_the_text(text, old)
    if new is None or old is None:
        return known | {"step unreadable": 1.0}
    known |= of_the_tests(new, old) | of_the_shape(new, old)
    known["step none"] = float(new == old)
    asks_count = bool(COUNTING.search(text))
    known["count asked, given"] = float(asks_count and new.figures)
    known["count asked, not given"] = float(asks_count and not new.figures)
    known["list asked, figure given"] = float(not asks_count and bool(LISTING.search(text)) and new.bare)
    return known | crossed(known)


def crossed(known: dict[str, float]) -> dict[str, float]:
    """Words that lean on the question before, together with whether its rows were kept."""
    leaning = "refers" if known.get("leans pronoun") else "swaps" if known.get("leans whatabout") or known.get("leans ending") else "bare"
    return {
        f"{leaning}, {name}": known[name]
        for name in ("tests kept", "tests dropped", "tests swapped", "tests added", "tables left", "tables kept", "shown same", "step none")
        if known.get(name)
    }


def of_the_text(text: str, old: Outline | None) -> dict[str, float]:
    """What the question's words say by themselves."""
    spoken = to_the_point(text)
    lowered = text.casefold()
    return {
        "leans not": float(not cues(text)),
        "short": float(len(spoken) <= (12 if any(sign > "一" for sign in spoken) else 35)),
        "long": float(len(spoken) > (24 if any(sign > "一" for sign in spoken) else 80)),
        "says all": float(bool(WHOLE.search(text))),
        "asks count": float(bool(COUNTING.search(text))),
        "asks list": float(bool(LISTING.search(text))),
        "says it again": float(old is not None and any(len(word) > 1 and word in lowered for word in old.literals)),
        "exchange": float(" | " in text),
    }


def of_the_tests(new: Outline, old: Outline) -> dict[str, float]:
    """Which of the earlier tests and tables are still there."""
    kept, fresh = old.tests & new.tests, new.tests - old.tests
    gone = old.tests - new.tests
    moved = {column_of(test) for test in gone} & {column_of(test) for test in fresh}
    return {
        "had tests": float(bool(old.tests)),
        "tests kept": float(bool(old.tests) and not gone),
        "tests partly kept": len(kept) / (len(old.tests) or 1),
        "tests dropped": float(bool(gone) and not kept),
        "tests swapped": float(bool(moved)),
        "tests added": min(1.0, len(fresh) / SCALE),
        "column tested twice": float(len(new.tested) < len(new.tests)),
        "tables kept": float(old.tables <= new.tables),
        "tables left": float(bool(old.tables - new.tables)),
        "tables added": min(1.0, len(new.tables - old.tables) / SCALE),
        "tables apart": float(not old.tables & new.tables),
    }


def of_the_shape(new: Outline, old: Outline) -> dict[str, float]:
    """Which of the other parts are still there."""
    shown, earlier = set(new.shown), set(old.shown)
    found = {
        "shown same": float(shown == earlier),
        "shown more": float(shown > earlier),
        "shown fewer": float(shown < earlier),
        "shown apart": float(not shown & earlier),
        "figures before": float(old.figures),
        "figures appear": float(new.figures and not old.figures),
        "figures go": float(old.figures and not new.figures),
        "bare before": float(old.bare),
        "star before": float("*" in earlier),
        "star kept": float("*" in earlier and "*" in shown),
        "combined before": float(old.combined),
    }
    for name in ("group", "having", "order", "limit"):
        was, now = getattr(old, name), getattr(new, name)
        found[f"{name} kept"] = float(bool(was) and was == now)
        found[f"{name} dropped"] = float(bool(was) and not now)
        found[f"{name} added"] = float(bool(now) and not was)
    return found


def use_traits(mentions: Sequence[Mention], sql: str, before: str) -> dict[str, float]:
    """Which of the columns, tables, values and numbers that a question names are in a reading of it, and what else is."""
    new, old = outline(sql), outline(before)
    if new is None:
        return {}
    columns = [named for mention in mentions if mention.kind == "column" and (named := names_of(mention))]
    tables = [
        {match.table.casefold() for match in mention.columns[:2] if not match.column} for mention in mentions if mention.kind == "table"
    ]
    values = [{str(match.value).casefold() for match in mention.values} for mention in mentions if mention.kind == "value"]
    numbers = [{f"{mention.number:g}"} for mention in mentions if mention.kind == "number"]
    found = {
        "columns named": min(1.0, len(columns) / 3),
        "tables named": min(1.0, len(tables) / 2),
        "values named": min(1.0, (len(values) + len(numbers)) / 2),
        "columns named, unused": min(1.0, sum(not named & new.columns for named in columns) / 2),
        "tables named, unused": min(1.0, sum(not named & new.tables for named in tables) / 2),
        "values named, unused": min(1.0, sum(not named & new.said for named in (*values, *numbers)) / 2),
    }
    if old is not None:
        known = set().union(*columns) if columns else set()
        found["table named is new"] = float(any(not named & old.tables for named in tables))
        found["column named is new"] = float(any(not named & old.columns for named in columns))
        found["value named is new"] = float(any(not named & old.said for named in values))
        found["whole question"] = float(bool(columns) and bool(tables or values))
        found["shown unnamed"] = min(1.0, sum(part not in known and part in new.columns for part in new.shown) / 3)
        found["named not shown"] = min(1.0, sum(not named & {*new.shown, *new.tested} for named in columns) / 2)
        found["tests unsaid"] = min(1.0, len([test for test in new.tests - old.tests if not said_in(test, values, numbers)]) / 2)
    return found


def names_of(mention: Mention) -> set[str]:
    """The columns that a mention names about as well as its best."""
    best = max((match.score for match in mention.columns if match.column), default=0.0)
    return {match.column.casefold() for match in mention.columns if match.column and match.score >= best - 0.1}


def said_in(test: str, values: Sequence[set[str]], numbers: Sequence[set[str]]) -> bool:
    """Whether a test holds a value or number that the question names."""
    return any(plain_text(value) in test for named in (*values, *numbers) for value in named)


def plain_text(value: str) -> str:
    """A value as it stands in the text of a test."""
    return re.sub(r"[\"'`%]", "", value)


def column_of(test: str) -> str:
    """The first column of a test's text."""
    return test.removeprefix("not ").split(" ", 1)[0]


# ---------------------------------------------------------------------------------------- outlines
@lru_cache(maxsize=512)
def outline(text: str) -> Outline | None:
    """The outline of a query; None where it cannot be read."""
    tree = parsed(text)
    first = tree.find(exp.Select) if tree is not None else None
    if tree is None or first is None:
        return None
    tests = [test for where in tree.find_all(exp.Where) for test in conjuncts(where.this)]
    limit, having, order = (first.args.get(part) for part in ("limit", "having", "order"))
    group = first.args.get("group")
    shown = [part.unalias() for part in first.expressions]
    figures = [part.find(exp.AggFunc) is not None for part in shown]
    return Outline(
        frozenset(table.name.casefold() for table in tree.find_all(exp.Table)),
        frozenset(column.name.casefold() for column in tree.find_all(exp.Column)),
        frozenset(plain(test) for test in tests),
        frozenset(column_of(plain(test)) for test in tests),
        frozenset(plain(value) for test in tests if (value := test.args.get("expression")) and isinstance(value, exp.Literal | exp.Column)),
        frozenset(literal.name.casefold().strip("%") for literal in tree.find_all(exp.Literal)),
        tuple("*" if part.is_star else plain(part) for part in shown),
        frozenset(plain(part) for part in group.expressions) if group else frozenset(),
        plain(having.this) if having else "",
        " ".join(plain(part.this) + str(bool(part.args.get("desc"))) for part in order.expressions) if order else "",
        plain(limit.expression) if limit else "",
        any(figures),
        all(figures),
        tree.find(exp.SetOperation) is not None,
    )


def parsed(text: str) -> exp.Expr | None:
    """SQL as a tree, in DuckDB's dialect or SQLite's; None if it is neither."""
    for dialect in ("duckdb", "sqlite"):
        try:
            return sqlglot.parse_one(text.rstrip("; \n"), dialect=dialect)
        except (SqlglotError, RecursionError):
            continue
    return None


def conjuncts(part: exp.Expr) -> Iterator[exp.Expr]:
    """The parts of an AND, without those that only leave out what is missing."""
    if isinstance(part, exp.And):
        yield from conjuncts(part.left)
        yield from conjuncts(part.right)
    elif isinstance(part, exp.Paren):
        yield from conjuncts(part.this)
    elif not (isinstance(part, exp.Not) and isinstance(part.this, exp.Is)):
        yield part


def plain(part: exp.Expr) -> str:
    """A part's text without the names of tables, quotation marks and case."""
    copy = part.copy()
    for column in copy.find_all(exp.Column):
        column.set("table", None)
    words = re.sub(r"[\"'`%]|\bAS \w+", "", copy.sql(dialect="duckdb")).casefold()
    return re.sub(r"\s+", " ", words).strip()
