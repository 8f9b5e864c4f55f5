"""Appeals, put together: table, context, guards, and the commands."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.appeals.transitions import APPEAL_ACTION_LABELS, TRANSITIONS, AppealAction
from core.audit import history
from core.errors import CoreError, NotFound
from core.model import Anomaly, AnomalyCase, Appeal, Case
from core.text import Text
from core.vocabulary.anomalies import UNRESOLVED, AnomalyStatus
from core.vocabulary.appeals import APPEAL_STATUSES, AppealStatus
from core.vocabulary.clocks import ClockKind
from core.workflow import clocks, commands
from core.workflow.context import PersonContext
from core.workflow.definitions import Procedure, Step
from core.workflow.guards import not_yet_decided_by_actor, own_person, when_over, while_runs


class AnomalySettled(CoreError):
    text = Text("该异常已被处理，无需申辩。", "The flag is settled; there is nothing to answer.")


class ProposalDenies(CoreError):
    text = Text(
        "审查意见为申辩不成立；如不同意请退回审查。",
        "The review proposes to deny; return it if you disagree.",
    )


class ProposalUpholds(CoreError):
    text = Text(
        "审查意见为申辩成立；如不同意请退回审查。",
        "The review proposes to uphold; return it if you disagree.",
    )


class AppealContext(PersonContext):
    """An appeal at a moment."""

    row: Appeal

    @cached_property
    def professions(self) -> frozenset[str]:
        """Those of the cases that the flag touches; of the person where it touches none."""
        touched = (
            select(Case.profession)
            .join(AnomalyCase, AnomalyCase.case_id == Case.id)
            .where(AnomalyCase.anomaly_id == self.row.anomaly_id)
        )
        return frozenset(self.session.scalars(touched)) or super().professions


def proposal_upholds(_actor: Actor, appeal: AppealContext) -> CoreError | None:
    """The review in force proposes to uphold."""
    return None if appeal.proposal else ProposalDenies()


def proposal_denies(_actor: Actor, appeal: AppealContext) -> CoreError | None:
    """The review in force proposes to deny."""
    return ProposalUpholds() if appeal.proposal else None


def _consequences(context: AppealContext, step: Step, actor: Actor) -> None:
    """The answer, the officers, and the anomaly itself, which stays a subject of its own."""
    appeal, action = context.row, step.transition.action
    if action is AppealAction.ANSWER:
        appeal.statement = step.reason
    if action in {AppealAction.PROPOSE_UPHOLD, AppealAction.PROPOSE_DENY}:
        appeal.reviewer_id, appeal.reason = actor.user_id, step.reason
    if action in {AppealAction.UPHOLD, AppealAction.DENY}:
        appeal.decider_id = actor.user_id


APPEAL = Procedure(
    key="appeal",
    label=Text("申辩", "Appeal"),
    noun=Text("申辩", "The appeal"),
    model=Appeal,
    start=AppealStatus.PENDING,
    statuses=APPEAL_STATUSES,
    actions=APPEAL_ACTION_LABELS,
    transitions=TRANSITIONS,
    context=AppealContext,
    guards={
        "own": own_person,
        "in_time": while_runs(ClockKind.APPEAL),
        "overdue": when_over(ClockKind.APPEAL),
        "not_yet_decided_by_actor": not_yet_decided_by_actor,
        "proposal_upholds": proposal_upholds,
        "proposal_denies": proposal_denies,
    },
    consequences=_consequences,
)


def _about(session: Session, anomaly: Anomaly, now: datetime) -> AppealContext:
    """The context of an appeal that is still to be opened."""
    appeal = Appeal(
        anomaly_id=anomaly.id,
        person_id=anomaly.person_id,
        status=AppealStatus.PENDING.value,
        opened_at=now,
        due_on=clock.day_of(now),
    )
    return AppealContext(session, APPEAL, appeal, now)


def open_appeal(session: Session, actor: Actor, anomaly_id: int, now: datetime) -> Appeal:
    """Give the person of an anomaly the time to answer it; the running one when there is one.

    Raises NotPermitted, NotFound, and AnomalySettled for one that is settled.
    """
    actor.require(Permission.ANOMALY_DISPOSE)
    anomaly = session.scalars(
        select(Anomaly).where(Anomaly.id == anomaly_id).with_for_update(key_share=True)
    ).one_or_none()
    if anomaly is None or not _about(session, anomaly, now).seen_by(actor):
        raise NotFound(what=Text("异常标记", "The flag"))
    if anomaly.status not in UNRESOLVED:
        raise AnomalySettled
    running = session.scalars(
        select(Appeal).where(
            Appeal.anomaly_id == anomaly_id,
            Appeal.status.not_in(sorted(APPEAL.final)),
        )
    ).first()
    if running is not None:
        return running
    context = _about(session, anomaly, now)
    appeal = context.row
    session.add(appeal)
    session.flush()
    appeal.due_on = clocks.start(context, ClockKind.APPEAL, context.today).due_on
    if anomaly.status == AnomalyStatus.OPEN:
        anomaly.status = AnomalyStatus.APPEALED.value
    session.flush()
    history.record(
        session,
        actor,
        "create",
        context.subject,
        at=now,
        version=appeal.version_id,
        after=appeal.status,
        detail={"anomaly": anomaly_id},
    )
    return appeal


def perform(
    session: Session,
    actor: Actor,
    appeal_id: int,
    action: AppealAction,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
) -> Appeal:
    """Take `action` on an appeal. Raises as `core.workflow.commands.perform`."""
    context = commands.perform(
        session, APPEAL, actor, appeal_id, action, now=now, seen_version=seen_version, reason=reason
    )
    return cast("Appeal", context.row)
