"""Disposing of flags: every open one is told to the person or dismissed, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import may_see, scope
from core.audit import evidence, history
from core.correspondence import letters
from core.errors import CoreError, NotFound, NotPermitted
from core.model import Anomaly, AnomalyCase, Appeal, Case
from core.text import Text
from core.vocabulary.anomalies import ANOMALY_RULES, UNRESOLVED, AnomalyStatus, Severity
from core.vocabulary.appeals import AppealStatus
from core.workflow.engine import stated

LONGEST_REASON = 1000
FLAG = Text("异常标记", "The flag")


class AlreadyDisposed(CoreError):
    text = Text("该异常已被处理。", "This flag was already disposed of.")


class NotShown(CoreError):
    text = Text(
        "确认异常前须先告知申请人。", "The applicant must be told before the flag is confirmed."
    )


class UnderAppeal(CoreError):
    text = Text(
        "申请人对该异常的申辩正在审查，须先由两人作出申辩成立或不成立的决定，再处理异常。",
        "The applicant's appeal on this flag is under way; two officers decide on it before the "
        "flag is disposed of.",
    )


class MayStillAnswer(CoreError):
    text = Text(
        "申请人的申辩期限未满，暂不能确认异常。",
        "The applicant still has time to answer, so the flag cannot be confirmed yet.",
    )


class TouchesOtherCases(NotPermitted):
    text = Text(
        "该异常还涉及您无权办理的其他专业案件，请由能办理全部相关案件的人员处理。",
        "This flag also touches a case of another profession, which you may not change; it is for "
        "somebody who deals with all of its cases.",
    )


def _open_flag(
    session: Session, actor: Actor, case_id: int, anomaly_id: int
) -> tuple[Anomaly, Sequence[int]]:
    """The flag, locked after the cases that it touches, and their ids."""
    actor.require(Permission.ANOMALY_DISPOSE)
    touched = _touched(session, anomaly_id)
    case = session.get(Case, case_id)
    flag = session.scalars(
        select(Anomaly)
        .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
        .where(Anomaly.id == anomaly_id, AnomalyCase.case_id == case_id)
        .with_for_update(of=Anomaly)
    ).one_or_none()
    if flag is None or case is None or not may_see(actor, case):
        raise NotFound(what=FLAG)
    if flag.status not in UNRESOLVED:
        raise AlreadyDisposed
    return flag, touched


def show(session: Session, actor: Actor, case_id: int, anomaly_id: int, *, now: datetime) -> None:
    """Tell the person of a flag, so that they can answer it (行政许可法 §36; domain G3).

    Raises NotPermitted, NotFound, AlreadyDisposed.
    """
    flag, _ = _open_flag(session, actor, case_id, anomaly_id)
    if flag.shown_at is not None:
        return
    flag.shown_at = now
    case = session.get_one(Case, case_id)
    told = ANOMALY_RULES.get(flag.rule, flag.rule)
    letters.serve(session, case, "flag_shown", now, reason=told)
    session.flush()
    _record(session, actor, case, flag, "show_flag", "", now)


def dispose(
    session: Session,
    actor: Actor,
    case_id: int,
    anomaly_id: int,
    *,
    confirmed: bool,
    reason: str,
    now: datetime,
) -> None:
    """Confirm or dismiss a flag with a reason; it is settled for every case it touches.

    Raises NotPermitted, NotFound, AlreadyDisposed, ReasonMissing, NotShown, UnderAppeal,
    MayStillAnswer, TouchesOtherCases for one that also touches a case outside the actor's scope,
    and what `typed.lines` raises.
    """
    flag, touched = _open_flag(session, actor, case_id, anomaly_id)
    seen = select(func.count(Case.id)).where(Case.id.in_(touched), scope(actor).condition(Case))
    if session.scalar(seen) != len(touched):
        raise TouchesOtherCases
    _appeal_over(session, anomaly_id, confirmed=confirmed)
    reason = typed.lines(stated(reason), typed.REASON, LONGEST_REASON)
    if confirmed and flag.shown_at is None:
        raise NotShown
    flag.status = (AnomalyStatus.CONFIRMED if confirmed else AnomalyStatus.DISMISSED).value
    flag.disposed_at, flag.disposed_by = now, actor.user_id
    flag.disposition = reason
    session.flush()
    for touched_id in touched:
        recount(session, touched_id)
    action = "confirm_flag" if confirmed else "dismiss_flag"
    _record(session, actor, session.get_one(Case, case_id), flag, action, reason, now)


def _appeal_over(session: Session, anomaly_id: int, *, confirmed: bool) -> None:
    """Raise while an appeal on the flag is under way (domain G3); the person's time to answer
    keeps it from being confirmed only."""
    statuses = set(session.scalars(select(Appeal.status).where(Appeal.anomaly_id == anomaly_id)))
    if statuses & {AppealStatus.SUBMITTED, AppealStatus.RECHECK}:
        raise UnderAppeal
    if confirmed and AppealStatus.PENDING in statuses:
        raise MayStillAnswer


def _touched(session: Session, anomaly_id: int) -> Sequence[int]:
    """The cases a flag touches, locked in the order of their numbers.

    Two flags of one case disposed of at once go one after the other, so that each counts what the
    other left; the same order everywhere keeps them from waiting for each other.
    """
    ids = select(AnomalyCase.case_id).where(AnomalyCase.anomaly_id == anomaly_id)
    return session.scalars(
        select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update(key_share=True)
    ).all()


def recount(session: Session, case_id: int) -> None:
    """Bring the flag counts that queues show in line with the flags; the version stays."""
    severities = session.scalars(
        select(Anomaly.severity)
        .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
        .where(AnomalyCase.case_id == case_id, Anomaly.status.in_(UNRESOLVED))
    ).all()
    blocking = severities.count(Severity.BLOCK.value)
    session.execute(
        update(Case)
        .where(Case.id == case_id)
        .values(flags_block=blocking, flags_other=len(severities) - blocking),
        execution_options={evidence.BESIDE: True},
    )


def _record(
    session: Session,
    actor: Actor,
    case: Case,
    flag: Anomaly,
    action: str,
    reason: str,
    now: datetime,
) -> None:
    history.record(
        session,
        actor,
        action,
        f"anomaly:{flag.id}",
        at=now,
        case_id=case.id,
        version=flag.version_id,
        detail={"rule": flag.rule, "reason": reason},
    )
