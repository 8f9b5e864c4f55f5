"""A brake on guessing: how many failures a key may have within a window, kept in memory.

Each server process counts for itself and forgets when it restarts; what must outlive that (the
lock of an account) is kept in the database by `core.accounts.users`.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

KEYS_KEPT = 20_000
"""Oldest keys are forgotten beyond this, so that a flood of addresses cannot fill the memory."""


class Throttle:
    """At most `limit` failures per key within `window`; then it waits for the oldest to age."""

    def __init__(self, limit: int, window: timedelta) -> None:
        self.limit = limit
        self.window = window
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str, now: datetime) -> timedelta:
        """How long `key` has to wait; zero or less when it may try."""
        with self._lock:
            failures = self._failures.get(key)
            if failures is None or len(failures) < self.limit:
                return timedelta()
            return failures[0] + self.window - now

    def note(self, key: str, now: datetime) -> None:
        """Count a failure of `key`."""
        with self._lock:
            failures = self._failures.setdefault(key, deque(maxlen=self.limit))
            failures.append(now)
            self._failures.move_to_end(key)
            if len(self._failures) > KEYS_KEPT:
                self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        """Wipe the slate of `key`."""
        with self._lock:
            self._failures.pop(key, None)
