"""The file of the reader's weights: the vocabulary, the graphs, and the rows that are summed up before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analyst.models.reader.network import Weights, session
from analyst.models.reader.pieces import Pieces

FILE = Path(__file__).with_name("reader.npz")

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
        arrays = {name: kept[name] for name in kept.files}
    rows = {name: np.asarray(arrays[name], np.float32) for name in ("places", "marks", "keywords_before")}
    graphs = {name: session(arrays[name].tobytes()) for name in ("reading", "writing")}
    return Model(pieces_of(arrays), Weights(words=np.asarray(arrays["words"], np.uint8), **graphs, **rows))


def pieces_of(arrays: Arrays) -> Pieces:
    """The vocabulary of a file's arrays."""
    return Pieces(arrays["pieces"].tobytes().decode().split("\n"), arrays["scores"].tolist())
