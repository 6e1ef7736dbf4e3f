"""The script that Streamlit runs for each click: language, navigation, and the page that is open."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from analyst.home import mend
from analyst.ui import words
from analyst.ui.boundary import calmly
from analyst.ui.chat import chat_page
from analyst.ui.dashboard import dashboard_page
from analyst.ui.data import data_page
from analyst.ui.look import dress
from analyst.ui.notes import show_notes
from analyst.ui.person import LANGUAGES, home, language, say

ART = Path(__file__).parent / "art"  # drawn here: an icon by name would be fetched from a server of its makers


def main() -> None:
    """Draw the open page."""
    st.set_page_config(page_title=words.PRODUCT.en, page_icon=str(ART / "icon.svg"), layout="wide", menu_items={"About": words.ABOUT.en})
    # Each by itself: whatever the state of the home, the pages and with them the way to add files stay within reach.
    with calmly():
        recall_language()
    with calmly():
        home().workspace.follow()
        mend(home().workspace, home().store)
    with calmly():
        dress()
        st.logo(str(ART / "logo.svg"), size="large", icon_image=str(ART / "icon.svg"))
        pages = [
            st.Page(chat_page, title=say(words.CHAT), icon=":material/forum:", url_path="chat", default=True),
            st.Page(data_page, title=say(words.DATA), icon=":material/table:", url_path="data"),
            st.Page(dashboard_page, title=say(words.DASHBOARD), icon=":material/dashboard:", url_path="dashboard"),
        ]
        st.session_state["chat-page"], st.session_state["data-page"] = pages[:2]
        page = st.navigation(pages)
        show_language()
        with calmly():
            show_notes()
        with calmly():
            page.run()


def recall_language() -> None:
    """The language that the person chose in an earlier session."""
    if "language" not in st.session_state:
        kept = home().store.setting("language")
        st.session_state["language"] = kept if kept in LANGUAGES else language()


def show_language() -> None:
    """The switch between languages, above the conversations so that it never scrolls away."""
    with st.sidebar:
        st.segmented_control(
            say(words.LANGUAGE),
            list(LANGUAGES),
            default=language(),
            format_func=lambda code: LANGUAGES[code],
            key="language-switch",
            required=True,
            on_change=keep_language,
            label_visibility="collapsed",
        )


def keep_language() -> None:
    """Remember the choice for the next session."""
    st.session_state["language"] = st.session_state["language-switch"]
    home().store.set_setting("language", st.session_state["language"])


main()
