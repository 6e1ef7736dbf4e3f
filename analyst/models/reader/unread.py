"""What a question says that its reading leaves out: a name, a number or a period that nothing in the plan accounts for."""

from __future__ import annotations

from collections.abc import Iterator

from analyst.mentions import Mention, Mentions, NumberMention, PeriodMention, TextMention
from analyst.plan.algebra import Days, Literal, Operation, Plan, Select, Term, walk
from analyst.plan.grammar import PATTERNS

SMALL = 3
"""Numbers up to it are said for other things too: one, both, a second."""
SURELY = 0.8
"""Score from which on words that are a cell count as found."""


def unread(mentions: Mentions, plan: Plan) -> tuple[Mention, ...]:
    """Texts that no cell is called and the plan looks for in none; numbers and periods that it does not hold and that belong to no cell."""
    held = {_plain(part.value) for part in walk(plan) if isinstance(part, Literal)}
    held |= {_plain(part.limit) for part in walk(plan) if isinstance(part, Select) and part.limit is not None}
    timed = any(isinstance(part, Days) or (isinstance(part, Operation) and part.name in TIMED) for part in walk(plan))
    sought = {text for part in walk(plan) for text in _sought(part)}
    return tuple(_left(mentions, held, sought, timed))


def _sought(term: Term) -> Iterator[str]:
    """The text that a term looks for inside others."""
    if isinstance(term, Operation) and term.name in PATTERNS and isinstance(term.arguments[1], Literal):
        yield _plain(term.arguments[1].value)


TIMED = frozenset(("during", "latest", "earliest", "growth", "growth_year", "change", "month_of_year", "weekday", "hour_of_day"))


def _left(mentions: Mentions, held: set[str], sought: set[str], timed: bool) -> Iterator[Mention]:
    taken = [(one.start, one.end) for one in (*(cell for cell in mentions.cells if cell.score >= SURELY), *_whole_headers(mentions))]
    dated = [(period.start, period.end) for period in mentions.periods]
    for text in mentions.texts:
        meant = text.how in ("quoted", "title", "name") and not _inside(text, [*taken, *dated])
        if meant and _plain(text.text) not in sought:  # no cell is called so: an equal would find nothing
            yield text
    for number in mentions.numbers:
        if number.value > SMALL and _plain(number.value) not in held and not _inside(number, [*taken, *dated]):
            yield number
    if not timed:
        years = {value for value in held if value.isdigit() and len(value) == 4}
        yield from (period for period in mentions.periods if not _inside(period, taken) and not years)


def _whole_headers(mentions: Mentions) -> Iterator[Mention]:
    yield from (header for header in mentions.headers if header.how in ("whole", "stem"))


def _inside(mention: TextMention | NumberMention | PeriodMention, spans: list[tuple[int, int]]) -> bool:
    """Whether words that mean something else hold these."""
    return any(start <= mention.start and mention.end <= end for start, end in spans)


def _plain(value: object) -> str:
    """A value as it is compared: letters without case, figures without a needless fraction."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().casefold()
