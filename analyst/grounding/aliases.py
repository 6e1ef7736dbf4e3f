"""Other ways to write a cell that can be proved: countries with their adjectives and codes, states, months and the like (aliases.tsv)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from analyst.grounding.tokens import is_chinese, joined, key_of, words_of
from analyst.mentions import CellHow


class Form(NamedTuple):
    """One way to write something."""

    key: str
    how: CellHow
    """alias for a name, adjective, or code."""


class Alias(NamedTuple):
    """What a cell may hold where something else is said."""

    key: str
    how: CellHow
    said: CellHow
    """How it is said: by a name, an adjective or a code."""


@lru_cache(maxsize=1)
def groups() -> tuple[tuple[Form, ...], ...]:
    """The forms of each thing; those of one thing mean the same."""
    lines = (files("analyst.grounding") / "aliases.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(_forms(line)) for line in lines if line and not line.startswith("# "))


def _forms(line: str) -> list[Form]:
    kinds: tuple[CellHow, ...] = ("alias", "adjective", "code")
    forms = [(text, kind) for kind, field in zip(kinds, line.split("\t"), strict=False) for text in field.split(" | ") if text]
    keys = [joined([key_of(word) for word in words_of(text)]) for text, _ in forms]
    short = [len(key) == 1 and is_chinese(key) for key in keys]
    return [Form(key, "code" if bare else kind) for key, (_, kind), bare in zip(keys, forms, short, strict=True)]


def aliases_within(known: Callable[[str], bool]) -> dict[str, tuple[Alias, ...]]:
    """What can be said -> the known ways to write the same; only of things that are known in some way."""
    found: dict[str, dict[str, Alias]] = {}
    for forms in groups():
        here = [form for form in forms if known(form.key)]
        for said in forms if here else ():
            others = found.setdefault(said.key, {})
            for form in here:
                if form.key != said.key:
                    others.setdefault(form.key, Alias(form.key, _how(said.how, form.how), said.how))
    return {key: tuple(others.values()) for key, others in found.items() if others}


def _how(said: CellHow, written: CellHow) -> CellHow:
    if "code" in (said, written):
        return "code"
    return "adjective" if "adjective" in (said, written) else "alias"
