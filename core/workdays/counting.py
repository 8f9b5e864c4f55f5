"""Working-day arithmetic for statutory clocks, and calendar months and years for validity.

A period in days is counted in 工作日 with holidays excluded (行政许可法 §82); the day on which it
starts is not counted (domain H "Clocks"). Rest days and make-up working days come from the State
Council's yearly notice, known from `first_year()` to `published_until()`. A year without a notice
is never guessed: the exact functions raise `CalendarGap`, and only `due_date` and `days_left` go
on, by a provisional calendar of Monday to Friday less the statutory holidays whose date is fixed.
That calendar has fewer rest days than the notice will have, so a provisional end can only come
early, never late.

Everything here reads the table of this process, which starts from the years that the package
`chinesecalendar` knows. The truth is in the database: `core.workdays.calendars` installs it here.
"""

from __future__ import annotations

import calendar
from array import array
from collections.abc import Collection, Mapping
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
    """One immutable table: replacing it as a whole is what makes `install` safe for readers.

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
class Notice:
    """A year's holiday notice (放假调休安排).

    rest: every day off it names; weekends among them may be given or left out. work: the weekend
    days worked in exchange (调休上班日). Days in December of the year before belong to it too,
    because a New Year's notice may move them.
    """

    rest: frozenset[date]
    work: frozenset[date]


def _build(notices: Mapping[int, Notice]) -> _Calendar:
    rest, work = _merged(notices)
    first = date(min(notices), 1, 1).toordinal()
    published_end = date(max(notices), 12, 31).toordinal()
    end = date(max(notices) + PROVISIONAL_YEARS, 12, 31).toordinal()
    elapsed, working = array("l"), array("l")
    for ordinal in range(first, end + 1):
        day = date.fromordinal(ordinal)
        assumed = ordinal > published_end and (day.month, day.day) in _FIXED_HOLIDAYS
        weekday_off = assumed or day in rest
        if day in work or (day.weekday() < _SATURDAY and not weekday_off):
            working.append(ordinal)
        elapsed.append(len(working))
    return _Calendar(first, published_end, end, elapsed, working)


def _merged(notices: Mapping[int, Notice]) -> tuple[set[date], set[date]]:
    """Days off and days worked of all years; a later notice wins over an earlier one."""
    rest: set[date] = set()
    work: set[date] = set()
    for year in sorted(notices):
        rest |= notices[year].rest  # a day that another notice makes a working day stays one
        work = (work - notices[year].rest) | notices[year].work
    return rest, work


def _packaged() -> dict[int, Notice]:
    days = [*_known_rest, *_known_work]
    return {
        year: Notice(
            frozenset(day for day in _known_rest if day.year == year),
            frozenset(day for day in _known_work if day.year == year),
        )
        for year in range(min(days).year, max(days).year + 1)
    }


PACKAGED: Mapping[int, Notice] = _packaged()
"""The years that the package knows; only where a table starts from."""

_current = _build(PACKAGED)


def install(notices: Mapping[int, Notice]) -> None:
    """Make `notices`, one for every year without a gap, the calendar of this process.

    Readers in other threads go on with the table they took, whole.
    """
    global _current  # noqa: PLW0603 - readers hold the table they took; only this swaps it
    _current = _build(notices)


def check_notice(year: int, notice: Notice, known: Collection[int]) -> None:
    """Check that `notice` can be entered for `year`, or replace it, beside the `known` years.

    Raises CalendarDayUnusable for a day that cannot belong to the notice, CalendarGap before the
    first known year and CalendarOutOfOrder when the year before is not known.
    """
    for day in sorted(notice.rest | notice.work):
        in_reach = day.year == year or (day.year == year - 1 and day.month == 12)
        worked = day in notice.work
        if not in_reach or (worked and (day in notice.rest or day.weekday() < _SATURDAY)):
            raise CalendarDayUnusable(day=day.isoformat(), year=year)
    if year < min(known):
        raise CalendarGap(year=year)
    if year > max(known) + 1:
        raise CalendarOutOfOrder(year=year, missing=max(known) + 1)


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
