"""Brakes on guessing passwords: failures counted in the database, for all processes together.

A failure counts under three keys. Under the *place and name* it came from: five are free, then that
place waits for this name, a minute at first and twice as long each time, up to half an hour. Under
the *name* as a whole, and under the *address* as a whole, a failure drains away after a while, and
only so many may stand at once: guessing spread over many addresses, or over many names, is slowed.

A place is a browser that has signed in to this very account before (it holds a proof,
`device_proof`), else the network address. Such a browser is held up by its own failures only, so
nobody can lock an officer out of their own desk: not from elsewhere, and not from the same office.

Names are kept as digests, whether or not an account has them; whoever asks is answered alike.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.config import settings
from core.model import SignInBrake

FREE = 5
"""Failures of a place for a name before it has to wait."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=30)
FORGIVEN_AFTER = timedelta(days=1)
"""Failures of a place for a name are forgotten so long after the last, or after its lock."""
KNOWN_FOR = timedelta(days=30)
"""How long a browser stays known after a sign-in from it."""


@dataclass(frozen=True, slots=True)
class Drain:
    """At most `limit` failures stand at once; one drains away every `every`."""

    limit: int
    every: timedelta

    @property
    def empty_after(self) -> timedelta:
        """How long a full one takes to drain away altogether."""
        return self.limit * self.every


PER_NAME = Drain(30, timedelta(seconds=30))
PER_ADDRESS = Drain(100, timedelta(seconds=9))


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt counts under. name, address: None for a browser that is known."""

    place_and_name: str
    name: str | None
    address: str | None

    @property
    def keys(self) -> list[str]:
        """Every key, in the order in which rows are locked."""
        return sorted(key for key in (self.place_and_name, self.name, self.address) if key)


@dataclass(frozen=True, slots=True)
class Standing:
    """How long an attempt has to wait; zero or less when it may be made.

    by_address: the address as a whole has to wait, not the name alone.
    """

    wait: timedelta
    by_address: bool = False


def attempt(name: str, address: str, device: str, now: datetime) -> Attempt:
    """The keys for an attempt to sign in as `name`. device: the browser's proof, if it sent one."""
    nonce = _proven(device, name, now)
    if nonce:
        return Attempt(_key("place", f"device {nonce}", name), None, None)
    network = network_of(address)
    return Attempt(_key("place", network, name), _key("name", name), _key("address", network))


def network_of(address: str) -> str:
    """Whom an address stands for: an IPv4 address itself, of an IPv6 address its /64.

    A single subscriber commands a whole /64. What is no address stands for itself.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def device_proof(name: str, now: datetime) -> str:
    """What a browser keeps to show later that `name` was signed in to from it."""
    body = f"{int(now.timestamp())}.{secrets.token_hex(16)}"
    return f"{body}.{_seal(name, body)}"


def _proven(device: str, name: str, now: datetime) -> str | None:
    """The number of a known browser; None when the proof is not good for this name, or old."""
    body, _, seal = device.rpartition(".")
    issued, _, nonce = body.partition(".")
    if not hmac.compare_digest(seal.encode(errors="replace"), _seal(name, body).encode()):
        return None
    return nonce if now.timestamp() - int(issued) < KNOWN_FOR.total_seconds() else None


def _seal(name: str, body: str) -> str:
    sealed = f"device\n{name}\n{body}".encode(errors="backslashreplace")
    return hmac.new(settings().secret.encode(), sealed, hashlib.sha256).hexdigest()


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="backslashreplace")).hexdigest()


def standing(session: Session, tried: Attempt, now: datetime) -> Standing:
    """Whether an attempt may be made now; nothing is written or locked."""
    rows = session.scalars(select(SignInBrake).where(SignInBrake.key.in_(tried.keys)))
    return _standing({row.key: row for row in rows}, tried, now)


def _standing(rows: dict[str, SignInBrake], tried: Attempt, now: datetime) -> Standing:
    def wait(key: str | None) -> timedelta:
        row = rows.get(key or "")
        return row.until - now if row and row.until else timedelta()

    if (longest := wait(tried.address)) > timedelta():
        return Standing(longest, by_address=True)
    return Standing(max(wait(tried.place_and_name), wait(tried.name)))


def take(session: Session, tried: Attempt, user_id: int | None, now: datetime) -> Standing:
    """Count an attempt as failed before it is made, unless it has to wait.

    `give_back` undoes it. So attempts made at the same moment, in whatever process, are all counted
    before the first password is compared. user_id: the account of that name, if there is one.
    """
    values = [
        {"key": key, "user_id": None if key == tried.address else user_id, "failures": 0}
        for key in tried.keys
    ]
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(SignInBrake).values(
        [{**row, "counted_at": now, "forgotten_at": now} for row in values]
    )
    # Locks a row that is there, before anybody else clears it; the name may have an account by now.
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["key"], set_={"user_id": insert.excluded["user_id"]}
        )
    )
    rows = _locked(session, tried)
    held = _standing(rows, tried, now)
    if held.wait > timedelta():
        return held
    _count_place(rows[tried.place_and_name], now)
    for key, drain in ((tried.name, PER_NAME), (tried.address, PER_ADDRESS)):
        if key:
            _fill(rows[key], drain, now)
    _forget_old(session, now)
    return held


def give_back(session: Session, tried: Attempt, now: datetime) -> None:
    """The attempt was no failure: wipe the slate of its place, return what else was counted."""
    rows = _locked(session, tried)
    for key, drain in ((tried.name, PER_NAME), (tried.address, PER_ADDRESS)):
        if row := rows.get(key or ""):
            _drained(row, drain, now)
            row.failures = max(0, row.failures - 1)
            row.until = None if row.failures < drain.limit else row.until
    session.execute(delete(SignInBrake).where(SignInBrake.key == tried.place_and_name))


def lift(session: Session, user_id: int) -> None:
    """Forget every failure counted against an account."""
    session.execute(delete(SignInBrake).where(SignInBrake.user_id == user_id))


def _locked(session: Session, tried: Attempt) -> dict[str, SignInBrake]:
    rows: Sequence[SignInBrake] = session.scalars(
        select(SignInBrake)
        .where(SignInBrake.key.in_(tried.keys))
        .order_by(SignInBrake.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return {row.key: row for row in rows}


def _forget_old(session: Session, now: datetime) -> None:
    """Clear rows that count for nothing any more; those another process has locked are left.

    Last of all: whoever waits for one of them must not hold what is still wanted here.
    """
    old = (
        select(SignInBrake.key)
        .where(SignInBrake.forgotten_at < now)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    if gone := list(session.scalars(old)):
        session.execute(delete(SignInBrake).where(SignInBrake.key.in_(gone)))


def _count_place(row: SignInBrake, now: datetime) -> None:
    row.failures = (0 if row.forgotten_at < now else row.failures) + 1
    row.counted_at, row.until = now, None
    if row.failures >= FREE:
        doublings = min(row.failures - FREE, 16)
        row.until = now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)
    row.forgotten_at = (row.until or now) + FORGIVEN_AFTER


def _fill(row: SignInBrake, drain: Drain, now: datetime) -> None:
    _drained(row, drain, now)
    row.failures += 1
    row.until = row.counted_at + drain.every if row.failures >= drain.limit else None
    row.forgotten_at = now + drain.empty_after


def _drained(row: SignInBrake, drain: Drain, now: datetime) -> None:
    """Take off what has drained away; `counted_at` is the moment from which the next one does."""
    gone = max(0, (now - row.counted_at) // drain.every)
    if gone >= row.failures:
        row.failures, row.counted_at = 0, now
    else:
        row.failures, row.counted_at = row.failures - gone, row.counted_at + gone * drain.every
