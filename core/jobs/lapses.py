"""The clock's own acts: every lapse that is due, and registrations whose term has ended.

Run it as often as wanted, e.g. hourly: what was done once is not done again. Each case and each
registration has a transaction of its own, so one that cannot go on holds nobody up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import catalogue, clock, db
from core.access.actors import SYSTEM
from core.audit import history
from core.catalogue.types import Effect
from core.errors import CoreError
from core.model import Case, Clock, Registration
from core.procedures import PROCEDURES
from core.register.commands import end_registration
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.vocabulary.register import RegistrationStatus
from core.workflow.commands import perform

BATCH = 500

EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a run did. taken: how often each action was taken. refused: subjects that could not go
    on, with the reason (somebody acted meanwhile, or something else comes first). expired:
    registrations whose term was ended.
    """

    taken: Mapping[str, int]
    refused: tuple[tuple[str, CoreError], ...]
    expired: int


def tick(now: datetime) -> Ticked:
    """Take every lapse due at `now`, of every procedure, and end expired registrations.

    Lapses are taken in the order of the clocks' rows: a withdrawal that lapses gives the case back
    to the desk whose time may be up too.

    Raises Unavailable when the database cannot be reached; what was done until then stays done.
    """
    taken: Counter[str] = Counter()
    refused: list[tuple[str, CoreError]] = []
    today = clock.day_of(now)
    for kind, spec in CLOCKS.items():
        if spec.lapse is None:
            continue
        taken[spec.lapse] += 0
        for subject in _overdue(kind, today):
            error = _lapse(subject, spec.lapse, now)
            if error is None:
                taken[spec.lapse] += 1
            else:
                refused.append((subject, error))
    expired = sum(db.run(_expire, registration_id, now) for registration_id in _ended(today))
    return Ticked(dict(taken), tuple(refused), expired)


def _overdue(kind: ClockKind, today: date) -> Iterator[str]:
    """Subjects whose running clock of `kind` ended before `today`, read batch by batch."""
    last = 0
    while True:
        with db.reading() as session:
            batch = session.execute(
                select(Clock.id, Clock.subject)
                .where(
                    Clock.id > last,
                    Clock.kind == kind.value,
                    Clock.ended_on.is_(None),
                    Clock.paused_on.is_(None),
                    Clock.due_on < today,
                )
                .order_by(Clock.id)
                .limit(BATCH)
            ).all()
        if not batch:
            return
        yield from (row.subject for row in batch)
        last = batch[-1].id


def _lapse(subject: str, action: str, now: datetime) -> CoreError | None:
    """Take one lapse in a transaction of its own; the reason when it cannot be taken."""
    kind, _, number = subject.partition(":")
    procedure = PROCEDURES[kind]
    try:
        db.run(perform, procedure, SYSTEM, int(number), procedure.action(action), now=now)
    except db.Unavailable:
        raise
    except CoreError as error:
        return error
    return None


def _ended(today: date) -> Iterator[int]:
    """Active registrations whose last day lies before `today`, read batch by batch."""
    last = 0
    while True:
        with db.reading() as session:
            batch = session.scalars(
                select(Registration.id)
                .where(
                    Registration.id > last,
                    Registration.status == RegistrationStatus.ACTIVE,
                    Registration.valid_to < today,
                )
                .order_by(Registration.id)
                .limit(BATCH)
            ).all()
        if not batch:
            return
        yield from batch
        last = batch[-1]


def _expire(session: Session, registration_id: int, now: datetime) -> bool:
    """End one registration, unless a renewal filed in time is still open (domain F)."""
    row = session.scalars(
        select(Registration).where(Registration.id == registration_id).with_for_update()
    ).one()
    if row.status != RegistrationStatus.ACTIVE or row.valid_to >= clock.day_of(now):
        return False
    book = catalogue.current()
    renewals = [key for key in book.businesses if book.effect(key) is Effect.EXTEND]
    filed = session.scalars(
        select(Case.filed_at).where(
            Case.registration_id == row.id,
            Case.is_open,
            Case.business.in_(renewals),
            Case.filed_at.is_not(None),
        )
    ).all()
    if any(at is not None and clock.day_of(at) <= row.valid_to for at in filed):
        return False
    end_registration(row, RegistrationStatus.EXPIRED, "expired", row.valid_to)
    history.record(
        session,
        SYSTEM,
        EXPIRE,
        f"registration:{row.id}",
        at=now,
        before=RegistrationStatus.ACTIVE.value,
        after=RegistrationStatus.EXPIRED.value,
        detail={"valid_to": row.valid_to.isoformat()},
    )
    return True
