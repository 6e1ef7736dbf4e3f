"""What a question says, looked at once for all its plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyst.models.builtin.draft import Draft
from analyst.models.builtin.mentions import Mention
from analyst.models.builtin.plan import Field
from analyst.models.builtin.variants import head_places

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
        self.named_places = [at for at, mention in enumerate(draft.mentions) if mention.kind == "column"]
        self.after_figures = list(self._after_figures())

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

    def _after_figures(self) -> Iterator[tuple[str, Named]]:
        """Words for figures, each with the name that follows it."""
        for at, mention in enumerate(self.draft.mentions):
            word = "" if mention.kind in ("column", "value", "table") else "count" if mention.asks("count") else mention.asks("agg")
            if not word:
                continue
            here = at + 1
            while here < len(self.draft.mentions) and self.draft.mentions[here].text.lower() in (*SMALL, "of", "number"):
                here += 1
            following = self.draft.mentions[here] if here < len(self.draft.mentions) else mention
            if following.columns and following.kind in ("column", "table"):
                yield word, self._named(here, following)

    def places(self, field: Field) -> list[int]:
        """Where the question names a column."""
        mentions = self.draft.mentions
        here = (field.table, field.column)
        return [at for at in self.named_places if any((match.table, match.column) == here for match in mentions[at].columns)]

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
