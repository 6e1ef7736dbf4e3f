"""How many tokens a text will take, and a prompt cut to the room there is, in one stated order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from analyst.terms import Part

CUT_FIRST = ("forms", "examples", "attempts", "conversation", "glossary", "values", "schema")
"""What gives way first when room is short. The schema comes last: first its samples go, then its descriptions, then the tables that
the question does not speak of."""
CHARACTERS_PER_TOKEN = 3.0  # of SQL and English; 3.4 to 4 is usual with vocabularies of 32 to 150 thousand, so this errs on the safe side
WIDE = re.compile(r"[⺀-鿿가-힯豈-﫿！-｠]")  # such characters take about a token each


def estimated_tokens(text: str) -> int:
    """Tokens the text will take with a usual vocabulary; rather too many than too few."""
    wide = 0 if text.isascii() else len(WIDE.findall(text))
    return int((len(text) - wide) / CHARACTERS_PER_TOKEN + wide) + 1


def fitted(parts: Sequence[Part], tokens: int | None = None, without: Collection[str] = ()) -> str:
    """The parts as one text of at most so many tokens where that can be had; parts named in `without` are left out where they can be."""
    texts = [part.texts[-1] if part.name in without else part.texts[0] for part in parts]
    if tokens is not None:
        room = tokens - estimated_tokens(joined(texts))
        for place in cutting_order(parts):
            shorter = [text for text in parts[place].texts if len(text) < len(texts[place])]
            for text in shorter:
                if room >= 0:
                    break
                room += estimated_tokens(texts[place]) - estimated_tokens(text)
                texts[place] = text
    return joined(texts)


def cutting_order(parts: Sequence[Part]) -> list[int]:
    """Places of the parts that have something shorter, those that give way first at the front."""
    names = [part.name for part in parts]
    return [names.index(name) for name in CUT_FIRST if name in names]


def joined(texts: Sequence[str]) -> str:
    """The texts that are not empty, with a blank line between them."""
    return "\n\n".join(filter(None, texts)) + "\n"
