"""Keys with the numbers of those that have them, in two arrays: small to keep, quick to make of millions of pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
NONE: Numbers = np.empty(0, dtype=np.int32)


class Postings:
    """From a key to the numbers of its owners, in ascending order."""

    __slots__ = ("_bounds", "_owners", "codes")

    def __init__(self, keys: Sequence[str], owners: Numbers) -> None:
        """One key an owner; a pair that is given twice counts once where the owners of a key follow one another."""
        self.codes: dict[str, int] = {key: code for code, key in enumerate(dict.fromkeys(keys))}
        codes = np.fromiter(map(self.codes.__getitem__, keys), dtype=np.int32, count=len(keys))
        order = np.lexsort((owners, codes))
        codes, owners = codes[order], owners[order]
        if len(codes):
            fresh = np.concatenate(([True], (codes[1:] != codes[:-1]) | (owners[1:] != owners[:-1])))
            codes, owners = codes[fresh], owners[fresh]
        self._owners: Numbers = owners.astype(np.int32)
        self._bounds = np.searchsorted(codes, np.arange(len(self.codes) + 1)).astype(np.int32)

    def __contains__(self, key: str) -> bool:
        return key in self.codes

    def __len__(self) -> int:
        return len(self.codes)

    def find(self, key: str) -> Numbers:
        """The owners of a key; none where it is unknown."""
        code = self.codes.get(key)
        return NONE if code is None else self._owners[self._bounds[code] : self._bounds[code + 1]]
