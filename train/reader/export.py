"""Learned weights -> the file that ships."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from analyst.models.reader.weights import SCALE, narrowed

KEPT = ("pieces", "scores", "words")
"""Arrays of the encoder's file that training does not change."""
LARGE = 100_000  # numbers from which on a matrix is kept as whole numbers


def shipped(encoder: Path, state: Mapping[str, torch.Tensor]) -> dict[str, np.ndarray]:
    """The arrays of the file."""
    with np.load(encoder) as kept:
        arrays = {name: kept[name] for name in KEPT}
    for name, tensor in state.items():
        array = tensor.detach().float().numpy()
        if name in KEPT:
            continue
        if array.ndim == 2 and array.size >= LARGE:
            arrays[name], arrays[name + SCALE] = narrowed(array)
        else:
            arrays[name] = array.astype(np.float16 if array.ndim == 2 else np.float32)
    return arrays


def export(encoder: Path, state: Mapping[str, torch.Tensor], out: Path) -> None:
    """Write the file, whole or not at all."""
    part = out.with_suffix(".part.npz")
    np.savez_compressed(part, **shipped(encoder, state))
    part.replace(out)
