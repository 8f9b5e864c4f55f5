"""Verdicts on checklist items: saved one by one, every version kept in the history.

The row in `verdicts` is the one in force; what stood before is in `core.cases.verdict_history`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.access.permissions import DESK_PERMISSIONS
from core.cases import claiming, verdict_history
from core.cases.context import CaseContext
from core.cases.verdict_history import GIVEN, PASSED, value_of
from core.errors import CoreError
from core.model import Verdict
from core.text import Text
from core.vocabulary.cases import DESKS, STATUSES, Status
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage

LONGEST_NOTE = 2000
NOTE = Text("检查意见的备注", "The note of a verdict")


class NoChecklistHere(CoreError):
    text = Text("本环节没有检查项可判定。", "There is no checklist to fill in at this desk.")


class UnknownCheck(CoreError):
    text = Text("检查项“{key}”不属于本案。", "“{key}” is not on this case's checklist.")


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
    reason. Renews the officer's lease. The case is locked meanwhile, so that nobody decides on it
    between two verdicts unseen. Raises NotFound, NotHeldByYou, HeldByOther, NotPermitted,
    NoChecklistHere, UnknownCheck, TooLongTyped, InvisibleTyped.
    """
    context, stage = _at_checklist(session, actor, case_id, now)
    check = next(
        (item for item in context.rulebook.checks_at(stage) if item.key == check_key), None
    )
    if check is None:
        raise UnknownCheck(key=check_key)
    verdict = session.scalars(
        select(Verdict).where(
            Verdict.case_id == case_id, Verdict.stage == stage, Verdict.check_key == check_key
        )
    ).one_or_none()
    before = value_of(verdict) if verdict is not None else None
    if verdict is None:
        verdict = Verdict(
            case_id=case_id,
            stage=stage.value,
            check_key=check_key,
            officer_id=actor.user_id,
            changed_at=now,
        )
        session.add(verdict)
    verdict.outcome = outcome.value if outcome else None
    known = context.rulebook.reasons_at(check, stage)
    verdict.reasons = [key for key in reasons if outcome is Outcome.FAIL and key in known]
    verdict.note = typed.lines(note, NOTE, LONGEST_NOTE)
    after = value_of(verdict)
    if before != after:  # the same again is nobody's new verdict
        verdict.officer_id, verdict.changed_at = actor.user_id or 0, now
        change = {"item": check_key, "before": before, "after": after}
        verdict_history.record(context, actor, GIVEN, stage, [change])
    claiming.renew(session, actor, context)
    session.flush()
    return verdict


def pass_the_rest(session: Session, actor: Actor, case_id: int, *, now: datetime) -> int:
    """Mark every item without a verdict as met; returns how many. Raises as `give_verdict`."""
    context, stage = _at_checklist(session, actor, case_id, now)
    rows = {
        row.check_key: row
        for row in session.scalars(
            select(Verdict).where(Verdict.case_id == case_id, Verdict.stage == stage)
        )
    }
    changes, new = [], []
    for check in context.rulebook.checks_at(stage):
        row = rows.get(check.key)
        if row is not None and row.outcome is not None:
            continue
        before = value_of(row) if row is not None else None
        if row is None:
            row = Verdict(case_id=case_id, stage=stage.value, check_key=check.key, note="")
            new.append(row)
        row.outcome, row.reasons = Outcome.PASS.value, []
        row.officer_id, row.changed_at = actor.user_id or 0, now
        changes.append({"item": check.key, "before": before, "after": value_of(row)})
    if new:
        # In one statement: SQLite's rows with a key of their own would go in one by one.
        columns = [column.key for column in Verdict.__table__.columns if column.key != "id"]
        rows_new = [{name: getattr(row, name) for name in columns} for row in new]
        session.execute(insert(Verdict), rows_new)
    if changes:
        verdict_history.record(context, actor, PASSED, stage, changes)
    claiming.renew(session, actor, context)
    session.flush()
    return len(changes)


def _at_checklist(
    session: Session, actor: Actor, case_id: int, now: datetime
) -> tuple[CaseContext, Stage]:
    """The case that the actor holds, locked, and the desk whose list is being filled in."""
    context = claiming.held(session, actor, case_id, now)
    stage = checklist_stage(context.status)
    if stage is None:
        raise NoChecklistHere
    actor.require(DESK_PERMISSIONS[DESKS[context.status]])
    return context, stage
