"""The weights of traits, and the sum of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

WEIGHTS = "preference.json"
CHARTS = "preference_charts.json"


def preferred(known: Mapping[str, float], of: str = WEIGHTS) -> float:
    """The weighted sum of traits."""
    weights = learned(of)
    return sum(weights.get(name, 0.0) * value for name, value in known.items())


@lru_cache(maxsize=2)
def learned(of: str) -> dict[str, float]:
    """Weights, as train/preference.py fitted them."""
    found: dict[str, float] = json.loads((files("analyst.models.builtin") / of).read_text(encoding="utf-8"))
    return found
