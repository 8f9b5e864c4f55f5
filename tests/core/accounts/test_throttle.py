"""Guessing a password: the lock of an account, and the brakes on addresses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core import clock
from core.access.actors import Actor
from core.accounts import signin, users
from tests.core.accounts.attempts import ELSEWHERE, HOME, enter, fail

pytestmark = pytest.mark.usefixtures("engine")


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
