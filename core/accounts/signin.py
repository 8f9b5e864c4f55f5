"""Signing in and out: what a token opens, for how long, and what a wrong password costs.

A token is 32 random bytes; only its SHA-256 is stored. It is exchanged for a new one on page loads
(rotation); the old one stays good for a minute so that requests under way are not cut off.

Two brakes on guessing. The account is locked after five failures
(`core.accounts.users.count_failure`), except for addresses from which it was signed in to lately:
so nobody can lock an officer out of their own desk from elsewhere. And every address may fail only
so often (`core.accounts.throttle`), which also bounds guessing from such a known address.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import cast

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM, Actor
from core.accounts.throttle import Throttle
from core.accounts.users import (
    actor_of,
    count_failure,
    end_sessions,
    matches,
)
from core.audit import history
from core.config import settings
from core.errors import CoreError
from core.model import LoginSession, User
from core.text import Language, Text

IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)
GRACE = timedelta(seconds=60)
ROTATE_AFTER = timedelta(minutes=15)
TOUCH_EVERY = timedelta(minutes=1)
KNOWN_FOR = timedelta(days=30)
"""How long an address stays known after a sign-in from it."""

_WINDOW = timedelta(minutes=15)
_per_address = Throttle(100, _WINDOW)
_per_address_and_name = Throttle(10, _WINDOW)

# Locks of user names that do not exist: they must answer like those that do.
_strangers: OrderedDict[str, tuple[int, datetime | None]] = OrderedDict()
_strangers_lock = Lock()
_STRANGERS_KEPT = 10_000

# What only refers to an account (a claim, a step in the history) need not wait for its sign-in.
_KEEPING_THE_KEY = {"key_share": True}

NOBODY = Actor(None, "未登录", frozenset())


class BadCredentials(CoreError):
    text = Text("用户名或密码不正确。", "The user name or password is not correct.")


class AccountDisabled(CoreError):
    text = Text(
        "该账号已停用，请联系系统管理员。",
        "This account is disabled; please contact the administrator.",
    )


class SignedOut(CoreError):
    text = Text(
        "您的登录已失效，操作未生效，请重新登录。",
        "You are no longer signed in; nothing was changed. Please sign in again.",
    )


class Wait(CoreError):
    """A refusal that ends by itself; `seconds` until then."""

    def __init__(self, remaining: timedelta) -> None:
        self.seconds = max(1, math.ceil(remaining.total_seconds()))
        super().__init__(minutes=math.ceil(self.seconds / 60))


class LockedOut(Wait):
    text = Text(
        "密码多次输入错误，账号已临时锁定，请在 {minutes} 分钟后重试。",
        "Too many wrong passwords: the account is locked for now. Try again in {minutes} min.",
    )


class TooManyTries(Wait):
    text = Text(
        "登录尝试过于频繁，请在 {minutes} 分钟后重试。",
        "Too many attempts to sign in. Try again in {minutes} min.",
    )


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever holds a live sign-in.

    expires_at: the end that activity does not push out. rotation_due: the token is old, or has been
    exchanged already without its holder knowing.
    """

    session_id: int
    user_id: int
    username: str
    actor: Actor
    language: Language | None
    seen_at: datetime
    expires_at: datetime
    rotation_due: bool


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A running sign-in as its owner sees it."""

    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_in(username: str, password: str, *, address: str, agent: str, now: datetime) -> str:
    """Check a password and open a sign-in; returns its token.

    Opens its own transactions, unlike other commands: a refusal must leave its trace, and the slow
    comparison of the password must hold no lock.

    Raises BadCredentials, LockedOut, TooManyTries, AccountDisabled.
    """
    name, address, agent = username.strip().lower()[:60], address[:60], agent[:200]
    pair = f"{address} {name}"
    for throttle, key in ((_per_address, address), (_per_address_and_name, pair)):
        if (wait := throttle.wait(key, now)) > timedelta():
            raise TooManyTries(wait)
    with db.reading() as session:
        user = session.scalar(select(User).where(User.username == name))
        known = user is not None and _is_known(session, user.id, address, now)
    locked_until = user.locked_until if user else _strangers.get(name, (0, None))[1]
    if locked_until and locked_until > now and not known:
        raise LockedOut(locked_until - now)
    if not matches(user.password_hash if user else None, password) or user is None:
        _per_address.note(address, now)
        _per_address_and_name.note(pair, now)
        raise _failed(name, user.id if user else None, address, now)
    token = db.run(_admitted, user.id, known, address=address, agent=agent, now=now)
    _per_address_and_name.forget(pair)
    return token


def _admitted(
    session: Session, user_id: int, known: bool, *, address: str, agent: str, now: datetime
) -> str:
    user = session.get_one(User, user_id, with_for_update=_KEEPING_THE_KEY)
    # Guesses that ran at the same time may have locked the account meanwhile.
    if user.locked_until and user.locked_until > now and not known:
        raise LockedOut(user.locked_until - now)
    if user.disabled:
        raise AccountDisabled
    return open_session(session, user, address=address, agent=agent, now=now)


def _is_known(session: Session, user_id: int, address: str, now: datetime) -> bool:
    return bool(
        session.scalar(
            select(
                exists().where(
                    LoginSession.user_id == user_id,
                    LoginSession.address == address,
                    LoginSession.created_at > now - KNOWN_FOR,
                )
            )
        )
    )


def _failed(name: str, user_id: int | None, address: str, now: datetime) -> CoreError:
    """Count a failure; a name that does not exist costs the same writes as one that does."""
    with db.transaction() as session:
        subject = "user:unknown"
        found = user_id is not None
        user = session.get(User, user_id, with_for_update=_KEEPING_THE_KEY) if found else None
        if user is not None:
            subject = f"user:{user.id}"
            user.failures, locked = count_failure(user.failures, user.locked_until, now)
            user.locked_until = locked or user.locked_until
        else:
            with _strangers_lock:
                _strangers[name] = counted = count_failure(*_strangers.get(name, (0, None)), now)
                _strangers.move_to_end(name)
                if len(_strangers) > _STRANGERS_KEPT:
                    _strangers.popitem(last=False)
            locked = counted[1]
        history.record(
            session, NOBODY, "sign_in_failed", subject, at=now, detail={"address": address}
        )
    return LockedOut(locked - now) if locked else BadCredentials()


def open_session(session: Session, user: User, *, address: str, agent: str, now: datetime) -> str:
    """Open a sign-in for an account whose identity has been established; returns its token."""
    token = secrets.token_urlsafe(32)
    user.failures, user.locked_until, user.signed_in_at = 0, None, now
    session.add(
        LoginSession(
            user_id=user.id,
            token_hash=digest(token),
            rotated_at=now,
            created_at=now,
            seen_at=now,
            expires_at=now + LIFE,
            address=address,
            agent=agent,
        )
    )
    _record(session, actor_of(user), "sign_in", user.id, now, address=address)
    return token


def _holds(token: str, now: datetime) -> ColumnElement[bool]:
    stored = digest(token)
    return or_(
        LoginSession.token_hash == stored,
        and_(LoginSession.previous_hash == stored, LoginSession.rotated_at > now - GRACE),
    )


def _live(now: datetime) -> ColumnElement[bool]:
    return and_(
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > now,
        LoginSession.seen_at > now - IDLE,
        ~User.disabled,
    )


def visitor(session: Session, sign_in_key: str | int, now: datetime) -> Visitor | None:
    """Who holds a token (str), or a sign-in recognised before (its row id); None when over."""
    matching = (
        _holds(sign_in_key, now) if isinstance(sign_in_key, str) else LoginSession.id == sign_in_key
    )
    row = session.execute(
        select(LoginSession, User)
        .join(User, User.id == LoginSession.user_id)
        .where(matching, _live(now))
    ).first()
    if row is None:
        return None
    login, user = row
    return Visitor(
        session_id=login.id,
        user_id=user.id,
        username=user.username,
        actor=actor_of(user),
        language=cast("Language | None", user.language),
        seen_at=login.seen_at,
        expires_at=login.expires_at,
        rotation_due=isinstance(sign_in_key, str)
        and (login.token_hash != digest(sign_in_key) or now - login.rotated_at >= ROTATE_AFTER),
    )


def recognise(sign_in_key: str | int, now: datetime) -> Visitor | None:
    """`visitor` in a transaction of its own; notes the moment, at most once a minute.

    Raises core.db.Unavailable.
    """
    with db.reading() as session:
        found = visitor(session, sign_in_key, now)
    if found and now - found.seen_at >= TOUCH_EVERY:
        # A database too busy for this small note is no reason to turn anybody away.
        with suppress(db.Unavailable, db.Conflict):
            db.run(_touch, found.session_id, now)
    return found


def _touch(session: Session, session_id: int, now: datetime) -> None:
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.seen_at < now)
        .values(seen_at=now)
    )


def rotate(session: Session, token: str, now: datetime) -> str | None:
    """Exchange a token for its successor; None when it is not good any more.

    The successor follows from the token and the installation's secret, so two page loads at the
    same time are given the same one, and an answer that got lost can be asked for again.
    """
    row = session.scalar(
        select(LoginSession)
        .join(User, User.id == LoginSession.user_id)
        .where(_holds(token, now), _live(now))
        .with_for_update(of=LoginSession)
    )
    if row is None:
        return None
    successor = hmac.new(settings().secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    if row.token_hash == digest(token):
        row.previous_hash, row.token_hash, row.rotated_at = row.token_hash, digest(successor), now
    return successor


def sign_out(session: Session, sign_in_key: str | int, now: datetime) -> None:
    """End one sign-in; a no-op when it has ended already."""
    found = visitor(session, sign_in_key, now)
    if found is None:
        return
    session.execute(
        update(LoginSession).where(LoginSession.id == found.session_id).values(ended_at=now)
    )
    _record(session, found.actor, "sign_out", found.user_id, now)


def sign_out_everywhere(session: Session, actor: Actor, *, now: datetime) -> None:
    """End every sign-in of the actor, this one included."""
    if actor.user_id is not None and actor != SYSTEM:
        end_sessions(session, actor.user_id, now)
        _record(session, actor, "sign_out_everywhere", actor.user_id, now)


def sessions_of(session: Session, user_id: int, now: datetime) -> list[OpenSession]:
    """The running sign-ins of an account, latest first."""
    rows = session.scalars(
        select(LoginSession)
        .join(User, User.id == LoginSession.user_id)
        .where(LoginSession.user_id == user_id, _live(now))
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
    )
    return [
        OpenSession(row.id, row.created_at, row.seen_at, row.address, row.agent) for row in rows
    ]


def _record(
    session: Session, actor: Actor, action: str, user_id: int, now: datetime, **detail: object
) -> None:
    history.record(session, actor, action, f"user:{user_id}", at=now, detail=detail)
