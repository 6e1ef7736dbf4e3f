"""Cells that a question all but names: by initials, misspelt, by the beginning of a word or another form of it, by sound."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np

from analyst.grounding.found import LOOKED_AT, MOST_A_SPAN, Found, spread
from analyst.grounding.index import CellIndex, stub
from analyst.grounding.slips import SHORTEST
from analyst.grounding.tokens import LEFT_OUT, Piece, function_words, joined
from analyst.mentions import CellHow
from analyst.words.homophones import sounds, sounds_alike


def initials(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """NYC for New York City, and New York City for NYC."""
    for at, piece in enumerate(pieces):
        if piece.chinese or not piece.key.isalpha() or (piece.key in function_words() and len(piece.key) > 1):
            continue
        if 2 <= len(piece.key) <= 6 and (piece.text.isupper() or (len(piece.key) > 2 and piece.key not in index.parts)):
            for cell in spread(index.initials.find(piece.text.lower()), index, MOST_A_SPAN):
                yield Found(at, at + 1, cell, "initials", 0.75 if piece.text.isupper() else 0.55)
        yield from _for_initials(pieces, at, index)


def _for_initials(pieces: Sequence[Piece], at: int, index: CellIndex) -> Iterator[Found]:
    """Cells that are the first letters of the words from here on, or of whose words these single letters are the first."""
    letters, single = "", True
    for end in range(at + 1, min(len(pieces), at + 6) + 1):
        last = pieces[end - 1]
        if last.chinese or not last.key.isalpha():
            return
        single = single and len(last.key) == 1
        if single and end > at + 1:
            yield from (Found(at, end, cell, "initials", 0.7) for cell in spread(index.initials.find(letters + last.key), index))
        if last.key in function_words() and not single:
            continue
        letters += last.key[0]
        for cell in index.whole.find(letters)[:MOST_A_SPAN].tolist() if len(letters) > 1 else ():
            if str(index.values[cell]).replace(".", "").isupper():
                yield Found(at, end, cell, "initials", 0.5 + 0.1 * (len(letters) > 2))


def shortened(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """Cells whose words begin as the words of a run do: Comp. Sci. for computer science, and the other way round."""
    for first in range(len(pieces)):
        for end in range(first + 2, min(len(pieces), first + 6) + 1):
            run = pieces[first:end]
            if run[0].key in function_words() or run[-1].key in function_words() or run[-1].chinese:
                continue
            for cell in spread(index.stubs.find(stub([piece.key for piece in run])), index, MOST_A_SPAN):
                yield Found(first, end, cell, "prefix", 0.6)


def near_misses(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """Misspelt words, beginnings of words, and other forms of a word, alone or in the cell that their neighbours complete."""
    for at, piece in enumerate(pieces):
        word = piece.key
        if piece.chinese or len(word) < 3 or not word.isascii() or not word.isalpha() or word in function_words():
            continue
        for known, how, score in _other_words(word, index, piece.capital and at > 0):
            swapped = [*pieces[:at], Piece(known, piece.text, piece.start, piece.end, False), *pieces[at + 1 :]]
            yield from _around(swapped, at, how, score, index)


def _other_words(word: str, index: CellIndex, named: bool) -> Iterator[tuple[str, CellHow, float]]:
    """Words of cells that a word can stand for; a name may be as short as four letters to be misspelt."""
    for cut in range(len(word) - 1, max(2, len(word) - 7), -1):
        if word[:cut] in index.whole:
            yield word[:cut], "prefix", 0.4 + 0.3 * cut / len(word)  # park for parking, Feb for February
            break
    if named and len(word) == SHORTEST - 1:
        yield from ((known, "fuzzy", 0.6) for known, _ in index.slips.near(word, named) if known != word)
    if word in index.parts:
        if len(word) > 3:
            yield from ((known, "prefix", 0.5) for known in _beginning_with(word, index, 3) if known != word)
        return
    for known, slips in index.slips.near(word, named):
        yield known, "fuzzy", 0.85 if slips == 1 else 0.7
    for known in _beginning_with(word, index, 4):
        yield known, "prefix", 0.45 + 0.4 * len(word) / len(known)
    for cut in range(len(word) - 2, max(4, len(word) - 7), -1):
        if alike := [known for known in _beginning_with(word[:cut], index, 4) if abs(len(known) - len(word)) < 6]:
            yield from ((known, "stem", 0.3 + 0.3 * cut / len(word)) for known in alike)
            return


def _beginning_with(start: str, index: CellIndex, most: int) -> list[str]:
    """Words of cells that begin so, in alphabetical order; none where there are many."""
    words = index.vocabulary
    low = bisect_left(words, start)
    high = bisect_left(words, start + "￿")
    return words[low:high] if high - low <= 3 * most else words[low : low + most]


def _around(pieces: Sequence[Piece], at: int, how: CellHow, score: float, index: CellIndex) -> Iterator[Found]:
    """Cells that are the word, or it and its neighbours; where there are none, cells that hold it."""
    whole = False
    for first in range(max(0, at - 3), at + 1):
        for end in range(at + 1, min(len(pieces), at + 4) + 1):
            if pieces[first].key in LEFT_OUT or pieces[end - 1].key in LEFT_OUT:
                continue
            owners = index.whole.find(joined([piece.key for piece in pieces[first:end]]))
            whole = whole or bool(len(owners))
            yield from (Found(first, end, cell, how, score) for cell in spread(owners, index, MOST_A_SPAN))
    if whole:
        return
    owners = index.parts.find(pieces[at].key)
    near = owners[np.argsort(index.lengths[owners[:LOOKED_AT]], kind="stable")[:MOST_A_SPAN]]
    for cell in near.tolist():
        yield Found(at, at + 1, cell, how, score * (0.4 + 0.4 * len(pieces[at].key) / max(1, int(index.lengths[cell]))))


def chinese_slips(pieces: Sequence[Piece], index: CellIndex, covered: set[int]) -> Iterator[Found]:
    """Chinese cells written with characters of the same sound, and short forms such as 科二 for 科目二."""
    for first, piece in enumerate(pieces):
        if not piece.chinese:
            continue
        for size in range(2, 9):
            run = pieces[first : first + size]
            if len(run) < size or not run[-1].chinese or covered.issuperset(range(first, first + size)):
                break
            said = "".join(one.key for one in run)
            for cell in index.sounds.find(sounds(said))[:20].tolist() if size > 1 else ():
                if sounds_alike(said, str(index.values[cell])):
                    yield Found(first, first + size, cell, "sound", 0.7 if size > 2 else 0.5)
            for cell in index.ends.find(said[0] + said[-1])[:20].tolist() if size <= 4 else ():
                if len(said) < int(index.lengths[cell]) and _is_within(said, str(index.values[cell])):
                    yield Found(first, first + size, cell, "initials", 0.4 + 0.4 * size / int(index.lengths[cell]))


def _is_within(said: str, whole: str) -> bool:
    """Whether the characters of a word come in this order in a longer one."""
    rest = iter(whole)
    return all(character in rest for character in said)
