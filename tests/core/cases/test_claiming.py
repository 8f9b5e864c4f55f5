"""Claiming: who works on a case, until when, and how another takes over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import db
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.errors import NotFound, NotPermitted
from core.model import Event
from core.review import verdicts
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow.engine import HeldByOther, NotHeldByYou, ReasonMissing
from core.workflow.guards import SamePerson
from tests.builders import NOW, Team, a_case, an_actor

pytestmark = pytest.mark.usefixtures("engine")


def test_a_lease_keeps_others_out_until_it_expires_or_is_taken_over_with_a_reason() -> None:
    with db.transaction() as session:
        first, second = (an_actor(session, Role.ACCEPTOR) for _ in range(2))
        case = a_case(session)
        claiming.claim(session, first, case.id, NOW)
        with pytest.raises(HeldByOther):
            claiming.claim(session, second, case.id, NOW)
        with pytest.raises(NotHeldByYou):
            verdicts.pass_the_rest(session, first, case.id, now=NOW + timedelta(days=1))
        claiming.claim(session, second, case.id, NOW, reason="原办理人休假")
        with pytest.raises(HeldByOther):
            verdicts.pass_the_rest(session, first, case.id, now=NOW)
        event = session.scalars(select(Event).where(Event.action == "take_over")).one()
        assert "原办理人休假" in event.detail
        claiming.claim(session, first, case.id, NOW + timedelta(hours=3))


def test_claiming_an_accepted_case_begins_its_review() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.ACCEPTED)
        reviewer = an_actor(session, Role.REVIEWER)
        assert claiming.claim(session, reviewer, case.id, NOW).status == Status.REVIEW
        seen = case.version_id
        claiming.claim(session, reviewer, case.id, NOW + timedelta(minutes=5))
        assert case.version_id == seen
        claims = select(Event).where(Event.case_id == case.id, Event.action == "claim")
        by_reviewer = claims.where(Event.actor_id == reviewer.user_id)
        assert len(session.scalars(by_reviewer).all()) == 1, "renewing one's own claim is no step"


def test_a_claim_is_for_officers_of_the_desk_where_the_case_waits() -> None:
    with db.transaction() as session:
        waiting, filed = a_case(session, Status.RECHECK), a_case(session, Status.FILED)
        acceptor, reviewer = (an_actor(session, role) for role in (Role.ACCEPTOR, Role.REVIEWER))
        with pytest.raises(claiming.DeskNotYours):
            claiming.claim(session, acceptor, waiting.id, NOW)
        with pytest.raises(claiming.NotForOfficers):
            claiming.claim(session, reviewer, filed.id, NOW)
        with pytest.raises(NotFound):
            claiming.claim(session, reviewer, 999, NOW)
        for role in (Role.SUPERVISOR, Role.ANALYST):
            with pytest.raises(NotPermitted):
                claiming.claim(session, an_actor(session, role), waiting.id, NOW)


def test_taking_over_needs_a_reason_that_says_something() -> None:
    with db.transaction() as session:
        case = a_case(session)
        first, second = (an_actor(session, Role.ACCEPTOR) for _ in range(2))
        claiming.claim(session, first, case.id, NOW)
        with pytest.raises(ReasonMissing):
            claiming.claim(session, second, case.id, NOW, reason="急")
        over = NOW + timedelta(days=1)
        claiming.claim(session, second, case.id, over)
        steps = session.scalars(select(Event).where(Event.case_id == case.id)).all()
        assert "take_over" not in {step.action for step in steps}, "what ran out is free"


def test_giving_a_case_back_frees_it_and_only_for_its_holder() -> None:
    with db.transaction() as session:
        case = a_case(session)
        first, second = (an_actor(session, Role.ACCEPTOR) for _ in range(2))
        claiming.claim(session, first, case.id, NOW)
        claiming.release(session, second, case.id, NOW)
        with pytest.raises(HeldByOther):
            claiming.claim(session, second, case.id, NOW)
        for _ in range(2):  # the second time there is nothing to give back
            claiming.release(session, first, case.id, NOW)
        claiming.claim(session, second, case.id, NOW)
        actions = session.scalars(
            select(Event.action).where(Event.case_id == case.id).order_by(Event.id)
        ).all()
        assert actions[-3:] == ["claim", "release", "claim"]


def test_a_decision_gives_the_case_back_and_a_draft_of_work_does_not() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.REVIEW, team=team)
        reviewer = team.officer(Stage.REVIEW)
        verdicts.pass_the_rest(session, reviewer, case.id, now=NOW)
        assert claiming.held(session, reviewer, case.id, NOW).held_by(reviewer)
        perform(session, reviewer, case.id, Action.PROPOSE_APPROVAL, now=NOW)
        with pytest.raises(NotHeldByYou):
            claiming.held(session, reviewer, case.id, NOW)
        with pytest.raises(SamePerson):
            claiming.claim(session, reviewer, case.id, NOW)
