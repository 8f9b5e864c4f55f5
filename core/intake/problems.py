"""What is wrong with a packet: where, what, and what was expected, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import CoreError
from core.text import Text, same

NOTHING = same("")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a packet.

    path: JSON path of the value, e.g. `$.person.id_number`. expected: empty when `what` says it.
    warns: a remark only; the packet is taken in all the same.
    """

    path: str
    what: Text
    expected: Text = NOTHING
    warns: bool = False


def refused(path: str, error: CoreError) -> Problem:
    """A refusal of the core, as the problem of the value at `path`."""
    return Problem(path, error.words)


def blocking(problems: list[Problem]) -> bool:
    """True when one of `problems` keeps the packet out."""
    return any(not problem.warns for problem in problems)
