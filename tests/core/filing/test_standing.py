"""What stands on record about a form is told by field key, all at once, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.filing import opening, standing
from core.model import Person
from core.vocabulary.cases import Channel, Status
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.register import RegistrationStatus
from core.vocabulary.roles import Role
from tests import builders as build


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as opened:
        yield opened


def told(session: Session, form: dict[str, Any], business: str = "initial") -> dict[str, str]:
    found = standing.check(session, "supervision", business, ["building"], form)
    assert not any(problem.warns for problem in found)
    return {problem.field: problem.text.zh for problem in found}


def form_of(person: Person) -> dict[str, Any]:
    return {"id_number": person.id_number, "name": person.name}


def test_people_and_employers_nobody_knows_stand_in_no_way(session: Session) -> None:
    assert told(session, {"id_number": "x", "name": "赵示一", "credit_code": "y"}) == {}
    assert told(session, {}) == {}


def test_another_name_under_the_same_number_is_told_at_the_name(session: Session) -> None:
    person = build.a_person(session, name="买买提·示一")
    assert told(session, {**form_of(person), "name": "买买提・示一"}) == {}, "the same name"
    words = told(session, {**form_of(person), "name": "样不同"})
    assert set(words) == {"name"}
    assert "买买提·示一" in words["name"]
    assert "样不同" in words["name"]


@pytest.mark.parametrize("status", list(EmployerStatus))
def test_an_employer_must_be_verified(session: Session, status: EmployerStatus) -> None:
    employer = build.an_employer(session, status=status.value)
    found = told(session, {"credit_code": employer.credit_code})
    assert set(found) == (set() if status is EmployerStatus.VERIFIED else {"credit_code"})


def test_the_register_must_hold_what_the_service_acts_on(session: Session) -> None:
    person = build.a_person(session)
    assert "注册库中没有" in told(session, form_of(person), "renewal")["business"]
    assert "注册库中没有" in told(session, {"id_number": "nobody"}, "renewal")["business"]
    build.a_registration(session, person, build.an_employer(session))
    assert told(session, form_of(person), "renewal") == {}
    assert "不能重复申报" in told(session, form_of(person))["business"]


def test_another_open_case_is_told_at_the_specialties_together_with_the_rest(
    session: Session,
) -> None:
    person = build.a_person(session)
    employer = build.an_employer(session)
    case = build.a_case(session, person=person, employer=employer)
    employer.status = EmployerStatus.SUSPENDED.value
    session.flush()
    form = {**form_of(person), "name": "样不同", "credit_code": employer.credit_code}
    assert standing.person_of(session, form) is person
    assert standing.employer_of(session, form) is employer
    mine = standing.check(session, "supervision", "renewal", [case.specialty], form)
    words = {item.field: item.text.zh for item in mine}
    assert set(words) == {"name", "credit_code", "business", "specialties"}
    assert case.ref in words["specialties"]
    other = standing.check(session, "supervision", "initial", ["another"], form)
    assert "specialties" not in {item.field for item in other}


@pytest.mark.parametrize("status", EmployerStatus)
def test_a_cancellation_is_never_held_up_by_the_employers_standing(
    session: Session, status: EmployerStatus
) -> None:
    """M.10: that standing is just what it remedies; it goes from filing to the register."""
    person, employer = build.a_person(session), build.an_employer(session, status=status.value)
    registration = build.a_registration(session, person, employer, specialty="building")
    form = {"credit_code": employer.credit_code, "id_number": person.id_number}
    assert standing.check(session, "supervision", "cancellation", ["building"], form) == []
    case = opening.open_case(
        session,
        Actor(None, person.name, frozenset({Role.APPLICANT}), person_id=person.id),
        profession="supervision",
        business="cancellation",
        specialties=["building"],
        person=person,
        employer=employer,
        form={"cancellation_reason": "other"},
        channel=Channel.WEB,
        now=build.NOW,
    )
    build.bring(session, case, Status.CLOSED)
    assert registration.status == RegistrationStatus.CANCELLED


def test_an_expired_registration_can_be_cancelled_and_only_that(session: Session) -> None:
    """M.12: 有效期满未延续 is a listed reason."""
    person, employer = build.a_person(session), build.an_employer(session)
    build.a_registration(
        session, person, employer, specialty="building", status=RegistrationStatus.EXPIRED.value
    )
    form = {"credit_code": employer.credit_code, "id_number": person.id_number}
    for business, problems in (("cancellation", 0), ("change", 1), ("renewal", 1)):
        found = standing.check(session, "supervision", business, ["building"], form)
        assert len(found) == problems, business
