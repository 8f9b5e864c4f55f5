"""Working-day arithmetic against the law's worked checks and an independent naive count."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import chinese_calendar
import pytest

from core.workdays import counting
from core.workdays.counting import (
    CalendarDayUnusable,
    CalendarGap,
    CalendarOutOfOrder,
    DueDate,
    add_months,
    add_working_days,
    add_years,
    days_left,
    due_date,
    is_working_day,
    published_until,
    working_days_between,
)

ONE_DAY = timedelta(days=1)


def span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


# Copied from domain H "Calendar": first and last day off, then the make-up days.
REST = [
    *span(date(2025, 1, 1), date(2025, 1, 1)),
    *span(date(2025, 1, 28), date(2025, 2, 4)),
    *span(date(2025, 4, 4), date(2025, 4, 6)),
    *span(date(2025, 5, 1), date(2025, 5, 5)),
    *span(date(2025, 5, 31), date(2025, 6, 2)),
    *span(date(2025, 10, 1), date(2025, 10, 8)),
    *span(date(2026, 1, 1), date(2026, 1, 3)),
    *span(date(2026, 2, 15), date(2026, 2, 23)),
    *span(date(2026, 4, 4), date(2026, 4, 6)),
    *span(date(2026, 5, 1), date(2026, 5, 5)),
    *span(date(2026, 6, 19), date(2026, 6, 21)),
    *span(date(2026, 9, 25), date(2026, 9, 27)),
    *span(date(2026, 10, 1), date(2026, 10, 7)),
]
MAKE_UP = [
    date(2025, 1, 26),
    date(2025, 2, 8),
    date(2025, 4, 27),
    date(2025, 9, 28),
    date(2025, 10, 11),
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
]
BOTH_YEARS = span(date(2025, 1, 1), date(2026, 12, 31))


def works_by_the_notice(day: date) -> bool:
    return day in MAKE_UP or (day.weekday() < 5 and day not in REST)


_loaded: dict[int, counting.Notice] = {}


@pytest.fixture
def own_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test load years and forget them again."""
    monkeypatch.setattr(counting, "_current", counting._current)
    _loaded.clear()
    _loaded.update(counting.PACKAGED)


def load_year(year: int, holidays: list[date], make_up_days: list[date]) -> None:
    notice = counting.Notice(frozenset(holidays), frozenset(make_up_days))
    counting.check_notice(year, notice, _loaded)
    _loaded[year] = notice
    counting.install(_loaded)


@pytest.mark.parametrize(
    ("received", "count", "end"),
    [
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 2, 13), 20, date(2026, 3, 19)),
        (date(2026, 9, 24), 5, date(2026, 10, 9)),
        (date(2026, 9, 24), 20, date(2026, 10, 29)),
    ],
)
def test_the_worked_checks_of_the_clocks_come_out(received: date, count: int, end: date) -> None:
    assert add_working_days(received, count) == end
    assert due_date(received, count) == DueDate(end, provisional=False)
    assert working_days_between(received, end) == count
    assert days_left(received, end) == count


def test_the_library_agrees_with_the_published_notices_day_by_day() -> None:
    for day in BOTH_YEARS:
        assert chinese_calendar.is_workday(day) == works_by_the_notice(day), day
        assert is_working_day(day) == works_by_the_notice(day), day


def test_every_year_of_the_library_is_read_as_the_library_reads_it() -> None:
    for day in span(date(counting.first_year(), 1, 1), date(published_until(), 12, 31)):
        assert is_working_day(day) == chinese_calendar.is_workday(day), day


def test_every_start_and_count_agrees_with_counting_one_day_at_a_time() -> None:
    compared = 0
    for start in BOTH_YEARS:
        day, counted = start, 0
        while counted <= 25 and day.year <= 2026:
            assert working_days_between(start, day) == counted
            assert working_days_between(day, start) == -counted
            if day == start or works_by_the_notice(day):
                assert add_working_days(start, counted) == day
                compared += 1
            day += ONE_DAY
            if works_by_the_notice(day):
                counted += 1
    assert compared > 18_000


def test_a_period_of_no_days_ends_on_its_own_start_even_on_a_day_of_rest() -> None:
    assert add_working_days(date(2026, 2, 17), 0) == date(2026, 2, 17)


def test_a_negative_period_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        add_working_days(date(2026, 3, 2), -1)
    with pytest.raises(ValueError, match="-1"):
        due_date(date(2026, 3, 2), -1)


def test_days_left_is_zero_on_the_due_day_and_negative_after_it() -> None:
    due = date(2026, 10, 9)
    assert days_left(due, due) == 0
    assert days_left(date(2026, 10, 12), due) == -2, "the Saturday before was worked"
    assert days_left(date(2026, 10, 11), due) == -1, "the make-up Saturday 10-10 counts"


def test_an_unpublished_year_stops_the_exact_functions() -> None:
    last = published_until()
    unknown = date(last + 1, 3, 1)
    for ask in (
        lambda: is_working_day(unknown),
        lambda: add_working_days(unknown, 0),
        lambda: add_working_days(date(last, 12, 28), 20),
        lambda: working_days_between(date(last, 12, 28), unknown),
        lambda: working_days_between(unknown, date(last, 12, 28)),
    ):
        with pytest.raises(CalendarGap) as caught:
            ask()
        assert caught.value.values == {"year": last + 1}
        assert str(last + 1) in caught.value.message("zh")


def test_a_year_before_the_first_known_one_is_never_guessed() -> None:
    old = date(counting.first_year() - 1, 12, 31)
    for ask in (
        lambda: is_working_day(old),
        lambda: add_working_days(old, 3),
        lambda: due_date(old, 3),
        lambda: days_left(old, date(2026, 1, 5)),
    ):
        with pytest.raises(CalendarGap):
            ask()


def test_the_first_known_day_and_the_last_published_day_are_answered() -> None:
    assert is_working_day(date(2004, 1, 1)) is False
    assert is_working_day(date(2026, 12, 31)) is True
    assert add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)


def test_a_due_date_in_an_unpublished_year_is_marked_provisional() -> None:
    # 28-31 December are four working days; 1 January 2027, a Friday, is a fixed holiday.
    assert due_date(date(2026, 12, 25), 4) == DueDate(date(2026, 12, 31), provisional=False)
    assert due_date(date(2026, 12, 25), 5) == DueDate(date(2027, 1, 4), provisional=True)
    assert days_left(date(2026, 12, 25), date(2027, 1, 4)) == 5
    assert days_left(date(2027, 1, 4), date(2026, 12, 25)) == -5


def test_the_provisional_calendar_knows_only_the_holidays_of_fixed_date() -> None:
    assert due_date(date(2027, 4, 30), 1).day == date(2027, 5, 3), "1 and 2 May are a weekend"
    assert due_date(date(2029, 4, 30), 1).day == date(2029, 5, 3), "1 and 2 May are weekdays"
    assert due_date(date(2027, 9, 30), 1).day == date(2027, 10, 4)


def test_a_date_beyond_the_provisional_reach_is_refused_instead_of_computed() -> None:
    with pytest.raises(CalendarGap):
        due_date(date(2026, 12, 25), 100_000)
    with pytest.raises(CalendarGap):
        days_left(date(2026, 12, 25), date(9999, 12, 31))


@pytest.mark.usefixtures("own_calendar")
def test_a_loaded_year_is_exact_from_then_on() -> None:
    before = due_date(date(2027, 2, 3), 5)
    load_year(2027, span(date(2027, 2, 5), date(2027, 2, 11)), [date(2027, 2, 14)])
    after = due_date(date(2027, 2, 3), 5)
    assert published_until() == 2027
    assert before == DueDate(date(2027, 2, 10), provisional=True)
    assert after == DueDate(date(2027, 2, 16), provisional=False)
    assert add_working_days(date(2027, 2, 3), 5) == date(2027, 2, 16)
    assert is_working_day(date(2027, 1, 1)), "a loaded year holds what it was given, no more"


@pytest.mark.usefixtures("own_calendar")
def test_loading_a_year_again_replaces_it_including_its_december() -> None:
    moved = date(2026, 12, 31)
    load_year(2027, [moved, date(2027, 1, 1), date(2027, 3, 1)], [date(2026, 12, 27)])
    assert not is_working_day(moved)
    assert is_working_day(date(2026, 12, 27))
    assert not is_working_day(date(2027, 3, 1))
    load_year(2027, [date(2027, 1, 1)], [])
    assert is_working_day(moved)
    assert not is_working_day(date(2026, 12, 27))
    assert is_working_day(date(2027, 3, 1))
    assert not is_working_day(date(2026, 10, 1)), "other years keep their own notice"


@pytest.mark.usefixtures("own_calendar")
def test_the_next_years_notice_has_the_last_word_on_december() -> None:
    sunday, friday = date(2027, 12, 26), date(2027, 12, 31)
    saturday = date(2027, 12, 18)
    load_year(2027, [friday], [sunday])
    assert (is_working_day(sunday), is_working_day(friday)) == (True, False)
    load_year(2028, [sunday, friday], [saturday])
    assert (is_working_day(sunday), is_working_day(friday)) == (False, False)
    assert is_working_day(saturday)


@pytest.mark.usefixtures("own_calendar")
def test_a_known_year_can_be_corrected_without_touching_its_neighbours() -> None:
    load_year(2026, [date(2026, 1, 1)], [])
    assert published_until() == 2026
    assert is_working_day(date(2026, 10, 1))
    assert not is_working_day(date(2025, 10, 1))


@pytest.mark.usefixtures("own_calendar")
def test_years_are_loaded_without_leaving_a_gap() -> None:
    with pytest.raises(CalendarOutOfOrder) as caught:
        load_year(2028, [date(2028, 1, 3)], [])
    assert caught.value.values == {"year": 2028, "missing": 2027}
    with pytest.raises(CalendarGap):
        load_year(2003, [], [])
    assert published_until() == 2026


@pytest.mark.usefixtures("own_calendar")
@pytest.mark.parametrize(
    ("rest", "work"),
    [
        ([date(2028, 1, 1)], []),
        ([date(2026, 11, 30)], []),
        ([date(2027, 2, 6)], [date(2027, 2, 6)]),
        ([], [date(2027, 2, 10)]),
    ],
    ids=["next year", "long before", "rest and work at once", "make-up work on a Wednesday"],
)
def test_a_day_that_cannot_belong_to_the_notice_is_refused(
    rest: list[date], work: list[date]
) -> None:
    with pytest.raises(CalendarDayUnusable):
        load_year(2027, rest, work)
    assert published_until() == 2026


@pytest.mark.usefixtures("own_calendar")
def test_readers_see_either_the_old_or_the_new_calendar_while_a_year_is_loaded() -> None:
    start = date(2026, 12, 25)
    answers: set[DueDate] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            answers.add(due_date(start, 6))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(5):
            load_year(2027, span(date(2027, 1, 1), date(2027, 1, 5)), [])
    finally:
        done.set()
        reader.join()
    answers.add(due_date(start, 6))
    assert answers <= {
        DueDate(date(2027, 1, 5), provisional=True),
        DueDate(date(2027, 1, 7), provisional=False),
    }
    assert DueDate(date(2027, 1, 7), provisional=False) in answers


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_months_keep_the_day_or_fall_back_to_the_end_of_the_month(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


def test_years_move_the_leap_day_to_the_28th() -> None:
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert add_years(date(2024, 3, 1), -3) == date(2021, 3, 1)
