"""What else is known of the person and the employer of a case."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core.access.actors import Actor
from core.access.scope import scope
from core.casefile.rows import (
    EmployerCard,
    OtherCase,
)
from core.model import (
    Case,
    Registration,
)
from core.register.search import Entry, standing
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


def registrations(session: Session, case: Case, today: date) -> tuple[Entry, ...]:
    """Every registration of the person, with its standing on `today`."""
    rows = session.scalars(
        select(Registration)
        .options(joinedload(Registration.employer))
        .where(Registration.person_id == case.person_id)
        .order_by(Registration.id)
    )
    return tuple(
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
