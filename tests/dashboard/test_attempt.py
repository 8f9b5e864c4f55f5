"""Every write of a page: one transaction, the sign-in looked up again, refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.access.actors import Actor
from core.accounts import signin
from core.accounts.users import actor_of
from core.errors import CoreError
from core.model import AccessLog
from core.text import Text
from core.vocabulary.roles import Role
from dashboard.attempt import Attempted
from dashboard.session import Visit
from tests import builders as build


class Full(CoreError):
    text = Text("柜子满了。", "The cupboard is full.")


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One database is enough: transactions are tested on both elsewhere."""
    return sqlite_url


@pytest.fixture
def visit(engine: Engine) -> Visit:
    with db.transaction() as session:
        user = build.a_user(session, Role.REVIEWER)
        token = signin.open_session(session, user, address="", agent="", now=clock.now())
        found = signin.visitor(session, token, clock.now())
    assert found is not None
    return Visit(found.session_id, user.id, user.username, actor_of(user), "zh")


def logged() -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(AccessLog)) or 0


def note(session: Session, actor: Actor, what: str, *, now: datetime) -> str:
    session.add(AccessLog(at=now, user_id=actor.user_id, what="case", subject=what))
    return what


def refuse(session: Session, actor: Actor, what: str, *, now: datetime) -> str:
    note(session, actor, what, now=now)
    raise Full


def page(visit, command, options):
    """One attempt; Streamlit runs the text of this function by itself."""
    import streamlit as st

    from dashboard.attempt import attempt

    st.session_state["found"] = attempt(visit, command, "case:1", **options)


def shown(visit: Visit, command: Callable[..., str], **options: object) -> AppTest:
    """The page that made the attempt; `found` in its session is what came of it."""
    given = {"visit": visit, "command": command, "options": options}
    app = AppTest.from_function(page, kwargs=given).run()
    assert not app.exception
    return app


def test_what_a_command_returns_comes_back_and_is_committed(visit: Visit) -> None:
    app = shown(visit, note)
    found = app.session_state["found"]
    assert (found.done, found.result, found.error) == (True, "case:1", None)
    assert logged() == 1


def test_a_refusal_is_said_and_leaves_nothing_behind(visit: Visit) -> None:
    app = shown(visit, refuse)
    found = app.session_state["found"]
    assert (found.done, found.result) == (False, None)
    assert [error.value for error in app.error] == ["柜子满了。"]
    assert logged() == 0


def test_a_refusal_that_the_page_words_itself_is_not_said(visit: Visit) -> None:
    app = shown(visit, refuse, quiet=(Full,))
    assert isinstance(app.session_state["found"].error, Full)
    assert not app.error


def test_other_refusals_are_said_all_the_same(visit: Visit) -> None:
    app = shown(visit, refuse, quiet=(signin.SignedOut,))
    assert [error.value for error in app.error] == ["柜子满了。"]


def test_whoever_was_signed_out_meanwhile_changes_nothing(visit: Visit) -> None:
    with db.transaction() as session:
        signin.sign_out_everywhere(session, visit.actor, now=clock.now())
    app = shown(visit, note)
    assert isinstance(app.session_state["found"].error, signin.SignedOut)
    assert app.error
    assert logged() == 0


def test_an_attempt_without_an_error_is_done() -> None:
    assert Attempted(result=None).done
    assert not Attempted(error=Full()).done
