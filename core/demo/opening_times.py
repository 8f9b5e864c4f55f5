"""When cases are opened: so many moments, spread over the years of the demo."""

from __future__ import annotations

from datetime import date
from random import Random

from core.demo import hours
from core.demo.hours import DAY

SPAN_DAYS = 2370
"""How far back the demo reaches: long enough for a first registration to come up for renewal."""
MAIN_DAYS, RECENT_DAYS = 1095, 42


def opening_times(rng: Random, count: int, until: int, span: int, recent: float) -> list[int]:
    """`count` moments of opening, sorted. recent: share of them in the last weeks."""
    moments, main = [], min(MAIN_DAYS, span)
    for _ in range(count):
        chance = rng.random()
        if chance < recent:
            back = rng.random() * RECENT_DAYS
        elif chance < recent + (1 - recent) * 0.62:
            back = rng.random() * main
        else:
            back = main + rng.random() * (span - main)
        moment = until - int(back * DAY)
        day = hours.day_at(moment)
        if date.fromordinal(day).weekday() > 4 and rng.random() < 0.6:
            day -= 2
        moment = hours.moment_at(day, 8 * 3600 + int(rng.random() * 13 * 3600))
        moments.append(min(moment, until - 60))
    return sorted(moments)
