"""Accounts, passwords, lock-out, and the life of a sign-in."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from core import clock, db
from core.access.actors import SYSTEM, Actor
from core.accounts import signin, users
from core.accounts.signin import (
    GRACE,
    IDLE,
    LIFE,
    ROTATE_AFTER,
)
from core.errors import NotPermitted
from core.model import Event, LoginSession, User
from core.vocabulary.roles import Role

pytestmark = pytest.mark.usefixtures("engine")

PASSWORD = "Practice-2026"
HOME = "10.1.0.7"
ELSEWHERE = "203.0.113.9"
_numbers = itertools.count(1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def name() -> str:
    """A user name of this test's own: the brakes remember names while the process lives."""
    return f"officer{next(_numbers)}"


@pytest.fixture(autouse=True)
def fresh_brakes(monkeypatch: pytest.MonkeyPatch) -> None:
    for brake in (signin._per_address, signin._per_address_and_name):
        monkeypatch.setattr(brake, "_failures", type(brake._failures)())


@pytest.fixture
def officer(name: str, now: datetime) -> Actor:
    with db.transaction() as session:
        user = users.create_user(
            session,
            SYSTEM,
            username=name,
            name="演示审查员",
            password=PASSWORD,
            roles=[Role.REVIEWER],
            now=now,
        )
        return users.actor_of(user)


@pytest.fixture
def admin(name: str, now: datetime) -> Actor:
    with db.transaction() as session:
        user = users.create_user(
            session,
            SYSTEM,
            username=f"admin-of-{name}",
            name="演示管理员",
            password=PASSWORD,
            roles=[Role.ADMIN],
            now=now,
        )
        return users.actor_of(user)


def enter(name: str, now: datetime, *, password: str = PASSWORD, address: str = HOME) -> str:
    return signin.sign_in(name, password, address=address, agent="test", now=now)


def fail(name: str, now: datetime, times: int = 1, *, address: str = ELSEWHERE) -> Exception | None:
    last: Exception | None = None
    for _ in range(times):
        with pytest.raises((signin.BadCredentials, signin.Wait)) as caught:
            enter(name, now, password="wrong-1", address=address)
        last = caught.value
    return last


def actions(officer: Actor) -> list[str]:
    with db.reading() as session:
        return list(
            session.scalars(
                select(Event.action)
                .where(Event.subject == f"user:{officer.user_id}")
                .order_by(Event.id)
            )
        )


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
    real = users.matches
    monkeypatch.setattr(signin, "matches", lambda h, p: (compared.append(h), real(h, p))[1])
    fail(f"no-{name}", now)
    assert compared == [None]


def test_five_failures_lock_the_account_even_for_the_right_password(
    officer: Actor, name: str, now: datetime
) -> None:
    assert isinstance(fail(name, now, 4), signin.BadCredentials)
    assert isinstance(fail(name, now), signin.LockedOut)
    with pytest.raises(signin.LockedOut):
        enter(name, now)
    assert signin.recognise(enter(name, now + timedelta(seconds=61)), now + timedelta(seconds=61))


def test_each_further_failure_doubles_the_lock_up_to_half_an_hour() -> None:
    now, failures, until, waits = clock.now(), 0, None, []
    for _ in range(12):
        failures, until = users.count_failure(failures, until, now)
        waits.append(round((until - now).total_seconds() / 60) if until else 0)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30]


def test_old_failures_are_forgiven_a_day_after_the_lock_ended() -> None:
    now = clock.now()
    assert users.count_failure(9, now - timedelta(hours=25), now) == (1, None)
    assert users.count_failure(9, now - timedelta(hours=23), now)[0] == 10


def test_an_attacker_elsewhere_cannot_lock_an_officer_out_of_their_own_desk(
    officer: Actor, name: str, now: datetime
) -> None:
    enter(name, now, address=HOME)
    fail(name, now, 8, address=ELSEWHERE)
    with pytest.raises(signin.Wait):
        enter(name, now, address=ELSEWHERE)
    assert signin.recognise(enter(name, now, address=HOME), now)


def test_guessing_from_a_known_address_is_braked_as_well(
    officer: Actor, name: str, now: datetime
) -> None:
    enter(name, now, address=HOME)
    fail(name, now, 10, address=HOME)
    with pytest.raises(signin.TooManyTries):
        enter(name, now, address=HOME)
    later = now + timedelta(minutes=16)
    assert signin.recognise(enter(name, later, address=HOME), later)


def test_one_address_may_not_try_name_after_name(name: str, now: datetime) -> None:
    for number in range(100):
        signin._per_address.note(ELSEWHERE, now + timedelta(seconds=number))
    with pytest.raises(signin.TooManyTries) as caught:
        enter(name, now + timedelta(seconds=100), address=ELSEWHERE)
    assert caught.value.seconds == 800


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
    "password", ["short-1", "onlyletters", "1234567890", "x" * 120 + "1" * 9, "my-OFFICER-1"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(users.WeakPassword):
        users.check_password(password, "officer")


@pytest.mark.parametrize("username", ["a", "Ab1", "with space", "-dash", "名字", "x" * 61])
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
