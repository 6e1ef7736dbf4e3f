"""Text of data and of models as it may be shown: without what steers a terminal, a browser or the direction of reading."""

from __future__ import annotations

import unicodedata

KEPT = frozenset("\n\t\u200c\u200d")
"""Line breaks, and the joiners that Persian, Indian scripts and emoji are spelled with."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of controls, formats (direction marks and overrides among them), halves of pairs, and separators of lines."""


def visible(text: str) -> str:
    """The text without characters that cannot be seen but change what is."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one for one in text if one in KEPT or unicodedata.category(one) not in UNSEEN)


def spelled(text: str) -> str:
    """JSON text in which such characters stand as their numbers, so that the values are whole and the terminal is not steered."""
    return "".join(one if visible(one) else f"\\u{ord(one):04x}" for one in text) if visible(text) != text else text
