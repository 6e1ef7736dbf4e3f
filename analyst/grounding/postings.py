"""Keys with the numbers of those that have them, in two arrays: small to keep, quick to make of millions of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
NONE: Numbers = np.empty(0, dtype=np.int32)


class Postings:
    """From a key to the numbers of its owners, in ascending order."""

    __slots__ = ("_bounds", "_owners", "codes")

    def __init__(self, codes: dict[str, int], coded: Numbers, owners: Numbers) -> None:
        """Pairs of a key, by its code, and an owner, who comes in ascending order; a pair that comes twice counts once."""
        order = np.argsort(coded, kind="stable")
        coded, owners = coded[order], owners[order]
        if len(coded):
            fresh = np.concatenate(([True], (coded[1:] != coded[:-1]) | (owners[1:] != owners[:-1])))
            coded, owners = coded[fresh], owners[fresh]
        self.codes = codes
        self._owners: Numbers = owners.astype(np.int32)
        self._bounds = np.searchsorted(coded, np.arange(len(codes) + 1)).astype(np.int32)

    def __contains__(self, key: str) -> bool:
        return key in self.codes

    def __len__(self) -> int:
        return len(self.codes)

    def find(self, key: str) -> Numbers:
        """The owners of a key; none where it is unknown."""
        code = self.codes.get(key)
        return NONE if code is None else self._owners[self._bounds[code] : self._bounds[code + 1]]


def postings(pairs: Iterable[tuple[str, int]]) -> Postings:
    """Postings of keys and owners, in the order of the owners; empty keys are left out."""
    kept = [(key, at) for key, at in pairs if key]
    return coded([key for key, _ in kept], np.array([at for _, at in kept], dtype=np.int32))


def coded(keys: Sequence[str], owners: Numbers) -> Postings:
    """Postings of one key an owner, in the order of the owners."""
    codes = numbered(keys)
    return Postings(codes, np.fromiter(map(codes.__getitem__, keys), dtype=np.int32, count=len(keys)), owners)


def numbered(keys: Iterable[str]) -> dict[str, int]:
    """Different keys with a number each, from 0 in the order in which they come."""
    different = dict.fromkeys(keys)
    return dict(zip(different, range(len(different)), strict=True))
