"""Settings, read once from the environment (ANALYST_*); each says why its default is what it is."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from connectors.base import Limits


class Settings(BaseSettings):
    """What the person who runs the product can set, without touching code."""

    model_config = SettingsConfigDict(env_prefix="ANALYST_", extra="ignore", frozen=True)

    home: Path = Path.home() / ".analyst"
    """Where data, conversations and dashboards are kept; a folder of the person's own, never shared by default."""
    model: str = "builtin"
    """`builtin`, `reader`, or the URL of an OpenAI-compatible server: without a GPU the first two work, and builtin is right more often."""
    model_name: str = ""
    """The served model's name; empty asks the server."""
    model_key: str = Field(default="", repr=False)
    """Key for the server; kept out of every repr and log."""
    model_samples: int = 8
    """Votes on a question the model is not sure of: 8 lift a 7B model to what a 14B reaches with one (docs/serving.md)."""
    model_temperature: float = 0.8
    """Of every sample but the first: enough for them to differ, not so much that they turn to noise."""
    model_questions: int = 64
    """Questions asked of the server at a time; others wait here, where they can still be stopped at once."""
    upload_limit_gb: float = 5.0
    """Largest upload through the browser; a file given by path has no limit."""
    files_by_path: bool = True
    """Whether the page takes the path of a file on this machine; only ever from a browser on this machine."""
    hosts: str = ""
    """Names under which the page may be reached beside this machine's own, with commas between: any other could be somebody else's."""
    load_seconds: float = 600.0
    """The largest upload is read in two or three minutes; what takes ten will hardly ever end. Earlier data stays as it was."""
    query_seconds: float = 30.0
    """A question that takes longer is rarely the one that was meant."""
    query_memory_mb: int = 1024
    """Enough to group 50 million rows, small enough that two questions at once do not end the machine."""
    query_rows: int = 10_000
    """More rows than a person reads; the whole result can be exported."""
    question_seconds: float = 90.0
    """For all of a question from its turn on: a slow model may write twice and its query take all its time; who waits longer has gone."""
    questions_at_once: int = 0
    """Worked on at a time; 0 means one a core, or as many as the model server takes: more would only make each other slower."""
    queue_length: int = 200
    """Questions that wait at most; the next is told at once that too many are before it."""
    queue_seconds: float = 30.0
    """For how long a question, or one of its queries, waits for its turn before its person is told how many are before it."""
    query_result_mb: int = 64
    """Of rows handed back: ten thousand rows of long texts would fill this process and the browser."""
    attempts: int = 3
    """Writings of the SQL before an honest failure: more rarely helps and always costs time."""
    confident_from: float = 0.8
    """From here an answer is marked as sure; docs/benchmarks.md shows what share of such answers is right."""
    ask_back_below: float = 0.35
    """Below this, with a rival reading nearly as likely, the person is asked which one is meant."""

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The names in `hosts`, in small letters."""
        return frozenset(name.strip().casefold() for name in self.hosts.split(",") if name.strip())

    def limits(self) -> Limits:
        """The limits of one query."""
        return Limits(self.query_seconds, self.query_memory_mb, self.query_rows, self.queue_seconds, self.query_result_mb)

    def places(self) -> int:
        """Questions that are worked on at a time."""
        return self.questions_at_once or ((os.cpu_count() or 1) if self.model in ("builtin", "reader") else self.model_questions)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
