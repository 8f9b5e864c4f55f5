"""What happens in cases that are carried out one by one, brought back into the order of time.

A case is carried out in one go, although its steps lie weeks apart and other cases happen between
them. What must come in the order of time waits here, day by day, until everything that can still
happen on a day is known; then the day is read in order.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from core.demo.hours import DAY

Entry = tuple[int, int, int, int, Any]
"""(moment, 1 for the opening of a case, case, place within the case, what happens).

In this order they are read: of the same moment, openings come last.
"""


class Diary:
    """Entries by day (UTC); each day is read once."""

    def __init__(self) -> None:
        self._days: dict[int, list[Entry]] = {}
        self._today: list[Entry] = []
        self._reading: int | None = None
        self._read = 0  # so many entries of the day have been read

    def page(self, moment: int) -> Callable[[Entry], object]:
        """Where to note what happens on the day of `moment`, until anything else is read."""
        day = moment // DAY
        if day == self._reading:
            return partial(self._insert, self._today)
        if day not in self._days:
            self._days[day] = []
        return self._days[day].append

    def _insert(self, today: list[Entry], entry: Entry) -> None:
        insort(today, entry, self._read)

    def before(self, limit: float) -> Iterator[Entry]:
        """Everything on the days before `limit` (since 1970), also what is added meanwhile."""
        while self._days and (day := min(self._days)) < limit:
            self._today = sorted(self._days.pop(day))
            self._reading, self._read = day, 0
            while self._read < len(self._today):
                self._read += 1
                yield self._today[self._read - 1]
            self._reading = None
