"""Chance for the demo: drawn a hundred times a case, so made of one call each."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import Generic, Protocol, TypeVar

_T = TypeVar("_T")
_Of_co = TypeVar("_Of_co", covariant=True)


class Row(Protocol[_Of_co]):
    """Anything with a length and places."""

    def __len__(self) -> int: ...
    def __getitem__(self, place: int, /) -> _Of_co: ...


class Dice(Random):
    """As Random, with quicker `choice` and `randrange` (even enough for ranges below 2⁴⁰)."""

    def choice(self, seq: Row[_T]) -> _T:
        """One of `seq`."""
        return seq[int(self.random() * len(seq))]

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """One of range(start, stop, step)."""
        if stop is None:
            start, stop = 0, start
        return start + step * int(self.random() * ((stop - start + step - 1) // step))


class Weighted(Generic[_T]):
    """Things to draw from, each as often as its weight says: (thing, weight)."""

    def __init__(self, pairs: Iterable[tuple[_T, float]]) -> None:
        pairs = list(pairs)
        self._things = [thing for thing, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))

    def draw(self, rng: Random) -> _T:
        """One of them. Raises IndexError when there are none."""
        return self._things[bisect(self._sums, rng.random() * self._sums[-1])]
