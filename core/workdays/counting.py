"""Working-day arithmetic for statutory clocks, and calendar months and years for validity.

A period in days is counted in 工作日 with holidays excluded (行政许可法 §82); the day on which it
starts is not counted (domain H "Clocks"). Rest days and make-up working days come from the State
Council's yearly notice, known from `first_year()` to `published_until()`. A year without a notice
is never guessed: the exact functions raise `CalendarGap`, and only `due_date` and `days_left` go
on, by a provisional calendar of Monday to Friday less the statutory holidays whose date is fixed.
That calendar has fewer rest days than the notice will have, so a provisional end can only come
early, never late.
"""

from __future__ import annotations

import calendar
import threading
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chinese_calendar.constants import holidays as _known_rest, workdays as _known_work

from core.errors import CoreError
from core.text import Text

PROVISIONAL_YEARS = 20
"""How far past the last published year the provisional calendar reaches."""

_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_SATURDAY = 5

CALENDAR_PROVISIONAL = Text(
    "到期日暂按周一至周五推算：该年放假安排尚未公布，公布后以公布的安排为准。",
    "Provisional date, counted Monday to Friday: the holiday notice for that year is not yet "
    "published and will replace it.",
)


class CalendarGap(CoreError):
    text = Text(
        "系统中没有{year}年的放假调休安排，无法计算工作日。",
        "No holiday calendar is known for {year}; working days cannot be counted.",
    )


class CalendarOutOfOrder(CoreError):
    text = Text(
        "请先录入{missing}年的放假调休安排，再录入{year}年的。",
        "Enter the holiday calendar of {missing} before that of {year}.",
    )


class CalendarDayUnusable(CoreError):
    text = Text(
        "{day}不能列入{year}年的放假调休安排：日期须在当年或上年12月，休息日与上班日不得重复，"
        "调休上班日须为周六或周日。",
        "{day} cannot stand in the calendar of {year}: days must lie in that year or in December "
        "before it, none may be both rest and work, and make-up work falls on a weekend.",
    )


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day of a period; `provisional` when it leans on an unpublished year."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class _Calendar:
    """One immutable table: replacing it as a whole is what makes `load_year` safe for readers.

    first, published_end, end: ordinals of the first day, the last published and the last day.
    elapsed: for each day from `first`, the working days up to and including it.
    working: the ordinals of all working days, ascending.
    """

    first: int
    published_end: int
    end: int
    elapsed: array[int]
    working: array[int]

    def position(self, day: date, last: int) -> int:
        """Index of `day` in `elapsed`; CalendarGap before the first day or after `last`."""
        ordinal = day.toordinal()
        if not self.first <= ordinal <= last:
            raise CalendarGap(year=day.year)
        return ordinal - self.first

    def works(self, day: date, last: int) -> bool:
        """Whether `day` counts, that is, whether the count grows on it."""
        position = self.position(day, last)
        return self.elapsed[position] > (self.elapsed[position - 1] if position else 0)

    def after(self, start: date, count: int, last: int) -> date:
        """The `count`-th working day after `start`, no later than the ordinal `last`."""
        if count < 0:
            raise ValueError(f"a period cannot have {count} days")
        elapsed = self.elapsed[self.position(start, last)]
        if count == 0:
            return date.fromordinal(start.toordinal())
        wanted = elapsed + count - 1
        if wanted >= len(self.working) or self.working[wanted] > last:
            raise CalendarGap(year=date.fromordinal(last).year + 1)
        return date.fromordinal(self.working[wanted])

    def between(self, start: date, end: date, last: int) -> int:
        """Working days after `start` up to and including `end`; negative backwards."""
        return self.elapsed[self.position(end, last)] - self.elapsed[self.position(start, last)]


@dataclass(frozen=True, slots=True)
class _Notice:
    """A holiday notice: the days off and the weekend days worked in exchange."""

    rest: frozenset[date]
    work: frozenset[date]


def _build(first_year: int, last_year: int, notice: _Notice) -> _Calendar:
    first = date(first_year, 1, 1).toordinal()
    published_end = date(last_year, 12, 31).toordinal()
    end = date(last_year + PROVISIONAL_YEARS, 12, 31).toordinal()
    elapsed, working = array("l"), array("l")
    for ordinal in range(first, end + 1):
        day = date.fromordinal(ordinal)
        assumed = ordinal > published_end and (day.month, day.day) in _FIXED_HOLIDAYS
        weekday_off = assumed or day in notice.rest
        if day in notice.work or (day.weekday() < _SATURDAY and not weekday_off):
            working.append(ordinal)
        elapsed.append(len(working))
    return _Calendar(first, published_end, end, elapsed, working)


def _merged(base: _Notice, loaded: dict[int, _Notice]) -> _Notice:
    """`base` with every loaded year replaced; a later notice wins over an earlier one."""
    rest = {day for day in base.rest if day.year not in loaded}
    work = {day for day in base.work if day.year not in loaded}
    for year in sorted(loaded):
        rest |= loaded[year].rest  # a day that another notice makes a working day stays one
        work = (work - loaded[year].rest) | loaded[year].work
    return _Notice(frozenset(rest), frozenset(work))


_BASE = _Notice(frozenset(_known_rest), frozenset(_known_work))
_loaded: dict[int, _Notice] = {}
_replacing = threading.Lock()
_current = _build(min(_known_rest).year, max(_known_rest).year, _BASE)


def first_year() -> int:
    """The first year whose holiday calendar is known."""
    return date.fromordinal(_current.first).year


def published_until() -> int:
    """The last year whose holiday calendar is published and loaded."""
    return date.fromordinal(_current.published_end).year


def is_working_day(day: date) -> bool:
    """Whether `day` is a 工作日, make-up days included. Raises CalendarGap."""
    table = _current
    return table.works(day, table.published_end)


def add_working_days(start: date, count: int) -> date:
    """The day on which a period of `count` working days ends; `start` is not counted.

    `count` 0 gives `start` itself, working day or not. Raises CalendarGap when the period touches
    a year without a published calendar and ValueError when `count` is negative.
    """
    table = _current
    return table.after(start, count, table.published_end)


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier.

    Raises CalendarGap when either day lies in a year without a published calendar.
    """
    table = _current
    return table.between(start, end, table.published_end)


def due_date(start: date, count: int) -> DueDate:
    """Like `add_working_days`, but goes on into unpublished years and says so.

    Raises CalendarGap only before the first known year or more than `PROVISIONAL_YEARS` after the
    last; ValueError when `count` is negative.
    """
    table = _current
    day = table.after(start, count, table.end)
    return DueDate(day, provisional=day.toordinal() > table.published_end)


def days_left(today: date, due: date) -> int:
    """Working days still open after `today`: 0 on the due day, negative when it has passed.

    Counts unpublished years by the provisional calendar. Raises CalendarGap only outside the range
    named at `due_date`.
    """
    table = _current
    return table.between(today, due, table.end)


def load_year(year: int, holidays: Iterable[date], make_up_days: Iterable[date]) -> None:
    """Enter or replace the holiday notice of one year in this process, for every thread.

    holidays: every day off named in the notice; weekends among them may be given or left out.
    make_up_days: the weekend days (调休上班) that are worked.
    Days in December of the year before are taken too, because a New Year's notice may move them.
    Raises CalendarOutOfOrder when the year before is not known, CalendarGap before the first known
    year and CalendarDayUnusable for a day that cannot belong to the notice.
    """
    global _current  # noqa: PLW0603 - readers hold the table they took; only this swaps it
    notice = _Notice(frozenset(holidays), frozenset(make_up_days))
    _refuse_unusable_days(year, notice)
    with _replacing:
        first, last = first_year(), published_until()
        if year < first:
            raise CalendarGap(year=year)
        if year > last + 1:
            raise CalendarOutOfOrder(year=year, missing=last + 1)
        _loaded[year] = notice
        _current = _build(first, max(last, year), _merged(_BASE, _loaded))


def _refuse_unusable_days(year: int, notice: _Notice) -> None:
    for day in sorted(notice.rest | notice.work):
        in_reach = day.year == year or (day.year == year - 1 and day.month == 12)
        worked = day in notice.work
        if not in_reach or (worked and (day in notice.rest or day.weekday() < _SATURDAY)):
            raise CalendarDayUnusable(day=day.isoformat(), year=year)


def add_months(day: date, months: int) -> date:
    """The same day `months` calendar months later (earlier when negative).

    A day that the month does not have becomes its last day: 31 January + 1 month is 28 or 29
    February. For validity periods and renewal windows, which run in calendar time.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """The same day `years` calendar years later; 29 February becomes 28 in a common year."""
    return add_months(day, 12 * years)
