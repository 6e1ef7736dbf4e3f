"""Cells that a question names whole, as they stand or in another way that can be proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyst.grounding.aliases import Alias
from analyst.grounding.found import MOST_A_SPAN, Found, spread
from analyst.grounding.index import CellIndex
from analyst.grounding.postings import Numbers
from analyst.grounding.tokens import LEFT_OUT, Piece, counted, function_words, words_of

LONGEST_WORDS, LONGEST_CHINESE = 14, 32  # pieces of a span


def spans(pieces: Sequence[Piece]) -> Iterator[tuple[int, int, str]]:
    """Every run of pieces with what it is compared by; words that names may lack do not begin or end one."""
    for first, piece in enumerate(pieces):
        if piece.key in LEFT_OUT and len(pieces) > 1:
            continue
        key, words = "", 0
        for end in range(first + 1, min(len(pieces), first + LONGEST_CHINESE) + 1):
            last = pieces[end - 1]
            words += not last.chinese
            if words > LONGEST_WORDS:
                break
            if last.key not in LEFT_OUT:
                key += last.key
                yield first, end, key


def wholes(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """Cells that are a run of pieces, but for case, accents, punctuation and plural; in Chinese also 科目2 for 科目二."""
    for first, end, key in spans(pieces):
        if len(key) > index.longest:
            continue
        owners = index.whole.find(key)
        if len(owners):
            yield from _as_written(pieces, first, end, owners, index)
        if len(index.counted) and (folded := counted(key)):
            for cell in spread(index.counted.find(folded), index):
                yield Found(first, end, cell, "alias", 0.9)


def _as_written(pieces: Sequence[Piece], first: int, end: int, owners: Numbers, index: CellIndex) -> Iterator[Found]:
    """Cells with the same key; a lone function word or letter counts little unless it is written as the cell is."""
    written = "".join(piece.text for piece in pieces[first:end])
    small = end == first + 1 and (pieces[first].key in function_words() or len(pieces[first].key) == 1)
    said = "".join(word for piece in pieces[first:end] for word in words_of(piece.text) if word not in LEFT_OUT)
    for cell in spread(owners, index):
        value = str(index.values[cell])
        same = said == "".join(word for word in words_of(value) if word not in LEFT_OUT) or written.casefold() == value.casefold()
        score = 1.0 if same else 0.95
        if small:
            score = 0.75 if written == value and (written.isupper() or pieces[first].chinese) and first else 0.35
        yield Found(first, end, cell, "exact" if same else "stem", score)


def aliases(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """Countries by their adjectives or codes, months by their short forms and the like."""
    for first, end, key in spans(pieces):
        for alias in index.aliases.get(key, ()):
            sureness = _sureness(pieces[first:end], key, alias)
            if not sureness:
                continue
            for cell in spread(index.whole.find(alias.key), index):
                yield Found(first, end, cell, alias.how, sureness)
            if len(alias.key) > 3 or (len(alias.key) == 2 and not alias.key.isascii()):
                within = index.parts.find(alias.key)
                for cell in within[index.lengths[within] > len(alias.key)][:MOST_A_SPAN].tolist():
                    yield Found(first, end, cell, alias.how, 0.35 + 0.3 * len(alias.key) / int(index.lengths[cell]))


def _sureness(run: Sequence[Piece], key: str, alias: Alias) -> float:
    """How likely a run is another way to write something; short codes, and what is a function word as well, need capitals."""
    said = "".join(piece.text for piece in run)
    if alias.said == "code" and len(said) <= 3:
        return 0.0 if not run[0].chinese and not said.isupper() else 0.55 if len(said) <= 2 else 0.8
    if key in function_words() and not run[0].chinese and not said.isupper():
        return 0.0
    return 0.8 if alias.how == "code" else 0.85
