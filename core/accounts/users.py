"""Accounts: who exists, how one is made, changed and closed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from core.access.actors import SYSTEM, Actor
from core.access.permissions import Permission
from core.accounts import brakes, passwords, soundness
from core.audit import history
from core.errors import CoreError, NotFound
from core.identifiers import name_key
from core.model import LoginSession, User
from core.text import Language, Text
from core.vocabulary.roles import Role

ACCOUNT = Text("账号", "The account")
KEY_LENGTH: Final[int] = User.__table__.c.name_key.type.length  # type: ignore[attr-defined]

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


class UsernameUnusable(CoreError):
    text = Text(
        "用户名“{username}”不可用：须为 3 至 60 个小写字母、数字、点、横线或下划线。",
        "“{username}” cannot be a user name: use 3 to 60 lower-case letters, digits, dots, hyphens "
        "or underscores.",
    )


class UsernameTaken(CoreError):
    text = Text("用户名“{username}”已存在。", "The user name “{username}” is taken.")


class NameTaken(CoreError):
    text = Text(
        "已有账号使用姓名“{name}”。办理历史以姓名记载，请加以区分，如“{name}（监理处）”。",
        "Another account has the name “{name}”. The history names people by it; tell them apart, "
        "for example “{name} (supervision division)”.",
    )


class WrongPassword(CoreError):
    text = Text("当前密码不正确。", "The current password is not correct.")


class SamePassword(CoreError):
    text = Text("新密码不能与当前密码相同。", "The new password equals the current one.")


class NotYourself(CoreError):
    text = Text("不能停用自己的账号。", "You cannot disable your own account.")


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

    name: as others read it; unique among accounts that stand for an officer, since the history
    names people by it. person_id, employer_id: whom the account acts for; such an account has their
    name, which others may have too. password_hash: of the same password, where many share one and
    hashing each would take long.

    Raises NotPermitted, UsernameUnusable, UsernameTaken, WeakPassword, NameTaken, and what
    `soundness` raises.
    """
    _require_manager(actor)
    if not USERNAME.fullmatch(username):
        raise UsernameUnusable(username=username)
    if session.scalar(select(exists().where(User.username == username))):
        raise UsernameTaken(username=username)
    own_name = person_id is None and employer_id is None
    name = soundness.name(name)
    held = soundness.roles(roles)
    soundness.area(held, professions, province)
    key = name_key(name)[:KEY_LENGTH] if own_name else None
    if key is not None and session.scalar(select(exists().where(User.name_key == key))):
        raise NameTaken(name=name)
    passwords.check(password, username, [name], rated=not demo)
    user = User(
        username=username,
        name=name,
        name_key=key,
        password_hash=password_hash or passwords.hashed(password),
        roles=[role.value for role in held],
        professions=list(dict.fromkeys(professions)),
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
    if not passwords.matches(user.password_hash, current):
        raise WrongPassword
    if new == current:
        raise SamePassword
    passwords.check(new, user.username, [user.name])
    user.password_hash = passwords.hashed(new)
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
    passwords.check(password, user.username, [user.name])
    user.password_hash = passwords.hashed(password)
    brakes.lift(session, user.id)
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
    user.disabled = False
    brakes.lift(session, user.id)
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
