"""What outlives a session, in one SQLite file: conversations, dashboards, what the person said of the data, settings, the audit log.

database.py opens the file and keeps it whole; packing.py turns replies into JSON and Arrow bytes and back; values.py holds what is
given back; then one module a concern. A Store may be used from many threads, and its file from several processes.
"""

from __future__ import annotations

from pathlib import Path

from analyst.store.conversations import Conversations
from analyst.store.dashboards import Dashboards
from analyst.store.database import Database
from analyst.store.journal import Journal
from analyst.store.knowledge import Knowledge
from analyst.store.values import (
    AuditEntry,
    Conversation,
    Dashboard,
    DateFilter,
    Example,
    Feedback,
    Place,
    PromptVersion,
    StoredMessage,
    StoredSource,
    Tile,
)

__all__ = [
    "AuditEntry",
    "Conversation",
    "Dashboard",
    "DateFilter",
    "Example",
    "Feedback",
    "Place",
    "PromptVersion",
    "Store",
    "StoredMessage",
    "StoredSource",
    "Tile",
]


class Store(Conversations, Dashboards, Knowledge, Journal):
    """One file with all that outlives a session. Every method may raise StoreFailed; opening may raise StoreDamaged."""

    def __init__(self, path: Path) -> None:
        super().__init__(Database(path))

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.database.path

    def close(self) -> None:
        """Give the file back; a closed store cannot be used any more."""
        self.database.close()
