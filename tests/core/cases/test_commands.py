"""Whole procedures on a real database: from filing to the register, for every service."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import catalogue, clock, db
from core.anomalies import disposition
from core.audit import history
from core.casefile.own import own_cases
from core.casefile.read import read_case
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue import BUILT_IN
from core.catalogue.types import Effect
from core.correspondence.inbox import read_inbox
from core.errors import CoreError, NotFound
from core.model import (
    Anomaly,
    AnomalyCase,
    Case,
    Correction,
    Decision,
    Event,
    Lease,
    Registration,
    Verdict,
)
from core.review import verdicts
from core.text import Text
from core.vocabulary.anomalies import AnomalyStatus
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow.commands import Changed
from tests import builders
from tests.builders import NOW, Team, a_case, an_actor, bring

pytestmark = pytest.mark.usefixtures("engine")

SERVICES = sorted(BUILT_IN.services)


@pytest.mark.parametrize(("profession", "business"), SERVICES)
def test_every_service_goes_from_filing_to_the_register(profession: str, business: str) -> None:
    with db.transaction() as session:
        team = Team(session)
        owner = BUILT_IN.professions[profession]
        publicity = int(BUILT_IN.parameter("publicity_days", profession, business))
        rests = Status.PUBLICITY if publicity else Status.CLOSED
        form = {"qualification_number": "A161003710", "replacement_request": ["new_seal"]}
        case = a_case(
            session, rests, profession=profession, business=business, form=form, team=team
        )
        if publicity:
            later = NOW + timedelta(days=publicity * 2)
            perform(session, builders.SYSTEM, case.id, Action.CONCLUDE_PUBLICITY, now=later)
        assert case.status == Status.CLOSED
        assert case.decided_at == NOW
        registration = session.scalars(
            select(Registration).where(Registration.person_id == case.person_id)
        ).one()
        decided = clock.day_of(NOW)
        match BUILT_IN.effect(business):
            case Effect.CREATE:
                years = int(BUILT_IN.parameter("validity_years", profession))
                assert registration.valid_from == decided
                assert registration.valid_to == date(2026 + years, 3, 3)
                assert registration.status == RegistrationStatus.ACTIVE
                if owner.seal_pattern:
                    assert registration.seal_number.startswith("6100371-")
                assert len(registration.number) >= 8
            case Effect.EXTEND:
                years = int(BUILT_IN.parameter("validity_years", profession))
                assert registration.valid_to == date(2027 + years, 2, 28)
            case Effect.END:
                assert registration.status == RegistrationStatus.CANCELLED
                assert registration.ended_on == decided
            case Effect.REISSUE:
                assert registration.issue == 2
                assert registration.valid_to == date(2027, 2, 28)
            case Effect.MOVE:
                assert registration.employer_id == case.employer_id
                assert registration.valid_to == date(2027, 2, 28)
        titles = {letter.template for letter in read_inbox(session, "zh", person_id=case.person_id)}
        assert {"filed", "received", "accepted", "approved", "issued"} <= titles
        assert not session.scalars(select(Lease)).all()
        assert list(history.verify(session)) == []


def test_a_profession_and_a_business_type_are_added_in_the_catalogue_alone() -> None:
    model = BUILT_IN.services["survey_design", "initial"]
    surveyor = replace(
        BUILT_IN.professions["survey_design"],
        key="surveyor",
        label=Text("注册测绘师", "Registered surveyor"),
        specialties=(),
        max_specialties=0,
        per_specialty=False,
        number_pattern="CH{year}{region}{serial}",
        serial_scope="surveyor-{year}-{region}",
        seal_pattern=None,
        parameters={"validity_years": 5},
    )
    upgrade = replace(
        BUILT_IN.businesses["renewal"], key="upgrade", label=Text("升级注册", "Upgrade")
    )
    services = [
        replace(model, profession="surveyor", business=business, title=Text("测绘", "Survey"))
        for business in ("initial", "upgrade")
    ]
    book = catalogue.extended(
        BUILT_IN, professions=[surveyor], businesses=[upgrade], services=services
    )
    with catalogue.installed(book), db.transaction() as session:
        team = Team(session)
        first = a_case(session, Status.CLOSED, profession="surveyor", team=team)
        held = session.get_one(Registration, first.registration_id)
        assert held.number == "CH261100001"
        assert held.valid_to == date(2031, 3, 3)
        second = builders.opening.open_case(
            session,
            team.applicant(first),
            profession="surveyor",
            business="upgrade",
            specialties=[],
            person=first.person,
            employer=first.employer,
            form={},
            channel=builders.Channel.WEB,
            now=NOW,
        )
        bring(session, second, Status.CLOSED, team=team)
        session.refresh(held)
        assert held.valid_to == date(2036, 3, 3)
        file = read_case(session, team.officer(Stage.REVIEW), second.ref, NOW)
        assert file.business == "upgrade"
        assert list(history.verify(session)) == []


def test_the_second_to_act_is_told_what_changed_and_by_whom() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.DECISION, team=team)
        seen = case.version_id
        decider = team.officer(Stage.DECISION)
        claiming.claim(session, decider, case.id, NOW)
        perform(
            session,
            decider,
            case.id,
            Action.RETURN_TO_RECHECK,
            now=NOW,
            seen_version=seen,
            reason="请复核社保",
        )
    with db.transaction() as session, pytest.raises(Changed) as caught:
        perform(session, decider, case.id, Action.APPROVE, now=NOW, seen_version=seen)
    words = caught.value.message("zh")
    assert decider.name in words
    assert "退回上一环节" in words


def test_review_second_look_and_decision_are_three_people() -> None:
    with db.transaction() as session:
        everything = an_actor(session, Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER)
        team = Team(session, dict.fromkeys(Stage, everything))
        with pytest.raises(claiming.SamePerson):
            a_case(session, Status.DECISION, team=team)


def test_the_database_itself_refuses_one_officer_twice(engine: Engine) -> None:
    with db.transaction() as session:
        officer = an_actor(session, Role.REVIEWER)
        case = a_case(session)

    def write(session: Session) -> None:
        for stage in ("review", "decision"):
            session.add(
                Decision(
                    case_id=case.id,
                    stage=stage,
                    action="x",
                    officer_id=officer.user_id,
                    officer_name="x",
                    reasons=[],
                    decided_at=NOW,
                    four_eyes=True,
                )
            )
        session.flush()

    with pytest.raises(db.Conflict), db.transaction() as session:
        write(session)


def test_a_case_sent_back_may_be_reviewed_again_by_the_same_reviewer() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.RECHECK, team=team)
        second = team.officer(Stage.RECHECK)
        claiming.claim(session, second, case.id, NOW)
        perform(session, second, case.id, Action.RETURN_TO_REVIEW, now=NOW, reason="补查")
        assert case.status == Status.REVIEW
        bring(session, case, Status.CLOSED, team=team)
        superseded = session.scalars(select(Decision).where(Decision.superseded)).all()
        assert [row.stage for row in superseded] == ["review"]


def test_rejection_takes_its_grounds_from_the_checklist() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REJECTED)
        decision = session.scalars(
            select(Decision).where(Decision.case_id == case.id, Decision.stage == "decision")
        ).one()
        assert decision.reasons
        letter = read_inbox(session, "zh", person_id=case.person_id)[0]
        assert letter.template == "rejected"
        assert "行政复议" in letter.body
        article = catalogue.current().reasons[decision.reasons[0]].article.zh
        assert article in letter.body
        assert session.scalars(select(Registration)).all() == []


def test_a_correction_asks_for_everything_at_once_and_returns_to_the_desk() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.CORRECTING, team=team)
        correction = session.scalars(select(Correction)).one()
        assert [item.content for item in correction.items]
        assert case.clock == "correction"
        own = own_cases(session, team.applicant(case), is_open=True)[0]
        assert own.asked == tuple(item.asked for item in correction.items)
        bring(session, case, Status.CORRECTED, team=team)
        assert case.clock == "acceptance"
        undecided = session.scalars(select(Verdict).where(Verdict.outcome.is_(None))).all()
        assert len(undecided) == len(correction.items)


def test_withdrawal_needs_the_employer_once_reported_and_goes_back_when_refused() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.WITHDRAWING, team=team)
        assert case.clock == "acceptance", "a pending withdrawal does not stop the five days"
        perform(
            session,
            team.employer(case),
            case.id,
            Action.REFUSE_WITHDRAWAL,
            now=NOW,
            reason="仍需办理",
        )
        assert case.status == Status.RECEIVED
        assert case.received_at == NOW
        perform(session, team.applicant(case), case.id, Action.REQUEST_WITHDRAWAL, now=NOW)
        perform(session, team.employer(case), case.id, Action.AGREE_WITHDRAWAL, now=NOW)
        assert case.status == Status.WITHDRAWN
        assert case.due_on is None


def test_of_two_deciders_at_once_one_wins_and_the_other_is_told(engine: Engine) -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.DECISION, team=team)
        decider = team.officer(Stage.DECISION)
        claiming.claim(session, decider, case.id, NOW)
        seen = case.version_id

    def decide(_: int) -> str:
        try:
            with db.transaction() as session:
                perform(session, decider, case.id, Action.APPROVE, now=NOW, seen_version=seen)
        except Changed:
            return "told"
        return "won"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(decide, range(4)))
    assert outcomes == ["told", "told", "told", "won"]
    with db.reading() as session:
        assert len(session.scalars(select(Registration)).all()) == 1
        assert list(history.verify(session)) == []


def test_an_open_flag_stops_approval_until_it_is_disposed_of() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.REVIEW, team=team)
        flag = Anomaly(
            kind="insurance",
            rule="R2",
            severity="high",
            person_id=case.person_id,
            status=AnomalyStatus.OPEN.value,
            evidence={"缴费单位": "演示别处"},
            source="演示",
            as_of=date(2026, 3, 1),
            found_at=NOW,
        )
        session.add(flag)
        session.flush()
        session.add(AnomalyCase(anomaly_id=flag.id, case_id=case.id))
        disposition.recount(session, case.id)
        session.refresh(case)
        assert case.flags_other == 1
        reviewer = team.officer(Stage.REVIEW)
        with pytest.raises(CoreError):
            bring(session, case, Status.RECHECK, team=team)
        with pytest.raises(disposition.NotShown):
            disposition.dispose(
                session, reviewer, case.id, flag.id, confirmed=True, reason="属实", now=NOW
            )
        disposition.dispose(
            session, reviewer, case.id, flag.id, confirmed=False, reason="总分公司", now=NOW
        )
        session.refresh(case)
        assert case.flags_other == 0
        bring(session, case, Status.RECHECK, team=team)


def test_a_refused_command_leaves_nothing_behind() -> None:
    with db.transaction() as session:
        case = a_case(session)
        before = (case.version_id, len(session.scalars(select(Event)).all()))
        outsider = an_actor(session, Role.ANALYST)
    with pytest.raises(NotFound), db.transaction() as session:
        perform(session, outsider, case.id, Action.ACCEPT, now=NOW)
    with db.reading() as session:
        again = session.get_one(Case, case.id)
        events = session.scalars(select(Event)).all()
        assert (again.version_id, len([e for e in events if e.case_id == case.id])) == before


def test_verdicts_are_kept_per_desk_and_failing_ones_keep_reasons_and_note() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, team=team)
        officer = team.officer(Stage.ACCEPTANCE)
        claiming.claim(session, officer, case.id, NOW)
        file = read_case(session, officer, case.ref, NOW)
        check = file.checklist[0].check
        verdicts.give_verdict(
            session,
            officer,
            case.id,
            check.key,
            outcome=Outcome.FAIL,
            reasons=[check.reasons[0], "made_up"],
            note="照片模糊",
            now=NOW,
        )
        line = read_case(session, officer, case.ref, NOW).checklist[0]
        assert line.outcome is Outcome.FAIL
        assert line.reasons == (check.reasons[0],)
        assert line.note == "照片模糊"
        with pytest.raises(verdicts.UnknownCheck):
            verdicts.give_verdict(
                session, officer, case.id, "made_up", outcome=Outcome.PASS, now=NOW
            )


def test_a_decision_that_is_reopened_is_dated_anew() -> None:
    later = NOW + timedelta(days=5)
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.PUBLICITY, profession="architect", team=team)
        assert case.decided_at == NOW
        decider = team.officer(Stage.DECISION)
        perform(session, decider, case.id, Action.REOPEN_REVIEW, now=NOW, reason="异议成立")
        assert (case.status, case.decided_at) == (Status.REVIEW, None)
        bring(session, case, Status.REJECTED, team=team, now=later)
        assert case.decided_at == later
    with db.reading() as session:
        assert list(history.verify(session)) == []
