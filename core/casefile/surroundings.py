"""What else is known of the person and the employer of a case."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager

from core.access.actors import Actor
from core.access.scope import scope
from core.casefile.rows import (
    EmployerCard,
    OtherCase,
)
from core.model import (
    Case,
    Employer,
    Registration,
)
from core.register.search import Entry, seen_entries, standing
from core.vocabulary.cases import Status


def others(session: Session, actor: Actor, case: Case) -> tuple[OtherCase, ...]:
    """Other cases of the person that the actor may see, newest first."""
    rows = session.execute(
        select(
            Case.ref,
            Case.profession,
            Case.business,
            Case.specialty,
            Case.status,
            Case.employer_name,
            Case.created_at,
        )
        .where(
            Case.person_id == case.person_id,
            Case.id != case.id,
            scope(actor).condition(Case),
            Case.status.not_in([Status.DRAFT, Status.DISCARDED]),
        )
        .order_by(Case.id.desc())
        .limit(50)
    )
    return tuple(OtherCase(*row) for row in rows)


def registrations(
    session: Session, actor: Actor, case: Case, today: date
) -> tuple[tuple[Entry, ...], int]:
    """Registrations of the person that the actor may see, with their standing on `today`; and how
    many there are beside them.

    The one that the case is about belongs to the case.
    """
    rows = session.scalars(
        select(Registration)
        .join(Employer, Employer.id == Registration.employer_id)
        .options(contains_eager(Registration.employer))
        .where(
            Registration.person_id == case.person_id,
            or_(Registration.id == case.registration_id, seen_entries(actor)),
        )
        .order_by(Registration.id)
    ).all()
    held = session.scalar(
        select(func.count(Registration.id)).where(Registration.person_id == case.person_id)
    )
    seen = tuple(
        Entry(
            id=row.id,
            number=row.number,
            seal_number=row.seal_number,
            profession=row.profession,
            specialty=row.specialty,
            specialty2=row.specialty2,
            person_name=row.person_name,
            id_number=case.person.id_number,
            employer_name=row.employer.name,
            province=row.employer.province,
            status=standing(row.status, row.valid_to, today).value,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    )
    return seen, (held or 0) - len(seen)


def employer(session: Session, case: Case) -> EmployerCard:
    """The employer's standing and size."""
    employer = case.employer
    registered = session.scalar(
        select(func.count()).where(
            Registration.employer_id == employer.id, Registration.status == "active"
        )
    )
    open_cases = session.scalar(
        select(func.count()).where(Case.employer_id == employer.id, Case.is_open)
    )
    return EmployerCard(
        id=employer.id,
        version=employer.version_id,
        name=employer.name,
        credit_code=employer.credit_code,
        legal_rep=employer.legal_rep,
        province=employer.province,
        city=employer.city,
        address=employer.address,
        status=employer.status,
        status_reason=employer.status_reason,
        verified_at=employer.verified_at,
        qualifications=tuple((item.number, item.valid_to) for item in employer.qualifications),
        registered=registered or 0,
        open_cases=open_cases or 0,
    )
