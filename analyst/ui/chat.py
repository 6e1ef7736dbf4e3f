"""The page on which a person asks: what was said so far, the question on its way, and the field for the next."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.widgets.chat import ChatInputValue

from analyst.store import StoredMessage
from analyst.suggestions import suggest
from analyst.terms import Reply, Schema
from analyst.ui import asking, words
from analyst.ui.adding import begin_adding, forget_report, keep_upload, show_adding
from analyst.ui.answer import ASSISTANT, show_answered, show_choices, show_message, show_question
from analyst.ui.asking import Asked
from analyst.ui.boundary import calmly
from analyst.ui.conversations import show_conversations
from analyst.ui.errand import ending_with_the_page
from analyst.ui.look import scroll_to_question
from analyst.ui.markdown import escape
from analyst.ui.modelstate import show_model
from analyst.ui.person import home, language, paragraph, rows_words, say, schema_of
from analyst.ui.stages import Board
from analyst.ui.turns import in_turn
from connectors.errors import QueryCancelled
from connectors.files import Source

SHOWN_AT_ONCE = 8  # answers drawn before "earlier" is clicked: each chart costs the browser time
TABLES_NAMED = 4
FILE_MB = 200  # larger files go to the Data page, which streams them
FILE_TYPES = ["csv", "tsv", "txt", "json", "ndjson", "jsonl", "parquet", "xlsx", "xls", "zip", "gz", "duckdb", "db", "sqlite"]


def chat_page() -> None:
    """The whole page, the field at its foot first: what was typed there is on its way before anything is drawn."""
    given = st.chat_input(
        say(words.ASK),
        key="ask",
        submit_mode="disable",
        accept_file="multiple",
        file_type=FILE_TYPES,
        max_upload_size=FILE_MB,
        max_chars=asking.LONGEST,
    )
    with calmly():
        take(given)
    with in_turn():
        with calmly(), st.container():
            show_adding()
            asking.begin(st.session_state.pop("asked-with-files", ""))
        with calmly():
            show_conversations()
            show_model()
            show_conversation(asking.current_conversation())


def take(given: ChatInputValue | None) -> None:
    """Begin what was asked; files that came along are read first. The field itself drops them from memory as it hands them over."""
    if not given:
        return
    forget_report()
    if given.files:
        begin_adding([Source(keep_upload(file.name, file)) for file in given.files])
        st.session_state["asked-with-files"] = given.text
    else:
        asking.begin(given.text)


def show_conversation(conversation: int | None) -> None:
    """Messages, then the question on its way; the welcome where there is neither."""
    on_its_way = asking.asked()
    following = on_its_way if on_its_way and on_its_way.conversation == conversation else None
    messages = home().store.messages(conversation) if conversation else ()
    if following:
        messages = tuple(message for message in messages if message.id <= following.after)
    # All three are made before the question is followed, so that what stood there before is gone at once. Each is filled once
    # a run: what is put in the place of something else in the same run leaves the rest of it standing.
    talk, stages, beneath = st.container(), st.empty(), st.empty()
    with talk:
        show_messages(messages)
        if following:
            follow(following, stages)
    stopped = asking.stopped_question()
    if stopped and stopped.conversation == conversation:
        show_stopped(stopped, talk, beneath, asked_above=following is not None)
    elif not messages and not following:
        with beneath.container():
            show_welcome()


def show_messages(messages: tuple[StoredMessage, ...]) -> None:
    """The newest messages, and the earlier ones on demand."""
    # In steps, so that the messages do not change places with every new one.
    hidden = max(0, len(messages) - SHOWN_AT_ONCE) // SHOWN_AT_ONCE * SHOWN_AT_ONCE
    before = st.empty()
    if hidden and not st.session_state.get("all-messages"):
        before.button(f"{say(words.EARLIER)} ({hidden})", key="earlier", type="tertiary", on_click=show_all)
        messages = messages[hidden:]
    for message in messages:
        with st.container():
            show_message(message)


def show_all() -> None:
    """Hide no message of this session's conversations from now on."""
    st.session_state["all-messages"] = True


def follow(question: Asked, stages: DeltaGenerator) -> None:
    """Stage after stage until the reply, which then stands where the next run draws it, so that nothing jumps."""
    turn = st.container()
    with turn:
        show_question(question.text, "new")
    with stages.container(), st.chat_message("assistant", avatar=ASSISTANT):
        board = Board()
        st.button(say(words.STOP), icon=":material/stop_circle:", key="stop", on_click=question.errand.cancel, shortcut="Esc")
        stopped = not watch(question, board)
    asking.end(stopped)
    kept = [message for message in home().store.messages(question.conversation) if message.id > question.after]
    for message in kept[-1:]:
        with turn:
            show_answered(message)
        scroll_to_question(message.id)
    stages.empty()


def watch(question: Asked, board: Board) -> bool:
    """Show each step; True once there is a reply, False where the question was stopped."""
    with ending_with_the_page(question.errand, asking.end):
        try:
            for step in question.errand.steps():
                if step is not None:
                    board.show(step)
                board.tick(question.errand.seconds)
        except QueryCancelled:
            return False
    return isinstance(question.errand.last, Reply)


def show_stopped(question: Asked, talk: DeltaGenerator, beneath: DeltaGenerator, asked_above: bool) -> None:
    """The question that was stopped, ready to be asked again."""
    if not asked_above:
        with talk:
            show_question(question.text, "stopped")
    with beneath.container(), st.chat_message("assistant", avatar=ASSISTANT):
        st.info(say(words.STOPPED), icon=":material/stop_circle:")
        st.button(say(words.ASK_AGAIN), key="again-stopped", on_click=asking.begin, args=(question.text,))


def show_welcome() -> None:
    """What can be asked, for a person who has not asked yet."""
    data = home().workspace.data
    st.title(say(words.WELCOME), anchor=False)
    if data is None or not data.names.tables:
        st.markdown(paragraph(words.NO_DATA, words.NO_DATA_HINT))
        if st.button(say(words.ADD_DATA), icon=":material/add:", type="primary", key="add-data"):
            st.switch_page(st.session_state["data-page"])
        return
    schema = schema_of(data)
    st.markdown(f"{say(words.WELCOME_TABLES, tables=tables_named(schema))} {say(words.WELCOME_ANSWERS)}")
    st.caption(say(words.TRY))
    show_choices(suggest(schema, language()), "first")


def tables_named(schema: Schema) -> str:
    """The tables with their rows, the first few by name."""
    named = [say(words.TABLE_WITH_ROWS, table=f"**{escape(table.name)}**", rows=rows_words(table.rows)) for table in schema.tables]
    more = len(named) - TABLES_NAMED
    shown = named[:TABLES_NAMED] + ([say(words.AND_MORE, count=more)] if more > 0 else [])
    return say(words.AND).join(shown)
