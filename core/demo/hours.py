"""Hours of the demo: moments as whole seconds since 1970, days as ordinals, all in China."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime
from random import Random

from core.workdays import counting

DAY = 86_400
SPAN_DAYS = 2370
"""How far back the demo reaches: long enough for a first registration to come up for renewal."""
MAIN_DAYS, RECENT_DAYS = 1095, 42
_ZONE = 8 * 3600  # China keeps one offset all year
_EPOCH = date(1970, 1, 1).toordinal()
_OPENS, _CLOSES = 9 * 3600, 17 * 3600


def day_at(moment: int) -> int:
    """Ordinal of the day in China on which `moment` falls."""
    return (moment + _ZONE) // DAY + _EPOCH


def date_at(moment: int) -> date:
    """The day in China on which `moment` falls."""
    return date.fromordinal(day_at(moment))


def moment_at(day: int, second: int) -> int:
    """The moment `second` seconds into `day` in China."""
    return (day - _EPOCH) * DAY + second - _ZONE


def aware(moment: int) -> datetime:
    """`moment` as commands take it."""
    return datetime.fromtimestamp(moment, UTC)


class OfficeDays:
    """The working days of a span, and moments in office hours on them."""

    def __init__(self, first: int, last: int) -> None:
        self._days: list[int] = []
        day = first - 1
        while day <= last:
            day = counting.due_date(date.fromordinal(day), 1).day.toordinal()
            self._days.append(day)

    def later(self, day: int, count: int) -> int:
        """The `count`-th working day after `day`; 0: `day` itself or the first one past it."""
        return self._days[bisect_right(self._days, day - (count == 0)) + max(count - 1, 0)]

    def earlier(self, day: int, count: int) -> int:
        """The `count`-th working day before `day`."""
        return self._days[bisect_left(self._days, day) - count]

    def visit(self, rng: Random, after: int, least: int, most: int) -> int:
        """A moment in office hours, `least` to `most` working days after `after`, and later."""
        today = day_at(after)
        day = self.later(today, rng.randint(least, most))
        start = moment_at(day, _OPENS)
        if day == today and after > start:
            start = after + 300
        end = moment_at(day, _CLOSES) - 3600
        if start >= end:
            day = self.later(day, 1)
            start, end = moment_at(day, _OPENS), moment_at(day, _CLOSES) - 3600
        return start + int(rng.random() * (end - start))


def waking(rng: Random, after: int, least: float, most: float) -> int:
    """A moment `least` to `most` days after `after` at which people are awake (8 to 22 o'clock)."""
    moment = after + int((least + rng.random() * (most - least)) * DAY)
    day = day_at(moment)
    second = moment - moment_at(day, 0)
    if not 8 * 3600 <= second < 22 * 3600:
        moment = moment_at(day + (second >= 22 * 3600), 8 * 3600 + rng.randrange(4 * 3600))
    return max(moment, after + 120)


def by_day(rng: Random, day: int) -> int:
    """A moment of `day` at which people file."""
    return moment_at(day, 8 * 3600 + int(rng.random() * 13 * 3600))


def opening_times(rng: Random, count: int, until: int, span: int, recent: float) -> list[int]:
    """`count` moments of opening, sorted, over `span` days. recent: share of the last weeks."""
    moments, main = [], min(MAIN_DAYS, span)
    for _ in range(count):
        chance = rng.random()
        if chance < recent:
            back = rng.random() * RECENT_DAYS
        elif chance < recent + (1 - recent) * 0.62:
            back = rng.random() * main
        else:
            back = main + rng.random() * (span - main)
        day = day_at(until - int(back * DAY))
        if date.fromordinal(day).weekday() > 4 and rng.random() < 0.6:
            day -= 2
        moments.append(min(by_day(rng, day), until - 60))
    return sorted(moments)
