"""What a question that may lean on the one before says by itself."""

from __future__ import annotations

from dataclasses import dataclass

from analyst.models.builtin.compose import understand
from analyst.models.builtin.cues import cues, leaning_places
from analyst.models.builtin.draft import Draft
from analyst.models.builtin.plan import Combined, Condition, Expression, Field, Grain, Measure, Output, Plan, Test, fields
from analyst.models.builtin.reparse import Previous
from analyst.terms import ColumnMatch, Links, ValueMatch

FAR = 0.72  # what is left of a match with a column that the earlier query's tables do not hold
NAMES = ("column", "table", "value", "money", "worth", "basket", "margin")
DIFFERENT = ("distinct", "different", "unique", "不同", "去重", "不重复")


@dataclass(slots=True)
class Asked:
    """The parts of a question, as far as it names them."""

    draft: Draft
    plan: Plan
    leans: set[str]
    """Kinds of words with which it leans on the question before."""

    @property
    def tests(self) -> list[Test]:
        """Its tests on rows."""
        return [*self.draft.value_tests, *self.draft.period_tests, *self.draft.where]

    @property
    def counts(self) -> bool:
        """Whether it asks for a number of rows."""
        return any(mention.asks("count") and mention.kind not in ("column", "value") for mention in self.draft.mentions)

    @property
    def aggregate(self) -> str:
        """An aggregate said without what it is of; empty if there is none."""
        if any(mention.kind in ("money", "basket", "worth", "margin") for mention in self.draft.mentions) or self.named_numbers:
            return ""
        return next(
            (
                mention.asks("agg") or ""
                for mention in self.draft.mentions
                if mention.asks("agg") and mention.kind not in ("column", "value")
            ),
            "",
        )

    @property
    def named(self) -> list[Field]:
        """Columns that it names, in the order in which they stand."""
        found: list[Field] = []
        for mention in self.draft.mentions:
            if mention.kind == "column":
                best = max((match.score for match in mention.columns if match.column), default=0.0)
                found += [Field(match.table, match.column) for match in mention.columns if match.column and match.score >= best - 0.12]
        return found

    @property
    def named_numbers(self) -> list[Field]:
        """Columns of numbers that it names."""
        return [field for field in self.named if self.draft.catalog.is_measure(field)]

    @property
    def shown(self) -> list[Expression]:
        """Columns that it wants to see."""
        named = set(self.named)
        return [
            item
            for item in self.plan.select
            if isinstance(item, Field | Grain) and next(fields(item)) in named and item not in self.draft.group
        ]

    @property
    def measures(self) -> list[Output]:
        """Figures of columns that it names, or of money."""
        spoken = bool(self.named) or any(mention.kind in ("money", "basket", "worth", "margin") for mention in self.draft.mentions)
        return (
            [
                item
                for item in self.plan.select
                if isinstance(item, Measure | Combined) and not (isinstance(item, Measure) and item.of is None)
            ]
            if spoken
            else []
        )

    @property
    def computes(self) -> bool:
        """Whether it says that something is to be computed."""
        return (
            self.asks("agg")
            or self.asks("howmuch")
            or any(mention.kind in ("money", "basket", "worth", "margin") for mention in self.draft.mentions)
        )

    def wanted(self, previous: Previous) -> list[Expression]:
        """Columns that it wants to see; numbers too, where rows were listed and nothing says that they are to be added up."""
        if self.computes or (previous.aggregated and not previous.bare):
            return self.shown
        outputs = [item.of if isinstance(item, Measure) and isinstance(item.of, Field) else item for item in self.plan.select]
        return [
            item
            for item in outputs
            if isinstance(item, Field | Grain) and next(fields(item)) in set(self.named) and item not in self.draft.group
        ]

    @property
    def tables(self) -> list[str]:
        """Tables that it names."""
        found = [
            mention.columns[0].table
            for mention in self.draft.mentions
            if mention.kind == "table" and mention.columns and not mention.columns[0].column
        ]
        return list(dict.fromkeys(found))

    @property
    def words(self) -> int:
        """How many of its words name something in the data."""
        return sum(mention.kind in NAMES for mention in self.draft.mentions)

    @property
    def different(self) -> bool:
        """Whether it asks for different values."""
        return any(mention.text.lower() in DIFFERENT for mention in self.draft.mentions)

    def asks(self, kind: str) -> bool:
        """Whether a request of that kind was made."""
        return any(mention.asks(kind) and mention.kind not in ("column", "value", "table") for mention in self.draft.mentions)


def ask_again(draft: Draft) -> Asked:
    """Read a question for what it says by itself; words that only lean on the question before are no cells."""
    places = leaning_places(draft.text)
    draft.use(
        *(
            at
            for at, mention in enumerate(draft.mentions)
            if mention.kind in ("value", "column") and set(range(mention.start, mention.end)) <= places
        )
    )
    return Asked(draft, understand(draft), cues(draft.text))


def focused(links: Links, previous: Previous) -> Links:
    """The links with what the earlier query's tables do not hold made less likely."""
    near = set(previous.tables)
    columns = [
        match if match.table in near else ColumnMatch(match.words, match.start, match.table, match.column, round(match.score * FAR, 3))
        for match in links.columns
    ]
    values = [
        match
        if match.table in near
        else ValueMatch(match.words, match.start, match.table, match.column, match.value, round(match.score * FAR, 3))
        for match in links.values
    ]
    return Links(
        tuple(sorted(columns, key=lambda match: (-match.score, match.start))),
        tuple(sorted(values, key=lambda match: (-match.score, match.start))),
    )


def tested(test: Test) -> Field | None:
    """The column of a test; None if there is none or several."""
    found = set(fields(test.left)) if isinstance(test, Condition) else set(fields(test))
    return next(iter(found)) if len(found) == 1 else None
