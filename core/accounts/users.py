"""Accounts: who exists, their passwords, and being locked out after wrong ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from core import words
from core.access.actors import SYSTEM, Actor
from core.access.permissions import Permission
from core.audit import history
from core.errors import CoreError, NotFound
from core.model import LoginSession, User
from core.text import Language, Text
from core.vocabulary.roles import Role

ACCOUNT = Text("账号", "The account")
FAILURES_ALLOWED = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(minutes=30)
FORGIVEN_AFTER = timedelta(days=1)
"""Failures older than this (counted from the end of the lock) are forgotten."""
PASSWORD_LENGTH = (8, 128)

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")
# Argon2id with the smallest cost that OWASP accepts: some 30 ms and 19 MB a sign-in.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when the account does not exist, so that the answer takes as long as for one that does.
_NOBODYS_HASH = _hasher.hash("no account has this password")


class UsernameUnusable(CoreError):
    text = Text(
        "用户名“{username}”不可用：须为 3 至 60 个小写字母、数字、点、横线或下划线。",
        "“{username}” cannot be a user name: use 3 to 60 lower-case letters, digits, dots, hyphens "
        "or underscores.",
    )


class UsernameTaken(CoreError):
    text = Text("用户名“{username}”已存在。", "The user name “{username}” is taken.")


class WeakPassword(CoreError):
    text = Text(
        "密码须为 {shortest} 至 {longest} 位，同时包含字母和数字，且不得包含用户名。",
        "The password needs {shortest} to {longest} characters with both letters and digits, and "
        "must not contain the user name.",
    )


class WrongPassword(CoreError):
    text = Text("当前密码不正确。", "The current password is not correct.")


class SamePassword(CoreError):
    text = Text("新密码不能与当前密码相同。", "The new password equals the current one.")


class NotYourself(CoreError):
    text = Text("不能停用自己的账号。", "You cannot disable your own account.")


def check_password(password: str, username: str) -> None:
    """The rule for passwords: M3's letters and digits, its 16 characters being no upper limit here.

    Raises WeakPassword.
    """
    shortest, longest = PASSWORD_LENGTH
    if not (
        shortest <= len(password) <= longest
        and any(character.isalpha() for character in password)
        and any(character.isdigit() for character in password)
        and username.lower() not in password.lower()
        and words.storable(password)
    ):
        raise WeakPassword(shortest=shortest, longest=longest)


def matches(stored: str | None, password: str) -> bool:
    """Compare with a stored hash; just as slow when there is none."""
    try:
        _hasher.verify(stored or _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return stored is not None


def hashed(password: str) -> str:
    """Argon2id hash of a password, salted anew each time."""
    return _hasher.hash(password)


def actor_of(user: User) -> Actor:
    """What the policy needs to know of an account."""
    return Actor(
        user_id=user.id,
        name=user.name,
        roles=frozenset(Role(role) for role in user.roles),
        professions=tuple(user.professions),
        province=user.province,
        person_id=user.person_id,
        employer_id=user.employer_id,
    )


def create_user(
    session: Session,
    actor: Actor,
    *,
    username: str,
    name: str,
    password: str,
    roles: Sequence[Role],
    professions: Sequence[str] = (),
    province: str | None = None,
    person_id: int | None = None,
    employer_id: int | None = None,
    demo: bool = False,
    password_hash: str | None = None,
    now: datetime,
) -> User:
    """Create an account; by an administrator, or by the system itself (command line).

    password_hash: of the same password, where many share one and hashing each would take long.
    Raises NotPermitted, UsernameUnusable, UsernameTaken, WeakPassword.
    """
    _require_manager(actor)
    if not _USERNAME.fullmatch(username):
        raise UsernameUnusable(username=username)
    if session.scalar(select(exists().where(User.username == username))):
        raise UsernameTaken(username=username)
    check_password(password, username)
    user = User(
        username=username,
        name=name,
        password_hash=password_hash or hashed(password),
        roles=[role.value for role in roles],
        professions=list(professions),
        province=province,
        person_id=person_id,
        employer_id=employer_id,
        demo=demo,
        created_at=now,
    )
    session.add(user)
    session.flush()
    _record(session, actor, "create_user", user.id, now, roles=user.roles)
    return user


def change_password(
    session: Session,
    actor: Actor,
    *,
    current: str,
    new: str,
    keep_session: int | None,
    now: datetime,
) -> None:
    """Change one's own password; every other sign-in than `keep_session` (its row id) ends.

    Raises NotPermitted, WrongPassword, SamePassword, WeakPassword.
    """
    actor.require(Permission.ACCOUNT_OWN)
    user = _user(session, actor.user_id)
    if not matches(user.password_hash, current):
        raise WrongPassword
    if new == current:
        raise SamePassword
    check_password(new, user.username)
    user.password_hash = hashed(new)
    end_sessions(session, user.id, now, keep=keep_session)
    _record(session, actor, "change_password", user.id, now)


def set_password(
    session: Session, actor: Actor, user_id: int, password: str, *, now: datetime
) -> None:
    """Give an account a new password and lift its lock; every sign-in of it ends.

    Raises NotPermitted, NotFound, WeakPassword.
    """
    _require_manager(actor)
    user = _user(session, user_id)
    check_password(password, user.username)
    user.password_hash = hashed(password)
    user.failures, user.locked_until = 0, None
    end_sessions(session, user.id, now)
    _record(session, actor, "set_password", user.id, now)


def disable(session: Session, actor: Actor, user_id: int, *, now: datetime) -> None:
    """Close an account at once, open pages included.

    Raises NotPermitted, NotFound, NotYourself.
    """
    _require_manager(actor)
    if user_id == actor.user_id:
        raise NotYourself
    user = _user(session, user_id)
    user.disabled = True
    end_sessions(session, user.id, now)
    _record(session, actor, "disable_user", user.id, now)


def enable(session: Session, actor: Actor, user_id: int, *, now: datetime) -> None:
    """Open a closed account again and lift its lock. Raises NotPermitted, NotFound."""
    _require_manager(actor)
    user = _user(session, user_id)
    user.disabled, user.failures, user.locked_until = False, 0, None
    _record(session, actor, "enable_user", user.id, now)


def set_language(session: Session, actor: Actor, language: Language, *, now: datetime) -> None:  # noqa: ARG001 every command takes the moment
    """Remember the language a person reads in; a preference, so it leaves no history.

    Raises NotPermitted, NotFound.
    """
    actor.require(Permission.ACCOUNT_OWN)
    _user(session, actor.user_id).language = language


def end_sessions(session: Session, user_id: int, now: datetime, *, keep: int | None = None) -> None:
    """End every running sign-in of an account but `keep`."""
    running = update(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.ended_at.is_(None)
    )
    if keep is not None:
        running = running.where(LoginSession.id != keep)
    session.execute(running.values(ended_at=now))


def count_failure(
    failures: int, locked_until: datetime | None, now: datetime
) -> tuple[int, datetime | None]:
    """Failures and end of the lock after one more wrong password.

    Five are free; then one minute, doubling with every further one to half an hour.
    """
    if locked_until and locked_until + FORGIVEN_AFTER < now:
        failures = 0
    failures += 1
    if failures < FAILURES_ALLOWED:
        return failures, None
    doublings = min(failures - FAILURES_ALLOWED, 16)
    return failures, now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)


def _require_manager(actor: Actor) -> None:
    if actor != SYSTEM:
        actor.require(Permission.STAFF_MANAGE)


def _user(session: Session, user_id: int | None) -> User:
    user = session.get(User, user_id) if user_id is not None else None
    if user is None:
        raise NotFound(what=ACCOUNT)
    return user


def _record(
    session: Session, actor: Actor, action: str, user_id: int, now: datetime, **detail: object
) -> None:
    history.record(session, actor, action, f"user:{user_id}", at=now, detail=detail)
