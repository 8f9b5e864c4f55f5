"""The demo's accounts: one shared password, every account marked as demo.

The database keeps hashes only. The password itself stays beside it in `demo-password`, readable by
the owner alone, so that every start of a demo can say how to sign in; deleting the file hides it.

The officers come first, since histories name them; applicants and employers follow once there are
cases worth signing in for.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actors import SYSTEM
from core.accounts import users
from core.clock import day_of
from core.config import settings
from core.demo.bench import Bench, Officer
from core.model import Case, User
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role

_REVIEW = (Role.ACCEPTOR, Role.REVIEWER)
_DECIDE = (Role.DECIDER, Role.PUBLISHER)
_LONG_AGO = timedelta(days=9 * 365)


@dataclass(frozen=True, slots=True)
class _Post:
    """An officer's account. left: years ago they left; None: still in office."""

    username: str
    name: str
    roles: tuple[Role, ...]
    professions: tuple[str, ...] = ()
    province: str | None = None
    left: float | None = None


_POSTS = (
    _Post("reviewer1", "郑晓岚", _REVIEW),
    _Post("reviewer2", "陆明远", (*_REVIEW, Role.ANOMALY_OFFICER)),
    _Post("reviewer3", "韩静怡", (*_REVIEW, Role.ANOMALY_OFFICER)),
    _Post("reviewer4", "曹建平", _REVIEW, professions=("supervision", "survey_design")),
    _Post("decider1", "沈国栋", _DECIDE),
    _Post("province37", "孔令哲", (Role.PROVINCE,), province="37"),
    _Post("supervisor1", "顾文清", (Role.SUPERVISOR,)),
    _Post("analyst1", "尹若兰", (Role.ANALYST,)),
    _Post("admin1", "汪志强", (Role.ADMIN,)),
    _Post("former1", "彭雅琴", _REVIEW, left=0.6),
    _Post("former2", "葛永福", _REVIEW, left=1.9),
    _Post("former3", "田慧敏", _REVIEW, professions=("architect",), left=2.7),
    _Post("former4", "熊志刚", _DECIDE, left=1.3),
    _Post("former5", "蒋丽华", _REVIEW, left=4.2),
)


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


def existing(session: Session) -> tuple[Account, ...]:
    """The demo accounts that can sign in, in the order they were made."""
    rows = session.scalars(select(User).where(User.demo, ~User.disabled).order_by(User.id))
    return tuple(Account(row.username, row.name, tuple(map(Role, row.roles))) for row in rows)


def appoint(session: Session, word: str, now: datetime) -> Bench:
    """Create the officers' accounts (or find those of an earlier, broken-off load)."""
    made: dict[str, User] = {}
    shared: str | None = None
    for post in _POSTS:
        user = session.scalars(select(User).where(User.username == post.username)).one_or_none()
        if user is None:
            user = users.create_user(
                session,
                SYSTEM,
                username=post.username,
                name=post.name,
                password=word,
                roles=post.roles,
                professions=post.professions,
                province=post.province,
                demo=True,
                now=now - _LONG_AGO,
            )
        elif user.demo:
            user.password_hash = shared = shared or users.hashed(word)
        if post.left is not None:
            user.disabled = True
        made[post.username] = user
    session.flush()
    today = day_of(now).toordinal()

    def officers(roles: tuple[Role, ...]) -> tuple[Officer, ...]:
        return tuple(
            Officer(
                users.actor_of(made[post.username]),
                0,
                10**7 if post.left is None else today - int(post.left * 365),
            )
            for post in _POSTS
            if roles[0] in post.roles
        )

    return Bench(
        reviewers=officers(_REVIEW),
        deciders=officers(_DECIDE),
        supervisor=users.actor_of(made["supervisor1"]),
        provinces={"37": users.actor_of(made["province37"])},
    )


# What each applicant's account shows when they sign in.
_INSTRUCTIVE = (
    (Status.CORRECTING,),
    (Status.CLOSED,),
    (Status.DRAFT,),
    (Status.REVIEW, Status.ACCEPTED),
    (Status.REJECTED,),
    (Status.RETURNED, Status.WITHDRAWING),
)


def admit(session: Session, word: str, now: datetime) -> list[Account]:
    """Accounts for applicants and employers with something to see; every demo account is listed."""
    taken: set[int] = set()
    for place, statuses in enumerate(_INSTRUCTIVE, 1):
        case = session.scalars(
            select(Case)
            .where(Case.status.in_(statuses), Case.person_id.not_in(taken))
            .order_by(Case.id.desc())
            .limit(1)
        ).first()
        if case is not None:
            taken.add(case.person_id)
            _person_account(session, f"applicant{place}", case, word, now)
    pending = (
        select(Case.employer_id, Case.employer_name)
        .where(Case.status.in_([Status.FILED, Status.WITHDRAWING]))
        .order_by(Case.status.desc(), Case.id.desc())
        .limit(60)
    )
    employers = {row.employer_id: row.employer_name for row in session.execute(pending)}
    for place, (employer_id, name) in enumerate(list(employers.items())[:3], 1):
        users.create_user(
            session,
            SYSTEM,
            username=f"employer{place}",
            name=name[:60],
            password=word,
            roles=(Role.EMPLOYER,),
            employer_id=employer_id,
            demo=True,
            now=now,
        )
    session.flush()
    return [
        Account(user.username, user.name, tuple(Role(role) for role in user.roles))
        for user in session.scalars(select(User).where(User.demo, ~User.disabled).order_by(User.id))
    ]


def _person_account(session: Session, username: str, case: Case, word: str, now: datetime) -> None:
    users.create_user(
        session,
        SYSTEM,
        username=username,
        name=case.person_name,
        password=word,
        roles=(Role.APPLICANT,),
        person_id=case.person_id,
        demo=True,
        now=now,
    )
