"""How a case comes to be: a draft under the rulebook in force, on what the register holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import catalogue, db
from core.access.actors import Actor
from core.catalogue import BUILT_IN
from core.filing import opening
from core.model import Case, Employer, Event, Person
from core.vocabulary.cases import Channel, Status
from core.vocabulary.register import RegistrationStatus
from core.vocabulary.roles import Role
from tests.builders import NOW, a_person, a_registration, an_employer
from tests.proceedings import assert_history_holds


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


def draft(
    session: Session,
    person: Person,
    employer: Employer,
    profession: str = "supervision",
    business: str = "initial",
    specialties: tuple[str, ...] | None = None,
) -> Case:
    first = tuple(item.key for item in BUILT_IN.professions[profession].specialties)[:1]
    return opening.open_case(
        session,
        Actor(None, person.name, frozenset({Role.APPLICANT}), person_id=person.id),
        profession=profession,
        business=business,
        specialties=first if specialties is None else specialties,
        person=person,
        employer=employer,
        form={"forced": "yes"},
        channel=Channel.WEB,
        now=NOW,
    )


def test_a_case_begins_as_a_draft_with_a_number_and_a_row_in_the_history(session: Session) -> None:
    person, employer = a_person(session), an_employer(session, province="37")
    case = draft(session, person, employer)
    assert (case.status, case.is_open, case.forced) == (Status.DRAFT, True, True)
    assert case.ref == f"2026{case.id:09d}"
    assert (case.province, case.person_name) == ("37", person.name)
    assert case.registration_id is None
    row = session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert (row.action, row.before, row.after) == ("create", None, Status.DRAFT)
    session.commit()
    assert_history_holds()


def test_a_change_is_opened_on_the_registration_it_changes(session: Session) -> None:
    person, employer = a_person(session), an_employer(session)
    with pytest.raises(opening.NothingRegistered):
        draft(session, person, employer, business="change")
    first = BUILT_IN.professions["supervision"].specialties[0].key
    held = a_registration(session, person, employer, specialty=first, seal_number="S1")
    case = draft(session, person, employer, business="change")
    assert (case.registration_id, case.seal_number) == (held.id, "S1")
    with pytest.raises(opening.RegisteredAlready):
        draft(session, person, employer)


@pytest.mark.parametrize(
    ("status", "business", "found"),
    [
        (RegistrationStatus.CANCELLED, "renewal", True),
        (RegistrationStatus.CANCELLED, "change", False),
        (RegistrationStatus.REVOKED, "renewal", False),
        (RegistrationStatus.EXPIRED, "initial", True),
    ],
)
def test_only_a_renewal_revives_and_only_what_was_cancelled(
    session: Session, status: RegistrationStatus, business: str, found: bool
) -> None:
    person, employer = a_person(session), an_employer(session)
    first = BUILT_IN.professions["supervision"].specialties[0].key
    a_registration(session, person, employer, specialty=first, status=status.value)
    if found:
        assert draft(session, person, employer, business=business)
    else:
        with pytest.raises(opening.NothingRegistered):
            draft(session, person, employer, business=business)


def test_services_and_specialties_are_those_of_the_profession() -> None:
    own = BUILT_IN.professions["supervision"]
    keys = [item.key for item in own.specialties]
    for business, specialties, error in (
        ("made_up", keys[:1], opening.NotOffered),
        ("initial", [], opening.SpecialtyCount),
        ("initial", keys[: own.max_specialties + 1], opening.SpecialtyCount),
        ("initial", [keys[0], keys[0]], opening.SpecialtyCount),
        ("initial", ["made_up"], opening.UnknownSpecialty),
    ):
        with pytest.raises(error):
            opening.check_specialties("supervision", business, specialties)
    with pytest.raises(opening.NotOffered):
        opening.check_specialties("made_up", "initial", [])


def test_a_closed_specialty_takes_no_first_registration_but_all_else() -> None:
    own = BUILT_IN.professions["supervision"]
    shut = replace(own, specialties=tuple(replace(item, open=False) for item in own.specialties))
    key = own.specialties[0].key
    with catalogue.installed(catalogue.extended(BUILT_IN, professions=[shut])):
        with pytest.raises(opening.SpecialtyClosed):
            opening.check_specialties("supervision", "initial", [key])
        opening.check_specialties("supervision", "renewal", [key])
