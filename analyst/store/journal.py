"""The person's settings, and the audit log."""

from __future__ import annotations

from datetime import datetime

from analyst.store.conversations import storable
from analyst.store.database import Shelf, now
from analyst.store.values import AuditEntry, SettingName


class Journal(Shelf):
    """The shelf of the store that holds how the person wants the page, and what was asked."""

    def setting(self, name: SettingName) -> str | None:
        """What the person chose; None where they did not."""
        row = self.database.row("SELECT value FROM settings WHERE name = ?", name)
        return str(row["value"]) if row else None

    def set_setting(self, name: SettingName, value: str | None) -> None:
        """Keep a choice; None goes back to the default."""
        if value is None:
            self.database.write("DELETE FROM settings WHERE name = ?", name)
            return
        self.database.write(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            storable(value),
        )

    def log(self, *, who: str, question: str, sql: str, rows: int, model: str, outcome: str) -> int:
        """Add a line to the audit log; no line can be changed or removed. Hand it no cell of any table."""
        return self.database.write(
            "INSERT INTO audit (at, who, question, sql, rows, model, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)",
            now(), storable(who), storable(question), storable(sql), rows, model, outcome,
        )  # fmt: skip

    def audit(self, limit: int = 1000, before: int | None = None) -> tuple[AuditEntry, ...]:
        """The newest lines, newest first; those older than the line `before` where it is given."""
        rows = self.database.rows(
            "SELECT id, at, who, question, sql, rows, model, outcome FROM audit WHERE ? IS NULL OR id < ? ORDER BY id DESC LIMIT ?",
            before, before, limit,
        )  # fmt: skip
        return tuple(AuditEntry(number, datetime.fromisoformat(at), *rest) for number, at, *rest in rows)
