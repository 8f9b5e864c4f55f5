"""An employer that a packet named first is verified by its province, from the case that waits."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.model import Case, Employer, User
from core.vocabulary.cases import Status
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from tests import builders as build
from tests.screens import open_page, words

VERIFY, RETURN = "认证通过", "退回"


@pytest.fixture
def case(team: build.Team) -> Case:
    with db.transaction() as session:
        team.session = session
        employer = build.an_employer(session, status=EmployerStatus.UNVERIFIED.value, province="37")
        return build.a_case(session, Status.RECEIVED, team=team, employer=employer, now=clock.now())


def province(code: str) -> User:
    with db.transaction() as session:
        return build.a_user(session, Role.PROVINCE, province=code)


def standing(case: Case) -> str:
    with db.reading() as session:
        return session.get_one(Employer, case.employer_id).status


def at_related(monkeypatch: pytest.MonkeyPatch, user: User, case: Case) -> AppTest:
    app = open_page(monkeypatch, user, "case", ref=case.ref)
    app.session_state["case-tabs"] = "关联信息"
    return app.run()


def test_its_province_verifies_it(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    app = at_related(monkeypatch, province("37"), case)
    assert "待工商注册地省级注册主管部门认证" in words(app)
    next(button for button in app.button if button.label == VERIFY).click().run()
    assert standing(case) == EmployerStatus.VERIFIED
    assert "待工商注册地省级注册主管部门认证" not in words(app)


def test_it_is_returned_with_a_reason_only(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    app = at_related(monkeypatch, province("37"), case)
    next(button for button in app.button if button.label == RETURN).click().run()
    assert standing(case) == EmployerStatus.UNVERIFIED
    assert app.error
    app.text_input(key="employer-reason").set_value("营业执照不清晰").run()
    next(button for button in app.button if button.label == RETURN).click().run()
    assert standing(case) == EmployerStatus.RETURNED


def test_officers_of_the_ministry_are_told_and_have_no_button(
    case: Case, team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.reading() as session:
        user = session.get_one(User, team.officer(Stage.ACCEPTANCE).user_id)
    app = at_related(monkeypatch, user, case)
    assert "待工商注册地省级注册主管部门认证" in words(app)
    assert VERIFY not in [button.label for button in app.button]


def test_a_returned_one_can_still_be_verified(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.transaction() as session:
        session.get_one(Employer, case.employer_id).status = EmployerStatus.RETURNED.value
    app = at_related(monkeypatch, province("37"), case)
    assert "认证被退回" in words(app)
    assert RETURN not in [button.label for button in app.button]
    next(button for button in app.button if button.label == VERIFY).click().run()
    assert standing(case) == EmployerStatus.VERIFIED
