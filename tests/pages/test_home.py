"""The home page: the day in numbers for every role, and the way to work."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from core import clock, db
from core.access.actors import SYSTEM
from core.model import Lease
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.workdays import calendars, counting
from tests import builders as build
from tests.screens import address, counted, open_page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_home_opens_for_every_role(
    engine: Engine, role: Role, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        case = build.a_case(session, now=clock.now())
        owner = {
            Role.PROVINCE: {"province": "11"},
            Role.APPLICANT: {"person_id": case.person_id},
            Role.EMPLOYER: {"employer_id": case.employer_id},
        }
        user = build.a_user(session, role, **owner.get(role, {}))
    app = open_page(monkeypatch, user, "home", language=language)
    assert not app.exception


def test_the_numbers_show_what_waits(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.transaction() as session:
        user = build.a_user(session, Role.ACCEPTOR)
        for _ in range(2):
            build.a_case(session, now=clock.now())
        build.a_case(session, Status.FILED, now=clock.now())
    app = open_page(monkeypatch, user, "home")
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric} == {
        "已超期": "0",
        "今日到期": "0",
        "2 个工作日内": "0",
        "今日新收": "2",
        "我正在办理": "0",
        "等待他方": "1",
    }


def test_a_page_counts_by_the_calendar_that_another_process_entered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_current", counting._current)
    monkeypatch.setattr(calendars, "_installed", None)
    monkeypatch.setattr(calendars, "_looked_at", float("-inf"))
    with db.transaction() as session:
        user = build.a_user(session, Role.ACCEPTOR)
        new = counting.published_until() + 1
        calendars.load_year(session, SYSTEM, new, [], [], source="演示", now=clock.now())
    assert not open_page(monkeypatch, user, "home").exception
    assert counting.published_until() == new


def test_taking_the_next_one_leads_to_its_case(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        user = build.a_user(session, Role.ACCEPTOR)
        case = build.a_case(session, now=clock.now())
    app = open_page(monkeypatch, user, "home")
    app.button(key="home-next").click().run()
    assert not app.exception
    assert address(app) == {"ref": case.ref}
    with db.reading() as session:
        assert session.scalars(select(Lease.user_id)).all() == [user.id]


def test_with_nothing_to_take_home_says_so_and_stays(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        user = build.a_user(session, Role.DECIDER)
    app = open_page(monkeypatch, user, "home")
    app.button(key="home-next").click().run()
    assert [error.value for error in app.error] == ["当前没有可领取的案件。"]


def test_home_takes_a_handful_of_queries(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.transaction() as session:
        user = build.a_user(session, Role.REVIEWER)
        build.a_case(session, Status.ACCEPTED, now=clock.now())
    app = open_page(monkeypatch, user, "home")
    with counted(engine) as seen:
        app.run()
    assert len(seen) <= 8, seen
