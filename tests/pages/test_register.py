"""The register page: the address is the view; one registration with all that changed it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core import clock, db
from core.model import Case, Registration, User
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from tests import builders as build
from tests.screens import address, open_page, words


@pytest.fixture
def registered(team: build.Team) -> Case:
    """A case that ended in a registration of 监理工程师."""
    with db.transaction() as session:
        team.session = session
        return build.a_case(session, Status.CLOSED, team=team, now=clock.now())


@pytest.fixture
def reviewer(team: build.Team) -> User:
    with db.reading() as session:
        return session.get_one(User, team.officer(Stage.REVIEW).user_id)


def number_of(case: Case) -> str:
    with db.reading() as session:
        query = select(Registration.number).join(Case, Case.registration_id == Registration.id)
        return session.scalars(query.where(Case.id == case.id)).one()


def test_one_registration_is_shown_with_what_changed_it(
    registered: Case, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(
        monkeypatch, reviewer, "register",
        number=number_of(registered), profession="supervision",
    )  # fmt: skip
    assert registered.person_name in words(app)


def test_a_registration_that_is_not_there_is_said_calmly(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "register", number="x", profession="supervision")
    assert "未找到注册记录" in words(app)


def test_a_link_reproduces_the_view(
    registered: Case, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = {"q": registered.person_name, "in": "supervision", "status": "active"}
    app = open_page(monkeypatch, reviewer, "register", **link)
    assert "共 1 条" in words(app)
    assert app.text_input(key="register:query").value == registered.person_name
    assert app.selectbox(key="register:profession").value == "supervision"
    assert app.selectbox(key="register:status").value == "active"
    assert app.selectbox(key="register:province").value == ""


def test_changing_a_filter_changes_the_address_and_goes_to_the_first_page(
    registered: Case, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "register", q=registered.person_name, page="3")
    app.selectbox(key="register:profession").set_value("supervision").run()
    assert address(app) == {"q": registered.person_name, "in": "supervision"}
    app.selectbox(key="register:profession").set_value("").run()
    app.text_input(key="register:query").set_value("").run()
    assert address(app) == {}
    assert "共 1 条" in words(app)


def test_no_address_makes_the_page_fail(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(
        monkeypatch, reviewer, "register", q="没有这个人%_", page="x", status="gone", province="00",
        **{"in": "?"},
    )  # fmt: skip
    assert "共 0 条" in words(app)


def test_going_back_leads_to_the_list_that_was_left(
    registered: Case, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "register", q=registered.person_name)
    app.query_params.clear()
    app.query_params["number"] = number_of(registered)
    app.query_params["profession"] = "supervision"
    app.run()
    assert not app.exception
    assert app.session_state["register-query"] == {"q": registered.person_name}


def test_applicants_are_told_that_the_page_is_not_for_them(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        applicant = build.a_user(session, Role.APPLICANT)
    app = open_page(monkeypatch, applicant, "register")
    assert not app.text_input
    assert app.header[0].value == "您的角色不能使用此页面"
