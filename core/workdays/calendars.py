"""The published calendars in the database: entering a year, reading them, keeping up with them.

The table `calendar_years` is the truth; the package `chinesecalendar` was only its first source.
Arithmetic (`core.workdays.counting`) reads the table of its own process, and `sync` makes that
equal to the database's: inside each transaction that starts or resumes a clock, because a due date
once written stays, and now and then for reads (`keep_current`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import db, typed
from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import history
from core.errors import CoreError
from core.model import CalendarYear
from core.text import Text
from core.workdays import counting
from core.workdays.counting import Notice

LOOK_EVERY = 10.0
"""Seconds for which a process may go on reading by a calendar that another one has replaced."""

_SOURCE_LENGTH = 200
_LOOKED = "regdesk:calendar"  # in the session's `info`: nothing more to do in this transaction


SOURCE = Text("来源", "The source")


class CalendarSourceMissing(CoreError):
    text = Text(
        "须写明放假调休安排的来源（如国办发明电文号），不超过{most}个字符。",
        "Say where the calendar was published, such as the notice's number, in at most {most} "
        "characters.",
    )


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A year's calendar as it stands in the database, with where it is from and who entered it."""

    year: int
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]
    source: str
    loaded_by_name: str
    loaded_at: datetime


def load_year(
    session: Session,
    actor: Actor,
    year: int,
    holidays: Iterable[date],
    make_up_days: Iterable[date],
    *,
    source: str,
    now: datetime,
) -> None:
    """Enter or replace the holiday notice of one year; in force from the commit on.

    holidays, make_up_days: see `counting.Notice`. source: the notice it was published in. Due dates
    already written are not recalculated.

    Raises NotPermitted, CalendarSourceMissing, CalendarDayUnusable, CalendarGap and
    CalendarOutOfOrder; the last two compare with the years in the database.
    """
    actor.require(Permission.CALENDAR_MANAGE)
    source = typed.lines(source, SOURCE, 10 * _SOURCE_LENGTH)
    if not 1 <= len(source) <= _SOURCE_LENGTH:
        raise CalendarSourceMissing(most=_SOURCE_LENGTH)
    notice = Notice(frozenset(holidays), frozenset(make_up_days))
    rows = {row.year: row for row in session.scalars(select(CalendarYear).with_for_update())}
    counting.check_notice(year, notice, rows or counting.PACKAGED)
    row = rows.get(year)
    before = _content(row) if row is not None else None
    if row is None:
        row = CalendarYear(year=year)
        session.add(row)
    row.holidays, row.make_up_days = _written(notice.rest), _written(notice.work)
    row.source = source
    row.loaded_by, row.loaded_by_name, row.loaded_at = actor.user_id, actor.name, now
    session.flush()
    # What is not committed is nobody's calendar yet: no `sync` of this transaction may install it.
    session.info[_LOOKED] = True
    history.record(
        session,
        actor,
        "load_calendar",
        f"calendar:{year}",
        at=now,
        detail={"before": before, "after": _content(row)},
    )


def _written(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]


def _content(row: CalendarYear) -> dict[str, object]:
    return {
        "holidays": list(row.holidays),
        "make_up_days": list(row.make_up_days),
        "source": row.source,
    }


def years(session: Session) -> tuple[PublishedYear, ...]:
    """Every year whose calendar is known, the first one first."""
    return tuple(
        PublishedYear(
            year=row.year,
            holidays=tuple(map(date.fromisoformat, row.holidays)),
            make_up_days=tuple(map(date.fromisoformat, row.make_up_days)),
            source=row.source,
            loaded_by_name=row.loaded_by_name,
            loaded_at=row.loaded_at,
        )
        for row in session.scalars(select(CalendarYear).order_by(CalendarYear.year))
    )


# Which state of which database the process's table was made from; None for the package's years.
_installed: tuple[object, int] | None = None
_installing = threading.Lock()


def sync(session: Session) -> None:
    """Make the calendar of this process that of the database: one small query, once a transaction.

    To be called wherever a clock is started or resumed, before its due date is counted.
    """
    global _installed  # noqa: PLW0603 - one calendar a process, as in `counting`
    if _LOOKED in session.info:
        return
    session.info[_LOOKED] = True
    # Rows are never deleted and every change adds one to a version, so the sum names the state.
    total = session.scalar(select(func.sum(CalendarYear.version_id)))
    state = (session.get_bind().engine.url, int(total or 0))
    if state == _installed:
        return
    rows = session.execute(
        select(CalendarYear.year, CalendarYear.holidays, CalendarYear.make_up_days)
    )
    notices = {
        year: Notice(
            frozenset(map(date.fromisoformat, rest)), frozenset(map(date.fromisoformat, work))
        )
        for year, rest, work in rows
    }
    with _installing:
        known = _installed
        if known is not None and known[0] == state[0] and state[1] < known[1]:
            return  # an older snapshot: somebody else has installed a newer calendar meanwhile
        counting.install(notices or counting.PACKAGED)
        _installed = state


_looked_at = float("-inf")


def keep_current() -> None:
    """`sync` for reads, in a snapshot of its own, at most every `LOOK_EVERY` seconds a process.

    Raises Unavailable.
    """
    global _looked_at  # noqa: PLW0603 - a pause a process
    now = time.monotonic()
    if now - _looked_at < LOOK_EVERY:
        return
    _looked_at = now
    with db.reading() as session:
        sync(session)
