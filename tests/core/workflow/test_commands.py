"""The one command by which any subject moves: locked, up to date, whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, delete, event, select

from core import db
from core.access.actors import SYSTEM, Actor
from core.amendments import procedure as amendments
from core.amendments.transitions import AmendmentAction
from core.appeals import procedure as appeals
from core.appeals.transitions import AppealAction
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.cases.procedure import CASE
from core.employers import procedure as employers
from core.employers.transitions import EmployerAction
from core.errors import CoreError, NotFound, NotPermitted
from core.hearings import procedure as hearings
from core.hearings.transitions import HearingAction
from core.model import Case, Decision, Event, Registration
from core.procedures import PROCEDURES
from core.review import notes
from core.typed import InvisibleTyped, TooLongTyped
from core.vocabulary.cases import Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow import commands, engine as workflow
from core.workflow.commands import Changed
from core.workflow.engine import LONGEST_REASON, NotAvailable, ReasonMissing, RoleMissing
from tests.builders import NOW, Team, a_case, an_actor, an_employer
from tests.proceedings import a_hearing, an_amendment, an_appeal, assert_history_holds, the_person

pytestmark = pytest.mark.usefixtures("engine")


def test_who_acted_meanwhile_and_how_is_told_for_a_case() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        seen = case.version_id
        decider = an_actor(session, Role.DECIDER)
        perform(session, decider, case.id, Action.PAUSE_CLOCK, now=NOW, reason="专家评审")
        with pytest.raises(Changed) as caught:
            perform(session, decider, case.id, Action.RESUME_CLOCK, now=NOW, seen_version=seen)
    for language, what in (("zh", "中止计时"), ("en", "Pause the clock")):
        words = caught.value.message(language)  # type: ignore[arg-type]
        assert decider.name in words
        assert what in words
        assert "2026-03-04" in words


def test_who_acted_meanwhile_and_how_is_told_for_any_other_subject() -> None:
    with db.transaction() as session:
        employer = an_employer(session)
        seen = employer.version_id
        officer = an_actor(session, Role.PROVINCE, province="11")
        employers.perform(
            session, officer, employer.id, EmployerAction.SUSPEND, now=NOW, reason="核查中"
        )
        with pytest.raises(Changed) as caught:
            employers.perform(
                session,
                officer,
                employer.id,
                EmployerAction.RECORD_BANKRUPTCY,
                now=NOW,
                seen_version=seen,
                reason="法院裁定",
            )
    assert officer.name in caught.value.message("zh")
    assert "停用" in caught.value.message("zh")
    assert "Suspend" in caught.value.message("en")


def test_a_case_whose_clock_a_hearing_paused_says_so() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        seen = case.version_id
        hearing = a_hearing(session, case)
        person = the_person(case.person_id)
        hearings.perform(session, person, hearing.id, HearingAction.REQUEST, now=NOW)
        decider = an_actor(session, Role.DECIDER)
        with pytest.raises(Changed) as caught:
            perform(session, decider, case.id, Action.PAUSE_CLOCK, now=NOW, seen_version=seen)
    assert "当事人" in caught.value.message("zh")
    assert "中止计时" in caught.value.message("zh")


def test_what_does_not_exist_and_what_is_not_theirs_look_alike() -> None:
    with db.transaction() as session:
        amendment = an_amendment(session)
        stranger = the_person(amendment.person_id + 1)
        for subject_id in (amendment.id, 999):
            with pytest.raises(NotFound) as caught:
                amendments.perform(session, stranger, subject_id, AmendmentAction.FILE, now=NOW)
            assert "信息更正" in caught.value.message("zh")


@pytest.mark.parametrize("key", PROCEDURES)
def test_no_procedure_knows_a_subject_that_is_not_there(key: str) -> None:
    procedure = PROCEDURES[key]
    action = next(iter(procedure.actions))
    with db.transaction() as session, pytest.raises(NotFound):
        commands.perform(session, procedure, SYSTEM, 4711, action, now=NOW)


def test_a_step_that_the_status_does_not_know_names_subject_status_and_step() -> None:
    with db.transaction() as session:
        appeal = an_appeal(session)
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        with pytest.raises(NotAvailable) as caught:
            appeals.perform(session, officer, appeal.id, AppealAction.UPHOLD, now=NOW)
    words = caught.value.message("zh")
    assert all(part in words for part in ("申辩当前为", "待申辩", "申辩成立"))


def test_a_missing_right_is_named() -> None:
    with db.transaction() as session:
        appeal = an_appeal(session)
        person = the_person(appeal.person_id)
        appeals.perform(session, person, appeal.id, AppealAction.ANSWER, now=NOW, reason="已缴费")
        with pytest.raises(RoleMissing) as caught:
            appeals.perform(
                session, person, appeal.id, AppealAction.PROPOSE_UPHOLD, now=NOW, reason="成立"
            )
    assert "审查申辩" in caught.value.message("zh")


@pytest.mark.parametrize("reason", ["", " ", "字", "  字  "])
def test_a_reason_says_something(reason: str) -> None:
    with pytest.raises(ReasonMissing):
        workflow.stated(reason)
    assert workflow.stated(" 两字 ") == "两字"


def test_a_refused_step_leaves_nothing_of_any_subject_behind() -> None:
    with db.transaction() as session:
        appeal = an_appeal(session)
    with pytest.raises(ReasonMissing), db.transaction() as session:
        appeals.perform(
            session, the_person(appeal.person_id), appeal.id, AppealAction.ANSWER, now=NOW
        )
    with db.reading() as session:
        actions = session.scalars(
            select(Event.action).where(Event.subject == f"appeal:{appeal.id}")
        ).all()
        assert actions == ["create"]


def test_a_reason_is_kept_whole_or_refused_in_words() -> None:
    longest = "详" * LONGEST_REASON
    with db.transaction() as session:
        appeal = an_appeal(session)
        person = the_person(appeal.person_id)
        appeals.perform(session, person, appeal.id, AppealAction.ANSWER, now=NOW, reason="已缴费")
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        for reason, refusal in ((longest + "详", TooLongTyped), ("有\x00无", InvisibleTyped)):
            with pytest.raises(refusal):
                appeals.perform(
                    session, officer, appeal.id, AppealAction.PROPOSE_DENY, now=NOW, reason=reason
                )
        appeals.perform(
            session, officer, appeal.id, AppealAction.PROPOSE_DENY, now=NOW, reason=longest
        )
        decision = session.scalars(
            select(Decision).where(Decision.subject == f"appeal:{appeal.id}")
        ).one()
        assert decision.case_id is None
        assert decision.note == longest
        detail = session.scalars(
            select(Event.detail).where(Event.action == AppealAction.PROPOSE_DENY)
        ).one()
        assert longest in detail
    assert_history_holds()


def test_what_is_offered_is_what_can_be_done() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.ACCEPTED)
        reviewer = an_actor(session, Role.REVIEWER)
        context = CASE.context(session, CASE, case, NOW)
        offers = {item.action: item for item in workflow.available(reviewer, context)}
        start = offers[Action.START_REVIEW]
        assert not start.allowed
        assert start.refusal is not None
        assert "领取" in start.refusal.message("zh")
        claiming.claim(session, reviewer, case.id, NOW)
        assert case.status == Status.REVIEW


def test_the_systems_own_steps_leave_their_own_rows_and_time() -> None:
    later = NOW + timedelta(days=1)
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.FILED, team=team)
        perform(session, team.employer(case), case.id, Action.REPORT, now=NOW, follow_at=later)
        assert case.status == Status.RECEIVED
        assert (case.reported_at, case.received_at) == (NOW, later)
        rows = session.scalars(
            select(Event).where(Event.case_id == case.id, Event.action == Action.TRANSMIT)
        ).all()
        assert [(row.actor_name, row.at) for row in rows] == [("系统", later)]
    assert_history_holds()


def test_two_steps_of_two_procedures_on_one_case_never_wait_in_a_circle(engine: Engine) -> None:
    """A hearing moves the clock of its case while an officer works on the case."""
    with db.transaction() as session:
        decider = an_actor(session, Role.DECIDER)
        cases = [a_case(session, Status.REVIEW) for _ in range(4)]
        offered = [a_hearing(session, case) for case in cases]
    start = Barrier(2)

    def ask() -> None:
        for case, hearing in zip(cases, offered, strict=True):
            start.wait()
            person = the_person(case.person_id)
            with db.transaction() as session:
                hearings.perform(session, person, hearing.id, HearingAction.REQUEST, now=NOW)

    def write() -> None:
        for case in cases:
            start.wait()
            with db.transaction() as session:
                claiming.case_locked(session, decider, case.id, NOW)
                notes.write_note(session, decider, case.id, "听证前核对材料", NOW)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(ask), pool.submit(write)]:
            done.result(60)
    assert_history_holds()


def _orders(engine: Engine, statements: list[str]) -> None:
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: statements.append(statement.lower()),
    )


def test_the_head_of_the_history_is_locked_after_every_other_row(engine: Engine) -> None:
    """Everybody locks in one order, so nobody waits in a circle."""
    if engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: there is no order of locks")
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        hearing = a_hearing(session, case)
        held = a_case(session)
        officer = an_actor(session, Role.ACCEPTOR)
        claiming.claim(session, officer, held.id, NOW)
    statements: list[str] = []
    _orders(engine, statements)
    person = the_person(case.person_id)
    with db.transaction() as session:
        hearings.perform(session, person, hearing.id, HearingAction.REQUEST, now=NOW)
    assert_heads_last(statements)
    assert locks(statements)[:2] == ["hearings", "cases"]
    statements.clear()
    with db.transaction() as session:
        claiming.release(session, officer, held.id, NOW)
    assert_heads_last(statements)
    assert locks(statements)[0] == "cases"


def locks(statements: list[str]) -> list[str]:
    """The tables whose rows are locked, in order."""
    locking = [item.split() for item in statements if " for " in item and "update" in item]
    return [words[words.index("from") + 1] for words in locking]


def assert_heads_last(statements: list[str]) -> None:
    heads = [table == "chain_heads" for table in locks(statements)]
    assert heads == sorted(heads), statements
    assert heads[-1]


def test_nobody_without_a_part_in_it_moves_anything() -> None:
    """An account for support, statistics or administration sees no subject of any procedure."""
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        employer = session.get_one(Case, case.id).employer
        appeal, amendment = an_appeal(session), an_amendment(session)
        hearing = a_hearing(session, case)
        subjects = {
            "case": case.id,
            "employer": employer.id,
            "appeal": appeal.id,
            "amendment": amendment.id,
            "hearing": hearing.id,
        }
        outsiders = [
            an_actor(session, role) for role in (Role.ADMIN, Role.ANALYST, Role.SUPPORT)
        ] + [
            the_person(10**6),
            Actor(None, "别家", frozenset({Role.EMPLOYER}), employer_id=10**6),
            Actor(None, "无省份", frozenset({Role.PROVINCE})),
        ]
        for key, subject_id in subjects.items():
            procedure = PROCEDURES[key]
            for outsider in outsiders:
                for action in procedure.actions:
                    with pytest.raises((NotFound, NotPermitted)):
                        commands.perform(
                            session, procedure, outsider, subject_id, action, now=NOW, reason="试试"
                        )
        assert employer.status == EmployerStatus.VERIFIED


def test_a_case_that_cannot_be_issued_is_not_decided_either() -> None:
    """Deciding and entering the register are one transaction."""
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.DECISION, business="change", team=team)
        decider = team.officer(Stage.DECISION)
        claiming.claim(session, decider, case.id, NOW)
        case.registration_id = None
        person = case.person_id
    with db.transaction() as session:
        session.execute(delete(Registration).where(Registration.person_id == person))
    with pytest.raises(CoreError), db.transaction() as session:
        perform(session, decider, case.id, Action.APPROVE, now=NOW)
    with db.reading() as session:
        again = session.get_one(Case, case.id)
        assert (again.status, again.clock) == (Status.DECISION, ClockKind.DECISION)
