"""The tables of this room: what is written, and what it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files


def rows(name: str) -> Iterator[list[str]]:
    """The tab-separated fields of a table of this room, without its comments."""
    for line in (files("analyst.temporal") / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


@lru_cache(maxsize=8)
def classes(name: str) -> dict[str, dict[str, str]]:
    """Of each class of a table: how a thing is written -> what it stands for."""
    found: dict[str, dict[str, str]] = {}
    for kind, value, forms in rows(name):
        found.setdefault(kind, {}).update((form, value) for form in forms.split(" | "))
    return found


def any_of(forms: Iterable[str]) -> str:
    """A pattern for one of some written forms, the longest first; what is written with a capital is asked for as it stands."""
    ordered = sorted(forms, key=len, reverse=True)
    return "|".join(rf"(?-i:{re.escape(form)})" if form != form.lower() else re.escape(form) for form in ordered)
