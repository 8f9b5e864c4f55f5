"""The only source of now and today.

Statutory days are days in China, whatever zone the server runs in, so `today` is taken in
Asia/Shanghai; moments are kept in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The calendar day in China on which `moment` (aware) falls."""
    return moment.astimezone(CHINA).date()


def today() -> date:
    """The calendar day in China."""
    return day_of(now())


def local(moment: datetime) -> datetime:
    """`moment` on a clock in China, for showing to people."""
    return moment.astimezone(CHINA)


def written(at: datetime) -> str:
    """A moment as people write it, on a clock in China."""
    return f"{local(at):%Y-%m-%d %H:%M}"


def start_of(day: date) -> datetime:
    """Midnight in China at which `day` begins."""
    return datetime.combine(day, time(), CHINA)
