"""Home's numbers: each equals the total of the list its filter shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from core import clock, db
from core.access.actors import Actor
from core.cases import claiming
from core.errors import NotPermitted
from core.model import Case, Lease
from core.queue import listing, overview
from core.queue.filters import Tab
from core.queue.overview import Tally
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.workdays import counting
from tests import builders as build
from tests.builders import NOW

TODAY = clock.day_of(NOW)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.fixture
def desk(session: Session) -> list[Case]:
    """Cases at every desk, with clocks on both sides of today, flags, and one in a province."""
    team = build.Team(session)
    statuses = (Status.RECEIVED, Status.REVIEW, Status.RECHECK, Status.DECISION, Status.FILED)
    cases = [
        build.a_case(session, status, profession=profession, team=team)
        for status in statuses
        for profession in ("supervision", "architect")
    ]
    away = build.an_employer(session, province="37")
    cases += [build.a_case(session, employer=away) for _ in range(3)]
    days = [TODAY - timedelta(days=1), TODAY, counting.due_date(TODAY, 2).day, None]
    for number, case in enumerate(cases):
        session.execute(
            update(Case)
            .where(Case.id == case.id)
            .values(due_on=days[number % 4], flags_block=int(number % 3 == 0))
        )
    session.execute(
        update(Case).where(Case.id == cases[0].id).values(received_at=NOW - timedelta(days=2))
    )
    return cases


WATCHERS = {
    "acceptor": {"roles": (Role.ACCEPTOR,)},
    "reviewer": {"roles": (Role.REVIEWER,), "professions": ["architect"]},
    "decider": {"roles": (Role.DECIDER,)},
    "every desk": {"roles": (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER)},
    "supervisor": {"roles": (Role.SUPERVISOR,)},
    "province": {"roles": (Role.PROVINCE,), "province": "37"},
}


@pytest.mark.parametrize("who", WATCHERS)
def test_every_number_is_the_total_of_its_list(
    session: Session, desk: list[Case], who: str
) -> None:
    values = dict(WATCHERS[who])
    actor = build.an_actor(session, *values.pop("roles"), **values)
    seen = overview.for_officer(session, actor, NOW)
    for number in [*seen.numbers.values(), *seen.desks.values()]:
        if number is seen.numbers[Tally.EXPIRING]:
            continue  # announces some of one's claims; its link shows them all
        assert number.count == listing.total(session, actor, number.filter, NOW)


def test_the_numbers_are_those_of_the_day(session: Session, desk: list[Case]) -> None:
    actor = build.an_actor(session, Role.ACCEPTOR)
    claiming.claim(session, actor, desk[0].id, NOW)
    seen = overview.for_officer(session, actor, NOW)
    at_desk = [desk[0], desk[1], *desk[10:]]
    assert seen.desks[Tab.ACCEPTANCE].count == len(at_desk)
    assert seen.numbers[Tally.MINE].count == 1
    assert seen.numbers[Tally.WAITING].count == 2
    assert seen.numbers[Tally.LAPSING].count == seen.numbers[Tally.DUE_TODAY].count == 1
    assert seen.numbers[Tally.OVERDUE].count == 2
    assert seen.numbers[Tally.NEW_TODAY].count == 10


def test_a_claim_about_to_end_is_announced(session: Session) -> None:
    actor = build.an_actor(session, Role.ACCEPTOR)
    claiming.claim(session, actor, build.a_case(session).id, NOW)
    assert overview.for_officer(session, actor, NOW).numbers[Tally.EXPIRING].count == 0
    session.execute(update(Lease).values(expires_at=NOW + timedelta(minutes=5)))
    assert overview.for_officer(session, actor, NOW).numbers[Tally.EXPIRING].count == 1


def test_home_takes_at_most_six_queries(session: Session, desk: list[Case]) -> None:
    actor = build.an_actor(session, Role.ACCEPTOR)
    seen: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *a: seen.append(a[2]))
    overview.for_officer(session, actor, NOW)
    assert len(seen) <= 6


def test_an_applicant_sees_what_waits_for_them_and_an_employer_what_waits_for_it(
    session: Session,
) -> None:
    person, employer = build.a_person(session), build.an_employer(session)
    for status, profession in ((Status.DRAFT, "architect"), (Status.FILED, "survey_design")):
        build.a_case(session, status, profession=profession, person=person, employer=employer)
    build.a_case(session, Status.WITHDRAWN, person=person)  # in a third profession
    build.a_case(session, Status.RECEIVED, employer=employer)
    applicant = Actor(None, "", frozenset({Role.APPLICANT}), person_id=person.id)
    handler = Actor(None, "", frozenset({Role.EMPLOYER}), employer_id=employer.id)
    assert overview.for_party(session, applicant) == overview.OwnCases(2, 1, 1)
    assert overview.for_party(session, handler) == overview.OwnCases(2, 1, 0)


def test_analysts_and_administrators_get_their_own_numbers(session: Session) -> None:
    build.a_case(session, profession="architect")
    analyst = build.an_actor(session, Role.ANALYST)
    admin = build.an_actor(session, Role.ADMIN)
    build.a_user(session, Role.REVIEWER, disabled=True)
    held_up = build.a_user(session, Role.REVIEWER)
    for key, until in (
        ("a", NOW + timedelta(hours=1)),
        ("b", NOW + timedelta(hours=2)),
        ("c", NOW),
    ):
        build.a_brake(session, held_up.id if key != "c" else admin.user_id, key, until)
    assert overview.open_by_profession(session, analyst) == {"architect": 1}
    assert overview.accounts(session, admin, NOW) == overview.Accounts(3, 1, 1)
    with pytest.raises(NotPermitted):
        overview.accounts(session, analyst, NOW)
    with pytest.raises(NotPermitted):
        overview.open_by_profession(session, admin)
    with pytest.raises(NotPermitted):
        overview.for_officer(session, analyst, NOW)
    with pytest.raises(NotPermitted):
        overview.for_party(session, analyst)
