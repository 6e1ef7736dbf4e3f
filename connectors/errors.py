"""Every error that data or a query can end in.

AnalystError(message, hint)
├── ConnectionFailed                     a database could not be reached or opened
├── FileRejected                         a file could not be read as tables
├── Busy                                 others were before it all the time that it could wait
└── QueryFailed                          the database said no
    └── QueryUnfinished                  it was ended on its way, which says nothing of whether it was a right one
        ├── QueryTimeout                 it ran longer than the limit and was ended
        ├── QueryTooLarge                it needed more memory than the limit and was ended
        ├── QueryLost                    the database or its process broke off under it
        └── QueryCancelled               the person stopped it

The root stands here because connectors/ may not import analyst/; analyst/errors.py continues the tree.
"""

from __future__ import annotations

from connectors.wording import Bilingual, Language

NO_HINT = Bilingual("", "")


class AnalystError(Exception):
    """Something a person should be told: what happened, with the thing's name, then what to do."""

    def __init__(self, message: Bilingual, hint: Bilingual = NO_HINT) -> None:
        super().__init__(message.en)
        self.message = message
        self.hint = hint

    def in_language(self, language: Language) -> str:
        """Message and hint as one paragraph."""
        separator = "" if language == "zh" else " "
        return separator.join(filter(None, (self.message.in_language(language), self.hint.in_language(language))))


class ConnectionFailed(AnalystError):
    """A database could not be reached or opened."""


class FileRejected(AnalystError):
    """A file could not be read as tables."""


class QueryFailed(AnalystError):
    """The database refused or failed to run a query; the message holds its own words."""


class Busy(AnalystError):
    """Others were before it all the time that it could wait; nothing has run."""


class QueryUnfinished(QueryFailed):
    """A query was ended on its way: whoever wrote it may have been right, and another in its place would answer something else."""


class QueryTimeout(QueryUnfinished):
    """A query ran longer than its limit and was ended."""


class QueryTooLarge(QueryUnfinished):
    """A query needed more memory than its limit and was ended."""


class QueryLost(QueryUnfinished):
    """The database or its process broke off in the middle of a query."""


class QueryCancelled(QueryUnfinished):
    """The person stopped a query."""
