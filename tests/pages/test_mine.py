"""One's own applications and messages, as applicants see them (AppTest)."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from core import clock, db
from core.model import Case, Message, User
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from tests import builders as build
from tests.screens import counted, open_page, words


@pytest.fixture
def cases(team: build.Team) -> tuple[Case, Case]:
    """Two received cases of two people."""
    with db.transaction() as session:
        team.session = session
        first, second = (
            build.a_case(session, Status.RECEIVED, team=team, now=clock.now()) for _ in range(2)
        )
        return first, second


@pytest.fixture
def applicant(cases: tuple[Case, Case]) -> User:
    """The person of the first case."""
    with db.transaction() as session:
        return build.a_user(session, Role.APPLICANT, person_id=cases[0].person_id)


def test_an_applicant_sees_own_cases_and_messages_only(
    cases: tuple[Case, Case], applicant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, other = cases
    app = open_page(monkeypatch, applicant, "mine")
    assert own.ref in words(app)
    assert other.ref not in words(app)
    app.segmented_control(key="mine-view").set_value("past").run()
    assert "暂无数据" in words(app)
    app.segmented_control(key="mine-view").set_value("messages").run()
    assert f"您的申报 {own.ref}" in words(app)
    assert other.ref not in words(app)


def test_messages_are_read_once_they_are_shown(
    cases: tuple[Case, Case], applicant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unread() -> set[int | None]:
        with db.reading() as session:
            return set(session.scalars(select(Message.person_id).where(Message.read_at.is_(None))))

    people = {case.person_id for case in cases}
    app = open_page(monkeypatch, applicant, "mine")
    assert unread() == people
    app.segmented_control(key="mine-view").set_value("messages").run()
    assert not app.exception
    assert unread() == {cases[1].person_id}


def test_messages_read_before_cost_no_write(
    engine: Engine, applicant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, applicant, "mine")
    app.segmented_control(key="mine-view").set_value("messages").run()
    with counted(engine) as seen:
        app.run()
    assert not [line for line in seen if line.startswith("UPDATE messages")]
