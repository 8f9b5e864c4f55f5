"""Leases: who works on which subject. One row each: two people can never hold the same one.

A lease expires by itself; working renews it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, delete, select, update
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


KNOWN: Final = "last holders"
"""Under which a transaction knows who held the subjects it has locked."""

# Built once: every claim, verdict and decision says one of them. On the table, for no object of a
# session stands for a lease that would have to be kept in step.
_LEASES: Final = cast("Table", Lease.__table__)
_OWN: Final = (_LEASES.c.subject == bindparam("on"), _LEASES.c.user_id == bindparam("officer"))
_LAST: Final = (
    select(Lease.user_id, User.name, Lease.expires_at)
    .join(User, User.id == Lease.user_id)
    .where(Lease.subject == bindparam("on"))
)
_RENEW: Final = update(_LEASES).where(*_OWN).values(expires_at=bindparam("until"))
_END: Final = delete(_LEASES).where(_OWN[0])
_END_OWN: Final = delete(_LEASES).where(*_OWN)


def _taking(insert: Any) -> Any:
    return insert.on_conflict_do_update(
        index_elements=["subject"],
        set_={key: insert.excluded[key] for key in ("user_id", "taken_at", "expires_at")},
    )


_TAKE: Final = {
    "sqlite": _taking(sqlite.insert(_LEASES)),
    "postgresql": _taking(postgresql.insert(_LEASES)),
}


def last_holder(session: Session, subject: str) -> Holder | None:
    """Who held `subject` last, the lease run out or not; None when nobody does."""
    row = session.execute(_LAST, {"on": subject}).first()
    return Holder(*row) if row else None


def _wrote(session: Session, statement: Any, values: dict[str, Any]) -> bool:
    return bool(session.execute(statement, values).rowcount)  # type: ignore[attr-defined]


def _now_held(session: Session, subject: str, holder: Holder | None) -> None:
    """Keep what is known of a locked subject in step with what was just written."""
    known = db.known_until_end(session).get(KNOWN, {})
    if subject in known:
        known[subject] = holder


def _until(actor: Actor, minutes: int, now: datetime) -> Holder:
    assert actor.user_id is not None, "only people with an account hold anything"
    return Holder(actor.user_id, actor.name, now + timedelta(minutes=minutes))


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
    holder = _until(actor, minutes, now)
    values = {
        "subject": subject,
        "case_id": case_id,
        "user_id": holder.user_id,
        "taken_at": now,
        "expires_at": holder.until,
    }
    session.execute(_TAKE[session.get_bind().dialect.name], values)
    _now_held(session, subject, holder)


def renew(session: Session, actor: Actor, subject: str, *, minutes: int, now: datetime) -> None:
    """Push the end of one's own lease out; nothing happens to somebody else's."""
    holder = _until(actor, minutes, now)
    values = {"on": subject, "officer": holder.user_id, "until": holder.until}
    if _wrote(session, _RENEW, values):
        _now_held(session, subject, holder)


def give_up(session: Session, subject: str, actor: Actor | None = None) -> bool:
    """End the lease of a subject (only `actor`'s own when given); True when there was one."""
    statement, values = (_END, {}) if actor is None else (_END_OWN, {"officer": actor.user_id})
    ended = _wrote(session, statement, {"on": subject, **values})
    if ended:
        _now_held(session, subject, None)
    return ended
