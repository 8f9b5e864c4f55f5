"""Registrations whose term has ended, ended all at once: what `core.jobs.lapses` does one by
one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, exists, insert, select, update
from sqlalchemy.orm import Session

from core import catalogue, clock
from core.access.actors import SYSTEM
from core.audit import history
from core.catalogue.types import Effect
from core.jobs.lapses import EXPIRE
from core.model import (
    Case,
    ChainHead,
    Event,
    Registration,
)
from core.vocabulary.register import RegistrationStatus

_AT_ONCE = 5_000


def expire(session: Session, now: datetime) -> int:
    """End every registration whose last day lies before `now`; returns how many.

    Left to the clock itself: those with a renewal under way, which may have been filed in time.
    """
    book = catalogue.current()
    renewals = [key for key in book.businesses if book.effect(key) is Effect.EXTEND]
    ended = session.execute(
        select(Registration.id, Registration.valid_to)
        .where(
            Registration.status == RegistrationStatus.ACTIVE,
            Registration.valid_to < clock.day_of(now),
            ~exists().where(
                Case.registration_id == Registration.id, Case.is_open, Case.business.in_(renewals)
            ),
        )
        .order_by(Registration.id)
    ).all()
    heads = {head.chain: head for head in session.scalars(select(ChainHead).with_for_update())}
    for start in range(0, len(ended), _AT_ONCE):
        part = ended[start : start + _AT_ONCE]
        session.execute(
            update(Registration)
            .where(Registration.id.in_([row.id for row in part]))
            .values(
                status=RegistrationStatus.EXPIRED.value,
                ended_on=Registration.valid_to,
                end_reason="expired",
                version_id=Registration.version_id + 1,
            )
            .execution_options(synchronize_session=False)
        )
        session.execute(insert(Event), _events(part, heads, now))
    session.flush()
    return len(ended)


def _events(
    ended: Sequence[Row[int, date]], heads: dict[int, ChainHead], now: datetime
) -> list[dict[str, Any]]:
    events = []
    for row in ended:
        registration_id, valid_to = row.id, row.valid_to
        subject = f"registration:{registration_id}"
        head = heads[history.chain_of(subject, None)]
        values: dict[str, Any] = {
            "chain": head.chain,
            "seq": head.seq + 1,
            "at": now,
            "actor_id": SYSTEM.user_id,
            "actor_name": SYSTEM.name,
            "action": EXPIRE,
            "subject": subject,
            "case_id": None,
            "version": None,
            "before": RegistrationStatus.ACTIVE.value,
            "after": RegistrationStatus.EXPIRED.value,
            "detail": history.canonical({"valid_to": valid_to.isoformat()}),
            "previous": head.hash,
        }
        head.seq, head.hash = head.seq + 1, history.link(**values)
        events.append(values | {"hash": head.hash})
    return events
