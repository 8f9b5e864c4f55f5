"""What a reviewer writes while working: verdicts, notes, drafts. Each is saved as it is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import history, leases, messages
from core.catalogue.shapes import Stage
from core.errors import CoreError, NotFound
from core.model import Case, Draft, Lease, Note, User, Verdict
from core.policy import Actor, Permission, may_see
from core.rulebooks import rules_of
from core.text import Text
from core.transitions import DESK_PERMISSIONS, DESKS
from core.vocabulary import Outcome, Status
from core.workflow import HeldByOther, NotHeldByYou

CASE = Text("案件", "The case")


class NoChecklistHere(CoreError):
    text = Text("本环节没有检查项可判定。", "There is no checklist to fill in at this desk.")


class UnknownCheck(CoreError):
    text = Text("检查项“{key}”不属于本案。", "“{key}” is not on this case's checklist.")


class EmptyNote(CoreError):
    text = Text("备注内容不能为空。", "The note is empty.")


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
        raise HeldByOther(name=holder.name, until=messages.moment(holder.expires_at))
    return case


# Desks with a checklist of their own; second look and decision read the review's.
_CHECKLIST_STATUSES: dict[Status, Stage] = {
    Status.RECEIVED: Stage.ACCEPTANCE,
    Status.CORRECTED: Stage.ACCEPTANCE,
    Status.WITHDRAWING: Stage.ACCEPTANCE,
    Status.REVIEW: Stage.REVIEW,
}


def checklist_stage(status: Status) -> Stage | None:
    """The desk whose checklist is being filled in while a case has `status`."""
    return _CHECKLIST_STATUSES.get(status)


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
    rules = rules_of(session, case.rulebook_id)
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
    leases.renew(session, actor, case, now)
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
        for check in rules_of(session, case.rulebook_id).checks_at(stage)
        if check.key not in decided
    ]
    for key in missing:
        give_verdict(session, actor, case_id, key, outcome=Outcome.PASS, now=now)
    return len(missing)


def write_note(session: Session, actor: Actor, case_id: int, text: str, now: datetime) -> Note:
    """Add an internal note. Raises NotPermitted, NotFound, EmptyNote."""
    actor.require(Permission.CASE_NOTE)
    case = session.get(Case, case_id)
    if case is None or not may_see(actor, case):
        raise NotFound(what=CASE)
    text = text.strip()
    if not text:
        raise EmptyNote
    note = Note(
        case_id=case_id,
        author_id=actor.user_id,
        author_name=actor.name,
        text=text[:4000],
        written_at=now,
    )
    session.add(note)
    history.record(
        session,
        actor,
        "note",
        f"case:{case_id}",
        at=now,
        case_id=case_id,
        case_version=case.version_id,
        detail={"length": len(text)},
    )
    return note


def keep_draft(
    session: Session, actor: Actor, subject: str, content: dict[str, Any], now: datetime
) -> None:
    """Keep what somebody has typed but not sent, e.g. subject `case:17:decision`.

    Empty content forgets the draft, as when its text was sent.
    """
    assert actor.user_id is not None
    draft = session.get(Draft, (actor.user_id, subject))
    if draft is None and content:
        session.add(Draft(user_id=actor.user_id, subject=subject, content=content, saved_at=now))
    elif draft is not None and content:
        draft.content, draft.saved_at = content, now
    elif draft is not None:
        session.delete(draft)


def draft_of(session: Session, actor: Actor, subject: str) -> dict[str, Any]:
    """What was kept under `subject`; empty when nothing was."""
    draft = session.get(Draft, (actor.user_id, subject)) if actor.user_id else None
    return dict(draft.content) if draft else {}
