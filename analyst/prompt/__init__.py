"""From a question and what is known of the tables to the written prompt; the stable part first, the SELECT lead-in after it.

The order is the one a server's prefix cache likes: instructions, schema and glossary stay the same from question to question on the
same data, the conversation only grows, and what belongs to one question comes last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import yaml
from sqlglot.dialects.dialect import Dialect

from analyst.prompt.budget import fitted
from analyst.prompt.fence import one_line, several_lines
from analyst.prompt.mschema import render_schema
from analyst.prompt.repair import render_attempt
from analyst.prompt.templates import FOLDER, VARIABLE, Template, fill_block, shipped_template
from analyst.prompt.valuewords import render_links
from analyst.terms import Attempt, ChartSpec, Fact, Facts, Links, Part, Prompt, Question, Schema, Turn

EXAMPLES_SHOWN = 3  # the gain of few-shot flattens after about three, while each costs tokens on every question
LIKE_ENOUGH = 0.15  # share of words in common below which an example is about something else
TURNS_SHOWN = 4  # at least; the window moves in steps of as many, so that the prefix cache sees a conversation that only grows
LANGUAGE_NAMES = {"en": "English", "zh": "Chinese (简体中文)"}
WORD = re.compile(r"[a-z0-9_]+|[㐀-鿿]")
SQL_TEMPLATE, CHECK_TEMPLATE, COMMENTARY_TEMPLATE, TITLE_TEMPLATE = "sql", "answerable", "commentary", "title"


# ------------------------------------------------------------------------------------------------ the query
def write_prompt(
    question: Question,
    schema: Schema,
    links: Links,
    attempts: Sequence[Attempt] = (),
    examples: Sequence[Turn] = (),
    *,
    template: Template | None = None,
    samples: bool = True,
    tokens: int | None = None,
) -> Prompt:
    """The prompt whose completion goes on from SELECT.

    `examples` are verified questions with their SQL, of which the likest are shown; `template` takes the place of prompts/sql.md;
    without `samples` no cell of the tables is shown but those the question names; `tokens` is the room there is, if it is known.
    """
    attempts = tuple(attempts)
    stable = render_stable(SchemaKey(schema), samples)
    values: dict[str, tuple[str, ...]] = {
        "dialect": (type(Dialect.get_or_raise(schema.dialect)).__name__,),
        "forms": (shipped_forms(), ""),
        "schema": (*stable.schema, *only_linked(schema, links)),
        "glossary": (stable.glossary, ""),
        "conversation": shorter_and_shorter([render_turn(turn) for turn in recent(question.history)], keep=1),
        "examples": shorter_and_shorter([render_turn(turn) for turn in most_like(question.text, examples)]),
        "values": (render_links(links, schema.dialect), ""),
        "evidence": (several_lines(question.evidence),),
        "attempts": shorter_and_shorter([render_attempt(attempt, schema, links) for attempt in attempts], keep=1),
        "question": (several_lines(question.text),),
    }
    parts = tuple(part_of(block, values) for block in (template or shipped_template(SQL_TEMPLATE)).blocks)
    check = "\n" + shipped_template(CHECK_TEMPLATE).fill({})
    return Prompt(fitted(parts, tokens), question, schema, links, attempts, parts=parts, check=check)


def part_of(block: str, values: Mapping[str, tuple[str, ...]]) -> Part:
    """A block of the template with all its shorter forms."""
    names = VARIABLE.findall(block)
    levels = max((len(values[name]) for name in names), default=1)
    texts = [fill_block(block, {name: values[name][min(level, len(values[name]) - 1)] for name in names}) for level in range(levels)]
    return Part(names[0] if names else "instructions", tuple(dict.fromkeys(texts)))


def shorter_and_shorter(lines: Sequence[str], keep: int = 0) -> tuple[str, ...]:
    """All entries, then without the first, and so on until `keep` are left."""
    fewest = min(keep, len(lines))
    return tuple("\n".join(lines[start:]) for start in range(len(lines) - fewest + 1))


def only_linked(schema: Schema, links: Links) -> tuple[str, ...]:
    """The tables that the question speaks of, where those are known and not all."""
    linked = {match.table for found in (links.columns, links.values) for match in found}
    return (render_schema(schema, "bare", linked),) if 0 < len(linked) < len(schema.tables) else ()


def render_turn(turn: Turn) -> str:
    """A question with its SQL, on two lines."""
    return f"Question: {one_line(turn.question)}\nQuery: {one_line(turn.sql)}"


def recent(history: Sequence[Turn]) -> Sequence[Turn]:
    """The latest turns, between TURNS_SHOWN and twice as many."""
    surplus = len(history) - TURNS_SHOWN
    return history[max(0, surplus // TURNS_SHOWN * TURNS_SHOWN) :]


# ------------------------------------------------------------------------------------------------ its stable part
@dataclass(frozen=True, slots=True, eq=False)
class SchemaKey:
    """A schema as the key of a cache: found by its version, then compared whole, so that nobody is shown another's tables."""

    schema: Schema

    def __hash__(self) -> int:
        return hash((self.schema.version, len(self.schema.tables)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SchemaKey) and self.schema == other.schema


@dataclass(frozen=True, slots=True)
class StableText:
    """What stays the same from question to question on the same data."""

    schema: tuple[str, ...]
    """From all that is known to names and types alone."""
    glossary: str


@lru_cache(maxsize=64)
def render_stable(key: SchemaKey, samples: bool) -> StableText:
    """The schema at each level of detail, and the glossary."""
    schema = key.schema
    levels = (render_schema(schema),) if samples else ()
    glossary = "\n".join(f"- {one_line(term.words)}: {several_lines(term.meaning)}" for term in schema.glossary)
    return StableText((*levels, render_schema(schema, "brief"), render_schema(schema, "bare")), glossary)


@lru_cache(maxsize=1)
def shipped_forms() -> str:
    """prompts/examples.yaml as text."""
    entries = yaml.safe_load((FOLDER / "examples.yaml").read_text(encoding="utf-8"))
    return "\n".join(render_turn(Turn(entry["question"], entry["sql"])) for entry in entries)


# ------------------------------------------------------------------------------------------------ examples
def most_like(text: str, examples: Sequence[Turn]) -> list[Turn]:
    """The examples whose questions are most like the text, the likest last, where the model reads it just before the question."""
    wanted = words_of(text)
    ranked = sorted(((likeness(wanted, words_of(turn.question)), place) for place, turn in enumerate(examples)), reverse=True)
    return [examples[place] for score, place in reversed(ranked[:EXAMPLES_SHOWN]) if score >= LIKE_ENOUGH]


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """Its words, and pairs of neighbouring Chinese characters."""
    words = WORD.findall(text.lower())
    pairs = (first + second for first, second in pairwise(words) if not (first + second).isascii())
    return frozenset((*(word for word in words if word.isascii()), *pairs))


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard index: shared words by all words, 0 to 1."""
    return len(first & second) / len(first | second) if first and second else 0.0


# ------------------------------------------------------------------------------------------------ words about an answer
def commentary_instructions(facts: Facts, question: Question, chart: ChartSpec, rejected: Sequence[str] = ()) -> str:
    """What a model needs to word the facts; its text goes on from there. `rejected` are numbers an earlier wording made up."""
    return shipped_template(COMMENTARY_TEMPLATE).fill(
        {
            "language": LANGUAGE_NAMES[question.language],
            "question": several_lines(question.text),
            "chart": render_chart(chart),
            "facts": "\n".join(render_fact(fact) for fact in facts.findings),
            "rejected": one_line(", ".join(rejected)),
        }
    )


def title_instructions(question: Question, chart: ChartSpec) -> str:
    """What a model needs to write a chart's title."""
    language = LANGUAGE_NAMES[question.language]
    values = {"language": language, "question": several_lines(question.text), "chart": render_chart(chart)}
    return shipped_template(TITLE_TEMPLATE).fill(values)


def render_chart(chart: ChartSpec) -> str:
    """The chart's grammar on one line."""
    encodings = {"x": chart.x or "", "y": ", ".join(chart.y), "color": chart.color or ""}
    units = ", ".join(f"{name} in {unit}" for name, unit in chart.units.items())
    return one_line("; ".join(filter(None, (chart.mark, *(f"{key}: {value}" for key, value in encodings.items() if value), units))))


def render_fact(fact: Fact) -> str:
    """A fact on one line, every number as it was computed."""
    numbers = [f"{name} = {value:.10g}" for name, value in fact.numbers.items()]
    labels = [f"{name}: {one_line(label)}" for name, label in fact.labels.items()]
    return f"- {fact.kind}; " + "; ".join((*labels, *numbers))
