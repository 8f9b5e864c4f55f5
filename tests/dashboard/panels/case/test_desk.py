"""The desk of a case when it runs by itself: what it shows, and when it calls the whole page."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.accounts.users import actor_of
from core.cases import claiming
from core.model import Case
from core.vocabulary.roles import Role
from dashboard.panels.case import desk
from dashboard.panels.case.reading import Reading, acted, opened
from dashboard.session import Visit
from tests import builders as build
from tests.screens import words


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One database is enough for a panel: its reads are tested on both."""
    return sqlite_url


@pytest.fixture
def visit(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Visit:
    with db.transaction() as session:
        user = build.a_user(session, Role.ACCEPTOR)
    found = Visit(1, user.id, user.username, actor_of(user), "zh")
    monkeypatch.setattr(desk, "require", lambda _permission: found)
    return found


@pytest.fixture
def case(engine: Engine) -> Case:
    with db.transaction() as session:
        return build.a_case(session, now=clock.now())


def page(visit, ref, read):
    """A first run with the desk alone, as after a click in it, and then the whole page."""
    import streamlit as st

    from dashboard.panels.case import desk, reading

    if "ran" in st.session_state:
        st.markdown("whole page")
    else:
        st.session_state["ran"] = True
        if read is not None:
            reading.keep(read)
        desk._desk(visit, ref)


def alone(visit: Visit, case: Case, read: Reading | None) -> str:
    app = AppTest.from_function(page, kwargs={"visit": visit, "ref": case.ref, "read": read})
    return words(app.run(timeout=30))


def test_what_the_page_said_holds_and_the_desk_is_drawn(visit: Visit, case: Case) -> None:
    said = alone(visit, case, opened(case.ref, case.version_id, None))
    assert "检查清单" in said
    assert "whole page" not in said


def test_a_version_nobody_announced_calls_the_whole_page(visit: Visit, case: Case) -> None:
    assert alone(visit, case, opened(case.ref, case.version_id - 1, None)) == "whole page"


def test_another_holder_calls_the_whole_page(visit: Visit, case: Case) -> None:
    with db.transaction() as session:
        other = build.an_actor(session, Role.ACCEPTOR)
        claiming.claim(session, other, case.id, clock.now())
    assert alone(visit, case, opened(case.ref, case.version_id, None)) == "whole page"
    assert "检查清单" in alone(visit, case, opened(case.ref, case.version_id, other.user_id))


def test_without_a_reading_of_this_case_the_whole_page_is_called(visit: Visit, case: Case) -> None:
    here = opened(case.ref, case.version_id, None)
    for read in (None, acted(here), opened("2026000000000", case.version_id, None)):
        assert alone(visit, case, read) == "whole page"


def test_a_case_that_cannot_be_read_is_said(visit: Visit, case: Case) -> None:
    case.ref = "2026999999999"
    assert "未找到案件" in alone(visit, case, None)
