"""The queue: which cases are listed for whom, counted, sorted and cut into pages in SQL.

A `QueueFilter` is the whole view. It goes into the address and back without loss, so a link shows a
colleague the same list; whatever an address holds beyond that is dropped without a word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, select, union_all
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import desks_of, scope
from core.model import Case, Lease, User
from core.queue import search
from core.queue.filters import (
    OPEN_STATUSES,
    TAB_STATUSES,
    Days,
    Flags,
    QueueFilter,
    Sort,
    Tab,
)
from core.vocabulary.cases import Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workdays import counting

DESK_TABS: dict[Stage, Tab] = {
    Stage.ACCEPTANCE: Tab.ACCEPTANCE,
    Stage.REVIEW: Tab.REVIEW,
    Stage.RECHECK: Tab.RECHECK,
    Stage.DECISION: Tab.DECISION,
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case as the queue shows it. days_left: working days, negative when overdue.

    holder, held_until: who has it claimed now, if anyone.
    """

    id: int
    ref: str
    version: int
    profession: str
    business: str
    specialty: str
    specialty2: str
    person_name: str
    employer_name: str
    province: str
    status: Status
    clock: ClockKind | None
    due_on: date | None
    days_left: int | None
    received_at: datetime | None
    changed_at: datetime
    flags_block: int
    flags_other: int
    holder_id: int | None
    holder: str | None
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue. page counts from 1 and never passes pages; counts: cases in each tab
    under the other filters (the tab of finished cases only while it is shown).
    """

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[Tab, int]


_OPEN: ColumnElement[bool] = Case.__table__.c.is_open


def default_tab(actor: Actor) -> Tab:
    """The tab an officer starts at: their first desk, else what fits their role."""
    desks = desks_of(actor)
    if desks:
        return DESK_TABS[desks[0]]
    return Tab.OPEN if Role.PROVINCE in actor.roles else Tab.TODO


def in_queue_of(actor: Actor) -> ColumnElement[bool]:
    """The rows of `scope` for somebody with a queue; nobody else has one."""
    return scope(actor).condition(Case) if actor.may(Permission.QUEUE_READ) else false()


def held_by(user_id: int | None, now: datetime) -> ColumnElement[bool]:
    """The case is claimed by this user, at `now`."""
    theirs = select(Lease.case_id).where(Lease.user_id == user_id, Lease.expires_at > now)
    return Case.id.in_(theirs)


def page(session: Session, actor: Actor, wanted: QueueFilter, now: datetime) -> QueuePage:
    """The rows of `wanted` that `actor` may see, and the counts of every tab.

    At most four queries: two resolve the search text, one counts, one reads the page. Ties are
    broken by id. A deep page costs what the first does: ids are skipped in an index and only the
    rows shown are read. Raises NotPermitted.
    """
    actor.require(Permission.QUEUE_READ)
    tab = wanted.tab or default_tab(actor)
    found = search.matching(session, wanted.query)
    counts, total = _count(session, actor, wanted, tab, found, now)
    pages = max(1, -(-total // wanted.size))
    number = min(wanted.page, pages)
    rows: tuple[QueueRow, ...] = ()
    if total:
        where = [*_conditions(actor, wanted, found, now), *_of_tab(actor, wanted, tab, now)]
        rows = _rows(session, wanted, tab, where, number, now)
    return QueuePage(rows, total, number, pages, counts)


def counts(
    session: Session,
    actor: Actor,
    wanted: QueueFilter,
    now: datetime,
) -> Mapping[Tab, int]:
    """How many cases each tab holds under the other filters. Raises NotPermitted."""
    actor.require(Permission.QUEUE_READ)
    found = search.matching(session, wanted.query)
    return _count(session, actor, wanted, wanted.tab or default_tab(actor), found, now)[0]


def total(session: Session, actor: Actor, wanted: QueueFilter, now: datetime) -> int:
    """How many cases `wanted` lists, over all pages. Raises NotPermitted."""
    actor.require(Permission.QUEUE_READ)
    found = search.matching(session, wanted.query)
    return _count(session, actor, wanted, wanted.tab or default_tab(actor), found, now)[1]


def holders(session: Session, actor: Actor, now: datetime) -> tuple[tuple[int, str], ...]:
    """Officers who hold a case of `actor`'s queue now, by name: the choices of the assignee wanted.

    Raises NotPermitted.
    """
    actor.require(Permission.QUEUE_READ)
    held = (
        select(Lease.user_id)
        .join(Case, Case.id == Lease.case_id)
        .where(Lease.expires_at > now, in_queue_of(actor))
    )
    rows = session.execute(
        select(User.id, User.name).where(User.id.in_(held)).order_by(User.name, User.id)
    )
    return tuple((row.id, row.name) for row in rows)


def _count(
    session: Session,
    actor: Actor,
    wanted: QueueFilter,
    tab: Tab,
    found: ColumnElement[bool],
    now: datetime,
) -> tuple[dict[Tab, int], int]:
    """Counts by tab and the total of `tab`, in one statement: open cases grouped by status."""
    where = _conditions(actor, wanted, found, now)
    mine = [_OPEN, held_by(actor.user_id, now)]
    parts = [
        select(Case.status, func.count())
        .where(_OPEN, Case.status.in_(OPEN_STATUSES), *where)
        .group_by(Case.status),
        select(literal(Tab.MINE.value), func.count()).where(*mine, *where),
    ]
    if tab in {Tab.MINE, Tab.CLOSED}:
        parts.append(
            select(literal("shown"), func.count()).where(*_of_tab(actor, wanted, tab, now), *where)
        )
    by_status: dict[str, int] = {row[0]: row[1] for row in session.execute(union_all(*parts))}
    result: dict[Tab, int] = {
        each: sum(by_status.get(status, 0) for status in statuses)
        for each, statuses in TAB_STATUSES.items()
        if each is not Tab.CLOSED
    }
    result[Tab.MINE] = by_status[Tab.MINE.value]
    if tab in {Tab.MINE, Tab.CLOSED}:
        total = by_status["shown"]
        if tab is Tab.CLOSED:
            result[tab] = total
        return result, total
    return result, sum(by_status.get(status, 0) for status in wanted.statuses(tab))


def _of_tab(
    actor: Actor,
    wanted: QueueFilter,
    tab: Tab,
    now: datetime,
) -> list[ColumnElement[bool]]:
    """The conditions that the tab and the chosen statuses add.

    `is_open` follows from the status; it is said because the partial indexes rest on it.
    """
    listed: ColumnElement[bool] = Case.status.in_(sorted(wanted.statuses(tab)))
    if tab is Tab.MINE:
        held = [_OPEN, held_by(actor.user_id, now)]
        return [*held, listed] if wanted.status else held
    return [~Case.is_open if tab is Tab.CLOSED else _OPEN, listed]


def _conditions(
    actor: Actor,
    wanted: QueueFilter,
    found: ColumnElement[bool],
    now: datetime,
) -> list[ColumnElement[bool]]:
    """Every condition of the filter except tab and status."""
    where: list[ColumnElement[bool]] = [in_queue_of(actor), found]
    if wanted.profession:
        where.append(Case.profession.in_(wanted.profession))
    if wanted.specialty:
        where.append((Case.specialty == wanted.specialty) | (Case.specialty2 == wanted.specialty))
    if wanted.business:
        where.append(Case.business == wanted.business)
    if wanted.province:
        where.append(Case.province == wanted.province)
    match wanted.flags:
        case Flags.ANY:
            where.append((Case.flags_block > 0) | (Case.flags_other > 0))
        case Flags.BLOCK:
            where.append(Case.flags_block > 0)
        case Flags.NONE:
            where += [Case.flags_block == 0, Case.flags_other == 0]
        case None:
            pass
    if wanted.received_from:
        where.append(Case.received_at >= clock.start_of(wanted.received_from))
    if wanted.received_to:
        where.append(Case.received_at < clock.start_of(wanted.received_to + timedelta(days=1)))
    return where + _due(wanted.days, clock.day_of(now)) + _assigned(actor, wanted.assignee, now)


def _due(days: Days | None, today: date) -> list[ColumnElement[bool]]:
    match days:
        case None:
            return []
        case Days.OVERDUE:
            return [Case.due_on < today]
        case Days.TODAY:
            return [Case.due_on == today]
        case _:
            last = counting.due_date(today, int(days)).day
            return [Case.due_on.between(today, last)]


def _assigned(actor: Actor, assignee: str | int | None, now: datetime) -> list[ColumnElement[bool]]:
    match assignee:
        case None:
            return []
        case "none":
            return [
                Case.id.not_in(
                    select(Lease.case_id).where(Lease.expires_at > now, Lease.case_id.is_not(None))
                )
            ]
        case "me":
            return [held_by(actor.user_id, now)]
        case _:
            return [held_by(int(assignee), now)]


_SORT_COLUMNS: dict[Sort, Any] = {
    Sort.DUE: Case.due_on,
    Sort.RECEIVED: Case.received_at,
    Sort.REF: Case.ref,
    Sort.NAME: Case.person_name,
    Sort.EMPLOYER: Case.employer_name,
    Sort.CHANGED: Case.changed_at,
}


def _rows(
    session: Session,
    wanted: QueueFilter,
    tab: Tab,
    where: Sequence[ColumnElement[bool]],
    number: int,
    now: datetime,
) -> tuple[QueueRow, ...]:
    sort, descending = wanted.order(tab)
    column = _SORT_COLUMNS[sort]
    ordered, tie = (column.desc(), Case.id.desc()) if descending else (column, Case.id)
    # Without a clock or a receipt a case comes last on both databases; the rest are never null.
    order = (ordered.nulls_last() if sort in {Sort.DUE, Sort.RECEIVED} else ordered, tie)
    ids = (
        select(Case.id)
        .where(*where)
        .order_by(*order)
        .limit(wanted.size)
        .offset((number - 1) * wanted.size)
        .subquery()
    )
    statement = (
        select(
            Case.id,
            Case.ref,
            Case.version_id,
            Case.profession,
            Case.business,
            Case.specialty,
            Case.specialty2,
            Case.person_name,
            Case.employer_name,
            Case.province,
            Case.status,
            Case.clock,
            Case.due_on,
            Case.received_at,
            Case.changed_at,
            Case.flags_block,
            Case.flags_other,
            Lease.user_id,
            User.name,
            Lease.expires_at,
        )
        .join(ids, ids.c.id == Case.id)
        .outerjoin(Lease, (Lease.case_id == Case.id) & (Lease.expires_at > now))
        .outerjoin(User, User.id == Lease.user_id)
        .order_by(*order)
    )
    today = clock.day_of(now)
    return tuple(
        QueueRow(
            *row[:10],
            status=Status(row[10]),
            clock=ClockKind(row[11]) if row[11] else None,
            due_on=row[12],
            days_left=counting.days_left(today, row[12]) if row[12] else None,
            received_at=row[13],
            changed_at=row[14],
            flags_block=row[15],
            flags_other=row[16],
            holder_id=row[17],
            holder=row[18],
            held_until=row[19],
        )
        for row in session.execute(statement)
    )
