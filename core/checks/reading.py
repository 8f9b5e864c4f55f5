"""Reading the `Facts` of a case: six queries, each on an index."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from core import catalogue, clock
from core.catalogue.rulebooks import Rulebook
from core.catalogue.types import Catalogue
from core.checks.facts import (
    EmployerFacts,
    Facts,
    OtherCase,
    Payment,
    PersonFacts,
    Picture,
    Registered,
    plain,
)
from core.identifiers import normalise_credit_code, normalise_id
from core.model import (
    Attachment,
    Case,
    Employer,
    EmployerQualification,
    InsuranceRecord,
    Person,
    Registration,
)
from core.text import same
from core.vocabulary.cases import Status

_APPROVED = frozenset({Status.APPROVED, Status.ANNOUNCED, Status.CLOSED})
_LONGEST_NUMBER = 60


def facts_of(session: Session, case: Case, rules: Rulebook, now: datetime) -> Facts:
    """Read what the checks of `case` look at, under `rules`, as it stands at `now`."""
    book = catalogue.current()
    service = book.service(case.profession, case.business)
    business = book.businesses.get(case.business)
    person, employer = _people(session, case)
    certificates = numbers_of(case.form.get("qualification_certificate"))
    seals = numbers_of(case.form.get("seal_number")) | numbers_of(case.seal_number)
    own, rivals = _registrations(session, book, case, certificates, seals)
    payments = _payments(session, person.id_number)
    filed_at = case.filed_at or case.received_at or now
    return Facts(
        profession_key=case.profession,
        profession=book.professions.get(case.profession),
        effect=business.effect if business else None,
        specialties=_named(case.specialty, case.specialty2),
        registration_id=case.registration_id,
        asked=frozenset(field.key for field in service.fields) if service else frozenset(),
        materials=service.materials if service else None,
        form=dict(case.form),
        person=person,
        employer=employer,
        registrations=own,
        rivals=rivals,
        certificates=certificates,
        seals=seals,
        cases=_cases(session, book, case),
        pictures=_pictures(session, case),
        payments=payments,
        fed_until=_fed_until(session, payments),
        today=clock.day_of(now),
        filed_on=clock.day_of(filed_at),
        # A parameter younger than the rulebook counts with its default.
        parameters={
            **{key: item.default for key, item in book.parameters.items()},
            **rules.parameters,
        },
        articles={
            **{key: reason.article for key, reason in book.reasons.items()},
            **{key: reason.article for key, reason in rules.reasons.items()},
        },
    )


def _named(*specialties: str) -> tuple[str, ...]:
    return tuple(key for key in specialties if key)


def numbers_of(value: object) -> frozenset[str]:
    """A certificate or seal number in the forms it may be stored in: as typed, and tidied.

    Words such as 无 are no numbers; what a database could not hold as a number is none either.
    """
    typed = plain(value)
    usable = typed.isprintable() and len(typed) <= _LONGEST_NUMBER
    if not usable or not any(character.isdigit() for character in typed):
        return frozenset()
    return frozenset({typed, normalise_credit_code(typed)})


def _people(session: Session, case: Case) -> tuple[PersonFacts, EmployerFacts]:
    other = aliased(Person)
    sharers = (
        select(func.count())
        .where(other.phone == Person.phone, other.id != Person.id, Person.phone != "")
        .correlate(Person)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Person,
            Employer,
            sharers,
            EmployerQualification.number,
            EmployerQualification.valid_to,
        )
        .select_from(Case)
        .join(Person, Person.id == Case.person_id)
        .join(Employer, Employer.id == Case.employer_id)
        .outerjoin(EmployerQualification, EmployerQualification.employer_id == Employer.id)
        .where(Case.id == case.id)
        .order_by(EmployerQualification.id)
    ).all()
    person, employer, shared = rows[0][0], rows[0][1], rows[0][2]
    return (
        PersonFacts(
            id=person.id,
            name=person.name,
            id_type=person.id_type,
            id_number=person.id_number,
            sex=person.sex,
            born_on=person.born_on,
            phone=person.phone,
            phone_sharers=shared,
        ),
        EmployerFacts(
            id=employer.id,
            name=employer.name,
            credit_code=employer.credit_code,
            status=employer.status,
            handler_phone=employer.handler_phone,
            verified_on=clock.day_of(employer.verified_at) if employer.verified_at else None,
            certificates=tuple((row[3], row[4]) for row in rows if row[3]),
        ),
    )


def _registrations(
    session: Session,
    book: Catalogue,
    case: Case,
    certificates: frozenset[str],
    seals: frozenset[str],
) -> tuple[tuple[Registered, ...], tuple[Registered, ...]]:
    """The person's own registrations, and other people's under the same certificate or seal."""
    claims = [Registration.person_id == case.person_id]
    if certificates:
        claims.append(Registration.qualification_certificate.in_(certificates))
    if seals:
        claims.append(Registration.seal_number.in_(seals))
    rows = session.execute(
        select(Registration, Employer.name, Employer.credit_code)
        .join(Employer, Employer.id == Registration.employer_id)
        .where(or_(*claims))
        .order_by(Registration.id)
    ).all()
    own: list[Registered] = []
    rivals: list[Registered] = []
    for row, employer_name, employer_code in rows:
        profession = book.professions.get(row.profession)
        (own if row.person_id == case.person_id else rivals).append(
            Registered(
                id=row.id,
                holder=row.person_name,
                profession=row.profession,
                profession_name=profession.short if profession else same(row.profession),
                specialties=_named(row.specialty, row.specialty2),
                employer_id=row.employer_id,
                employer_name=employer_name,
                employer_code=employer_code,
                number=row.number,
                seal_number=row.seal_number,
                certificate=row.qualification_certificate,
                status=row.status,
                valid_to=row.valid_to,
            )
        )
    return tuple(own), tuple(rivals)


def _cases(session: Session, book: Catalogue, case: Case) -> tuple[OtherCase, ...]:
    rows = session.execute(
        select(
            Case.id,
            Case.ref,
            Case.profession,
            Case.business,
            Case.specialty,
            Case.specialty2,
            Case.status,
            Case.is_open,
            Case.employer_id,
            Case.employer_name,
            Case.registration_id,
        )
        .where(Case.person_id == case.person_id, Case.id != case.id)
        .order_by(Case.id)
    ).all()
    return tuple(
        OtherCase(
            id=row.id,
            ref=row.ref,
            profession=row.profession,
            effect=book.effect(row.business) if row.business in book.businesses else None,
            specialties=_named(row.specialty, row.specialty2),
            open=row.is_open and row.status != Status.DRAFT,
            approved=row.status in _APPROVED,
            employer_id=row.employer_id,
            employer_name=row.employer_name,
            registration_id=row.registration_id,
        )
        for row in rows
    )


def _pictures(session: Session, case: Case) -> tuple[Picture, ...]:
    rows = session.execute(
        select(
            Attachment.kind,
            Attachment.width,
            Attachment.height,
            Attachment.size,
            Attachment.white_share,
            Attachment.added_at,
        )
        .where(Attachment.case_id == case.id)
        .order_by(Attachment.id)
    ).all()
    return tuple(
        Picture(
            kind=row.kind,
            width=row.width,
            height=row.height,
            size=row.size,
            white_share=row.white_share,
            added_on=clock.day_of(row.added_at),
        )
        for row in rows
    )


def _payments(session: Session, id_number: str) -> tuple[Payment, ...]:
    rows = session.execute(
        select(
            InsuranceRecord.month,
            InsuranceRecord.payer_name,
            InsuranceRecord.payer_code,
            InsuranceRecord.fund_payer_code,
            InsuranceRecord.source,
            InsuranceRecord.as_of,
        )
        .where(InsuranceRecord.id_number.in_({id_number, normalise_id(id_number)}))
        .order_by(InsuranceRecord.month, InsuranceRecord.id)
    ).all()
    return tuple(Payment(*row) for row in rows)


def _fed_until(session: Session, payments: tuple[Payment, ...]) -> date | None:
    """How far the sources that know this person have been read.

    The newest row of those sources says so. Rows of this person alone could not tell somebody who
    is no longer paid for from a feed that has not come yet.
    """
    if not payments:
        return None
    newest = session.scalar(
        select(InsuranceRecord.as_of)
        .where(InsuranceRecord.source.in_({payment.source for payment in payments}))
        .order_by(InsuranceRecord.id.desc())
        .limit(1)
    )
    return max([*(payment.as_of for payment in payments), *([newest] if newest else [])])
