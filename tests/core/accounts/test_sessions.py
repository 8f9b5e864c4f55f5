"""The life of a sign-in: idle time, rotation of its token, signing out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core import db
from core.access.actors import Actor
from core.accounts import signin
from core.accounts.signin import GRACE, IDLE, LIFE, ROTATE_AFTER
from core.model import LoginSession
from tests.core.accounts.attempts import actions, enter

pytestmark = pytest.mark.usefixtures("engine")


def test_a_session_ends_after_half_an_hour_without_activity(
    officer: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    assert signin.recognise(token, now + IDLE - timedelta(seconds=1))
    assert signin.recognise(enter(name, now), now + IDLE) is None


def test_activity_keeps_a_session_alive_but_not_beyond_twelve_hours(
    officer: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    at = now
    while at < now + LIFE - timedelta(minutes=20):
        at += timedelta(minutes=20)
        assert signin.recognise(token, at), at - now
    assert signin.recognise(token, now + LIFE) is None


def test_seeing_somebody_is_written_down_at_most_once_a_minute(
    officer: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    signin.recognise(token, now + timedelta(seconds=59))
    signin.recognise(token, now + timedelta(seconds=61))
    signin.recognise(token, now + timedelta(seconds=90))
    with db.reading() as session:
        assert session.scalars(select(LoginSession)).one().seen_at == now + timedelta(seconds=61)


def test_rotation_gives_one_successor_however_often_it_is_asked_for(
    officer: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    later = now + ROTATE_AFTER
    first = signin.recognise(token, later)
    assert first is not None
    assert first.rotation_due
    with db.transaction() as session:
        successor = signin.rotate(session, token, later)
        again = signin.rotate(session, token, later)
    assert successor is not None
    assert successor == again != token
    fresh = signin.recognise(successor, later)
    assert fresh is not None
    assert not fresh.rotation_due


def test_the_old_token_stays_good_for_a_minute_after_rotation(
    officer: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    with db.transaction() as session:
        signin.rotate(session, token, now)
    assert signin.recognise(token, now + GRACE - timedelta(seconds=1))
    assert signin.recognise(token, now + GRACE) is None
    with db.transaction() as session:
        assert signin.rotate(session, token, now + GRACE) is None


def test_a_page_left_open_is_recognised_by_its_row_after_rotation(
    officer: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    visitor = signin.recognise(token, now)
    assert visitor is not None
    with db.transaction() as session:
        signin.rotate(session, token, now)
    assert signin.recognise(visitor.session_id, now + timedelta(minutes=5))


def test_signing_out_ends_this_session_only(officer: Actor, name: str, now: datetime) -> None:
    here, there = enter(name, now), enter(name, now)
    with db.transaction() as session:
        signin.sign_out(session, here, now)
        signin.sign_out(session, here, now)
    assert signin.recognise(here, now) is None
    assert signin.recognise(there, now)
    assert actions(officer).count("sign_out") == 1


def test_signing_out_everywhere_ends_all_sessions(officer: Actor, name: str, now: datetime) -> None:
    tokens = [enter(name, now) for _ in range(3)]
    with db.transaction() as session:
        assert len(signin.sessions_of(session, officer.user_id or 0, now)) == 3
        signin.sign_out_everywhere(session, officer, now=now)
        assert signin.sessions_of(session, officer.user_id or 0, now) == []
    assert not any(signin.recognise(token, now) for token in tokens)
