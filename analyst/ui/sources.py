"""The file behind a table."""

from __future__ import annotations

from analyst.store import StoredSource
from analyst.ui.person import home
from connectors.files import LoadedTable


def source_of(loaded: LoadedTable) -> StoredSource | None:
    """The file that the table came from; None where it is no longer known or no longer there."""
    found = next((source for source in home().store.sources() if loaded.name in source.table_names), None)
    return found if found and found.path.exists() else None
