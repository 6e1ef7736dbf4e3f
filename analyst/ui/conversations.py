"""The conversations in the side bar: new, switch, rename, delete."""

from __future__ import annotations

import streamlit as st

from analyst.store import Conversation
from analyst.ui import words
from analyst.ui.asking import current_conversation, open_conversation
from analyst.ui.markdown import escape
from analyst.ui.person import home, say

SHOWN = 30  # more than a person looks through; older ones are found by their address


def show_conversations() -> None:
    """The list, the open one marked."""
    here = current_conversation()
    with st.sidebar:
        st.button(
            say(words.NEW_CONVERSATION),
            icon=":material/add:",
            width="stretch",
            on_click=open_conversation,
            args=(None,),
            key="new-conversation",
        )
        st.caption(say(words.CONVERSATIONS))
        kept = home().store.conversations()
        if not kept:
            st.caption(say(words.NO_CONVERSATIONS))
        with st.container(gap="xxsmall"):
            for conversation in kept[:SHOWN]:
                show_line(conversation, conversation.id == here)


def show_line(conversation: Conversation, here: bool) -> None:
    """One conversation: its title to open it, and for the open one a menu beside it."""
    if not here:
        show_title(conversation, here)
        return
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", wrap=False):
        show_title(conversation, here)
        with st.popover("", icon=":material/more_horiz:", type="tertiary", help=say(words.MORE), key=f"menu-{conversation.id}"):
            show_menu(conversation)


def show_title(conversation: Conversation, here: bool) -> None:
    """The button that opens a conversation."""
    st.button(
        escape(conversation.title),
        key=f"open-{conversation.id}",
        type="secondary" if here else "tertiary",
        width="stretch" if here else "content",
        on_click=open_conversation,
        args=(conversation.id,),
        wrap=False,
    )


def show_menu(conversation: Conversation) -> None:
    """Rename and delete."""
    key = f"title-{conversation.id}"
    st.text_input(say(words.NAME), value=conversation.title, key=key, max_chars=120)
    st.button(say(words.RENAME), key=f"rename-{conversation.id}", on_click=rename, args=(conversation.id, key))
    st.divider()
    st.caption(say(words.DELETE_CONVERSATION))
    st.button(say(words.DELETE), key=f"delete-{conversation.id}", icon=":material/delete:", on_click=delete, args=(conversation.id,))


def rename(conversation: int, key: str) -> None:
    """Take the title from the field; an empty one changes nothing."""
    title = str(st.session_state[key]).strip()
    if title:
        home().store.rename_conversation(conversation, title)


def delete(conversation: int) -> None:
    """Remove the conversation and go to a new one."""
    home().store.delete_conversation(conversation)
    open_conversation(None)
