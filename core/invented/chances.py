"""Weighted chance."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping
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


class Deck(Generic[_T]):
    """Cards drawn until none is left, then shuffled again: even a few draws show all of them."""

    def __init__(self, rng: Random, counts: Mapping[_T, int]) -> None:
        self._rng, self._left = rng, list[_T]()
        self._cards = [card for card, count in counts.items() for _ in range(count)]

    def draw(self) -> _T:
        """The next card."""
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()
