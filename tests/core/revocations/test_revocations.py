"""Taking a registration back: opened, told, answered, decided by somebody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import db
from core.access.actors import SYSTEM
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform as act
from core.errors import NotFound, NotPermitted
from core.hearings import procedure as hearings
from core.hearings.transitions import HearingAction
from core.jobs import lapses
from core.model import Registration, Revocation
from core.register.commands import NoRegistration
from core.revocations.procedure import (
    AlreadyOpened,
    HearingPending,
    NotInForce,
    open_revocation,
    perform,
)
from core.revocations.transitions import RevocationAction as A
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus
from core.vocabulary.revocations import RevocationGround, RevocationStatus as S
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow.engine import NotAvailable, ReasonMissing, RoleMissing
from core.workflow.guards import SamePerson, TooEarly
from tests.builders import NOW, Team, a_case, an_actor
from tests.proceedings import (
    a_hearing,
    a_registration,
    a_revocation,
    assert_history_holds,
    running,
    steps,
    the_person,
)

pytestmark = pytest.mark.usefixtures("engine")


def test_a_registration_is_taken_back_after_the_person_was_heard() -> None:
    with db.transaction() as session:
        supervisor, decider = (an_actor(session, role) for role in (Role.SUPERVISOR, Role.DECIDER))
        revocation = a_revocation(session, supervisor)
        person = the_person(revocation.person_id)
        perform(session, supervisor, revocation.id, A.NOTIFY, now=NOW, reason="学历证书系伪造")
        assert running(session, f"revocation:{revocation.id}") == ["heard"]
        perform(session, person, revocation.id, A.ANSWER, now=NOW, reason="证书系学校补发")
        perform(session, decider, revocation.id, A.REVOKE, now=NOW, reason="学校函复查无此证")
        assert (revocation.status, revocation.decided_at) == (S.REVOKED, NOW)
        held = session.get_one(Registration, revocation.registration_id)
        assert (held.status, held.end_reason) == (RegistrationStatus.REVOKED, "fraud")
        assert held.ended_on == date(2026, 3, 4)
        assert running(session, f"revocation:{revocation.id}") == []
        assert steps(session, f"revocation:{revocation.id}") == [
            ("create", None, "opened"),
            ("notify", "opened", "notified"),
            ("answer", "notified", "decision"),
            ("revoke", "decision", "revoked"),
        ]
    assert_history_holds()


def test_whoever_told_the_person_does_not_decide() -> None:
    with db.transaction() as session:
        both = an_actor(session, Role.SUPERVISOR, Role.DECIDER)
        revocation = a_revocation(session, both)
        perform(session, both, revocation.id, A.NOTIFY, now=NOW, reason="学历证书系伪造")
        person = the_person(revocation.person_id)
        perform(session, person, revocation.id, A.ANSWER, now=NOW, reason="不属实")
        with pytest.raises(SamePerson):
            perform(session, both, revocation.id, A.REVOKE, now=NOW, reason="属实")
        perform(session, both, revocation.id, A.DROP, now=NOW, reason="证据不足")
        assert revocation.status == S.DROPPED
        held = session.get_one(Registration, revocation.registration_id)
        assert held.status == RegistrationStatus.ACTIVE


def test_silence_brings_the_matter_to_decision_after_the_last_day() -> None:
    with db.transaction() as session:
        supervisor = an_actor(session, Role.SUPERVISOR)
        revocation = a_revocation(session, supervisor)
        perform(session, supervisor, revocation.id, A.NOTIFY, now=NOW, reason="学历证书系伪造")
        with pytest.raises(TooEarly):
            perform(session, SYSTEM, revocation.id, A.LAPSE, now=NOW)
    assert lapses.tick(NOW + timedelta(days=14)).taken["lapse_answer"] == 0
    assert lapses.tick(NOW + timedelta(days=15)).taken["lapse_answer"] == 1
    with db.reading() as session:
        assert session.get_one(Revocation, revocation.id).status == S.DECISION
    assert_history_holds()


def test_nothing_is_decided_before_the_hearing_is_over() -> None:
    with db.transaction() as session:
        supervisor, decider = (an_actor(session, role) for role in (Role.SUPERVISOR, Role.DECIDER))
        revocation = a_revocation(session, supervisor)
        person = the_person(revocation.person_id)
        perform(session, supervisor, revocation.id, A.NOTIFY, now=NOW, reason="学历证书系伪造")
        hearing = a_hearing(session, revocation)
        perform(session, person, revocation.id, A.ANSWER, now=NOW, reason="申请听证")
        with pytest.raises(HearingPending):
            perform(session, decider, revocation.id, A.REVOKE, now=NOW, reason="属实")
        hearings.perform(session, person, hearing.id, HearingAction.GIVE_UP, now=NOW)
        perform(session, decider, revocation.id, A.REVOKE, now=NOW, reason="属实")
        assert revocation.status == S.REVOKED
    assert_history_holds()


@pytest.mark.parametrize("step", [A.NOTIFY, A.REVOKE, A.DROP])
@pytest.mark.parametrize("role", [Role.ACCEPTOR, Role.REVIEWER, Role.PUBLISHER])
def test_other_officers_take_nothing_back(step: A, role: Role) -> None:
    with db.transaction() as session:
        revocation = a_revocation(session)
        with pytest.raises((RoleMissing, NotAvailable)):
            perform(session, an_actor(session, role), revocation.id, step, now=NOW, reason="属实")
        with pytest.raises(NotPermitted):
            a_revocation(session, an_actor(session, role))


def test_provinces_and_other_people_see_no_revocation() -> None:
    with db.transaction() as session:
        revocation = a_revocation(session)
        for stranger in (
            an_actor(session, Role.PROVINCE, province="11"),
            the_person(revocation.person_id + 1),
        ):
            with pytest.raises(NotFound):
                perform(session, stranger, revocation.id, A.ANSWER, now=NOW, reason="不属实")


def test_an_account_of_another_profession_neither_opens_nor_decides() -> None:
    with db.transaction() as session:
        limited = an_actor(session, Role.SUPERVISOR, Role.DECIDER, professions=["architect"])
        with pytest.raises(NotFound):
            a_revocation(session, limited)
        revocation = a_revocation(session)
        with pytest.raises(NotFound):
            perform(session, limited, revocation.id, A.DROP, now=NOW, reason="证据不足")
        assert a_revocation(session, limited, profession="architect").status == S.OPENED


@pytest.mark.parametrize(
    "values",
    [
        {"status": RegistrationStatus.CANCELLED.value},
        {"valid_to": date(2026, 3, 3)},
    ],
)
def test_what_is_not_in_force_is_not_taken_back(values: dict[str, object]) -> None:
    with db.transaction() as session, pytest.raises(NotInForce):
        a_revocation(session, **values)


def test_a_registration_is_taken_back_once_at_a_time_and_for_a_stated_reason() -> None:
    with db.transaction() as session:
        supervisor = an_actor(session, Role.SUPERVISOR)
        registration = a_registration(session)

        def begin(number: int, reason: str) -> None:
            open_revocation(
                session,
                supervisor,
                number,
                ground=RevocationGround.PROCEDURE,
                reason=reason,
                now=NOW,
            )

        with pytest.raises(NotFound):
            begin(999, "程序违法")
        with pytest.raises(ReasonMissing):
            begin(registration.id, " ")
        begin(registration.id, "程序违法")
        with pytest.raises(AlreadyOpened):
            begin(registration.id, "程序违法")
        assert len(session.scalars(select(Revocation)).all()) == 1


def test_a_renewal_under_way_does_not_revive_what_was_taken_back() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.DECISION, business="renewal", team=team)
        held = session.get_one(Registration, case.registration_id)
        held.status = RegistrationStatus.REVOKED.value
        decider = team.officer(Stage.DECISION)
        claiming.claim(session, decider, case.id, NOW)
    with pytest.raises(NoRegistration), db.transaction() as session:
        act(session, decider, case.id, Action.APPROVE, now=NOW)
    with db.reading() as session:
        again = session.get_one(Registration, held.id)
        assert again.status == RegistrationStatus.REVOKED
