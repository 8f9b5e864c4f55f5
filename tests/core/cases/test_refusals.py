"""不予受理: when it is possible, what it rests on, what people are told (M.6-8, M.27, M.28)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.cases.guards import CorrectedAlready, NoGround, WithdrawalPending
from core.catalogue.rulebooks import rulebook_of
from core.correspondence import letters
from core.model import Case, Clock, Decision, Message, Verdict
from core.review import verdicts
from core.text import LANGUAGES
from core.vocabulary.cases import Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workflow.engine import CodesMissing
from tests.builders import NOW, Team, a_case

GROUND = "still_deficient"
WORDS = "两次补正材料均为他人证件"


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


def found_wanting(session: Session, case: Case, team: Team, grounds: str = "corrects") -> str:
    """The acceptance officer fails one item for a reason of that kind and passes the rest."""
    officer, rules = team.officer(Stage.ACCEPTANCE), rulebook_of(session, case.rulebook_id)
    check, reason = next(
        (check, key)
        for check in rules.checks_at(Stage.ACCEPTANCE)
        for key in rules.reasons_at(check, Stage.ACCEPTANCE)
        if getattr(rules.reasons[key], grounds)
    )
    claiming.claim(session, officer, case.id, NOW)
    verdicts.give_verdict(
        session, officer, case.id, check.key, outcome=Outcome.FAIL, reasons=[reason], now=NOW
    )
    verdicts.pass_the_rest(session, officer, case.id, now=NOW)
    return check.key


def letter(session: Session, case: Case) -> Message:
    return session.scalars(
        select(Message).where(Message.case_id == case.id, Message.template == "refused")
    ).one()


def says_all(message: Message, *, lapsed: bool = False) -> None:
    """Reason, article and both remedies with their bodies, in both languages."""
    bodies = {"zh": message.body_zh, "en": message.body_en}
    wanted = {
        "zh": (
            "逾期未补正" if lapsed else "补正后仍不符合要求",
            "第三十二条",
            "60日内向住房和城乡建设部",
            "6个月内",
            "人民法院",
        ),
        "en": (
            "Not corrected in time" if lapsed else "Still not in order",
            "Article 32",
            "within 60 days",
            "6 months",
            "people's court",
        ),
    }
    for language in LANGUAGES:
        for words in wanted[language]:
            assert words in bodies[language]
    other = "补正后仍不符合要求" if lapsed else "逾期未补正"
    assert other not in bodies["zh"]


def test_what_is_still_deficient_after_correction_can_be_refused(session: Session) -> None:
    """M.6: nobody could refuse it, and silence accepted it."""
    team = Team(session)
    case = a_case(session, Status.CORRECTED, team=team)
    failed = found_wanting(session, case, team)
    officer = team.officer(Stage.ACCEPTANCE)
    perform(session, officer, case.id, Action.REFUSE, now=NOW, reason=WORDS)
    assert case.status == Status.REFUSED
    decision = session.scalars(
        select(Decision).where(Decision.case_id == case.id, Decision.action == Action.REFUSE)
    ).one()
    assert decision.reasons == [GROUND]
    told = letter(session, case)
    says_all(told)
    rules = rulebook_of(session, case.rulebook_id)
    check = next(item for item in rules.checks if item.key == failed)
    [code] = session.scalars(
        select(Verdict.reasons).where(Verdict.case_id == case.id, Verdict.check_key == failed)
    ).one()
    for language, body in zip(LANGUAGES, (told.body_zh, told.body_en), strict=True):
        assert check.label(language) in body
        assert rules.reasons[code].label(language) in body
        assert WORDS in body


def test_what_can_be_corrected_is_not_refused_before_it_was_asked_for(session: Session) -> None:
    team = Team(session)
    case = a_case(session, Status.RECEIVED, team=team)
    found_wanting(session, case, team)
    with pytest.raises(NoGround):
        perform(session, team.officer(Stage.ACCEPTANCE), case.id, Action.REFUSE, now=NOW)


def test_a_false_ground_does_not_become_a_failed_correction(session: Session) -> None:
    """Codes that carry nothing fall back on the failed correction only where there was one."""
    team = Team(session)
    case = a_case(session, Status.RECEIVED, team=team)
    found_wanting(session, case, team, "refuses")
    with pytest.raises(CodesMissing):
        perform(
            session, team.officer(Stage.ACCEPTANCE), case.id, Action.REFUSE, now=NOW,
            codes=["material_missing"],
        )  # fmt: skip


def test_the_letter_of_a_correction_missed_in_silence_says_as_much(session: Session) -> None:
    """M.6: reason, article and remedies stand in the letter of the lapse too."""
    case = a_case(session, Status.CORRECTING)
    late = NOW + timedelta(days=60)
    perform(session, SYSTEM, case.id, Action.LAPSE_CORRECTION, now=late)
    assert case.status == Status.REFUSED
    says_all(letter(session, case), lapsed=True)


def test_a_rejection_tells_what_the_decider_adds(session: Session) -> None:
    team = Team(session)
    case = a_case(session, Status.REJECTED, team=team)
    letters.serve(session, case, "rejected", NOW, reason=WORDS, codes=["other_bar_supervision"])
    session.flush()
    told = session.scalars(
        select(Message)
        .where(Message.case_id == case.id, Message.template == "rejected")
        .order_by(Message.id.desc())
    ).first()
    assert told is not None
    assert f"说明：{WORDS}。" in told.body_zh
    assert WORDS in told.body_en


def last_day(session: Session, case: Case) -> timedelta:
    """How far from now the last day of acceptance lies."""
    clock = session.scalars(
        select(Clock).where(
            Clock.case_id == case.id,
            Clock.kind == ClockKind.ACCEPTANCE.value,
            Clock.ended_on.is_(None),
        )
    ).one()
    return timedelta(days=(clock.due_on - NOW.date()).days)


@pytest.mark.parametrize(
    ("action", "grounds", "status"),
    [
        (Action.REQUEST_CORRECTION, "corrects", Status.CORRECTING),
        (Action.REFUSE, "refuses", Status.REFUSED),
    ],
)
def test_on_the_last_day_of_a_pending_withdrawal_the_desk_does_its_work(
    session: Session, action: Action, grounds: str, status: Status
) -> None:
    """M.7."""
    team = Team(session)
    case = a_case(session, Status.WITHDRAWING, team=team)
    found_wanting(session, case, team, grounds)
    officer = team.officer(Stage.ACCEPTANCE)
    with pytest.raises(WithdrawalPending):
        perform(session, officer, case.id, action, now=NOW)
    day = NOW + last_day(session, case)
    claiming.claim(session, officer, case.id, day)
    perform(session, officer, case.id, action, now=day)
    assert (case.status, case.resumes) == (status, None)
    running = session.scalars(
        select(Clock.kind).where(Clock.case_id == case.id, Clock.ended_on.is_(None))
    ).all()
    assert running == ([ClockKind.CORRECTION] if status is Status.CORRECTING else [])


def test_a_withdrawal_does_not_open_a_second_round_of_correction(session: Session) -> None:
    team = Team(session)
    case = a_case(session, Status.CORRECTED, team=team)
    perform(session, team.applicant(case), case.id, Action.REQUEST_WITHDRAWAL, now=NOW)
    found_wanting(session, case, team)
    day = NOW + last_day(session, case)
    officer = team.officer(Stage.ACCEPTANCE)
    claiming.claim(session, officer, case.id, day)
    with pytest.raises(CorrectedAlready):
        perform(session, officer, case.id, Action.REQUEST_CORRECTION, now=day)
    perform(session, officer, case.id, Action.REFUSE, now=day)
    assert case.status == Status.REFUSED
    says_all(letter(session, case))


@pytest.mark.parametrize(
    ("business", "granted"),
    [
        ("initial", "准予注册"),
        ("change", "准予变更注册"),
        ("renewal", "准予延续注册"),
        ("replacement", "准予补办"),
        ("cancellation", "准予注销"),
    ],
)
def test_the_verb_follows_the_service(session: Session, business: str, granted: str) -> None:
    """M.27: 注销 was answered with 准予注册."""
    case = a_case(session, Status.CLOSED, business=business)
    found = session.scalars(
        select(Message).where(Message.case_id == case.id, Message.template == "approved")
    ).one()
    assert found.title_zh == granted
    assert granted in found.body_zh
