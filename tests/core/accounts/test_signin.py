"""Signing in: whom it lets in, what it tells the others, and what it leaves written."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings as rules, strategies as st
from sqlalchemy import select

from core import db
from core.access.actors import Actor
from core.accounts import passwords, signin, users
from core.model import LoginSession
from tests.core.accounts.attempts import PASSWORD, actions, enter, fail

pytestmark = pytest.mark.usefixtures("engine")


def test_a_correct_password_opens_a_session_and_only_the_hash_of_its_token_is_stored(
    officer: Actor, name: str, now: datetime
) -> None:
    token = enter(name, now)
    visitor = signin.recognise(token, now)
    assert visitor is not None
    assert (visitor.user_id, visitor.username, visitor.actor) == (officer.user_id, name, officer)
    with db.reading() as session:
        row = session.scalars(select(LoginSession)).one()
    assert row.token_hash == signin.digest(token)
    assert token not in {row.token_hash, row.previous_hash, row.agent, row.address}


def test_case_and_blanks_around_a_user_name_do_not_matter(
    officer: Actor, name: str, now: datetime
) -> None:
    assert signin.recognise(enter(f"  {name.upper()} ", now), now)


def test_an_unknown_name_is_answered_like_a_wrong_password_down_to_the_lock(
    officer: Actor, name: str, now: datetime
) -> None:
    known = [repr(fail(name, now)) for _ in range(6)]
    unknown = [repr(fail(f"no-{name}", now, address="203.0.113.10")) for _ in range(6)]
    assert known == unknown


def test_the_comparison_runs_for_unknown_names_too(
    name: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str | None] = []
    real = passwords.matches
    monkeypatch.setattr(signin, "matches", lambda h, p: (compared.append(h), real(h, p))[1])
    fail(f"no-{name}", now)
    assert compared == [None]


def test_a_refused_sign_in_leaves_its_trace(officer: Actor, name: str, now: datetime) -> None:
    fail(name, now)
    enter(name, now)
    assert actions(officer) == ["create_user", "sign_in_failed", "sign_in"]


def test_a_disabled_account_is_told_so_only_with_the_right_password(
    officer: Actor, admin: Actor, name: str, now: datetime
) -> None:
    with db.transaction() as session:
        users.disable(session, admin, officer.user_id or 0, now=now)
    assert isinstance(fail(name, now), signin.BadCredentials)
    with pytest.raises(signin.AccountDisabled):
        enter(name, now)


@pytest.mark.parametrize("sent", ["a\x00b", "\x00", "\udcff\udcfe", "x" * 5000, "'; --", "\u202e"])
def test_what_no_database_can_hold_is_refused_like_any_other_name(sent: str, now: datetime) -> None:
    with pytest.raises(signin.BadCredentials):
        signin.sign_in(sent, sent or "x", address=sent, agent=sent, now=now, device=sent)


def test_a_sign_in_with_an_unreadable_browser_name_is_kept_readable(
    officer: Actor, name: str, now: datetime
) -> None:
    signin.sign_in(name, PASSWORD, address="10.1.0.7\x00", agent="a\x00\x1b[2Jb\udcff", now=now)
    with db.reading() as session:
        row = session.scalars(select(LoginSession)).one()
    assert (row.address, row.agent) == ("10.1.0.7", "a[2Jb")


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=40), st.text(max_size=80))
@rules(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_refused_in_words(
    now: datetime, username: str, password: str, address: str, device: str
) -> None:
    with pytest.raises((signin.BadCredentials, signin.Wait)):
        signin.sign_in(username, password, address=address, agent=device, now=now, device=device)
