"""A database's own words about an error, without what only its makers understand."""

from __future__ import annotations

import re

KIND = re.compile(r"^(?:[A-Z][A-Za-z-]*(?: to)?(?: [A-Za-z]+){0,3}) Error: ")
INTERNALS = re.compile(r"\n\s*(?:LINE \d+:|Candidate functions:|Stack Trace:)", re.MULTILINE)
ADVICE = re.compile(r"\s*(?:Use TRY\(|You might need to add|SET \w|Possible solutions)[^\n]*")
LONGEST = 400  # characters; a value quoted whole can be as long as the file


def plain_words(words: str) -> str:
    """The first thing a database said, on one line: no error class, no excerpt of the statement, no advice on settings."""
    words = KIND.sub("", INTERNALS.split(words, maxsplit=1)[0])
    words = " ".join(ADVICE.sub("", words).split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
