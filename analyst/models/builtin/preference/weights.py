"""The weights of traits, and the sum of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

WEIGHTS = "preference.json"


def preferred(known: Mapping[str, float]) -> float:
    """The weighted sum of traits."""
    weights = learned()
    return sum(weights.get(name, 0.0) * value for name, value in known.items())


@lru_cache(maxsize=1)
def learned() -> dict[str, float]:
    """Weights, as train/preference.py fitted them."""
    found: dict[str, float] = json.loads((files("analyst.models.builtin") / WEIGHTS).read_text(encoding="utf-8"))
    return found
