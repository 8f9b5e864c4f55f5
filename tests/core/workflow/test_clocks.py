"""Clocks: what a pause takes is not counted, checked against a count day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import example, given, settings, strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM, Actor
from core.cases.actions import Action
from core.cases.commands import perform
from core.cases.procedure import CASE
from core.jobs import lapses
from core.model import Case, Clock, ClockPause
from core.queue import listing, overview
from core.queue.filters import Days, QueueFilter, Tab
from core.vocabulary.cases import Status
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.vocabulary.roles import Role
from core.workdays import counting
from core.workflow import clocks
from core.workflow.context import Context
from tests.builders import NOW, Team, a_case, an_actor

# --- arithmetic, without a database --------------------------------------------------------------


class Quiet:
    """A session that keeps nothing: only the clock itself is looked at."""

    def __init__(self) -> None:
        self.info = {"regdesk:calendar": True}
        self.rows: list[Any] = []

    def add(self, row: Any) -> None:
        self.rows.append(row)

    def flush(self) -> None: ...

    def execute(self, *_: Any) -> None: ...


def on(day: date) -> Context:
    row = Case(id=1, status=Status.REVIEW.value)
    at = datetime.combine(day, time(4), UTC)
    return CASE.context(cast("Session", Quiet()), CASE, row, at)


def a_clock(started: date, days: int) -> Clock:
    due = counting.due_date(started, days).day
    return Clock(id=1, kind="decision", started_on=started, days=days, due_on=due, paused_days=0)


def working(after: date, until: date) -> int:
    """Working days after one day up to another, counted one by one."""
    days = (after + timedelta(days=step) for step in range(1, (until - after).days + 1))
    return sum(counting.is_working_day(day) for day in days)


def counted_day_by_day(started: date, pauses: list[tuple[date, date]], until: date) -> int:
    """Working days that count after `started` up to `until`, none after a pause began."""
    days = [started + timedelta(days=step) for step in range(1, (until - started).days + 1)]
    return sum(
        counting.is_working_day(day)
        and not any(begun < day <= resumed for begun, resumed in pauses)
        for day in days
    )


STARTS = st.dates(date(2025, 1, 2), date(2026, 6, 30))
STEPS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 20)), min_size=1, max_size=4)


@given(STARTS, st.integers(5, 30), STEPS)
@example(date(2026, 2, 10), 20, [(3, 12)])  # across the Spring Festival
@example(date(2026, 2, 13), 20, [(1, 9), (0, 0)])  # begun on its first day
@example(date(2026, 3, 6), 5, [(1, 1)])  # Saturday to Sunday
@example(date(2026, 3, 4), 5, [(7, 4)])  # begun on the last day, resumed on a Sunday
@example(date(2026, 3, 4), 5, [(10, 3)])  # begun when it was over, on a Saturday
@settings(max_examples=150)
def test_as_many_working_days_are_left_after_every_pause_as_before(
    started: date, days: int, steps: list[tuple[int, int]]
) -> None:
    clock, pauses, day = a_clock(started, days), [], started
    for wait, length in steps:
        begun = day + timedelta(days=wait)
        day = begun + timedelta(days=length)
        overdue, due = begun > clock.due_on, clock.due_on
        left = working(begun, clock.due_on) if not overdue else 0
        context = on(begun)
        clocks.pause(context, clock, SYSTEM, "专家评审")
        assert clock.paused_on == begun
        clocks.resume(on(day), clock)
        assert clock.paused_on is None
        if overdue:
            assert clock.due_on == due, "what was over stays over"
            return
        pauses.append((begun, day))
        assert clock.due_on >= day
        assert working(day, clock.due_on) == left
        assert counted_day_by_day(started, pauses, clock.due_on) == days
        assert clock.paused_days == sum(working(*pause) for pause in pauses)


def test_a_pause_that_ends_the_day_it_began_changes_nothing() -> None:
    clock = a_clock(date(2026, 3, 4), 20)
    due = clock.due_on
    for _ in range(2):
        clocks.pause(on(date(2026, 3, 10)), clock, SYSTEM, "听证")
        clocks.resume(on(date(2026, 3, 10)), clock)
    assert (clock.due_on, clock.paused_days) == (due, 0)


def test_the_days_of_the_spring_festival_cost_nothing_in_a_pause_either() -> None:
    clock = a_clock(date(2026, 2, 10), 20)
    before = clock.due_on
    clocks.pause(on(date(2026, 2, 14)), clock, SYSTEM, "听证")
    clocks.resume(on(date(2026, 2, 23)), clock)
    assert clock.due_on == before, "the whole pause was holiday"
    assert clock.paused_days == 0


def test_a_clock_over_on_a_friday_stays_over_when_paused_on_the_saturday() -> None:
    clock = a_clock(date(2026, 3, 4), 2)
    assert clock.due_on == date(2026, 3, 6)
    clocks.pause(on(date(2026, 3, 7)), clock, SYSTEM, "听证")
    clocks.resume(on(date(2026, 3, 11)), clock)
    assert clock.due_on == date(2026, 3, 6)


def test_pausing_twice_and_resuming_what_runs_change_nothing() -> None:
    clock, context = a_clock(date(2026, 3, 4), 20), on(date(2026, 3, 10))
    due = clock.due_on
    clocks.resume(context, clock)
    clocks.pause(context, clock, SYSTEM, "听证")
    clocks.pause(on(date(2026, 3, 20)), clock, SYSTEM, "再次")
    assert (clock.paused_on, clock.due_on) == (date(2026, 3, 10), due)
    assert len(cast("Quiet", context.session).rows) == 1


def test_the_foremost_clock_is_the_one_of_the_lowest_rank() -> None:
    ranks = [spec.rank for spec in CLOCKS.values()]
    assert len(ranks) == len(set(ranks))
    all_of_them = {kind: Clock(kind=kind.value) for kind in CLOCKS}
    first = clocks.foremost(all_of_them)
    assert first is not None
    assert first.kind == ClockKind.DECISION
    assert clocks.foremost({}) is None


# --- with cases ----------------------------------------------------------------------------------


@pytest.fixture
def paused(engine: Engine) -> tuple[int, Actor]:
    """A case under review whose clock a decider paused, and the decider."""
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        decider = an_actor(session, Role.DECIDER)
        perform(session, decider, case.id, Action.PAUSE_CLOCK, now=NOW, reason="专家评审")
        return case.id, decider


def of(session: Session, case_id: int) -> tuple[Case, Clock, ClockPause]:
    case = session.get_one(Case, case_id)
    clock = session.scalars(
        select(Clock).where(Clock.case_id == case_id, Clock.ended_on.is_(None))
    ).one()
    pause = session.scalars(select(ClockPause).where(ClockPause.clock_id == clock.id)).one()
    return case, clock, pause


def test_a_pause_says_why_since_when_and_by_whom_and_when_it_ended(
    paused: tuple[int, Actor],
) -> None:
    case_id, decider = paused
    later = NOW + timedelta(days=9)
    with db.transaction() as session:
        case, clock, pause = of(session, case_id)
        assert (pause.reason, pause.paused_on) == ("专家评审", date(2026, 3, 4))
        assert (pause.paused_by, pause.paused_by_name) == (decider.user_id, decider.name)
        assert pause.resumed_on is None
        assert clocks.reason_of(session, clock) == "专家评审"
        before = clock.due_on
        perform(session, decider, case_id, Action.RESUME_CLOCK, now=later)
    with db.reading() as session:
        case, clock, pause = of(session, case_id)
        assert pause.resumed_on == date(2026, 3, 13)
        assert clocks.reason_of(session, clock) == ""
        assert clock.paused_days == 7
        assert clock.due_on == case.due_on == counting.add_working_days(before, 7)


def test_the_day_of_acceptance_is_not_moved_by_a_pause(engine: Engine) -> None:
    with db.transaction() as session:
        case = a_case(session, Status.ACCEPTED)
        decider = an_actor(session, Role.DECIDER)
        later = NOW + timedelta(days=2)
        perform(session, decider, case.id, Action.PAUSE_CLOCK, now=later, reason="听证")
        assert case.accepted_at == NOW
        assert case.changed_at == later


def test_a_paused_clock_is_not_overdue_in_any_list_and_does_not_lapse(
    paused: tuple[int, Actor],
) -> None:
    case_id, decider = paused
    late = NOW + timedelta(days=90)
    with db.transaction() as session:
        case, clock, _ = of(session, case_id)
        assert case.clock == "decision"
        assert case.due_on is None
        # Even a kind of clock that lapses by law does not while it pauses.
        clock.kind = "acceptance"
        session.flush()
    assert not any(lapses.tick(late).taken.values())
    with db.transaction() as session:
        of(session, case_id)[1].kind = "decision"
    with db.transaction() as session:
        reviewer = an_actor(session, Role.REVIEWER)
        for days in Days:
            shown = listing.page(session, reviewer, QueueFilter(tab=Tab.OPEN, days=days), late)
            assert shown.total == 0
        row = listing.page(session, reviewer, QueueFilter(tab=Tab.OPEN), late).rows[0]
        assert (row.clock, row.due_on, row.days_left) == (ClockKind.DECISION, None, None)
        assert overview.for_officer(session, decider, late)
    with db.transaction() as session:
        perform(session, decider, case_id, Action.RESUME_CLOCK, now=late)
        case, clock, _ = of(session, case_id)
        assert case.due_on == clock.due_on > date(2026, 6, 2)


def test_the_clock_of_a_case_that_ends_in_a_pause_ends_with_its_pause(
    paused: tuple[int, Actor],
) -> None:
    case_id, _ = paused
    later = NOW + timedelta(days=5)
    with db.transaction() as session:
        supervisor = an_actor(session, Role.SUPERVISOR)
        _, clock, pause = of(session, case_id)
        case = perform(
            session, supervisor, case_id, Action.TERMINATE, now=later, reason="申请人死亡"
        )
        assert (case.clock, case.due_on) == (None, None)
        session.refresh(pause)
        assert (clock.ended_on, clock.paused_on) == (date(2026, 3, 9), None)
        assert pause.resumed_on == date(2026, 3, 9)


def test_silence_counts_from_the_day_of_receipt(engine: Engine) -> None:
    with db.transaction() as session:
        case = a_case(session, Status.RECEIVED)
    late = NOW + timedelta(days=14)
    assert lapses.tick(late).taken["lapse_acceptance"] == 1
    with db.reading() as session:
        first, second = session.scalars(select(Clock).where(Clock.case_id == case.id)).all()
        assert (first.kind, second.kind) == ("acceptance", "decision")
        assert first.started_on == second.started_on == date(2026, 3, 4)
        assert first.ended_on == date(2026, 3, 18)


def test_every_clock_of_a_case_ends_with_it(engine: Engine) -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.CLOSED, team=team)
        rows = session.scalars(select(Clock).where(Clock.case_id == case.id)).all()
        assert rows
        assert all(row.ended_on for row in rows)
        assert all(before.id < after.id for before, after in pairwise(rows))


def test_a_guard_on_time_takes_the_last_day_as_in_time() -> None:
    from core.workflow import guards

    clock = a_clock(date(2026, 3, 4), 5)
    for day, over in ((clock.due_on, False), (clock.due_on + timedelta(days=1), True)):
        context = on(day)
        context.__dict__["clocks"] = {ClockKind.APPEAL: clock}
        late = guards.while_runs(ClockKind.APPEAL)(SYSTEM, context)
        early = guards.when_over(ClockKind.APPEAL)(SYSTEM, context)
        assert (late is not None) is over
        assert (early is None) is over
    without = on(clock.due_on)
    without.__dict__["clocks"] = {}
    assert guards.when_over(ClockKind.APPEAL)(replace(SYSTEM), without)
