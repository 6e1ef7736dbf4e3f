"""Every error that a question can end in; each message says what happened, each hint what to do.

AnalystError(message, hint)
├── ModelUnavailable                     the model server did not answer in time
├── SQLRefused                           the SQL may not run
│   ├── SQLSyntaxError                   it is no SQL
│   ├── UnsafeSQL                        it is not one plain SELECT over the person's tables
│   └── UnknownName                      it names a table or column that does not exist
├── QuestionTimeout                      all of a question together took longer than it may
├── Busy                                 connectors/errors.py: others were before it all the time that it could wait
├── QueryFailed                          connectors/errors.py: the database said no
│   └── QueryUnfinished                  ended on its way: QueryTimeout, QueryTooLarge, QueryLost, QueryCancelled
├── StoreFailed                          what outlives a session could not be read or written
│   └── StoreDamaged                     its file is no longer a whole one; it is left as it is
│       └── StoreForeign                 it is another program's, or of a newer version
└── ConnectionFailed, FileRejected       connectors/errors.py: met when data is added
"""

from __future__ import annotations

from connectors.errors import (
    AnalystError,
    Busy,
    ConnectionFailed,
    FileRejected,
    QueryCancelled,
    QueryFailed,
    QueryLost,
    QueryTimeout,
    QueryTooLarge,
    QueryUnfinished,
)

__all__ = [
    "AnalystError",
    "Busy",
    "ConnectionFailed",
    "FileRejected",
    "ModelUnavailable",
    "QueryCancelled",
    "QueryFailed",
    "QueryLost",
    "QueryTimeout",
    "QueryTooLarge",
    "QueryUnfinished",
    "QuestionTimeout",
    "SQLRefused",
    "SQLSyntaxError",
    "StoreDamaged",
    "StoreFailed",
    "StoreForeign",
    "UnknownName",
    "UnsafeSQL",
]


class ModelUnavailable(AnalystError):
    """The model server did not answer in time, or said that it cannot."""


class QuestionTimeout(AnalystError):
    """All of a question together, its model and its queries, took longer than it may."""


class SQLRefused(AnalystError):
    """The SQL may not run."""


class SQLSyntaxError(SQLRefused):
    """The text could not be parsed as SQL."""


class UnsafeSQL(SQLRefused):
    """The SQL is not one plain SELECT over the person's own tables with allowed functions."""


class UnknownName(SQLRefused):
    """The SQL names a table or a column that does not exist; the hint names the nearest that do."""


class StoreFailed(AnalystError):
    """Conversations, dashboards or what the person said of the data could not be read or written."""


class StoreDamaged(StoreFailed):
    """The store's file is damaged or none of ours; it is left as it is."""


class StoreForeign(StoreDamaged):
    """The store's file is whole, and none of this program's or none that this version can read."""
