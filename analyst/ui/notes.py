"""What the person should be told of the state in which their data was found, until they have read it."""

from __future__ import annotations

import streamlit as st

from analyst.ui import words
from analyst.ui.markdown import escape
from analyst.ui.person import home, language, say


def show_notes() -> None:
    """Each note as a warning, above whatever page is open."""
    notes = home().workspace.notes
    for note in notes:
        message, hint = (escape(text.in_language(language())) for text in (note.message, note.hint))
        st.warning(f"**{message}**" + (f"\n\n{hint}" if hint else ""), icon=":material/healing:")
    if notes:
        st.button(say(words.UNDERSTOOD), on_click=forget_notes, key="notes-read", icon=":material/check:")


def forget_notes() -> None:
    """They have been read."""
    home().workspace.notes = ()
