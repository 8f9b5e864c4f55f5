"""Verification of employers by their province, from filing to the end of their standing."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.employers.procedure import CodeUnusable, perform
from core.employers.transitions import EmployerAction as A
from core.errors import NotFound
from core.model import Employer
from core.vocabulary.employers import EmployerStatus as S
from core.vocabulary.roles import Role
from core.workflow.engine import NotAvailable, ReasonMissing, RoleMissing
from tests.builders import NOW, an_actor, an_employer
from tests.proceedings import assert_history_holds, steps

pytestmark = pytest.mark.usefixtures("engine")


def fresh(session: Session, **values: object) -> tuple[Employer, Actor]:
    """An employer that waits for its province, and an officer of that province."""
    employer = an_employer(session, **{"status": S.UNVERIFIED.value, **values})
    return employer, an_actor(session, Role.PROVINCE, province=employer.province)


def handler(employer: Employer) -> Actor:
    return Actor(None, "经办人", frozenset({Role.EMPLOYER}), employer_id=employer.id)


def test_an_employer_is_returned_submitted_again_and_verified() -> None:
    with db.transaction() as session:
        employer, officer = fresh(session)
        perform(session, officer, employer.id, A.RETURN, now=NOW, reason="缺授权书原件")
        assert (employer.status, employer.status_reason) == (S.RETURNED, "缺授权书原件")
        perform(session, handler(employer), employer.id, A.SUBMIT, now=NOW)
        assert employer.verified_at is None
        perform(session, officer, employer.id, A.VERIFY, now=NOW)
        assert (employer.status, employer.status_reason) == (S.VERIFIED, "")
        assert employer.verified_at == NOW
        assert steps(session, f"employer:{employer.id}") == [
            ("return", "unverified", "returned"),
            ("submit", "returned", "unverified"),
            ("verify", "unverified", "verified"),
        ]
    assert_history_holds()


def test_a_returned_employer_that_cannot_submit_itself_is_verified_by_its_province() -> None:
    with db.transaction() as session:
        employer, officer = fresh(session)
        perform(session, officer, employer.id, A.RETURN, now=NOW, reason="缺授权书原件")
        perform(session, officer, employer.id, A.VERIFY, now=NOW)
        assert (employer.status, employer.verified_at) == (S.VERIFIED, NOW)


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (A.SUSPEND, S.SUSPENDED),
        (A.RECORD_REVOCATION, S.REVOKED),
        (A.RECORD_BANKRUPTCY, S.BANKRUPT),
    ],
)
def test_a_standing_that_ended_is_reinstated_with_a_reason(action: A, status: S) -> None:
    with db.transaction() as session:
        employer, officer = fresh(session)
        perform(session, officer, employer.id, A.VERIFY, now=NOW)
        with pytest.raises(ReasonMissing):
            perform(session, officer, employer.id, action, now=NOW)
        perform(session, officer, employer.id, action, now=NOW, reason="登记机关通报")
        assert (employer.status, employer.status_reason) == (status, "登记机关通报")
        with pytest.raises(NotAvailable):
            perform(session, officer, employer.id, A.VERIFY, now=NOW)
        perform(session, officer, employer.id, A.REINSTATE, now=NOW, reason="决定已撤销")
        assert (employer.status, employer.verified_at) == (S.VERIFIED, NOW)


@pytest.mark.parametrize("province", ["37", None])
def test_another_province_does_not_even_see_the_employer(province: str | None) -> None:
    with db.transaction() as session:
        employer, _ = fresh(session)
        stranger = an_actor(session, Role.PROVINCE, province=province)
        with pytest.raises(NotFound):
            perform(session, stranger, employer.id, A.VERIFY, now=NOW)
        assert employer.status == S.UNVERIFIED


@pytest.mark.parametrize("role", [Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER, Role.SUPERVISOR])
def test_officers_of_the_ministry_do_not_verify(role: Role) -> None:
    with db.transaction() as session:
        employer, _ = fresh(session)
        with pytest.raises(RoleMissing):
            perform(session, an_actor(session, role), employer.id, A.VERIFY, now=NOW)


def test_a_handler_submits_their_own_company_only_and_never_verifies_it() -> None:
    with db.transaction() as session:
        employer, _ = fresh(session, status=S.RETURNED.value)
        other, _ = fresh(session)
        with pytest.raises(NotFound):
            perform(session, handler(other), employer.id, A.SUBMIT, now=NOW)
        perform(session, handler(employer), employer.id, A.SUBMIT, now=NOW)
        with pytest.raises(RoleMissing):
            perform(session, handler(employer), employer.id, A.VERIFY, now=NOW)


def test_a_code_that_cannot_exist_is_not_verified_but_can_be_returned() -> None:
    with db.transaction() as session:
        employer, officer = fresh(session, credit_code="12345")
        with pytest.raises(CodeUnusable):
            perform(session, officer, employer.id, A.VERIFY, now=NOW)
        perform(session, officer, employer.id, A.RETURN, now=NOW, reason="信用代码有误")
        assert employer.status == S.RETURNED


def test_nobody_verifies_twice() -> None:
    with db.transaction() as session:
        employer, officer = fresh(session)
        perform(session, officer, employer.id, A.VERIFY, now=NOW)
        with pytest.raises(NotAvailable):
            perform(session, officer, employer.id, A.VERIFY, now=NOW)
