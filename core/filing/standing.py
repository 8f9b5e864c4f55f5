"""What the records say about a form before it is filed: person, employer, register, other cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import catalogue
from core.cases.guards import AlreadyOpen, EmployerNotVerified, may_report
from core.catalogue.types import Effect
from core.errors import CoreError
from core.filing.opening import registration_for
from core.filing.validation import BUSINESS, SPECIALTIES, FieldProblem
from core.identifiers import name_key
from core.model import Case, Employer, Person
from core.text import Text, filled
from core.vocabulary.cases import Status
from core.vocabulary.employers import EMPLOYER_STATUS_LABELS, EmployerStatus

OTHER_NAME = Text(
    "该证件号码登记的姓名是“{known}”，填写的是“{given}”。",
    "This document number is on record under “{known}”, not “{given}”.",
)
SAME_NAME = Text(
    "登记的姓名；确已更名的先办理信息更正", "the name on record; a changed name is amended first"
)


def person_of(session: Session, form: Mapping[str, Any]) -> Person | None:
    """The person on record under the form's document number."""
    return session.scalars(
        select(Person).where(Person.id_number == form.get("id_number", ""))
    ).one_or_none()


def employer_of(session: Session, form: Mapping[str, Any]) -> Employer | None:
    """The employer on record under the form's credit code."""
    return session.scalars(
        select(Employer).where(Employer.credit_code == form.get("credit_code", ""))
    ).one_or_none()


def check(
    session: Session,
    profession: str,
    business: str,
    specialties: Sequence[str],
    form: Mapping[str, Any],
    *,
    reported_elsewhere: bool = False,
) -> list[FieldProblem]:
    """What would stop the filing: name, employer's standing, registration, another open case.

    Only to be asked for a service that is offered with these specialties. reported_elsewhere: an
    outside channel says the employer reported it; it may still await verification.
    """
    problems: list[FieldProblem] = []
    employer = employer_of(session, form)
    # A cancellation is the remedy for just that state (M.10).
    ending = catalogue.current().effect(business) is Effect.END
    reports = employer is None or may_report(employer.status, elsewhere=reported_elsewhere)
    if employer is not None and not (ending or reports):
        status = EMPLOYER_STATUS_LABELS[EmployerStatus(employer.status)]
        problems.append(FieldProblem("credit_code", EmployerNotVerified(status=status).words))
    person = person_of(session, form)
    name = str(form.get("name", ""))
    if person is not None and name and name_key(name) != name_key(person.name):
        words = filled(OTHER_NAME, known=person.name, given=name)
        problems.append(FieldProblem("name", words, SAME_NAME))
    try:
        # A person not on record has no registration either; no row has the id 0.
        registration_for(session, person.id if person else 0, profession, business, specialties)
    except CoreError as error:
        problems.append(FieldProblem(BUSINESS, error.words))
    if person is not None:
        rival = _open_case(session, person.id, profession, specialties)
        if rival:
            problems.append(FieldProblem(SPECIALTIES, AlreadyOpen(ref=rival).words))
    return problems


def _open_case(
    session: Session, person_id: int, profession: str, specialties: Sequence[str]
) -> str | None:
    """What the guard of filing will find, told together with everything else that is wrong."""
    return session.scalar(
        select(Case.ref)
        .where(
            Case.person_id == person_id,
            Case.profession == profession,
            Case.specialty == (specialties[0] if specialties else ""),
            Case.is_open,
            Case.status != Status.DRAFT,
        )
        .limit(1)
    )
