"""The reader's network as it serves, in NumPy: encoder over question and schema, decoder that writes plans side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analyst.models.reader.inputs import Inputs, Item
from analyst.models.reader.marks import ItemMark, Link, Mark
from analyst.plan.grammar import KEYWORDS

Floats = npt.NDArray[np.float32]

HEADS = 12
ENCODER_TINY, DECODER_TINY = 1e-12, 1e-5  # added to variances
POINTING = 3.0  # as in training
BLOCK_BYTES = 18


@dataclass(frozen=True, slots=True)
class Weights:
    """All arrays by name: matrices as row (out) by column (in), word rows in blocks of four bits."""

    arrays: Mapping[str, Floats]
    words: npt.NDArray[np.uint8]

    def __getitem__(self, name: str) -> Floats:
        return self.arrays[name]

    def layers(self, prefix: str) -> int:
        """How many layers stand under a prefix."""
        return sum(name.startswith(prefix) and name.endswith(".look.weight") for name in self.arrays)

    def linear(self, name: str, given: Floats) -> Floats:
        """A matrix and its shift."""
        return np.asarray(given @ self.arrays[f"{name}.weight"].T + self.arrays[f"{name}.bias"])

    def norm(self, name: str, given: Floats, tiny: float) -> Floats:
        """Mean 0 and deviation 1 for each row, then scaled and shifted."""
        centred = given - given.mean(-1, keepdims=True)
        deviation = np.sqrt(np.square(centred).mean(-1, keepdims=True) + np.float32(tiny))
        return np.asarray(centred / deviation * self.arrays[f"{name}.weight"] + self.arrays[f"{name}.bias"])


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the encoder made of a question: a vector for each piece and for each item."""

    memory: Floats
    items: Floats


def encode(weights: Weights, inputs: Inputs) -> Encoded:
    """Read a question."""
    length = len(inputs.pieces)
    given = words_of(weights, inputs.pieces) + weights["places"][:length] + flags(inputs.marks, len(Mark)) @ weights["marks"]
    keywords = np.array(inputs.keywords)
    given = weights.norm("norm", given + np.where(keywords[:, None] > 0, weights["keywords_before"][keywords], 0), ENCODER_TINY)
    links = drawn(inputs)
    for layer in range(weights.layers("layers.")):
        given = encoder_layer(weights, f"layers.{layer}", given, links)
    items = (
        weights.linear("item", pooled(inputs.items, given))
        + flags([item.marks for item in inputs.items], len(ItemMark)) @ weights["item_marks"]
    )
    return Encoded(weights.norm("memory_norm", given, DECODER_TINY), weights.norm("item_norm", items, DECODER_TINY))


def encoder_layer(weights: Weights, name: str, given: Floats, links: Floats) -> Floats:
    """Attention with a bias for how pieces stand to each other, then the feed-forward part."""
    length, width = given.shape
    query, key, value = split(weights.linear(f"{name}.look", given), 3)
    scores = query @ key.transpose(0, 2, 1) * np.float32(1 / math.sqrt(width // HEADS))
    scores += (weights[f"{name}.links"] @ links).reshape(HEADS, length, length)
    given = weights.norm(f"{name}.norm1", given + weights.linear(f"{name}.out", merged(softmax(scores) @ value)), ENCODER_TINY)
    inner = gelu(weights.linear(f"{name}.wide", given))
    return weights.norm(f"{name}.norm2", given + weights.linear(f"{name}.narrow", inner), ENCODER_TINY)


def words_of(weights: Weights, rows: Sequence[int]) -> Floats:
    """The vectors of word pieces, out of their blocks: a scale in half precision, then low and high halves of 16 bytes."""
    blocks = weights.words[list(rows)]
    scale = np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)
    halves = blocks[:, :, 2:BLOCK_BYTES]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - 8
    return np.asarray((numbers * scale).reshape(len(blocks), -1), np.float32)


def flags(numbers: Sequence[int], count: int) -> Floats:
    """Numbers with a bit for each mark -> a 0 or 1 for each mark."""
    packed = np.array(numbers, np.uint64)[:, None]
    return np.asarray(packed >> np.arange(count, dtype=np.uint64) & np.uint64(1), np.float32)


def drawn(inputs: Inputs) -> Floats:
    """The links as kind by pair of pieces."""
    length = len(inputs.pieces)
    links = np.zeros((len(Link), length, length), np.float32)
    for kind, top, bottom, left, right in inputs.links:
        links[kind, top:bottom, left:right] = 1
    return links.reshape(len(Link), length * length)


def pooled(items: Sequence[Item], given: Floats) -> Floats:
    """The mean of each item's pieces."""
    shares = np.zeros((len(items), len(given)), np.float32)
    for number, item in enumerate(items):
        for start, end in item.places:
            shares[number, start:end] = 1
    return np.asarray((shares / np.maximum(shares.sum(1, keepdims=True), 1)) @ given)


@dataclass(slots=True)
class PlanSteps:
    """A decoder over one question that writes plans side by side; see search.Steps."""

    weights: Weights
    encoded: Encoded
    vectors: Floats = field(init=False)
    memory: list[tuple[Floats, Floats]] = field(init=False)
    pointed: Floats = field(init=False)
    past: list[tuple[Floats, Floats]] = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        weights, names = self.weights, [f"decoder.{layer}" for layer in range(self.weights.layers("decoder."))]
        width = self.encoded.items.shape[1]
        self.vectors = np.concatenate([weights["start"], weights["keywords"], self.encoded.items])
        read = [split(weights.linear(f"{name}.read", self.encoded.memory), 2) for name in names]
        self.memory = [(key, value) for key, value in read]
        self.pointed = weights.linear("pointed", self.encoded.items).T * np.float32(POINTING / math.sqrt(width))
        nothing = np.zeros((1, HEADS, 0, width // HEADS), np.float32)
        self.past = [(nothing, nothing) for _ in names]

    def next(self, written: Sequence[int], parents: Sequence[int]) -> Floats:
        """Scores of what comes next, a row for each plan."""
        weights = self.weights
        place = min(self.count, len(weights["plan_places"]) - 1)
        given = self.vectors[np.array(written) + 1] + weights["plan_places"][place]
        for layer in range(len(self.past)):
            given = self.layer(layer, given, list(parents))
        self.count += 1
        given = weights.norm("last_norm", given, DECODER_TINY)
        return np.concatenate([weights.linear("to_keywords", given), weights.linear("point", given) @ self.pointed], axis=1)

    def layer(self, number: int, given: Floats, parents: list[int]) -> Floats:
        """Looks at the plan so far, then at the question's pieces."""
        weights, name = self.weights, f"decoder.{number}"
        size, width = given.shape
        sharpness = np.float32(1 / math.sqrt(width // HEADS))
        looked = weights.linear(f"{name}.look", weights.norm(f"{name}.norm1", given, DECODER_TINY)).reshape(size, 3, HEADS, 1, -1)
        key, value = (
            np.concatenate([past[parents], looked[:, part]], axis=2) for past, part in zip(self.past[number], (1, 2), strict=True)
        )
        self.past[number] = (key, value)
        seen = softmax(looked[:, 0] @ key.transpose(0, 1, 3, 2) * sharpness) @ value
        given = given + weights.linear(f"{name}.out", seen.reshape(size, width))
        asked = split(weights.linear(f"{name}.ask", weights.norm(f"{name}.norm2", given, DECODER_TINY)), 1)[0]
        key, value = self.memory[number]
        given = given + weights.linear(f"{name}.tell", merged(softmax(asked @ key.transpose(0, 2, 1) * sharpness) @ value))
        inner = gelu(weights.linear(f"{name}.wide", weights.norm(f"{name}.norm3", given, DECODER_TINY)))
        return given + weights.linear(f"{name}.narrow", inner)


def split(given: Floats, parts: int) -> Floats:
    """Row, parts x width -> part, head, row, depth."""
    return given.reshape(len(given), parts, HEADS, -1).transpose(1, 2, 0, 3)


def merged(given: Floats) -> Floats:
    """Head, row, depth -> row, width."""
    return given.transpose(1, 0, 2).reshape(given.shape[1], -1)


def softmax(scores: Floats) -> Floats:
    """Shares that sum to 1 along the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))


def gelu(given: Floats) -> Floats:
    """The smooth gate of the feed-forward parts, by hyperbolic tangent."""
    inner = np.float32(math.sqrt(2 / math.pi)) * (given + np.float32(0.044715) * given * given * given)
    return np.asarray(np.float32(0.5) * given * (1 + np.tanh(inner)))


def vocabulary_matches(weights: Weights) -> bool:
    """Whether weights were learned for the grammar and the marks of this code."""
    sizes = (len(weights["keywords"]), len(weights["marks"]), len(weights["item_marks"]))
    return sizes == (len(KEYWORDS), len(Mark), len(ItemMark))
