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
CAST_FROM = 64  # rows from which on casting to bfloat16 pays


class Linear(nn.Linear):
    """Multiplied in bfloat16 where the input is large: twice to four times as fast on a CPU that has it, and exact enough."""

    def forward(self, given: Tensor) -> Tensor:
        if given[..., 0].numel() < CAST_FROM:
            return F.linear(given.float(), self.weight, self.bias)
        return F.linear(given.bfloat16(), self.weight.bfloat16(), self.bias.bfloat16()).float()


def gelu(given: Tensor) -> Tensor:
    """In the form that serving can compute without an error function."""
    return F.gelu(given, approximate="tanh")


def heads(given: Tensor, parts: int) -> Tensor:
    """Batch, length, parts x width -> parts, batch, head, length, depth."""
    batch, length, _ = given.shape
    return given.view(batch, length, parts, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)


def merged(given: Tensor) -> Tensor:
    """Batch, head, length, depth -> batch, length, width."""
    batch, _, length, _ = given.shape
    return given.transpose(1, 2).reshape(batch, length, WIDTH)


def attended(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, drop: nn.Dropout) -> Tensor:
    """Attention with a bias for each pair."""
    weights = torch.baddbmm(
        bias.expand(*query.shape[:3], key.shape[2]).flatten(0, 1), query.flatten(0, 1), key.flatten(0, 1).transpose(1, 2),
        alpha=1 / math.sqrt(WIDTH // HEADS),
    )  # fmt: skip
    return torch.bmm(drop(weights.softmax(-1)), value.flatten(0, 1)).view_as(query)


class EncoderLayer(nn.Module):
    """As in BERT, with a bias for how pieces stand to each other."""

    def __init__(self) -> None:
        super().__init__()
        self.look, self.out = Linear(WIDTH, 3 * WIDTH), Linear(WIDTH, WIDTH)
        self.wide, self.narrow = Linear(WIDTH, INNER), Linear(INNER, WIDTH)
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12), nn.LayerNorm(WIDTH, eps=1e-12)
        self.links = nn.Parameter(torch.zeros(HEADS, len(Link)))
        self.drop = nn.Dropout(DROPPED)

    def forward(self, given: Tensor, linked: Tensor, hidden: Tensor) -> Tensor:
        batch, length, _ = given.shape
        bias = (self.links @ linked).view(batch, HEADS, length, length) + hidden
        query, key, value = heads(self.look(given), 3)
        given = self.norm1(given + self.drop(self.out(merged(attended(query, key, value, bias, self.drop)))))
        return self.norm2(given + self.drop(self.narrow(gelu(self.wide(given)))))


class DecoderLayer(nn.Module):
    """Looks at the plan so far, then at the pieces."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.look, self.out = Linear(WIDTH, 3 * WIDTH), Linear(WIDTH, WIDTH)
        self.ask, self.read, self.tell = Linear(WIDTH, WIDTH), Linear(WIDTH, 2 * WIDTH), Linear(WIDTH, WIDTH)
        self.wide, self.narrow = Linear(WIDTH, DECODER_INNER), Linear(DECODER_INNER, WIDTH)
        self.drop = nn.Dropout(DROPPED)

    def forward(self, given: Tensor, memory: Tensor, hidden: Tensor, later: Tensor) -> Tensor:
        query, key, value = heads(self.look(self.norm1(given)), 3)
        given = given + self.drop(self.out(merged(attended(query, key, value, later, self.drop))))
        (query,), (key, value) = heads(self.ask(self.norm2(given)), 1), heads(self.read(memory), 2)
        given = given + self.drop(self.tell(merged(attended(query, key, value, hidden, self.drop))))
        return given + self.drop(self.narrow(gelu(self.wide(self.norm3(given)))))


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
        self.drop = nn.Dropout(DROPPED)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Scores of what comes next at each place (batch, place, keyword then item), and of each item to be used at all."""
        memory, items = self.encode(batch)
        return self.decode(batch, memory, items), self.used(items).squeeze(-1)

    def encode(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """A vector for each piece, and one for each item."""
        size, length = batch.pieces.shape
        given = F.embedding(batch.pieces, self.words) + self.places[:length] + batch.marks @ self.marks
        given = self.drop(self.norm(given + F.embedding(batch.keywords, self.keywords_before, padding_idx=0)))
        linked, hidden = batch.links.view(size, len(Link), length * length), NEVER * batch.hidden[:, None, None]
        for layer in self.layers:
            given = layer(given, linked, hidden)
        items = self.item_norm(self.item(batch.pooled @ given) + batch.item_marks @ self.item_marks)
        return self.memory_norm(given), items

    def decode(self, batch: Batch, memory: Tensor, items: Tensor) -> Tensor:
        """Scores of what comes next, given all of the plan that stands before."""
        size, length = batch.written.shape
        vectors = torch.cat([self.start.expand(size, 1, WIDTH), self.keywords.expand(size, len(KEYWORDS), WIDTH), items], 1)
        written = vectors.gather(1, batch.written[:, :, None].expand(size, length, WIDTH))
        given = self.drop(written + self.plan_places[:length])
        later = torch.full((length, length), NEVER, device=given.device).triu(1)
        hidden = NEVER * batch.hidden[:, None, None]
        for layer in self.decoder:
            given = layer(given, memory, hidden, later)
        given = self.last_norm(given)
        pointing = self.point(given) @ self.pointed(items).transpose(1, 2) * (POINTING / math.sqrt(WIDTH))
        return torch.cat([self.to_keywords(given), pointing], -1) + NEVER * batch.barred


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
