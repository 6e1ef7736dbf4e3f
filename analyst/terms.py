"""Every value a stage hands on, in the order in which a question produces them.

Question -> Schema, Links -> Prompt -> Candidate (unsafe) -> Query (checked) -> ResultSet -> ChartSpec -> Facts
-> Reply = Answer | Clarification | Refusal | Failure
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Literal, NamedTuple

from analyst.mentions import Mentions
from connectors.base import Cell, Query, ResultSet
from connectors.wording import Bilingual, Language

__all__ = [
    "NO_VALUE",
    "Answer",
    "Attempt",
    "Bilingual",
    "Candidate",
    "Caution",
    "Cell",
    "ChartSpec",
    "Choice",
    "Clarification",
    "Column",
    "ColumnEdit",
    "ColumnMatch",
    "Edits",
    "Fact",
    "Facts",
    "Failure",
    "Join",
    "JoinEnds",
    "Language",
    "Links",
    "Mark",
    "Part",
    "Prompt",
    "Query",
    "Question",
    "Reading",
    "Refusal",
    "Reply",
    "ResultSet",
    "Role",
    "Schema",
    "Step",
    "Table",
    "Term",
    "Token",
    "Turn",
    "Usage",
    "ValueMatch",
    "Waiting",
]  # fmt: skip

NOTHING_SAID = Mentions()

Role = Literal["dimension", "measure", "time", "identifier", "text"]
"""What a column is for: dimensions group, measures are summed, time has a grain, identifiers count, text is free."""

Mark = Literal[
    "number", "bar", "grouped_bar", "stacked_bar", "line", "area", "scatter", "pie", "histogram", "box", "heatmap", "table"
]  # fmt: skip


# ------------------------------------------------------------------------------------------------ the data
@dataclass(frozen=True, slots=True)
class Column:
    """A column with what its cells show and what the person said of it."""

    name: str
    type: str
    """The database's type name, such as BIGINT, DOUBLE, VARCHAR, DATE, TIMESTAMP, BOOLEAN."""
    role: Role
    unit: str = ""
    """Such as $, ¥, %, kg; empty where none is known."""
    description: str = ""
    synonyms: tuple[str, ...] = ()
    """Other words for it: from the person, or the comment of a database."""
    rows: int = 0
    missing: int = 0
    distinct: int = 0
    minimum: Cell = None
    maximum: Cell = None
    mean: float | None = None
    frequent: tuple[tuple[Cell, int], ...] = ()
    """The most frequent values with their counts, at most 20."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns and the column sets that could be its key."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    keys: tuple[tuple[str, ...], ...] = ()
    """Candidate keys: column sets whose values are never missing and never repeat; the likeliest first."""
    description: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name, whatever its case; None if there is none."""
        return next((column for column in self.columns if column.name.casefold() == name.casefold()), None)


@dataclass(frozen=True, slots=True)
class Join:
    """How rows of one table find rows of another: many rows on the left to at most one on the right."""

    table: str
    column: str
    parent_table: str
    parent_column: str
    containment: float
    """Share of the left column's distinct values that the right column holds, 0 to 1."""
    origin: Literal["declared", "proved", "person"] = "proved"

    @property
    def ends(self) -> JoinEnds:
        """The two columns it joins."""
        return JoinEnds(self.table, self.column, self.parent_table, self.parent_column)


class JoinEnds(NamedTuple):
    """The two columns of a join, by which it is named."""

    table: str
    column: str
    parent_table: str
    parent_column: str


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the person's glossary: words, and what they mean in the data."""

    words: str
    meaning: str
    """A column (`table.column`), a value, or a SQL expression."""


@dataclass(frozen=True, slots=True)
class Schema:
    """All that is known of the person's tables when a question comes."""

    tables: tuple[Table, ...]
    joins: tuple[Join, ...] = ()
    glossary: tuple[Term, ...] = ()
    dialect: str = "duckdb"
    version: str = ""
    """Changes whenever the rows or what is known of them change."""

    def table(self, name: str) -> Table | None:
        """The table of that name, whatever its case; None if there is none."""
        return next((table for table in self.tables if table.name.casefold() == name.casefold()), None)


@dataclass(frozen=True, slots=True)
class ColumnEdit:
    """What the person says of a column; None leaves what was found."""

    role: Role | None = None
    unit: str | None = None
    description: str | None = None
    synonyms: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """All that the person says of the data; it goes before what was found. Names are compared whatever their case."""

    columns: Mapping[tuple[str, str], ColumnEdit] = field(default_factory=dict)
    """By table and column."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """Table -> description."""
    joins_added: tuple[JoinEnds, ...] = ()
    joins_removed: tuple[JoinEnds, ...] = ()
    joins_confirmed: tuple[JoinEnds, ...] = ()
    glossary: tuple[Term, ...] = ()


# ------------------------------------------------------------------------------------------------ the question
@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and the SQL that answered it."""

    question: str
    sql: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the person asks, and what was said before."""

    text: str
    language: Language
    history: tuple[Turn, ...] = ()
    """Earlier turns, oldest first."""
    evidence: str = ""
    """What the asker adds to be taken as given, such as the meaning of a word or today's date."""


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Words of the question that speak of a column (or of a whole table, where column is empty)."""

    words: str
    start: int
    """Where the words begin in the question's text, in characters."""
    table: str
    column: str
    score: float
    """1 for the header's own words, less for a synonym, a misspelling or a part."""


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """Words of the question that speak of a cell value."""

    words: str
    start: int
    table: str
    column: str
    value: Cell
    score: float


@dataclass(frozen=True, slots=True)
class Links:
    """The tables, columns and cell values that a question speaks of, likeliest first."""

    columns: tuple[ColumnMatch, ...] = ()
    values: tuple[ValueMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """SQL that was tried and what was said against it."""

    sql: str
    error: str
    """The words of the validator or of the database."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a written prompt, and what may stand in its place where room is short."""

    name: str
    """What it holds: instructions, schema, conversation, examples, ..."""
    texts: tuple[str, ...]
    """The longest first; an empty last one says that the piece can be left out."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a model is given: the written prompt, and the same matter as values."""

    text: str
    """The written prompt without the lead-in; its stable part first."""
    question: Question
    schema: Schema
    links: Links
    attempts: tuple[Attempt, ...] = ()
    lead_in: str = "SELECT"
    parts: tuple[Part, ...] = ()
    """The same text in pieces, for a model that has less room or wants no examples."""
    mentions: Mentions = NOTHING_SAID
    """Everything that the question's words can speak of, as code finds it."""
    check: str = ""
    """Words that, put after the text, ask whether the tables can answer at all: yes or no."""


# ------------------------------------------------------------------------------------------------ the SQL
@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text as the model writes it."""

    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """SQL as a model wrote it, lead-in included. Unsafe until validated."""

    sql: str
    score: float
    """Chance that it is right, 0 to 1; the scores of one proposal sum to at most 1."""
    note: Bilingual | None = None
    """What the model took for granted, such as 'revenue is read as Sales Amount'."""
    mark: Mark | None = None
    """The chart the question asked for by name, if any."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question was read, as its SQL shows it; each line is a sentence for the receipt."""

    summary: Bilingual
    """One sentence, such as 'Sum of Sales by Region, for 2024, the 5 largest'."""
    measures: tuple[Bilingual, ...] = ()
    grouping: tuple[Bilingual, ...] = ()
    filters: tuple[Bilingual, ...] = ()
    period: Bilingual | None = None
    ordering: Bilingual | None = None
    rows_scanned: int = 0
    rows_matched: int | None = None
    """Rows left after the filters; None where it was not counted."""
    missing_left_out: Mapping[str, int] = field(default_factory=dict)
    """Column -> rows not counted because its cell is missing."""
    joins: tuple[Bilingual, ...] = ()
    steps: tuple[Bilingual, ...] = ()
    """Whatever has no other place: conditions on groups, inner queries, set operations."""


@dataclass(frozen=True, slots=True)
class Caution:
    """A warning that can be proved from the SQL or the rows, such as a fan-out join or a partial last period."""

    kind: str
    message: Bilingual


# ------------------------------------------------------------------------------------------------ the answer
@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A chart in the grammar of graphics: a mark and the columns its encodings read."""

    mark: Mark
    x: str | None = None
    y: tuple[str, ...] = ()
    color: str | None = None
    title: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    """Column -> unit, such as {'Sales': '$'}."""
    ordered: bool = False
    """True if the query put the rows in order; the chart keeps it, else it sorts categories by size."""


NO_VALUE = "␀"
"""The label, in facts, of the rows whose cell is missing; the commentary has words for it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One computed finding; its numbers are all that a sentence about it may hold."""

    kind: str
    """level, change, extreme_high, extreme_low, share, trend, outlier, spread, count, empty, ..."""
    numbers: Mapping[str, float]
    labels: Mapping[str, str] = field(default_factory=dict)
    """Names the sentence may use: column, category, period."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What statistics found in a result, most telling first."""

    findings: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the person can click: a label, and the question or SQL it stands for."""

    label: str
    question: str
    sql: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a question cost at a model server: calls, tokens and seconds, which add up over the calls of a question."""

    calls: int = 0
    retries: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    """Of the prompt's tokens those that the server had from before, where it tells."""
    completion_tokens: int = 0
    waited_seconds: float = 0.0
    """In our own queue, before a call could start."""
    first_token_seconds: float = 0.0
    """From the start of a call to its first token, summed over calls."""
    seconds: float = 0.0
    """From the start of a call to its end, summed over calls; calls that run side by side count twice."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, {self.prompt_tokens} prompt tokens ({self.cached_tokens} from the cache), "
            f"{self.completion_tokens} written, {self.seconds:.2f} s"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, chart, words, and how it all came about."""

    question: Question
    query: Query
    result: ResultSet
    chart: ChartSpec
    facts: Facts
    commentary: str
    reading: Reading
    cautions: tuple[Caution, ...] = ()
    confidence: float = 0.0
    """Chance that the answer is the one meant, 0 to 1."""
    alternatives: tuple[Choice, ...] = ()
    """Other readings whose rows differ."""
    attempts: tuple[Attempt, ...] = ()
    model: str = ""
    notes: tuple[Bilingual, ...] = ()
    seconds: float = 0.0
    usage: Usage = Usage()
    """All zero where no server was asked."""


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question back to the person, with the readings to choose from."""

    message: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The data cannot answer this, or it is no question about the data; said why, and what could be asked."""

    message: str
    suggestions: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """It should have worked and did not; says what was tried."""

    message: str
    attempts: tuple[Attempt, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Others are before the question; said again whenever its number changes."""

    number: int
    """In the queue, 1 for the next."""


Reply = Answer | Clarification | Refusal | Failure
Step = (
    Question
    | Waiting
    | Links
    | Prompt
    | Token
    | Candidate
    | Query
    | ResultSet
    | ChartSpec
    | Facts
    | Answer
    | Clarification
    | Refusal
    | Failure
)
"""What ask() yields, in this order; the last is a Reply."""
