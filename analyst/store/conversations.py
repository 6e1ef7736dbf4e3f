"""Conversations, their messages, and what the person said and changed about each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from analyst.language import language_of
from analyst.store.database import Shelf, now
from analyst.store.packing import Unreadable, kind_of, pack, pack_reply, unpack, unpack_reply
from analyst.store.values import Conversation, Feedback, StoredMessage
from analyst.terms import Answer, Bilingual, ChartSpec, Failure, Question, Reply, Turn

CONVERSATION = Bilingual("This conversation", "这个对话")
MESSAGE = Bilingual("This answer", "这个回答")
UNREADABLE = Bilingual(
    "This stored answer can no longer be read. Ask the question again to get a fresh one.",
    "这个已保存的回答无法再读取。请重新提问以获得新的回答。",
)


class Conversations(Shelf):
    """The shelf of the store that holds what was asked and replied."""

    def add_conversation(self, title: str) -> int:
        """Begin one; gives its id."""
        moment = now()
        return self.database.write("INSERT INTO conversations (title, created, updated) VALUES (?, ?, ?)", storable(title), moment, moment)

    def conversations(self) -> tuple[Conversation, ...]:
        """All of them, the one last spoken in first."""
        rows = self.database.rows("SELECT id, title, created, updated FROM conversations ORDER BY updated DESC, id DESC")
        return tuple(as_conversation(row) for row in rows)

    def conversation(self, conversation: int) -> Conversation | None:
        """One of them; None if it was deleted."""
        row = self.database.row("SELECT id, title, created, updated FROM conversations WHERE id = ?", conversation)
        return as_conversation(row) if row else None

    def rename_conversation(self, conversation: int, title: str) -> None:
        """Give it another title; it keeps its place in the list."""
        self.database.change(CONVERSATION, "UPDATE conversations SET title = ? WHERE id = ?", storable(title), conversation)

    def delete_conversation(self, conversation: int) -> None:
        """Remove it with all its messages and their rows; tiles pinned from it stay."""
        self.database.write("DELETE FROM conversations WHERE id = ?", conversation)

    def save_reply(self, conversation: int, question: Question, reply: Reply, data_version: str = "") -> int:
        """Keep a question and its reply at the end of a conversation; gives the message's id."""
        text, result = pack_reply(reply)
        moment = now()
        with self.database.transaction() as connection:
            connection.execute("UPDATE conversations SET updated = ? WHERE id = ?", (moment, conversation))
            added = connection.execute(
                "INSERT INTO messages (conversation, words, question, kind, reply, result, data_version, created) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (conversation, storable(question.text), pack(question), kind_of(reply), text, result, data_version, moment),
            )
            return added.lastrowid or 0

    def replace_reply(self, message: int, reply: Reply, data_version: str = "") -> None:
        """Put a new reply in the place of the old one, as after its SQL was edited; chart and feedback of the old one go with it."""
        text, result = pack_reply(reply)
        self.database.change(
            MESSAGE,
            "UPDATE messages SET kind = ?, reply = ?, result = ?, data_version = ?, chart = NULL, thumb = NULL, reason = '' WHERE id = ?",
            kind_of(reply), text, result, data_version, message,
        )  # fmt: skip

    def delete_message(self, message: int) -> None:
        """Remove one message with its rows."""
        self.database.write("DELETE FROM messages WHERE id = ?", message)

    def messages(self, conversation: int) -> tuple[StoredMessage, ...]:
        """All of a conversation, oldest first."""
        rows = self.database.rows("SELECT * FROM messages WHERE conversation = ? ORDER BY id", conversation)
        return tuple(as_message(row) for row in rows)

    def message(self, message: int) -> StoredMessage | None:
        """One of them; None if it was deleted."""
        row = self.database.row("SELECT * FROM messages WHERE id = ?", message)
        return as_message(row) if row else None

    def set_chart(self, message: int, chart: ChartSpec | None) -> None:
        """Keep the chart that the person made of a reply; None goes back to the reply's own."""
        self.database.change(MESSAGE, "UPDATE messages SET chart = ? WHERE id = ?", pack(chart) if chart else None, message)

    def set_feedback(self, message: int, feedback: Feedback | None) -> None:
        """Keep what the person thought of a reply; None takes it back."""
        thumb, reason = (feedback.thumb, storable(feedback.reason)) if feedback else (None, "")
        self.database.change(MESSAGE, "UPDATE messages SET thumb = ?, reason = ? WHERE id = ?", thumb, reason, message)

    def messages_with_feedback(self) -> tuple[StoredMessage, ...]:
        """Every message that got a thumb, newest first, whatever its conversation."""
        return tuple(as_message(row) for row in self.database.rows("SELECT * FROM messages WHERE thumb IS NOT NULL ORDER BY id DESC"))


def turns(messages: Iterable[StoredMessage]) -> tuple[Turn, ...]:
    """What a follow-up question needs to know of the conversation: each question that was answered, and its SQL."""
    return tuple(Turn(message.question.text, message.reply.query.sql) for message in messages if isinstance(message.reply, Answer))


def storable(text: str) -> str:
    """Text that SQLite takes: half characters, which a paste can leave behind, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def as_conversation(row: sqlite3.Row) -> Conversation:
    """A row as a value."""
    return Conversation(row["id"], row["title"], datetime.fromisoformat(row["created"]), datetime.fromisoformat(row["updated"]))


def as_message(row: sqlite3.Row) -> StoredMessage:
    """A row as a value; what cannot be read any more says so in the place of the reply."""
    question = question_of(row)
    try:
        reply = unpack_reply(row["kind"], row["reply"], row["result"])
    except Unreadable:
        reply = Failure(UNREADABLE.in_language(question.language))
    return StoredMessage(
        id=row["id"],
        conversation=row["conversation"],
        question=question,
        reply=reply,
        data_version=row["data_version"],
        created=datetime.fromisoformat(row["created"]),
        chart=chart_of(row["chart"]),
        feedback=Feedback(row["thumb"], row["reason"]) if row["thumb"] else None,
    )


def question_of(row: sqlite3.Row) -> Question:
    """The question as it was asked, or at least its words."""
    try:
        return unpack(Question, row["question"])
    except Unreadable:
        return Question(row["words"], language_of(row["words"]))


def chart_of(stored: str | None) -> ChartSpec | None:
    """The person's chart; None where there is none or it is of a kind that this version cannot draw."""
    try:
        return unpack(ChartSpec, stored) if stored else None
    except Unreadable:
        return None
