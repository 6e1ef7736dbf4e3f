"""Text -> word pieces of the encoder's vocabulary, each with the characters it stands for (Unigram: the likeliest cut, by Viterbi)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

START, PAD, END, UNKNOWN = 0, 1, 2, 3
"""Rows of the vocabulary that are no text."""

WORD_START = "▁"
UNKNOWN_COST = 10.0  # below the rarest piece, so that a character stays unknown only where no piece holds it
REMEMBERED = 200_000  # chunks, about 60 MB; headers and cells come again and again

CHUNK = re.compile(r"\S+")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
JOINER = re.compile(r"[_\W]+")


class Piece(NamedTuple):
    """A row of the vocabulary and the characters [start, end) of the text that it stands for."""

    row: int
    start: int
    end: int


class Pieces:
    """A vocabulary: cuts text into the pieces that are likeliest together."""

    def __init__(self, texts: Sequence[str], scores: Sequence[float]) -> None:
        self.rows = {text: row for row, text in enumerate(texts) if row > UNKNOWN}
        self.scores = [float(score) for score in scores]
        self.longest = max(map(len, texts))
        self.unknown_score = min(self.scores) - UNKNOWN_COST
        self.remembered: dict[str, tuple[Piece, ...]] = {}
        self.names: dict[str, tuple[int, ...]] = {}

    def cut(self, text: str) -> list[Piece]:
        """The pieces of a text with their places in it; the text's case does not matter."""
        return [
            Piece(row, chunk.start() + start, chunk.start() + end)
            for chunk in CHUNK.finditer(text)
            for row, start, end in self.cut_chunk(chunk[0])
        ]

    def name(self, name: str) -> tuple[int, ...]:
        """The rows of a header, its words told apart: `unitPrice`, `unit_price` and `Unit Price` are one."""
        found = self.names.get(name)
        if found is None:
            found = tuple(piece.row for piece in self.cut(spaced(name))) or (UNKNOWN,)
            if len(self.names) < REMEMBERED:
                self.names[name] = found
        return found

    def cut_chunk(self, chunk: str) -> tuple[Piece, ...]:
        """The pieces of a text without spaces."""
        found = self.remembered.get(chunk)
        if found is None:
            found = self.best_cut(*normalised(chunk))
            if len(self.remembered) < REMEMBERED:
                self.remembered[chunk] = found
        return found

    def best_cut(self, text: str, places: list[int]) -> tuple[Piece, ...]:
        """Viterbi over the ends of pieces; places[i] is where character i of the normalised text came from."""
        text, places = WORD_START + text, [0, *places]
        best, cut_from, row_at = [0.0] + [-1e30] * len(text), [0] * (len(text) + 1), [UNKNOWN] * (len(text) + 1)
        for start in range(len(text)):
            ahead = best[start] + self.unknown_score
            if ahead > best[start + 1]:
                best[start + 1], cut_from[start + 1], row_at[start + 1] = ahead, start, UNKNOWN
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                row = self.rows.get(text[start:end])
                if row is not None and best[start] + self.scores[row] > best[end]:
                    best[end], cut_from[end], row_at[end] = best[start] + self.scores[row], start, row
        pieces: list[Piece] = []
        end = len(text)
        while end:
            pieces.append(Piece(row_at[end], places[cut_from[end]], places[end]))
            end = cut_from[end]
        return tuple(reversed(pieces))


def normalised(chunk: str) -> tuple[str, list[int]]:
    """A text in compatibility form and lower case, with the place in the chunk at which each character of it ends, and 0 before."""
    if chunk.isascii():
        return chunk.lower(), list(range(len(chunk) + 1))
    letters: list[str] = []
    places = [0]
    for place, letter in enumerate(chunk, start=1):
        plain = "".join(one for one in unicodedata.normalize("NFKC", letter).lower() if not is_hidden(one))
        letters.append(plain)
        places += [place] * len(plain)
    return "".join(letters), places


def is_hidden(letter: str) -> bool:
    """Whether a character is never seen: controls, zero-width marks."""
    return unicodedata.category(letter) in ("Cc", "Cf")


def spaced(name: str) -> str:
    """A header with its words told apart by spaces; a header of signs alone stays as it is."""
    return JOINER.sub(" ", CAMEL.sub(" ", name)).strip() or name.strip()
