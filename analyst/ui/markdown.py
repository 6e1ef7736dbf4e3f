"""Text of data and of models on the page: Markdown that shows every character as it is, and makes nothing of it."""

from __future__ import annotations

import re

from analyst.writing.plain import visible

MEANING = re.compile(r"([\\`*_{}\[\]<>#|~$:&!])")
"""What begins emphasis, code, links, pictures, headings, tables, formulas, colours, icons and entities."""
BEGINNING = re.compile(r"^(\d*)([-+=.)])")
"""What at the beginning of a line makes lists, rules and headings."""
JOINER = "\u2060"
"""Cannot be seen and breaks no line; stands where an address or an icon would be made of text even after a backslash."""
ADDRESS = re.compile(r"(?i)(?<=www)(?=\.)|(?<=:)(?=//)|(?=@)")
ICON = re.compile(r"(?<=:)(?=[\w+/-]+:)")
ARROW = re.compile(r"(?<=[-<>~])(?=[-=>])")
"""Signs that the page would draw as others: -> and >= and --"""


def escape(text: str) -> str:
    """One line of Markdown that shows the text."""
    return escape_line(" ".join(visible(text).split()))


def escape_lines(text: str) -> str:
    """Markdown that shows a text of several lines."""
    return "  \n".join(escape(line) if line.strip() else "" for line in visible(text).split("\n")).replace("  \n  \n", "\n\n")


def escape_line(line: str) -> str:
    """A line without breaks, escaped."""
    for place in (ADDRESS, ICON, ARROW):
        line = place.sub(JOINER, line)
    return BEGINNING.sub(r"\1\\\2", MEANING.sub(r"\\\1", line))
