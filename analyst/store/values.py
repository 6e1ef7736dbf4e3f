"""What the store gives back, all of it frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from analyst.terms import Answer, ChartSpec, Question, Reply
from connectors.files import LoadedTable, ReadOptions

Thumb = Literal["up", "down"]
JoinVerdict = Literal["added", "removed", "confirmed"]
SettingName = Literal["language", "theme", "model", "model_name"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread of questions; the one last spoken in comes first in a list."""

    id: int
    title: str
    created: datetime
    updated: datetime
    """When its last message came; times are in UTC."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the person thought of a reply."""

    thumb: Thumb
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A question and its reply, as they can be drawn again without asking the model."""

    id: int
    conversation: int
    question: Question
    reply: Reply
    """A Failure saying so where what was stored can no longer be read."""
    data_version: str
    """Schema.version when it was answered."""
    created: datetime
    chart: ChartSpec | None = None
    """The person's own chart in place of the reply's; None where it was left as it came."""
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tile stands: columns of a grid 12 wide, rows from the top."""

    x: int = 0
    y: int = 0
    width: int = 6
    height: int = 4


@dataclass(frozen=True, slots=True)
class DateFilter:
    """The period to which a whole dashboard is held; an open end is None."""

    start: date | None = None
    end: date | None = None
    """The last day that counts."""
    preset: str = ""
    """A period that moves with the calendar, such as last_90_days; empty where the days are fixed."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A pinned answer."""

    id: int
    dashboard: int
    title: str
    question: Question
    sql: str
    chart: ChartSpec
    place: Place
    answer: Answer | None
    """The rows and words last seen; None where they can no longer be read and the tile must be refreshed."""
    data_version: str
    refreshed: datetime


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Tiles on a grid under one date filter."""

    id: int
    name: str
    created: datetime
    updated: datetime
    dates: DateFilter
    tiles: tuple[Tile, ...] = ()
    """Top to bottom, left to right."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with SQL that a person has checked."""

    id: int
    question: str
    sql: str
    created: datetime


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """One wording of a prompt; at most one of a name is in use."""

    id: int
    name: str
    text: str
    note: str
    created: datetime
    active: bool


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A file of the workspace, what the person set for reading it, and what reading it made."""

    path: Path
    options: ReadOptions
    tables: tuple[LoadedTable, ...]
    added: datetime
    """When it was last read."""

    @property
    def table_names(self) -> tuple[str, ...]:
        """Names of the tables it gave."""
        return tuple(table.name for table in self.tables)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One question and how it ended; holds no cell of any table."""

    id: int
    at: datetime
    who: str
    question: str
    sql: str
    rows: int
    model: str
    outcome: str
    """answer, clarification, refusal, failure, or the name of an error."""
