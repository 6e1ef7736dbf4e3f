"""The reader's network as it serves: two graphs for onnxruntime, one that reads a question, one that writes plans side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from analyst.models.reader.inputs import Inputs, Item
from analyst.models.reader.marks import ItemMark, Link, Mark

Floats = npt.NDArray[np.float32]

BLOCK_BYTES = 18
THREADS = 1  # of a question; several questions come at once, and a plan is written in small steps


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: the two graphs, and the rows that are summed up before the first."""

    reading: ort.InferenceSession
    """Pieces' vectors, links, items' shares of pieces, item marks -> vectors of what can be written, keys and values of the pieces for
    each layer of the decoder, and the items as they are pointed at."""
    writing: ort.InferenceSession
    """Vectors of the last tokens, keys and values of pieces and of the tokens before, items -> scores, and this token's keys and values."""
    words: npt.NDArray[np.uint8]
    """Rows of word pieces in blocks of four bits: piece, block, byte."""
    places: Floats
    marks: Floats
    keywords_before: Floats


@dataclass(frozen=True, slots=True)
class Encoded:
    """What the first graph made of a question."""

    vectors: Floats
    """Of the start, each keyword and each item."""
    keys: Floats
    """Layer, keys or values, head, piece, depth."""
    pointed: Floats
    """Depth, item."""


def session(graph: bytes) -> ort.InferenceSession:
    """A graph made ready on this machine's processor."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = THREADS
    return ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def encode(weights: Weights, inputs: Inputs) -> Encoded:
    """Read a question."""
    given = words_of(weights.words, inputs.pieces) + weights.places[: len(inputs.pieces)]
    given = given + flags(inputs.marks, len(Mark)) @ weights.marks + weights.keywords_before[list(inputs.keywords)]
    marks = flags([item.marks for item in inputs.items], len(ItemMark))
    feed = {"given": given, "links": drawn(inputs), "pooled": shares(inputs.items, len(given)), "item_marks": marks}
    return Encoded(*weights.reading.run(["vectors", "keys", "pointed"], feed))


def words_of(words: npt.NDArray[np.uint8], rows: Sequence[int]) -> Floats:
    """The vectors of word pieces, out of their blocks: a scale in half precision, then low and high halves of 16 bytes."""
    blocks = words[list(rows)]
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
    return links


def shares(items: Sequence[Item], length: int) -> Floats:
    """Each item's share of the pieces that speak of it: item by piece."""
    found = np.zeros((len(items), length), np.float32)
    for number, item in enumerate(items):
        for start, end in item.places:
            found[number, start:end] = 1
    return np.asarray(found / np.maximum(found.sum(1, keepdims=True), 1))


@dataclass(slots=True)
class PlanSteps:
    """A decoder over one question that writes plans side by side; see search.Steps."""

    weights: Weights
    encoded: Encoded
    past: Floats = field(init=False)
    """Layer, keys or values, plan, head, token, depth."""
    places: int = 0

    def __post_init__(self) -> None:
        layers, parts, heads, _, depth = self.encoded.keys.shape
        self.past = np.zeros((layers, parts, 1, heads, 0, depth), np.float32)

    def next(self, written: Sequence[int], parents: Sequence[int]) -> Floats:
        """Scores of what comes next, a row for each plan."""
        feed = {
            "given": self.encoded.vectors[np.array(written) + 1],
            "place": np.array([self.places], np.int64),
            "keys": self.encoded.keys,
            "past": self.past[:, :, list(parents)],
            "pointed": self.encoded.pointed,
        }
        scores, self.past = self.weights.writing.run(["scores", "present"], feed)
        self.places += 1
        return np.asarray(scores, np.float32)
