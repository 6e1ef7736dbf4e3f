"""From what a model wrote after the lead-in to one SQL statement: thoughts, fences and all after the statement are left out."""

from __future__ import annotations

import re

THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
END_OF_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)  # where the server's template opened the thought
FENCED_QUERY = re.compile(r"```(?:\w+)?\s*((?:SELECT|WITH)\b.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
BEGINS_ANEW = re.compile(r"\s*(SELECT|WITH)\b", re.IGNORECASE)
BLANK_LINES = re.compile(r"\A\s*\n\s*")
TURN_MARK = re.compile(r"<\|[^|>]*\|>|</s>|<end_of_turn>")
TO_SEMICOLON = re.compile(r"""(?:[^;'"]++|'(?:[^']|'')*+(?:'|\Z)|"(?:[^"]|"")*+(?:"|\Z))*+""")
UNFINISHED_MARK = re.compile(r"(<[^>\s]{0,12}|`{1,2})\Z")


def statement(written: str, lead_in: str) -> str:
    """The SQL that the lead-in and the written text make together; only the lead-in where nothing of use was written."""
    text = without_thoughts(written)
    fenced = FENCED_QUERY.search(text)
    if fenced:
        return to_semicolon(fenced[1])
    body = text.split("```")[0]
    return to_semicolon(body if BEGINS_ANEW.match(body) else lead_in + BLANK_LINES.sub(" ", body))


def statement_so_far(written: str, lead_in: str) -> str:
    """The same for text still being written: what could yet turn out to be a mark is held back."""
    return statement(UNFINISHED_MARK.sub("", written), lead_in)


def without_thoughts(text: str) -> str:
    """What a thinking model says after it thought; marks of turns are left out."""
    spoken = END_OF_THOUGHT.sub("", THOUGHT.sub("", text))
    return TURN_MARK.split(spoken)[0] if "<" in spoken else spoken


def to_semicolon(sql: str) -> str:
    """The first statement: all before a semicolon that stands in no quotes."""
    match = TO_SEMICOLON.match(sql)
    return (match[0] if match else sql).strip()
