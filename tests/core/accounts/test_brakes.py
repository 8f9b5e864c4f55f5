"""Guessing a password: what slows it, for whom, and what it cannot do to anybody else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine, event, func, select

from core import db
from core.access.actors import Actor
from core.accounts import brakes, signin, users
from core.config import settings
from core.model import Event, SignInBrake
from tests.core.accounts.attempts import ELSEWHERE, HOME, enter, fail

pytestmark = pytest.mark.usefixtures("engine")


def an_address(number: int) -> str:
    return f"198.51.{number // 250}.{number % 250 + 1}"


def restarted(engine: Engine) -> Engine:
    """What another process, or this one after a restart, sees: the database and nothing else."""
    url = engine.url.render_as_string(hide_password=False)
    settings.cache_clear()
    fresh = db.connect(url)
    db.use(fresh)
    return fresh


def test_five_failures_hold_up_the_place_they_came_from_even_with_the_right_password(
    officer: Actor, name: str, now: datetime
) -> None:
    assert isinstance(fail(name, now, 4), signin.BadCredentials)
    assert isinstance(fail(name, now), signin.LockedOut)
    with pytest.raises(signin.LockedOut):
        enter(name, now, address=ELSEWHERE)
    later = now + timedelta(seconds=61)
    assert signin.recognise(enter(name, later, address=ELSEWHERE), later)


def test_each_further_failure_doubles_the_wait_up_to_half_an_hour(
    officer: Actor, name: str, now: datetime
) -> None:
    waits = []
    for _ in range(11):
        refusal = fail(name, now)
        wait = refusal.seconds if isinstance(refusal, signin.Wait) else 0
        waits.append(wait // 60)
        now += timedelta(seconds=wait)
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30]


def test_old_failures_are_forgotten_a_day_after_the_wait_ended(
    officer: Actor, name: str, now: datetime
) -> None:
    fail(name, now, 5)
    assert isinstance(fail(name, now + timedelta(hours=23)), signin.LockedOut)
    assert isinstance(fail(name, now + timedelta(hours=50)), signin.BadCredentials)


def test_a_sign_in_wipes_the_slate_of_its_place(officer: Actor, name: str, now: datetime) -> None:
    for _ in range(3):
        fail(name, now, 4)
        enter(name, now, address=ELSEWHERE)
    with db.reading() as session:
        assert list(session.scalars(select(SignInBrake.failures)).all()) == [12, 12]


def test_an_attacker_at_another_address_does_not_hold_up_the_owner(
    officer: Actor, name: str, now: datetime
) -> None:
    for _ in range(40):
        refusal = fail(name, now)
        now += timedelta(seconds=refusal.seconds if isinstance(refusal, signin.Wait) else 1)
    assert signin.recognise(enter(name, now, address=HOME), now)


def test_guessing_from_many_addresses_is_slowed_but_not_in_a_browser_that_is_known(
    officer: Actor, name: str, now: datetime
) -> None:
    device = brakes.device_proof(name, now)
    for number in range(brakes.PER_NAME.limit):
        fail(name, now, address=an_address(number))
    with pytest.raises(signin.LockedOut) as caught:
        enter(name, now, address=HOME)
    assert caught.value.seconds == brakes.PER_NAME.every.total_seconds()
    assert signin.recognise(enter(name, now, address=HOME, device=device), now)
    # Elsewhere the right password gets through as soon as one failure has drained away.
    later = now + brakes.PER_NAME.every
    assert signin.recognise(enter(name, later, address=HOME), later)


def test_one_address_that_tries_name_after_name_is_slowed_but_not_the_office_behind_it(
    officer: Actor, name: str, now: datetime
) -> None:
    device = brakes.device_proof(name, now)
    for number in range(brakes.PER_ADDRESS.limit):
        fail(f"name{number}", now, address=HOME)
    with pytest.raises(signin.TooManyTries) as caught:
        enter(name, now, address=HOME)
    assert caught.value.seconds == brakes.PER_ADDRESS.every.total_seconds()
    assert signin.recognise(enter(name, now, address=HOME, device=device), now)
    assert signin.recognise(enter(name, now, address=ELSEWHERE), now)
    later = now + brakes.PER_ADDRESS.every
    assert signin.recognise(enter(name, later, address=HOME), later)


def test_a_known_browser_is_held_up_by_its_own_failures_alone(
    officer: Actor, name: str, now: datetime
) -> None:
    device = brakes.device_proof(name, now)
    assert isinstance(fail(name, now, 5, address=HOME, device=device), signin.LockedOut)
    with pytest.raises(signin.LockedOut):
        enter(name, now, address=HOME, device=device)
    assert signin.recognise(enter(name, now, address=HOME), now)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda proof: proof[:-1] + ("0" if proof[-1] != "0" else "1"),
        lambda proof: proof.replace(".", "..", 1),
        lambda proof: "." + proof,
        lambda proof: proof.split(".")[0],
        lambda _proof: "\x00.\udcff.é",
        lambda _proof: "..",
    ],
)
def test_a_proof_is_good_for_its_own_name_and_month_only(
    spoil: Callable[[str], str], now: datetime
) -> None:
    def known(name: str, proof: str, at: datetime = now) -> bool:
        return brakes.attempt(name, HOME, proof, at).address is None

    proof = brakes.device_proof("anna", now)
    assert known("anna", proof)
    assert known("anna", proof, now + brakes.KNOWN_FOR - timedelta(seconds=1))
    assert not known("anna", proof, now + brakes.KNOWN_FOR)
    assert not known("bert", proof)
    assert not known("anna", spoil(proof))


def test_what_was_counted_is_known_to_every_process_and_after_a_restart(
    engine: Engine, officer: Actor, name: str, now: datetime
) -> None:
    fail(name, now, 4)
    fail(f"no-{name}", now, 4)
    fresh = restarted(engine)
    known, unknown = fail(name, now), fail(f"no-{name}", now)
    assert isinstance(known, signin.LockedOut)
    assert repr(known) == repr(unknown)
    fresh.dispose()


def test_a_name_without_an_account_costs_the_same_statements_as_one_with(
    engine: Engine, officer: Actor, name: str, now: datetime
) -> None:
    seen: list[str] = []
    # What is done to which table: the order of rows, and what changes in them, follow the name.
    event.listen(
        engine,
        "before_cursor_execute",
        lambda *a: seen.append(re.sub(r" SET .* WHERE", " WHERE", re.sub(r"::\w+", "", a[2]))),
    )
    made: list[set[str]] = []
    for tried in (name, f"no-{name}"):
        fail(tried, now, 4)
        seen.clear()
        fail(tried, now)  # the fifth is answered with the wait
        fail(tried, now)
        made.append(set(seen))
    assert made[0] == made[1]


def test_attempts_at_one_moment_are_all_counted_before_a_password_is_compared(
    officer: Actor, name: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = count()
    monkeypatch.setattr(signin, "matches", lambda *_: (next(numbers), False)[1])

    def guess(_number: int) -> None:
        with suppress(signin.BadCredentials, signin.Wait):
            enter(name, now, password="wrong-1", address=ELSEWHERE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(24)))
    assert next(numbers) == brakes.FREE


def test_an_administrator_lifts_what_holds_an_account_up(
    officer: Actor, admin: Actor, name: str, now: datetime
) -> None:
    fail(name, now, 5, address=HOME)
    with db.transaction() as session:
        users.enable(session, admin, officer.user_id or 0, now=now)
    assert signin.recognise(enter(name, now, address=HOME), now)


def test_no_name_or_address_that_was_tried_is_kept_in_the_clear(
    officer: Actor, name: str, now: datetime
) -> None:
    fail("my-password-1", now)
    with db.reading() as session:
        keys = set(session.scalars(select(SignInBrake.key)))
        assert all(len(key) == 64 for key in keys)
        assert hashlib.sha256(b"name\nmy-password-1").hexdigest() in keys
        assert not session.scalar(select(func.count()).where(Event.detail.contains("my-pass")))


def test_what_counts_for_nothing_any_more_is_cleared(name: str, now: datetime) -> None:
    for number in range(5):
        fail(f"name{number}", now, address=an_address(number))
    fail("late", now + timedelta(days=2))
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInBrake)) == 3


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
        ("1.2.3.4.5", "1.2.3.4.5"),
    ],
)
def test_an_address_stands_for_whoever_commands_it(address: str, network: str) -> None:
    assert brakes.network_of(address) == network


def test_many_guesses_at_once_at_many_names_neither_block_each_other_nor_get_lost(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signin, "matches", lambda *_: False)
    # Old rows of the same names, which everybody will want to clear.
    for number in range(6):
        fail(f"name{number}", now - timedelta(days=3), address=HOME)

    def guess(number: int) -> None:
        with suppress(signin.Wait), pytest.raises(signin.BadCredentials):
            enter(f"name{number % 6}", now, password="wrong-1", address=an_address(number % 4))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(48)))
    with db.reading() as session:
        counted = session.scalars(
            select(SignInBrake.failures).where(SignInBrake.counted_at >= now)
        ).all()
    # Each of the 48 stands under a place and name, a name and an address.
    assert sum(counted) == 3 * 48
