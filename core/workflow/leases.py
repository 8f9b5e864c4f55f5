"""Leases: who works on which subject. One row each: two people can never hold the same one.

A lease expires by itself; working renews it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.model import Lease, User


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a subject, and until when."""

    user_id: int
    name: str
    until: datetime


KNOWN = "last holders"


def last_holder(session: Session, subject: str) -> Holder | None:
    """Who held `subject` last, the lease run out or not; None when nobody does."""
    row = session.execute(
        select(Lease.user_id, User.name, Lease.expires_at)
        .join(User, User.id == Lease.user_id)
        .where(Lease.subject == subject)
    ).first()
    return Holder(*row) if row else None


def _changed(session: Session, subject: str) -> None:
    db.known_until_end(session).get(KNOWN, {}).pop(subject, None)


def hold(
    session: Session,
    actor: Actor,
    subject: str,
    *,
    case_id: int | None,
    minutes: int,
    now: datetime,
) -> None:
    """Give `subject` to `actor` for `minutes`, whoever had it before; the caller has asked."""
    values = {
        "subject": subject,
        "case_id": case_id,
        "user_id": actor.user_id,
        "taken_at": now,
        "expires_at": now + timedelta(minutes=minutes),
    }
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(Lease).values(values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["subject"],
            set_={key: insert.excluded[key] for key in ("user_id", "taken_at", "expires_at")},
        )
    )
    _changed(session, subject)


def renew(session: Session, actor: Actor, subject: str, *, minutes: int, now: datetime) -> None:
    """Push the end of one's own lease out; nothing happens to somebody else's."""
    session.execute(
        update(Lease)
        .where(Lease.subject == subject, Lease.user_id == actor.user_id)
        .values(expires_at=now + timedelta(minutes=minutes))
    )
    _changed(session, subject)


def give_up(session: Session, subject: str, actor: Actor | None = None) -> bool:
    """End the lease of a subject (only `actor`'s own when given); True when there was one."""
    gone = delete(Lease).where(Lease.subject == subject)
    if actor is not None:
        gone = gone.where(Lease.user_id == actor.user_id)
    _changed(session, subject)
    return bool(session.execute(gone).rowcount)  # type: ignore[attr-defined]
