"""How far a long command has come: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import time
from typing import TextIO

_WIDTH = 30
_ON_TERMINAL, _ELSEWHERE = 0.1, 5.0  # seconds between two


class Progress:
    """Call it with work done and in all, as often as wanted; it prints to `out` now and then."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._terminal = out, out.isatty()
        self._pause = _ON_TERMINAL if self._terminal else _ELSEWHERE
        self._last = time.monotonic()

    def __call__(self, done: int, every: int) -> None:
        """Show `done` of `every`."""
        now = time.monotonic()
        ended = self._terminal and done >= every
        if not ended and now - self._last < self._pause:
            return
        self._last = now
        if self._terminal:
            full = _WIDTH * done // max(every, 1)
            bar = "█" * full + "·" * (_WIDTH - full)
            self._out.write(f"\r{bar} {done:,} / {every:,}" + ("\n" if ended else ""))
        else:
            self._out.write(f"{done:,} / {every:,}\n")
        self._out.flush()
