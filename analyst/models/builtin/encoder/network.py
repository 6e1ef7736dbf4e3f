"""The encoder itself: a small transformer run by NumPy, from inputs to what it believes of every name and of the whole question.

Six layers of 384 numbers in twelve heads (the shape of all-MiniLM-L6-v2, see encoder.NOTICE.txt), with embeddings for kinds and marks
of pieces added, and heads for roles, tables and shapes. Weights are kept as whole numbers of eight bits with a scale for each row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

import numpy as np

from analyst.models.builtin.encoder.inputs import Inputs, Name
from analyst.models.builtin.encoder.parts import ROLES, SHAPES

Matrix = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
HEADS = 12
TINY = 1e-12  # keeps a division from one by zero
FIRMEST = 6.0  # a logit beyond it says no more


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What is believed of a question over a schema."""

    roles: Mapping[Name, Mapping[str, float]]
    """Of each column: the logarithm of the odds that it plays a role."""
    tables: Mapping[str, float]
    """Of each table: the logarithm of the odds that it takes part."""
    shapes: Mapping[str, Mapping[str, float]]
    """Of each thing told of the whole: the logarithm of the chance of each case."""


class Network:
    """The weights, ready to be run."""

    def __init__(self, stored: Mapping[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]) -> None:
        self.vocabulary = {word: number for number, word in enumerate(bytes(stored["vocabulary"].tolist()).decode("utf-8").split("\n"))}
        self._words = stored["words"]
        self._word_scales = stored["words.scale"].astype(np.float32)
        self._weights: dict[str, Matrix] = {}
        for name, value in stored.items():
            if name.endswith(".scale") or name in ("vocabulary", "words"):
                continue
            scale = stored[f"{name}.scale"].astype(np.float32) if f"{name}.scale" in stored else None
            plain = value.astype(np.float32) if scale is None else value.astype(np.float32) * scale[:, None]
            self._weights[name] = np.ascontiguousarray(plain.T) if plain.ndim == 2 and scale is not None else plain
        self._layers = sum(name.endswith("attention.self.query.weight") for name in stored)

    def believe(self, inputs: Inputs) -> Beliefs:
        """What is believed of a question over a schema."""
        hidden = self._hidden(inputs)
        begin = inputs.spans[0][0] if inputs.spans else len(inputs.pieces)
        first, asked = hidden[0], hidden[1 : begin - 1].mean(0)
        pooled = np.stack([hidden[start:end].mean(0) for start, end in inputs.spans])
        names = gelu(self._linear("name_inner", np.concatenate([pooled, np.broadcast_to(first, pooled.shape)], 1)))
        whole = gelu(self._linear("whole_inner", np.concatenate([first, asked])[None]))
        roles = np.clip(self._linear("roles", names), -FIRMEST, FIRMEST)
        tables = np.clip(self._linear("table", names)[:, 0], -FIRMEST, FIRMEST)
        return Beliefs(
            {name: dict(zip(ROLES, row.tolist(), strict=True)) for name, row in zip(inputs.names, roles, strict=True) if name.column},
            {name.table: float(odds) for name, odds in zip(inputs.names, tables, strict=True) if not name.column},
            shapes_of(self._linear("shapes", whole)[0]),
        )

    def _hidden(self, inputs: Inputs) -> Matrix:
        """The last hidden state of every piece: pieces x width."""
        weights = self._weights
        pieces = list(inputs.pieces)
        embedded = self._words[pieces].astype(np.float32) * self._word_scales[pieces][:, None]
        embedded += weights["kinds"][list(inputs.kinds)] + weights["marks"][list(inputs.marks)] + weights["places"][: len(pieces)]
        hidden = self._normal("embeddings", embedded)
        for layer in range(self._layers):
            hidden = self._layer(f"{layer}", hidden)
        return hidden

    def _layer(self, at: str, hidden: Matrix) -> Matrix:
        """Attention and the two steps after it."""
        query, key, value = (self._split(self._linear(f"{at}.attention.self.{part}", hidden)) for part in ("query", "key", "value"))
        likeness = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        likeness = np.exp(likeness - likeness.max(-1, keepdims=True))
        likeness /= likeness.sum(-1, keepdims=True)
        seen = (likeness @ value).transpose(1, 0, 2).reshape(hidden.shape)
        hidden = self._normal(f"{at}.attention.output", hidden + self._linear(f"{at}.attention.output.dense", seen))
        inner = gelu(self._linear(f"{at}.intermediate.dense", hidden))
        return self._normal(f"{at}.output", hidden + self._linear(f"{at}.output.dense", inner))

    def _linear(self, name: str, values: Matrix) -> Matrix:
        found: Matrix = values @ self._weights[f"{name}.weight"]
        found += self._weights[f"{name}.bias"]
        return found

    def _normal(self, name: str, values: Matrix) -> Matrix:
        centred = values - values.mean(-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(-1, keepdims=True) + TINY)
        found: Matrix = centred / spread * self._weights[f"{name}.LayerNorm.weight"] + self._weights[f"{name}.LayerNorm.bias"]
        return found

    @staticmethod
    def _split(values: Matrix) -> Matrix:
        """Pieces x width as heads x pieces x width of a head."""
        return values.reshape(len(values), HEADS, -1).transpose(1, 0, 2)


def gelu(values: Matrix) -> Matrix:
    """The Gaussian error linear unit, by its approximation with tanh (Hendrycks and Gimpel 2016)."""
    inner = values * values
    inner *= np.float32(0.044715)
    inner += 1
    inner *= values
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= values
    inner *= np.float32(0.5)
    return inner


def shapes_of(logits: Matrix) -> dict[str, dict[str, float]]:
    """The logarithm of the chance of every case of every shape."""
    found: dict[str, dict[str, float]] = {}
    start = 0
    for shape, cases in SHAPES.items():
        own = logits[start : start + len(cases)].astype(float)
        own -= own.max()
        own -= np.log(np.exp(own).sum())
        found[shape] = dict(zip(cases, np.maximum(own, -FIRMEST).tolist(), strict=True))
        start += len(cases)
    return found


@lru_cache(maxsize=1)
def network() -> Network:
    """The weights that train/encoder_fit.py left in this folder, read when first asked for."""
    with as_file(files("analyst.models.builtin.encoder") / "encoder.npz") as path, np.load(path) as stored:
        return Network({name: stored[name] for name in stored.files})
