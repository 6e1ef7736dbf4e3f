"""Which language a text is written in."""

from __future__ import annotations

import re

from analyst.terms import Language

CHINESE = re.compile(r"[㐀-䶿一-鿿豈-﫿]")


def language_of(text: str) -> Language:
    """Chinese as soon as a Chinese character stands in it, since column names in English often do too; else English."""
    return "zh" if CHINESE.search(text) else "en"
