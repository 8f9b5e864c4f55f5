"""Leases: who works on which case. One row a case: two people can never hold the same one.

A lease expires by itself; working on the case renews it; taking over someone's running lease needs
a reason, which they are shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import DESK_PERMISSIONS, Permission
from core.access.scope import may_see
from core.audit import history
from core.cases.actions import Action
from core.cases.commands import perform
from core.cases.guards import SamePerson
from core.catalogue.rulebooks import rulebook_of
from core.errors import CoreError, NotFound
from core.model import (
    Case,
    Decision,
    Lease,
    User,
)
from core.text import Text
from core.vocabulary.cases import DESKS, Status
from core.vocabulary.stages import STAGE_LABELS, Stage
from core.workflow.engine import HeldByOther, ReasonMissing


class NotForOfficers(CoreError):
    text = Text(
        "本案当前不在部级办理环节，无需领取。",
        "The case is not at a ministry desk now; there is nothing to claim.",
    )


class DeskNotYours(CoreError):
    text = Text(
        "本案处于“{desk}”环节，您没有该环节的权限。",
        "The case is at the “{desk}” desk, which your role does not cover.",
    )


def claim(session: Session, actor: Actor, case_id: int, now: datetime, *, reason: str = "") -> Case:
    """Take the lease of a case, or renew one's own.

    A lease that another officer holds is taken over only with a `reason`. A case that has been
    accepted enters review with the claim.

    Raises NotPermitted, NotFound, NotForOfficers, DeskNotYours, SamePerson, HeldByOther,
    ReasonMissing.
    """
    actor.require(Permission.CASE_CLAIM)
    case = session.scalars(select(Case).where(Case.id == case_id).with_for_update()).one_or_none()
    if case is None or not may_see(actor, case):
        raise NotFound(what=Text("案件", "The case"))
    desk = DESKS.get(Status(case.status))
    if desk is None:
        raise NotForOfficers
    if not actor.may(DESK_PERMISSIONS[desk]):
        raise DeskNotYours(desk=STAGE_LABELS[desk])
    if desk is not Stage.ACCEPTANCE and session.scalar(
        select(Decision.id).where(acted_on(actor), Decision.case_id == case.id).limit(1)
    ):
        raise SamePerson
    current = session.execute(
        select(Lease.user_id, Lease.expires_at, User.name)
        .join(User, User.id == Lease.user_id)
        .where(Lease.case_id == case.id)
    ).first()
    taken_from = None
    if current and current.user_id != actor.user_id and current.expires_at > now:
        if not reason:
            raise HeldByOther(name=current.name, until=clock.written(current.expires_at))
        if len(reason.strip()) < 2:
            raise ReasonMissing
        taken_from = current.name
    mine = current is not None and current.user_id == actor.user_id and current.expires_at > now
    _hold(session, actor, case, now)
    if taken_from:
        history.record(
            session,
            actor,
            "take_over",
            f"case:{case.id}",
            at=now,
            case_id=case.id,
            case_version=case.version_id,
            detail={"from": taken_from, "reason": reason.strip()},
        )
    elif not mine:
        history.record(
            session,
            actor,
            "claim",
            f"case:{case.id}",
            at=now,
            case_id=case.id,
            case_version=case.version_id,
        )
    if case.status == Status.ACCEPTED:
        perform(session, actor, case.id, Action.START_REVIEW, now=now)
    return case


def acted_on(actor: Actor) -> ColumnElement[bool]:
    """The decision is one of `actor`'s own that is in force and counts for the four eyes."""
    return and_(Decision.officer_id == actor.user_id, Decision.four_eyes, ~Decision.superseded)


def _hold(session: Session, actor: Actor, case: Case, now: datetime) -> None:
    minutes = rulebook_of(session, case.rulebook_id).number("lease_minutes")
    values = {
        "case_id": case.id,
        "user_id": actor.user_id,
        "taken_at": now,
        "expires_at": now + timedelta(minutes=minutes),
    }
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    insert = dialect.insert(Lease).values(values)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["case_id"],
            set_={key: insert.excluded[key] for key in ("user_id", "taken_at", "expires_at")},
        )
    )


def renew(session: Session, actor: Actor, case: Case, now: datetime) -> None:
    """Push the end of one's own lease out; nothing happens to somebody else's."""
    minutes = rulebook_of(session, case.rulebook_id).number("lease_minutes")
    session.execute(
        update(Lease)
        .where(Lease.case_id == case.id, Lease.user_id == actor.user_id)
        .values(expires_at=now + timedelta(minutes=minutes))
    )


def release(session: Session, actor: Actor, case_id: int, now: datetime) -> None:
    """Give a case back to the queue; a no-op when the actor does not hold it."""
    gone = session.execute(
        delete(Lease).where(Lease.case_id == case_id, Lease.user_id == actor.user_id)
    )
    if gone.rowcount:  # type: ignore[attr-defined]
        history.record(session, actor, "release", f"case:{case_id}", at=now, case_id=case_id)
