"""The demo's accounts: one shared password, every account marked as demo.

The database keeps hashes only. The password itself stays beside it in `demo-password`, readable by
the owner alone, so that every start of a demo can say how to sign in; deleting the file hides it.

The officers come first, since histories name them; applicants and employers follow once there are
cases worth signing in for.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actors import SYSTEM
from core.accounts import passwords, users
from core.clock import day_of
from core.config import settings
from core.demo.bench import Bench, Officer
from core.model import Case, User
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role

BOOK: Final = tomllib.loads(Path(__file__).with_name("accounts.toml").read_text(encoding="utf-8"))
"""Whom there are accounts for."""
_LONG_AGO = timedelta(days=9 * 365)


@dataclass(frozen=True, slots=True)
class Account:
    """An account to try the product with."""

    username: str
    name: str
    roles: tuple[Role, ...]


def password() -> str:
    """The shared password: from the settings, or a new one; noted beside the database."""
    word = settings().demo_password or f"demo-{secrets.token_hex(4)}7"
    note = _note()
    note.parent.mkdir(parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(word)
    return word


def noted_password() -> str | None:
    """The shared password of the data in use, if it is still noted."""
    note = _note()
    return note.read_text() if note.exists() else None


def _note() -> Path:
    return settings().data / "demo-password"


@cache
def _hashed(word: str) -> str:
    """Hashing is slow on purpose, and all of them share one password."""
    return passwords.hashed(word)


def existing(session: Session) -> tuple[Account, ...]:
    """The demo accounts that can sign in, in the order they were made."""
    rows = session.scalars(select(User).where(User.demo, ~User.disabled).order_by(User.id))
    return tuple(Account(row.username, row.name, tuple(map(Role, row.roles))) for row in rows)


def appoint(session: Session, word: str, now: datetime) -> Bench:
    """Create the officers' accounts (or find those of an earlier, broken-off load)."""
    today = day_of(now).toordinal()
    officers: list[Officer] = []
    for post in BOOK["posts"]:
        user = session.scalars(select(User).where(User.username == post["username"])).one_or_none()
        if user is None:
            facts = {key: post[key] for key in ("professions", "province") if key in post}
            roles = [Role(role) for role in post["roles"]]
            since = now - _LONG_AGO
            user = _account(session, post["username"], post["name"], roles, word, since, **facts)
        elif user.demo:
            user.password_hash = _hashed(word)
        user.disabled = "left" in post
        left = today - int(post["left"] * 365) if "left" in post else 10**7
        officers.append(Officer(users.actor_of(user), left))
    session.flush()

    def those(role: Role) -> tuple[Officer, ...]:
        return tuple(officer for officer in officers if role in officer.actor.roles)

    return Bench(
        reviewers=those(Role.REVIEWER),
        deciders=those(Role.DECIDER),
        supervisor=those(Role.SUPERVISOR)[0].actor,
        provinces={each.actor.province or "": each.actor for each in those(Role.PROVINCE)},
    )


def admit(session: Session, word: str, now: datetime) -> tuple[Account, ...]:
    """Accounts for applicants and employers with something to see; every demo account is listed."""
    taken: set[int] = set()
    for username, statuses in BOOK["applicants"].items():
        case = session.scalars(
            select(Case)
            .where(Case.status.in_(statuses), Case.person_id.not_in(taken))
            .order_by(Case.id.desc())
            .limit(1)
        ).first()
        if case is not None:
            taken.add(case.person_id)
            own = {"person_id": case.person_id}
            _account(session, username, case.person_name, [Role.APPLICANT], word, now, **own)
    pending = (
        select(Case.employer_id, Case.employer_name)
        .where(Case.status.in_([Status.FILED, Status.WITHDRAWING]))
        .order_by(Case.status.desc(), Case.id.desc())
        .limit(60)
    )
    employers = {row.employer_id: row.employer_name for row in session.execute(pending)}
    for place, (number, name) in enumerate(list(employers.items())[:3], 1):
        own = {"employer_id": number}
        _account(session, f"employer{place}", name[:60], [Role.EMPLOYER], word, now, **own)
    return existing(session)


def _account(
    session: Session,
    username: str,
    name: str,
    roles: Sequence[Role],
    word: str,
    now: datetime,
    **whose: Any,
) -> User:
    return users.create_user(
        session,
        SYSTEM,
        username=username,
        name=name,
        password=word,
        password_hash=_hashed(word),
        roles=roles,
        demo=True,
        now=now,
        **whose,
    )
