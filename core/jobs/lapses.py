"""The clock's own acts: every lapse that is due, and registrations whose term has ended.

Run it as often as wanted, e.g. hourly: what was done once is not done again. Each case and each
registration has a transaction of its own, so one that cannot go on holds nobody up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import exists, select

from core import catalogue, clock, db
from core.access.actors import SYSTEM
from core.audit import history
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue.rulebooks import rulebook_of
from core.catalogue.types import Effect
from core.errors import CoreError
from core.model import Case, Clock, Registration
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.vocabulary.register import RegistrationStatus

BATCH = 500

# In the order of the clocks' rows: a withdrawal that lapses gives the case back to the desk whose
# time may be up too.
LAPSES: tuple[tuple[Action, ClockKind], ...] = tuple(
    (Action(spec.lapse), kind) for kind, spec in CLOCKS.items() if spec.lapse
)
EXPIRE = "expire"
SKIPPED = "skipped"


def tick(now: datetime) -> dict[str, int]:
    """Take every lapse due at `now` and end expired registrations.

    Returns how often each action was taken, registrations under `expire`, and under `skipped` the
    cases that refused (somebody acted meanwhile, or something else comes first).

    Raises Unavailable when the database cannot be reached; what was done until then stays done.
    """
    counts: Counter[str] = Counter({action.value: 0 for action, _ in LAPSES})
    counts.update({EXPIRE: 0, SKIPPED: 0})
    today = clock.day_of(now)
    for action, kind in LAPSES:
        for case_id in _overdue(kind, today):
            counts[action.value if _lapse(case_id, action, now) else SKIPPED] += 1
    for registration_id in _ended(today):
        counts[EXPIRE] += _expire(registration_id, now)
    return dict(counts)


def _overdue(kind: ClockKind, today: date) -> Iterator[int]:
    """Open cases whose running clock of `kind` ended before `today`, read batch by batch."""
    last = 0
    while True:
        with db.reading() as session:
            batch = session.scalars(
                select(Case.id)
                .where(
                    Case.id > last,
                    Case.is_open,
                    exists().where(
                        Clock.case_id == Case.id,
                        Clock.kind == kind.value,
                        Clock.ended_on.is_(None),
                        Clock.paused_on.is_(None),
                        Clock.due_on < today,
                    ),
                )
                .order_by(Case.id)
                .limit(BATCH)
            ).all()
        if not batch:
            return
        yield from batch
        last = batch[-1]


def _lapse(case_id: int, action: Action, now: datetime) -> bool:
    try:
        with db.transaction() as session:
            if action is Action.LAPSE_ACCEPTANCE:
                rulebook = session.get_one(Case, case_id).rulebook_id
                if not rulebook_of(session, rulebook).switch("automatic_acceptance"):
                    return False
            perform(session, SYSTEM, case_id, action, now=now)
    except db.Unavailable:
        raise
    except CoreError:
        return False
    return True


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


def _expire(registration_id: int, now: datetime) -> bool:
    """End one registration, unless a renewal filed in time is still open (domain F)."""
    with db.transaction() as session:
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
        row.status = RegistrationStatus.EXPIRED.value
        row.ended_on = row.valid_to
        row.end_reason = "expired"
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
