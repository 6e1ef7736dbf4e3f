"""The reader's weights as they ship: matrices as whole numbers with a scale a row, word rows in blocks of four bits, pieces as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analyst.models.reader.network import Floats, Weights
from analyst.models.reader.pieces import Pieces

FILE = Path(__file__).with_name("reader.npz")
SCALE = ".scale"
MOST = 127  # the largest of the whole numbers

Arrays = Mapping[str, npt.NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Model:
    """A vocabulary and the weights learned for it."""

    pieces: Pieces
    weights: Weights


@lru_cache(maxsize=2)
def load(file: Path = FILE) -> Model:
    """The model of a file."""
    with np.load(file) as kept:
        return model_of({name: kept[name] for name in kept.files})


def model_of(arrays: Arrays) -> Model:
    """The model of a file's arrays."""
    texts = arrays["pieces"].tobytes().decode().split("\n")
    pieces = Pieces(texts, arrays["scores"].tolist())
    rest = {name: array for name, array in arrays.items() if name not in ("pieces", "scores", "words")}
    scales = {name.removesuffix(SCALE): array for name, array in rest.items() if name.endswith(SCALE)}
    plain = {name: widened(array, scales.get(name)) for name, array in rest.items() if not name.endswith(SCALE)}
    return Model(pieces, Weights(plain, np.asarray(arrays["words"], np.uint8)))


def widened(array: npt.NDArray[np.generic], scale: npt.NDArray[np.generic] | None) -> Floats:
    """An array in single precision."""
    numbers = np.asarray(array, np.float32)
    return numbers if scale is None else numbers * np.asarray(scale, np.float32)[:, None]


def narrowed(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """A matrix as whole numbers, and the scale of each row."""
    scale = np.maximum(np.abs(matrix).max(1), 1e-8) / MOST
    return np.asarray(np.rint(matrix / scale[:, None]), np.int8), np.asarray(scale, np.float32)
