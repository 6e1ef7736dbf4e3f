"""What words ask for: counts, sums, groups, comparisons, charts and so on, from requests.tsv."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from analyst.words.lexicon import Phrase, rows
from analyst.words.tokens import words


@dataclass(frozen=True, slots=True)
class Request:
    """What a phrase asks for, such as kind `agg`, value `sum`."""

    kind: str
    value: str


def request_phrase(text: str) -> Phrase:
    """The stems of a phrase; signs such as # and > count."""
    return tuple(word.stem for word in words(text) if word.text not in "-'")


@lru_cache(maxsize=1)
def requests() -> dict[Phrase, tuple[Request, ...]]:
    """Phrase -> all it can ask for, in the order of the list."""
    found: dict[Phrase, list[Request]] = {}
    for kind, value, phrases in rows("requests.tsv"):
        for phrase in phrases.split("|"):
            at = found.setdefault(request_phrase(phrase), [])
            if Request(kind, value) not in at:
                at.append(Request(kind, value))
    return {phrase: tuple(asked) for phrase, asked in found.items()}


@lru_cache(maxsize=1)
def longest_request() -> int:
    """Words in the longest phrase."""
    return max(map(len, requests()))


@lru_cache(maxsize=1)
def request_words() -> frozenset[str]:
    """English stems that occur in requests."""
    return frozenset(word for phrase in requests() for word in phrase if word.isascii())
