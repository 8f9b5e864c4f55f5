"""The one command by which a case moves, with what follows from it.

`act` checks that the page was up to date, applies the transition, does what the new status implies
(correction opened or closed, register changed, letter served, lease given up) and takes the
system's own next steps, all in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import SYSTEM, Actor
from core.access.scope import may_see
from core.cases import corrections
from core.cases.actions import ACTION_LABELS, Action
from core.cases.context import CaseContext, context_of
from core.cases.transitions import FOLLOW_UPS
from core.correspondence import letters
from core.errors import CoreError, NotFound
from core.model import Case, Correction, Event, Lease
from core.register.commands import carry_out
from core.text import Text
from core.vocabulary.cases import Status
from core.workflow.engine import apply


class Changed(CoreError):
    """Somebody acted on the case since the page was read; what was typed is kept."""

    text = Text(
        "本案在您打开后已有变动：{who} 于 {at} {what}。您填写的内容已保留，请核对后再操作。",
        "The case changed after you opened it: {who}, {at}: {what}. What you typed is kept; please "
        "check and act again.",
    )


def perform(
    session: Session,
    actor: Actor,
    case_id: int,
    action: Action,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
    codes: Sequence[str] = (),
    follow_at: datetime | None = None,
) -> Case:
    """Take `action` on a case and everything that follows from it; returns the case.

    seen_version: `Case.version_id` of the page that the person read; None only where nobody read
    one (system, intake). codes: keys of coded reasons; for rejections those of the failed checklist
    items are taken when none is given. follow_at: moment of the system's own next steps when it is
    not `now` (a filing reported elsewhere on one day and received on another).

    Raises NotFound, Changed, and whatever `apply` raises.
    """
    case = session.scalars(
        select(Case)
        .where(Case.id == case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if case is None or not may_see(actor, case):
        raise NotFound(what=Text("案件", "The case"))
    if seen_version is not None and case.version_id != seen_version:
        raise _changed(session, case, seen_version)
    situation = context_of(session, case, now)
    row, grounds = apply(session, situation, action, actor, reason=reason, codes=tuple(codes))
    opened = _consequences(session, situation, action, actor)
    if row.message:
        letters.serve(
            session, case, row.message, now, reason=reason, codes=grounds, correction=opened
        )
    if row.stage is not None or not case.is_open:
        session.execute(delete(Lease).where(Lease.case_id == case.id))
    follow = FOLLOW_UPS.get(Status(case.status))
    if follow and (follow[1] is None or situation.rules.switch(follow[1])):
        perform(session, SYSTEM, case.id, follow[0], now=follow_at or now)
    return case


def _consequences(
    session: Session, situation: CaseContext, action: Action, actor: Actor
) -> Correction | None:
    """What the action implies besides its row; returns the round of correction that it opened."""
    match action:
        case Action.REQUEST_CORRECTION | Action.REQUEST_FURTHER_CORRECTION:
            return corrections.open_round(session, situation, actor)
        case Action.ANSWER_CORRECTION:
            corrections.close_round(session, situation)
        case Action.ISSUE:
            carry_out(session, situation)
        case _:
            pass
    return None


def _changed(session: Session, case: Case, seen_version: int) -> Changed:
    event = session.scalars(
        select(Event)
        .where(Event.case_id == case.id, Event.case_version > seen_version)
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    if event is None:
        return Changed(who="—", at=clock.written(case.changed_at), what="—")
    known = {action.value: label for action, label in ACTION_LABELS.items()}
    return Changed(
        who=event.actor_name,
        at=clock.written(event.at),
        what=known.get(event.action, Text(event.action, event.action)),
    )
