"""Nothing is concluded while a hearing is pending, whenever it was asked for (§45, §48)."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.cases.actions import Action
from core.cases.commands import perform as act
from core.cases.guards import HearingNotOver, Paused
from core.hearings.procedure import NotUnderWay, offer, perform
from core.hearings.transitions import HearingAction
from core.model import Case, Clock
from core.vocabulary.cases import Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from tests.builders import NOW, Team, a_case, an_actor, bring
from tests.proceedings import a_hearing, the_person

pytestmark = pytest.mark.usefixtures("engine")


def decision_clock(session: Session, case: Case) -> Clock:
    return session.scalars(
        select(Clock).where(Clock.case_id == case.id, Clock.kind == ClockKind.DECISION)
    ).one()


def test_a_clock_that_starts_while_a_hearing_is_pending_pauses_at_once() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.RECEIVED, team=team)
        hearing = a_hearing(session, case)
        perform(session, the_person(case.person_id), hearing.id, HearingAction.REQUEST, now=NOW)
        bring(session, case, Status.ACCEPTED, team=team)
        assert decision_clock(session, case).paused_on is not None
        assert case.due_on is None
        bring(session, case, Status.REVIEW, team=team)
        with pytest.raises(Paused):
            bring(session, case, Status.RECHECK, team=team)
        perform(session, the_person(case.person_id), hearing.id, HearingAction.GIVE_UP, now=NOW)
        assert decision_clock(session, case).paused_on is None
        bring(session, case, Status.RECHECK, team=team)


def test_publicity_does_not_end_in_an_approval_before_the_hearing() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.OBJECTED, profession="architect", team=team)
        hearing = a_hearing(session, case)
        perform(session, the_person(case.person_id), hearing.id, HearingAction.REQUEST, now=NOW)
        decider = team.officer(Stage.DECISION)
        with pytest.raises(HearingNotOver):
            act(session, decider, case.id, Action.REJECT, now=NOW, codes=["no_such"])


def test_no_hearing_is_offered_on_what_is_not_under_way() -> None:
    with db.transaction() as session:
        chair = an_actor(session, Role.DECIDER)
        for status in (Status.DRAFT, Status.CLOSED):
            with pytest.raises(NotUnderWay):
                offer(session, chair, a_case(session, status), NOW)
