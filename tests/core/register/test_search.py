"""The search of the register, and one registration with its history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import clock, db
from core.access.actors import Actor
from core.errors import NotFound
from core.model import Registration
from core.register import search
from core.register.search import RegisterFilter, read_registration, search_register
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus
from core.vocabulary.roles import Role
from tests.builders import NOW, Team, a_case, a_registration, an_actor

pytestmark = pytest.mark.usefixtures("engine")


def numbers_found(actor: Actor, **wanted: object) -> list[str]:
    with db.reading() as session:
        page = search_register(session, actor, RegisterFilter(**wanted))  # type: ignore[arg-type]
        assert page.total == len(page.rows)
        return [row.number for row in page.rows]


def test_finds_by_name_number_seal_identity_and_employer() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.CLOSED, profession="survey_design")
        a_case(session, Status.CLOSED, profession="supervision")
        officer = an_actor(session, Role.REVIEWER)
        held = session.get_one(Registration, case.registration_id)
        wanted = [
            case.person_name,
            held.number,
            held.number.lower(),
            held.seal_number,
            case.person.id_number,
            case.employer_name[4:],
        ]
    for query in wanted:
        assert numbers_found(officer, query=query) == [held.number], query
    assert numbers_found(officer, query="%") == []
    assert numbers_found(officer, query="没有这个人\x00") == []
    assert len(numbers_found(officer)) == 2
    assert numbers_found(officer, profession="architect") == []


def test_masks_the_identity_number_and_does_not_find_by_it_without_the_right() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.CLOSED)
        analyst = an_actor(session, Role.ANALYST)
        number = session.get_one(Registration, case.registration_id).number
        identity = case.person.id_number
    with db.reading() as session:
        row = search_register(session, analyst, RegisterFilter()).rows[0]
        assert row.number == number
        assert identity not in row.id_number
        assert "*" in row.id_number
    assert numbers_found(analyst, query=identity) == []


def test_a_province_sees_its_own_employers_people_only() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.CLOSED, team=team)
        held = session.get_one(Registration, case.registration_id)
        own, foreign = (an_actor(session, Role.PROVINCE, province=code) for code in ("11", "37"))
    assert numbers_found(own) == [held.number]
    assert numbers_found(foreign) == []
    with db.reading() as session, pytest.raises(NotFound):
        read_registration(session, foreign, held.number, held.profession)


def test_shows_what_each_case_changed() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.CLOSED, business="cancellation")
        held = session.get_one(Registration, case.registration_id)
        officer = an_actor(session, Role.REVIEWER)
        found = read_registration(session, officer, held.number, held.profession)
    assert [change.case_ref for change in found.changes] == [case.ref]
    assert found.changes[0].before["status"] == "active"
    assert found.changes[0].after["status"] == "cancelled"
    assert found.ended_on == clock.day_of(NOW)


def test_an_active_registration_past_its_term_reads_as_expired() -> None:
    today = date(2026, 3, 4)
    for day, expected in (
        (today, RegistrationStatus.ACTIVE),
        (today - timedelta(days=1), RegistrationStatus.EXPIRED),
    ):
        assert search.standing("active", day, today) is expected


def test_pages_are_cut_in_the_database() -> None:
    with db.transaction() as session:
        case = a_case(session)
        for _ in range(45):
            a_registration(
                session,
                case.person,
                case.employer,
                status=RegistrationStatus.CANCELLED.value,
            )
        officer = an_actor(session, Role.REVIEWER)
        pages = [
            search_register(session, officer, RegisterFilter(page=page)) for page in (1, 3, 99)
        ]
    assert [len(page.rows) for page in pages] == [20, 5, 5]
    assert [(page.page, page.pages, page.total) for page in pages][2] == (3, 3, 45)
