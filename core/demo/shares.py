"""The demo cut into shares that are made at the same time and know nothing of each other.

A share has every n-th case, people born on every n-th day, and some of the provinces with their
employers. So no two shares give out the same identity number, registration number or seal number
(series belong to a province or to an employer), and each continues history chains of its own, as
case numbers go round both the shares and the chains.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.audit import history

_LARGE, _SHARES = 30_000, 2


@dataclass(frozen=True, slots=True)
class Share:
    """Share `place` (from 0) of `of`. Raises ValueError unless `of` divides the chains."""

    place: int = 0
    of: int = 1

    def __post_init__(self) -> None:
        if history.CHAINS % self.of:
            raise ValueError(f"{self.of} shares cannot have chains of their own")

    def has(self, number: int) -> bool:
        """Whether a case or chain of history with this number is the share's own."""
        return (number - self.place - 1) % self.of == 0

    def own(self, number: int) -> int:
        """The share's next number after `number`, one of its own; 0 gives its first."""
        return number + self.of if number else self.place + 1


def shares_of(cases: int) -> list[Share]:
    """How a demo of so many cases is cut; the same on every machine.

    Below some size the processes cost more than they bring.
    """
    of = _SHARES if cases >= _LARGE else 1
    return [Share(place, of) for place in range(of)]
