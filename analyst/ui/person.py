"""Who looks at the page: their language and theme, and what is theirs."""

from __future__ import annotations

import streamlit as st

from analyst.home import Home
from analyst.models import LanguageModel
from analyst.models.choice import model_for
from analyst.settings import settings
from analyst.terms import Bilingual, Language
from analyst.ui import words

LANGUAGES: dict[Language, str] = {"en": "English", "zh": "中文"}


def language() -> Language:
    """The interface language: chosen, else kept from before, else the browser's."""
    chosen = st.session_state.get("language") or home().store.setting("language")
    if chosen in LANGUAGES:
        return "zh" if chosen == "zh" else "en"
    return "zh" if (st.context.locale or "").casefold().startswith("zh") else "en"


def say(text: Bilingual, **values: object) -> str:
    """Words of the page in the person's language, their blanks filled."""
    return text.in_language(language()).format(**values) if values else text.in_language(language())


def dark() -> bool:
    """Whether the page is dark, so that charts can be, too."""
    return st.context.theme.type == "dark"


@st.cache_resource(show_spinner=False, on_release=Home.close)
def home() -> Home:
    """The person's home, opened once a process."""
    return Home(settings().home)


@st.cache_resource(show_spinner=False)
def model() -> LanguageModel:
    """The model that answers."""
    return model_for(settings().model)


def counted(count: int, one: Bilingual, many: Bilingual) -> str:
    """A count with its noun: 1 row, 2 rows."""
    return say(one if count == 1 else many, count=f"{count:,}")


def rows_words(count: int) -> str:
    """Such as 1,204 rows."""
    return counted(count, words.ONE_ROW, words.MANY_ROWS)
