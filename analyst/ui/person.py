"""Who looks at the page: their language and theme, and what is theirs."""

from __future__ import annotations

import atexit
import gc
from dataclasses import dataclass

import streamlit as st

from analyst.home import open_person
from analyst.models import LanguageModel
from analyst.models.choice import model_for
from analyst.settings import settings
from analyst.store import Store
from analyst.terms import Answer, Bilingual, Language, Question, Reply, Schema
from analyst.ui import words
from analyst.ui.rehearsal import prepare
from analyst.workspace import Data, Workspace

TICK = 0.1  # seconds between chances for a click
LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}


@dataclass(frozen=True, slots=True)
class Home:
    """What one person has: their tables, what outlives a session, and the model that answers."""

    workspace: Workspace
    store: Store
    model: LanguageModel

    @property
    def version(self) -> str:
        """Of the data, as the schema states it; empty where there is none."""
        return self.workspace.data.schema.version if self.workspace.data else ""

    def log(self, question: Question, reply: Reply) -> None:
        """Add a line to the audit log."""
        answer = reply if isinstance(reply, Answer) else None
        self.store.log(
            who="",
            question=question.text,
            sql=answer.query.sql if answer else "",
            rows=answer.result.table.num_rows if answer else 0,
            model=answer.model if answer else "",
            outcome=type(reply).__name__.casefold(),
        )


@st.cache_resource(show_spinner="Opening your data · 正在打开数据")
def home() -> Home:
    """The person's home, opened once a process; the first opening reads the sample tables."""
    workspace, store = open_person(settings().home)
    opened = Home(workspace, store, model_for(settings().model))
    prepare(opened.workspace)
    # After each run of the page Streamlit looks through all there is for garbage, all pages standing still for as long. Nearly all
    # of it lives as long as the process: left out of that, a look takes 3 ms instead of 150, half of what an answer costs.
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)
    return opened


def schema_of(data: Data) -> Schema:
    """What the tables hold; the page says so while it is being found out, and a click is not kept waiting. Raises as data.schema does."""
    place = st.empty()
    while not data.is_known(within=TICK):
        place.caption(say(words.COUNTING))
    place.empty()
    return data.schema


def language() -> Language:
    """The interface language: chosen, else kept from before, else the browser's."""
    chosen = st.session_state.get("language")
    if chosen in LANGUAGES:
        return "zh" if chosen == "zh" else "en"
    return "zh" if (st.context.locale or "").casefold().startswith("zh") else "en"


def say(text: Bilingual, **values: object) -> str:
    """Words of the page in the person's language, their blanks filled."""
    return text.in_language(language()).format(**values) if values else text.in_language(language())


def paragraph(*sentences: Bilingual) -> str:
    """Sentences one after another; Chinese needs no space between them."""
    return ("" if language() == "zh" else " ").join(say(sentence) for sentence in sentences)


def dark() -> bool:
    """Whether the page is dark, so that charts can be, too."""
    return st.context.theme.type == "dark"


def counted(count: int, one: Bilingual, many: Bilingual) -> str:
    """A count with its noun: 1 row, 2 rows."""
    return say(one if count == 1 else many, count=f"{count:,}")


def rows_words(count: int) -> str:
    """Such as 1,204 rows."""
    return counted(count, words.ONE_ROW, words.MANY_ROWS)
