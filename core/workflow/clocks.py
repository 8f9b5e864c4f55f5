"""Starting, stopping, pausing and resuming the clocks of a subject (domain H; 行政许可法 §45)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.model import Clock, ClockPause
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.workdays import calendars, counting
from core.workflow.context import Context
from core.workflow.definitions import Transition

LONGEST_REASON = 500
"""Characters of why a clock pauses; the person is told it."""


def run(context: Context, row: Transition, actor: Actor, reason: str) -> None:
    """Do to the subject's clocks what `row` says; those of a finished subject all end."""
    running, today = context.clocks, context.today
    final = context.procedure.statuses[context.status].final
    followed = running.get(row.stops[0]) if row.stops else None
    for kind in tuple(running):
        if final or kind in row.stops:
            _end(context, running.pop(kind))
    for kind in row.pauses:
        if kind in running:
            pause(context, running[kind], actor, reason)
    for kind in row.resumes:
        if kind in running:
            resume(context, running[kind])
    if row.starts:
        since = followed.started_on if row.since_receipt and followed else today
        running[row.starts] = start(context, row.starts, since)
    context.clocks_moved()


def start(context: Context, kind: ClockKind, since: date) -> Clock:
    """Start a clock that counts from the day after `since`."""
    calendars.sync(context.session)
    days = context.allowed_days(kind)
    started = Clock(
        subject=context.subject,
        case_id=context.case_id,
        kind=kind.value,
        started_on=since,
        days=days,
        due_on=counting.due_date(since, days).day,
    )
    context.session.add(started)
    return started


def pause(context: Context, clock: Clock, actor: Actor, reason: str) -> None:
    """Stop counting from tomorrow on; what a hearing or an expert review takes is not counted
    (§45). Raises TooLongTyped for a reason that the pause has no room for."""
    if clock.paused_on is not None:
        return
    context.session.flush()  # a clock started in this very step needs its number
    clock.paused_on = context.today
    context.session.add(
        ClockPause(
            clock_id=clock.id,
            reason=typed.lines(reason, typed.REASON, LONGEST_REASON),
            paused_on=context.today,
            paused_by=actor.user_id,
            paused_by_name=actor.name,
        )
    )


def resume(context: Context, clock: Clock) -> None:
    """Count on from tomorrow: the days that were left when the pause began are left again."""
    if clock.paused_on is None:
        return
    calendars.sync(context.session)
    clock.paused_days += counting.days_left(clock.paused_on, context.today)
    if clock.paused_on <= clock.due_on:  # a clock that was over when the pause began stays over
        left = counting.days_left(clock.paused_on, clock.due_on)
        clock.due_on = counting.due_date(context.today, left).day
    clock.paused_on = None
    _close_pause(context, clock)


def _end(context: Context, clock: Clock) -> None:
    if clock.paused_on is not None:
        _close_pause(context, clock)
        clock.paused_on = None
    clock.ended_on = context.today


def _close_pause(context: Context, clock: Clock) -> None:
    context.session.execute(
        update(ClockPause)
        .where(ClockPause.clock_id == clock.id, ClockPause.resumed_on.is_(None))
        .values(resumed_on=context.today)
    )


def reason_of(session: Session, clock: Clock) -> str:
    """Why `clock` pauses now; empty when it runs."""
    found = session.scalar(
        select(ClockPause.reason).where(
            ClockPause.clock_id == clock.id, ClockPause.resumed_on.is_(None)
        )
    )
    return found or ""


def foremost(clocks: dict[ClockKind, Clock]) -> Clock | None:
    """Of several clocks the one that people must not miss."""
    kind = min(clocks, key=lambda item: CLOCKS[item].rank, default=None)
    return clocks[kind] if kind is not None else None
