"""What is wrong with a packet: where, what, and what was expected, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from core.errors import CoreError
from core.text import Text, same

NOTHING = same("")
_SHOWN = 40


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


def filled(pattern: Text, **values: object) -> Text:
    """`pattern` with its fields filled in both languages."""
    return Text(pattern("zh", **values), pattern("en", **values))


def refused(path: str, error: CoreError) -> Problem:
    """A refusal of the core, as the problem of the value at `path`."""
    return Problem(path, Text(error.message("zh"), error.message("en")))


def shown(value: object) -> str:
    """`value` as it can stand in a sentence: on one line, not longer than a line."""
    words = " ".join(str(value).split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


def blocking(problems: list[Problem]) -> bool:
    """True when one of `problems` keeps the packet out."""
    return any(not problem.warns for problem in problems)
