"""Corrects misspelt words against a vocabulary, by words that are one or two letters away."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

SHORTEST = 4  # letters; shorter words have too many neighbours
TWO_OFF = 8  # letters from which on two slips are forgiven


class Speller:
    """Finds the word of a vocabulary that was meant."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._near: dict[str, list[str]] = {}
        self._known = set(vocabulary)
        for word in self._known:
            if len(word) >= SHORTEST and word.isalpha() and word.isascii():
                for form in {word, *shorter(word)}:
                    self._near.setdefault(form, []).append(word)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def correct(self, word: str, likelier: Container[str] = ()) -> str | None:
        """The nearest known word within one slip (two in long words) that begins alike, of equals a likelier one; None if there is none."""
        if len(word) < SHORTEST or not word.isalpha() or not word.isascii():
            return None
        allowed = 2 if len(word) >= TWO_OFF else 1
        forms = {word, *shorter(word)}
        if allowed == 2:
            forms |= {form for once in list(forms) for form in shorter(once)}
        found = {known for form in forms for known in self._near.get(form, ())}
        ranked = sorted((distance(word, known), known[0] != word[0], known not in likelier, known) for known in found)
        return next((known for slips, _, _, known in ranked if slips <= allowed and (known[0] == word[0] or slips == 1)), None)


def shorter(word: str) -> Iterator[str]:
    """The word with each of its letters left out in turn."""
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def distance(left: str, right: str) -> int:
    """Slips between two words: letters added, left out, changed, or neighbours swapped (Damerau-Levenshtein)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, previous, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if previous and i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, previous[j - 2] + 1)
            row.append(cost)
    return row[-1]
