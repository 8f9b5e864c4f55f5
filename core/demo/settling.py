"""Flags on a case disposed of, with their appeals, before the case goes on."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.anomalies import disposition
from core.appeals import procedure as appeals
from core.appeals.transitions import AppealAction
from core.demo.types import BOOK
from core.model import Anomaly, AnomalyCase, Appeal, Case
from core.vocabulary.anomalies import UNRESOLVED, Severity
from core.vocabulary.appeals import AppealStatus

_UPHELD = (AppealAction.PROPOSE_UPHOLD, AppealAction.UPHOLD)
_DENIED = (AppealAction.PROPOSE_DENY, AppealAction.DENY)


def open_flags(session: Session, number: int) -> list[Anomaly]:
    """Flags on a case that are still to be disposed of."""
    found = (
        select(Anomaly)
        .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
        .where(AnomalyCase.case_id == number, Anomaly.status.in_(UNRESOLVED))
    )
    return list(session.scalars(found.order_by(Anomaly.id)))


def appeal_of(session: Session, anomaly: Anomaly) -> Appeal | None:
    """The procedure in which the person answers a flag, once they were told of it."""
    return session.scalars(select(Appeal).where(Appeal.anomaly_id == anomaly.id)).one_or_none()


def _may_be_confirmed(
    session: Session, anomaly: Anomaly, appeal: Appeal | None, *, refusing: bool
) -> bool:
    """Told, the time to answer over, and holding up no approval, of this case or another."""
    if anomaly.shown_at is None or (appeal and appeal.status == AppealStatus.PENDING):
        return False
    touched = select(func.count()).where(AnomalyCase.anomaly_id == anomaly.id)
    return anomaly.severity != Severity.BLOCK or (refusing and session.scalar(touched) == 1)


def settle(
    session: Session, case: Case, officers: list[Actor], now: datetime, *, refusing: bool
) -> None:
    """Confirm or dismiss every open flag of a case, with its appeal, before the case goes on."""
    disposing = next(each for each in officers if each.may(Permission.ANOMALY_DISPOSE))
    for anomaly in open_flags(session, case.id):
        rng = Random(f"{case.id}-{anomaly.id}")
        row = appeal_of(session, anomaly)
        likely = rng.random() < (0.8 if refusing else 0.15)
        confirmed = likely and _may_be_confirmed(session, anomaly, row, refusing=refusing)
        reason = rng.choice(BOOK["flags"]["confirmed" if confirmed else "dismissed"])
        if row is not None and row.status == AppealStatus.SUBMITTED:
            looking = [each for each in officers if each.may(Permission.APPEAL_REVIEW)]
            done = _DENIED if confirmed else _UPHELD
            for action, officer in zip(done, dict.fromkeys(looking), strict=False):
                appeals.perform(session, officer, row.id, action, now=now, reason=reason)
        disposition.dispose(
            session, disposing, case.id, anomaly.id, confirmed=confirmed, reason=reason, now=now
        )
    session.refresh(case, ["flags_block", "flags_other"])
