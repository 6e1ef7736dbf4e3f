"""Texts as the model writes them, and the candidates they make: the share that wrote the same statement is its score."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analyst.models.completion import statement
from analyst.models.endpoints import Piece
from analyst.terms import Candidate

UNANSWERABLE = " AS unanswerable"
UNANSWERABLE_LEAD_IN = "SELECT '"
UNTOLD = 0.5  # the score of a lone text whose chance the server does not tell: nothing speaks for it, nothing against


@dataclass(slots=True)
class Draft:
    """A text while it is written."""

    text: str = ""
    logprob: float | None = 0.0
    finished: str = ""

    def add(self, piece: Piece) -> None:
        """Put a piece at its end."""
        self.text += piece.text
        self.finished = piece.finished or self.finished
        if piece.text or piece.logprob is not None:
            self.logprob = None if self.logprob is None or piece.logprob is None else self.logprob + piece.logprob

    @property
    def chance(self) -> float:
        """Of the text so far, 0 to 1; 0 where the server tells none."""
        return 0.0 if self.logprob is None else math.exp(self.logprob)


def candidates(drafts: Sequence[Draft], lead_in: str) -> list[Candidate]:
    """The distinct statements, most votes first, the greedy one first among equals.

    Texts that were cut off count only if there are no others. A lone first text is scored by its own chance. Refusals in different
    words are one vote, kept only where it wins: as the reading of a minority it would keep a good answer from the person.
    """
    whole = [draft for draft in drafts if draft.finished != "length"] or list(drafts)
    statements = [normal_form(statement(draft.text, lead_in), lead_in) for draft in whole]
    votes = Counter(UNANSWERABLE if is_refusal(sql) else sql for sql in statements)
    worded = next((sql for sql in statements if is_refusal(sql)), "")
    share = (drafts[0].chance or UNTOLD) if len(drafts) == 1 else 1 / len(drafts)
    ranked = [(worded if sql == UNANSWERABLE else sql, count) for sql, count in votes.most_common()]
    return [
        Candidate(sql, count * share) for place, (sql, count) in enumerate(ranked) if sql != lead_in and (place == 0 or not is_refusal(sql))
    ]


def normal_form(sql: str, lead_in: str) -> str:
    """On one line; a reason for which there is no answer is closed as the reserved form has it."""
    line = " ".join(sql.split()) if "'" not in sql and '"' not in sql and "--" not in sql else sql.strip()
    if lead_in != UNANSWERABLE_LEAD_IN or is_refusal(line):
        return line
    reason = line.removeprefix(UNANSWERABLE_LEAD_IN).split("'")[0].strip()
    return f"{UNANSWERABLE_LEAD_IN}{reason}'{UNANSWERABLE}"


def is_refusal(sql: str) -> bool:
    """Whether it is the reserved form."""
    return sql.casefold().endswith(UNANSWERABLE.casefold())
