"""Accounts: names, passwords, disabling, and who may manage them."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from core import db
from core.access.actors import SYSTEM, Actor
from core.accounts import signin, users
from core.errors import NotPermitted
from core.model import User
from tests.core.accounts.attempts import PASSWORD, actions, enter

pytestmark = pytest.mark.usefixtures("engine")


def test_disabling_ends_every_session_at_once(
    officer: Actor, admin: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    with db.transaction() as session:
        users.disable(session, admin, officer.user_id or 0, now=now)
    assert signin.recognise(token, now) is None
    with db.transaction() as session:
        users.enable(session, admin, officer.user_id or 0, now=now)
    assert signin.recognise(token, now) is None


def test_only_administrators_manage_accounts(officer: Actor, now: datetime) -> None:
    with db.transaction() as session, pytest.raises(NotPermitted):
        users.disable(session, officer, officer.user_id or 0, now=now)
    with db.transaction() as session, pytest.raises(NotPermitted):
        users.set_password(session, officer, officer.user_id or 0, "Another-2026", now=now)


def test_an_administrator_cannot_disable_themselves(admin: Actor, now: datetime) -> None:
    with db.transaction() as session, pytest.raises(users.NotYourself):
        users.disable(session, admin, admin.user_id or 0, now=now)


def test_changing_the_password_ends_the_other_sessions(
    officer: Actor, name: str, now: datetime
) -> None:
    here, there = enter(name, now), enter(name, now)
    mine = signin.recognise(here, now)
    assert mine is not None
    with db.transaction() as session:
        users.change_password(
            session,
            officer,
            current=PASSWORD,
            new="Another-2026",
            keep_session=mine.session_id,
            now=now,
        )
    assert signin.recognise(here, now)
    assert signin.recognise(there, now) is None
    with pytest.raises(signin.BadCredentials):
        enter(name, now)
    assert signin.recognise(enter(name, now, password="Another-2026"), now)
    assert "change_password" in actions(officer)


def test_the_current_password_is_asked_for(officer: Actor, now: datetime) -> None:
    with db.transaction() as session, pytest.raises(users.WrongPassword):
        users.change_password(
            session, officer, current="x", new="Another-2026", keep_session=None, now=now
        )
    with db.transaction() as session, pytest.raises(users.SamePassword):
        users.change_password(
            session, officer, current=PASSWORD, new=PASSWORD, keep_session=None, now=now
        )


@pytest.mark.parametrize(
    "username", ["a", "Ab1", "with space", "-dash", "名字", "x" * 61, "a\x00b", "a\udcffb", "abc\n"]
)
def test_unusable_user_names_are_refused(username: str, now: datetime) -> None:
    with db.transaction() as session, pytest.raises(users.UsernameUnusable):
        users.create_user(
            session, SYSTEM, username=username, name="x", password=PASSWORD, roles=[], now=now
        )


def test_a_user_name_is_given_once(officer: Actor, name: str, now: datetime) -> None:
    with db.transaction() as session, pytest.raises(users.UsernameTaken):
        users.create_user(
            session, SYSTEM, username=name, name="x", password=PASSWORD, roles=[], now=now
        )


def test_the_language_is_kept_on_the_account(officer: Actor, name: str, now: datetime) -> None:
    with db.transaction() as session:
        users.set_language(session, officer, "en", now=now)
    visitor = signin.recognise(enter(name, now), now)
    assert visitor is not None
    assert visitor.language == "en"


def test_passwords_are_stored_with_argon2id_and_salted(
    officer: Actor, admin: Actor, engine: Engine
) -> None:
    with db.reading() as session:
        hashes = list(session.scalars(select(User.password_hash)))
    assert all(each.startswith("$argon2id$") for each in hashes)
    assert len(set(hashes)) == 2
