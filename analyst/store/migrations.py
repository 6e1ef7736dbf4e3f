"""The forms of the store's file, one script a version; a script that was released is never changed, only followed by another."""

from __future__ import annotations

FIRST = """
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
) STRICT;
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    words TEXT NOT NULL, question TEXT NOT NULL, kind TEXT NOT NULL, reply TEXT NOT NULL, result BLOB,
    chart TEXT, thumb TEXT, reason TEXT NOT NULL DEFAULT '', data_version TEXT NOT NULL, created TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_conversation ON messages (conversation, id);
CREATE TABLE dashboards (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, dates TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL
) STRICT;
CREATE TABLE tiles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dashboard INTEGER NOT NULL REFERENCES dashboards (id) ON DELETE CASCADE,
    title TEXT NOT NULL, words TEXT NOT NULL, question TEXT NOT NULL, sql TEXT NOT NULL, chart TEXT NOT NULL,
    x INTEGER NOT NULL, y INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    reply TEXT NOT NULL, result BLOB, data_version TEXT NOT NULL, refreshed TEXT NOT NULL
) STRICT;
CREATE INDEX tiles_by_dashboard ON tiles (dashboard, y, x);
CREATE TABLE edits (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, key)) STRICT;
CREATE TABLE examples (
    id INTEGER PRIMARY KEY AUTOINCREMENT, question TEXT NOT NULL UNIQUE, sql TEXT NOT NULL, created TEXT NOT NULL
) STRICT;
CREATE TABLE prompts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, text TEXT NOT NULL, note TEXT NOT NULL, created TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX one_prompt_in_use ON prompts (name) WHERE active = 1;
CREATE TABLE sources (path TEXT PRIMARY KEY, options TEXT NOT NULL, tables TEXT NOT NULL, added TEXT NOT NULL) STRICT;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, question TEXT NOT NULL, sql TEXT NOT NULL,
    rows INTEGER NOT NULL, model TEXT NOT NULL, outcome TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
"""

MIGRATIONS: tuple[str, ...] = (FIRST,)
"""Version n is reached by the n-th script."""
