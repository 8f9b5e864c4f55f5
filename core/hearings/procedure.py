"""Hearings, put together: table, context, guards, and the commands.

While a hearing on an application is asked for and held, the decision clock of the application
pauses (行政许可法 §45).
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import may_see
from core.audit import history
from core.cases.actions import Action
from core.cases.procedure import CASE, PAUSED_FOR_HEARING, context_of
from core.errors import CoreError, NotFound
from core.hearings.transitions import HEARING_ACTION_LABELS, TRANSITIONS, HearingAction
from core.model import Case, Decision, Hearing, Registration, Revocation, Verdict
from core.text import Text
from core.vocabulary.cases import Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.hearings import HEARING_STATUSES, HearingStatus
from core.workdays import calendars, counting
from core.workflow import clocks, commands
from core.workflow.context import PersonContext
from core.workflow.definitions import Procedure, Step
from core.workflow.engine import NotAvailable
from core.workflow.guards import own_person, when_over, while_runs


class NoticeTooShort(CoreError):
    text = Text(
        "须在举行听证的 {days} 个工作日前通知申请人（行政许可法第四十八条）。",
        "The person is told {days} working days ahead (Administrative Licensing Law, article 48).",
    )


class NotUnderWay(CoreError):
    text = Text("该事项未在办理中，不能组织听证。", "Nothing is under way that could be heard.")


class ChairInvolved(CoreError):
    text = Text(
        "听证主持人不得是审查该申请的工作人员（行政许可法第四十八条）。",
        "Whoever reviewed the case cannot chair its hearing (Administrative Licensing Law, §48).",
    )


class ChairMissing(CoreError):
    text = Text("请先确定听证主持人。", "Appoint the chair first.")


class NotHeldYet(CoreError):
    text = Text("听证定于 {day} 举行。", "The hearing is set for {day}.")


class HearingContext(PersonContext):
    """A hearing at a moment."""

    row: Hearing

    @property
    def about_case(self) -> int | None:
        return self.row.case_id

    @cached_property
    def professions(self) -> frozenset[str]:
        revocation = self.session.get_one(Revocation, self.row.revocation_id)
        registration = self.session.get_one(Registration, revocation.registration_id)
        return frozenset({registration.profession})

    def seen_by(self, actor: Actor) -> bool:
        """Whoever sees what it is about."""
        if self.row.case_id is not None:
            return may_see(actor, self.session.get_one(Case, self.row.case_id))
        return super().seen_by(actor)

    def related(self) -> tuple[Select[Any], ...]:
        """The case, whose clock a hearing pauses."""
        if self.row.case_id is None:
            return ()
        return (select(Case).where(Case.id == self.row.case_id),)


def day_announced(_actor: Actor, hearing: HearingContext) -> CoreError | None:
    """Seven days' notice of the day (行政许可法 §48)."""
    calendars.sync(hearing.session)
    days = hearing.number("hearing_notice_days")
    held_on = hearing.row.held_on
    enough = held_on is not None and counting.due_date(hearing.today, days).day <= held_on
    return None if enough else NoticeTooShort(days=days)


def chair_not_involved(_actor: Actor, hearing: HearingContext) -> CoreError | None:
    """The chair is somebody else than the officers of the matter (行政许可法 §48)."""
    chair = hearing.row.chair_id
    if chair is None:
        return ChairMissing()
    decided = exists().where(Decision.subject == hearing.row.about, Decision.officer_id == chair)
    judged = exists().where(Verdict.case_id == hearing.row.case_id, Verdict.officer_id == chair)
    return ChairInvolved() if hearing.session.scalar(select(decided | judged)) else None


def day_come(_actor: Actor, hearing: HearingContext) -> CoreError | None:
    """A hearing is held on its day, not before."""
    held_on = hearing.row.held_on
    return NotHeldYet(day=held_on) if held_on is None or hearing.today < held_on else None


def _consequences(context: HearingContext, step: Step, actor: Actor) -> None:
    """Pause the clock of the application while the hearing is pending, then let it run on."""
    case_id = context.row.case_id
    if case_id is None:
        return
    case = context.session.get_one(Case, case_id)  # locked already
    about = context_of(context.session, case, context.now)
    running = about.clocks.get(ClockKind.DECISION)
    if running is None:
        return
    if step.transition.action is HearingAction.REQUEST and running.paused_on is None:
        clocks.pause(about, running, actor, PAUSED_FOR_HEARING.zh)
        taken = Action.PAUSE_CLOCK
    elif (
        context.status in HEARING.final
        and running.paused_on is not None
        # What pauses for another reason, such as an expert review, goes on pausing.
        and clocks.reason_of(context.session, running) == PAUSED_FOR_HEARING.zh
    ):
        clocks.resume(about, running)
        taken = Action.RESUME_CLOCK
    else:
        return
    about.clocks_moved()
    case.changed_at = context.now
    context.session.flush()
    history.record(
        context.session,
        actor,
        taken.value,
        about.subject,
        at=context.now,
        case_id=case.id,
        version=case.version_id,
        before=case.status,
        after=case.status,
        detail={"reason": PAUSED_FOR_HEARING.zh, "hearing": context.row.id},
    )


HEARING = Procedure(
    key="hearing",
    label=Text("听证", "Hearing"),
    noun=Text("听证", "The hearing"),
    model=Hearing,
    start=HearingStatus.OFFERED,
    statuses=HEARING_STATUSES,
    actions=HEARING_ACTION_LABELS,
    transitions=TRANSITIONS,
    context=HearingContext,
    guards={
        "own": own_person,
        "in_time": while_runs(ClockKind.HEARING_REQUEST),
        "overdue": when_over(ClockKind.HEARING_REQUEST),
        "day_announced": day_announced,
        "chair_not_involved": chair_not_involved,
        "day_come": day_come,
    },
    consequences=_consequences,
)


def offer(session: Session, actor: Actor, about: Case | Revocation, now: datetime) -> Hearing:
    """Tell the person of their right to a hearing; they may ask for it in five working days (§47).

    One matter has one hearing at a time: the pending one stands. Raises NotPermitted, NotFound,
    NotUnderWay.
    """
    actor.require(Permission.HEARING_HOLD)
    on_case = isinstance(about, Case)
    matter = type(about)
    session.execute(select(matter.id).where(matter.id == about.id).with_for_update(key_share=True))
    hearing = Hearing(
        about=f"{CASE.key if on_case else 'revocation'}:{about.id}",
        case_id=about.id if on_case else None,
        revocation_id=None if on_case else about.id,
        person_id=about.person_id,
        status=HearingStatus.OFFERED.value,
        opened_at=now,
    )
    context = HearingContext(session, HEARING, hearing, now)
    if not context.seen_by(actor):
        raise NotFound(what=HEARING.noun)
    if isinstance(about, Case) and (not about.is_open or about.status == Status.DRAFT):
        raise NotUnderWay
    pending = session.scalars(
        select(Hearing).where(
            Hearing.about == hearing.about, Hearing.status.not_in(sorted(HEARING.final))
        )
    ).first()
    if pending is not None:
        return pending
    session.add(hearing)
    session.flush()
    clocks.start(context, ClockKind.HEARING_REQUEST, context.today)
    history.record(
        session,
        actor,
        "create",
        context.subject,
        at=now,
        case_id=context.about_case,
        version=hearing.version_id,
        after=hearing.status,
        detail={"about": hearing.about},
    )
    return hearing


def appoint(
    session: Session,
    actor: Actor,
    hearing_id: int,
    *,
    held_on: date,
    chair_id: int,
    now: datetime,
) -> Hearing:
    """Set the day and the chair that `HearingAction.SCHEDULE` announces.

    Raises NotPermitted, NotFound, and NotAvailable once they are announced.
    """
    actor.require(Permission.HEARING_HOLD)
    context = commands.locked(session, HEARING, actor, hearing_id, now)
    hearing = cast("Hearing", context.row)
    if context.status is not HearingStatus.REQUESTED:
        raise NotAvailable(
            noun=HEARING.noun,
            status=HEARING_STATUSES[context.status].label,
            action=HEARING_ACTION_LABELS[HearingAction.SCHEDULE],
        )
    hearing.held_on, hearing.chair_id = held_on, chair_id
    session.flush()
    history.record(
        session,
        actor,
        "appoint",
        context.subject,
        at=now,
        case_id=context.about_case,
        version=hearing.version_id,
        detail={"held_on": held_on.isoformat(), "chair": chair_id},
    )
    return hearing


def perform(
    session: Session,
    actor: Actor,
    hearing_id: int,
    action: HearingAction,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
) -> Hearing:
    """Take `action` on a hearing. Raises as `core.workflow.commands.perform`."""
    context = commands.perform(
        session,
        HEARING,
        actor,
        hearing_id,
        action,
        now=now,
        seen_version=seen_version,
        reason=reason,
    )
    return cast("Hearing", context.row)
