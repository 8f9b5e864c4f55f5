"""Claiming a case: who works on it, and how one officer takes over from another.

A claim expires by itself; working on the case renews it; taking over someone's running claim needs
a reason, which they are shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import DESK_PERMISSIONS, Permission
from core.audit import history
from core.cases.actions import Action
from core.cases.commands import perform
from core.cases.context import CaseContext
from core.cases.procedure import CASE
from core.errors import CoreError
from core.model import Case, Decision
from core.text import Text
from core.vocabulary.cases import Status
from core.vocabulary.stages import STAGE_LABELS, Stage
from core.workflow import leases
from core.workflow.commands import locked
from core.workflow.engine import HeldByOther, NotHeldByYou, stated
from core.workflow.guards import SamePerson


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


def case_locked(session: Session, actor: Actor, case_id: int, now: datetime) -> CaseContext:
    """A case that `actor` may see, locked until the transaction ends. Raises NotFound."""
    return cast("CaseContext", locked(session, CASE, actor, case_id, now))


def held(session: Session, actor: Actor, case_id: int, now: datetime) -> CaseContext:
    """A case that `actor` holds, locked: nobody decides on it while something is written.

    Raises NotFound, NotHeldByYou, HeldByOther.
    """
    context = case_locked(session, actor, case_id, now)
    holder = context.holder
    if holder is None:
        raise NotHeldByYou
    if holder.user_id != actor.user_id:
        raise HeldByOther(name=holder.name, until=clock.written(holder.until))
    return context


def claim(session: Session, actor: Actor, case_id: int, now: datetime, *, reason: str = "") -> Case:
    """Take the lease of a case, or renew one's own.

    A lease that another officer holds is taken over only with a `reason`. A case that has been
    accepted enters review with the claim.

    Raises NotPermitted, NotFound, NotForOfficers, DeskNotYours, SamePerson, HeldByOther,
    ReasonMissing.
    """
    actor.require(Permission.CASE_CLAIM)
    context = case_locked(session, actor, case_id, now)
    case, desk = context.case, context.desk
    if desk is None:
        raise NotForOfficers
    if not actor.may(DESK_PERMISSIONS[desk]):
        raise DeskNotYours(desk=STAGE_LABELS[desk])
    if desk is not Stage.ACCEPTANCE and actor.user_id in context.officers:
        raise SamePerson
    holder, mine = context.holder, context.held_by(actor)
    detail = {}
    if holder is not None and not mine:
        if not reason:
            raise HeldByOther(name=holder.name, until=clock.written(holder.until))
        detail = {"from": holder.name, "reason": stated(reason)}
    minutes = context.number("lease_minutes")
    leases.hold(session, actor, context.subject, case_id=case.id, minutes=minutes, now=now)
    if not mine:
        history.record(
            session,
            actor,
            "take_over" if detail else "claim",
            context.subject,
            at=now,
            case_id=case.id,
            version=case.version_id,
            detail=detail,
        )
    if case.status == Status.ACCEPTED:
        perform(session, actor, case.id, Action.START_REVIEW, now=now)
    return case


def renew(session: Session, actor: Actor, context: CaseContext) -> None:
    """Push the end of one's own lease out; nothing happens to somebody else's."""
    minutes = context.number("lease_minutes")
    leases.renew(session, actor, context.subject, minutes=minutes, now=context.now)


def release(session: Session, actor: Actor, case_id: int, now: datetime) -> None:
    """Give a case back to the queue; a no-op when the actor does not hold it."""
    subject = f"{CASE.key}:{case_id}"
    # The case first, as whoever acts on it does: nobody waits in a circle.
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update(key_share=True))
    if leases.give_up(session, subject, actor):
        history.record(session, actor, "release", subject, at=now, case_id=case_id)


def acted_on(actor: Actor) -> ColumnElement[bool]:
    """The decision is one of `actor`'s own that is in force and counts for the four eyes."""
    return and_(Decision.officer_id == actor.user_id, Decision.four_eyes, ~Decision.superseded)
