"""What approval does to the register (domain F; domain H, last paragraph)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import catalogue, clock
from core.catalogue.rulebooks import Rulebook
from core.catalogue.types import Effect
from core.errors import CoreError
from core.model import (
    Case,
    Employer,
    Person,
    Registration,
    RegistrationChange,
)
from core.register import numbers
from core.text import Text
from core.vocabulary.register import RegistrationStatus
from core.workdays import counting


class NoRegistration(CoreError):
    text = Text(
        "注册库中没有可以办理本业务的注册记录。",
        "The register holds no registration that this case could change.",
    )


class AlreadyRegistered(CoreError):
    text = Text(
        "该人员在本专业已有有效注册（{number}），不能再次初始注册。",
        "This person already holds an active registration ({number}) in this specialty.",
    )


def term(
    effect: Effect, decided_on: date, current: Registration | None, years: int, months: int
) -> tuple[date, date]:
    """Validity after approval: first and last day, inclusive.

    初始: `years` from the decision. 变更 and 补办: the old term stands. 延续: `years` on top of the
    old end when decided before it, else from the decision; a cancelled registration that revives at
    its old employer keeps its end when more than `months` are left and is extended otherwise
    (M4 §3.3 note 2).
    """
    if current is None:
        return decided_on, counting.add_years(decided_on, years) - timedelta(days=1)
    if effect is not Effect.EXTEND:
        return current.valid_from, current.valid_to
    window = counting.add_months(decided_on, months)
    if current.status == RegistrationStatus.CANCELLED and current.valid_to > window:
        return current.valid_from, current.valid_to
    if current.valid_to >= decided_on:
        return current.valid_from, counting.add_years(current.valid_to, years)
    return decided_on, counting.add_years(decided_on, years) - timedelta(days=1)


def carry_out(session: Session, case: Case, rulebook: Rulebook, now: datetime) -> Registration:
    """Carry out an approved case in the register, in the caller's transaction.

    Raises NoRegistration or AlreadyRegistered when the register no longer fits the case.
    """
    book = catalogue.current()
    effect = book.effect(case.business)
    profession = book.professions[case.profession]
    specialty = profession.specialty(case.specialty)
    decided_on = clock.day_of(case.decided_at or now)
    employer = session.get_one(Employer, case.employer_id)
    current = _current(session, case)
    if current is not None and current.status == RegistrationStatus.REVOKED:
        raise NoRegistration  # what was taken back while the case was under way is not revived
    before = snapshot(current) if current else {}
    first, last = term(
        effect,
        decided_on,
        current,
        rulebook.number("validity_years"),
        rulebook.number("renewal_window_months"),
    )
    qualification = str(case.form.get("qualification_number", ""))
    if effect is Effect.CREATE:
        if current is not None and current.status == RegistrationStatus.ACTIVE:
            raise AlreadyRegistered(number=current.number)
        person = session.get_one(Person, case.person_id)
        current = Registration(
            profession=case.profession,
            specialty=case.specialty,
            specialty2=case.specialty2,
            person_id=case.person_id,
            employer_id=case.employer_id,
            person_name=person.name,
            number=numbers.registration_number(
                session, profession, specialty, decided_on, case.province
            ),
            qualification_certificate=str(case.form.get("qualification_certificate", "")),
            status=RegistrationStatus.ACTIVE.value,
            first_registered_on=decided_on,
            valid_from=decided_on,
            valid_to=decided_on,
        )
        session.add(current)
    if current is None:
        raise NoRegistration
    current.valid_from, current.valid_to = first, last
    match effect:
        case Effect.CREATE:
            new_seal = True
        case Effect.MOVE:
            new_seal = current.employer_id != case.employer_id
            current.employer_id = case.employer_id
            if case.specialty and not profession.per_specialty:
                current.specialty, current.specialty2 = case.specialty, case.specialty2
        case Effect.EXTEND:
            new_seal = False
            current.status = RegistrationStatus.ACTIVE.value
            current.ended_on, current.end_reason = None, ""
        case Effect.REISSUE:
            wishes = case.form.get("replacement_request") or []
            new_seal = "new_seal" in wishes
            current.issue += 1
        case Effect.END:
            new_seal = False
            why = str(case.form.get("cancellation_reason", ""))
            end_registration(current, RegistrationStatus.CANCELLED, why, decided_on)
    if new_seal:
        current.seal_number = numbers.seal_number(
            session, profession, specialty, employer, qualification
        )
    session.flush()
    case.registration_id = current.id
    if current.seal_number:
        case.seal_number = current.seal_number
    session.add(
        RegistrationChange(
            registration_id=current.id,
            case_id=case.id,
            effect=effect.value,
            before=before,
            after=snapshot(current),
            changed_at=now,
        )
    )
    session.flush()
    return current


def _current(session: Session, case: Case) -> Registration | None:
    if case.registration_id is not None:
        return session.scalars(
            select(Registration).where(Registration.id == case.registration_id).with_for_update()
        ).one()
    return session.scalars(
        select(Registration)
        .where(
            Registration.person_id == case.person_id,
            Registration.profession == case.profession,
            Registration.specialty == case.specialty,
            Registration.status == RegistrationStatus.ACTIVE,
        )
        .with_for_update()
    ).first()


def end_registration(row: Registration, status: RegistrationStatus, why: str, on: date) -> None:
    """End a registration: its own status, reason and day."""
    row.status = status.value
    row.ended_on, row.end_reason = on, why


def snapshot(row: Registration) -> dict[str, Any]:
    """The register's values of `row` as plain data, for before/after."""
    return {
        "number": row.number,
        "seal_number": row.seal_number,
        "specialty": row.specialty,
        "specialty2": row.specialty2,
        "employer_id": row.employer_id,
        "status": row.status,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat(),
        "issue": row.issue,
    }
