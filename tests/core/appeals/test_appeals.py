"""Appeals against anomalies: answered in time by the person, looked at by two officers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM, Actor
from core.appeals.procedure import (
    AnomalySettled,
    ProposalDenies,
    ProposalUpholds,
    open_appeal,
    perform,
)
from core.appeals.transitions import AppealAction as A
from core.errors import NotFound, NotPermitted
from core.jobs import lapses
from core.model import Anomaly, Appeal, Clock, Decision
from core.vocabulary.anomalies import AnomalyStatus
from core.vocabulary.appeals import AppealStatus as S
from core.vocabulary.roles import Role
from core.workflow.engine import NotAvailable, ReasonMissing, RoleMissing
from core.workflow.guards import SamePerson, TooEarly, TooLate
from tests.builders import NOW, a_person, an_actor
from tests.proceedings import a_flag, an_appeal, assert_history_holds, running, steps, the_person

pytestmark = pytest.mark.usefixtures("engine")

DUE = date(2026, 3, 18)  # ten working days after NOW


def answered(session: Session) -> tuple[Appeal, Actor, Actor]:
    """An appeal that was answered, and two officers."""
    appeal = an_appeal(session)
    person = the_person(appeal.person_id)
    perform(session, person, appeal.id, A.ANSWER, now=NOW, reason="总公司代缴，附说明")
    first, second = (an_actor(session, Role.ANOMALY_OFFICER) for _ in range(2))
    return appeal, first, second


@pytest.mark.parametrize(
    ("propose", "decide", "status"),
    [(A.PROPOSE_UPHOLD, A.UPHOLD, S.UPHELD), (A.PROPOSE_DENY, A.DENY, S.DENIED)],
)
def test_an_appeal_is_answered_reviewed_and_decided_by_two_officers(
    propose: A, decide: A, status: S
) -> None:
    later = NOW + timedelta(days=1)
    with db.transaction() as session:
        appeal, first, second = answered(session)
        assert (appeal.status, appeal.answered_at) == (S.SUBMITTED, NOW)
        assert appeal.statement == "总公司代缴，附说明"
        assert running(session, f"appeal:{appeal.id}") == []
        perform(session, first, appeal.id, propose, now=later, reason="材料属实")
        assert (appeal.reviewer_id, appeal.reason) == (first.user_id, "材料属实")
        with pytest.raises(SamePerson):
            perform(session, first, appeal.id, decide, now=later, reason="同意")
        perform(session, second, appeal.id, decide, now=later, reason="同意")
        assert (appeal.status, appeal.decider_id) == (status, second.user_id)
        assert appeal.decided_at == later
        rows = session.scalars(select(Decision).order_by(Decision.id)).all()
        assert [row.officer_id for row in rows] == [first.user_id, second.user_id]
        assert {row.case_id for row in rows} == {None}
        assert steps(session, f"appeal:{appeal.id}") == [
            ("create", None, "pending"),
            ("answer", "pending", "submitted"),
            (propose.value, "submitted", "recheck"),
            (decide.value, "recheck", status.value),
        ]
        flag = session.get_one(Anomaly, appeal.anomaly_id)
        assert flag.status == AnomalyStatus.APPEALED, "the anomaly is disposed of by itself"
    assert_history_holds()


def test_the_second_officer_follows_the_proposal_or_returns_it() -> None:
    with db.transaction() as session:
        appeal, first, second = answered(session)
        perform(session, first, appeal.id, A.PROPOSE_UPHOLD, now=NOW, reason="属实")
        with pytest.raises(ProposalUpholds):
            perform(session, second, appeal.id, A.DENY, now=NOW, reason="不属实")
        with pytest.raises(SamePerson):
            perform(session, first, appeal.id, A.RETURN, now=NOW, reason="再看")
        perform(session, second, appeal.id, A.RETURN, now=NOW, reason="请核对缴费月份")
        assert appeal.status == S.SUBMITTED
        assert appeal.answered_at == NOW
        perform(session, first, appeal.id, A.PROPOSE_DENY, now=NOW, reason="月份不符")
        with pytest.raises(ProposalDenies):
            perform(session, second, appeal.id, A.UPHOLD, now=NOW)
        with pytest.raises(ReasonMissing):
            perform(session, second, appeal.id, A.DENY, now=NOW)
        perform(session, second, appeal.id, A.DENY, now=NOW, reason="月份不符")
        assert appeal.status == S.DENIED
    assert_history_holds()


def test_an_appeal_is_answered_by_the_person_alone_with_words_and_in_time() -> None:
    with db.transaction() as session:
        appeal = an_appeal(session)
        assert appeal.due_on == DUE
        person = the_person(appeal.person_id)
        stranger = the_person(a_person(session).id)
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        with pytest.raises(NotFound):
            perform(session, stranger, appeal.id, A.ANSWER, now=NOW, reason="不是我")
        with pytest.raises(RoleMissing):
            perform(session, officer, appeal.id, A.ANSWER, now=NOW, reason="代答")
        with pytest.raises(ReasonMissing):
            perform(session, person, appeal.id, A.ANSWER, now=NOW, reason=" ")
        late = NOW + timedelta(days=15)
        with pytest.raises(TooLate):
            perform(session, person, appeal.id, A.ANSWER, now=late, reason="已缴费")
        last = NOW + timedelta(days=14)
        perform(session, person, appeal.id, A.ANSWER, now=last, reason="已缴费")
        assert appeal.answered_at == last


def test_an_appeal_that_nobody_answers_lapses_after_its_last_day() -> None:
    with db.transaction() as session:
        appeal = an_appeal(session)
        with pytest.raises(TooEarly):
            perform(session, SYSTEM, appeal.id, A.LAPSE, now=NOW)
    assert lapses.tick(NOW + timedelta(days=14)).taken["lapse_appeal"] == 0
    late = NOW + timedelta(days=15)
    assert lapses.tick(late).taken["lapse_appeal"] == 1
    assert not any(lapses.tick(late).taken.values())
    with db.transaction() as session:
        again = session.get_one(Appeal, appeal.id)
        assert (again.status, again.decided_at) == (S.OVERDUE, late)
        clock = session.scalars(select(Clock)).one()
        assert clock.ended_on == date(2026, 3, 19)
        person = the_person(again.person_id)
        with pytest.raises(NotAvailable):
            perform(session, person, again.id, A.ANSWER, now=late, reason="已缴费")
    assert_history_holds()


def test_one_anomaly_has_one_running_appeal() -> None:
    with db.transaction() as session:
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        flag = a_flag(session)
        first = open_appeal(session, officer, flag.id, NOW)
        assert flag.status == AnomalyStatus.APPEALED
        assert open_appeal(session, officer, flag.id, NOW).id == first.id
        with pytest.raises(NotFound):
            open_appeal(session, officer, 999, NOW)
        with pytest.raises(NotPermitted):
            open_appeal(session, an_actor(session, Role.ACCEPTOR), flag.id, NOW)
        settled = a_flag(session, status=AnomalyStatus.DISMISSED.value)
        with pytest.raises(AnomalySettled):
            open_appeal(session, officer, settled.id, NOW)
