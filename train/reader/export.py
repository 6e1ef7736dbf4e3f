"""Learned weights -> the file that ships: two graphs whose matrices are whole numbers of eight bits, and the rows before them."""

from __future__ import annotations

import math
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper
from torch import Tensor, nn

from analyst.models.reader.marks import ItemMark, Link
from train.reader.lessons import LONGEST_PLAN
from train.reader.network import HEADS, POINTING, WIDTH, Network, exactly, fresh

KEPT = ("pieces", "scores", "words")
"""Arrays of the encoder's file that training does not change."""
ROWS = ("places", "marks", "keywords_before")
DEPTH = WIDTH // HEADS
SHARPNESS = 1 / math.sqrt(DEPTH)
OPSET = 18
LARGE = 100_000  # numbers of a matrix from which on it is kept as whole numbers
MOST = 127  # the largest of these


class Reading(nn.Module):
    """The encoder for one question, up to what each layer of the decoder looks at."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, given: Tensor, links: Tensor, pooled: Tensor, item_marks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Vectors of what can be written, keys and values for the decoder, items as they are pointed at."""
        network, length = self.network, given.shape[0]
        given = network.norm(given)
        for layer in network.layers:
            bias = (layer.links @ links.flatten(1)).view(HEADS, length, length)
            query, key, value = layer.look(given).view(length, 3, HEADS, DEPTH).permute(1, 2, 0, 3).unbind(0)
            seen = (query @ key.transpose(1, 2) * SHARPNESS + bias).softmax(-1) @ value
            given = layer.norm1(given + layer.out(seen.permute(1, 0, 2).reshape(length, WIDTH)))
            given = layer.norm2(given + layer.narrow(F.gelu(layer.wide(given))))
        items = network.item_norm(network.item(pooled @ given) + item_marks @ network.item_marks)
        memory = network.memory_norm(given)
        keys = torch.stack([layer.read(memory).view(length, 2, HEADS, DEPTH).permute(1, 2, 0, 3) for layer in network.decoder])
        vectors = torch.cat([network.start, network.keywords, items])
        return vectors, keys, network.pointed(items).t() * (POINTING / math.sqrt(WIDTH))


class Writing(nn.Module):
    """One step of the decoder for several plans side by side."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, given: Tensor, place: Tensor, keys: Tensor, past: Tensor, pointed: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of what comes next, and the keys and values of all tokens so far."""
        network, size = self.network, given.shape[0]
        given = given + network.plan_places[place.clamp(max=LONGEST_PLAN - 1)]
        present: list[Tensor] = []
        for number, layer in enumerate(network.decoder):
            query, key, value = layer.look(layer.norm1(given)).view(size, 3, HEADS, 1, DEPTH).unbind(1)
            key, value = torch.cat([past[number, 0], key], 2), torch.cat([past[number, 1], value], 2)
            present.append(torch.stack([key, value]))
            seen = (query @ key.transpose(2, 3) * SHARPNESS).softmax(-1) @ value
            given = given + layer.out(seen.reshape(size, WIDTH))
            asked = layer.ask(layer.norm2(given)).view(size, HEADS, DEPTH).transpose(0, 1)
            seen = (asked @ keys[number, 0].transpose(1, 2) * SHARPNESS).softmax(-1) @ keys[number, 1]
            given = given + layer.tell(seen.transpose(0, 1).reshape(size, WIDTH))
            given = given + layer.narrow(F.gelu(layer.wide(layer.norm3(given))))
        given = network.last_norm(given)
        return torch.cat([network.to_keywords(given), network.point(given) @ pointed], -1), torch.stack(present)


def export(encoder: Path, state: dict[str, Tensor], out: Path, whole_numbers: bool = True) -> None:
    """Write the file, whole or not at all; `whole_numbers` false keeps single precision, to compare with."""
    network = fresh(encoder)
    network.load_state_dict({name: tensor.cpu() for name, tensor in state.items()}, strict=False)
    exactly(network.eval())
    with np.load(encoder) as kept:
        arrays = {name: kept[name] for name in KEPT}
    arrays |= {name: getattr(network, name).detach().numpy().astype(np.float16) for name in ROWS}
    arrays |= {"reading": graph(Reading(network), reading_example(), READING, whole_numbers)}
    arrays |= {"writing": graph(Writing(network), writing_example(), WRITING, whole_numbers)}
    part = out.with_suffix(".part.npz")
    np.savez_compressed(part, **arrays)
    part.replace(out)


READING = {
    "given": {0: "pieces"}, "links": {1: "pieces", 2: "pieces"}, "pooled": {0: "items", 1: "pieces"}, "item_marks": {0: "items"},
    "vectors": {0: "tokens"}, "keys": {3: "pieces"}, "pointed": {1: "items"},
}  # fmt: skip
WRITING = {
    "given": {0: "plans"}, "place": {}, "keys": {3: "pieces"}, "past": {2: "plans", 4: "before"}, "pointed": {1: "items"},
    "scores": {0: "plans", 1: "tokens"}, "present": {2: "plans", 4: "written"},
}  # fmt: skip
"""Names of what goes in and comes out, in order, with the sizes that vary."""
PIECES, ITEMS, PLANS, BEFORE = 7, 5, 3, 2


def reading_example() -> tuple[Tensor, ...]:
    """Something of the right shape."""
    return torch.randn(PIECES, WIDTH), torch.zeros(len(Link), PIECES, PIECES), torch.rand(ITEMS, PIECES), torch.zeros(ITEMS, len(ItemMark))


def writing_example() -> tuple[Tensor, ...]:
    """Something of the right shape."""
    layers = 3
    keys, past = torch.randn(layers, 2, HEADS, PIECES, DEPTH), torch.randn(layers, 2, PLANS, HEADS, BEFORE, DEPTH)
    return torch.randn(PLANS, WIDTH), torch.tensor([BEFORE]), keys, past, torch.randn(WIDTH, ITEMS)


def graph(module: nn.Module, example: tuple[Tensor, ...], sizes: dict[str, dict[int, str]], whole_numbers: bool) -> np.ndarray:
    """A module as the bytes of a graph."""
    names = list(sizes)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = Path(folder) / "graph.onnx"
        torch.onnx.export(
            module, example, str(file), dynamo=False, opset_version=OPSET, dynamic_axes=sizes,
            input_names=names[: len(example)], output_names=names[len(example) :],
        )  # fmt: skip
        written = onnx.load(file)
    if whole_numbers:
        narrow(written.graph)
    return np.frombuffer(written.SerializeToString(), np.uint8)


def narrow(written: onnx.GraphProto) -> None:
    """Keep each large matrix as whole numbers with a scale for each of its outputs; the runtime widens them once, when it loads.

    The products are taken in single precision: whole numbers there too would be faster still, and are not exact enough.
    """
    transposed = {node.input[1] for node in written.node if node.op_type == "Gemm"}
    for matrix in [one for one in written.initializer if len(one.dims) == 2 and math.prod(one.dims) >= LARGE]:
        numbers, axis = numpy_helper.to_array(matrix), 1 if matrix.name in transposed else 0
        scale = np.maximum(np.abs(numbers).max(axis, keepdims=True), 1e-8) / MOST
        parts = {"whole": np.rint(numbers / scale).astype(np.int8), "scale": scale.astype(np.float32)}
        names = {part: f"{matrix.name}.{part}" for part in (*parts, "wide")}
        written.initializer.extend(numpy_helper.from_array(array, names[part]) for part, array in parts.items())
        cast = helper.make_node("Cast", [names["whole"]], [names["wide"]], to=onnx.TensorProto.FLOAT)
        scaled = helper.make_node("Mul", [names["wide"], names["scale"]], [matrix.name])
        written.initializer.remove(matrix)
        written.node.insert(0, scaled)
        written.node.insert(0, cast)
