"""Passing on what one part of a run has read to the next, which need not read it again."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Handover(Generic[Value]):
    """A place for one value within one run, taken once: a later run finds nothing and reads anew.

    A fragment is run again with the arguments of its first run. What it is given this way instead
    cannot be used a second time, when it may be out of date.
    """

    def __init__(self, name: str) -> None:
        self._held: ContextVar[Value | None] = ContextVar(name, default=None)

    def give(self, value: Value) -> None:
        """Leave `value` for whoever asks next in this run."""
        self._held.set(value)

    def take(self) -> Value | None:
        """What was left, and nothing for whoever asks after this."""
        value = self._held.get()
        self._held.set(None)
        return value
