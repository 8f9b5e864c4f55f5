"""Weighted chance."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Weighted(Generic[_T]):
    """Things to draw from, each as often as its weight says: (thing, weight)."""

    def __init__(self, pairs: Iterable[tuple[_T, float]]) -> None:
        pairs = list(pairs)
        self._things = [thing for thing, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))

    def draw(self, rng: Random) -> _T:
        """One of them. Raises IndexError when there are none."""
        return self._things[bisect(self._sums, rng.random() * self._sums[-1])]
