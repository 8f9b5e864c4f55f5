"""What a reviewer writes while working: verdicts, notes, drafts. Each is saved as it is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import DESK_PERMISSIONS
from core.access.scope import CASE, may_see
from core.cases import claiming
from core.catalogue.rulebooks import rulebook_of
from core.errors import CoreError, NotFound
from core.model import (
    Case,
    Lease,
    User,
    Verdict,
)
from core.text import Text
from core.vocabulary.cases import DESKS, STATUSES, Status
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workflow.engine import HeldByOther, NotHeldByYou


class NoChecklistHere(CoreError):
    text = Text("本环节没有检查项可判定。", "There is no checklist to fill in at this desk.")


class UnknownCheck(CoreError):
    text = Text("检查项“{key}”不属于本案。", "“{key}” is not on this case's checklist.")


def _held_case(session: Session, actor: Actor, case_id: int, now: datetime) -> Case:
    case = session.get(Case, case_id)
    if case is None or not may_see(actor, case):
        raise NotFound(what=CASE)
    holder = session.execute(
        select(Lease.user_id, Lease.expires_at, User.name)
        .join(User, User.id == Lease.user_id)
        .where(Lease.case_id == case_id, Lease.expires_at > now)
    ).first()
    if holder is None:
        raise NotHeldByYou
    if holder.user_id != actor.user_id:
        raise HeldByOther(name=holder.name, until=clock.written(holder.expires_at))
    return case


def checklist_stage(status: Status) -> Stage | None:
    """The desk whose checklist is being filled in while a case has `status`."""
    return STATUSES[status].checklist


def give_verdict(
    session: Session,
    actor: Actor,
    case_id: int,
    check_key: str,
    *,
    outcome: Outcome | None,
    reasons: Sequence[str] = (),
    note: str = "",
    now: datetime,
) -> Verdict:
    """Save the verdict on one checklist item of the desk that the case waits at.

    A failing verdict may be saved before its reason is chosen; passing the case on needs the
    reason. Renews the officer's lease. Raises NotFound, NotHeldByYou, HeldByOther, NotPermitted,
    NoChecklistHere, UnknownCheck.
    """
    case = _held_case(session, actor, case_id, now)
    stage = checklist_stage(Status(case.status))
    if stage is None:
        raise NoChecklistHere
    actor.require(DESK_PERMISSIONS[DESKS[Status(case.status)]])
    rules = rulebook_of(session, case.rulebook_id)
    check = next((item for item in rules.checks_at(stage) if item.key == check_key), None)
    if check is None:
        raise UnknownCheck(key=check_key)
    verdict = session.scalars(
        select(Verdict).where(
            Verdict.case_id == case.id,
            Verdict.stage == stage,
            Verdict.check_key == check_key,
        )
    ).one_or_none()
    if verdict is None:
        verdict = Verdict(case_id=case.id, stage=stage.value, check_key=check_key)
        session.add(verdict)
    verdict.outcome = outcome.value if outcome else None
    verdict.reasons = [key for key in reasons if outcome is Outcome.FAIL and key in check.reasons]
    verdict.note = note.strip()[:2000]
    verdict.officer_id = actor.user_id or 0
    verdict.changed_at = now
    claiming.renew(session, actor, case, now)
    session.flush()
    return verdict


def pass_the_rest(session: Session, actor: Actor, case_id: int, *, now: datetime) -> int:
    """Mark every item without a verdict as met; returns how many. Raises as `give_verdict`."""
    case = _held_case(session, actor, case_id, now)
    stage = checklist_stage(Status(case.status))
    if stage is None:
        raise NoChecklistHere
    decided = set(
        session.scalars(
            select(Verdict.check_key).where(
                Verdict.case_id == case.id, Verdict.stage == stage, Verdict.outcome.is_not(None)
            )
        )
    )
    missing = [
        check.key
        for check in rulebook_of(session, case.rulebook_id).checks_at(stage)
        if check.key not in decided
    ]
    for key in missing:
        give_verdict(session, actor, case_id, key, outcome=Outcome.PASS, now=now)
    return len(missing)
