"""Hearings on applications: told, asked for in time, announced, held; the clock waits meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM, Actor
from core.casefile.history import history_of
from core.casefile.own import own_cases
from core.casefile.read import read_case
from core.cases.actions import Action
from core.cases.commands import perform as act
from core.cases.guards import HearingNotOver
from core.errors import NotFound, NotPermitted
from core.hearings.procedure import (
    ChairInvolved,
    ChairMissing,
    NotHeldYet,
    NoticeTooShort,
    appoint,
    offer,
    perform,
)
from core.hearings.transitions import HearingAction as A
from core.jobs import lapses
from core.model import Case, Clock, ClockPause, Hearing
from core.review import verdicts
from core.vocabulary.cases import Status
from core.vocabulary.hearings import HearingStatus as S
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workdays import counting
from core.workflow.engine import NotAvailable, ReasonMissing, RoleMissing
from core.workflow.guards import TooEarly, TooLate
from tests.builders import NOW, Team, a_case, an_actor
from tests.proceedings import a_hearing, assert_history_holds, running, steps, the_person

pytestmark = pytest.mark.usefixtures("engine")

NOTICE = date(2026, 3, 13)  # seven working days after NOW
HELD = NOW + timedelta(days=12)  # Monday, 16 March


def asked(session: Session, status: Status = Status.REVIEW) -> tuple[Case, Hearing, Team]:
    """A case whose applicant has asked for a hearing, and the officers of the case."""
    team = Team(session)
    case = a_case(session, status, team=team)
    hearing = a_hearing(session, case)
    perform(session, the_person(case.person_id), hearing.id, A.REQUEST, now=NOW)
    return case, hearing, team


def chair_of(session: Session) -> int:
    found = an_actor(session, Role.DECIDER).user_id
    assert found is not None
    return found


def scheduled(session: Session) -> tuple[Case, Hearing, Actor]:
    """A case whose hearing was announced for `HELD`, and a decider."""
    case, hearing, _ = asked(session)
    decider = an_actor(session, Role.DECIDER)
    chair = chair_of(session)
    day = HELD.date()
    appoint(session, decider, hearing.id, held_on=day, chair_id=chair, now=NOW)
    perform(session, decider, hearing.id, A.SCHEDULE, now=NOW)
    return case, hearing, decider


def decision_clock(session: Session, case: Case) -> Clock:
    return session.scalars(
        select(Clock).where(Clock.case_id == case.id, Clock.kind == "decision")
    ).one()


def test_a_hearing_pauses_the_clock_of_the_application_and_gives_the_days_back() -> None:
    with db.transaction() as session:
        case, hearing, decider = scheduled(session)
        clock = decision_clock(session, case)
        before, left = clock.due_on, counting.days_left(date(2026, 3, 4), clock.due_on)
        assert clock.paused_on == date(2026, 3, 4)
        assert (case.clock, case.due_on) == ("decision", None)
        perform(session, decider, hearing.id, A.HOLD, now=HELD, reason="笔录第1号")
        assert hearing.status == S.HELD
        assert clock.paused_on is None
        assert case.due_on == clock.due_on > before
        assert counting.days_left(HELD.date(), clock.due_on) == left
        pause = session.scalars(select(ClockPause)).one()
        assert (pause.reason, pause.paused_by_name) == ("听证", "当事人")
        assert (pause.paused_on, pause.resumed_on) == (date(2026, 3, 4), HELD.date())
        assert steps(session, f"hearing:{hearing.id}") == [
            ("create", None, "offered"),
            ("request", "offered", "requested"),
            ("appoint", None, None),
            ("schedule", "requested", "scheduled"),
            ("hold", "scheduled", "held"),
        ]
        on_case = steps(session, f"case:{case.id}")
        assert ("pause_clock", "review", "review") in on_case
        assert ("resume_clock", "review", "review") in on_case
    assert_history_holds()


def test_the_file_of_a_case_with_a_hearing_is_read_as_before() -> None:
    with db.transaction() as session:
        case, _, team = asked(session)
        file = read_case(session, team.officer(Stage.REVIEW), case.ref, NOW)
        assert file.status is Status.REVIEW
        own = own_cases(session, team.applicant(case), is_open=True)
        assert [item.ref for item in own] == [case.ref]
        told = history_of(session, SYSTEM, case.id)
        assert {"request", "pause_clock"} <= {entry.action for entry in told}
        assert all(entry.what.zh != entry.action for entry in told), "every step has a name"


def test_giving_a_hearing_up_lets_the_clock_run_on() -> None:
    with db.transaction() as session:
        case, hearing, _ = asked(session)
        later = NOW + timedelta(days=1)
        perform(session, the_person(case.person_id), hearing.id, A.GIVE_UP, now=later)
        assert hearing.status == S.WAIVED
        assert decision_clock(session, case).paused_on is None
        assert case.due_on is not None
        assert running(session, f"hearing:{hearing.id}") == []


def test_nobody_lets_the_clock_run_on_while_a_hearing_is_pending() -> None:
    with db.transaction() as session:
        case, hearing, _ = asked(session)
        supervisor = an_actor(session, Role.SUPERVISOR)
        with pytest.raises(HearingNotOver):
            act(session, supervisor, case.id, Action.RESUME_CLOCK, now=NOW)
        perform(session, the_person(case.person_id), hearing.id, A.GIVE_UP, now=NOW)
        act(session, supervisor, case.id, Action.PAUSE_CLOCK, now=NOW, reason="专家评审")


def test_the_end_of_a_hearing_leaves_another_pause_alone() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        supervisor = an_actor(session, Role.SUPERVISOR)
        act(session, supervisor, case.id, Action.PAUSE_CLOCK, now=NOW, reason="专家评审")
        hearing = a_hearing(session, case)
        person = the_person(case.person_id)
        perform(session, person, hearing.id, A.REQUEST, now=NOW)
        with pytest.raises(HearingNotOver):
            act(session, supervisor, case.id, Action.RESUME_CLOCK, now=NOW)
        perform(session, person, hearing.id, A.GIVE_UP, now=NOW)
        assert decision_clock(session, case).paused_on is not None
        act(session, supervisor, case.id, Action.RESUME_CLOCK, now=NOW)
        assert decision_clock(session, case).paused_on is None


@pytest.mark.parametrize(
    ("held_on", "enough"),
    [(None, False), (date(2026, 3, 12), False), (NOTICE, True), (date(2026, 3, 20), True)],
)
def test_the_day_is_announced_seven_working_days_ahead(held_on: date | None, enough: bool) -> None:
    with db.transaction() as session:
        _, hearing, _ = asked(session)
        decider = an_actor(session, Role.DECIDER)
        hearing.chair_id, hearing.held_on = chair_of(session), held_on
        session.flush()
        if enough:
            perform(session, decider, hearing.id, A.SCHEDULE, now=NOW)
            assert hearing.status == S.SCHEDULED
        else:
            with pytest.raises(NoticeTooShort):
                perform(session, decider, hearing.id, A.SCHEDULE, now=NOW)


def test_the_chair_is_named_and_has_not_worked_on_the_case() -> None:
    with db.transaction() as session:
        case, hearing, team = asked(session, Status.RECHECK)
        assert case.status == Status.RECHECK
        decider = an_actor(session, Role.DECIDER)
        hearing.held_on = NOTICE
        session.flush()
        with pytest.raises(ChairMissing):
            perform(session, decider, hearing.id, A.SCHEDULE, now=NOW)
        for stage in (Stage.ACCEPTANCE, Stage.REVIEW):
            chair = team.officer(stage).user_id or 0
            appoint(session, decider, hearing.id, held_on=NOTICE, chair_id=chair, now=NOW)
            with pytest.raises(ChairInvolved):
                perform(session, decider, hearing.id, A.SCHEDULE, now=NOW)
        chair = chair_of(session)
        appoint(session, decider, hearing.id, held_on=NOTICE, chair_id=chair, now=NOW)
        perform(session, decider, hearing.id, A.SCHEDULE, now=NOW)
        with pytest.raises(NotAvailable):
            appoint(session, decider, hearing.id, held_on=NOTICE, chair_id=1, now=NOW)


def test_whoever_gave_a_verdict_without_deciding_yet_is_no_chair_either() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.REVIEW, team=team)
        reviewer = team.officer(Stage.REVIEW)
        verdicts.pass_the_rest(session, reviewer, case.id, now=NOW)
        hearing = a_hearing(session, case)
        perform(session, the_person(case.person_id), hearing.id, A.REQUEST, now=NOW)
        decider, chair = an_actor(session, Role.DECIDER), reviewer.user_id or 0
        appoint(session, decider, hearing.id, held_on=NOTICE, chair_id=chair, now=NOW)
        with pytest.raises(ChairInvolved):
            perform(session, decider, hearing.id, A.SCHEDULE, now=NOW)


def test_a_hearing_is_not_over_before_its_day_nor_without_a_record() -> None:
    with db.transaction() as session:
        _, hearing, decider = scheduled(session)
        with pytest.raises(NotHeldYet):
            perform(session, decider, hearing.id, A.HOLD, now=NOW, reason="笔录第1号")
        with pytest.raises(ReasonMissing):
            perform(session, decider, hearing.id, A.HOLD, now=HELD)


def test_a_hearing_is_asked_for_in_five_working_days_by_the_person_alone() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        hearing = a_hearing(session, case)
        person = the_person(case.person_id)
        with pytest.raises(NotFound):
            perform(session, the_person(case.person_id + 1), hearing.id, A.REQUEST, now=NOW)
        with pytest.raises(RoleMissing):
            perform(session, an_actor(session, Role.DECIDER), hearing.id, A.REQUEST, now=NOW)
        with pytest.raises(TooLate):
            perform(session, person, hearing.id, A.REQUEST, now=NOW + timedelta(days=8))
        perform(session, person, hearing.id, A.REQUEST, now=NOW + timedelta(days=7))
        assert hearing.status == S.REQUESTED
        assert running(session, f"hearing:{hearing.id}") == ["hearing"]


def test_a_right_that_is_not_used_lapses_after_the_last_day() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        hearing = a_hearing(session, case)
        with pytest.raises(TooEarly):
            perform(session, SYSTEM, hearing.id, A.LAPSE, now=NOW)
        due = case.due_on
    assert lapses.tick(NOW + timedelta(days=7)).taken["lapse_request"] == 0
    assert lapses.tick(NOW + timedelta(days=8)).taken["lapse_request"] == 1
    with db.reading() as session:
        assert session.get_one(Hearing, hearing.id).status == S.WAIVED
        assert session.get_one(Case, case.id).due_on == due
    assert_history_holds()


def test_a_hearing_is_offered_by_those_who_see_the_case_and_once_at_a_time() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        limited = an_actor(session, Role.DECIDER, professions=["architect"])
        with pytest.raises(NotPermitted):
            offer(session, an_actor(session, Role.REVIEWER), case, NOW)
        with pytest.raises(NotFound):
            offer(session, limited, case, NOW)
        first = offer(session, an_actor(session, Role.DECIDER), case, NOW)
        assert offer(session, an_actor(session, Role.DECIDER), case, NOW).id == first.id
        with pytest.raises(NotFound):
            appoint(session, limited, first.id, held_on=NOTICE, chair_id=1, now=NOW)
