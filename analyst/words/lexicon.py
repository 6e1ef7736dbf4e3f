"""What the word lists in this folder say: synonyms of headers, values and the words of requests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from analyst.words.tokens import stems

Phrase = tuple[str, ...]
"""Stems in order; each Chinese character is one."""


def rows(name: str) -> Iterator[list[str]]:
    """The tab-separated fields of a list, without comments."""
    for line in (files("analyst.words") / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            yield line.split("\t")


@lru_cache(maxsize=1)
def synonyms() -> dict[str, tuple[Phrase, ...]]:
    """Concept -> phrases that mean it."""
    return {fields[0]: tuple(stems(phrase) for phrase in fields[1].split("|")) for fields in rows("synonyms.tsv")}


@lru_cache(maxsize=1)
def concepts_by_phrase() -> dict[Phrase, tuple[str, ...]]:
    """Phrase -> concepts it can mean."""
    found: dict[Phrase, list[str]] = {}
    for concept, phrases in synonyms().items():
        for phrase in phrases:
            found.setdefault(phrase, []).append(concept)
    return {phrase: tuple(concepts) for phrase, concepts in found.items()}


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, Phrase]:
    """Short form in a header -> the words it stands for."""
    return {fields[0]: stems(fields[1]) for fields in rows("abbreviations.tsv")}


@lru_cache(maxsize=1)
def value_groups() -> dict[Phrase, tuple[Phrase, ...]]:
    """Phrase -> all phrases that name the same value, itself included."""
    found: dict[Phrase, list[Phrase]] = {}
    for fields in rows("values.tsv"):
        group = [stems(phrase) for phrase in fields[0].split("|")]
        for phrase in group:
            found.setdefault(phrase, []).extend(other for other in group if other not in found.get(phrase, ()))
    return {phrase: tuple(group) for phrase, group in found.items()}


@lru_cache(maxsize=1)
def scales() -> tuple[dict[Phrase, int], ...]:
    """Phrase -> its step, from 0 for the lowest, of each scale in words."""
    return tuple(
        {stems(phrase): step for step, phrases in enumerate(fields[0].split(" < ")) for phrase in phrases.split(" | ")}
        for fields in rows("scales.tsv")
    )


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Stems of words that occur in many questions and so need no correcting."""
    return frozenset(fields[0] for fields in rows("common.tsv"))


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """Stems of words that by themselves ask for nothing that data could lack."""
    return frozenset(fields[0] for fields in rows("everyday.tsv"))


@lru_cache(maxsize=1)
def header_vocabulary() -> frozenset[str]:
    """Single English words that headers are made of, and words that are not to be taken apart."""
    whole = {fields[0] for fields in rows("whole.tsv")}
    words = {word for phrases in synonyms().values() for phrase in phrases for word in phrase if word.isascii() and len(word) > 2}
    return frozenset(words | whole | {word for phrase in abbreviations().values() for word in phrase} | {"id", "no"})
