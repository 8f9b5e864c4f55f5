"""Flags, appeals, amendments, revocations and hearings for tests, begun as the desk begins them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.anomalies import disposition
from core.appeals.procedure import open_appeal
from core.audit import history
from core.hearings.procedure import offer
from core.model import (
    Amendment,
    Anomaly,
    AnomalyCase,
    Appeal,
    Case,
    Clock,
    Event,
    Hearing,
    Person,
    Registration,
    Revocation,
)
from core.revocations.procedure import open_revocation
from core.vocabulary.amendments import AmendmentStatus
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.revocations import RevocationGround
from core.vocabulary.roles import Role
from tests.builders import (
    NOW,
    a_person,
    a_registration as a_plain_registration,
    an_actor,
    an_employer,
)


def the_person(person_id: int, *roles: Role) -> Actor:
    """The person concerned, as they act for themselves."""
    return Actor(None, "当事人", frozenset(roles or {Role.APPLICANT}), person_id=person_id)


def a_flag(session: Session, *cases: Case, **values: Any) -> Anomaly:
    """An open flag that touches these cases, counted on them."""
    person_id = cases[0].person_id if cases else a_person(session).id
    flag = Anomaly(
        **{
            "kind": "insurance",
            "rule": "R2",
            "severity": Severity.HIGH.value,
            "person_id": person_id,
            "status": AnomalyStatus.OPEN.value,
            "evidence": {"缴费单位": "演示别处"},
            "source": "演示",
            "as_of": date(2026, 3, 1),
            "found_at": NOW,
            **values,
        }
    )
    session.add(flag)
    session.flush()
    session.add_all(AnomalyCase(anomaly_id=flag.id, case_id=case.id) for case in cases)
    session.flush()
    for case in cases:
        disposition.recount(session, case.id)
        session.refresh(case)
    return flag


def an_appeal(session: Session, now: datetime = NOW) -> Appeal:
    """An appeal that waits for the person's answer."""
    flag = a_flag(session)
    return open_appeal(session, an_actor(session, Role.ANOMALY_OFFICER), flag.id, now)


def an_amendment(session: Session, person: Person | None = None, **values: Any) -> Amendment:
    """A drafted amendment of a person's name, explained."""
    person = person or a_person(session)
    amendment = Amendment(
        **{
            "person_id": person.id,
            "status": AmendmentStatus.DRAFT.value,
            "changes": {"name": "演示新名"},
            "explanation": "户籍已更名，附派出所证明。",
            **values,
        }
    )
    session.add(amendment)
    session.flush()
    return amendment


def a_registration(session: Session, **values: Any) -> Registration:
    """An active registration of a fresh person at a fresh employer."""
    return a_plain_registration(session, a_person(session), an_employer(session), **values)


def a_revocation(session: Session, actor: Actor | None = None, **values: Any) -> Revocation:
    """A revocation just opened on a fresh registration, for fraud."""
    return open_revocation(
        session,
        actor or an_actor(session, Role.SUPERVISOR),
        a_registration(session, **values).id,
        ground=RevocationGround.FRAUD,
        reason="学历证书系伪造",
        now=NOW,
    )


def a_hearing(session: Session, about: Case | Revocation, now: datetime = NOW) -> Hearing:
    """A hearing offered to the person of a case or a revocation."""
    return offer(session, an_actor(session, Role.DECIDER), about, now)


def steps(session: Session, subject: str) -> list[tuple[str, str | None, str | None]]:
    """What the history says of a subject, oldest first: action, status before and after."""
    rows = session.scalars(select(Event).where(Event.subject == subject).order_by(Event.id))
    return [(row.action, row.before, row.after) for row in rows]


def running(session: Session, subject: str) -> list[str]:
    """The clocks that run for a subject."""
    rows = session.scalars(
        select(Clock.kind).where(Clock.subject == subject, Clock.ended_on.is_(None))
    )
    return sorted(rows)


def assert_history_holds() -> None:
    """Every chain of the history is whole."""
    with db.reading() as session:
        assert list(history.verify(session)) == []
