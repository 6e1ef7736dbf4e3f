"""How a question was read, line by line, so that a misreading is seen."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from analyst.terms import Answer, Bilingual
from analyst.ui import words
from analyst.ui.lines import show_lines
from analyst.ui.markdown import escape
from analyst.ui.person import language, rows_words, say


def show_receipt(answer: Answer, key: str) -> None:
    """Two columns: what, and how it was taken."""
    st.markdown(f"**{escape(answer.reading.summary.in_language(language()))}**")
    show_lines(((say(name), told) for name, told in receipt_lines(answer)), key)


def receipt_lines(answer: Answer) -> Iterator[tuple[Bilingual, str]]:
    """Each line of the receipt: its name and its words."""
    reading = answer.reading
    yield words.MEASURES, listed(reading.measures) or say(words.NONE)
    if reading.grouping:
        yield words.GROUPING, listed(reading.grouping)
    yield words.FILTERS, listed(reading.filters) or say(words.ALL_ROWS)
    if reading.period:
        yield words.PERIOD, listed((reading.period,))
    if reading.ordering:
        yield words.ORDERING, listed((reading.ordering,))
    yield words.SCANNED, f"{reading.rows_scanned:,}"
    if reading.rows_matched is not None:
        yield words.MATCHED, f"{reading.rows_matched:,}"
    yield words.MISSING, missing(answer) or say(words.NONE)
    if answer.notes:
        yield words.NOTES, listed(answer.notes)
    if answer.model != "person":
        yield words.CONFIDENCE, f"{answer.confidence:.0%}"
    yield words.MODEL, escape(model_words(answer.model))
    yield words.TIME, say(words.SECONDS, seconds=f"{answer.seconds:.2f}")
    if answer.usage.calls:
        yield (
            words.COST,
            say(words.COST_OF, calls=answer.usage.calls, read=answer.usage.prompt_tokens, written=answer.usage.completion_tokens),
        )
    if answer.attempts:
        yield words.TRIES, str(len(answer.attempts))


def listed(sentences: tuple[Bilingual, ...]) -> str:
    """Sentences in the person's language, one a line within a cell."""
    return "<br>".join(escape(sentence.in_language(language())) for sentence in sentences).replace("<br>", " · ")


def missing(answer: Answer) -> str:
    """Column by column, the rows not counted because the cell is missing."""
    counts = answer.reading.missing_left_out.items()
    return " · ".join(say(words.MISSING_IN, column=escape(column), rows=rows_words(rows)) for column, rows in counts if rows)


def model_words(model: str) -> str:
    """The model's name as a person would say it."""
    return {"person": say(words.BY_PERSON), "builtin": say(words.MODEL_BUILTIN)}.get(model, model)
