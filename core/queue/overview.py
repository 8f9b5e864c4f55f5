"""The numbers of the home page, each with the filter of the queue that lists exactly its cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, case as when, exists, func, select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import desks_of, scope
from core.clock import start_of
from core.model import Case, Lease, SignInBrake, User
from core.queue.filters import (
    TAB_STATUSES,
    Days,
    Flags,
    QueueFilter,
    Tab,
)
from core.queue.listing import DESK_TABS, in_queue_of
from core.vocabulary.cases import FINAL, STATUSES, Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Party
from core.workdays import counting

NEAR_DAYS = 2
"""Working days on which a clock counts as near its limit."""

EXPIRING = timedelta(minutes=15)
"""How long before its end a claim is announced as ending."""


class Tally(StrEnum):
    """What is counted."""

    MINE = "mine"
    DUE_TODAY = "due_today"
    NEAR = "near"
    OVERDUE = "overdue"
    NEW_TODAY = "new_today"
    WAITING = "waiting"
    BLOCKED = "blocked"
    LAPSING = "lapsing"  # acceptance ends today: accepted by lapse of time tomorrow
    EXPIRING = "expiring"  # own claims about to end


@dataclass(frozen=True, slots=True)
class Number:
    """A count and the filter whose list has that many cases."""

    count: int
    filter: QueueFilter


@dataclass(frozen=True, slots=True)
class Overview:
    """An officer's day. desks: what waits at each of their desks, in the order of the procedure.

    near_days: the working days behind `Tally.NEAR`, today included.
    """

    numbers: Mapping[Tally, Number]
    desks: Mapping[Tab, Number]
    near_days: int = NEAR_DAYS


def for_officer(session: Session, actor: Actor, now: datetime) -> Overview:
    """The numbers of an officer with a queue, in five queries on narrow indexes.

    Clocks are counted at the officer's own desks and professions (at all desks for those who only
    watch), everything else in what they may see. Raises NotPermitted.
    """
    actor.require(Permission.QUEUE_READ)
    today = clock.day_of(now)
    seen = [in_queue_of(actor)]
    own = QueueFilter(profession=actor.professions)
    desk = _desks_filter(actor, own)
    desk_statuses = desk.statuses(desk.tab or Tab.TODO)

    waiting_at: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(Case.status, func.count())
            .where(Case.is_open, Case.status.in_(sorted(TAB_STATUSES[Tab.OPEN])), *seen)
            .group_by(Case.status)
        )
    }
    due = _due(session, seen, desk_statuses, today)
    mine, expiring = session.execute(
        select(func.count(), func.count(when((Lease.expires_at <= now + EXPIRING, 1))))
        .select_from(Lease)
        .join(Case, Case.id == Lease.case_id)
        .where(Lease.user_id == actor.user_id, Lease.expires_at > now, Case.is_open)
        .where(in_queue_of(actor))
    ).one()
    new = session.scalar(
        select(func.count()).where(
            Case.is_open,
            Case.status.in_(sorted(TAB_STATUSES[Tab.OPEN])),
            Case.received_at >= start_of(today),
            Case.received_at < start_of(today + timedelta(days=1)),
            *seen,
        )
    )
    blocked = session.scalar(
        select(func.count()).where(
            Case.is_open,
            Case.flags_block > 0,
            Case.status.in_(sorted(TAB_STATUSES[Tab.OPEN])),
            *seen,
        )
    )

    def at(tab: Tab) -> Number:
        statuses = TAB_STATUSES[tab]
        return Number(sum(waiting_at.get(key, 0) for key in statuses), own.changed(tab=tab))

    accepts = actor.may(Permission.CASE_ACCEPT)
    numbers = {
        Tally.MINE: Number(mine, QueueFilter(tab=Tab.MINE)),
        Tally.OVERDUE: Number(due[Days.OVERDUE], desk.changed(days=Days.OVERDUE)),
        Tally.DUE_TODAY: Number(due[Days.TODAY], desk.changed(days=Days.TODAY)),
        Tally.NEAR: Number(due[Days.TWO], desk.changed(days=Days.TWO)),
        Tally.NEW_TODAY: Number(
            new or 0, own.changed(tab=Tab.OPEN, received_from=today, received_to=today)
        ),
        Tally.WAITING: at(Tab.WAITING),
        Tally.BLOCKED: Number(blocked or 0, own.changed(tab=Tab.OPEN, flags=Flags.BLOCK)),
        Tally.EXPIRING: Number(expiring, QueueFilter(tab=Tab.MINE)),
    }
    if accepts:
        lapsing = own.changed(tab=Tab.ACCEPTANCE, days=Days.TODAY)
        numbers[Tally.LAPSING] = Number(due["lapsing"], lapsing)
    desks = desks_of(actor) or tuple(Stage)
    return Overview(numbers, {DESK_TABS[stage]: at(DESK_TABS[stage]) for stage in desks})


def _desks_filter(actor: Actor, own: QueueFilter) -> QueueFilter:
    """The filter that lists what waits for this officer's own hand."""
    if Role.PROVINCE in actor.roles:
        return own.changed(tab=Tab.WAITING, status=(Status.PROVINCE_PENDING,))
    tabs = [DESK_TABS[stage] for stage in desks_of(actor)]
    if len(tabs) == 1:
        return own.changed(tab=tabs[0])
    if not tabs or len(tabs) == len(DESK_TABS):
        return own.changed(tab=Tab.TODO)
    statuses = frozenset[Status]().union(*(TAB_STATUSES[tab] for tab in tabs))
    return own.changed(tab=Tab.TODO, status=tuple(sorted(statuses)))


def _due(
    session: Session,
    seen: list[ColumnElement[bool]],
    statuses: frozenset[Status],
    today: date,
) -> dict[str, int]:
    """Open cases by how their clock stands, and those whose acceptance ends today."""
    near = counting.due_date(today, NEAR_DAYS).day
    acceptance = Case.status.in_(sorted(TAB_STATUSES[Tab.ACCEPTANCE]))
    mine = Case.status.in_(sorted(statuses))
    row = session.execute(
        select(
            func.count(when((mine & (Case.due_on < today), 1))),
            func.count(when((mine & (Case.due_on == today), 1))),
            func.count(when((mine & (Case.due_on >= today), 1))),
            func.count(when((acceptance & (Case.due_on == today), 1))),
        ).where(
            Case.is_open,
            Case.status.in_(sorted(statuses | TAB_STATUSES[Tab.ACCEPTANCE])),
            Case.due_on <= near,
            *seen,
        )
    ).one()
    return dict(zip((Days.OVERDUE, Days.TODAY, Days.TWO, "lapsing"), row, strict=True))


@dataclass(frozen=True, slots=True)
class OwnCases:
    """An applicant's or an employer's applications. todo: those that wait for their own hand."""

    open: int
    todo: int
    finished: int


def for_party(session: Session, actor: Actor) -> OwnCases:
    """How the actor's own applications stand. Raises NotPermitted."""
    actor.require(Permission.OWN_CASES)
    employer = actor.employer_id is not None and actor.person_id is None
    owner = scope(actor).condition(Case)
    todo = _TODO[Party.EMPLOYER if employer else Party.APPLICANT]
    hidden = {Status.DISCARDED} | ({Status.DRAFT} if employer else set())
    counts: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(Case.status, func.count())
            .where(owner, Case.status.not_in(sorted(hidden)))
            .group_by(Case.status)
        )
    }
    finished = sum(counts.get(status, 0) for status in FINAL)
    return OwnCases(
        open=sum(counts.values()) - finished,
        todo=sum(counts.get(status, 0) for status in todo),
        finished=finished,
    )


_TODO = {
    party: tuple(status for status, spec in STATUSES.items() if spec.waits_for is party)
    for party in (Party.APPLICANT, Party.EMPLOYER)
}


def open_by_profession(session: Session, actor: Actor) -> dict[str, int]:
    """Open cases per profession, of those of the account. Raises NotPermitted."""
    actor.require(Permission.STATISTICS_READ)
    rows = session.execute(
        select(Case.profession, func.count())
        .where(
            Case.is_open,
            Case.status.in_(sorted(TAB_STATUSES[Tab.OPEN])),
            scope(actor, Permission.STATISTICS_READ).condition(Case),
        )
        .group_by(Case.profession)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class Accounts:
    """Accounts of the system: those that can sign in, those that cannot."""

    active: int
    disabled: int
    locked: int


def accounts(session: Session, actor: Actor, now: datetime) -> Accounts:
    """How many accounts there are. Raises NotPermitted."""
    actor.require(Permission.STAFF_MANAGE)
    held_up = exists().where(SignInBrake.user_id == User.id, SignInBrake.until > now)
    row = session.execute(
        select(
            func.count(when((~User.disabled, 1))),
            func.count(when((User.disabled, 1))),
            func.count(when((~User.disabled & held_up, 1))),
        )
    ).one()
    return Accounts(*row)
