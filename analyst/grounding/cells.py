"""The cells that words of a question can mean: whole cells first, then other ways to write them, then parts and near misses."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from analyst.grounding.dates import period_key
from analyst.grounding.index import CellIndex
from analyst.grounding.mentions import CellHow, CellMention, HeaderMention, NumberMention, PeriodMention
from analyst.grounding.parts import parts
from analyst.grounding.postings import Numbers
from analyst.grounding.tokens import LEFT_OUT, Piece, function_words, joined, words_of
from analyst.words.homophones import sounds, sounds_alike

MOST = 40  # mentions of a question
MOST_A_SPAN = 6
LONGEST_WORDS, LONGEST_CHINESE = 14, 32  # pieces of a span
BESIDE_HEADER = 0.08  # more for cells of a column or table that the question names


class Found(NamedTuple):
    """A cell, by its number in the index, that some pieces can mean."""

    first: int
    end: int
    """The first piece, and the one after the last."""
    cell: int
    how: CellHow
    score: float


def find_cells(
    pieces: Sequence[Piece],
    index: CellIndex,
    headers: Sequence[HeaderMention],
    numbers: Sequence[NumberMention],
    periods: Sequence[PeriodMention],
) -> tuple[CellMention, ...]:
    """At most 40 mentions, likeliest first, and of the same words at most six."""
    found = list(_whole(pieces, index))
    covered = {at for one in found if one.score >= 0.8 for at in range(one.first, one.end)}
    found += _aliases(pieces, index)
    found += [Found(*part) for part in parts(pieces, index, covered)]
    found += _initials(pieces, index)
    found += _near(pieces, index)
    found += _chinese_slips(pieces, index, covered)
    placed = [(pieces[one.first].start, pieces[one.end - 1].end, one) for one in found]
    placed += _valued(index, numbers, periods)
    return tuple(_best(placed, index, headers))


# ------------------------------------------------------------------------------------------------ whole cells
def _spans(pieces: Sequence[Piece]) -> Iterator[tuple[int, int, str]]:
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


def _whole(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    for first, end, key in _spans(pieces):
        if len(key) > index.longest:
            continue
        owners = index.whole.find(key)
        if len(owners):
            yield from _as_written(pieces, first, end, owners, index)


def _as_written(pieces: Sequence[Piece], first: int, end: int, owners: Numbers, index: CellIndex) -> Iterator[Found]:
    """Cells with the same key; a lone function word or letter counts little unless it is written as the cell is."""
    written = "".join(piece.text for piece in pieces[first:end])
    small = end == first + 1 and (pieces[first].key in function_words() or len(pieces[first].key) == 1)
    said = "".join(word for piece in pieces[first:end] for word in words_of(piece.text) if word not in LEFT_OUT)
    for cell in _spread(owners, index):
        value = str(index.values[cell])
        same = said == "".join(word for word in words_of(value) if word not in LEFT_OUT) or written.casefold() == value.casefold()
        score = 1.0 if same else 0.95
        if small:
            score = 0.75 if written == value and (written.isupper() or pieces[first].chinese) and first else 0.35
        yield Found(first, end, cell, "exact" if same else "stem", score)


def _spread(owners: Numbers, index: CellIndex, most: int = 3 * MOST_A_SPAN) -> list[int]:
    """Some of the cells, from as many columns as there are, the frequent ones of each first."""
    if len(owners) <= most:
        return [int(cell) for cell in owners]
    seen: Counter[int] = Counter()
    ranked = []
    for cell in owners[:2000].tolist():
        home = int(index.homes[cell])
        ranked.append((seen[home], cell))
        seen[home] += 1
    return [cell for _, cell in sorted(ranked)[:most]]


def _aliases(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """Countries by their adjectives or codes, months by their short forms and the like."""
    for first, end, key in _spans(pieces):
        for alias in index.aliases.get(key, ()):
            said = "".join(piece.text for piece in pieces[first:end])
            small = len(said) <= 2 or key in function_words() or (len(said) == 3 and alias.said == "code" and not said.isupper())
            if small and alias.said == "code" and not said.isupper() and not pieces[first].chinese:
                continue
            score = (0.6 if small and alias.said == "code" else 0.85) - 0.05 * (alias.how == "code")
            for cell in _spread(index.whole.find(alias.key), index):
                yield Found(first, end, cell, alias.how, score)
            if len(alias.key) > 3 or (len(alias.key) == 2 and not alias.key.isascii()):
                within = index.parts.find(alias.key)
                for cell in within[index.lengths[within] > len(alias.key)][:MOST_A_SPAN].tolist():
                    yield Found(first, end, cell, alias.how, 0.35 + 0.3 * len(alias.key) / int(index.lengths[cell]))


# ------------------------------------------------------------------------------------------------ initials and near misses
def _initials(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """NYC for New York City, and New York City for NYC."""
    for at, piece in enumerate(pieces):
        if piece.chinese or not piece.key.isalpha() or (piece.key in function_words() and len(piece.key) > 1):
            continue
        if 2 <= len(piece.key) <= 6 and (piece.text.isupper() or (len(piece.key) > 2 and piece.key not in index.parts)):
            for cell in _spread(index.initials.find(piece.text.lower()), index, MOST_A_SPAN):
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
            yield from (Found(at, end, cell, "initials", 0.7) for cell in _spread(index.initials.find(letters + last.key), index))
        if last.key in function_words() and not single:
            continue
        letters += last.key[0]
        for cell in index.whole.find(letters)[:MOST_A_SPAN].tolist() if len(letters) > 1 else ():
            if str(index.values[cell]).replace(".", "").isupper():
                yield Found(at, end, cell, "initials", 0.5 + 0.1 * (len(letters) > 2))


def _near(pieces: Sequence[Piece], index: CellIndex) -> Iterator[Found]:
    """Misspelt words, beginnings of words, and other forms of a word, alone or in the cell that their neighbours complete."""
    for at, piece in enumerate(pieces):
        word = piece.key
        if piece.chinese or len(word) < 3 or not word.isascii() or not word.isalpha() or word in function_words():
            continue
        for known, how, score in _other_words(word, index):
            swapped = [*pieces[:at], Piece(known, piece.text, piece.start, piece.end, False), *pieces[at + 1 :]]
            yield from _around(swapped, at, how, score, index)


def _other_words(word: str, index: CellIndex) -> Iterator[tuple[str, CellHow, float]]:
    """Words of cells that a word can stand for."""
    for cut in range(len(word) - 1, max(2, len(word) - 7), -1):
        if word[:cut] in index.whole:
            yield word[:cut], "prefix", 0.4 + 0.3 * cut / len(word)  # park for parking, Feb for February
            break
    if word in index.parts:
        if len(word) > 3:
            yield from ((known, "prefix", 0.5) for known in _beginning_with(word, index, 3) if known != word)
        return
    for known, slips in index.slips.near(word):
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
            yield from (Found(first, end, cell, how, score) for cell in _spread(owners, index, MOST_A_SPAN))
    if whole:
        return
    owners = index.parts.find(pieces[at].key)
    near = owners[np.argsort(index.lengths[owners[:2000]], kind="stable")[:MOST_A_SPAN]]
    for cell in near.tolist():
        yield Found(at, at + 1, cell, how, score * (0.4 + 0.4 * len(pieces[at].key) / max(1, int(index.lengths[cell]))))


def _chinese_slips(pieces: Sequence[Piece], index: CellIndex, covered: set[int]) -> Iterator[Found]:
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


# ------------------------------------------------------------------------------------------------ values, and the choice among all
def _valued(index: CellIndex, numbers: Sequence[NumberMention], periods: Sequence[PeriodMention]) -> Iterator[tuple[int, int, Found]]:
    """Numbers and dates that are kept as texts."""
    for number in numbers:
        for cell in _spread(index.numbers.find(f"{float(number.value):g}"), index, MOST_A_SPAN):
            yield number.start, number.end, Found(0, 0, cell, "alias", 0.8)
    for period in periods:
        for cell in _spread(index.dates.find(period_key(period.period)), index, MOST_A_SPAN):
            yield period.start, period.end, Found(0, 0, cell, "alias", 0.85)


def _best(placed: Sequence[tuple[int, int, Found]], index: CellIndex, headers: Sequence[HeaderMention]) -> Iterator[CellMention]:
    named = {(header.table, header.column): header.score for header in reversed(headers)}
    whole = [(start, end) for start, end, one in placed if one.score >= 0.9]
    scored: dict[tuple[int, int, int], tuple[float, CellHow]] = {}
    for start, end, one in placed:
        home = index.columns[int(index.homes[one.cell])]
        beside = BESIDE_HEADER * max(named.get(home, 0.0), 0.5 * named.get((home[0], ""), 0.0))
        inside = any(left <= start and end <= right and (left, right) != (start, end) for left, right in whole)
        score = one.score * (0.6 if inside else 1.0) + beside
        if scored.get((start, end, one.cell), (0.0, ""))[0] < score:
            scored[start, end, one.cell] = (score, one.how)
    spans: Counter[tuple[int, int]] = Counter()
    cells: Counter[int] = Counter()
    shown = 0
    for (start, end, cell), (score, how) in sorted(scored.items(), key=lambda item: (-item[1][0], item[0][0] - item[0][1], item[0])):
        if spans[start, end] >= MOST_A_SPAN or cells[cell] >= 2 or shown >= MOST:
            continue
        spans[start, end] += 1
        cells[cell] += 1
        shown += 1
        yield CellMention(start, end, *index.columns[int(index.homes[cell])], index.values[cell], how, round(min(score, 1.0), 3))
