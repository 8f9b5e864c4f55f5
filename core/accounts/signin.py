"""Signing in and out: what a token opens, for how long, and what a wrong password costs.

A token is 32 random bytes; only its SHA-256 is stored. It is exchanged for a new one on page loads
(rotation); the old one stays good for a minute so that requests under way are not cut off.

What slows guessing, and why nobody can be locked out of their own desk by it, is in
`core.accounts.brakes`.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM, Actor
from core.accounts import brakes
from core.accounts.passwords import matches
from core.accounts.users import USERNAME, actor_of, end_sessions
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
        "密码多次输入错误，请在 {minutes} 分钟后重试。",
        "Too many wrong passwords. Try again in {minutes} min.",
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


def plain_name(username: str) -> str:
    """A user name as accounts have it, however it was typed."""
    return username.strip().lower()[:60]


def sign_in(
    username: str, password: str, *, address: str, agent: str, now: datetime, device: str = ""
) -> str:
    """Check a password and open a sign-in; returns its token.

    Opens its own transactions, unlike other commands: a refusal must leave its trace, and the slow
    comparison of the password must hold no lock. The attempt is counted before it is made, so that
    no number of them at one moment gets past the brakes, and given back when it succeeds. A name
    without an account costs the same reads, the same comparison and the same writes as one with.

    device: what `brakes.device_proof` gave this browser after an earlier sign-in, else "".

    Raises BadCredentials, LockedOut, TooManyTries, AccountDisabled.
    """
    name, address, agent = plain_name(username), _printable(address, 60), _printable(agent, 200)
    tried = brakes.attempt(name, address, device, now)
    with db.reading() as session:
        _may_try(brakes.standing(session, tried, now))
        # What cannot be a user name may be what the database cannot hold; it is looked for all the
        # same, under a name that nobody has.
        sought = name if USERNAME.fullmatch(name) else ""
        user = session.scalar(select(User).where(User.username == sought))
    with db.transaction() as session:
        _may_try(brakes.take(session, tried, user.id if user else None, now))
    if not matches(user.password_hash if user else None, password) or user is None:
        raise _failed(tried, user.id if user else None, address, now)
    token = db.run(_admitted, tried, user.id, address=address, agent=agent, now=now)
    if token is None:
        raise AccountDisabled
    return token


def _admitted(
    session: Session,
    tried: brakes.Attempt,
    user_id: int,
    *,
    address: str,
    agent: str,
    now: datetime,
) -> str | None:
    """The token of a new session; None for a disabled account, whose tries are given back too."""
    brakes.give_back(session, tried, now)
    user = session.get_one(User, user_id, with_for_update=_KEEPING_THE_KEY)
    if user.disabled:
        return None
    return open_session(session, user, address=address, agent=agent, now=now)


def _printable(header: str, longest: int) -> str:
    """What of a header can be kept and shown."""
    return "".join(character for character in header if character.isprintable())[:longest]


def _may_try(standing: brakes.Standing) -> None:
    if standing.wait > timedelta():
        raise (TooManyTries if standing.by_address else LockedOut)(standing.wait)


def _failed(tried: brakes.Attempt, user_id: int | None, address: str, now: datetime) -> CoreError:
    """Write a failure down; it has been counted already."""
    subject = f"user:{user_id}" if user_id is not None else "user:unknown"
    with db.transaction() as session:
        history.record(
            session, NOBODY, "sign_in_failed", subject, at=now, detail={"address": address}
        )
        locked = brakes.standing(session, tried, now)
    if locked.by_address or locked.wait <= timedelta():
        return BadCredentials()
    return LockedOut(locked.wait)


def open_session(session: Session, user: User, *, address: str, agent: str, now: datetime) -> str:
    """Open a sign-in for an account whose identity has been established; returns its token."""
    token = secrets.token_urlsafe(32)
    user.signed_in_at = now
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
