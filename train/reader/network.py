"""The reader's network for training: encoder over question and schema, decoder over the plan, pointers to items."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from analyst.models.reader.marks import ItemMark, Link, Mark
from analyst.plan.grammar import KEYWORDS
from train.reader.batches import Batch
from train.reader.encoder import POSITIONS, unpacked
from train.reader.lessons import LONGEST_PLAN

WIDTH, HEADS, INNER, LAYERS = 384, 12, 1536, 6
DECODER_LAYERS, DECODER_INNER = 3, 1152
DROPPED = 0.1
NEVER = -1e4
POINTING = 3.0  # sharpens pointers, whose products of normalised vectors are small
PIECES_HIDDEN = len(Link)
"""The plane after the links' own: 1 where a piece is padding."""


class Linear(nn.Linear):
    """Multiplied in bfloat16, several times as fast on a CPU that has it, and exact enough; `exact` keeps single precision."""

    exact = False

    def forward(self, given: Tensor) -> Tensor:
        """In bfloat16 unless exact."""
        if self.exact:
            return F.linear(given, self.weight, self.bias)
        return F.linear(given.bfloat16(), self.weight.bfloat16(), self.bias.bfloat16())


def exactly(network: nn.Module) -> None:
    """Compute in single precision from here on."""
    for module in network.modules():
        if isinstance(module, Linear):
            module.exact = True


class Drop(nn.Module):
    """Leaves out some numbers of the vectors, for all pieces of a question the same ones: far fewer random numbers are drawn."""

    def forward(self, given: Tensor) -> Tensor:
        """In single precision, as sums are."""
        if not self.training:
            return given.float()
        kept = torch.rand(len(given), 1, given.shape[-1], device=given.device) >= DROPPED
        return given * (kept / (1 - DROPPED))


def heads(given: Tensor, parts: int) -> tuple[Tensor, ...]:
    """Batch, length, parts x width -> for each part head x batch, length, depth."""
    batch, length, _ = given.shape
    split = given.view(batch, length, parts, HEADS, WIDTH // HEADS).permute(2, 3, 0, 1, 4)
    return tuple(split.reshape(parts, HEADS * batch, length, WIDTH // HEADS))


def merged(given: Tensor) -> Tensor:
    """Head x batch, length, depth -> batch, length, width."""
    _, length, depth = given.shape
    return given.view(HEADS, -1, length, depth).permute(1, 2, 0, 3).reshape(-1, length, WIDTH)


def attended(query: Tensor, key: Tensor, value: Tensor, bias: Tensor) -> Tensor:
    """Attention with a bias for each pair: head x batch, query, key."""
    scores = torch.baddbmm(bias.to(query.dtype), query, key.transpose(1, 2), alpha=1 / math.sqrt(WIDTH // HEADS))
    return torch.bmm(scores.softmax(-1), value)


class EncoderLayer(nn.Module):
    """As in BERT, with a bias for how pieces stand to each other."""

    def __init__(self) -> None:
        super().__init__()
        self.look, self.out = Linear(WIDTH, 3 * WIDTH), Linear(WIDTH, WIDTH)
        self.wide, self.narrow = Linear(WIDTH, INNER), Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.links = nn.Parameter(torch.zeros(HEADS, len(Link)))
        self.drop = Drop()

    def forward(self, given: Tensor, linked: Tensor) -> Tensor:
        """`linked` is kind of link (and padding) by pairs of pieces of the whole batch."""
        batch, length, _ = given.shape
        weights = torch.cat([self.links, self.links.new_full((HEADS, 1), NEVER)], 1)
        bias = (weights.to(linked.dtype) @ linked).view(HEADS * batch, length, length)
        given = self.norm1(given + self.drop(self.out(merged(attended(*heads(self.look(given), 3), bias)))))
        return self.norm2(given + self.drop(self.narrow(F.gelu(self.wide(given)))))


class DecoderLayer(nn.Module):
    """Looks at the plan so far, then at the pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.look, self.out = Linear(WIDTH, 3 * WIDTH), Linear(WIDTH, WIDTH)
        self.ask, self.read, self.tell = Linear(WIDTH, WIDTH), Linear(WIDTH, 2 * WIDTH), Linear(WIDTH, WIDTH)
        self.wide, self.narrow = Linear(WIDTH, DECODER_INNER), Linear(DECODER_INNER, WIDTH)
        self.drop = Drop()

    def forward(self, given: Tensor, memory: Tensor, hidden: Tensor, later: Tensor) -> Tensor:
        """`hidden` is the bias against padding, `later` the one against what is not written yet."""
        given = given + self.drop(self.out(merged(attended(*heads(self.look(self.norm1(given)), 3), later))))
        (query,), (key, value) = heads(self.ask(self.norm2(given)), 1), heads(self.read(memory), 2)
        given = given + self.drop(self.tell(merged(attended(query, key, value, hidden))))
        return given + self.drop(self.narrow(F.gelu(self.wide(self.norm3(given)))))


def rows(count: int, spread: float = 0.02) -> nn.Parameter:
    """Learned vectors, small at first."""
    return nn.Parameter(torch.randn(count, WIDTH) * spread)


class Network(nn.Module):
    """From a batch to a score for each keyword and item at each place of the plan."""

    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.words = nn.Parameter(torch.zeros(vocabulary, WIDTH), requires_grad=False)
        self.places = nn.Parameter(torch.zeros(POSITIONS, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.marks, self.keywords_before = rows(len(Mark)), rows(len(KEYWORDS) + 1)
        self.keywords_before.data[0] = 0  # no keyword; it gets no gradient
        self.layers = nn.ModuleList(EncoderLayer() for _ in range(LAYERS))
        self.memory_norm, self.item_norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.item, self.item_marks = Linear(WIDTH, WIDTH), rows(len(ItemMark))
        self.used = nn.Linear(WIDTH, 1)
        self.keywords, self.start, self.plan_places = rows(len(KEYWORDS), 0.05), rows(1, 0.05), rows(LONGEST_PLAN)
        self.decoder = nn.ModuleList(DecoderLayer() for _ in range(DECODER_LAYERS))
        self.last_norm = nn.LayerNorm(WIDTH)
        self.to_keywords, self.point, self.pointed = nn.Linear(WIDTH, len(KEYWORDS)), Linear(WIDTH, WIDTH), Linear(WIDTH, WIDTH)
        self.drop = Drop()

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scores of what comes next at each place (batch, place, keyword then item), and of each item to be used at all."""
        memory, items = self.encode(batch)
        return self.decode(batch, memory, items), self.used(items).squeeze(-1)

    def encode(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """A vector for each piece, and one for each item."""
        length = batch.pieces.shape[1]
        given = F.embedding(batch.pieces, self.words) + self.places[:length] + batch.marks @ self.marks
        given = self.drop(self.norm(given + F.embedding(batch.keywords, self.keywords_before, padding_idx=0)))
        linked = batch.links.flatten(1) if self.item.exact else batch.links.flatten(1).bfloat16()
        for layer in self.layers:
            given = layer(given, linked)
        items = self.item_norm(self.item(batch.pooled @ given) + batch.item_marks @ self.item_marks)
        return self.memory_norm(given), items

    def decode(self, batch: Batch, memory: Tensor, items: Tensor) -> Tensor:
        """Scores of what comes next, given all of the plan that stands before."""
        size, length = batch.written.shape
        vectors = torch.cat([self.start.expand(size, 1, WIDTH), self.keywords.expand(size, len(KEYWORDS), WIDTH), items], 1)
        written = vectors.gather(1, batch.written[:, :, None].expand(size, length, WIDTH))
        given = self.drop(written + self.plan_places[:length])
        later = torch.full((length, length), NEVER, device=given.device).triu(1).expand(HEADS * size, length, length)
        pieces = NEVER * batch.links[PIECES_HIDDEN, :, :1]
        hidden = pieces.expand(HEADS, size, length, pieces.shape[-1]).reshape(HEADS * size, length, -1)
        for layer in self.decoder:
            given = layer(given, memory, hidden, later)
        given = self.last_norm(given)
        pointing = self.point(given) @ self.pointed(items).transpose(1, 2) * (POINTING / math.sqrt(WIDTH))
        return torch.cat([self.to_keywords(given), pointing.float()], -1) + NEVER * batch.barred


def fresh(encoder: Path) -> Network:
    """A network that knows what the encoder knows, and nothing else."""
    with np.load(encoder) as kept:
        network = Network(len(kept["words"]))
        given = {name: torch.from_numpy(kept[name]) for name in kept.files if name.startswith("layers.") or name == "places"}
        given |= {"words": torch.from_numpy(unpacked(kept["words"])), "norm.weight": torch.from_numpy(kept["norm.scale"])}
        given |= {"norm.bias": torch.from_numpy(kept["norm.shift"])}
    missing, unexpected = network.load_state_dict(given, strict=False)
    assert not unexpected, unexpected
    assert not [name for name in missing if name.startswith("layers.") and not name.endswith(".links")]
    return network
